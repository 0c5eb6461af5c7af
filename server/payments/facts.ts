import type { Instant } from '../ops/clock.js';
import type { Cancellation, ProviderRecord } from '../providers/provider.js';
import { launch } from './attempts.js';
import { statusOf } from './conclude.js';
import { attemptDeadline } from './due-times.js';
import {
  type Account,
  type Attempt,
  attemptOf,
  isBusy,
  maxRecords,
  type Payment,
  withAttempt,
  without,
} from './payment.js';
import { automaticCauses, countCancellations, depositGone, reserveAll } from './refunds.js';
import type { Schedule } from './schedule.js';
import { attemptTable, type Fact } from './states.js';

/** What the provider answered about one attempt. `records` empty: it knows nothing of the order. */
export interface Facts {
  /** Before the question went out: facts asked for before the document's last write decide nothing. */
  readonly askedAt: Instant;
  readonly records: readonly ProviderRecord[];
}

/** What the attempt's channel is, and what the merchant wants with late money. */
export interface Terms {
  readonly environment: 'test' | 'live';
  readonly store?: string;
  readonly channel?: string;
  readonly lateMoney: 'refund' | 'accept';
  readonly schedule: Schedule;
}

/**
 * The heart of settling: (payment × facts × now) → next payment. Pure. The first matching money wins; further money is reserved for refund
 * in the same write; nothing that was paid is lowered by older news.
 */
export function applyFacts(payment: Payment, no: number, facts: Facts, terms: Terms): Payment {
  const attempt = attemptOf(payment, no);
  if (!attempt) return payment;
  const records = facts.records.map((record) => merged(attempt, record));
  const seen = withAttempt(payment, answered({ ...attempt, records: keep(attempt, records) }));
  const moved = records.reduce((next, record) => receive(next, no, record, facts.askedAt, terms), seen);
  return ended(toTellingRecord(moved, no, records, facts.askedAt, terms), no, facts, terms);
}

const answered = (attempt: Attempt): Attempt => (attempt.unanswered ? without(attempt, 'unanswered') : attempt);

/** The secret that checks deposit webhooks comes once and is kept sealed; a later copy of the record may lack it. */
function merged(attempt: Attempt, record: ProviderRecord): ProviderRecord {
  const old = attempt.records.find((one) => one.record === record.record);
  const bare = { ...without(record, 'webhookSecret'), cancellations: withDone(old, record) };
  const secret = old?.webhookSecret ?? record.webhookSecret;
  return secret === undefined ? bare : { ...bare, webhookSecret: secret };
}

/**
 * What went back stays so: how far the bank is with a deposit's refunds is told once for the whole record, and while it is at the next one
 * it is at none of those before.
 */
function withDone(old: ProviderRecord | undefined, { cancellations }: ProviderRecord): readonly Cancellation[] {
  const done = old?.cancellations.filter(({ state }) => state === 'done').map(({ id }) => id) ?? [];
  return cancellations.map((one) => (done.includes(one.id) ? { ...one, state: 'done' as const } : one));
}

/**
 * Old records in their order with their news, then new ones. Beyond the bound, ones without money go first; before them, ones that nothing
 * can come of any more.
 */
function keep({ records: old, intent }: Attempt, news: readonly ProviderRecord[]): readonly ProviderRecord[] {
  const all = [
    ...old.map((record) => news.find((one) => one.record === record.record) ?? record),
    ...news.filter((record) => !old.some((one) => one.record === record.record)),
  ];
  if (all.length <= maxRecords) return all;
  const moneyed = all.filter(({ state }) => state === 'paid');
  const others = all.filter(({ state }) => state !== 'paid');
  const isAwaited = ({ state, record }: ProviderRecord) =>
    state === 'awaiting_deposit' || state === 'approving' || record === intent?.record;
  return [...moneyed, ...others.filter(isAwaited), ...others.filter((one) => !isAwaited(one))].slice(
    0,
    Math.max(maxRecords, moneyed.length),
  );
}

/**
 * Compares a record with what the attempt asked for. One that has paid, or goes back, was compared when it came: it is not another's because
 * the channel's keys were changed since, and what the provider says of its refunds counts.
 */
function factOf({ paidBy, refunds }: Payment, attempt: Attempt, record: ProviderRecord, terms: Terms): Fact {
  const isTaken = paidBy?.record === record.record || refunds.some((refund) => refund.record === record.record);
  const { store, channel } = attempt.identity ?? terms;
  const foreign =
    !isTaken &&
    (record.environment !== terms.environment ||
      (store !== undefined && record.store !== undefined && record.store !== store) ||
      (channel !== undefined && record.channel !== undefined && record.channel !== channel));
  if (foreign) return 'foreign';
  if (record.state === 'paid' && !asked(attempt, record)) return 'other_amount';
  return record.state;
}

const asked = (attempt: Attempt, record: ProviderRecord): boolean =>
  record.amount === attempt.amount && record.currency === attempt.currency;

