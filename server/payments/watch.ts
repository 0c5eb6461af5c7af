import type { Payment, Trigger } from './payment.js';

/**
 * Tells waiting requests of this process that a payment was written here. Only a hint to look sooner: writes of other servers are not
 * heard, so that whoever waits also reads again by itself now and then.
 */
export interface Watch {
  written(payment: Payment, trigger: Trigger): void;
  /**
   * Resolves at the next write of that payment (an id), or of any payment of that customer (`customerOf`) here, after `ms`, or when
   * `signal` aborts: whichever is first. Never rejects.
   */
  next(whose: string, ms: number, signal: AbortSignal): Promise<void>;
}

/** Names a customer for `Watch.next`; no payment has such an id. */
export const customerOf = (merchant: string, customer: string): string => JSON.stringify([merchant, customer]);

export function createWatch(): Watch {
  const waiting = new Map<string, Set<() => void>>();
  return {
    written({ id, merchant, customer }) {
      for (const wake of waiting.get(id) ?? []) wake();
      if (customer === undefined) return;
      for (const wake of waiting.get(customerOf(merchant, customer)) ?? []) wake();
    },
    next(whose, ms, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const set = waiting.get(whose) ?? new Set();
        waiting.set(whose, set);
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          set.delete(wake);
          if (set.size === 0 && waiting.get(whose) === set) waiting.delete(whose);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake, { once: true });
        set.add(wake);
      });
    },
  };
}
