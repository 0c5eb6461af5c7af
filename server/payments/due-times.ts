import type { Instant } from '../ops/clock.js';
import { type Attempt, isBusy, type Payment } from './payment.js';
import type { Schedule } from './schedule.js';

/** The delay before the next call after `calls` fruitless ones: the list's last value repeats. */
export const backoff = (delays: readonly number[], calls: number): number =>
  delays[Math.min(calls, delays.length) - 1] ?? delays[0] ?? 60_000;

/** An account may still be paid into until then. */
export function accountDeadline(attempt: Attempt, schedule: Schedule): Instant | undefined {
  return attempt.account?.dueAt === undefined ? undefined : attempt.account.dueAt + schedule.accountGraceMs;
}

/**
 * After it, one more lookup ends the attempt: its account's, if it has one, else its window's. Parameters handed out for a provider that
 * charges by itself may be used until the session closes without anybody telling us, so they count as launched at the last moment.
 */
export function attemptDeadline(payment: Payment, attempt: Attempt, schedule: Schedule): Instant | undefined {
  const unreported =
    attempt.state === 'prepared' && attempt.selfCharging ? payment.openUntil + schedule.attemptDeadlineMs : undefined;
  return accountDeadline(attempt, schedule) ?? attempt.deadline ?? unreported;
}

/** When due work asks the provider about this attempt again; undefined when never. */
export function nextLookup(payment: Payment, attempt: Attempt, schedule: Schedule): Instant | undefined {
  const regular = regularLookup(payment, attempt, schedule);
  if (!attempt.unanswered || attempt.lookedUpAt === undefined) return regular;
  // The provider did not answer last time: ask again soon, whatever the schedule says.
  const retry = attempt.lookedUpAt + backoff(schedule.unknownBackoffMs, attempt.unanswered);
  return regular !== undefined && regular > attempt.lookedUpAt ? Math.min(regular, retry) : retry;
}

function regularLookup(payment: Payment, attempt: Attempt, schedule: Schedule): Instant | undefined {
  const after = attempt.lookedUpAt ?? Number.NEGATIVE_INFINITY;
  const once = (at: Instant | undefined) => (at !== undefined && at > after ? at : undefined);
  const deadline = attemptDeadline(payment, attempt, schedule);
  switch (attempt.state) {
    case 'prepared':
      return once(deadline);
    case 'launched': {
      const launched = attempt.launchedAt ?? attempt.preparedAt;
      const times = schedule.lookupsAfterLaunchMs.map((delay) => launched + delay);
      return earliest([...times.filter((at) => at > after), deadline]);
    }
    case 'confirming':
      return attempt.intent?.holdUntil ?? deadline;
    case 'unknown':
      return unknownLookup(attempt, schedule);
    case 'pending':
      return earliest([(attempt.lookedUpAt ?? attempt.launchedAt ?? 0) + schedule.accountLookupMs, deadline]);
    case 'expired':
      // A last look at what ended without money, in case the provider was late to tell.
      return attempt.launchedAt === undefined || deadline === undefined
        ? undefined
        : once(deadline + schedule.lookupAfterExpiryMs);
    case 'failed':
      // A decline after an unanswered try may hide an earlier charge; a self-charging provider may still retry the order id.
      return (attempt.selfCharging || (attempt.intent?.try ?? 0) > 1) && deadline !== undefined
        ? once(deadline + schedule.lookupAfterExpiryMs)
        : undefined;
    default:
      return undefined;
  }
}

/** Waits as long again as it has waited already, within the bounds of the schedule. */
function unknownLookup(attempt: Attempt, schedule: Schedule): Instant {
  const intent = attempt.intent;
  const shortest = schedule.unknownBackoffMs[0] ?? 5_000;
  if (!intent) return (attempt.lookedUpAt ?? attempt.preparedAt) + shortest;
  const last = Math.max(intent.answeredAt ?? intent.askedAt, attempt.lookedUpAt ?? 0);
  const longest = schedule.unknownBackoffMs.at(-1) ?? shortest;
  return last + Math.max(shortest, Math.min(longest, last - intent.since));
}

/**
 * When the payment stops being payable by the clock alone. An attempt whose window may still bring money holds it open: its own last
 * lookup, after its deadline, ends it first, so that an unreachable provider ends nothing.
 */
export function expiryOf(payment: Payment): Instant | undefined {
  if ((payment.paidBy && !payment.paidBy.reversed) || payment.canceledAt !== undefined) return undefined;
  // A superseded attempt is never confirmed, and money into a superseded account is welcome after the end as well.
  const mayBringMoney = ({ state, selfCharging, superseded, account }: Attempt) =>
    superseded && (!selfCharging || account)
      ? false
      : state === 'launched' || state === 'pending' || (state === 'prepared' && selfCharging);
  const held = payment.attempts.some((attempt) => isBusy(attempt) || mayBringMoney(attempt));
  return held ? undefined : payment.openUntil;
}

export function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((at): at is Instant => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
