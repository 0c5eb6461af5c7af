import { describe, expect, it } from 'vitest';
import { clientKey, useSandbox } from './harness.js';

const { time, toss, control, agreed, confirm, cancel, look, newOrder } = useSandbox();
const refusal = ({ status, body }: { status: number; body: { code?: string } }) => `${status} ${body.code}`;
const account = { bank: '20', accountNumber: '1002123456789', holderName: '김토스' };

async function paid(more: Record<string, unknown> = {}) {
  const payment = await agreed(more);
  await confirm(payment);
  time.now += 2000;
  return payment.paymentKey;
}

async function deposited() {
  const payment = await agreed({ method: 'virtual_account', bank: 'SHINHAN' });
  await confirm(payment);
  await control('toss/deposit', { orderId: payment.orderId });
  return payment;
}

describe('cancel', () => {
  it('gives all of it back, once', async () => {
    const paymentKey = await paid();
    const { body } = await cancel(paymentKey, {});
    expect(body).toMatchObject({ status: 'CANCELED', totalAmount: 15000, balanceAmount: 0 });
    expect(body.cancels).toMatchObject([
      { cancelAmount: 15000, cancelReason: '고객 변심', refundableAmount: 0, cancelStatus: 'DONE' },
    ]);
    expect(body.cancels[0].transactionKey).toBe(body.lastTransactionKey);
    time.now += 1000;
    expect(refusal(await cancel(paymentKey, {}))).toBe('400 ALREADY_CANCELED_PAYMENT');
    expect((await control('books')).body.totals).toEqual([{ currency: 'KRW', received: 15000, net: 0 }]);
  });

  it('gives parts back until nothing is left', async () => {
    const paymentKey = await paid();
    expect((await cancel(paymentKey, { cancelAmount: 5000 })).body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      balanceAmount: 10000,
    });
    time.now += 1000;
    expect(refusal(await cancel(paymentKey, { cancelAmount: 10001 }))).toBe('403 NOT_CANCELABLE_AMOUNT');
    expect((await cancel(paymentKey, { cancelAmount: 10000 })).body.status).toBe('CANCELED');
    time.now += 1000;
    expect(refusal(await cancel(paymentKey, {}))).toBe('403 NOT_CANCELABLE_AMOUNT');
  });

  it('handles only the first of two cancels of one payment inside a second', async () => {
    const paymentKey = await paid();
    const [first, other] = [await cancel(paymentKey, { cancelAmount: 100 }), await cancel(await paid(), {})];
    expect([first.status, other.status]).toEqual([200, 200]);
    const again = await paid();
    await cancel(again, { cancelAmount: 100 });
    time.now += 999;
    expect(refusal(await cancel(again, { cancelAmount: 100 }))).toBe('403 FORBIDDEN_CONSECUTIVE_REQUEST');
    time.now += 1;
    expect((await cancel(again, { cancelAmount: 100 })).body.balanceAmount).toBe(14800);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no reason', { cancelReason: undefined }, '400 INVALID_REQUEST'],
    ['a reason of 201 characters', { cancelReason: 'x'.repeat(201) }, '400 INVALID_REQUEST'],
    ['an amount of 0', { cancelAmount: 0 }, '400 INVALID_REQUEST'],
    ['a negative amount', { cancelAmount: -1 }, '400 INVALID_REQUEST'],
    ['a fraction of a won', { cancelAmount: 0.5 }, '400 INVALID_REQUEST'],
    ['more than was paid', { cancelAmount: 15001 }, '403 NOT_CANCELABLE_AMOUNT'],
    ['another balance than expected', { refundableAmount: 14000 }, '400 NOT_MATCHES_REFUNDABLE_AMOUNT'],
    ['a refund account for a card', { refundReceiveAccount: account }, '400 INVALID_REQUEST'],
  ])('refuses %s and gives nothing back', async (_what, body, expected) => {
    const paymentKey = await paid();
    expect(refusal(await cancel(paymentKey, body))).toBe(expected);
    expect((await look(paymentKey)).body).toMatchObject({ status: 'DONE', cancels: null });
  });

  it('refuses what was never paid, or is not there', async () => {
    expect(refusal(await cancel((await agreed()).paymentKey, {}))).toBe('403 NOT_CANCELABLE_PAYMENT');
    expect(refusal(await cancel('nothing', {}))).toBe('404 NOT_FOUND_PAYMENT');
  });

  it('counts dollars in cents and wants the currency for a part', async () => {
    const payment = await agreed({ method: 'paypal', amount: 19.99, currency: 'USD' });
    expect((await confirm(payment)).body).toMatchObject({ totalAmount: 19.99, currency: 'USD' });
    expect(refusal(await cancel(payment.paymentKey, { cancelAmount: 0.99 }))).toBe('400 INVALID_REQUEST');
    const part = await cancel(payment.paymentKey, { cancelAmount: 0.99, currency: 'USD' });
    expect(part.body.balanceAmount).toBe(19);
    expect((await control('books')).body.totals).toEqual([{ currency: 'USD', received: 1999, net: 1900 }]);
  });

  it('shows what was canceled at the console', async () => {
    const payment = await agreed();
    await confirm(payment);
    await control('toss/cancel', { orderId: payment.orderId, amount: 5000, reason: '콘솔' });
    expect((await look(payment.paymentKey)).body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      cancels: [{ cancelAmount: 5000, cancelReason: '콘솔' }],
    });
  });
});

