import type { Method } from '../../../contract/index.js';
import type { Outcome } from '../bank.js';
import type { Instrument } from '../instruments.js';

/** What the opener gets: `redirect` navigates the shopper's page, `detail` is for the script that opened the window. */
export interface WindowResult {
  readonly redirect?: string;
  readonly detail?: unknown;
}

/** A payment window that was opened for one record. The provider says what its end means. */
export interface PaymentWindow {
  readonly record: string;
  readonly brand: string;
  /** One: the shopper chose it before. */
  readonly methods: readonly Method[];
  /** The page that opened it, the only one that may hear its result. */
  readonly openerOrigin: string;
  pay(instrument: Instrument): Outcome;
  readonly accountValidHours: number;
  /** Told after a successful `pay`. */
  paid(): WindowResult;
  canceled(): WindowResult;
}

export interface Windows {
  open(window: PaymentWindow): void;
  get(record: string): PaymentWindow | undefined;
  reset(): void;
}

export function createWindows(): Windows {
  const windows = new Map<string, PaymentWindow>();
  return {
    open: (window) => void windows.set(window.record, window),
    get: (record) => windows.get(record),
    reset: () => windows.clear(),
  };
}
