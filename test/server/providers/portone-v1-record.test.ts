import { describe, expect, test } from 'vitest';
import { readPayment } from '../../../server/providers/portone-v1/record.js';
import { v1Account, v1Cancellation, v1Payment } from './portone-v1-payments.js';

const read = (changes: Record<string, unknown> = {}) => readPayment(v1Payment(changes), 'live');

describe('a PortOne V1 payment', () => {
  test('paid by card is read in full', () => {
    expect(read()).toEqual({
      record: 'imp_100000000001',
      orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
      state: 'paid',
      amount: 12_000,
      currency: 'KRW',
      cancelled: 0,
      cancellations: [],
      environment: 'test',
      method: 'card',
      card: { issuer: '신한카드', last4: '5678', installmentMonths: 3 },
      receiptUrl: 'https://receipts.example/1',
      paidAt: Date.UTC(2026, 0, 1, 3, 1),
    });
  });

  const cancelled = { status: 'cancelled', cancel_amount: 12_000 };
  test.each([
    ['a window that was left', { status: 'ready', paid_at: 0 }, 'ready'],
    ['a window for an account that was left', { status: 'ready', paid_at: 0, pay_method: 'vbank' }, 'ready'],
    ['an account that was issued', { status: 'ready', paid_at: 0, ...v1Account() }, 'awaiting_deposit'],
    ['paid', {}, 'paid'],
    ['paid, and a part given back', { cancel_amount: 5_000, cancel_history: [v1Cancellation()] }, 'paid'],
    ['given back', cancelled, 'paid'],
    ['given back, its approval not told', { ...cancelled, paid_at: 0 }, 'paid'],
    ['a deposit that was given back', { ...cancelled, ...v1Account() }, 'paid'],
    ['an account that was closed', { status: 'cancelled', paid_at: 0, ...v1Account() }, 'canceled'],
    ['an account that was closed, with a sum', { ...cancelled, paid_at: 0, ...v1Account() }, 'canceled'],
    ['failed', { status: 'failed', paid_at: 0 }, 'failed'],
  ])('%s', (_what, changes, state) => {
    expect(read(changes)).toMatchObject({ state });
  });

  test('money is paid and given back only where it moved; times of 0 are none', () => {
    expect(read({ status: 'failed', paid_at: 0, cancel_amount: 500 })).toMatchObject({ cancelled: 0 });
    expect(read({ status: 'ready', paid_at: 0 })?.paidAt).toBeUndefined();
    expect(read({ cancel_amount: 5_000 })?.cancelled).toBe(5_000);
    expect(read({ cancel_amount: null })?.cancelled).toBe(0);
    expect(read({ cancel_history: [v1Cancellation({ cancelled_at: 0 })] })?.cancellations).toEqual([
      { id: 'c-1', amount: 5_000, state: 'done', reason: 'rf_1 customer asked' },
    ]);
  });

  test('dollars are cents on our side, exactly', () => {
    const dollars = { currency: 'USD', amount: 664.98, cancel_amount: 14.2 };
    expect(read(dollars)).toMatchObject({ amount: 66_498, cancelled: 1_420, currency: 'USD' });
    expect(read({ currency: 'USD', amount: 14.205 })).toBeUndefined();
  });

  test('the record says whether the money is real; of a window that was left, ours does', () => {
    expect(read({ sandbox: false })?.environment).toBe('live');
    expect(readPayment(v1Payment({ sandbox: false }), 'test')?.environment).toBe('live');
    for (const status of ['ready', 'failed']) {
      expect(read({ status, paid_at: 0, sandbox: undefined })?.environment).toBe('live');
    }
    for (const sandbox of [undefined, null, 'true', 1]) expect(read({ sandbox })).toBeUndefined();
    expect(read({ status: 'ready', paid_at: 0, ...v1Account(), sandbox: undefined })).toBeUndefined();
  });

  test.each([
    [{ status: 'brand_new' }],
    [{ status: 'constructor' }],
    [{ status: undefined }],
    [{ imp_uid: '' }],
    [{ merchant_uid: null }],
    [{ currency: null }],
    [{ currency: 'WON!' }],
    [{ amount: undefined }],
    [{ amount: 12_000.5 }],
    [{ amount: '12000' }],
    [{ amount: -1 }],
    [{ cancel_amount: '5000' }],
    [{ cancel_amount: 12_001 }],
    [{ status: 'cancelled', cancel_amount: 0 }],
    [{ cancel_history: [v1Cancellation({ amount: '5000' })] }],
    [{ cancel_history: [null] }],
  ])('that can not be read for certain is none: %j', (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  test.each([
    [{ pay_method: 'card' }, 'card'],
    [{ pay_method: 'trans' }, 'transfer'],
    [{ pay_method: 'vbank' }, 'virtual_account'],
    [{ pay_method: 'phone' }, 'phone'],
    [{ pay_method: 'kakaopay' }, 'kakaopay'],
    [{ pay_method: 'naverpay_card' }, 'naverpay'],
    [{ pay_method: 'tosspay_money' }, 'tosspay'],
    [{ pay_method: 'paypal' }, 'paypal'],
    [{ pay_method: 'card', pg_provider: 'kakaopay' }, 'kakaopay'],
    [{ pay_method: 'card', emb_pg_provider: 'naverpay' }, 'naverpay'],
    [{ pay_method: 'card', pg_provider: 'tosspayments' }, 'card'],
    [{ pay_method: 'card', emb_pg_provider: 'payco' }, undefined],
    [{ pay_method: 'point', pg_provider: 'tosspay_v2' }, 'tosspay'],
    [{ pay_method: 'culturegift' }, undefined],
    [{ pay_method: 'constructor' }, undefined],
    [{ pay_method: null }, undefined],
  ])('by %j has the method %s', (changes, expected) => {
    expect(read(changes)?.method).toBe(expected);
  });

  test('an issued account has what is needed to pay into it, its bank by our word', () => {
    const issued = (changes = {}) => read({ status: 'ready', paid_at: 0, ...v1Account(changes) })?.account;
    expect(issued()).toEqual({
      ...{ bank: 'WOORI', number: 'X6505636518308', holder: '박포원', dueAt: Date.UTC(2026, 0, 4, 3) },
    });
    expect(issued({ vbank_name: '외계은행' })?.bank).toBe('외계은행');
    expect(issued({ vbank_name: null })?.bank).toBe('20');
  });

  test('a failure is told in the payment company’s words', () => {
    const failed = { status: 'failed', paid_at: 0 };
    expect(read({ ...failed, fail_reason: '잔액부족' })?.failure).toEqual({ code: 'failed', message: '잔액부족' });
    expect(read(failed)?.failure).toEqual({ code: 'failed' });
  });

  test('cancellations without an id are told apart by their place', () => {
    const history = [v1Cancellation({ cancellation_id: null }), v1Cancellation({ cancellation_id: null })];
    expect(read({ cancel_amount: 10_000, cancel_history: history })?.cancellations.map(({ id }) => id)).toEqual([
      ...['#1', '#2'],
    ]);
  });

  test('what is odd and decides nothing is left out', () => {
    const odd = read({
      receipt_url: 'javascript:alert(1)',
      paid_at: 'yesterday',
      pay_method: [],
      card_name: 7,
      card_number: {},
    });
    expect(odd).toMatchObject({ state: 'paid', amount: 12_000 });
    for (const name of ['receiptUrl', 'paidAt', 'method', 'card']) expect(odd).not.toHaveProperty(name);
  });
});
