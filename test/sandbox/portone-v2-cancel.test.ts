import { afterEach, describe, expect, it } from 'vitest';
import { authorization, channel, refusal, useV2 } from './v2-harness.js';

const { time, control, v2, rest, paid, payment, cancel, mistakesSeen, operationsSeen } = useV2();
const refundAccount = { bank: 'WOORI', number: '1002123456789', holderName: '김토스' };

afterEach(() => {
  expect(mistakesSeen.splice(0)).toEqual([]);
});

const account = async (more: object = {}) =>
  (await paid({ method: 'virtual_account', bank: 'SHINHAN', ...more })).paymentId;
const deposited = async () => {
  const paymentId = await account();
  await v2('deposit', { paymentId });
  return paymentId;
};

describe('cancel', () => {
  it('gives back in parts, each with its own record, until nothing is left', async () => {
    const { paymentId } = await paid();
    const part = await cancel(paymentId, { amount: 5000, currentCancellableAmount: 15000, somethingNew: true });
    expect(part.body.cancellation).toMatchObject({ status: 'SUCCEEDED', totalAmount: 5000, trigger: 'API' });
    expect(await payment(paymentId)).toMatchObject({ status: 'PARTIAL_CANCELLED', amount: { cancelled: 5000 } });
    await cancel(paymentId, { currentCancellableAmount: 10000 });
    const { status, cancellations } = await payment(paymentId);
    expect([status, cancellations.map((each: any) => each.totalAmount)]).toEqual(['CANCELLED', [5000, 10000]]);
    expect(refusal(await cancel(paymentId))).toBe('409 PAYMENT_ALREADY_CANCELLED');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no reason', { reason: undefined }, '400 INVALID_REQUEST'],
    ['an amount of 0', { amount: 0 }, '400 INVALID_REQUEST'],
    ['a negative amount', { amount: -1 }, '400 INVALID_REQUEST'],
    ['a fraction', { amount: 0.5 }, '400 INVALID_REQUEST'],
    ['an amount in text', { amount: '5000' }, '400 INVALID_REQUEST'],
    ['more than was paid', { amount: 15001 }, '409 CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT'],
    ['another balance', { currentCancellableAmount: 14000 }, '409 CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN'],
    ['parts above the amount', { amount: 100, vatAmount: 101 }, '409 SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT'],
  ])('refuses %s and gives nothing back', async (_what, body, expected) => {
    const { paymentId } = await paid();
    expect(refusal(await cancel(paymentId, body))).toBe(expected);
    expect((await payment(paymentId)).status).toBe('PAID');
  });

  it('refuses what is unknown, unpaid, or another store’s', async () => {
    expect(refusal(await cancel('nobody-knows'))).toBe('404 PAYMENT_NOT_FOUND');
    const unpaid = await paid({ channelKey: channel('manual') });
    expect(refusal(await cancel(unpaid.paymentId))).toBe('409 PAYMENT_NOT_PAID');
    const mine = await paid();
    await v2('stores', { storeId: 'store-cancel', apiSecret: 'other-secret' });
    const answer = await cancel(mine.paymentId, {}, authorization('other-secret'));
    expect(refusal(answer)).toBe('404 PAYMENT_NOT_FOUND');
  });

  it('shows what was cancelled at the console', async () => {
    const { paymentId } = await paid();
    await v2('cancel', { paymentId, amount: 5000, reason: '콘솔' });
    expect(await payment(paymentId)).toMatchObject({
      ...{ status: 'PARTIAL_CANCELLED', cancellations: [{ totalAmount: 5000, reason: '콘솔', trigger: 'CONSOLE' }] },
    });
  });

  it.each([
    ['done', 'CANCELLED', 'SUCCEEDED', 1],
    ['failed', 'PAID', 'FAILED', 0],
  ])('may be only requested, its amount spoken for, until it is %s', async (to, status, cancellation, moved) => {
    const { paymentId } = await paid();
    await control('faults', { on: 'cancel', kind: 'pending' });
    expect((await cancel(paymentId)).body.cancellation.status).toBe('REQUESTED');
    expect(await payment(paymentId)).toMatchObject({ status: 'PAID', amount: { cancelled: 0 } });
    expect(refusal(await cancel(paymentId, { amount: 1 }))).toBe('409 PAYMENT_ALREADY_CANCELLED');
    await v2('cancel/settle', { paymentId, to });
    expect(await payment(paymentId)).toMatchObject({ status, cancellations: [{ status: cancellation }] });
    expect((await control('books')).body.cancellations).toHaveLength(moved);
  });
});

