import { createHash } from 'node:crypto';
import type { RefundBlock, RefundCause } from '../../contract/index.js';
import { day, hour, type Instant } from '../ops/clock.js';
import { derivedId } from '../ops/ids.js';
import type { Cancellation, ProviderRecord, UnknownWhy } from '../providers/provider.js';
import { backoff } from './due-times.js';
import { type Attempt, maxRefunds, type Payment, type Refund, without, withRefund } from './payment.js';
import type { Schedule } from './schedule.js';

/** Refunds that are decided without being asked for. They give back the whole of a record. */
export const automaticCauses: readonly RefundCause[] = ['duplicate', 'mismatch', 'late'];

/** Of a record, what may still be reserved: paid − given back − reservations not yet counted in what was given back. */
export function refundable(payment: Payment, record: ProviderRecord): number {
  const counts = countedCancellations(record);
  const reserved = payment.refunds
    .filter((refund) => refund.record === record.record && isOutstanding(refund))
    .filter((refund) => !counts.some((one) => one.id === refund.cancellation || carries(one, refund)))
    .reduce((sum, refund) => sum + refund.amount, 0);
  return record.amount - record.cancelled - reserved;
}

/** The cancellations that the provider's total holds already: with some, pending ones too; of a deposit, also where the transfer back failed. */
function countedCancellations({ cancellations, cancelled, account }: ProviderRecord): readonly Cancellation[] {
  if (account && cancelled >= sumOf(cancellations)) return cancellations;
  const alive = cancellations.filter((one) => one.state !== 'failed');
  return cancelled >= sumOf(alive) ? alive : alive.filter((one) => one.state === 'done');
}

const sumOf = (cancellations: readonly Cancellation[]): number =>
  cancellations.reduce((sum, one) => sum + one.amount, 0);

/** What the provider lets us give back now: what is only requested there is spoken for. */
export function cancellable(record: ProviderRecord): number {
  const counted = countedCancellations(record);
  const requested = record.cancellations.filter((one) => one.state === 'pending' && !counted.includes(one));
  return record.amount - record.cancelled - sumOf(requested);
}

/** What has gone back: the provider's total, without what it counts already and is still at, or has failed at. */
export const goneBack = (record: ProviderRecord): number =>
  record.cancelled - sumOf(countedCancellations(record).filter((one) => one.state !== 'done'));

/** Cancellations of this refund that the provider lists as failed. */
export const failedCancellations = (record: ProviderRecord, refund: Refund): readonly string[] =>
  record.cancellations.filter((one) => one.state === 'failed' && carries(one, refund)).map(({ id }) => id);

const isOutstanding = (refund: Refund): boolean => refund.state !== 'done' && refund.state !== 'failed';

/** Between lookups of a refund that the provider, or a bank behind it, is still at. */
const pendingLookMs = hour;

/** A cancellation that carries our refund's id in its reason *is* that refund. */
const carries = (cancellation: Cancellation, refund: Refund): boolean => cancellation.reason.includes(refund.id);

/**
 * Reserves the whole of a record's balance, once per record and cause: the id is derived, so the same news decides it only once.
 * What came through a virtual account waits for an account of the buyer's.
 */
export function reserveAll(
  payment: Payment,
  attempt: Attempt,
  record: ProviderRecord,
  cause: RefundCause,
  now: Instant,
): Payment {
  const id = `rf_${derivedId(payment.id, record.record, cause)}`;
  if (payment.refunds.some((refund) => refund.id === id)) return payment;
  const amount = refundable(payment, record);
  if (amount <= 0) return payment;
  if (payment.refunds.length >= maxRefunds) return { ...payment, refundsFull: true };
  const refund: Refund = {
    id,
    attempt: attempt.no,
    record: record.record,
    amount,
    // Not the attempt's: a mismatch goes back in the currency it came in.
    currency: record.currency,
    cause,
    state: record.account ? 'needs_account' : 'requested',
    requestedAt: now,
    try: 0,
    calls: 0,
    ...(!record.account && { nextStepAt: now }),
  };
  return { ...payment, refunds: [...payment.refunds, refund] };
}

/** Brings the refunds of one record to what the provider says of its cancellations; ones we did not ask for are written down. */
export function countCancellations(payment: Payment, attempt: Attempt, record: ProviderRecord, now: Instant): Payment {
  return record.cancellations.reduce((next, cancellation) => {
    const ours = next.refunds.find((refund) => refund.record === record.record && carries(cancellation, refund));
    return ours ? counted(next, ours, cancellation, now) : recorded(next, attempt, record, cancellation, now);
  }, payment);
}

