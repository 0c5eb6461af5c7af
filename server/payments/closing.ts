import { createHash } from 'node:crypto';
import type { Instant } from '../ops/clock.js';
import { hour } from '../ops/clock.js';
import type { CloseOutcome, ProviderRecord } from '../providers/provider.js';
import { backoff } from './due-times.js';
import { type Attempt, type Closing, type Payment, withAttempt, without } from './payment.js';
import type { Schedule } from './schedule.js';

/**
 * An issued account that nobody should pay into any more: a later attempt took its place, the payment was canceled, or something else paid
 * it. A deposit would only go back, and only after the buyer named an account. Closing is a kindness, not a safeguard: whatever is paid in
 * all the same is settled like any money.
 */
const isUnwanted = (payment: Payment, attempt: Attempt): boolean =>
  attempt.state === 'pending' &&
  attempt.account !== undefined &&
  payment.paidBy?.attempt !== attempt.no &&
  (attempt.superseded === true || payment.canceledAt !== undefined || payment.paidBy !== undefined);

/** The record behind an account that still waits for its deposit. */
export const accountRecord = (attempt: Attempt): ProviderRecord | undefined =>
  attempt.records.find((record) => record.state === 'awaiting_deposit');

/** Decides the closing of unwanted accounts, once each, and ends those of accounts that ended. The same payment if there are none. */
export function closeUnwanted(payment: Payment, now: Instant): Payment {
  return payment.attempts.reduce((next, attempt) => {
    const closing = closingOf(payment, attempt, now);
    return closing && closing !== attempt.closing ? withAttempt(next, { ...attempt, closing }) : next;
  }, payment);
}

function closingOf(payment: Payment, attempt: Attempt, now: Instant): Closing | undefined {
  const { closing } = attempt;
  if (!closing) {
    const wanted = !isUnwanted(payment, attempt) || accountRecord(attempt) === undefined;
    return wanted ? undefined : { state: 'requested', try: 0, calls: 0, nextStepAt: now };
  }
  if (attempt.state === 'pending' || !isClosing(closing)) return closing;
  // Its record told what became of it before our own call did.
  const state = attempt.state === 'canceled' ? 'closed' : 'declined';
  return { ...without(closing, 'nextStepAt', 'unanswered'), state };
}

/** Not known yet what it comes to. */
export const isClosing = ({ state }: Closing): boolean =>
  state === 'requested' || state === 'sent' || state === 'unknown';

/** Calls that led nowhere until we stop: most of a day. The account then ends at its date. */
const maxCalls = 20;

/** When the closing of this attempt's account is worked on next. An account that ended meanwhile needs none. */
export const nextClosing = ({ state, closing }: Attempt): Instant | undefined =>
  state === 'pending' ? closing?.nextStepAt : undefined;

/**
 * Stored before the call. After no reply the same key is used again; after an error that was received, a new one: the provider would only
 * repeat its answer under the old one.
 */
export function closingSent(closing: Closing, now: Instant, schedule: Schedule): Closing {
  const fresh = closing.try === 0 || closing.unanswered === 'temporary';
  return {
    ...without(closing, 'unanswered'),
    state: 'sent',
    try: fresh ? closing.try + 1 : closing.try,
    nextStepAt: now + schedule.confirmHoldMs,
  };
}

/** Quotable by every provider: hex, 64 characters. */
export const closingKey = ({ orderId }: Attempt, record: string, { try: number }: Closing): string =>
  createHash('sha256').update(`close:${orderId}:${record}:${number}`).digest('hex');

/** What the answer means. `closed` and `declined` are looked up by the caller: only the record tells what became of the account. */
export function closingAnswered(closing: Closing, outcome: CloseOutcome, now: Instant, schedule: Schedule): Closing {
  const over = without(closing, 'nextStepAt', 'unanswered');
  switch (outcome.outcome) {
    case 'done':
      return { ...over, state: 'closed' };
    case 'declined':
    case 'not_found':
      return { ...over, state: 'declined' };
    case 'misconfigured':
      return again(closing, 'temporary', now + hour);
    case 'unknown': {
      const at = now + backoff(schedule.refundBackoffMs, closing.calls + 1);
      return again(closing, outcome.why, at);
    }
  }
}

function again(closing: Closing, unanswered: NonNullable<Closing['unanswered']>, nextStepAt: Instant): Closing {
  const calls = closing.calls + 1;
  if (calls >= maxCalls) return { ...without(closing, 'nextStepAt', 'unanswered'), calls, state: 'failed' };
  return { ...closing, state: 'unknown', unanswered, calls, nextStepAt };
}
