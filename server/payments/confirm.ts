import { createHash } from 'node:crypto';
import type { Instant } from '../ops/clock.js';
import type { ConfirmOutcome, ProviderRecord, UnknownWhy } from '../providers/provider.js';
import { launch } from './attempts.js';
import {
  type Attempt,
  attemptOf,
  type Intent,
  isBusy,
  type Payment,
  type StoredToken,
  withAttempt,
  without,
} from './payment.js';
import type { Schedule } from './schedule.js';

/** The provider's own limit between the shopper's consent and our confirm (Toss: 10 minutes); no new try is begun after it. */
const providerWindowMs = 10 * 60_000;

/** A new try may hide an earlier charge only so often: after that it is looked up until its deadline. */
const maxTries = 10;

/** How many keys or tokens of one attempt the provider may refuse: none is tried twice, then no more are. Each costs two lines of the timeline. */
const maxRefused = 8;

/** What to do about money that moves at our call. */
export type Step =
  | { readonly do: 'nothing' }
  /** The window was for another amount, or the provider refused this key before: nothing is asked for. */
  | { readonly do: 'refuse'; readonly why: 'amount_mismatch' | 'mismatch' }
  /** Write this down, ask for nothing. */
  | { readonly do: 'note'; readonly payment: Payment }
  | { readonly do: 'ask'; readonly payment: Payment; readonly intent: Intent };

/**
 * May a first confirm of this record be made, after it was looked up? Only a verify asks this. `token`: what the browser was given for the
 * shopper's consent, where the record does not show it. Withheld when something paid, the payment was canceled, an attempt is busy, or
 * this one was superseded, ended, or is past its deadline.
 */
export function firstConfirm(
  payment: Payment,
  no: number,
  record: ProviderRecord,
  now: Instant,
  schedule: Schedule,
  token?: StoredToken,
): Step {
  const found = attemptOf(payment, no);
  if (!found || !isAgreed(record, token)) return { do: 'nothing' };
  const attempt = launch(payment, found, now, schedule);
  if (attempt.state !== 'launched' || payment.attempts.some(isBusy)) return { do: 'nothing' };
  if (!isConfirmable(payment, attempt, now)) return { do: 'nothing' };
  if (record.amount !== attempt.amount || record.currency !== attempt.currency) {
    return { do: 'refuse', why: 'amount_mismatch' };
  }
  const { refused = [] } = attempt;
  if (refused.includes(token?.digest ?? record.record) || refused.length >= maxRefused) {
    return { do: 'refuse', why: 'mismatch' };
  }
  const intent: Intent = {
    record: record.record,
    ...(token && { token }),
    try: 1,
    since: now,
    askedAt: now,
    holdUntil: now + schedule.confirmHoldMs,
    calls: 0,
  };
  return { do: 'ask', intent, payment: withAttempt(payment, { ...attempt, state: 'confirming', intent }) };
}

/** Nothing was charged, and the shopper's consent is at hand: in the record, or in a token whose record waits for it. */
const isAgreed = (record: ProviderRecord | undefined, token: StoredToken | undefined): boolean =>
  record?.state === 'authenticated' || (record?.state === 'ready' && token !== undefined);

/**
 * A stored intent without a known outcome, after its record was looked up once more. Whoever comes after the hold asks again: with the
 * same key after no reply (or "still running"), with a new one only after an error that was received, some time ago, while the record
 * shows that nothing was charged and the provider's window is open. `own`: the caller's intent, whose answer it could not write.
 */
