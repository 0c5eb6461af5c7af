import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Method, OpenedSession, PortOneV2Launch } from '../../../contract/index.js';
import { demoStore } from '../../../demo/sandbox/portone-v2/stores.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { readConfig } from '../../../server/config.js';
import { minute } from '../../../server/ops/clock.js';
import { promised } from '../../support/portone-v2.js';
import { control, createCall } from '../../support/shopper.js';
import { api, createWorld, testClock, type World } from '../../support/world.js';

/** A merchant with a PortOne channel for each method, as its environment variables name them: chosen, opened, paid and found. */

const clock = testClock();
const sandbox = createSandbox({ clock });
let world: World;
let at: { url: string; close(): Promise<void> };

beforeAll(async () => {
  at = await sandbox.listen(0);
  const config = readConfig({
    PUBLIC_URL: 'http://127.0.0.1',
    APP_SECRET: 'an-app-secret-of-at-least-32-bytes-0001',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    ...{ MERCHANT_NAME: '블로그', PUBLISHABLE_KEY: 'pk_blog_0123456789', ORIGINS: 'https://blog.example' },
    SECRET_KEY: 'sk_blog_0123456789abcdefghijklmnop',
    PORTONE_STORE_ID: demoStore.storeId,
    PORTONE_API_SECRET: demoStore.apiSecret,
    PORTONE_WEBHOOK_SECRET: demoStore.webhookSecret,
    PORTONE_TEST: 'true',
    PORTONE_API_BASE: `${at.url}/portone-v2`,
    PORTONE_SCRIPT: `${at.url}/portone-v2/v2/browser-sdk.js`,
    PORTONE_CHANNEL_KEY: 'channel-key-demo-card',
    PORTONE_CHANNEL_KEY_KAKAOPAY: 'channel-key-demo-kakaopay',
    PORTONE_CHANNEL_KEY_NAVERPAY: 'channel-key-demo-naverpay',
    PORTONE_CHANNEL_KEY_TOSSPAY: 'channel-key-demo-tosspay',
    PORTONE_CHANNEL_KEY_PAYPAL: 'channel-key-demo-paypal',
  });
  const channels = config.merchants.byPublishableKey('pk_blog_0123456789')?.channels ?? [];
  world = await createWorld({ clock, sandbox, sandboxUrl: at.url, blog: { channels } });
});
afterAll(async () => {
  await world?.close();
  await at?.close();
});

async function openedFor(method: Method) {
  const body = { ...(createCall.body as object), items: [{ item: method === 'paypal' ? 'map' : 'coffee' }] };
  return api<OpenedSession>(world.url, 'POST', '/payments/sessions', {
    ...createCall,
    body: { ...body, prepare: { method } },
  });
}

describe('a merchant with a PortOne channel for each method', () => {
  const main = 'channel-key-demo-card';
  const easyPay = (easyPayProvider: string) => ({ payMethod: 'EASY_PAY', easyPay: { easyPayProvider } });

  test.each<[Method, string, object]>([
    ['card', main, { payMethod: 'CARD' }],
    ['kakaopay', 'channel-key-demo-kakaopay', easyPay('KAKAOPAY')],
    ['naverpay', 'channel-key-demo-naverpay', easyPay('NAVERPAY')],
    ['tosspay', 'channel-key-demo-tosspay', easyPay('TOSSPAY')],
    ['transfer', main, { payMethod: 'TRANSFER' }],
    ['phone', main, { payMethod: 'MOBILE', productType: 'REAL' }],
    ['virtual_account', main, { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { accountExpiry: { validHours: 72 } } }],
    ['paypal', 'channel-key-demo-paypal', { uiType: 'PAYPAL_SPB', currency: 'USD', totalAmount: 1_420 }],
  ])('%s opens by its own channel, is paid there, and found', async (method, channelKey, wanted) => {
    const { status, body } = await openedFor(method);
    expect(status).toBe(201);
    const launch = body.launch as PortOneV2Launch;
    expect(launch).toMatchObject({ provider: 'portone-v2', kind: method === 'paypal' ? 'ui' : 'window' });
    expect(launch.request).toMatchObject({ storeId: demoStore.storeId, channelKey, ...wanted });
    const how = method === 'paypal' ? { method } : {};
    const result = await control(world, 'portone-v2/pay', { ...how, ...launch.request });
    const verified = await api<OpenedSession>(world.url, 'POST', '/payments/verify', {
      token: body.clientSecret as string,
      body: { session: body.id, ...promised(result) },
    });
    const isAccount = method === 'virtual_account';
    expect(verified.body).toMatchObject({ status: isAccount ? 'pending' : 'paid', attempt: { method } });
    expect((await world.payment(body.payment)).attempts[0]?.channel).toBe(
      channelKey === main ? 'portone' : `portone-${method}`,
    );
    if (!isAccount) return;
    await control(world, 'portone-v2/deposit', { storeId: demoStore.storeId, paymentId: result.paymentId });
    clock.advance(61 * minute);
    await world.runDry();
    expect((await world.payment(body.payment)).status).toBe('paid');
  });

  test('offers each method once, dollars by PayPal alone', async () => {
    const domestic = ['card', 'transfer', 'virtual_account', 'phone', 'kakaopay', 'naverpay', 'tosspay'];
    expect((await openedFor('card')).body.methods).toEqual(domestic);
    expect((await openedFor('paypal')).body.methods).toEqual(['paypal']);
  });

  test('another method before the window opens is another channel, and so another attempt', async () => {
    const { body } = await openedFor('card');
    const prepared = await api<OpenedSession>(world.url, 'POST', `/payments/sessions/${body.id}/prepare`, {
      token: body.clientSecret as string,
      body: { method: 'kakaopay' },
    });
    expect(prepared.body.attempt).toMatchObject({ no: 2, method: 'kakaopay' });
    expect((await world.payment(body.payment)).attempts).toMatchObject([
      { channel: 'portone', superseded: true },
      { channel: 'portone-kakaopay' },
    ]);
  });
});
