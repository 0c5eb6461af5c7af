import type { Payment, Trigger } from './payment.js';

/**
 * Tells waiting requests of this process that a payment was written here. Only a hint to look sooner: writes of other servers are not
 * heard, so that whoever waits also reads again by itself now and then.
 */
export interface Watch {
  written(payment: Payment, trigger: Trigger): void;
  /** Resolves at the next write of that payment here, after `ms`, or when `signal` aborts: whichever is first. Never rejects. */
  next(id: string, ms: number, signal: AbortSignal): Promise<void>;
}

export function createWatch(): Watch {
  const waiting = new Map<string, Set<() => void>>();
  return {
    written(payment) {
      for (const wake of waiting.get(payment.id) ?? []) wake();
    },
    next(id, ms, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const set = waiting.get(id) ?? new Set();
        waiting.set(id, set);
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          set.delete(wake);
          if (set.size === 0 && waiting.get(id) === set) waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake, { once: true });
        set.add(wake);
      });
    },
  };
}
