import { describe, expect, test } from 'vitest';
import { environmentOf, readPayment } from '../../../server/providers/toss/record.js';
import { tossAccount, tossCancel, tossPayment } from './toss-payments.js';

const read = (changes: Record<string, unknown> = {}) => readPayment(tossPayment(changes), 'test');

describe('a Toss payment', () => {
  test('paid by card is read in full', () => {
    expect(read()).toEqual({
      record: 'tgen_20260101120000abcd1',
      orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
      state: 'paid',
      amount: 12_000,
      currency: 'KRW',
      cancelled: 0,
      cancellations: [],
      environment: 'test',
      store: 'tosspayments',
      method: 'card',
      card: { issuer: 'SHINHAN', last4: '5678', installmentMonths: 0 },
      receiptUrl: 'https://dashboard.tosspayments.com/receipt/1',
      paidAt: Date.UTC(2026, 0, 1, 3, 1),
      webhookSecret: 'ps_secret',
    });
  });

  test.each([
    ['READY', { approvedAt: null }, 'ready'],
    ['IN_PROGRESS', { approvedAt: null }, 'authenticated'],
    ['WAITING_FOR_DEPOSIT', { approvedAt: null }, 'awaiting_deposit'],
    ['DONE', {}, 'paid'],
    ['PARTIAL_CANCELED', { balanceAmount: 7000 }, 'paid'],
    ['CANCELED', { balanceAmount: 0 }, 'paid'],
    ['CANCELED', { balanceAmount: 0, approvedAt: null }, 'canceled'],
    ['ABORTED', { approvedAt: null }, 'failed'],
    ['EXPIRED', { approvedAt: null }, 'expired'],
  ])('%s %j is %s', (status, changes, state) => {
    expect(read({ status, ...changes })?.state).toBe(state);
  });

  test('counts as given back what is missing from the balance, not what the list adds up to', () => {
    const record = read({
      status: 'PARTIAL_CANCELED',
      balanceAmount: 7000,
      cancels: [tossCancel({ cancelAmount: 4000 })],
    });
    expect(record?.cancelled).toBe(5000);
  });

  test.each(['READY', 'IN_PROGRESS', 'WAITING_FOR_DEPOSIT', 'ABORTED', 'EXPIRED'])(
    '%s has given nothing back, whatever its balance',
    (status) => {
      expect(read({ status, balanceAmount: 0, approvedAt: null })?.cancelled).toBe(0);
    },
  );

  test('an account that was closed unpaid has given nothing back', () => {
    const changes = { status: 'CANCELED', approvedAt: null, balanceAmount: 0, cancels: [tossCancel()] };
    expect(read(changes)).toMatchObject({ state: 'canceled', cancelled: 0 });
  });

  test('dollars are read as cents', () => {
    const record = read({ currency: 'USD', totalAmount: 664.98, balanceAmount: 600.48, status: 'PARTIAL_CANCELED' });
    expect(record).toMatchObject({ amount: 66_498, cancelled: 6450, currency: 'USD' });
  });

  test.each([
    ['no payment key', { paymentKey: undefined }],
    ['an empty order id', { orderId: '' }],
    ['no status', { status: null }],
    ['a status of tomorrow', { status: 'SETTLING' }],
    ['a status named like a built-in', { status: 'constructor' }],
    ['no currency', { currency: null }],
    ['an amount as text', { totalAmount: '12000' }],
    ['a fraction of a won', { totalAmount: 12000.5 }],
    ['a negative amount', { totalAmount: -1 }],
    ['no balance', { balanceAmount: undefined }],
    ['more balance than amount', { balanceAmount: 12001 }],
    ['a cancellation without an amount', { cancels: [tossCancel({ cancelAmount: null })] }],
    ['a cancellation that is none', { cancels: ['x'] }],
  ])('with %s is not read at all', (_what, changes) => {
    expect(read(changes)).toBeUndefined();
  });

  test.each([undefined, null, 'text', 7, [], {}, [tossPayment()]])('%j is none', (body) => {
    expect(readPayment(body, 'test')).toBeUndefined();
  });

  test('everything that is not about money may be missing, odd, or new', () => {
    const odd = {
      card: 7,
      easyPay: [],
      transfer: 'x',
      virtualAccount: 1,
      receipt: 'no',
      failure: 'x',
      method: 1,
      mId: {},
    };
    expect(read({ ...odd, secret: 1, approvedAt: 'soon', cancels: {}, invented: { deep: [] } })).toEqual({
      record: 'tgen_20260101120000abcd1',
      orderId: 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1',
      state: 'paid',
      amount: 12_000,
      currency: 'KRW',
      cancelled: 0,
      cancellations: [],
      environment: 'test',
    });
  });

  test('a receipt that is no web address is not shown', () => {
    expect(read({ receipt: { url: 'javascript:alert(1)' } })?.receiptUrl).toBeUndefined();
  });

  test('a failure keeps its code', () => {
    const failure = { code: 'REJECT_CARD_PAYMENT', message: '한도초과' };
    expect(read({ status: 'ABORTED', approvedAt: null, failure })?.failure).toEqual(failure);
  });
});

