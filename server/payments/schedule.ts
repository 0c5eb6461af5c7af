import { day, hour, minute, second } from '../ops/clock.js';

/** When work is due. All durations in milliseconds; every one can be set in the configuration. */
export interface Schedule {
  /** How long a checkout session takes new attempts. */
  readonly openForMs: number;
  /** From an attempt's launch to its deadline: no provider window stays payable for longer. */
  readonly attemptDeadlineMs: number;
  /** Lookups of a launched attempt, counted from its launch. */
  readonly lookupsAfterLaunchMs: readonly number[];
  /** One more lookup, this long after an attempt expired: some methods approve late. */
  readonly lookupAfterExpiryMs: number;
  /** Between lookups of an issued account. */
  readonly accountLookupMs: number;
  /** How long after an account's due date a deposit is still looked for. */
  readonly accountGraceMs: number;
  /** How long a confirm under way keeps its attempt from being worked on by someone else before it is looked up. */
  readonly confirmHoldMs: number;
  /** Waits between lookups while an outcome is unknown; the last one repeats. */
  readonly unknownBackoffMs: readonly number[];
  /** Waits between tries of one refund; the last one repeats. */
  readonly refundBackoffMs: readonly number[];
  /** After a temporary error on a money call, and still nothing moved: how long before a new try under a new key. */
  readonly newTryAfterMs: number;
  /** From when one refund is known to the next refund call for its payment (providers drop the second of two within a second). */
  readonly refundGapMs: number;
  /** How long a worker's lease on a document holds if the worker dies. */
  readonly leaseMs: number;
}

export const defaultSchedule: Schedule = {
  openForMs: 30 * minute,
  attemptDeadlineMs: 40 * minute,
  lookupsAfterLaunchMs: [1 * minute, 3 * minute, 10 * minute, 40 * minute],
  lookupAfterExpiryMs: 1 * day,
  accountLookupMs: 1 * hour,
  accountGraceMs: 1 * hour,
  confirmHoldMs: 20 * second,
  unknownBackoffMs: [5 * second, 15 * second, 1 * minute, 5 * minute, 15 * minute],
  refundBackoffMs: [5 * second, 30 * second, 2 * minute, 10 * minute, 1 * hour],
  newTryAfterMs: 30 * second,
  refundGapMs: 1 * second,
  leaseMs: 90 * second,
};
