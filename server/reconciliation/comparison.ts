import type { Difference } from '../../contract/index.js';
import { hour, type Instant, minute } from '../ops/clock.js';
import { type Attempt, attemptOf, type Payment } from '../payments/payment.js';
import type { ListedPayment, ProviderRecord } from '../providers/provider.js';

/** A payment as the provider has it: all that its list told of one record. */
export type Theirs = ListedPayment;

/** Newer news than this may still be on its way to us: schedules, webhooks and the shopper's return come first. */
export const onItsWayMs = hour;
/** How far the provider's clock and ours may be apart. */
export const skewMs = 10 * minute;

/** Joins what the lines of a list tell of each record. The latest state counts; sums and cancellations are whatever any line knows. */
export function joined(lines: Iterable<ListedPayment>, known = new Map<string, Theirs>()): Map<string, Theirs> {
  for (const line of lines) {
    const before = known.get(line.record);
    known.set(line.record, before ? join(before, line) : line);
  }
  return known;
}

function join(one: Theirs, other: Theirs): Theirs {
  const [older, newer] = one.at <= other.at ? [one, other] : [other, one];
  const { state: _state, amount: _amount, cancelled: _cancelled, ...rest } = newer;
  const state = newer.state ?? older.state;
  const amount = newer.amount ?? older.amount;
  const cancelled = newer.cancelled ?? older.cancelled;
  return {
    ...rest,
    ...(state !== undefined && { state }),
    ...(amount !== undefined && { amount }),
    ...(cancelled !== undefined && { cancelled }),
    cancellations: [...new Set([...older.cancellations, ...newer.cancellations])],
  };
}

/** What a list would tell of a record that was looked up. */
export const lineOf = (record: ProviderRecord, at: Instant): Theirs => ({
  record: record.record,
  orderId: record.orderId,
  state: record.state,
  amount: record.amount,
  currency: record.currency,
  cancelled: record.cancelled,
  cancellations: idsOf(record),
  environment: record.environment,
  at,
});

/** Money moved, one way or the other. Windows, declines and accounts that wait for a deposit are nothing to compare. */
export const isMoney = ({ state, cancellations, cancelled }: Theirs): boolean =>
  state === 'paid' || cancellations.length > 0 || (cancelled ?? 0) > 0;

/** The provider holds money: not all of it went back, as far as the list tells. */
export const holdsMoney = ({
  state,
  amount,
  cancelled,
}: {
  state?: string;
  amount?: number;
  cancelled?: number;
}): boolean => state === 'paid' && !(amount !== undefined && cancelled === amount);

/**
 * In what a record of the provider's differs from what we know of it; nothing where both agree. `record`: money that we know nothing of, under
 * an order that we know. `until`: the end of the provider's list, so that what came later is no difference.
 */
export function differences(theirs: Theirs, attempt: Attempt, payment: Payment, until: Instant): readonly Difference[] {
  const ours = attempt.records.find(({ record }) => record === theirs.record);
  const found: Difference[] = [];
  if (!ours) {
    if (!isMoney(theirs)) return [];
    found.push('record');
    if (theirs.amount !== undefined && theirs.amount !== attempt.amount) found.push('amount');
    if (theirs.currency !== attempt.currency) found.push('currency');
    return found;
  }
  if (stateDiffers(theirs, ours, payment)) found.push('state');
  if (theirs.amount !== undefined && theirs.amount !== ours.amount) found.push('amount');
  if (theirs.currency !== ours.currency) found.push('currency');
  if (cancelledDiffers(theirs, ours, until)) found.push('cancelled');
  return found;
}

function stateDiffers(theirs: Theirs, ours: ProviderRecord, { paidBy }: Payment): boolean {
  if (theirs.state === 'paid') return ours.state !== 'paid';
  // A faulty deposit that the bank took back.
  const isPaid = ours.state === 'paid' && paidBy?.record === ours.record && !paidBy.reversed;
  return theirs.state !== undefined && isPaid;
}

function cancelledDiffers(theirs: Theirs, ours: ProviderRecord, until: Instant): boolean {
  if (theirs.cancelled !== undefined && theirs.state === 'paid') {
    const since = ours.cancellations.filter(({ at, state }) => state === 'done' && (at ?? until) > until - skewMs);
    const before = ours.cancelled - since.reduce((sum, { amount }) => sum + amount, 0);
    if (theirs.cancelled > ours.cancelled || theirs.cancelled < before) return true;
  }
  const known = ours.cancellations.map(({ id }) => id);
  return theirs.cancellations.some((id) => !known.includes(id));
}

const idsOf = (record: ProviderRecord): string[] =>
  record.cancellations.filter(({ state }) => state === 'done').map(({ id }) => id);

/** One record of the provider's against our books. */
export type Verdict =
  | { readonly kind: 'both' | 'on_its_way' | 'nothing' }
  | { readonly kind: 'without_order' }
  | { readonly kind: 'differing'; readonly differs: readonly Difference[] };

export function compare(theirs: Theirs, payment: Payment | undefined, no: number, until: Instant): Verdict {
  const attempt = payment && attemptOf(payment, no);
  if (!payment || !attempt) return { kind: isMoney(theirs) ? 'without_order' : 'nothing' };
  const differs = differences(theirs, attempt, payment, until);
  if (differs.length === 0) return { kind: isMoney(theirs) ? 'both' : 'nothing' };
  return theirs.at > until - onItsWayMs ? { kind: 'on_its_way' } : { kind: 'differing', differs };
}