/** Money first: what a record that was charged means for the payment. */
function receive(payment: Payment, no: number, record: ProviderRecord, now: Instant, terms: Terms): Payment {
  const attempt = payment.attempts[no - 1] as Attempt;
  const fact = factOf(payment, attempt, record, terms);
  if (fact !== 'paid' && fact !== 'other_amount') return reversed(payment, record, fact);
  const counted = countCancellations(payment, attempt, record, now);
  const { paidBy } = counted;
  if (paidBy?.record === record.record) {
    return paidBy.reversed ? { ...counted, paidBy: without(paidBy, 'reversed') } : counted;
  }
  if (attempt.state === 'held') return counted;
  // Money that is on its way back buys nothing any more, whatever happened to the payment since.
  if (isGoingBack(counted, record)) return counted;
  // An old price is another amount too: the attempt matched the payment when it was made, and no longer does.
  const ofThisPayment = attempt.amount === payment.amount && attempt.currency === payment.currency;
  if (fact === 'other_amount' || !ofThisPayment) return reserveAll(counted, attempt, record, 'mismatch', now);
  if (paidBy) return reserveAll(counted, attempt, record, 'duplicate', now);
  if (isUnwelcome(payment, attempt, record, now, terms)) return reserveAll(counted, attempt, record, 'late', now);
  return { ...counted, paidBy: { attempt: no, record: record.record, at: record.paidAt ?? now } };
}

const isGoingBack = (payment: Payment, { record }: ProviderRecord): boolean =>
  payment.refunds.some((refund) => refund.record === record && automaticCauses.includes(refund.cause));

/** Money after the end. A canceled order never comes back to life; into an account that we issued, a deposit after the date is welcome. */
function isUnwelcome(payment: Payment, attempt: Attempt, record: ProviderRecord, now: Instant, terms: Terms): boolean {
  if (payment.canceledAt !== undefined) return true;
  const late = payment.status === 'expired' || statusOf(payment, now) === 'expired';
  return late && terms.lateMoney === 'refund' && (attempt.account ?? record.account) === undefined;
}

/** A faulty deposit that the bank took back. The reservation stays: a new deposit of the same record pays again. */
function reversed(payment: Payment, record: ProviderRecord, fact: Fact): Payment {
  const { paidBy } = payment;
  if (fact !== 'awaiting_deposit' || paidBy?.record !== record.record || paidBy.reversed) return payment;
  return { ...depositGone(payment, record), paidBy: { ...paidBy, reversed: true } };
}

const progress: readonly Fact[] = [
  'none',
  'canceled',
  'expired',
  'failed',
  'ready',
  'authenticated',
  'approving',
  'awaiting_deposit',
  'foreign',
  'other_amount',
  'paid',
];

/** The attempt follows the record we asked money from; without one, the record that got furthest. Money anywhere outranks both. */
function toTellingRecord(
  payment: Payment,
  no: number,
  records: readonly ProviderRecord[],
  now: Instant,
  terms: Terms,
): Payment {
  const attempt = payment.attempts[no - 1] as Attempt;
  const facts = records.map((record) => ({ record, fact: factOf(payment, attempt, record, terms) }));
  const furthest = facts.reduce<(typeof facts)[number] | undefined>(
    (best, one) => (!best || progress.indexOf(one.fact) > progress.indexOf(best.fact) ? one : best),
    undefined,
  );
  const asked = facts.find(({ record }) => record.record === attempt.intent?.record);
  const outranks = furthest?.fact === 'paid' || furthest?.fact === 'foreign';
  // While we wait for the record that we asked money from, another one's end says nothing of it.
  const waiting = isBusy(attempt) && attempt.intent !== undefined;
  const telling = outranks ? furthest : (asked ?? (waiting ? undefined : furthest));
  const state = attemptTable[attempt.state][telling?.fact ?? 'none'];
  if (!telling) return payment;
  const launched = state === 'prepared' ? attempt : launch(payment, attempt, now, terms.schedule);
  return withAttempt(payment, described({ ...launched, state }, telling.record, telling.fact));
}

/** What the record tells about the attempt beside its state. */
function described(attempt: Attempt, record: ProviderRecord, fact: Fact): Attempt {
  const next: Attempt = {
    ...attempt,
    ...(record.method && { method: record.method }),
    ...(record.account && attempt.state !== 'held' && { account: accountOf(record.account) }),
  };
  if (attempt.state === 'paid' || attempt.state === 'pending') return without(next, 'failure');
  if (attempt.state !== 'failed' || next.failure) return next;
  const failure =
    fact === 'other_amount'
      ? { code: 'amount_mismatch', retryable: true }
      : { retryable: true, code: 'failed', ...record.failure };
  return { ...next, failure };
}

const accountOf = ({ bank, number, holder, dueAt }: NonNullable<ProviderRecord['account']>): Account => ({
  bank,
  number,
  ...(holder !== undefined && { holder }),
  ...(dueAt !== undefined && { dueAt }),
});

/** After its deadline, an answer that shows no money ends the attempt. One that we had asked money from is told to a person. */
function ended(payment: Payment, no: number, facts: Facts, { schedule }: Terms): Payment {
  const attempt = payment.attempts[no - 1] as Attempt;
  const open = ['prepared', 'launched', 'pending', 'unknown'].includes(attempt.state);
  const deadline = attemptDeadline(payment, attempt, schedule);
  if (!open || deadline === undefined || facts.askedAt < deadline) return payment;
  return withAttempt(payment, {
    ...attempt,
    state: 'expired',
    ...(attempt.state === 'unknown' && { failure: { code: 'unresolved', retryable: true } }),
  });
}