describe('a virtual account', () => {
  it('is issued with a number and a due date, and paid by the deposit', async () => {
    const paymentId = await account({ virtualAccount: { accountExpiry: { validHours: 24 } } });
    const issued = await payment(paymentId);
    expect(issued).toMatchObject({ status: 'VIRTUAL_ACCOUNT_ISSUED', amount: { paid: 0 } });
    expect(issued.method).toMatchObject({ bank: 'SHINHAN', accountNumber: expect.stringMatching(/^X\d+$/) });
    expect(Date.parse(issued.method.expiredAt)).toBe(time.now + 24 * 3_600_000);
    await v2('deposit', { paymentId });
    expect((await payment(paymentId)).status).toBe('PAID');
  });

  it('is due at the end of a day in Seoul that the page names', async () => {
    const paymentId = await account({ virtualAccount: { accountExpiry: { dueDate: '2026-11-25' } } });
    expect((await payment(paymentId)).method.expiredAt).toBe('2026-11-25T14:59:59.000Z');
  });

  it('takes no deposit after its due date', async () => {
    const paymentId = await account({ virtualAccount: { accountExpiry: { validHours: 1 } } });
    time.now += 3_600_001;
    expect((await v2('deposit', { paymentId })).status).toBe(409);
    expect((await payment(paymentId)).status).toBe('VIRTUAL_ACCOUNT_ISSUED');
  });

  it('is closed before the deposit, and takes none after', async () => {
    const paymentId = await account();
    expect(refusal(await cancel(paymentId))).toBe('409 PAYMENT_NOT_PAID');
    const close = () => rest('POST', `/payments/${paymentId}/virtual-account/close`);
    expect((await close()).body).toEqual({ closedAt: new Date(time.now).toISOString() });
    const closed = await payment(paymentId);
    expect(closed).toMatchObject({ status: 'CANCELLED', cancellations: [], amount: { paid: 0, cancelled: 0 } });
    expect(closed.paidAt).toBeUndefined();
    expect(refusal(await close())).toBe('409 PAYMENT_NOT_WAITING_FOR_DEPOSIT');
    expect((await v2('deposit', { paymentId })).status).toBe(409);
    expect((await control('books')).body.cancellations).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no account', undefined, '502 PG_PROVIDER'],
    ['a number of 60 digits', { ...refundAccount, number: '1'.repeat(60) }, '502 PG_PROVIDER'],
    ['no holder', { ...refundAccount, holderName: ' ' }, '502 PG_PROVIDER'],
    ['an unknown bank', { ...refundAccount, bank: '20' }, '400 INVALID_REQUEST'],
  ])('that was paid gives nothing back to %s', async (_what, given, expected) => {
    const paymentId = await deposited();
    expect(refusal(await cancel(paymentId, { refundAccount: given }))).toBe(expected);
    expect((await payment(paymentId)).status).toBe('PAID');
  });

  it('that was paid gives back to the account that the shopper named', async () => {
    const paymentId = await deposited();
    await control('faults', { on: 'cancel', kind: 'pending' });
    await cancel(paymentId, { amount: 5000, refundAccount });
    expect((await payment(paymentId)).method.refundStatus).toBe('PENDING');
    await v2('cancel/settle', { paymentId });
    expect(await payment(paymentId)).toMatchObject({
      status: 'PARTIAL_CANCELLED',
      method: { refundStatus: 'COMPLETED' },
    });
  });
});

const operations = [
  'GET /payments',
  'GET /payments/{paymentId}',
  'GET /payments/{paymentId}/transactions',
  'POST /payments/{paymentId}/pre-register',
  'POST /payments/{paymentId}/confirm',
  'POST /payments/{paymentId}/cancel',
  'POST /payments/{paymentId}/virtual-account/close',
];

describe('every operation that is served', () => {
  it('answers in the words of the schema, from a window that opened to one that was refunded', async () => {
    const walk = async (paymentId: string) => {
      await rest('GET', `/payments/${paymentId}`);
      await rest('GET', `/payments/${paymentId}/transactions`);
    };
    await rest('POST', '/payments/walk-000001/pre-register', { totalAmount: 9000, currency: 'KRW' });
    const { body: opened } = await v2('open', {
      ...{ channelKey: channel('card'), paymentId: 'walk-000001', amount: 9000, customData: { a: 1 } },
      customer: { customerId: 'c1', fullName: '김토스', email: 'a@b.example', phoneNumber: '01000000000' },
      products: [{ id: 'p1', name: '커피', amount: 9000, quantity: 1 }],
    });
    await walk(opened.paymentId);
    await v2('authenticate', { txId: opened.txId });
    await walk(opened.paymentId);
    expect(await payment(opened.paymentId)).toMatchObject({ customData: '{"a":1}', customer: { name: '김토스' } });
    await cancel(opened.paymentId, { amount: 1 });
    await walk(opened.paymentId);
    await cancel(opened.paymentId);
    await walk(opened.paymentId);
    const declined = await paid({ card: '4300000000000002' });
    await walk(declined.paymentId);
    const manual = await paid({ channelKey: channel('manual') });
    await rest('POST', `/payments/${manual.paymentId}/confirm`, { paymentToken: manual.said.paymentToken });
    await control('faults', { on: 'approve', kind: 'pending' });
    await walk((await paid()).paymentId);
    const waiting = await account();
    await walk(waiting);
    await v2('deposit', { paymentId: waiting });
    await walk(waiting);
    expect((await rest('GET', '/payments')).body.page.totalCount).toBe(5);
    const closed = await account();
    await rest('POST', `/payments/${closed}/virtual-account/close`);
    await walk(closed);
    for (const operation of operations) {
      const [method = '', path = ''] = operation.split(' ');
      const at = path.replace('{paymentId}', 'nobody-knows');
      await rest(method, at, method === 'GET' ? undefined : {}, authorization('wrong'));
      expect([...operationsSeen]).toEqual(expect.arrayContaining([`${operation} 200`, `${operation} 401`]));
    }
  });
});
