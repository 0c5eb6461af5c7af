import type { PaymentStatus } from '../../contract/index.js';
import { day, hour, type Instant, minute } from '../ops/clock.js';
import { nextWork, payingRecord } from '../payments/conclude.js';
import { attemptOf, type Payment } from '../payments/payment.js';
import { automaticCauses } from '../payments/refunds.js';
import type { Schedule } from '../payments/schedule.js';

/** Something that must hold for every payment document, at any moment. */
export interface PaymentRule {
  readonly name: string;
  readonly description: string;
  readonly isBroken: (payment: Payment, at: { readonly now: Instant; readonly schedule: Schedule }) => boolean;
}

const paidStatuses: readonly PaymentStatus[] = ['paid', 'partially_refunded', 'refunded'];

/** The rules of the payment document, as data. Each looks at one document and believes nothing that is derived. */
export const paymentRules: readonly PaymentRule[] = [
  {
    name: 'paid_by_one_record',
    description: 'A payment is paid exactly when one record of one attempt, of its own amount and currency, paid it.',
    isBroken: paidByOtherThanOne,
  },
  {
    name: 'refunds_within_paid',
    description: 'No more goes back of a record, or of a payment, than was paid.',
    isBroken: ({ attempts, refundedAmount, amount }) =>
      refundedAmount > amount ||
      attempts.some(({ records }) => records.some((record) => record.cancelled > record.amount)),
  },
  {
    name: 'other_money_goes_back',
    description: 'Money that did not pay its payment has gone back, or a refund of it is reserved.',
    isBroken: (payment) => payment.attempts.some((attempt) => keepsOtherMoney(payment, attempt)),
  },
  {
    name: 'unknown_for_a_day_at_most',
    description: 'What became of a charge or a refund that we asked for is known within a day.',
    isBroken: ({ attempts, refunds }, { now }) =>
      attempts.some((one) => one.state === 'unknown' && (one.intent?.since ?? one.preparedAt) < now - day) ||
      refunds.some((one) => one.state === 'unknown' && (one.unknownSince ?? one.requestedAt) < now - day),
  },
  {
    name: 'confirming_is_resumed',
    description: 'A confirm that nobody holds any more is due.',
    isBroken: ({ attempts, dueAt }, { now }) =>
      dueAt === undefined &&
      attempts.some(({ state, intent }) => state === 'confirming' && (intent?.holdUntil ?? 0) < now - minute),
  },
  {
    name: 'unfinished_is_due',
    description: 'A payment with anything left to do is found by the index of due work.',
    isBroken: (payment, { schedule }) =>
      payment.dueAt === undefined && (payment.lease !== undefined || nextWork(payment, schedule) !== undefined),
  },
  {
    name: 'told_within_an_hour',
    description: 'What happened to a payment stands in the feed within an hour.',
    isBroken: ({ outbox }, { now }) => outbox.some((entry) => entry.at < now - hour),
  },
];

function paidByOtherThanOne(payment: Payment): boolean {
  const { paidBy, status, attempts } = payment;
  const isPaid = paidBy !== undefined && !paidBy.reversed;
  if (isPaid !== paidStatuses.includes(status)) return true;
  if (!isPaid) return false;
  const record = payingRecord(payment);
  const holders = attempts.filter(({ records }) => records.some((one) => one.record === paidBy.record));
  return (
    holders.length !== 1 ||
    attemptOf(payment, paidBy.attempt)?.state !== 'paid' ||
    record?.state !== 'paid' ||
    record.amount !== payment.amount ||
    record.currency !== payment.currency
  );
}

/** Of an attempt whose record is not ours (`held`), a person decides. */
function keepsOtherMoney(
  { paidBy, refunds, refundsFull }: Payment,
  { state, records }: Payment['attempts'][number],
): boolean {
  if (state === 'held' || refundsFull) return false;
  const isReserved = (record: string) =>
    refunds.some((refund) => refund.record === record && automaticCauses.includes(refund.cause));
  return records.some(
    (one) =>
      one.state === 'paid' && one.record !== paidBy?.record && one.cancelled < one.amount && !isReserved(one.record),
  );
}
