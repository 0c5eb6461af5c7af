import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CancelIntent, ConfirmIntent, TossChannel } from '../../../server/providers/provider.js';
import { createProviders } from '../../../server/providers/registry.js';
import { createToss } from '../../../server/providers/toss/toss.js';
import { hangUp, json, type StubServer, silence, startStub, text } from './stub-server.js';
import { tossAccount, tossCancel, tossPayment } from './toss-payments.js';

const secretKey = 'test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R';
let stub: StubServer;
let channel: TossChannel;

beforeAll(async () => {
  stub = await startStub();
  channel = {
    id: 'main',
    provider: 'toss',
    environment: 'test',
    approval: 'manual',
    currencies: ['KRW', 'USD'],
    apiBase: `${stub.url}/toss/`,
    script: 'https://js.tosspayments.com/v2/standard',
    clientKey: 'test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq',
    secretKey,
    product: 'window',
  };
});
afterAll(() => stub.close());

const toss = createToss();
const impatient = createToss({ timeouts: { money: 50, lookup: 50 } });
const orderId = 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1';
const record = 'tgen_20260101120000abcd1';

const intent: ConfirmIntent = { orderId, record, amount: 12_000, currency: 'KRW', idempotencyKey: 'key-1' };
const refund = (changes: Partial<CancelIntent> = {}): CancelIntent => ({
  orderId,
  record,
  amount: 5_000,
  currency: 'KRW',
  full: false,
  expectedBalance: 12_000,
  reason: 'rf_1 customer asked',
  idempotencyKey: 'key-2',
  ...changes,
});

/** Answers by path; everything else is not there. */
const answers = (byPath: Record<string, [status: number, body: unknown]>) =>
  stub.answer((request, response) => {
    const [status, body] = byPath[request.path] ?? [404, { code: 'NOT_FOUND_PAYMENT', message: '' }];
    json(status, body)(request, response);
  });
const byOrder = `/toss/v1/payments/orders/${orderId}`;
const byKey = `/toss/v1/payments/${record}`;

describe('Toss: confirm', () => {
  test('sends our amount under our key, with the colon in the credentials', async () => {
    stub.answer(json(200, tossPayment()));
    expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'done', record: { record, amount: 12_000 } });
    const seen = stub.seen.at(-1)!;
    expect(`${seen.method} ${seen.path}`).toBe('POST /toss/v1/payments/confirm');
    expect(JSON.parse(seen.body)).toEqual({ paymentKey: record, orderId, amount: 12_000 });
    expect(seen.headers['idempotency-key']).toBe('key-1');
    expect(seen.headers.authorization).toBe(`Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`);
  });

  test('sends dollars, not cents', async () => {
    stub.answer(json(500, {}));
    await toss.confirm(channel, { ...intent, amount: 1420, currency: 'USD' });
    expect(stub.seen.at(-1)!.body).toContain('"amount":14.2}');
  });

  test.each([
    ['about another order', { orderId: 'pay_other_1' }],
    ['about another payment key', { paymentKey: 'tgen_other' }],
    ['that is not charged', { status: 'IN_PROGRESS', approvedAt: null }],
    ['that failed', { status: 'ABORTED', approvedAt: null }],
    ['that can not be read', { status: 'SETTLING' }],
  ])('a 200 with a payment %s is not believed', async (_what, changes) => {
    stub.answer(json(200, tossPayment(changes)));
    expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test('another amount than ours is told as it is, for the caller to judge', async () => {
    stub.answer(json(200, tossPayment({ totalAmount: 13_000, balanceAmount: 13_000 })));
    expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'done', record: { amount: 13_000 } });
  });

  test('an error in a 200 is not a success', async () => {
    stub.answer(json(200, { code: 'REJECT_CARD_PAYMENT', message: '' }));
    expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test('the code decides, not the status', async () => {
    for (const status of [400, 403, 500]) {
      stub.answer(json(status, { code: 'REJECT_CARD_PAYMENT', message: '한도초과' }));
      expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'declined', retryable: true });
    }
    for (const status of [400, 401, 403, 404, 429, 502]) {
      stub.answer(text(status, '<html></html>'));
      expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    }
  });

  test('silence and a dropped line are no reply', async () => {
    stub.answer(silence);
    expect(await impatient.confirm(channel, intent)).toEqual({
      outcome: 'unknown',
      why: 'no_reply',
      detail: 'timeout',
    });
    stub.answer(hangUp);
    expect(await toss.confirm(channel, intent)).toMatchObject({ outcome: 'unknown', why: 'no_reply' });
  });

  test.each(['', '..', '.', '../orders/x', 'a b', 'a\nb', '\ud800', 'x'.repeat(201), '키'])(
    'the key %j is refused without asking',
    async (hint) => {
      const before = stub.seen.length;
      const refused = { outcome: 'refused', hint: 'unknown_record' };
      expect(await toss.confirm(channel, { ...intent, record: hint })).toMatchObject(refused);
      expect(await toss.lookup(channel, { orderId, record: hint })).toMatchObject(refused);
      expect(await toss.cancel(channel, refund({ record: hint }))).toEqual({ outcome: 'not_found' });
      expect(stub.seen.length).toBe(before);
    },
  );

  test('a key with a slash stays one part of the path', async () => {
    stub.answer(json(404, { code: 'NOT_FOUND_PAYMENT' }));
    await toss.cancel(channel, refund({ record: 'a/../b?c' }));
    expect(stub.seen.at(-1)!.path).toBe('/toss/v1/payments/a%2F..%2Fb%3Fc/cancel');
  });
});