function counted(payment: Payment, refund: Refund, cancellation: Cancellation, now: Instant): Payment {
  if (refund.state === 'done') return payment;
  if (refund.cancellation === cancellation.id && refund.state === cancellation.state) return payment;
  const settled = {
    ...without(refund, 'nextStepAt', 'unanswered', 'failure', 'blocked'),
    cancellation: cancellation.id,
  };
  switch (cancellation.state) {
    case 'done':
      // A full refund goes out without an amount: what went back is what the provider says.
      return withRefund(payment, { ...settled, amount: cancellation.amount, state: 'done' });
    case 'pending':
      return withRefund(payment, { ...settled, state: 'pending', nextStepAt: now + pendingLookMs });
    case 'failed':
      return refund.refused?.includes(cancellation.id)
        ? payment
        : refundFailed(payment, refund.id, { code: 'cancellation_failed', retryable: false });
  }
}

function recorded(
  payment: Payment,
  attempt: Attempt,
  record: ProviderRecord,
  cancellation: Cancellation,
  now: Instant,
): Payment {
  const id = `rf_${derivedId(payment.id, record.record, 'provider', cancellation.id)}`;
  const known = payment.refunds.find((refund) => refund.id === id);
  const { state } = cancellation;
  const look = state === 'pending' ? { nextStepAt: now + pendingLookMs } : {};
  if (known) {
    const same = known.state === state || known.state === 'done';
    return same ? payment : withRefund(payment, { ...without(known, 'nextStepAt'), state, ...look });
  }
  if (payment.refunds.length >= maxRefunds) return { ...payment, refundsFull: true };
  const refund: Refund = {
    id,
    attempt: attempt.no,
    record: record.record,
    amount: cancellation.amount,
    currency: record.currency,
    cause: 'provider',
    state,
    requestedAt: cancellation.at ?? now,
    try: 0,
    calls: 0,
    cancellation: cancellation.id,
    ...look,
  };
  return { ...payment, refunds: [...payment.refunds, refund] };
}

/**
 * The refund that may be worked on next, and when: they go to the provider strictly one at a time, the next a second after the last is
 * known. Ones that the provider has accepted are only looked after.
 */
export function nextRefundStep(payment: Payment, schedule: Schedule): { refund: Refund; at: Instant } | undefined {
  const asked = payment.refunds.find(isAsked);
  const calling = asked ?? soonest(payment.refunds.filter((one) => one.state === 'requested'));
  const steps = payment.refunds
    .filter((refund) => refund === calling || refund.state === 'pending')
    .flatMap((refund) =>
      refund.nextStepAt === undefined ? [] : [{ refund, at: stepTime(payment, refund, schedule) }],
    );
  return steps.sort((a, b) => a.at - b.at)[0];
}

/** One that can't be sent for now (refused keys, a pause) holds up none of the others. */
const soonest = (refunds: readonly Refund[]): Refund | undefined =>
  refunds.reduce<Refund | undefined>(
    (first, one) => (first && (first.nextStepAt ?? 0) <= (one.nextStepAt ?? 0) ? first : one),
    undefined,
  );

/** Counted from when the last call was known, not from when it was sent: one that was long on its way is handled late. */
function stepTime(payment: Payment, refund: Refund, schedule: Schedule): Instant {
  const others = payment.refunds.filter((one) => one !== refund);
  const last = Math.max(0, ...others.map((one) => one.sentAt ?? 0), ...payment.refunds.map((one) => one.knownAt ?? 0));
  const gap = refund.state === 'pending' || last === 0 ? 0 : last + schedule.refundGapMs;
  return Math.max(refund.nextStepAt ?? 0, gap);
}

/** Notes of each refund that was asked for and is known now, by an answer or a look, that it is. */
export function withKnown(before: Payment, after: Payment, now: Instant): Payment {
  const asked = new Set(before.refunds.filter(isAsked).map(({ id }) => id));
  if (asked.size === 0) return after;
  const known = (refund: Refund): Refund =>
    asked.has(refund.id) && !isAsked(refund) ? { ...refund, knownAt: now } : refund;
  return { ...after, refunds: after.refunds.map(known) };
}

/** A call of it was made, and is not known to have ended. */
const isAsked = ({ state }: Refund): boolean => state === 'sent' || state === 'unknown';

/**
 * Somebody else may have given back a part, or all, since this refund was reserved. One of everything (as automatic ones are) then gives
 * back what is left; one of an amount that is no longer there is over, as is one with nothing left. Another amount is another request: it
 * takes a new key.
 */
export function adjusted(payment: Payment, refund: Refund, record: ProviderRecord): Payment {
  const left = refundable(payment, record) + refund.amount;
  if (left >= refund.amount) return payment;
  if (left <= 0) return refundFailed(payment, refund.id, { code: 'already_refunded', retryable: false });
  if (!refund.everything && !automaticCauses.includes(refund.cause)) {
    return refundFailed(payment, refund.id, { code: 'refund_exceeds_balance', retryable: false });
  }
  return withRefund(payment, { ...refund, amount: left, unanswered: 'temporary' });
}

/**
 * The bank took a deposit back: what the merchant asked to give back of it is over. One that we decided ourselves waits (again) for an
 * account, in case the deposit comes again. `asked`: one that was sent, and that a look shows to have come to nothing.
 */
