import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../server/environment/mistakes.js';
import { portOneV1Defaults, tossDefaults } from '../../../server/merchants/channels.js';
import { parseMerchants } from '../../../server/merchants/file.js';
import { createMerchants } from '../../../server/merchants/registry.js';
import { readTossKeys } from '../../../server/merchants/toss-keys.js';
import { merchantOf } from '../http/fixture.js';

const directory = mkdtempSync(join(tmpdir(), 'merchants-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(directory, name), text);
  return name;
};

const env = {
  COFFEE_SECRET_KEY: 'sk_coffee_0123456789abcdefghijklmnop',
  COFFEE_TOSS_SECRET: 'test_gsk_docs_0123456789',
  COFFEE_SHOPPERS: 'coffee-shopper-secret-0123456789-abcdef',
};
const channel = {
  id: 'toss',
  provider: 'toss',
  clientKey: 'test_gck_docs_0123456789',
  secretKey: { env: 'COFFEE_TOSS_SECRET' },
};
const portOne = {
  id: 'portone',
  provider: 'portone-v2',
  environment: 'test',
  storeId: 'store-1',
  channelKey: 'channel-key-1',
  apiSecret: { env: 'COFFEE_SHOPPERS' },
  webhookSecrets: [{ file: file('hook', 'c2VjcmV0LW9uZQ==') }],
};
const iamport = {
  id: 'iamport',
  provider: 'portone-v1',
  environment: 'test',
  userCode: 'imp12345678',
  channelKey: 'channel-key-1',
  apiKey: { env: 'COFFEE_SHOPPERS' },
  apiSecret: { file: file('imp-secret', 'an-imp-secret') },
};
const latte = { id: 'latte', name: { ko: '라떼', en: 'Latte' }, price: 4_500 };
const coffee = {
  id: 'coffee',
  name: '커피',
  publishableKey: 'pk_coffee_0123456789',
  secretKey: { env: 'COFFEE_SECRET_KEY' },
  origins: ['https://coffee.example', 'http://localhost:4000'],
  channels: [channel],
  catalogue: [latte],
};
const parse = (merchant: object, more: object = {}, variables: Record<string, string> = env) =>
  parseMerchants({ merchants: [{ ...coffee, ...merchant }] }, variables, { directory, ...more });
function mistakes(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('a merchants file', () => {
  test('gives merchants with their defaults, found by id and by either key', () => {
    const merchants = parse({});
    const found = merchants.byId('coffee');
    expect(found).toMatchObject({
      name: { ko: '커피' },
      locale: 'ko',
      timeZone: 'Asia/Seoul',
      lateMoney: 'refund',
      channels: [{ environment: 'test', product: 'widget', currencies: ['KRW'], ...tossDefaults }],
    });
    expect(found?.catalogue.get('latte')).toEqual({
      ...latte,
      kind: 'product',
      currency: 'KRW',
      minQuantity: 1,
      maxQuantity: 99,
    });
    expect(merchants.byPublishableKey('pk_coffee_0123456789')).toBe(found);
    expect(merchants.bySecretKey(env.COFFEE_SECRET_KEY)).toBe(found);
    expect(merchants.bySecretKey(`${env.COFFEE_SECRET_KEY}x`)).toBeUndefined();
    expect(merchants.bySecretKey('')).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain(env.COFFEE_SECRET_KEY);
  });
  test('takes secrets and catalogue from files, without the BOM and line end that editors add', () => {
    const secretKey = { file: file('toss-secret', '\uFEFFtest_gsk_docs_0123456789\n') };
    const catalogue = { file: file('catalogue.json', JSON.stringify([latte])) };
    const merchant = parse({ channels: [{ ...channel, secretKey }], catalogue }).byId('coffee');
    expect(merchant?.channels[0]).toMatchObject({ secretKey: 'test_gsk_docs_0123456789' });
    expect(merchant?.catalogue.has('latte')).toBe(true);
  });
  test('takes a secret from the file that NAME_FILE names', () => {
    const { COFFEE_TOSS_SECRET, ...rest } = env;
    const variables = { ...rest, COFFEE_TOSS_SECRET_FILE: file('mounted', COFFEE_TOSS_SECRET) };
    const merchant = parse({}, {}, variables).byId('coffee');
    expect(merchant?.channels[0]).toMatchObject({ secretKey: COFFEE_TOSS_SECRET });
  });
  test('sends channels elsewhere where it is told to', () => {
    const toss = { apiBase: 'http://localhost:4002/', script: 'http://localhost:4002/toss.js' };
    expect(parse({}, { toss }).byId('coffee')?.channels[0]).toMatchObject({
      apiBase: 'http://localhost:4002',
      script: 'http://localhost:4002/toss.js',
    });
    const own = { ...channel, apiBase: 'http://localhost:9999' };
    expect(parse({ channels: [own] }, { toss }).byId('coffee')?.channels[0]?.apiBase).toBe('http://localhost:9999');
  });
  test('names every mistake at once, each with its place', () => {
    const found = mistakes(() =>
      parse({
        secretKey: { env: 'NOT_SET' },
        channels: [{ ...channel, secretKey: { file: 'nowhere' } }],
        catalogue: [{ ...latte, price: 0.5 }, latte, { ...latte, currency: 'USD' }],
      }),
    );
    expect(found).toEqual([
      expect.stringMatching(/^merchants\[0\]\.secretKey: the variable NOT_SET is not set/),
      expect.stringMatching(/^merchants\[0\]\.channels\[0\]\.secretKey: the file nowhere can not be read \(ENOENT\)/),
      expect.stringMatching(/^merchants\[0\]\.catalogue\[0\]\.price: /),
    ]);
  });
  test.each([
    [
      'an inline secret',
      { secretKey: 'sk_coffee_0123456789abcdefghijklmnop' },
      'secrets are not written into this file',
    ],
    ['a short secret key', { secretKey: { file: file('short', 'sk_short') } }, 'expected sk_ and 24'],
    ['an unknown field', { colour: 'red' }, 'Unrecognized key: "colour"'],
    ['an id with odd characters', { id: 'Coffee Shop' }, 'lower-case letters'],
    [
      'an origin with a path',
      { origins: ['https://coffee.example/'] },
      'origins[0]: expected the origin alone, as browsers send it: https://coffee.example',
    ],
    ['an origin with capitals', { origins: ['https://Coffee.example'] }, 'https://coffee.example'],
    ['a wildcard', { origins: ['*'] }, 'expected an origin such as'],
    ['no origin', { origins: [] }, 'expected at least one origin'],
    ['no channel', { channels: [] }, 'expected at least one channel'],
    ['two channels of one id', { channels: [channel, channel] }, 'an id of its own'],
    ['a time zone that is none', { timeZone: 'Seoul' }, 'Asia/Seoul'],
    ['an item twice', { catalogue: [latte, latte] }, 'catalogue[1].id: "latte" is there twice'],
    [
      'an item no channel can sell',
      { catalogue: [{ ...latte, currency: 'USD' }] },
      'no channel of this merchant takes USD',
    ],
    ['quantities the wrong way round', { catalogue: [{ ...latte, minQuantity: 5, maxQuantity: 2 }] }, 'maxQuantity'],
    ['an image that is a script', { catalogue: [{ ...latte, image: 'javascript:alert(1)' }] }, 'catalogue[0].image'],
    ['a short token secret', { shopperTokens: { algorithm: 'HS256', secret: { file: 'short' } } }, 'at least 32 bytes'],
    [
      'the secret key as token secret',
      { shopperTokens: { algorithm: 'HS256', secret: { env: 'COFFEE_SECRET_KEY' } } },
      "not the merchant's secret key",
    ],
    ['alg none', { shopperTokens: { algorithm: 'none', secret: { env: 'COFFEE_SHOPPERS' } } }, 'shopperTokens'],
    ['a public key that is none', { shopperTokens: { algorithm: 'RS256', publicKey: 'hello' } }, 'BEGIN PUBLIC KEY'],
    [
      'keys fetched without TLS',
      { shopperTokens: { algorithm: 'RS256', jwksUrl: 'http://coffee.example/jwks' } },
      'shopperTokens',
    ],
  ])('%s is refused', (_what, change, expected) => {
    const found = mistakes(() => parse(change));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
  test('no mistake repeats a secret', () => {
    const secretKey = { file: file('bad', 'live_gsk_hush_hush_hush') };
    expect(mistakes(() => parse({ secretKey, channels: [{ ...channel, secretKey }] })).join()).not.toContain('hush');
  });
  test.each([
    [{ provider: 'paypal' }, 'channels[0].provider'],
    [{ environment: undefined }, 'channels[0].environment'],
    [{ approval: 'sometimes' }, 'channels[0].approval: expected automatic or manual'],
    [{ apiSecret: 'inline' }, 'secrets are not written into this file'],
    [{ webhookSecrets: [] }, 'channels[0].webhookSecrets: expected at least one secret'],
    [{ webhookSecrets: [{ env: 'COFFEE_SHOPPERS' }] }, 'channels[0].webhookSecrets[0]: expected whsec_'],
    [{ methods: ['paypal'] }, 'channels[0].currencies: PayPal takes no KRW'],
    [{ clientKey: 'test_ck_a' }, 'Unrecognized key: "clientKey"'],
  ])('a PortOne channel with %j is refused', (change, expected) => {
    const found = mistakes(() => parse({ channels: [{ ...portOne, ...change }] }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
  test.each([
    [{ environment: undefined }, 'channels[0].environment'],
    [{ userCode: 'store-1' }, 'channels[0].userCode: expected imp and digits'],
    [{ channelKey: undefined }, 'channels[0].channelKey: is not set; expected channel-key-…, or `pg`'],
    [{ pg: 'html5_inicis.INIpayTest' }, 'channels[0].pg: set either channelKey or pg, not both'],
    [{ channelKey: 'kakaopay.TC0ONETIME' }, 'channels[0].channelKey: expected channel-key-…'],
    [{ channelKey: undefined, pg: 'html5 inicis' }, 'channels[0].pg: expected a payment company'],
    [{ tierCode: 'ab' }, 'channels[0].tierCode: expected 3 capital letters or digits'],
    [{ apiKey: 'inline' }, 'secrets are not written into this file'],
    [{ apiSecret: { file: file('spaces', 'a b') } }, 'channels[0].apiSecret: expected the REST API secret'],
    [{ approval: 'manual' }, 'Unrecognized key: "approval"'],
    [{ bankCodes: { MOON: '04' } }, 'channels[0].bankCodes'],
    [{ bankCodes: { KOOKMIN: '0 4' } }, "channels[0].bankCodes.KOOKMIN: expected the payment company's code"],
    [{ methods: ['paypal'] }, 'channels[0].currencies: PayPal takes no KRW'],
  ])('a PortOne V1 channel with %j is refused', (change, expected) => {
    // As JSON: what is undefined is not there.
    const entry = JSON.parse(JSON.stringify({ ...iamport, ...change }));
    const found = mistakes(() => parse({ channels: [entry] }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });
  test('takes PortOne V1’s channels by their key or by the older `pg`', () => {
    const { channelKey: _, ...bare } = iamport;
    const old = {
      ...bare,
      id: 'old',
      pg: 'kakaopay.TC0ONETIME',
      tierCode: 'A1B',
      digital: true,
      bankCodes: { KOOKMIN: '04' },
    };
    const [first, second] = parse({ channels: [iamport, old] }).byId('coffee')?.channels ?? [];
    const common = { provider: 'portone-v1', approval: 'automatic', userCode: 'imp12345678', ...portOneV1Defaults };
    expect(first).toEqual({
      ...{ ...common, id: 'iamport', environment: 'test', currencies: ['KRW'] },
      ...{ channelKey: 'channel-key-1', apiKey: env.COFFEE_SHOPPERS, apiSecret: 'an-imp-secret' },
    });
    expect(second).toMatchObject({ ...common, pg: 'kakaopay.TC0ONETIME', tierCode: 'A1B', digital: true });
    expect(second).toMatchObject({ bankCodes: { KOOKMIN: '04' } });
    expect(second).not.toHaveProperty('channelKey');
  });
  test('takes channels of both providers, PortOne’s with a secret for each store', () => {
    const [first, second, third] =
      parse({ channels: [portOne, channel, { ...portOne, id: 'b', approval: 'manual' }] }).byId('coffee')?.channels ??
      [];
    expect(first).toMatchObject({ provider: 'portone-v2', webhookSecrets: ['c2VjcmV0LW9uZQ=='], storeId: 'store-1' });
    expect(second).toMatchObject({ provider: 'toss' });
    expect([first?.approval, third?.approval]).toEqual(['automatic', 'manual']);
  });
  test('is not an empty list', () => {
    expect(mistakes(() => parseMerchants({ merchants: [] }, env))).toEqual([
      'merchants: expected at least one merchant',
    ]);
  });
});

describe('Toss keys', () => {
  test.each([
    ['test_gck_a', 'test_gsk_a', 'test', 'widget'],
    ['live_gck_a', 'live_gsk_a', 'live', 'widget'],
    ['test_ck_a', 'test_sk_a', 'test', 'window'],
    ['live_ck_a', 'live_sk_a', 'live', 'window'],
  ])('%s with %s is %s, for the %s', (client, secret, environment, product) => {
    expect(readTossKeys(client, secret)).toEqual({ ok: true, environment, product });
  });
  test.each([
    ['test_gck_a', 'test_sk_a', 'must begin with test_gsk_'],
    ['test_ck_a', 'test_gsk_a', 'must begin with test_sk_'],
    ['test_gck_a', 'live_gsk_a', 'a test key and the secret key a live key'],
    ['live_ck_a', 'test_sk_a', 'a live key and the secret key a test key'],
    ['test_gsk_a', 'test_gck_a', 'the client key must begin with'],
    ['test_gck_a', 'nonsense', 'the secret key must begin with'],
  ])('%s with %s is refused', (client, secret, expected) => {
    expect(readTossKeys(client, secret)).toMatchObject({ ok: false, expected: expect.stringContaining(expected) });
  });
  test('live keys need TLS', () => {
    const live = { ...channel, clientKey: 'live_gck_a', secretKey: { file: file('live', 'live_gsk_a') } };
    const at = (publicUrl: string) => mistakes(() => parse({ channels: [live] }, { publicUrl }));
    expect(at('https://pay.example')).toEqual([]);
    expect(at('http://pay.example')).toEqual([expect.stringContaining('begins with https://')]);
  });
});

test('merchants never share an id or a key', () => {
  const twin = merchantOf('coffee', { publishableKey: 'pk_other_0123456789' });
  const found = mistakes(() =>
    createMerchants([merchantOf('coffee'), twin, merchantOf('tea', { publishableKey: twin.publishableKey })]),
  );
  expect(found).toEqual([
    expect.stringContaining('have the same id coffee'),
    expect.stringContaining('have the same publishable key'),
    expect.stringMatching(/have the same secret key;/),
  ]);
});

test('the example in docs/configuration.md is a good one', () => {
  const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  const variables = {
    ...env,
    COFFEE_TOSS_CLIENT_KEY: 'test_gck_docs_0123456789',
    COFFEE_TOSS_SECRET_KEY: 'test_gsk_docs_0123456789',
    COFFEE_SHOPPER_SECRET: 'coffee-shopper-secret-0123456789-abcdef',
  };
  expect(parseMerchants(example, variables).byId('coffee')?.catalogue.get('latte')?.maxQuantity).toBe(10);
});