describe('virtual account', () => {
  it('is issued by the confirm, with an X number and a due date; no money has moved', async () => {
    const payment = await agreed({ method: 'virtual_account', bank: 'SHINHAN', customerName: '김토스' });
    const { body } = await confirm(payment);
    expect(body).toMatchObject({
      ...{ status: 'WAITING_FOR_DEPOSIT', method: '가상계좌', approvedAt: null, balanceAmount: 15000 },
      virtualAccount: { bankCode: '88', dueDate: '2026-11-28T12:00:00+09:00', expired: false, customerName: '김토스' },
    });
    expect(body.virtualAccount.accountNumber).toMatch(/^X\d+$/);
    const { body: books } = await control('books');
    expect([books.charges, books.deposits]).toEqual([[], []]);
  });

  it('is DONE when the deposit comes, waits again when that was an error, and can be paid again', async () => {
    const { paymentKey, orderId } = await deposited();
    expect((await look(paymentKey)).body).toMatchObject({ status: 'DONE', virtualAccount: { refundStatus: 'NONE' } });
    await control('toss/deposit/reverse', { orderId });
    expect((await look(paymentKey)).body).toMatchObject({ status: 'WAITING_FOR_DEPOSIT', approvedAt: null });
    expect((await control('toss/deposit', { orderId })).body.status).toBe('DONE');
    const { body: books } = await control('books');
    expect([books.deposits.length, books.reversals.length, books.totals[0].net]).toEqual([2, 1, 15000]);
  });

  it('takes no deposit after the due date, and stays waiting, expired', async () => {
    const payment = await agreed({ method: 'virtual_account', virtualAccount: { validHours: 24 } });
    await confirm(payment);
    time.now += 24 * 3_600_000 + 1;
    expect(refusal(await control('toss/deposit', { orderId: payment.orderId }))).toBe('409 expired');
    expect((await look(payment.paymentKey)).body).toMatchObject({
      status: 'WAITING_FOR_DEPOSIT',
      virtualAccount: { expired: true },
    });
  });

  it('is given up before the deposit without an account, whole only', async () => {
    const payment = await agreed({ method: 'virtual_account' });
    await confirm(payment);
    const part = await cancel(payment.paymentKey, { cancelAmount: 5000 });
    expect(refusal(part)).toBe('403 NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT');
    expect((await cancel(payment.paymentKey, {})).body.status).toBe('CANCELED');
    expect(refusal(await control('toss/deposit', { orderId: payment.orderId }))).toBe('409 wrong_state');
    expect((await control('books')).body.cancellations).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no account', undefined, '400 INVALID_REFUND_ACCOUNT_INFO'],
    ['an account without a holder', { ...account, holderName: '' }, '400 INVALID_REFUND_ACCOUNT_INFO'],
    ['a number with dashes', { ...account, accountNumber: '1002-12' }, '400 INVALID_REFUND_ACCOUNT_NUMBER'],
    ['an unknown bank', { ...account, bank: '99' }, '400 INVALID_BANK'],
  ])('refuses to give a deposit back to %s', async (_what, refundReceiveAccount, expected) => {
    const { paymentKey } = await deposited();
    expect(refusal(await cancel(paymentKey, { refundReceiveAccount }))).toBe(expected);
    expect((await look(paymentKey)).body.status).toBe('DONE');
  });

  it('gives a deposit back to the account that the shopper named', async () => {
    const { paymentKey } = await deposited();
    const { body } = await cancel(paymentKey, { refundReceiveAccount: account });
    expect(body).toMatchObject({
      status: 'CANCELED',
      virtualAccount: {
        refundStatus: 'COMPLETED',
        refundReceiveAccount: { bankCode: '20', accountNumber: '1002123456789', holderName: '김토스' },
      },
    });
  });
});

