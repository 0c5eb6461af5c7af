import type { Method } from '../../../contract/index.js';
import type { Instrument } from '../instruments.js';

/** What the opener gets: `redirect` navigates the shopper's page, `detail` is for the script that opened the window. */
export interface WindowResult {
  readonly redirect?: string;
  readonly detail?: unknown;
  /** The answer gets lost on its way: a fault. */
  readonly lost?: boolean;
}

/** A payment window that was opened for one record. The provider says what its end means. */
export interface PaymentWindow {
  readonly record: string;
  readonly brand: string;
  /** One: the shopper chose it before. */
  readonly methods: readonly Method[];
  /** The page that opened it, the only one that may hear its result. */
  readonly openerOrigin: string;
  readonly accountValidHours: number;
  /** In a window of its own, which tells its opener and closes. */
  readonly popup?: boolean;
  /** The shopper agreed. The result, good or bad, ends the window; `expired` and `processed` leave it open with a message. */
  pay(instrument: Instrument): WindowResult | 'expired' | 'processed';
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
