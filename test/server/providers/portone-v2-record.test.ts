import { describe, expect, test } from 'vitest';
import { readPayment, readTransaction } from '../../../server/providers/portone-v2/record.js';
import { v2Account, v2Amount, v2Cancellation, v2Card, v2Channel, v2Payment } from './portone-v2-payments.js';

const read = (changes: Record<string, unknown> = {}) => readPayment(v2Payment(changes), 'live');

describe('a PortOne V2 payment', () => {
  test('paid by card is read in full', () => {
    expect(read()).toEqual({
      record: '0199-tx',
      orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
      state: 'paid',
      amount: 12_000,
      currency: 'KRW',
      cancelled: 0,
      cancellations: [],
      environment: 'test',
      store: 'store-1',
      channel: 'channel-key-1',
      method: 'card',
      card: { issuer: 'SHINHAN', last4: '5678', installmentMonths: 3 },
      receiptUrl: 'https://receipts.example/1',
      paidAt: Date.UTC(2026, 0, 1, 3, 1, 0, 123),
    });
  });

  test('a try is the same with its own ids', () => {
    const { id, transactionId, ...rest } = v2Payment();
    expect(readTransaction({ ...rest, id: transactionId, paymentId: id }, 'live')).toEqual(read());
    expect(readTransaction(v2Payment(), 'live')).toBeUndefined();
  });

  test.each([
    ['READY', { channel: undefined, method: undefined, paidAt: undefined }, 'ready'],
    ['PAY_PENDING', { paidAt: undefined }, 'approving'],
    ['VIRTUAL_ACCOUNT_ISSUED', { paidAt: undefined, method: v2Account() }, 'awaiting_deposit'],
    ['PAID', {}, 'paid'],
    ['PARTIAL_CANCELLED', { amount: v2Amount({ cancelled: 5_000 }) }, 'paid'],
    ['CANCELLED', { amount: v2Amount({ cancelled: 12_000 }) }, 'paid'],
    ['CANCELLED', { amount: v2Amount({ cancelled: 12_000 }), paidAt: undefined }, 'paid'],
    ['CANCELLED', { method: v2Account(), paidAt: undefined, amount: v2Amount({ cancelled: 12_000 }) }, 'canceled'],
    ['CANCELLED', { method: v2Account(), amount: v2Amount({ cancelled: 12_000 }) }, 'paid'],
    ['CANCELLED', { paidAt: undefined }, 'canceled'],
    ['FAILED', { paidAt: undefined, failure: {} }, 'failed'],
  ])('%s with %j is %s', (status, changes, state) => {
    expect(read({ status, ...changes })).toMatchObject({ state });
  });

  test('money is paid and given back only where it moved', () => {
    expect(read({ status: 'READY', amount: v2Amount({ cancelled: 500 }) })).toMatchObject({ cancelled: 0 });
    expect(read({ status: 'READY' })?.paidAt).toBeUndefined();
    expect(read({ status: 'PARTIAL_CANCELLED', amount: v2Amount({ cancelled: 5_000 }) })?.cancelled).toBe(5_000);
  });

  test('where everything went back, what a discount had covered is back too', () => {
    const amount = v2Amount({ discount: 2_000, paid: 10_000, cancelled: 10_000 });
    expect(read({ status: 'CANCELLED', amount })?.cancelled).toBe(12_000);
    expect(read({ status: 'PARTIAL_CANCELLED', amount })?.cancelled).toBe(10_000);
  });

  test('the channel says whether the money is real; for what was never asked of one, ours does', () => {
    expect(read({ channel: v2Channel({ type: 'LIVE' }) })?.environment).toBe('live');
    expect(readPayment(v2Payment({ channel: v2Channel({ type: 'LIVE' }) }), 'test')?.environment).toBe('live');
    expect(read({ status: 'READY', channel: undefined })?.environment).toBe('live');
    expect(read({ status: 'FAILED', channel: undefined })?.environment).toBe('live');
    for (const channel of [undefined, {}, v2Channel({ type: 'SANDBOX' })]) expect(read({ channel })).toBeUndefined();
  });

  test.each([
    [{ status: 'BRAND_NEW' }],
    [{ status: 'constructor' }],
    [{ status: undefined }],
    [{ id: '' }],
    [{ transactionId: undefined }],
    [{ currency: null }],
    [{ amount: undefined }],
    [{ amount: v2Amount({ total: 12_000.5 }) }],
    [{ amount: v2Amount({ total: '12000' }) }],
    [{ amount: v2Amount({ total: -1 }) }],
    [{ amount: v2Amount({ cancelled: undefined }) }],
    [{ amount: v2Amount({ cancelled: 12_001 }) }],
    [{ cancellations: [v2Cancellation({ totalAmount: '5000' })] }],
    [{ cancellations: [null] }],
  ])('that can not be read for certain is none: %j', (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  test.each([
    [v2Card(), {}, 'card'],
    [{ type: 'PaymentMethodTransfer' }, {}, 'transfer'],
    [v2Account(), {}, 'virtual_account'],
    [{ type: 'PaymentMethodMobile' }, {}, 'phone'],
    [{ type: 'PaymentMethodEasyPay', provider: 'KAKAOPAY' }, {}, 'kakaopay'],
    [{ type: 'PaymentMethodEasyPay', provider: 'NAVERPAY' }, {}, 'naverpay'],
    [{ type: 'PaymentMethodEasyPay', provider: 'TOSSPAY' }, {}, 'tosspay'],
    [{ type: 'PaymentMethodEasyPay', provider: 'PAYPAL' }, {}, 'paypal'],
    [{ type: 'PaymentMethodEasyPay' }, { pgProvider: 'PAYPAL_V2' }, 'paypal'],
    [{ type: 'PaymentMethodEasyPay' }, { pgProvider: 'KAKAOPAY' }, 'kakaopay'],
    [{ type: 'PaymentMethodEasyPay', provider: 'PAYCO' }, { pgProvider: 'KAKAOPAY' }, undefined],
    [{ type: 'PaymentMethodEasyPay' }, {}, undefined],
    [{ type: 'PaymentMethodCrypto' }, {}, undefined],
    [undefined, {}, undefined],
  ])('by %j on %j has the method %s', (method, channel, expected) => {
    expect(read({ method, channel: v2Channel(channel) })?.method).toBe(expected);
  });

  test("an easy pay's card is told", () => {
    const method = { type: 'PaymentMethodEasyPay', provider: 'NAVERPAY', easyPayMethod: v2Card() };
    expect(read({ method })).toMatchObject({ method: 'naverpay', card: { issuer: 'SHINHAN', last4: '5678' } });
  });

  test('an issued account has what is needed to pay into it', () => {
    const record = read({ status: 'VIRTUAL_ACCOUNT_ISSUED', method: v2Account(), paidAt: undefined });
    expect(record?.account).toEqual({
      bank: 'WOORI',
      number: 'X6505636518308',
      holder: '박포원',
      dueAt: Date.UTC(2026, 0, 4, 3),
    });
  });

  test.each([
    ['SUCCEEDED', undefined, 'done'],
    ['REQUESTED', undefined, 'pending'],
    ['FAILED', undefined, 'failed'],
    ['BRAND_NEW', undefined, 'pending'],
    ['SUCCEEDED', 'PENDING', 'pending'],
    ['SUCCEEDED', 'PARTIAL_REFUND_FAILED', 'pending'],
    ['SUCCEEDED', 'FAILED', 'failed'],
    ['SUCCEEDED', 'COMPLETED', 'done'],
    ['REQUESTED', 'COMPLETED', 'pending'],
  ])('a cancellation %s, its bank part %s, is %s', (status, refundStatus, state) => {
    const method = refundStatus ? v2Account({ refundStatus }) : v2Card();
    const amount = v2Amount({ cancelled: 5_000 });
    const record = read({ status: 'PARTIAL_CANCELLED', amount, method, cancellations: [v2Cancellation({ status })] });
    expect(record?.cancellations).toEqual([
      { id: 'c-1', amount: 5_000, state, reason: 'rf_1 customer asked', at: Date.UTC(2026, 0, 2, 3, 0, 1) },
    ]);
  });

  test('a failure is told by the payment company’s own code where there is one', () => {
    const failed = { status: 'FAILED', paidAt: undefined };
    const failure = { reason: 'declined', pgCode: 'REJECT_CARD_PAYMENT', pgMessage: '잔액부족' };
    expect(read({ ...failed, failure })?.failure).toEqual({ code: 'REJECT_CARD_PAYMENT', message: '잔액부족' });
    expect(read({ ...failed, failure: { reason: 'x' } })?.failure).toEqual({ code: 'FAILED', message: 'x' });
    expect(read({ ...failed, failure: null })?.failure).toEqual({ code: 'FAILED' });
  });

  test('what is odd and decides nothing is left out', () => {
    const odd = read({ receiptUrl: 'javascript:alert(1)', paidAt: 'yesterday', method: [], storeId: 7 });
    expect(odd).toMatchObject({ state: 'paid', amount: 12_000 });
    for (const name of ['receiptUrl', 'paidAt', 'method', 'card', 'store']) expect(odd).not.toHaveProperty(name);
  });
});
