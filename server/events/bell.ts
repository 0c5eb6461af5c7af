/**
 * Tells waiting requests of this process that there is news. Only a hint to look sooner: other servers are not heard, so that whoever waits
 * also looks by itself now and then.
 */
export interface Bell {
  ring(key: string): void;
  /** Resolves at the next ring, after `ms`, or when `signal` aborts: whichever is first. Never rejects. */
  next(key: string, ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  const waiting = new Map<string, Set<() => void>>();
  return {
    ring(key) {
      for (const wake of [...(waiting.get(key) ?? [])]) wake();
    },
    next(key, ms, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const set = waiting.get(key) ?? new Set();
        waiting.set(key, set);
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          set.delete(wake);
          if (set.size === 0 && waiting.get(key) === set) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal.addEventListener('abort', wake, { once: true });
        set.add(wake);
      });
    },
  };
}