export function depositGone(payment: Payment, { record, account }: ProviderRecord, asked?: string): Payment {
  const waiting: readonly Refund['state'][] = ['requested', 'needs_account'];
  return payment.refunds
    .filter((one) => one.record === record && (one.id === asked || waiting.includes(one.state)))
    .reduce(
      (next, one) =>
        one.cause === 'merchant' || account === undefined
          ? refundFailed(next, one.id, { code: 'payment_reversed', retryable: false })
          : withRefund(next, {
              ...without(one, 'account', 'nextStepAt', 'unanswered', 'blocked'),
              state: 'needs_account',
            }),
      payment,
    );
}

/** Back in the queue, if it is still to be given back at all. */
export function requeued(payment: Payment, id: string, now: Instant): Payment {
  const refund = payment.refunds.find((one) => one.id === id);
  return refund?.state === 'sent' ? withRefund(payment, { ...refund, state: 'requested', nextStepAt: now }) : payment;
}

/** Nobody was asked: later. */
export const refundPutOff = (payment: Payment, refund: Refund, until: Instant): Payment =>
  withRefund(payment, { ...refund, nextStepAt: until });

/** Still pending: looked after again later. The looks are counted: not every provider tells of one that came to nothing. */
export const refundStillPending = (payment: Payment, refund: Refund, now: Instant): Payment =>
  withRefund(payment, { ...without(refund, 'blocked'), calls: refund.calls + 1, nextStepAt: now + pendingLookMs });

/**
 * Asked for without an answer, and no look tells whether it was taken on: it is not asked for again, and looked after. A person is told at
 * once, as of one that is pending for too long.
 */
export const refundUnseen = (payment: Payment, refund: Refund, now: Instant): Payment =>
  withRefund(payment, {
    ...without(refund, 'unanswered', 'blocked'),
    state: 'pending',
    calls: manyLooks,
    nextStepAt: now + pendingLookMs,
  });

/** Looks in a row that found a refund pending, before a person is told: a week of them. */
export const manyLooks = (7 * day) / pendingLookMs;

/**
 * Stored before the call. After no reply, or "still running", the same key is used again; a new key only after an error that was
 * received and a lookup that shows no cancellation of ours.
 */
export function refundSent(payment: Payment, refund: Refund, now: Instant, schedule: Schedule): Payment {
  const fresh = refund.try === 0 || refund.unanswered === 'temporary';
  return withRefund(payment, {
    ...without(refund, 'unanswered'),
    state: 'sent',
    try: fresh ? refund.try + 1 : refund.try,
    sentAt: now,
    nextStepAt: now + schedule.confirmHoldMs,
  });
}

/** Quotable by every provider: hex, 64 characters. */
export const refundKey = (refund: Refund): string =>
  createHash('sha256').update(`refund:${refund.id}:${refund.try}`).digest('hex');

export const refundReason = (refund: Refund): string => {
  const why: Record<RefundCause, string> = {
    merchant: 'Refund',
    duplicate: 'Paid twice',
    mismatch: 'Wrong amount',
    late: 'Paid after the order ended',
    provider: 'Refund',
  };
  return `${refund.reason ?? why[refund.cause]} [${refund.id}]`;
};

export function refundUnknown(
  payment: Payment,
  refund: Refund,
  why: UnknownWhy,
  now: Instant,
  schedule: Schedule,
): Payment {
  const calls = refund.calls + 1;
  // After an error that was received the next try takes a new key: the provider may yet carry out what it had an error with.
  const wait = Math.max(backoff(schedule.refundBackoffMs, calls), why === 'temporary' ? schedule.newTryAfterMs : 0);
  return withRefund(payment, {
    ...without(refund, 'blocked'),
    state: 'unknown',
    unanswered: why,
    unknownSince: refund.unknownSince ?? now,
    calls,
    nextStepAt: now + wait,
  });
}

/**
 * Our credentials were refused, or automatic refunds are paused: no money moved, a person is told, and it is tried again later. A refusal
 * that was received is remembered under its key by the provider, so that the next call takes a new one.
 */
export function refundBlocked(payment: Payment, refund: Refund, blocked: RefundBlock, until: Instant): Payment {
  return withRefund(payment, {
    ...refund,
    state: 'requested',
    blocked,
    nextStepAt: until,
    ...(refund.try > 0 && { unanswered: 'temporary' }),
  });
}

/** Its channel is gone, or its account can't be read. What was asked for stays asked for: only a look tells what came of it. */
export const refundHeldUp = (payment: Payment, refund: Refund, blocked: RefundBlock, until: Instant): Payment =>
  withRefund(payment, { ...refund, blocked, nextStepAt: until });

/** A definite no: told and listed, never silently repeated. */
export function refundFailed(payment: Payment, id: string, failure: NonNullable<Refund['failure']>): Payment {
  const refund = payment.refunds.find((one) => one.id === id);
  if (!refund) return payment;
  return withRefund(payment, { ...without(refund, 'nextStepAt', 'unanswered', 'blocked'), state: 'failed', failure });
}
