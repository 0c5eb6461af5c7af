import type { Instant } from '../ops/clock.js';
import { isUnresolved, type Payment } from '../payments/payment.js';

/**
 * Which channel a new attempt is made on. Pure: what fails is remembered elsewhere (`channel-health.ts`), and only prepares and scripts
 * count, never a confirm: whether money moves is no reason to ask for it somewhere else.
 */

/** When a channel counts as failing. */
export interface PassingOver {
  /** Prepares in a row that gave the browser nothing to open. */
  readonly failures: number;
  /** Different sessions whose pages could not load the script, while we can't load it either. */
  readonly sessions: number;
  /** Older failures are forgotten. */
  readonly withinMs: number;
  /** How long it is passed over before one attempt finds out whether it works again. */
  readonly pauseMs: number;
}

export const defaultPassingOver: PassingOver = {
  failures: 3,
  sessions: 3,
  withinMs: 600_000,
  pauseMs: 60_000,
};

/** A row of failed prepares. `until`: passed over. */
export interface Row {
  readonly count: number;
  readonly since: Instant;
  readonly until?: Instant;
}

/** One more failure. One whose time was over counts on: the attempt that found out found out that it still fails. */
export function failedAgain(row: Row | undefined, now: Instant, rule: PassingOver): Row {
  const goesOn = row && (row.until !== undefined || now - row.since < rule.withinMs);
  const next = goesOn ? { count: row.count + 1, since: row.since } : { count: 1, since: now };
  return next.count >= rule.failures ? { ...next, until: now + rule.pauseMs } : next;
}

/** One attempt is about to find out whether it works again: the others pass it over for another pause. */
export const probed = (row: Row, now: Instant, rule: PassingOver): Row =>
  row.until !== undefined && row.until <= now ? { ...row, until: now + rule.pauseMs } : row;

export const isPassedOver = (row: Row | undefined, now: Instant): boolean =>
  row?.until !== undefined && now < row.until;

interface Choice {
  readonly channel: { readonly id: string; readonly script: string };
  readonly method?: string;
}

/**
 * The offers that a new attempt may be made on, the best first; the merchant's order, but what fails goes last: it is used after all where
 * nothing else has the method. While an attempt is unresolved there is one only, its own channel's where that has the method: two open
 * windows at two providers could both be paid in.
 */
export function choices<O extends Choice>(
  offers: readonly [O, ...O[]],
  payment: Pick<Payment, 'attempts' | 'observations'>,
  isFailing: (offer: O) => boolean,
): readonly O[] {
  const unresolved = payment.attempts.filter(isUnresolved);
  if (unresolved.length > 0) {
    const own = unresolved.findLast((attempt) => offers.some((offer) => isFor(offer, attempt)));
    return [(own && offers.find((offer) => isFor(offer, own))) ?? offers[0]];
  }
  const scripts = failedIn(payment, 'page').map(
    (channel) => offers.find((o) => o.channel.id === channel)?.channel.script,
  );
  const launches = failedIn(payment, 'launch');
  const rank = (offer: O) =>
    Number(isFailing(offer)) +
    2 * Number(launches.includes(offer.channel.id)) +
    4 * Number(scripts.includes(offer.channel.script));
  return [...offers].sort((a, b) => rank(a) - rank(b));
}

/** Where the shopper chooses inside, the attempt learns its method later. */
const isFor = ({ channel, method }: Choice, attempt: { channel: string; method?: string }): boolean =>
  channel.id === attempt.channel && (method === undefined || method === attempt.method);

/** Channels of this payment that its own page could not load the script of, or that gave it nothing to open. */
const failedIn = (
  { observations, attempts }: Pick<Payment, 'attempts' | 'observations'>,
  by: 'page' | 'launch',
): string[] => observations.filter((one) => one.by === by).flatMap((one) => attempts[one.attempt - 1]?.channel ?? []);
