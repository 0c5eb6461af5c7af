import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPortOneV2 } from '../../../server/providers/portone-v2/portone-v2.js';
import type { CancelIntent, CloseIntent, ConfirmIntent, PortOneV2Channel } from '../../../server/providers/provider.js';
import { v2Cancellation, v2Payment } from './portone-v2-payments.js';
import { hangUp, json, type StubServer, silence, startStub, text } from './stub-server.js';

const apiSecret = 'an-api-secret-of-the-store';
let stub: StubServer;
let channel: PortOneV2Channel;

beforeAll(async () => {
  stub = await startStub();
  channel = {
    id: 'main',
    provider: 'portone-v2',
    environment: 'test',
    approval: 'manual',
    currencies: ['KRW'],
    apiBase: `${stub.url}/v2/`,
    script: 'https://cdn.portone.io/v2/browser-sdk.js',
    storeId: 'store-1',
    channelKey: 'channel-key-1',
    apiSecret,
    webhookSecrets: ['whsec_c2VjcmV0'],
  };
});
afterAll(() => stub.close());

const v2 = createPortOneV2();
const impatient = createPortOneV2({ timeouts: { money: 50, lookup: 50 } });
const orderId = 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1';
const record = '0199-tx';

const intent: ConfirmIntent = {
  orderId,
  record,
  amount: 12_000,
  currency: 'KRW',
  idempotencyKey: 'confirm-key-of-16-characters',
  token: 'a-payment-token',
};
const refund = (changes: Partial<CancelIntent> = {}): CancelIntent => ({
  orderId,
  record,
  amount: 5_000,
  currency: 'KRW',
  full: false,
  expectedBalance: 12_000,
  reason: 'rf_1 customer asked',
  idempotencyKey: 'cancel-key-of-16-characters',
  ...changes,
});
const closing: CloseIntent = { orderId, record, idempotencyKey: 'close-key-of-16-characters' };
const order = {
  orderId,
  orderName: '커피',
  amount: 12_000,
  currency: 'KRW',
  customerKey: 'c_1',
  locale: 'ko',
} as const;

const last = () => stub.seen.at(-1)!;
const call = () => `${last().method} ${last().path}`;
const approved = { pgTxId: 'pg-1', paidAt: '2026-01-01T03:01:00Z' };

describe('PortOne V2: what goes over the wire', () => {
  test('the amount is registered before anything is handed out', async () => {
    stub.answer(json(200, {}));
    expect(await v2.launch(channel, order)).toMatchObject({ outcome: 'done', launch: { provider: 'portone-v2' } });
    expect(call()).toBe(`POST /v2/payments/${orderId}/pre-register`);
    expect(last().headers.authorization).toBe(`PortOne ${apiSecret}`);
    expect(JSON.parse(last().body)).toEqual({ storeId: 'store-1', totalAmount: 12_000, currency: 'KRW' });
  });

  test('a lookup names the order and the store, and asks once', async () => {
    stub.answer(json(200, v2Payment()));
    const before = stub.seen.length;
    expect(await v2.lookup(channel, { orderId, record })).toMatchObject({ outcome: 'done', records: [{ record }] });
    expect(call()).toBe(`GET /v2/payments/${orderId}?storeId=store-1`);
    expect(stub.seen.length).toBe(before + 1);
  });

  test('a confirm carries the token and our own amount, currency and kind of money, under a quoted key', async () => {
    stub.answer(json(200, approved));
    expect(await v2.confirm(channel, intent)).toEqual({ outcome: 'done' });
    expect(call()).toBe(`POST /v2/payments/${orderId}/confirm`);
    expect(last().headers['idempotency-key']).toBe('"confirm-key-of-16-characters"');
    expect(JSON.parse(last().body)).toEqual({
      storeId: 'store-1',
      paymentToken: 'a-payment-token',
      txId: record,
      totalAmount: 12_000,
      currency: 'KRW',
      isTest: true,
    });
    await v2.confirm({ ...channel, environment: 'live' }, intent);
    expect(JSON.parse(last().body)).toMatchObject({ isTest: false });
  });

  test('a refund carries its balance and reason, under a quoted key', async () => {
    stub.answer(json(200, { cancellation: v2Cancellation() }));
    expect(await v2.cancel(channel, refund())).toEqual({ outcome: 'done' });
    expect(call()).toBe(`POST /v2/payments/${orderId}/cancel`);
    expect(last().headers['idempotency-key']).toBe('"cancel-key-of-16-characters"');
    expect(JSON.parse(last().body)).toEqual({
      storeId: 'store-1',
      reason: 'rf_1 customer asked',
      amount: 5_000,
      currentCancellableAmount: 12_000,
    });
  });

  test('a full refund names no amount but its balance; a deposit goes to the account that the buyer named', async () => {
    stub.answer(json(200, { cancellation: v2Cancellation({ status: 'REQUESTED' }) }));
    const account = { bank: 'K_BANK', number: '110123456789', holder: '박포원' };
    expect(await v2.cancel(channel, refund({ full: true, amount: 12_000, account }))).toEqual({ outcome: 'done' });
    expect(JSON.parse(last().body)).toEqual({
      storeId: 'store-1',
      reason: 'rf_1 customer asked',
      currentCancellableAmount: 12_000,
      refundAccount: { bank: 'K_BANK', number: '110123456789', holderName: '박포원' },
    });
  });

  test('closing has no body', async () => {
    stub.answer(json(200, { closedAt: '2026-01-01T03:01:00Z' }));
    expect(await v2.close(channel, closing)).toEqual({ outcome: 'done' });
    expect(call()).toBe(`POST /v2/payments/${orderId}/virtual-account/close?storeId=store-1`);
    expect(last().headers['idempotency-key']).toBe('"close-key-of-16-characters"');
    expect(last().body).toBe('');
  });
});

