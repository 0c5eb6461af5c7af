import type {
  AttemptState,
  Attention,
  Buyer,
  ClosingState,
  Currency,
  EventType,
  Line,
  Locale,
  Method,
  PaymentStatus,
  ProviderName,
  RefundBlock,
  RefundCause,
  RefundState,
  ReturnUrls,
} from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { idPattern } from '../ops/ids.js';
import type { ChannelIdentity, ProviderRecord, UnknownWhy } from '../providers/provider.js';
import { type Doc, define } from '../store/store.js';

/**
 * One thing to be paid. Everything that must be true together stands in this one document and changes in one compare-and-set.
 * Only `decide` functions make a next version of it, and only `conclude` fills the derived fields and the timeline.
 */
export interface Payment extends Doc {
  readonly merchant: string;
  readonly origin: 'checkout';
  /** The kind of key that made it. */
  readonly madeBy: 'publishable' | 'secret';
  /** Of the body that made it, for repeats under the same Idempotency-Key or reference. */
  readonly fingerprint?: string;
  readonly reference?: string;
  readonly lines: readonly Line[];
  readonly amount: number;
  readonly currency: Currency;
  readonly orderName: string;
  /** The merchant's own customer id. */
  readonly customer?: string;
  /** What the provider knows the shopper by: random, or `@@ANONYMOUS`. */
  readonly customerKey: string;
  readonly buyer?: Buyer;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly returnUrls?: ReturnUrls;
  readonly locale: Locale;
  /** After it no *new* attempt is made. */
  readonly openUntil: Instant;
  readonly canceledAt?: Instant;
  readonly attempts: readonly Attempt[];
  readonly paidBy?: PaidBy;
  readonly refunds: readonly Refund[];
  readonly transitions: readonly Transition[];
  readonly observations: readonly Observation[];
  /** Events not yet published, oldest first. */
  readonly outbox: readonly OutboxEntry[];
  /** Whoever is doing the due work. Freed by its end, or by `until` if its owner dies. */
  readonly lease?: Lease;
  /** More refunds were due than one document holds. */
  readonly refundsFull?: true;

  // Derived by `conclude`, top level so that indexes can cover them.
  readonly status: PaymentStatus;
  readonly method?: Method;
  readonly provider?: ProviderName;
  readonly refundedAmount: number;
  /** Why a person must look. */
  readonly attention?: Attention;
  readonly createdAt: Instant;
  readonly paidAt?: Instant;
  /** The earliest moment anything is left to do. Absent when nothing is. */
  readonly dueAt?: Instant;
}

/** One try to pay. `orderId` is what the provider sees; from it the payment is found without a search. */
export interface Attempt {
  readonly no: number;
  readonly orderId: string;
  readonly channel: string;
  readonly provider: ProviderName;
  /** The provider charges by itself once the shopper agreed; we only find out. */
  readonly selfCharging: boolean;
  /** What the channel was when its window was handed out: what its records must name, whatever the configuration says by then. */
  readonly identity?: ChannelIdentity;
  readonly method?: Method;
  /** Fixed for its life: this is what is confirmed and compared. */
  readonly amount: number;
  readonly currency: Currency;
  readonly state: AttemptState;
  readonly preparedAt: Instant;
  readonly launchedAt?: Instant;
  /** Until then it may still be confirmed; after one more lookup it ends. */
  readonly deadline?: Instant;
  /** A later attempt took its place: it is settled on, but never confirmed. */
  readonly superseded?: true;
  readonly intent?: Intent;
  /** What the provider would not charge, not ours after all: records, or digests of tokens. */
  readonly refused?: readonly string[];
  /** Last facts, by record. */
  readonly records: readonly ProviderRecord[];
  readonly account?: Account;
  readonly closing?: Closing;
  readonly failure?: Failure;
  /** When due work last asked the provider about it. */
  readonly lookedUpAt?: Instant;
  /** Due lookups in a row that got no answer. */
  readonly unanswered?: number;
  /** Next due lookup or resumption. Derived. */
  readonly nextLookupAt?: Instant;
}

