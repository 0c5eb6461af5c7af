import type { EventType, PaymentStatus } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import type { OutboxEntry, Payment, Refund } from './payment.js';

/** What a merchant hears when the status becomes this. `failed` is for renewals, which have their own words. */
const statusEvents: Readonly<Partial<Record<PaymentStatus, EventType>>> = {
  pending: 'payment.pending',
  paid: 'payment.paid',
  partially_refunded: 'payment.partially_refunded',
  refunded: 'payment.refunded',
  canceled: 'payment.canceled',
  expired: 'payment.expired',
};

const sold: readonly PaymentStatus[] = ['paid', 'partially_refunded', 'refunded'];

/**
 * The events of one change, to be written in the same replace. Whoever counts by them sees every sale once as `paid`, before anything of
 * it is given back, also where we saw both at once.
 */
export function newsOf(before: Payment, after: Payment, now: Instant): readonly OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  const tell = (type: EventType, more: Partial<OutboxEntry['data']> = {}) => {
    const { status, refundedAmount } = after;
    const key = `${after.id}:${after.transitions.length + entries.length}:${type}`;
    entries.push({ key, type, at: now, data: { status, refundedAmount, ...more } });
  };
  if (after.paidBy?.reversed && !before.paidBy?.reversed) tell('payment.reversed');
  if (!sold.includes(before.status) && sold.includes(after.status)) tell('payment.paid');
  const changed = after.status !== before.status && after.status !== 'paid';
  const moreBack = after.refundedAmount !== before.refundedAmount && sold.includes(after.status);
  const type = statusEvents[after.status];
  if (type && type !== 'payment.paid' && (changed || moreBack)) tell(type);
  for (const refund of after.refunds) tellRefund(before, refund, tell);
  if (after.attention && after.attention !== before.attention) {
    tell('payment.attention', { attention: after.attention });
  }
  return entries;
}

function tellRefund(
  before: Payment,
  { id, amount, cause, state }: Refund,
  tell: (type: EventType, more: Partial<OutboxEntry['data']>) => void,
): void {
  const old = before.refunds.find((one) => one.id === id)?.state;
  if (old === state || cause === 'provider') return;
  const refund = { id, amount, cause, state };
  if (state === 'needs_account') tell('refund.needs_account', { refund });
  if (state === 'failed') tell('refund.failed', { refund });
}
