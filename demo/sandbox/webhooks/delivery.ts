import type { Instant } from '../../../server/ops/clock.js';
import type { WebhookFault } from '../faults.js';

/** One webhook as its provider words it; the engine knows when, not what. */
export interface Message {
  readonly provider: string;
  /** Its type, for the log and for faults: `Transaction.Paid`, `DEPOSIT_CALLBACK`. */
  readonly event: string;
  readonly orderId: string;
  readonly record: string;
  readonly url: string;
  /** Waits before the second, third, … attempt, in ms. */
  readonly retries: readonly number[];
  readonly timeoutMs: number;
  accepts(status: number): boolean;
  /** Is it sent again after an attempt that ended so? Undefined: no answer. By default after every one that was not accepted. */
  repeats?(status: number | undefined): boolean;
  /** What one attempt sends. `retried`: how many scheduled ones failed before it. */
  compose(attempt: { readonly retried: number; readonly spoil?: WebhookFault }): Composed;
}

export interface Composed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Attempt {
  readonly at: Instant;
  /** The receiver's status, or why there was none. */
  readonly status?: number;
  readonly error?: string;
}

/** `dropped`: never sent, by a fault. `refused`: its target is not this machine. */
export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'given_up' | 'dropped' | 'refused';

/** A line of the webhook log. */
export interface Delivery {
  readonly id: string;
  readonly provider: string;
  readonly event: string;
  readonly orderId: string;
  readonly record: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly fault?: WebhookFault;
  readonly createdAt: Instant;
  /** Of the next attempt. */
  readonly dueAt?: Instant;
  readonly attempts: readonly Attempt[];
}
