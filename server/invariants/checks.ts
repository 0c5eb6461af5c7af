import { type eventFloors, eventId, type events, type Floor, type StoredEvent } from '../events/event.js';
import { type Clock, minute } from '../ops/clock.js';
import type { PaymentCollection } from '../payments/deps.js';
import type { Payment } from '../payments/payment.js';
import type { Schedule } from '../payments/schedule.js';
import type { Collection } from '../store/store.js';
import { type Bounds, type Finding, scan, tallyOf } from './finding.js';
import { paymentRules } from './payment-rules.js';

/** An index of due work: what of it was due before a moment. */
export interface DueIndex {
  readonly name: string;
  overdue(before: number, limit: number): Promise<readonly string[]>;
}

export interface CheckDeps {
  readonly payments: PaymentCollection;
  readonly events: Collection<StoredEvent, (typeof events)['indexes']>;
  readonly floors: Collection<Floor, (typeof eventFloors)['indexes']>;
  readonly due: readonly DueIndex[];
  readonly clock: Clock;
  readonly schedule: Schedule;
}

/** Work may be late by this much: the worker asks every second. */
const lateMs = minute;
const maxOverdue = 1_000;

/** Everything unfinished, found by the index of due work, and the newest payments of each merchant. */
export async function checkPayments(
  { payments, clock, schedule }: CheckDeps,
  merchants: readonly { readonly id: string }[],
  bounds: Bounds,
): Promise<Finding[]> {
  const rules = paymentRules.map((rule) => ({ rule, tally: tallyOf(rule.name, rule.description) }));
  const seen = new Set<string>();
  const check = (payment: Payment) => {
    if (seen.has(payment.id)) return;
    seen.add(payment.id);
    const now = clock.now();
    for (const { rule, tally } of rules) {
      tally.look();
      if (rule.isBroken(payment, { now, schedule })) tally.violated(payment.id);
    }
  };
  const scans = [
    (after: string | undefined, limit: number) =>
      payments.find({ index: 'due', limit, ...(after !== undefined && { after }) }),
    ...merchants.map(({ id: merchant }) => (after: string | undefined, limit: number) => {
      const newest = { index: 'by_merchant', equals: { merchant }, order: 'desc' } as const;
      return payments.find({ ...newest, limit, ...(after !== undefined && { after }) });
    }),
  ];
  for (const page of scans) {
    if (!(await scan(page, bounds, check))) for (const { tally } of rules) tally.cutShort();
  }
  return rules.map(({ tally }) => tally.finding());
}

/** The newest events of each merchant, down to the oldest that is kept. */
export async function checkFeeds(
  { events, floors }: CheckDeps,
  merchants: readonly { readonly id: string }[],
  bounds: Bounds,
): Promise<Finding[]> {
  const gaps = tallyOf('feed_without_gap', "The places of a merchant's feed are 1, 2, 3 … without a gap.");
  const reactions = tallyOf(
    'waiting_reaction_is_due',
    'An event with a reaction still to come is found by the index of due work.',
  );
  for (const { id: merchant } of merchants) {
    const floor = (await floors.get(merchant))?.floor ?? 0;
    let above: number | undefined;
    const isGap = async (seq: number): Promise<boolean> =>
      // It may have been written since the page was read, or removed with the old ones.
      (await events.get(eventId(merchant, seq))) === undefined && seq > ((await floors.get(merchant))?.floor ?? 0);
    const ended = await scan(
      (after, limit) => {
        const query = { index: 'by_seq', equals: { merchant }, range: { from: floor + 1 }, order: 'desc' } as const;
        return events.find({ ...query, limit, ...(after !== undefined && { after }) });
      },
      bounds,
      async (event) => {
        gaps.look();
        reactions.look();
        if (above !== undefined && event.seq !== above - 1 && (await isGap(above - 1)))
          gaps.violated(eventId(merchant, above - 1));
        above = event.seq;
        const waits = event.reactions.some(({ state }) => state === 'waiting');
        if (waits && event.dueAt === undefined) reactions.violated(event.id);
      },
    );
    if (!ended) for (const tally of [gaps, reactions]) tally.cutShort();
    else if (above !== undefined && above > floor + 1 && (await isGap(above - 1)))
      gaps.violated(eventId(merchant, above - 1));
  }
  return [gaps.finding(), reactions.finding()];
}

/** By the indexes themselves: what should have been done a minute ago. */
export async function checkDue({ due, clock }: CheckDeps): Promise<Finding[]> {
  const late = tallyOf('due_work_is_done_in_time', 'Nothing that is due waits for more than a minute.');
  for (const { name, overdue } of due) {
    const ids = await overdue(clock.now() - lateMs, maxOverdue);
    for (const id of ids) {
      late.look();
      late.violated(`${name} ${id}`);
    }
    if (ids.length === maxOverdue) late.cutShort();
  }
  return [late.finding()];
}
