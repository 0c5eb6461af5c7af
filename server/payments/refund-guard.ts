import type { Clock } from '../ops/clock.js';
import { day, hour } from '../ops/clock.js';
import { type Collection, type Doc, define } from '../store/store.js';

/** The automatic mismatch refunds of one channel in one hour. */
export interface GuardDoc extends Doc {
  readonly refunds: readonly string[];
  readonly expiresAt: number;
}

export const refundGuards = define<GuardDoc>()({
  name: 'refund_guards',
  version: 1,
  indexes: { expired: { keys: ['expiresAt'] } },
});

/**
 * Amounts that differ from what we asked for are our own bug, not a thief: more than a few an hour on one channel are held back until the
 * next hour, with an alarm.
 */
export interface RefundGuard {
  /** True if this refund may be sent now; then it is counted, once. */
  admits(merchant: string, channel: string, refund: string): Promise<boolean>;
  /** Counts of hours long past, and their removal: due work. */
  find(limit: number): Promise<readonly string[]>;
  work(id: string): Promise<boolean>;
}

export function createRefundGuard(
  guards: Collection<GuardDoc, (typeof refundGuards)['indexes']>,
  clock: Clock,
  perHour: number,
): RefundGuard {
  return {
    async admits(merchant, channel, refund) {
      const now = clock.now();
      const id = `${merchant}:${channel}:${Math.floor(now / hour)}`;
      for (;;) {
        const doc = await guards.get(id);
        if (doc?.refunds.includes(refund)) return true;
        if ((doc?.refunds.length ?? 0) >= perHour) return false;
        const written = doc
          ? await guards.replace({ ...doc, refunds: [...doc.refunds, refund] })
          : await guards.insert({ id, refunds: [refund], expiresAt: now + day });
        if (written.ok) return true;
      }
    },
    async find(limit) {
      const { docs } = await guards.find({ index: 'expired', range: { to: clock.now() }, limit });
      return docs.map((doc) => doc.id);
    },
    async work(id) {
      const doc = await guards.get(id);
      return doc !== undefined && doc.expiresAt <= clock.now() && guards.remove(id, doc.rev);
    },
  };
}
