import type { Currency } from '../../contract/index.js';
import type { Instant } from '../../server/ops/clock.js';
import type { Decline, Instrument } from './instruments.js';

/**
 * `closed`: an account given up before money came. A paid record stays `paid` however much of it is given back: that is its
 * cancelled total, which each provider words in its own way.
 */
export type RecordState =
  | 'opened'
  | 'authenticated'
  /** Agreed to; the bank itself has not decided yet. */
  | 'pending'
  | 'awaiting_deposit'
  | 'paid'
  | 'failed'
  | 'expired'
  | 'closed';

/** One try to pay one order: Toss's payment, PortOne V2's transaction, V1's `imp_uid`. Amounts in minor units. */
export interface BankRecord {
  readonly id: string;
  readonly provider: string;
  /** The merchant, as the provider knows it. */
  readonly merchant: string;
  readonly orderId: string;
  readonly orderName: string;
  readonly customerName?: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly state: RecordState;
  readonly instrument?: Instrument;
  readonly openedAt: Instant;
  readonly changedAt: Instant;
  readonly authenticatedAt?: Instant;
  /** When money moved (deposit: when it came). */
  readonly paidAt?: Instant;
  readonly account?: IssuedAccount;
  readonly declined?: Decline;
  readonly cancellations: readonly Cancellation[];
  /** What really went back: `requested` and `failed` ones don't count. */
  readonly cancelled: number;
  /** Approval or cancellation that came last. */
  readonly lastEntry?: string;
}

export interface IssuedAccount {
  /** Our word for the bank. */
  readonly bank: string;
  readonly number: string;
  readonly dueAt: Instant;
}

export interface RefundAccount {
  readonly bank: string;
  readonly number: string;
  readonly holder: string;
}

export interface Cancellation {
  readonly key: string;
  /** `requested`: the money has not gone back yet; it is settled later, one way or the other. */
  readonly state: 'done' | 'requested' | 'failed';
  readonly amount: number;
  readonly reason: string;
  readonly at: Instant;
  readonly by: 'api' | 'console';
  /** What could still be cancelled afterwards. */
  readonly left: number;
  readonly account?: RefundAccount;
}

/** What can still be cancelled: an amount that is only requested is spoken for. */
export function balanceOf(record: BankRecord): number {
  const requested = record.cancellations.filter((each) => each.state === 'requested');
  return record.amount - record.cancelled - requested.reduce((sum, each) => sum + each.amount, 0);
}

/** Something happened to a record: what the providers' webhooks are made of. */
export interface Change {
  readonly kind:
    | 'opened'
    | 'pending'
    | 'failed'
    | 'expired'
    | 'issued'
    | 'paid'
    | 'deposited'
    | 'reversed'
    | 'closed'
    | 'cancel_requested'
    | 'cancel_failed'
    | 'cancelled';
  readonly record: BankRecord;
  readonly cancellation?: Cancellation;
  /** It was requested earlier, and has been decided now. */
  readonly settled?: boolean;
}

/** One movement of money. `amount` is always positive; the kind says which way. */
export interface Entry {
  readonly key: string;
  readonly kind: 'charge' | 'deposit' | 'reversal' | 'cancellation';
  readonly at: Instant;
  readonly provider: string;
  readonly merchant: string;
  readonly record: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: Currency;
}

/** Everything the bank knows: what a test compares a server's own records with. */
export interface Books {
  readonly records: readonly BankRecord[];
  readonly charges: readonly Entry[];
  readonly deposits: readonly Entry[];
  readonly reversals: readonly Entry[];
  readonly cancellations: readonly Entry[];
  /** Per currency: `net` = charges + deposits − reversals − cancellations. */
  readonly totals: readonly { readonly currency: Currency; readonly received: number; readonly net: number }[];
}
