import type { Attention, PaymentStatus } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { closeUnwanted, isClosing, nextClosing } from './closing.js';
import { earliest, expiryOf, nextLookup } from './due-times.js';
import {
  type Attempt,
  type Closing,
  currentAttempt,
  type Payment,
  type Refund,
  type Transition,
  type Trigger,
  without,
} from './payment.js';
import { goneBack, manyLooks, nextRefundStep, withKnown } from './refunds.js';
import type { Schedule } from './schedule.js';
import { newsOf } from './telling.js';

export interface Context {
  readonly now: Instant;
  readonly trigger: Trigger;
  readonly schedule: Schedule;
}

/**
 * Finishes a decision: fills what is derived, and writes every change of state into the timeline. Returns `before` itself when nothing
 * that matters changed, so that a trigger which changes nothing writes nothing.
 */
export function conclude(before: Payment, after: Payment, context: Context): Payment {
  if (after === before) return before;
  const known = withKnown(before, closeUnwanted(after, context.now), context.now);
  const scheduled = withSchedule(known, context.schedule);
  const derived = withDerived(scheduled, context);
  const news = changes(before, derived, context);
  if (news.length === 0) return same(before, derived) ? before : derived;
  const changed = { ...derived, transitions: [...derived.transitions, ...news] };
  const told = newsOf(before, changed, context.now);
  return told.length === 0 ? changed : dueToTell({ ...changed, outbox: [...changed.outbox, ...told] });
}

/** The derived fields of a payment that was just made. */
export const concludeNew = (payment: Payment, context: Context): Payment => {
  const derived = withDerived(withSchedule(payment, context.schedule), context);
  const born: Transition = { at: context.now, what: 'payment', to: derived.status, trigger: context.trigger };
  const attempts = derived.attempts.map((attempt) => ({ ...born, what: `attempt ${attempt.no}`, to: attempt.state }));
  return { ...derived, transitions: [born, ...attempts] };
};

/** The payment's status at a moment: the stored one can lag behind the clock by the time due work needs. */
export function statusOf(payment: Payment, now: Instant): PaymentStatus {
  if (payment.paidBy && !payment.paidBy.reversed) {
    const refunded = refundedAmount(payment);
    if (refunded === 0) return 'paid';
    return refunded < payment.amount ? 'partially_refunded' : 'refunded';
  }
  if (payment.canceledAt !== undefined) return 'canceled';
  if (payment.attempts.some((attempt) => attempt.state === 'pending' && !attempt.superseded)) return 'pending';
  const expiry = expiryOf(payment);
  return expiry !== undefined && now >= expiry ? 'expired' : 'open';
}

/** News is due at once, unless somebody is at the payment and will tell it in passing. */
const dueToTell = (payment: Payment): Payment =>
  payment.lease
    ? payment
    : { ...payment, dueAt: Math.min(payment.dueAt ?? Number.POSITIVE_INFINITY, payment.outbox[0]?.at ?? 0) };

/** Why a person must look at it, the gravest first. */
export function attentionOf(payment: Payment): Attention | undefined {
  const ours = payment.refunds.filter((refund) => refund.cause !== 'provider');
  if (payment.attempts.some((attempt) => attempt.state === 'held')) return 'held';
  if (payment.refundsFull) return 'too_many_refunds';
  if (ours.some((refund) => refund.state === 'failed' && isOwed(payment, refund))) return 'refund_failed';
  if (ours.some(isLongUnknown)) return 'refund_unknown';
  const blocked = ours.find((refund) => refund.blocked)?.blocked;
  if (blocked) return blocked;
  if (payment.attempts.some((attempt) => attempt.failure?.code === 'unresolved')) return 'unresolved';
  return currentAttempt(payment)?.failure?.code === 'misconfigured' ? 'misconfigured' : undefined;
}

/** Also while it is asked for once more: else each try would end the trouble, and tell of it anew. */
const isLongUnknown = ({ state, calls }: Refund): boolean =>
  state === 'pending' ? calls >= manyLooks : (state === 'unknown' || state === 'sent') && calls >= 5;

/**
 * A refund that failed is nobody's trouble any more once its record holds nothing to give back, or, where the merchant asked for it, once
 * the merchant has asked again.
 */
function isOwed(payment: Payment, refund: Refund): boolean {
  const later = payment.refunds.slice(payment.refunds.indexOf(refund) + 1);
  const askedAgain = later.some((one) => one.cause === 'merchant' && one.record === refund.record);
  if (refund.cause === 'merchant' && askedAgain) return false;
  const record = payment.attempts[refund.attempt - 1]?.records.find((one) => one.record === refund.record);
  return record === undefined || (record.state === 'paid' && goneBack(record) < record.amount);
}

