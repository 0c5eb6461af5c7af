import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { variablesSchema } from '../../../server/config/variables.js';
import { ConfigError, readConfig } from '../../../server/config.js';
import { portOneVariables } from '../../../server/merchants/portone-versions.js';
import { minute } from '../../../server/ops/clock.js';
import { defaultSchedule } from '../../../server/payments/schedule.js';

const directory = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(directory, name), text);
  return name;
};

const key = Buffer.alloc(32, 7).toString('base64');
const merchant = {
  PUBLISHABLE_KEY: 'pk_coffee_0123456789',
  SECRET_KEY: 'sk_coffee_0123456789abcdefghijklmnop',
  MERCHANT_NAME: '커피',
  ORIGINS: 'https://coffee.example, http://localhost:4000',
  TOSS_CLIENT_KEY: 'test_ck_0123456789',
  TOSS_SECRET_KEY: 'test_sk_0123456789',
};
const base = {
  PUBLIC_URL: 'https://pay.example/',
  APP_SECRET: 'an-app-secret-of-at-least-32-bytes-01',
  ENCRYPTION_KEYS: `k1:${key}`,
};
const read = (change: Record<string, string | undefined> = {}) =>
  readConfig({ ...base, ...merchant, ...change }, directory);
function mistakes(change: Record<string, string | undefined>): readonly string[] {
  try {
    read(change);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('a good environment', () => {
  test('needs little, and gives the rest its defaults', () => {
    const config = read();
    expect(config).toMatchObject({
      production: false,
      publicUrl: 'https://pay.example',
      host: '0.0.0.0',
      port: 4001,
      trustProxy: false,
      appSecrets: [base.APP_SECRET],
      store: { engine: 'embedded', file: join(directory, 'data/pay-checkout.db') },
      logLevel: 'info',
      clockOffsetMs: 0,
      schedule: defaultSchedule,
    });
    expect(config.encryptionKeys).toEqual([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
    expect(config.cronSecret).toBeUndefined();
  });
  test('makes the single merchant from variables alone', () => {
    const catalogue = file('items.json', JSON.stringify([{ id: 'latte', name: '라떼', price: 4500 }]));
    const { merchants } = read({
      CATALOGUE_FILE: catalogue,
      MERCHANT_NAME_EN: 'Coffee',
      SHOPPER_TOKEN_SECRET: 'coffee-shopper-secret-0123456789-abcdef',
      TOSS_METHODS: 'card, transfer',
    });
    const found = merchants.bySecretKey(merchant.SECRET_KEY);
    expect(found).toMatchObject({
      id: 'main',
      name: { ko: '커피', en: 'Coffee' },
      origins: ['https://coffee.example', 'http://localhost:4000'],
      channels: [{ id: 'toss', product: 'window', environment: 'test', methods: ['card', 'transfer'] }],
      shopperTokens: { algorithm: 'HS256' },
    });
    expect(found?.catalogue.get('latte')?.price).toBe(4500);
    expect(merchants.all()).toHaveLength(1);
  });
  test('takes merchants from a file, with paths beside it', () => {
    const entry = {
      id: 'books',
      name: '책방',
      publishableKey: 'pk_books_0123456789',
      secretKey: { env: 'SECRET_KEY' },
      origins: ['https://books.example'],
      channels: [
        { id: 'toss', provider: 'toss', clientKey: 'test_ck_0123456789', secretKey: { env: 'TOSS_SECRET_KEY' } },
      ],
    };
    const path = file('merchants.json', JSON.stringify({ merchants: [entry] }));
    const { merchants } = read({ MERCHANTS_FILE: path, PUBLISHABLE_KEY: undefined });
    expect(merchants.all().map(({ id }) => id)).toEqual(['books']);
  });
  test('takes secrets from files', () => {
    const config = read({
      APP_SECRET: undefined,
      APP_SECRET_FILE: file('app', 'another-app-secret-of-32-bytes-00002\n'),
    });
    expect(config.appSecrets).toEqual(['another-app-secret-of-32-bytes-00002']);
  });
  test('rotates secrets and keys: the first is the new one', () => {
    const config = read({
      APP_SECRET: `${base.APP_SECRET},the-one-before-it-of-32-bytes-000001`,
      ENCRYPTION_KEYS: `k2:${Buffer.alloc(32, 9).toString('base64')}, k1:${key}`,
    });
    expect(config.appSecrets).toHaveLength(2);
    expect(config.encryptionKeys.map(({ id }) => id)).toEqual(['k2', 'k1']);
  });
  test('overrides single durations of the schedule', () => {
    expect(read({ SCHEDULE: '{"openForMs":600000,"lookupsAfterLaunchMs":[5000]}' }).schedule).toEqual({
      ...defaultSchedule,
      openForMs: 10 * minute,
      lookupsAfterLaunchMs: [5_000],
    });
  });
  test('chooses Mongo when it is told where', () => {
    expect(read({ MONGODB_URI: 'mongodb://db:27017/pay' }).store).toEqual({
      engine: 'mongo',
      uri: 'mongodb://db:27017/pay',
    });
  });
  test.each([
    ['1', 1],
    ['0', false],
    ['false', false],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
  ])('TRUST_PROXY=%s', (text, expected) => {
    expect(read({ TRUST_PROXY: text }).trustProxy).toEqual(expected);
  });
});

const portOne = {
  TOSS_CLIENT_KEY: undefined,
  TOSS_SECRET_KEY: undefined,
  PORTONE_STORE_ID: 'store-1',
  PORTONE_API_SECRET: 'a-v2-api-secret',
  PORTONE_WEBHOOK_SECRET: 'whsec_c2VjcmV0LW9uZQ==, whsec_c2VjcmV0LXR3bw==',
  PORTONE_TEST: 'true',
  PORTONE_CHANNEL_KEY: 'channel-key-main',
};
const channelsOf = (change: Record<string, string | undefined> = {}) =>
  read({ ...portOne, ...change }).merchants.byId('main')?.channels ?? [];

describe('PortOne from variables', () => {
  test('one key is one channel for all but PayPal', () => {
    expect(channelsOf()).toEqual([
      {
        id: 'portone',
        provider: 'portone-v2',
        environment: 'test',
        approval: 'automatic',
        methods: ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'],
        currencies: ['KRW'],
        apiBase: 'https://api.portone.io',
        script: 'https://cdn.portone.io/v2/browser-sdk.js',
        storeId: 'store-1',
        channelKey: 'channel-key-main',
        apiSecret: 'a-v2-api-secret',
        webhookSecrets: ['whsec_c2VjcmV0LW9uZQ==', 'whsec_c2VjcmV0LXR3bw=='],
      },
    ]);
  });
  test('a method with a key of its own has a channel of its own, and the main one leaves it alone', () => {
    const channels = channelsOf({
      PORTONE_METHODS: 'card, kakaopay, phone',
      PORTONE_CHANNEL_KEY_KAKAOPAY: 'channel-key-kakao',
      PORTONE_CHANNEL_KEY_PAYPAL: 'channel-key-paypal',
      PORTONE_APPROVAL: 'automatic',
    });
    expect(channels).toMatchObject([
      { id: 'portone', channelKey: 'channel-key-main', methods: ['card', 'phone'], approval: 'automatic' },
      { id: 'portone-kakaopay', channelKey: 'channel-key-kakao', methods: ['kakaopay'], currencies: ['KRW'] },
      { id: 'portone-paypal', channelKey: 'channel-key-paypal', methods: ['paypal'], currencies: ['USD'] },
    ]);
  });
  test('approval is for all of them', () => {
    const change = { PORTONE_APPROVAL: 'manual', PORTONE_CHANNEL_KEY_KAKAOPAY: 'channel-key-kakao' };
    expect(channelsOf(change)).toMatchObject([{ approval: 'manual' }, { approval: 'manual' }]);
  });
  test('every key has its method', () => {
    const keys = portOneVariables.filter((name) => name.startsWith('PORTONE_CHANNEL_KEY_'));
    const channels = channelsOf(Object.fromEntries(keys.map((name) => [name, `channel-key-of-${name}`])));
    const made = channels.map((one) => [one.methods, 'channelKey' in one ? one.channelKey : '']);
    expect(made).toEqual([
      [['card'], 'channel-key-main'],
      ...keys.map((name) => [[name.slice(20).toLowerCase()], `channel-key-of-${name}`]),
    ]);
  });
  test('needs no main channel, and goes together with Toss', () => {
    const change = { PORTONE_CHANNEL_KEY: undefined, PORTONE_CHANNEL_KEY_KAKAOPAY: 'channel-key-kakao' };
    expect(channelsOf(change).map(({ id }) => id)).toEqual(['portone-kakaopay']);
    const both = channelsOf({ ...change, TOSS_CLIENT_KEY: 'test_ck_a', TOSS_SECRET_KEY: 'test_sk_a' });
    expect(both.map(({ id }) => id)).toEqual(['portone-kakaopay', 'toss']);
  });
  test('live channels, places and secrets in files', () => {
    const [channel] = channelsOf({
      PORTONE_TEST: 'false',
      PORTONE_API_SECRET: undefined,
      PORTONE_API_SECRET_FILE: file('v2-secret', 'from-a-file\n'),
      PORTONE_API_BASE: 'http://localhost:4100/portone-v2/',
      PORTONE_SCRIPT: 'http://localhost:4100/portone-v2/sdk.js',
    });
    expect(channel).toMatchObject({
      environment: 'live',
      apiSecret: 'from-a-file',
      apiBase: 'http://localhost:4100/portone-v2',
      script: 'http://localhost:4100/portone-v2/sdk.js',
    });
  });
  test.each([
    [{ PORTONE_TEST: undefined }, 'PORTONE_TEST: is not set; expected true for test channels'],
    [{ PORTONE_TEST: 'yes' }, 'PORTONE_TEST: expected true for test channels'],
    [{ PORTONE_STORE_ID: undefined }, 'PORTONE_STORE_ID: the variable PORTONE_STORE_ID is not set'],
    [{ PORTONE_STORE_ID: 'channel-key-main' }, 'PORTONE_STORE_ID: expected store-'],
    [{ PORTONE_API_SECRET: undefined }, 'PORTONE_API_SECRET: the variable'],
    [{ PORTONE_API_SECRET: 'whsec_aHVzaA==' }, 'PORTONE_API_SECRET: expected the V2 API secret'],
    [{ PORTONE_API_SECRET: 'hush hush' }, 'PORTONE_API_SECRET: expected the V2 API secret'],
    [{ PORTONE_WEBHOOK_SECRET: undefined }, 'PORTONE_WEBHOOK_SECRET: the variable'],
    [{ PORTONE_WEBHOOK_SECRET: 'hush!' }, 'PORTONE_WEBHOOK_SECRET: expected whsec_'],
    [{ PORTONE_WEBHOOK_SECRET: ',' }, 'PORTONE_WEBHOOK_SECRET: expected whsec_'],
    [{ PORTONE_CHANNEL_KEY: undefined }, 'PORTONE_CHANNEL_KEY: the variable'],
    [{ PORTONE_CHANNEL_KEY: 'store-1' }, 'PORTONE_CHANNEL_KEY: expected channel-key-'],
    [{ PORTONE_CHANNEL_KEY_PHONE: 'phone' }, 'PORTONE_CHANNEL_KEY_PHONE: expected channel-key-'],
    [{ PORTONE_APPROVAL: 'maybe' }, 'PORTONE_APPROVAL: expected automatic or manual'],
    [{ PORTONE_METHODS: 'card, cash' }, 'PORTONE_METHODS [1]: '],
    [
      { PORTONE_METHODS: 'phone', PORTONE_CHANNEL_KEY_PHONE: 'channel-key-1' },
      'PORTONE_METHODS: expected at least one method',
    ],
    [{ PORTONE_METHODS: 'card, paypal' }, 'PORTONE_METHODS: PayPal takes no KRW'],
    [{ PORTONE_TEST: 'false', PUBLIC_URL: 'http://pay.example' }, 'PORTONE_TEST: live channels need'],
    [{ PORTONE_API_BASE: 'api.portone.io' }, 'PORTONE_API_BASE: expected an http(s) URL'],
  ] as [Record<string, string | undefined>, string][])('%j', (change, expected) => {
    const found = mistakes({ ...portOne, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toMatch(/hush|aHVzaA/);
  });
  test('a mistake that several channels share is named once', () => {
    const change = {
      PORTONE_CHANNEL_KEY_PHONE: 'channel-key-1',
      PORTONE_API_SECRET: undefined,
      PORTONE_TEST: undefined,
    };
    expect(mistakes({ ...portOne, ...change })).toHaveLength(2);
  });
});

const iamport = {
  TOSS_CLIENT_KEY: undefined,
  TOSS_SECRET_KEY: undefined,
  PORTONE_USER_CODE: 'imp12345678',
  PORTONE_API_KEY: 'an-api-key',
  PORTONE_API_SECRET: 'an-imp-secret',
  PORTONE_TEST: 'true',
  PORTONE_CHANNEL_KEY: 'channel-key-main',
};
const v1ChannelsOf = (change: Record<string, string | undefined> = {}) =>
  read({ ...iamport, ...change }).merchants.byId('main')?.channels ?? [];

describe('PortOne V1 from variables', () => {
  test('the API secret is V1’s where its user code or API key is set', () => {
    expect(v1ChannelsOf()).toEqual([
      {
        id: 'portone-v1',
        provider: 'portone-v1',
        environment: 'test',
        approval: 'automatic',
        methods: ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'],
        currencies: ['KRW'],
        apiBase: 'https://api.iamport.kr',
        script: 'https://cdn.iamport.kr/v1/iamport.js',
        userCode: 'imp12345678',
        channelKey: 'channel-key-main',
        apiKey: 'an-api-key',
        apiSecret: 'an-imp-secret',
      },
    ]);
    expect(mistakes({ ...iamport, PORTONE_API_KEY: undefined })).toEqual([
      'PORTONE_API_KEY: the variable PORTONE_API_KEY is not set',
    ]);
    expect(mistakes({ ...iamport, PORTONE_USER_CODE: undefined })).toEqual([
      'PORTONE_USER_CODE: the variable PORTONE_USER_CODE is not set',
    ]);
  });
  test('methods have channels of their own as in V2; the older name of a contract, a tier, digital goods, other places', () => {
    const channels = v1ChannelsOf({
      PORTONE_CHANNEL_KEY: undefined,
      PORTONE_PG: 'html5_inicis.INIpayTest',
      PORTONE_TIER_CODE: 'A1B',
      PORTONE_DIGITAL: 'true',
      PORTONE_TEST: 'false',
      PORTONE_CHANNEL_KEY_KAKAOPAY: 'channel-key-kakao',
      PORTONE_CHANNEL_KEY_PAYPAL: 'channel-key-paypal',
      PORTONE_API_BASE: 'http://localhost:4100/portone-v1',
      PORTONE_V1_SCRIPT: 'http://localhost:4100/portone-v1/v1/iamport.js',
    });
    const places = {
      apiBase: 'http://localhost:4100/portone-v1',
      script: 'http://localhost:4100/portone-v1/v1/iamport.js',
    };
    expect(channels).toMatchObject([
      {
        ...places,
        id: 'portone-v1',
        pg: 'html5_inicis.INIpayTest',
        tierCode: 'A1B',
        digital: true,
        environment: 'live',
      },
      { ...places, id: 'portone-v1-kakaopay', channelKey: 'channel-key-kakao', methods: ['kakaopay'], tierCode: 'A1B' },
      { ...places, id: 'portone-v1-paypal', channelKey: 'channel-key-paypal', currencies: ['USD'] },
    ]);
    expect(channels[0]?.methods).not.toContain('kakaopay');
  });
  test('with both versions each secret and key names its own, and V2’s channels come first', () => {
    const both = {
      ...portOne,
      ...iamport,
      PORTONE_API_SECRET: undefined,
      PORTONE_CHANNEL_KEY: undefined,
      PORTONE_V1_API_SECRET: 'an-imp-secret',
      PORTONE_V2_API_SECRET: 'a-v2-api-secret',
      PORTONE_V1_CHANNEL_KEY: 'channel-key-one',
      PORTONE_V2_CHANNEL_KEY: 'channel-key-two',
      PORTONE_V1_API_BASE: 'http://localhost:4100/portone-v1',
    };
    expect(read(both).merchants.byId('main')?.channels).toMatchObject([
      { id: 'portone', apiSecret: 'a-v2-api-secret', channelKey: 'channel-key-two', apiBase: 'https://api.portone.io' },
      {
        id: 'portone-v1',
        apiSecret: 'an-imp-secret',
        channelKey: 'channel-key-one',
        apiBase: both.PORTONE_V1_API_BASE,
      },
    ]);
    const asked = "could be PortOne V1's or V2's, and both are set up: set PORTONE_V1_";
    expect(mistakes({ ...both, PORTONE_API_SECRET: 'hush' })).toEqual([
      `PORTONE_API_SECRET: ${asked}API_SECRET and PORTONE_V2_API_SECRET in its place`,
    ]);
    expect(mistakes({ ...both, PORTONE_CHANNEL_KEY: 'channel-key-main' })).toEqual([
      expect.stringContaining(`PORTONE_CHANNEL_KEY: ${asked}CHANNEL_KEY`),
    ]);
    expect(mistakes({ ...both, PORTONE_API_BASE: 'https://api.portone.io' })).toEqual([
      expect.stringContaining(`PORTONE_API_BASE: ${asked}API_BASE`),
    ]);
    expect(mistakes({ ...both, PORTONE_V1_API_SECRET: undefined })).toEqual([
      'PORTONE_V1_API_SECRET: the variable PORTONE_V1_API_SECRET is not set',
    ]);
  });
  test('the names with a version work with one version too, and must not disagree with those without', () => {
    const { PORTONE_API_SECRET: _, ...rest } = iamport;
    const own = { ...rest, PORTONE_V1_API_SECRET: 'an-imp-secret' };
    expect(read(own).merchants.byId('main')?.channels).toMatchObject([{ apiSecret: 'an-imp-secret' }]);
    expect(read({ ...own, PORTONE_API_SECRET: 'an-imp-secret' }).notices).toEqual([]);
    expect(mistakes({ ...own, PORTONE_API_SECRET: 'hush' })).toEqual([
      'PORTONE_API_SECRET, PORTONE_V1_API_SECRET: are two names of one thing, and disagree: keep PORTONE_V1_API_SECRET',
    ]);
    const files = { PORTONE_V1_API_SECRET_FILE: file('own', 'an-imp-secret') };
    expect(mistakes({ ...rest, ...files, PORTONE_API_SECRET_FILE: file('other', 'hush') })).toEqual([
      'PORTONE_API_SECRET, PORTONE_V1_API_SECRET: are two names of one thing, and disagree: keep PORTONE_V1_API_SECRET',
    ]);
    const same = read({ ...rest, ...files, PORTONE_API_SECRET: 'an-imp-secret' });
    expect(same.merchants.byId('main')?.channels).toMatchObject([{ apiSecret: 'an-imp-secret' }]);
    const { PORTONE_API_SECRET: __, ...two } = portOne;
    expect(read({ ...two, PORTONE_V2_API_SECRET: 'a-v2-api-secret' }).merchants.all()).toHaveLength(1);
  });
  test('what a shop has called it so far is read, and said', () => {
    const old = {
      ...{ TOSS_CLIENT_KEY: undefined, TOSS_SECRET_KEY: undefined, PORTONE_TEST: 'true' },
      PORTONE_BASE_URL: 'https://api.iamport.kr',
      PORTONE_PG: 'kakaopay.TC0ONETIME',
      PORTONE_IMP_CODE: 'imp12345678',
      PORTONE_IMP_KEY: 'an-api-key',
      PORTONE_REST_API_SECRET_FILE: file('rest-secret', 'hush-imp-secret'),
    };
    const config = read(old);
    expect(config.merchants.byId('main')?.channels).toMatchObject([
      {
        ...{ id: 'portone-v1', apiBase: 'https://api.iamport.kr', pg: 'kakaopay.TC0ONETIME', userCode: 'imp12345678' },
        ...{ apiKey: 'an-api-key', apiSecret: 'hush-imp-secret' },
      },
    ]);
    expect(config.notices).toEqual([
      'PORTONE_IMP_KEY is read as PORTONE_API_KEY',
      'PORTONE_REST_API_SECRET_FILE is read as PORTONE_V1_API_SECRET_FILE',
      'PORTONE_IMP_CODE is read as PORTONE_USER_CODE',
      'PORTONE_BASE_URL is read as PORTONE_V1_API_BASE',
    ]);
    expect(read({ ...iamport, PORTONE_API_SECRET: undefined, IMP_SECRET: 'an-imp-secret' }).notices).toHaveLength(1);
  });
  test.each([
    [{ PORTONE_IMP_KEY: 'hush' }, 'PORTONE_IMP_KEY, PORTONE_API_KEY: are two names of one thing, and disagree'],
    [{ IMP_SECRET: 'hush' }, 'PORTONE_API_SECRET, PORTONE_V1_API_SECRET: are two names of one thing'],
    [{ PORTONE_BASE_URL: 'api.iamport.kr' }, 'PORTONE_V1_API_BASE: expected an http(s) URL'],
    [{ PORTONE_USER_CODE: 'store-1' }, 'PORTONE_USER_CODE: expected imp and digits'],
    [{ PORTONE_PG: 'kakaopay.TC0ONETIME' }, 'PORTONE_PG: set either channelKey or pg'],
    [{ PORTONE_CHANNEL_KEY: undefined }, 'PORTONE_CHANNEL_KEY: is not set; expected channel-key-'],
    [{ PORTONE_TIER_CODE: 'ab' }, 'PORTONE_TIER_CODE: expected 3 capital'],
    [{ PORTONE_DIGITAL: 'yes' }, 'PORTONE_DIGITAL: expected true where'],
    [{ PORTONE_TEST: undefined }, 'PORTONE_TEST: is not set; expected true for test channels'],
    [{ PORTONE_API_SECRET: 'hush hush' }, 'PORTONE_API_SECRET: expected the REST API secret'],
    [{ PORTONE_METHODS: 'card, cash' }, 'PORTONE_METHODS [1]: '],
  ] as [Record<string, string | undefined>, string][])('%j', (change, expected) => {
    const found = mistakes({ ...iamport, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toContain('hush');
  });
});

const shoppers = { SHOPPER_TOKEN_SECRET: 'a-shopper-token-secret-of-32-bytes-or-more' };
const oneHour = { SHOPPER_CANCEL_MINUTES: '60' };

test('shoppers cancel what the merchant lets them, by default nothing', () => {
  const cancels = (change: Record<string, string>) =>
    read({ ...shoppers, ...change }).merchants.all()[0]?.shopperCancels;
  expect(cancels({})).toBeUndefined();
  expect(cancels(oneHour)).toEqual({ withinMs: 3_600_000, partial: false });
  expect(cancels({ ...oneHour, SHOPPER_CANCEL_PARTIAL: 'true', SHOPPER_CANCEL_METHODS: 'card, kakaopay' })).toEqual({
    withinMs: 3_600_000,
    partial: true,
    methods: ['card', 'kakaopay'],
  });
});

describe('mistakes', () => {
  test('all are named at once, with what was expected', () => {
    const found = mistakes({
      PUBLIC_URL: undefined,
      APP_SECRET: 'short',
      ENCRYPTION_KEYS: undefined,
      PORT: 'eighty',
      TOSS_SECRET_KEY: undefined,
      ORIGINS: 'coffee.example',
    });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'PUBLIC_URL',
      'PORT',
      'APP_SECRET',
      'ENCRYPTION_KEYS',
      'ORIGINS [0]',
      'TOSS_SECRET_KEY',
    ]);
    expect(found[0]).toBe(
      'PUBLIC_URL: is not set; expected the URL this server is reached at, such as https://pay.example',
    );
    expect(found[2]).toContain('openssl rand -base64 32');
  });
  test("a merchant's variable is named as the variable it is", () => {
    expect(mistakes({ TOSS_SECRET_KEY: undefined })).toEqual([
      'TOSS_SECRET_KEY: the variable TOSS_SECRET_KEY is not set',
    ]);
    expect(mistakes({ TOSS_SECRET_KEY: 'test_gsk_a' })).toEqual([
      expect.stringMatching(/^TOSS_SECRET_KEY: .*test_sk_$/),
    ]);
    expect(mistakes({ ORIGINS: 'https://a.example,*' })).toEqual([
      expect.stringMatching(/^ORIGINS \[1\]: expected an origin/),
    ]);
    expect(mistakes({ MERCHANT_NAME: undefined })).toEqual([expect.stringMatching(/^MERCHANT_NAME: expected a text/)]);
  });
  test.each([
    [{ PUBLIC_URL: 'pay.example' }, 'PUBLIC_URL: expected the URL'],
    [{ PUBLIC_URL: 'https://pay.example/?x=1' }, 'PUBLIC_URL: expected the URL'],
    [{ PORT: '70000' }, 'PORT: expected a port'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY: expected how many proxies'],
    [{ ENCRYPTION_KEYS: 'k1:c2hvcnQ=' }, 'ENCRYPTION_KEYS: expected <id>'],
    [{ ENCRYPTION_KEYS: `k1:${key},k1:${key}` }, 'ENCRYPTION_KEYS: has the key id "k1" twice'],
    [{ CRON_SECRET: 'short' }, 'CRON_SECRET: expected 32'],
    [{ CRON_SECRET: 'x'.repeat(32), OPERATOR_SECRET: 'x'.repeat(32) }, 'CRON_SECRET, OPERATOR_SECRET'],
    [{ MONGODB_URI: 'postgres://db' }, 'MONGODB_URI: expected mongodb://'],
    [{ MONGODB_URI: 'mongodb://db/pay', STORE_FILE: 'x.db' }, 'MONGODB_URI, STORE_FILE'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ CLOCK_OFFSET_MS: '5', NODE_ENV: 'production' }, 'CLOCK_OFFSET_MS: expected 0 when NODE_ENV is production'],
    [{ RATE_LIMIT_PER_KEY: '-1' }, 'RATE_LIMIT_PER_KEY: expected requests per minute'],
    [{ SCHEDULE: 'soon' }, 'SCHEDULE: expected JSON'],
    [{ SCHEDULE: '{"newTryAfterMs":1000}' }, 'SCHEDULE newTryAfterMs: expected at least 30000 ms'],
    [{ SCHEDULE: '{"openFor":1}' }, 'SCHEDULE: Unrecognized key: "openFor"'],
    [{ SCHEDULE: '{"lookupsAfterLaunchMs":[60000,1000]}' }, 'SCHEDULE lookupsAfterLaunchMs: expected rising'],
    [{ APP_SECRET_FILE: 'x' }, 'set either APP_SECRET or APP_SECRET_FILE'],
    [{ APP_SECRET: undefined, APP_SECRET_FILE: 'nowhere' }, 'APP_SECRET_FILE: the file nowhere can not be read'],
    [
      { MERCHANTS_FILE: 'nowhere.json', PUBLISHABLE_KEY: undefined },
      'MERCHANTS_FILE: the file nowhere.json can not be read',
    ],
    [
      { MERCHANTS_FILE: file('broken.json', '{"a": "sk_hush'), PUBLISHABLE_KEY: undefined },
      'MERCHANTS_FILE: broken.json is not JSON',
    ],
    [{ SHOPPER_TOKEN_SECRET: 'x'.repeat(32), SHOPPER_TOKEN_JWKS_URL: 'https://a.example/jwks' }, 'set only the one'],
    [{ DEFAULT_MERCHANT: 'main' }, 'DEFAULT_MERCHANT: expected the id of a merchant with a channel of PortOne V1'],
    [{ SHOPPER_CANCEL_MINUTES: '60' }, 'SHOPPER_CANCEL_MINUTES: needs "shopperTokens"'],
    [{ SHOPPER_CANCEL_PARTIAL: 'true' }, 'SHOPPER_CANCEL_MINUTES: is not set; without it'],
    [{ ...shoppers, SHOPPER_CANCEL_MINUTES: 'an hour' }, 'SHOPPER_CANCEL_MINUTES: expected whole minutes'],
    [{ ...shoppers, SHOPPER_CANCEL_MINUTES: '0' }, 'SHOPPER_CANCEL_MINUTES: expected whole minutes'],
    [{ ...shoppers, ...oneHour, SHOPPER_CANCEL_PARTIAL: 'yes' }, 'SHOPPER_CANCEL_PARTIAL: expected true or false'],
    [{ ...shoppers, ...oneHour, SHOPPER_CANCEL_METHODS: 'card,cash' }, 'SHOPPER_CANCEL_METHODS [1]:'],
    [{ ...shoppers, ...oneHour, SHOPPER_CANCEL_ITEMS: 'gold' }, 'SHOPPER_CANCEL_ITEMS [0]: expected the id of a cat'],
    [
      { PUBLIC_URL: 'http://pay.example', TOSS_CLIENT_KEY: 'live_ck_a', TOSS_SECRET_KEY: 'live_sk_a' },
      'TOSS_CLIENT_KEY: live keys need',
    ],
  ] as [Record<string, string | undefined>, string][])('%j', (change, expected) => {
    const found = mistakes(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toContain('hush');
  });
  test('no merchant at all', () => {
    const none = Object.fromEntries(Object.keys(merchant).map((name) => [name, undefined]));
    expect(mistakes(none)).toEqual([expect.stringMatching(/^MERCHANTS_FILE: is not set; expected .*PUBLISHABLE_KEY/)]);
  });
  test('a secret is never repeated', () => {
    expect(mistakes({ APP_SECRET: 'hush-hush', ENCRYPTION_KEYS: 'hush', CRON_SECRET: 'hush' }).join()).not.toContain(
      'hush',
    );
  });
  test('an empty variable counts as not set', () => {
    expect(mistakes({ PUBLIC_URL: ' ' })[0]).toContain('is not set');
    expect(read({ CRON_SECRET: '', TRUST_PROXY: '' }).trustProxy).toBe(false);
  });
});

test('every variable is in the documentation and in .env.example', () => {
  const documented = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  const names = [
    ...Object.keys(variablesSchema.shape),
    ...Object.keys(merchant),
    ...portOneVariables,
    ...['V1', 'V2'].map((version) => `PORTONE_${version}_API_SECRET`),
    'MERCHANTS_FILE',
    'CATALOGUE_FILE',
    'SHOPPER_TOKEN_SECRET',
    ...['MINUTES', 'PARTIAL', 'METHODS', 'ITEMS'].map((name) => `SHOPPER_CANCEL_${name}`),
  ];
  expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  expect(names.filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example))).toEqual([]);
});
