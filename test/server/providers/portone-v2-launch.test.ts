import { describe, expect, test } from 'vitest';
import type { Method } from '../../../contract/index.js';
import { launchOf, methodsOf } from '../../../server/providers/portone-v2/launch.js';
import type { LaunchOrder, PortOneV2Channel } from '../../../server/providers/provider.js';

const channel: PortOneV2Channel = {
  id: 'main',
  provider: 'portone-v2',
  environment: 'test',
  approval: 'automatic',
  currencies: ['KRW'],
  apiBase: 'https://api.portone.io',
  script: 'https://cdn.portone.io/v2/browser-sdk.js',
  storeId: 'store-1',
  channelKey: 'channel-key-1',
  apiSecret: 'hush-api',
  webhookSecrets: ['whsec_aHVzaA=='],
};
const paypal: PortOneV2Channel = { ...channel, methods: ['paypal'], currencies: ['USD'] };
const order = (changes: Partial<LaunchOrder> = {}): LaunchOrder => ({
  orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
  orderName: '커피 2잔',
  amount: 12_000,
  currency: 'KRW',
  customerKey: 'c_1',
  locale: 'ko',
  successUrl: 'https://shop.example/back',
  failUrl: 'https://shop.example/back',
  ...changes,
});
const domestic = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];

describe('what a PortOne channel offers', () => {
  test.each([
    ['won, all but PayPal', channel, 'KRW', domestic],
    ['a currency that is not in its contract', channel, 'USD', []],
    ['what it is narrowed to', { ...channel, methods: ['kakaopay'] }, 'KRW', ['kakaopay']],
    ['PayPal in dollars', paypal, 'USD', ['paypal']],
    ['PayPal in won', { ...paypal, currencies: ['KRW', 'USD'] }, 'KRW', []],
    ['dollars without PayPal', { ...channel, currencies: ['USD'] }, 'USD', []],
  ] as const)('%s', (_what, of, currency, expected) => {
    expect(methodsOf(of as PortOneV2Channel, currency)).toEqual(expected);
  });
});

describe('a launch of PortOne V2', () => {
  test.each([
    ['card', { payMethod: 'CARD' }],
    ['kakaopay', { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'KAKAOPAY' } }],
    ['naverpay', { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'NAVERPAY' } }],
    ['tosspay', { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'TOSSPAY' } }],
    ['transfer', { payMethod: 'TRANSFER' }],
    ['virtual_account', { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { accountExpiry: { validHours: 72 } } }],
    ['phone', { payMethod: 'MOBILE', productType: 'REAL' }],
  ] as const)('by %s is exactly this', (method, expected) => {
    expect(launchOf(channel, order({ method }))).toEqual({
      provider: 'portone-v2',
      kind: 'window',
      script: channel.script,
      request: {
        storeId: 'store-1',
        channelKey: 'channel-key-1',
        paymentId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
        orderName: '커피 2잔',
        totalAmount: 12_000,
        currency: 'KRW',
        customer: { customerId: 'c_1' },
        locale: 'KO_KR',
        redirectUrl: 'https://shop.example/back',
        ...expected,
      },
    });
  });

  test('by PayPal draws its own button, amounts in cents, numbers with their country', () => {
    const buyer = { name: 'Kim', email: 'kim@shop.example', phone: '010-1234-5678' };
    expect(launchOf(paypal, order({ method: 'paypal', currency: 'USD', amount: 1_420, buyer }))).toEqual({
      provider: 'portone-v2',
      kind: 'ui',
      script: channel.script,
      request: {
        uiType: 'PAYPAL_SPB',
        windowType: { pc: 'UI', mobile: 'UI' },
        storeId: 'store-1',
        channelKey: 'channel-key-1',
        paymentId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
        orderName: '커피 2잔',
        totalAmount: 1_420,
        currency: 'USD',
        customer: { customerId: 'c_1', fullName: 'Kim', email: 'kim@shop.example', phoneNumber: '+821012345678' },
      },
    });
  });

  test.each([
    ['010-1234-5678', '01012345678'],
    ['+82 10 1234 5678', '01012345678'],
    ['call me', undefined],
  ])('the phone %s goes out as %s', (phone, expected) => {
    const launch = launchOf(channel, order({ method: 'card', buyer: { phone } }));
    const { customer } = 'request' in launch ? launch.request : {};
    expect(customer?.phoneNumber).toBe(expected);
  });

  test('a shopper whom nobody knows has no id, and without any data there is no customer', () => {
    const launch = launchOf(channel, order({ method: 'card', customerKey: '@@ANONYMOUS' }));
    expect('request' in launch && launch.request).not.toHaveProperty('customer');
  });

  test('without return URLs there is no redirect', () => {
    const { successUrl: _success, failUrl: _fail, ...rest } = order({ method: 'card' });
    const launch = launchOf(channel, rest);
    expect('request' in launch && launch.request).not.toHaveProperty('redirectUrl');
  });

  test.each<[Method, string]>([
    ['card', 'EN_US'],
    ['kakaopay', 'KO_KR'],
    ['naverpay', 'KO_KR'],
  ])('in English, %s speaks %s', (method, locale) => {
    expect(launchOf(channel, order({ method, locale: 'en' }))).toMatchObject({ request: { locale } });
  });

  test('a long name is cut, never in the middle of a character', () => {
    const launch = launchOf(channel, order({ method: 'card', orderName: `${'가'.repeat(99)}😀😀` }));
    expect('request' in launch && launch.request.orderName).toBe('가'.repeat(99));
  });

  test('what the channel does not offer is declined, and nothing secret goes out', () => {
    expect(launchOf(channel, order({ method: 'paypal' }))).toMatchObject({ outcome: 'declined' });
    expect(launchOf(paypal, order({ method: 'card' }))).toMatchObject({ outcome: 'declined' });
    expect(JSON.stringify(launchOf(channel, order({ method: 'card' })))).not.toMatch(/hush|whsec/);
  });
});