/** What the provider says went back of the record that paid; never our own sum. */
export function refundedAmount(payment: Payment): number {
  const record = payingRecord(payment);
  return record ? goneBack(record) : 0;
}

export function payingRecord(payment: Payment) {
  const { paidBy } = payment;
  return paidBy && payment.attempts[paidBy.attempt - 1]?.records.find((record) => record.record === paidBy.record);
}

/** What nobody needs any more is not kept: a token that can be asked with no longer. */
function withoutSpentToken(attempt: Attempt): Attempt {
  const { intent, state } = attempt;
  if (intent?.token?.sealed === undefined || state === 'confirming' || state === 'unknown') return attempt;
  return { ...attempt, intent: { ...intent, token: { digest: intent.token.digest } } };
}

function withSchedule(payment: Payment, schedule: Schedule): Payment {
  const attempts = payment.attempts.map(withoutSpentToken).map((attempt): Attempt => {
    const at = nextLookup(payment, attempt, schedule);
    return at === undefined ? without(attempt, 'nextLookupAt') : { ...attempt, nextLookupAt: at };
  });
  return { ...payment, attempts };
}

/** When anything is left to do, whoever holds the lease; undefined when nothing is. */
export function nextWork(payment: Payment, schedule: Schedule): Instant | undefined {
  return earliest([
    payment.outbox[0]?.at,
    ...payment.attempts.flatMap((attempt) => [attempt.nextLookupAt, nextClosing(attempt)]),
    nextRefundStep(payment, schedule)?.at,
    payment.status === 'open' ? expiryOf(payment) : undefined,
  ]);
}

function withDerived(payment: Payment, { now, schedule }: Context): Payment {
  const status = statusOf(payment, now);
  const telling = payment.paidBy ? payment.attempts[payment.paidBy.attempt - 1] : currentAttempt(payment);
  const work = nextWork({ ...payment, status }, schedule);
  const attention = attentionOf(payment);
  const dueAt = payment.lease ? payment.lease.until : work;
  return {
    ...without(payment, 'dueAt', 'method', 'provider', 'paidAt', 'attention'),
    status,
    refundedAmount: refundedAmount(payment),
    ...(telling?.method && { method: telling.method }),
    ...(telling && { provider: telling.provider }),
    ...(attention && { attention }),
    ...(payment.paidBy && { paidAt: payment.paidBy.at }),
    ...(dueAt !== undefined && { dueAt }),
  };
}

function changes(before: Payment, after: Payment, { now, trigger }: Context): Transition[] {
  const news: Transition[] = [];
  const tell = (what: string, from: string | undefined, to: string, note?: string) => {
    if (from === to) return;
    news.push({ at: now, what, ...(from && { from }), to, trigger, ...(note && { note }) });
  };
  for (const attempt of after.attempts) {
    const old = before.attempts[attempt.no - 1];
    tell(`attempt ${attempt.no}`, old?.state, attempt.state, attempt.failure?.code);
    const { closing } = attempt;
    if (closing) tell(`account ${attempt.no}`, old?.closing && closingWord(old.closing), closingWord(closing));
    if (attempt.superseded && !old?.superseded) tell(`attempt ${attempt.no}`, attempt.state, 'superseded');
    if (attempt.intent && attempt.intent.try > 1 && attempt.intent.try !== old?.intent?.try)
      tell(`attempt ${attempt.no}`, attempt.state, `try ${attempt.intent.try}`);
  }
  for (const refund of after.refunds) {
    const old = before.refunds.find((one) => one.id === refund.id);
    if (old && isRoutine(old, refund)) continue;
    tell(`refund ${refund.id}`, old?.state, refund.state, old ? refund.failure?.code : refund.cause);
  }
  if (after.paidBy?.reversed && !before.paidBy?.reversed) tell('payment', before.status, 'reversed');
  tell('payment', before.status, after.status);
  if (after.attention !== before.attention) tell('attention', before.attention, after.attention ?? 'none');
  return news;
}

/** However many calls it takes, the timeline tells of it twice. */
const closingWord = (closing: Closing): string => (isClosing(closing) ? 'closing' : closing.state);

/** A refund that nobody answers, or that is refused for our keys, goes to and fro for as long as it takes: the first rounds are told. */
const isRoutine = (old: Refund, now: Refund): boolean =>
  (now.calls > 3 || now.try > 3) &&
  [old.state, now.state].every((state) => state === 'requested' || state === 'sent' || state === 'unknown');

/** Documents are plain JSON with fields in a fixed order of making; a false "different" costs one write, never a wrong one. */
const same = (a: Payment, b: Payment): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}
