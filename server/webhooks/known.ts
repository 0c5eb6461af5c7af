import { attemptOf, type Payment, parseOrderId } from '../payments/payment.js';
import type { NewEntry } from './entry.js';

/**
 * True: the provider itself, by its signature, says what we had from it by a lookup already; nobody need be asked again. That a window was
 * opened is nothing new while we wait for its end, and once it has paid. After any other end it may be a new try.
 */
export function isKnown({ signed, says, record, orderId }: NewEntry, payment: Payment): boolean {
  const parsed = orderId === undefined ? undefined : parseOrderId(orderId);
  const attempt = parsed && attemptOf(payment, parsed.attempt);
  if (!signed || !says || !attempt) return false;
  const { paidBy } = payment;
  const paidHere = paidBy?.attempt === attempt.no && !paidBy.reversed;
  if (says === 'opened') return attempt.state === 'launched' || paidHere;
  return paidHere && record !== undefined && paidBy.record === record;
}