describe('Toss: lookup', () => {
  test('asks once where the record under our order id is the one that was hinted at', async () => {
    answers({ [byOrder]: [200, tossPayment()] });
    const before = stub.seen.length;
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'done', records: [{ record }] });
    expect(stub.seen.length - before).toBe(1);
  });

  test('tells both records of an order whose window was opened twice', async () => {
    const older = tossPayment({ paymentKey: 'tgen_second', status: 'READY', approvedAt: null });
    answers({ [byOrder]: [200, older], [byKey]: [200, tossPayment()] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({
      outcome: 'done',
      records: [
        { record: 'tgen_second', state: 'ready' },
        { record, state: 'paid' },
      ],
    });
  });

  test('finds a record by its key alone', async () => {
    answers({ [byKey]: [200, tossPayment()] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'done', records: [{ record }] });
  });

  test("refuses another order's record, and one that doesn't exist, whether or not we have one", async () => {
    const foreign = tossPayment({ orderId: 'pay_other_1' });
    const ours = tossPayment({ paymentKey: 'tgen_ours' });
    answers({ [byKey]: [200, foreign] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'refused', hint: 'other_order' });
    answers({ [byOrder]: [200, ours], [byKey]: [200, foreign] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'refused', hint: 'other_order' });
    answers({ [byOrder]: [200, ours] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({
      outcome: 'refused',
      hint: 'unknown_record',
    });
    answers({});
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({
      outcome: 'refused',
      hint: 'unknown_record',
    });
  });

  test('a reply about something else than was asked for is not believed', async () => {
    answers({ [byOrder]: [200, tossPayment({ orderId: 'pay_other_1' })] });
    expect(await toss.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown' });
    answers({ [byKey]: [200, tossPayment({ paymentKey: 'tgen_other' })] });
    expect(await toss.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'unknown' });
  });

  test('is unknown while one of the two answers is missing', async () => {
    answers({ [byOrder]: [200, tossPayment({ paymentKey: 'tgen_ours' })], [byKey]: [500, { code: 'COMMON_ERROR' }] });
    expect(await toss.lookup(channel, { orderId, record })).toEqual({
      outcome: 'unknown',
      why: 'temporary',
      detail: 'COMMON_ERROR',
    });
  });

  test('a 404 without its code is not "there is no payment"', async () => {
    stub.answer(text(404, '<html>nginx</html>'));
    expect(await toss.lookup(channel, { orderId })).toEqual({
      outcome: 'unknown',
      why: 'temporary',
      detail: 'HTTP 404, not JSON',
    });
    answers({ [byOrder]: [404, { code: 'NOT_FOUND_HTTP_METHOD' }] });
    expect(await toss.lookup(channel, { orderId })).toMatchObject({ outcome: 'misconfigured' });
  });

  test('takes test or live from the key that asked', async () => {
    answers({ [byOrder]: [200, tossPayment()] });
    const live = { ...channel, secretKey: 'live_sk_abc' };
    expect(await toss.lookup(live, { orderId })).toMatchObject({ records: [{ environment: 'live' }] });
    expect(await toss.lookup(channel, { orderId })).toMatchObject({ records: [{ environment: 'test' }] });
  });
});

describe('Toss: cancel', () => {
  const cancelled = (reason: string, changes = {}) =>
    json(
      200,
      tossPayment({
        status: 'PARTIAL_CANCELED',
        balanceAmount: 7000,
        cancels: [tossCancel({ cancelReason: reason })],
        ...changes,
      }),
    );
  const sent = () => JSON.parse(stub.seen.at(-1)!.body) as Record<string, unknown>;

  test('names amount and reason, under its key', async () => {
    stub.answer(cancelled('rf_1 customer asked'));
    expect(await toss.cancel(channel, refund())).toMatchObject({ outcome: 'done', record: { cancelled: 5000 } });
    expect(stub.seen.at(-1)).toMatchObject({ method: 'POST', path: `${byKey}/cancel` });
    expect(sent()).toEqual({ cancelReason: 'rf_1 customer asked', cancelAmount: 5000 });
    expect(stub.seen.at(-1)!.headers['idempotency-key']).toBe('key-2');
  });

  test('in full it names no amount, for what takes no partial refund', async () => {
    stub.answer(cancelled('rf_1 customer asked', { status: 'CANCELED', balanceAmount: 0 }));
    await toss.cancel(channel, refund({ full: true, amount: 12_000 }));
    expect(sent()).toEqual({ cancelReason: 'rf_1 customer asked' });
  });

  test('part of a PayPal payment names its currency, in dollars', async () => {
    stub.answer(json(500, {}));
    await toss.cancel(channel, refund({ amount: 1420, currency: 'USD' }));
    expect(sent()).toEqual({ cancelReason: 'rf_1 customer asked', cancelAmount: 14.2, currency: 'USD' });
  });

  test('a reason that is too long keeps its head and its tail', async () => {
    stub.answer((request, response) =>
      cancelled((JSON.parse(request.body) as { cancelReason: string }).cancelReason)(request, response),
    );
    for (const reason of [`rf_1 ${'x'.repeat(400)}`, `${'긴 '.repeat(200)} rf_1`]) {
      expect(await toss.cancel(channel, refund({ reason }))).toMatchObject({ outcome: 'done' });
      expect(sent().cancelReason).toContain('rf_1');
      expect((sent().cancelReason as string).length).toBeLessThanOrEqual(200);
    }
  });

  test.each([
    ['without our cancellation', tossPayment()],
    ["with another's cancellation only", tossPayment({ cancels: [tossCancel({ cancelReason: 'from the console' })] })],
    ['about another payment', tossPayment({ paymentKey: 'tgen_other', cancels: [tossCancel()] })],
    ['that can not be read', { status: 'CANCELED' }],
  ])('a 200 %s is looked up', async (_what, body) => {
    stub.answer(json(200, body));
    expect(await toss.cancel(channel, refund())).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });
});

describe('Toss: patience', () => {
  test('money calls are waited for longer than lookups', async () => {
    const hasty = createToss({ timeouts: { money: 10_000, lookup: 50 } });
    const slowly = (body: unknown) =>
      stub.answer((asked, response) => void setTimeout(() => json(200, body)(asked, response), 200));
    slowly(tossPayment({ cancels: [tossCancel()] }));
    expect(await hasty.confirm(channel, intent)).toMatchObject({ outcome: 'done' });
    expect(await hasty.cancel(channel, refund())).toMatchObject({ outcome: 'done' });
    expect(await hasty.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown', why: 'no_reply' });
  });
});

describe('Toss: launch', () => {
  const order = {
    orderId,
    orderName: '커피 2잔',
    amount: 12_000,
    currency: 'KRW',
    customerKey: 'c_01ABC',
    locale: 'ko',
    successUrl: 'https://shop.example/done?order=1',
    failUrl: 'https://shop.example/fail?order=1',
  } as const;
  const request = async (changes: object) => {
    const outcome = await toss.launch(channel, { ...order, ...changes });
    return outcome.outcome === 'done' ? outcome.launch.request : outcome;
  };

  test('for the payment window fixes method and amount, and holds public keys only', async () => {
    expect(await toss.launch(channel, { ...order, method: 'card' })).toEqual({
      outcome: 'done',
      launch: {
        provider: 'toss',
        kind: 'window',
        script: 'https://js.tosspayments.com/v2/standard',
        clientKey: 'test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq',
        customerKey: 'c_01ABC',
        amount: { currency: 'KRW', value: 12_000 },
        request: {
          method: 'CARD',
          card: { flowMode: 'DEFAULT' },
          amount: { currency: 'KRW', value: 12_000 },
          orderId,
          orderName: '커피 2잔',
          successUrl: 'https://shop.example/done?order=1',
          failUrl: 'https://shop.example/fail?order=1',
        },
      },
    });
  });

  test('for the widget leaves method and amount to it', async () => {
    const outcome = await toss.launch({ ...channel, product: 'widget' }, { ...order, method: 'card' });
    expect(outcome).toMatchObject({ launch: { kind: 'widget', amount: { currency: 'KRW', value: 12_000 } } });
    expect(Object.keys((outcome as { launch: { request: object } }).launch.request).sort()).toEqual([
      'failUrl',
      'orderId',
      'orderName',
      'successUrl',
    ]);
  });

  test.each([
    ['kakaopay', { method: 'CARD', card: { flowMode: 'DIRECT', easyPay: 'KAKAOPAY' } }],
    ['naverpay', { method: 'CARD', card: { flowMode: 'DIRECT', easyPay: 'NAVERPAY' } }],
    ['tosspay', { method: 'CARD', card: { flowMode: 'DIRECT', easyPay: 'TOSSPAY' } }],
    ['transfer', { method: 'TRANSFER' }],
    [
      'virtual_account',
      { method: 'VIRTUAL_ACCOUNT', virtualAccount: { validHours: 72, cashReceipt: { type: '미발행' } } },
    ],
    ['phone', { method: 'MOBILE_PHONE' }],
  ])('%s is %j', async (method, expected) => {
    expect(await request({ method })).toMatchObject(expected);
  });

  test('PayPal takes dollars, and needs an address to come back to', async () => {
    const paypal = { method: 'paypal', currency: 'USD', amount: 1420 };
    expect(await request(paypal)).toMatchObject({
      method: 'FOREIGN_EASY_PAY',
      amount: { currency: 'USD', value: 14.2 },
      foreignEasyPay: { provider: 'PAYPAL' },
    });
    const nowhere = { ...paypal, successUrl: undefined, failUrl: undefined };
    expect(await request(nowhere)).toMatchObject({ outcome: 'declined', code: 'return_url_required' });
  });

  test('without a method opens the first that takes the currency', async () => {
    expect(await request({})).toMatchObject({ method: 'CARD' });
    expect(await request({ currency: 'USD' })).toMatchObject({ method: 'FOREIGN_EASY_PAY' });
  });

  test.each([
    { method: 'paypal' },
    { method: 'card', currency: 'USD' },
    { method: 'card', currency: 'JPY' },
    { currency: 'JPY' },
  ])('%j can not be opened', async (changes) => {
    expect(await request(changes)).toMatchObject({ outcome: 'declined', code: 'method_not_available' });
  });

  test("a method that the channel doesn't offer can not be opened", async () => {
    const narrow: TossChannel = { ...channel, methods: ['transfer'] };
    expect(await toss.launch(narrow, { ...order, method: 'card' })).toMatchObject({ outcome: 'declined' });
    expect(await toss.launch(narrow, order)).toMatchObject({ launch: { request: { method: 'TRANSFER' } } });
  });

  test('without return URLs there are none, so that the script answers in the page', async () => {
    const there = await request({ method: 'card', successUrl: undefined, failUrl: undefined });
    expect(there).not.toHaveProperty('successUrl');
    expect(there).not.toHaveProperty('failUrl');
  });

  test.each([
    ['+82 10-1234-5678', '01012345678'],
    ['+821012345678', '01012345678'],
    ['010 1234 5678', '01012345678'],
    ['+14155550123', '14155550123'],
    ['1234567', undefined],
    ['1234567890123456', undefined],
    ['call me', undefined],
  ])('the phone number %s is sent as %s', async (phone, sent) => {
    const there = await request({ method: 'card', buyer: { phone } });
    expect(there).toEqual(expect.objectContaining(sent ? { customerMobilePhone: sent } : {}));
    if (!sent) expect(there).not.toHaveProperty('customerMobilePhone');
  });

  test('texts are cut to what the script takes, between characters', async () => {
    const there = await request({
      method: 'card',
      orderName: `${'가'.repeat(99)}🥕`,
      buyer: { name: 'n'.repeat(300) },
    });
    expect(there).toMatchObject({ orderName: '가'.repeat(99), customerName: 'n'.repeat(100) });
  });

  test('an address that is too long is left out, not cut', async () => {
    const email = `${'a'.repeat(100)}@example.com`;
    expect(await request({ method: 'card', buyer: { email } })).not.toHaveProperty('customerEmail');
  });
});

describe('Toss: what it offers', () => {
  test('domestic methods in won, PayPal in dollars, less what the channel leaves out', () => {
    const domestic = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];
    expect(toss.methods(channel, 'KRW')).toEqual(domestic);
    expect(toss.methods(channel, 'USD')).toEqual(['paypal']);
    expect(toss.methods({ ...channel, currencies: ['KRW', 'USD', 'JPY'] }, 'JPY')).toEqual([]);
    expect(toss.methods({ ...channel, currencies: ['KRW'] }, 'USD')).toEqual([]);
    expect(toss.methods({ ...channel, methods: ['paypal', 'phone', 'card'] }, 'KRW')).toEqual(['card', 'phone']);
    expect(toss.methods({ ...channel, product: 'widget' }, 'KRW')).toEqual(domestic);
  });

  test('it always needs our confirm, and is registered under its name', () => {
    expect(toss.needsConfirm(channel)).toBe(true);
    expect(createProviders().get('toss')?.name).toBe('toss');
  });
});

describe('Toss: accounts', () => {
  const account = { bank: 'SHINHAN', number: '110123456789', holder: '박토스' };
  const closing = { orderId, record, idempotencyKey: 'close-1' };
  const waiting = tossPayment({ status: 'WAITING_FOR_DEPOSIT', approvedAt: null, virtualAccount: tossAccount() });

  test("a deposit goes to the account that the buyer named, by Toss's code for the bank", async () => {
    stub.answer(json(200, tossPayment({ cancels: [tossCancel()] })));
    expect(await toss.cancel(channel, refund({ account }))).toMatchObject({ outcome: 'done' });
    expect(JSON.parse(stub.seen.at(-1)!.body)).toMatchObject({
      refundReceiveAccount: { bank: '88', accountNumber: '110123456789', holderName: '박토스' },
    });
    await toss.cancel(channel, refund());
    expect(JSON.parse(stub.seen.at(-1)!.body)).not.toHaveProperty('refundReceiveAccount');
  });

  test('a bank that Toss has no code for is declined and asked nobody about', async () => {
    const before = stub.seen.length;
    const outcome = await toss.cancel(channel, refund({ account: { ...account, bank: 'NO_BANK' } }));
    expect(outcome).toMatchObject({ outcome: 'declined', code: 'INVALID_BANK', retryable: false });
    expect(stub.seen.length).toBe(before);
  });

  test('closing is a cancel without amount or account, once it is sure that nobody paid', async () => {
    stub.answer((request, response) => {
      const closed = tossPayment({ status: 'CANCELED', approvedAt: null, virtualAccount: tossAccount() });
      json(200, request.method === 'GET' ? waiting : closed)(request, response);
    });
    expect(await toss.close(channel, closing)).toEqual({ outcome: 'done' });
    const seen = stub.seen.at(-1)!;
    expect(`${seen.method} ${seen.path}`).toBe(`POST /toss/v1/payments/${record}/cancel`);
    expect(JSON.parse(seen.body)).toEqual({ cancelReason: expect.any(String) });
    expect(seen.headers['idempotency-key']).toBe('close-1');
  });

  test.each([
    ['a paid card', tossPayment()],
    ['a deposit that was made', tossPayment({ virtualAccount: tossAccount() })],
    ["another order's account", { ...waiting, orderId: 'pay_of_someone_else_1' }],
  ])('%s is never canceled by closing', async (_what, payment) => {
    stub.answer(json(200, payment));
    const before = stub.seen.length;
    expect(await toss.close(channel, closing)).toMatchObject({ outcome: 'declined' });
    expect(stub.seen.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  test('a closing whose reply still shows it waiting is unknown', async () => {
    stub.answer(json(200, waiting));
    expect(await toss.close(channel, closing)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });
});