export function resumeConfirm(
  payment: Payment,
  no: number,
  now: Instant,
  schedule: Schedule,
  own?: Pick<Intent, 'askedAt' | 'try'>,
): Step {
  const attempt = attemptOf(payment, no);
  const intent = attempt?.intent;
  if (!attempt || !intent || !(attempt.state === 'confirming' || attempt.state === 'unknown')) return { do: 'nothing' };
  const isOwn = own?.askedAt === intent.askedAt && own.try === intent.try && attempt.state === 'confirming';
  if (!isOwn && (now < intent.holdUntil || now < (attempt.nextLookupAt ?? 0))) return { do: 'nothing' };
  if (!isConfirmable(payment, attempt, now)) return abandoned(payment, attempt, intent, now);
  const record = attempt.records.find((one) => one.record === intent.record);
  if (intent.unanswered === 'temporary') {
    const windowOpen = now < (record?.authenticatedAt ?? intent.since) + providerWindowMs;
    const waited = now >= (intent.answeredAt ?? intent.askedAt) + schedule.newTryAfterMs;
    if (!isAgreed(record, intent.token) || !windowOpen || !waited || intent.try >= maxTries) return { do: 'nothing' };
    return ask(payment, attempt, { ...intent, try: intent.try + 1 }, now, schedule);
  }
  // A try that nobody answered for was perhaps called by someone who died: it counts as a call.
  return ask(payment, attempt, intent.unanswered ? intent : { ...intent, calls: intent.calls + 1 }, now, schedule);
}

/** Something paid meanwhile, or the deadline is past: it is no more asked for, only looked up until it is known. */
function abandoned(payment: Payment, attempt: Attempt, intent: Intent, now: Instant): Step {
  if (attempt.state === 'unknown') return { do: 'nothing' };
  return { do: 'note', payment: withAttempt(payment, unknown(attempt, intent, 'no_reply', now)) };
}

function ask(
  payment: Payment,
  attempt: Attempt,
  { record, token, try: number, calls, since }: Intent,
  now: Instant,
  schedule: Schedule,
): Step {
  const times = { since, askedAt: now, holdUntil: now + schedule.confirmHoldMs };
  const intent: Intent = { record, ...(token && { token }), try: number, calls, ...times };
  return { do: 'ask', intent, payment: withAttempt(payment, { ...attempt, state: 'confirming', intent }) };
}

const isConfirmable = (payment: Payment, attempt: Attempt, now: Instant): boolean =>
  !payment.paidBy &&
  payment.canceledAt === undefined &&
  !attempt.superseded &&
  (attempt.deadline === undefined || now < attempt.deadline);

/**
 * One key for one try of one record, and its token, under one order id: every call of that try is the same request to the provider. Never
 * change what is hashed: whoever resumes after a release must find the same key.
 */
export function confirmKey({ orderId }: Attempt, { record, token, try: number }: Intent): string {
  const about = token ? `${record}:${token.digest}` : record;
  return createHash('sha256').update(`confirm:${orderId}:${about}:${number}`).digest('hex');
}

/** What the confirm's answer means where it carries no record; `done` without one is looked up, as if it were unknown. */
export function applyConfirm(payment: Payment, no: number, outcome: ConfirmOutcome, now: Instant): Payment {
  const attempt = attemptOf(payment, no);
  if (!attempt?.intent || attempt.state !== 'confirming') return payment;
  switch (outcome.outcome) {
    case 'done':
      return withAttempt(payment, unknown(attempt, attempt.intent, 'in_progress', now));
    case 'declined': {
      const { code, message, retryable } = outcome;
      const failure = { code, retryable, ...(message !== undefined && { message }) };
      return withAttempt(payment, { ...attempt, state: 'failed', failure });
    }
    case 'refused':
      // No earlier call of this try can have moved money: the provider does not know the key or token. With an earlier try it may have.
      return attempt.intent.try === 1 && attempt.intent.calls === 0
        ? withAttempt(payment, {
            ...without(attempt, 'intent'),
            state: 'launched',
            refused: [...(attempt.refused ?? []), attempt.intent.token?.digest ?? attempt.intent.record],
          })
        : withAttempt(payment, unknown(attempt, attempt.intent, 'temporary', now));
    case 'misconfigured':
      return attempt.intent.try === 1 && attempt.intent.calls === 0
        ? withAttempt(payment, {
            ...attempt,
            state: 'failed',
            failure: { code: 'misconfigured', message: outcome.code, retryable: false },
          })
        : withAttempt(payment, unknown(attempt, attempt.intent, 'temporary', now));
    case 'unknown':
      return withAttempt(payment, unknown(attempt, attempt.intent, outcome.why, now));
  }
}

function unknown(attempt: Attempt, intent: Intent, why: UnknownWhy, now: Instant): Attempt {
  const next: Intent = { ...intent, holdUntil: now, unanswered: why, answeredAt: now, calls: intent.calls + 1 };
  return { ...attempt, state: 'unknown', intent: next };
}