describe("a Toss payment's method", () => {
  const card = tossPayment().card;
  test.each([
    ['카드', { card }, 'card'],
    ['Card', { card }, 'card'],
    ['카드', { card: null }, 'card'],
    ['간편결제', { card, easyPay: { provider: '카카오페이' } }, 'kakaopay'],
    ['간편결제', { card: null, easyPay: { provider: '네이버페이' } }, 'naverpay'],
    ['간편결제', { easyPay: { provider: '토스페이' } }, 'tosspay'],
    ['Easy pay', { easyPay: { provider: 'KAKAOPAY' } }, 'kakaopay'],
    ['EasyPay', { easyPay: { provider: 'Naver Pay' } }, 'naverpay'],
    ['EasyPay', { easyPay: { provider: 'TossPay' } }, 'tosspay'],
    ['해외간편결제', { card: null, easyPay: 'PAYPAL' }, 'paypal'],
    ['해외간편결제', { card: null, foreignEasyPay: { provider: 'PAYPAL' } }, 'paypal'],
    ['간편결제', { card, easyPay: { provider: '새로운페이' } }, undefined],
    ['계좌이체', { card: null, transfer: { bankCode: '88' } }, 'transfer'],
    ['Transfer', { card: null }, 'transfer'],
    ['가상계좌', { card: null, virtualAccount: tossAccount() }, 'virtual_account'],
    ['Virtual account', { card: null }, 'virtual_account'],
    ['휴대폰', { card: null, mobilePhone: {} }, 'phone'],
    ['Mobile phone', { card: null }, 'phone'],
    ['문화상품권', { card: null }, undefined],
    [null, { card: null }, undefined],
  ])('%j %j is %s', (method, changes, expected) => {
    expect(read({ method, ...changes })?.method).toBe(expected);
  });

  test('a card number whose end is masked has no last four digits', () => {
    const record = read({ card: { issuerCode: 'ZZ', number: '12345678****000*', installmentPlanMonths: 3 } });
    expect(record?.card).toEqual({ issuer: 'ZZ', installmentMonths: 3 });
  });
});

describe("a Toss payment's account", () => {
  const waiting = { status: 'WAITING_FOR_DEPOSIT', approvedAt: null, card: null, method: '가상계좌' };

  test('is read with its due time', () => {
    expect(read({ ...waiting, virtualAccount: tossAccount() })?.account).toEqual({
      bank: 'WOORI',
      number: 'X6505636518308',
      holder: '박토스',
      dueAt: Date.UTC(2026, 0, 4, 3),
      expired: false,
    });
  });

  test('a due time without a zone is Korean time', () => {
    const virtualAccount = tossAccount({ dueDate: '2026-01-04T12:00:00', expired: true });
    expect(read({ ...waiting, virtualAccount })?.account).toMatchObject({
      dueAt: Date.UTC(2026, 0, 4, 3),
      expired: true,
    });
  });
});

describe("a Toss payment's cancellations", () => {
  test('come with id, amount, reason and time', () => {
    const record = read({ status: 'PARTIAL_CANCELED', balanceAmount: 7000, cancels: [tossCancel()] });
    expect(record?.cancellations).toEqual([
      { id: 'C1', amount: 5000, state: 'done', reason: 'rf_1 customer asked', at: Date.UTC(2026, 0, 2, 3) },
    ]);
  });

  test('without a key they are known by their place', () => {
    const cancels = [tossCancel(), tossCancel({ transactionKey: null })];
    expect(read({ cancels })?.cancellations.map(({ id }) => id)).toEqual(['C1', '#2']);
  });

  test.each([
    ['DONE', 'done'],
    ['IN_PROGRESS', 'pending'],
    ['ABORTED', 'failed'],
    [undefined, 'done'],
    ['HALF_DONE', 'pending'],
  ])('%s is %s', (cancelStatus, state) => {
    expect(read({ cancels: [tossCancel({ cancelStatus })] })?.cancellations[0]?.state).toBe(state);
  });

  test.each([
    ['NONE', 'pending'],
    ['PENDING', 'pending'],
    ['PARTIAL_FAILED', 'pending'],
    ['FAILED', 'failed'],
    ['COMPLETED', 'done'],
    [undefined, 'done'],
  ])('of a paid account, with the bank part %s, are %s', (refundStatus, state) => {
    const virtualAccount = tossAccount({ refundStatus });
    expect(read({ virtualAccount, cancels: [tossCancel()] })?.cancellations[0]?.state).toBe(state);
  });

  test('of an account that nobody paid into there is no bank part to wait for', () => {
    const changes = { status: 'CANCELED', approvedAt: null, virtualAccount: tossAccount(), cancels: [tossCancel()] };
    expect(read(changes)?.cancellations[0]?.state).toBe('done');
  });
});

test('a key that is not plainly live is a test key', () => {
  expect(['live_sk_a', 'live_gsk_a', 'test_sk_a', 'LIVE_sk', ''].map(environmentOf)).toEqual([
    'live',
    'live',
    'test',
    'test',
    'test',
  ]);
});
