import type { Instant } from '../ops/clock.js';

/** How many recent outcomes are remembered; the oldest go first. */
const memory = 10_000;

/** Work on one key, one after the other on this server, and what came out of it lately. */
export interface Flights<T> {
  alone<R>(key: string, work: () => Promise<R>): Promise<R>;
  remember(key: string, at: Instant, outcome: T): void;
  isBusy(key: string): boolean;
  /** What came out since then; undefined if nothing did. */
  recent(key: string, since: Instant): T | undefined;
  idle(): Promise<void>;
}

export function createFlights<T>(): Flights<T> {
  const tails = new Map<string, Promise<unknown>>();
  const outcomes = new Map<string, { at: Instant; outcome: T }>();
  return {
    async alone(key, work) {
      const before = tails.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      // What failed for the one before is no reason for the next.
      const tail = mine.then(
        () => undefined,
        () => undefined,
      );
      tails.set(key, tail);
      try {
        return await mine;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
    isBusy: (key) => tails.has(key),
    remember(key, at, outcome) {
      outcomes.delete(key);
      outcomes.set(key, { at, outcome });
      if (outcomes.size > memory) outcomes.delete(outcomes.keys().next().value as string);
    },
    recent(key, since) {
      const last = outcomes.get(key);
      return last && last.at > since ? last.outcome : undefined;
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
