import type { MyPaymentRow, MyRefundView } from '../../contract/index.js';

// A shopper's payments as the server would list them, for pages: no Node, no DOM.

const start = Date.UTC(2026, 2, 2, 3, 4);
const hour = 3_600_000;
let made = 0;

/** A payment, each an hour older than the one before. */
export function row(more: Partial<MyPaymentRow> = {}): MyPaymentRow {
  made += 1;
  const createdAt = new Date(start - made * hour).toISOString();
  const id = `pay_${String(100_000 - made)}`;
  return {
    id,
    session: id.replace('pay', 'cs'),
    status: 'paid',
    processing: false,
    amount: 12_900,
    currency: 'KRW',
    refundedAmount: 0,
    orderName: '드립백 커피 세트',
    provider: 'toss',
    method: 'card',
    createdAt,
    paidAt: createdAt,
    receipt: {
      paidAt: createdAt,
      method: 'card',
      card: { issuer: 'SHINHAN', last4: '1234', installmentMonths: 3 },
      url: 'https://receipt.example/1',
    },
    ...more,
  };
}

/** A refund of a payment. */
export const refund = (more: Partial<MyRefundView> = {}): MyRefundView => ({
  id: 'rf_1',
  amount: 3_000,
  currency: 'KRW',
  state: 'done',
  needsAccount: false,
  requestedAt: '2026-03-03T03:04:05.000Z',
  ...more,
});

/** A payment without what only money that moved has. */
export function unpaid(more: Partial<MyPaymentRow> = {}): MyPaymentRow {
  const { receipt: _receipt, paidAt: _paidAt, ...rest } = row(more);
  return rest;
}

/** One that waits for a deposit, which is due so many milliseconds from now. */
export const deposit = (dueInMs: number, more: Partial<MyPaymentRow> = {}): MyPaymentRow =>
  unpaid({
    status: 'pending',
    method: 'virtual_account',
    account: {
      bank: 'SHINHAN',
      number: '56211105951234',
      holder: 'Slow Morning Co.',
      dueAt: new Date(Date.now() + dueInMs).toISOString(),
    },
    ...more,
  });

/** A token of a person, as a merchant signs it: nothing here checks the signature. */
export const tokenOf = (sub: string, no = 1): string =>
  ['{"alg":"HS256"}', JSON.stringify({ iss: 'pk_1', sub, no }), 'signature']
    .map((part) => btoa(part).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))
    .join('.');
