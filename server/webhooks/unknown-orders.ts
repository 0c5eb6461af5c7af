import type { Clock, Instant } from '../ops/clock.js';
import { minute } from '../ops/clock.js';
import type { InboxCollection, NewEntry } from './entry.js';

/** How many are kept for each merchant; the oldest go first. */
export const maxUnknown = 1_000;
/** Anybody can make up orders: of unsigned ones no more are written down in a minute, for each merchant and server. */
export const maxUnsignedPerMinute = 60;

export interface UnknownOrders {
  keep(entry: NewEntry): Promise<void>;
}

/** The capped list of webhooks about orders that we don't know: money without an order, or another system on the same contract. */
export function createUnknownOrders({ inbox, clock }: { inbox: InboxCollection; clock: Clock }): UnknownOrders {
  const minutes = new Map<string, { since: Instant; unsigned: number }>();

  /** This minute's count, and whether it has just begun. */
  function minuteOf(merchant: string) {
    const now = clock.now();
    const known = minutes.get(merchant);
    if (known && now - known.since < minute) return { count: known, isNew: false };
    const count = { since: now, unsigned: 0 };
    minutes.set(merchant, count);
    return { count, isNew: true };
  }

  async function trim(merchant: string): Promise<void> {
    const list = { index: 'by_state', equals: { merchant, state: 'unknown_order' }, order: 'desc' } as const;
    const kept = await inbox.find({ ...list, limit: maxUnknown });
    for (let after = kept.next; after !== undefined; ) {
      const old = await inbox.find({ ...list, limit: 100, after });
      for (const { id, rev } of old.docs) await inbox.remove(id, rev);
      after = old.next;
    }
  }

  return {
    async keep(entry) {
      const { count, isNew } = minuteOf(entry.merchant);
      if (!entry.signed && ++count.unsigned > maxUnsignedPerMinute) return;
      await inbox.insert(entry);
      if (isNew) await trim(entry.merchant);
    },
  };
}