/** We decided to ask for money; stored before the call, so that whoever comes after a crash asks again with the same key. */
export interface Intent {
  readonly record: string;
  /** Where the browser was given one for the shopper's consent. */
  readonly token?: StoredToken;
  readonly try: number;
  /** When the first try was stored. */
  readonly since: Instant;
  readonly askedAt: Instant;
  /** The call of this try belongs to whoever stored it until then; afterwards anyone resumes it. */
  readonly holdUntil: Instant;
  /** How the last call of this try ended without an answer we know. */
  readonly unanswered?: UnknownWhy;
  readonly answeredAt?: Instant;
  /** Calls so far, over all tries, whose outcome we do not know. */
  readonly calls: number;
}

/** A consent token at rest. */
export interface StoredToken {
  /** Tells tokens apart without opening them. */
  readonly digest: string;
  /** Under the vault's key; gone once the attempt can be asked for no more. */
  readonly sealed?: string;
}

export interface Account {
  readonly bank: string;
  readonly number: string;
  readonly holder?: string;
  readonly dueAt?: Instant;
}

/** An issued account that nobody should pay into any more is closed at the provider. Moves no money. */
export interface Closing {
  readonly state: ClosingState;
  /** Counts idempotency keys used; 0 before the first call. */
  readonly try: number;
  readonly unanswered?: UnknownWhy;
  /** Calls in a row that led nowhere, for the backoff and the end of trying. */
  readonly calls: number;
  readonly nextStepAt?: Instant;
}

export interface Failure {
  readonly code: string;
  readonly message?: string;
  readonly retryable: boolean;
}

/** The one provider record that paid. `reversed`: the provider took the money back (faulty deposit); kept as a reservation. */
export interface PaidBy {
  readonly attempt: number;
  readonly record: string;
  readonly at: Instant;
  readonly reversed?: true;
}

/** A decision to give money back: reserved here before any call. */
export interface Refund {
  readonly id: string;
  readonly attempt: number;
  readonly record: string;
  readonly amount: number;
  /** As the provider wrote it: a mismatch can be in one that we never offer. */
  readonly currency: string;
  readonly cause: RefundCause;
  /** The shopper asked for it, within what the merchant lets them. */
  readonly by?: 'shopper';
  readonly state: RefundState;
  /** Not sent, or not looked up, for now, and why. */
  readonly blocked?: RefundBlock;
  /** Of the body that asked for it, for repeats under the same Idempotency-Key. Sealed: the body may hold an account. */
  readonly fingerprint?: string;
  /** Asked for without an amount: gives back what is left when it is sent. */
  readonly everything?: true;
  /** The merchant's words. */
  readonly reason?: string;
  /** Where money goes that came by deposit. */
  readonly account?: SealedAccount;
  /** Cancellations of its own that came to nothing because of an account that was named before. */
  readonly refused?: readonly string[];
  readonly requestedAt: Instant;
  /** Counts idempotency keys used; 0 before the first call. */
  readonly try: number;
  readonly sentAt?: Instant;
  /** When it was last learned what came of a call: the provider may have handled it at any time since `sentAt`. */
  readonly knownAt?: Instant;
  readonly unanswered?: UnknownWhy;
  /** Since when it is not known what became of it, however often it was asked for again. */
  readonly unknownSince?: Instant;
  /** Calls and lookups in a row that led nowhere. */
  readonly calls: number;
  readonly nextStepAt?: Instant;
  readonly failure?: Failure;
  /** The provider's id of the cancellation it became. */
  readonly cancellation?: string;
}

/** An account of the buyer's: the number and the holder's name are readable with the vault alone. */
export interface SealedAccount {
  readonly bank: string;
  readonly last4: string;
  readonly sealed: string;
}

export interface Transition {
  readonly at: Instant;
  readonly what: string;
  readonly from?: string;
  readonly to: string;
  readonly trigger: Trigger;
  readonly note?: string;
}