describe('a refund that takes its time', () => {
  it('of a deposit, made at the console, is told as completed', async () => {
    const { paymentKey, orderId } = await deposited();
    await control('toss/cancel', { orderId, amount: 5000 });
    expect((await look(paymentKey)).body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      virtualAccount: { refundStatus: 'COMPLETED', refundReceiveAccount: null },
    });
  });

  it.each([
    ['done', 'CANCELED', 'DONE', 'COMPLETED', 1],
    ['failed', 'DONE', 'ABORTED', 'FAILED', 0],
  ])('is in progress, its amount spoken for, until it is %s', async (to, status, cancelStatus, refundStatus, moved) => {
    const { paymentKey, orderId } = await deposited();
    await control('faults', { on: 'cancel', kind: 'pending' });
    expect((await cancel(paymentKey, { refundReceiveAccount: account })).body).toMatchObject({
      ...{ status: 'DONE', balanceAmount: 0, cancels: [{ cancelStatus: 'IN_PROGRESS' }] },
      virtualAccount: { refundStatus: 'PENDING' },
    });
    expect((await control('books')).body.cancellations).toEqual([]);
    await control('toss/cancel/settle', { orderId, to });
    expect((await look(paymentKey)).body).toMatchObject({
      ...{ status, cancels: [{ cancelStatus }], virtualAccount: { refundStatus } },
    });
    expect((await control('books')).body.cancellations).toHaveLength(moved);
  });
});

describe('transactions', () => {
  it('lists approvals and cancellations of one merchant, by pages', async () => {
    const [first, second] = [await paid(), await paid()];
    await cancel(first, {});
    await confirm(await agreed({ clientKey: 'test_ck_other' }), { authorization: 'Basic dGVzdF9za19vdGhlcjo=' });
    const range = 'startDate=2026-11-21T00:00:00&endDate=2026-11-22T00:00:00';
    const all = (await toss('GET', `/v1/transactions?${range}`)).body;
    expect(all.map((each: any) => [each.paymentKey, each.status, each.amount])).toEqual([
      [first, 'DONE', 15000],
      [second, 'DONE', 15000],
      [first, 'CANCELED', 15000],
    ]);
    const page = await toss('GET', `/v1/transactions?${range}&startingAfter=${all[0].transactionKey}&limit=1`);
    expect(page.body).toEqual([all[1]]);
    const none = await toss('GET', '/v1/transactions?startDate=2026-11-20T00:00:00&endDate=2026-11-21T00:00:00');
    expect(none.body).toEqual([]);
    expect(refusal(await toss('GET', '/v1/transactions'))).toBe('400 INVALID_REQUEST');
  });
});

describe('books', () => {
  it('of one order tell of it alone', async () => {
    await paid();
    const orderId = newOrder();
    await confirm(await agreed({ orderId, clientKey }));
    const { body } = await control(`books?orderId=${orderId}`);
    expect([body.records.length, body.charges.length]).toEqual([1, 1]);
    expect(body.totals).toEqual([{ currency: 'KRW', received: 15000, net: 15000 }]);
  });
});