describe('PortOne V2: replies that are not what they should be', () => {
  test.each([
    ['about another order', v2Payment({ id: 'pay_of_someone_else_1' })],
    ['of an unknown status', v2Payment({ status: 'BRAND_NEW' })],
    ['with a broken amount', v2Payment({ amount: {} })],
    ['that is no object', []],
  ])('a payment %s is unknown', async (_what, body) => {
    stub.answer(json(200, body));
    expect(await v2.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test.each([[{}], [{ pgTxId: 'pg-1' }], [{ ...approved, paidAt: 'now' }], [[]], ['PAID']])(
    'a confirm answered with %j is unknown, not done',
    async (body) => {
      stub.answer(json(200, body));
      expect(await v2.confirm(channel, intent)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    },
  );

  test.each([
    ['no cancellation', {}],
    ["another one's reason", { cancellation: v2Cancellation({ reason: 'rf_2' }) }],
    ['a failed one', { cancellation: v2Cancellation({ status: 'FAILED' }) }],
    ['one without an id', { cancellation: v2Cancellation({ id: null }) }],
  ])('a refund answered with %s is unknown, not done', async (_what, body) => {
    stub.answer(json(200, body));
    expect(await v2.cancel(channel, refund())).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test('a closing without its time is unknown', async () => {
    stub.answer(json(200, {}));
    expect(await v2.close(channel, closing)).toMatchObject({ outcome: 'unknown' });
  });

  test.each([
    ['a gateway page', text(502, '<html>Bad gateway</html>'), 'temporary'],
    ['an empty reply', text(500, ''), 'temporary'],
    ['no type', json(500, { message: 'oops' }), 'temporary'],
    ['a hang-up', hangUp, 'no_reply'],
    ['silence', silence, 'no_reply'],
  ])('%s is unknown on every call', async (_what, answer, why) => {
    stub.answer(answer);
    const unknown = { outcome: 'unknown', why };
    expect(await impatient.launch(channel, order)).toMatchObject(unknown);
    expect(await impatient.lookup(channel, { orderId })).toMatchObject(unknown);
    expect(await impatient.confirm(channel, intent)).toMatchObject(unknown);
    expect(await impatient.cancel(channel, refund())).toMatchObject(unknown);
    expect(await impatient.close(channel, closing)).toMatchObject(unknown);
  });

  test('no outcome repeats a secret or a token', async () => {
    stub.answer((request, response) => text(500, request.body)(request, response));
    const outcomes = [await v2.confirm(channel, intent), await v2.cancel(channel, refund())];
    expect(JSON.stringify(outcomes)).not.toMatch(/a-payment-token|an-api-secret/);
  });
});

describe('PortOne V2: hints from a browser', () => {
  test.each([undefined, '', 'a b', '토큰', 'x'.repeat(5_000)])(
    'the token %j is refused and asked nobody about',
    async (token) => {
      const { token: _token, ...rest } = intent;
      const before = stub.seen.length;
      const outcome = await v2.confirm(channel, { ...rest, ...(token !== undefined && { token }) });
      expect(outcome).toMatchObject({ outcome: 'refused', hint: 'unknown_record' });
      expect(stub.seen.length).toBe(before);
    },
  );

  test.each([
    ['INVALID_PAYMENT_TOKEN', 400, 'unknown_record'],
    ['INVALID_REQUEST', 400, 'unknown_record'],
    ['PAYMENT_NOT_FOUND', 404, 'unknown_record'],
    ['INFORMATION_MISMATCH', 409, 'other_amount'],
  ])('a confirm answered with %s refuses the hint', async (type, status, hint) => {
    stub.answer(json(status, { type, message: '' }));
    expect(await v2.confirm(channel, intent)).toEqual({ outcome: 'refused', hint, detail: type });
  });

  test('a try that is listed but can not be read hides nothing and refuses nobody', async () => {
    stub.answer((request, response) =>
      request.path.includes('/transactions')
        ? json(200, { items: [{ id: 'tx-odd', status: 'BRAND_NEW' }, null, { id: record }] })(request, response)
        : json(200, v2Payment())(request, response),
    );
    expect(await v2.lookup(channel, { orderId, record: 'tx-odd' })).toMatchObject({
      outcome: 'done',
      records: [{ record }],
    });
    expect(await v2.lookup(channel, { orderId, record: 'tx-none' })).toMatchObject({ outcome: 'refused' });
  });
});

test('money moves at our call on channels with manual approval alone', () => {
  expect(v2.needsConfirm(channel)).toBe(true);
  expect(v2.needsConfirm({ ...channel, approval: 'automatic' })).toBe(false);
  expect(v2.choosesInside(channel)).toBe(false);
  expect(v2.identity(channel)).toEqual({ store: 'store-1', channel: 'channel-key-1' });
});