/** Something to be told, written in the same replace as what it tells of. */
export interface OutboxEntry {
  /** `payment:transition:event`: told once under it. */
  readonly key: string;
  readonly type: EventType;
  readonly at: Instant;
  /** What may have changed again by the time it is told. */
  readonly data: {
    readonly status: PaymentStatus;
    readonly refundedAmount: number;
    readonly refund?: Pick<Refund, 'id' | 'amount' | 'cause' | 'state'>;
    readonly attention?: Attention;
  };
}

/** What made us look. */
export type Trigger =
  | 'create'
  | 'prepare'
  | 'launched'
  | 'verify'
  | 'cancel'
  | 'patch'
  | 'refund'
  | 'webhook'
  | 'due'
  | 'comparison';

/** Something seen that changed no state: capped, and kept once per attempt and code. */
export interface Observation {
  readonly at: Instant;
  readonly attempt: number;
  readonly code: string;
  /** `page`: it could not load the script; `launch`: the provider gave nothing to open. Absent: the provider's window came back with it. */
  readonly by?: 'webhook' | 'page' | 'launch';
}

export interface Lease {
  readonly owner: string;
  readonly fence: number;
  readonly until: Instant;
}

export const maxAttempts = 20;
export const maxRefunds = 50;
export const maxObservations = 20;
/** V1 can put several records under one order id; more than this is kept to the ones that hold money. */
export const maxRecords = 8;

export const paymentIdPattern = `pay_${idPattern}`;
export const sessionIdPattern = `cs_${idPattern}`;

export const sessionId = (paymentId: string): string => `cs_${paymentId.slice(4)}`;
export const paymentIdOf = (session: string): string => `pay_${session.slice(3)}`;
export const orderIdOf = (paymentId: string, no: number): string => `${paymentId}_${no}`;

/** The payment and attempt behind an order id of ours; undefined for anybody else's. */
export function parseOrderId(orderId: string): { payment: string; attempt: number } | undefined {
  const match = new RegExp(`^(${paymentIdPattern})_([1-9][0-9]?)$`).exec(orderId);
  return match ? { payment: match[1] as string, attempt: Number(match[2]) } : undefined;
}

export const payments = define<Payment>()({
  name: 'payments',
  version: 1,
  indexes: {
    by_merchant: { keys: ['merchant', 'createdAt'] },
    by_customer: { keys: ['merchant', 'customer', 'createdAt'] },
    by_paid: { keys: ['merchant', 'paidAt'] },
    by_status: { keys: ['merchant', 'status', 'createdAt'] },
    due: { keys: ['dueAt'] },
  },
});

export const attemptOf = (payment: Payment, no: number): Attempt | undefined => payment.attempts[no - 1];

/** The newest attempt that no later one replaced. */
export const currentAttempt = (payment: Payment): Attempt | undefined =>
  payment.attempts.findLast((attempt) => !attempt.superseded);

export const withAttempt = (payment: Payment, attempt: Attempt): Payment => ({
  ...payment,
  attempts: payment.attempts.map((old) => (old.no === attempt.no ? attempt : old)),
});

export const withRefund = (payment: Payment, refund: Refund): Payment => ({
  ...payment,
  refunds: payment.refunds.map((old) => (old.id === refund.id ? refund : old)),
});

/** A copy without some optional fields. */
export function without<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Omit<T, K> {
  const copy = { ...from };
  for (const key of keys) delete copy[key];
  return copy;
}

/** Busy: we asked for money, or the provider is deciding. Nothing else may be started. An issued account is not busy. */
export const isBusy = (attempt: Attempt): boolean =>
  attempt.state === 'confirming' ||
  attempt.state === 'unknown' ||
  (attempt.state === 'pending' && attempt.account === undefined);

/** It may still be paid, or was opened and is not known to be over. */
export const isUnresolved = ({ state }: Attempt): boolean =>
  state === 'launched' || state === 'confirming' || state === 'unknown' || state === 'pending' || state === 'held';
