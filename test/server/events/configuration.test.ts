import { expect, test } from 'vitest';
import { readConfig } from '../../../server/config.js';
import { ConfigError } from '../../../server/environment/mistakes.js';

const secret = (fill: number, bytes = 32) => `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`;

const base = {
  PUBLIC_URL: 'https://pay.example',
  APP_SECRET: 'an-app-secret-of-at-least-32-bytes-0001',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  PUBLISHABLE_KEY: 'pk_shop_0123456789',
  SECRET_KEY: 'sk_shop_0123456789abcdefghijklmnop',
  MERCHANT_NAME: '가게',
  ORIGINS: 'https://shop.example',
  TOSS_CLIENT_KEY: 'test_ck_docs_0123456789',
  TOSS_SECRET_KEY: 'test_sk_docs_0123456789',
};
const read = (more: Record<string, string>) => readConfig({ ...base, ...more }).merchants.byId('main')?.webhooks;
function mistakes(more: Record<string, string>): string {
  try {
    read(more);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.join('\n');
    throw error;
  }
  return '';
}

test('without a URL there is no endpoint', () => {
  expect(read({})).toBeUndefined();
});

test('a URL and a secret make an endpoint; two secrets both sign', () => {
  const url = 'https://shop.example/events';
  expect(read({ EVENT_WEBHOOK_URL: url, EVENT_WEBHOOK_SECRET: `${secret(1)}, ${secret(2)}` })).toEqual([
    { id: 'main', url, secrets: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], allowPrivate: [] },
  ]);
});

test('an http URL is for addresses that are named', () => {
  const http = { EVENT_WEBHOOK_URL: 'http://shop.example/events', EVENT_WEBHOOK_SECRET: secret(1) };
  expect(mistakes(http)).toContain('EVENT_WEBHOOK_URL: expected an https URL');
  expect(read({ ...http, EVENT_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1, fd00::/8' })).toMatchObject([
    { allowPrivate: ['127.0.0.1', 'fd00::/8'] },
  ]);
});

test.each([
  ['no secret', { EVENT_WEBHOOK_SECRET: '' }, 'EVENT_WEBHOOK_SECRET: the variable EVENT_WEBHOOK_SECRET is not set'],
  ['a secret of another kind', { EVENT_WEBHOOK_SECRET: 'hush-hush' }, 'EVENT_WEBHOOK_SECRET: expected whsec_'],
  ['a short secret', { EVENT_WEBHOOK_SECRET: secret(1, 16) }, 'EVENT_WEBHOOK_SECRET: expected whsec_'],
  ['three secrets', { EVENT_WEBHOOK_SECRET: [1, 2, 3].map((n) => secret(n)).join() }, 'EVENT_WEBHOOK_SECRET: expected'],
  ['a URL of another kind', { EVENT_WEBHOOK_URL: 'ftp://shop.example' }, 'EVENT_WEBHOOK_URL: expected'],
  ['a secret without a URL', { EVENT_WEBHOOK_URL: '' }, 'EVENT_WEBHOOK_URL: is not set, but EVENT_WEBHOOK_SECRET is'],
  ['a name where an address belongs', { EVENT_WEBHOOK_ALLOW_PRIVATE: 'localhost' }, 'expected an address or a range'],
  ['a range that is none', { EVENT_WEBHOOK_ALLOW_PRIVATE: '10.0.0.0/33' }, 'expected an address or a range'],
])('%s is named and not repeated', (_what, more, expected) => {
  const all = { EVENT_WEBHOOK_URL: 'https://shop.example/events', EVENT_WEBHOOK_SECRET: secret(1), ...more };
  expect(mistakes(all)).toContain(expected);
  expect(mistakes(all)).not.toContain('hush');
});
