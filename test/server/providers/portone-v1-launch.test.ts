import { describe, expect, test } from 'vitest';
import { launchOf, methodsOf } from '../../../server/providers/portone-v1/launch.js';
import type { LaunchOrder, PortOneV1Channel } from '../../../server/providers/provider.js';

const channel: PortOneV1Channel = {
  id: 'main',
  provider: 'portone-v1',
  environment: 'test',
  approval: 'automatic',
  currencies: ['KRW'],
  apiBase: 'https://api.iamport.kr',
  script: 'https://cdn.iamport.kr/v1/iamport.js',
  userCode: 'imp12345678',
  channelKey: 'channel-key-1',
  apiKey: 'hush-key',
  apiSecret: 'hush-secret',
};
const { channelKey: _key, ...bare } = channel;
const old: PortOneV1Channel = { ...bare, pg: 'html5_inicis.INIpayTest', tierCode: 'A1B' };
const paypal: PortOneV1Channel = { ...channel, methods: ['paypal'], currencies: ['USD'] };
const order = (changes: Partial<LaunchOrder> = {}): LaunchOrder => ({
  orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
  orderName: '커피 2잔',
  amount: 12_000,
  currency: 'KRW',
  customerKey: 'c_1',
  locale: 'ko',
  successUrl: 'https://shop.example/back',
  failUrl: 'https://shop.example/back',
  noticeUrl: 'https://pay.example/api/v1/webhooks/portone-v1/shop',
  ...changes,
});
/** A quarter to midnight in Seoul. */
const now = Date.UTC(2026, 0, 31, 14, 45, 30);
const launch = (of: Partial<LaunchOrder>, on = channel) => launchOf(on, order(of), now);
const request = (of: Partial<LaunchOrder>, on = channel) => {
  const found = launch(of, on);
  if ('outcome' in found) throw new Error(found.code);
  return found.request;
};

describe('what a PortOne V1 channel offers', () => {
  test.each([
    [
      'won, all but PayPal',
      channel,
      'KRW',
      ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'],
    ],
    ['a currency that is not in its contract', channel, 'USD', []],
    ['what it is narrowed to', { ...channel, methods: ['kakaopay'] }, 'KRW', ['kakaopay']],
    ['PayPal in dollars', paypal, 'USD', ['paypal']],
    ['PayPal in won', { ...paypal, currencies: ['KRW', 'USD'] }, 'KRW', []],
    ['dollars without PayPal', { ...channel, currencies: ['USD'] }, 'USD', []],
  ] as const)('%s', (_what, of, currency, expected) => {
    expect(methodsOf(of as PortOneV1Channel, currency)).toEqual(expected);
  });
});

describe('a launch of PortOne V1', () => {
  test.each([
    ['card', { pay_method: 'card' }],
    ['kakaopay', { pay_method: 'kakaopay' }],
    ['naverpay', { pay_method: 'naverpay' }],
    ['tosspay', { pay_method: 'tosspay' }],
    ['transfer', { pay_method: 'trans' }],
    ['virtual_account', { pay_method: 'vbank', vbank_due: '2026-02-03 23:45:30' }],
    ['phone', { pay_method: 'phone', digital: false }],
  ] as const)('by %s is exactly this', (method, expected) => {
    expect(launch({ method })).toEqual({
      provider: 'portone-v1',
      kind: 'window',
      script: channel.script,
      userCode: 'imp12345678',
      request: {
        channelKey: 'channel-key-1',
        merchant_uid: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
        name: '커피 2잔',
        amount: 12_000,
        currency: 'KRW',
        customer_id: 'c_1',
        language: 'ko',
        m_redirect_url: 'https://shop.example/back',
        notice_url: 'https://pay.example/api/v1/webhooks/portone-v1/shop',
        ...expected,
      },
    });
  });

  test('by PayPal draws its own button, in dollars', () => {
    const buyer = { name: 'Kim', email: 'kim@shop.example', phone: '010-1234-5678' };
    const drawn = launch({ method: 'paypal', currency: 'USD', amount: 1_420, buyer }, paypal);
    expect(drawn).toMatchObject({
      ...{ kind: 'ui', uiType: 'paypal-spb' },
      request: {
        ...{ pay_method: 'paypal', amount: 14.2, currency: 'USD' },
        ...{ buyer_name: 'Kim', buyer_email: 'kim@shop.example', buyer_tel: '+821012345678' },
      },
    });
  });

  test('an older contract goes by its `pg`, a sub-merchant by its tier; what is sold over the network is said to be', () => {
    const opened = launch({ method: 'phone' }, { ...old, digital: true });
    expect(opened).toMatchObject({ tierCode: 'A1B', request: { pg: 'html5_inicis.INIpayTest', digital: true } });
    expect('request' in opened && opened.request).not.toHaveProperty('channelKey');
  });

  test('the buyer goes along, the address too', () => {
    const buyer = {
      ...{ name: '김하나', email: 'hana@shop.example', phone: '+82 10 1234 5678' },
      ...{ address: '서울시 강남구 1', addressDetail: '9층', postcode: '06236' },
    };
    expect(request({ method: 'card', buyer })).toMatchObject({
      ...{ buyer_name: '김하나', buyer_email: 'hana@shop.example', buyer_tel: '01012345678' },
      ...{ buyer_addr: '서울시 강남구 1 9층', buyer_postcode: '06236' },
    });
    expect(request({ method: 'card', buyer: { address: '서울시 강남구 1' } }).buyer_addr).toBe('서울시 강남구 1');
    expect(request({ method: 'card', buyer: { addressDetail: '9층' } })).not.toHaveProperty('buyer_addr');
    expect(request({ method: 'card', buyer: { phone: 'call me' } })).not.toHaveProperty('buyer_tel');
  });

  test('a shopper whom nobody knows has no id; without addresses there is no redirect and no notice', () => {
    const { successUrl: _success, failUrl: _fail, noticeUrl: _notice, ...rest } = order({ method: 'card' });
    const found = launchOf(channel, { ...rest, customerKey: '@@ANONYMOUS' }, now);
    for (const name of ['customer_id', 'm_redirect_url', 'notice_url']) {
      expect('request' in found && found.request).not.toHaveProperty(name);
    }
  });

  test('in English it speaks English; a long name is cut, never in the middle of a character', () => {
    expect(request({ method: 'card', locale: 'en' }).language).toBe('en');
    expect(request({ method: 'card', orderName: `${'가'.repeat(39)}😀😀` }).name).toBe('가'.repeat(39));
  });

  test('what the channel does not offer is declined, and nothing secret goes out', () => {
    expect(launch({ method: 'paypal' })).toMatchObject({ outcome: 'declined' });
    expect(launch({ method: 'card' }, paypal)).toMatchObject({ outcome: 'declined' });
    expect(JSON.stringify(launch({ method: 'card' }))).not.toMatch(/hush/);
  });
});
