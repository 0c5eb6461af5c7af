import type { Buyer, Currency, Launch, Locale, Method, ProviderName } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import type { ProviderWebhook, WebhookHeaders } from './webhook.js';

/**
 * The provider port: one adapter each, one conformance suite on all, against the sandbox.
 *
 * A port method never throws for a business outcome and writes no state. Every money call is made under an idempotency key that the
 * caller stored first. Amounts are minor units on our side; the adapter converts. What an adapter does not recognise is `unknown`, never a guess.
 */
export interface Provider<C extends Channel = Channel> {
  readonly name: ProviderName;
  /** What this channel can open in a currency, in the provider's order of preference. */
  methods(channel: C, currency: Currency): readonly Method[];
  /**
   * `true`: money moves only at our `confirm` (Toss always; V2 channels with manual approval).
   * `false`: the provider charges by itself once the shopper has agreed.
   */
  needsConfirm(channel: C): boolean;
  /**
   * What a first confirm takes from the browser: the record's own key, whose state shows that the shopper agreed (Toss), or a token that
   * only the browser was given for it, since the record shows nothing before the confirm (V2).
   */
  readonly confirmsBy: 'record' | 'token';
  /** `true`: the shopper chooses the method in the provider's own widget, so that none is fixed by us. */
  choosesInside(channel: C): boolean;
  identity(channel: C): ChannelIdentity;
  /** What `listPayments` lists is the account's: channels with the same one (of one provider) have one list. Public. */
  account(channel: C): string;
  /** Parameters for the browser; pre-registers the amount where the provider can. Moves no money. */
  launch(channel: C, order: LaunchOrder): Promise<LaunchOutcome>;
  /** Every record under our order id; with `record`, that record too, which must be ours, else `refused`. */
  lookup(channel: C, query: LookupQuery): Promise<LookupOutcome>;
  /** Moves money. */
  confirm(channel: C, intent: ConfirmIntent): Promise<ConfirmOutcome>;
  /** Gives money back, for one record. */
  cancel(channel: C, refund: CancelIntent): Promise<CancelOutcome>;
  /**
   * `true`: the payment company takes its time, and until then nothing in the record shows that a cancellation was taken on. So a look does
   * not tell what became of one whose answer was lost, and it gives back no more than was paid, but a part perhaps twice.
   */
  hidesCancellations(record: ProviderRecord): boolean;
  /** Closes an issued account that nobody has paid into yet. Moves no money: one that was paid is `declined`. */
  close(channel: C, account: CloseIntent): Promise<CloseOutcome>;
  /**
   * What the provider's own books say of a range of time, for the comparison with ours: every payment of the channel's account whose money
   * moved in it, at least; in pages, in any order, the same payment possibly several times. Pages of a range that has ended leave nothing out.
   */
  listPayments(channel: C, query: ListQuery): Promise<ListOutcome>;
  /**
   * What a webhook is about, and whether it is authentic. `channels`: those of this provider that share the URL it came to; `raw`: the body
   * exactly as it came. Asks nobody, trusts nothing that is in it.
   */
  readWebhook(channels: readonly C[], raw: string, headers: WebhookHeaders): Promise<ProviderWebhook>;
}

/** One provider contract of a merchant, with its credentials. Comes from configuration; never stored, never logged. */
export type Channel = TossChannel | PortOneV2Channel | PortOneV1Channel;

interface ChannelBase {
  readonly id: string;
  readonly environment: 'test' | 'live';
  readonly approval: 'automatic' | 'manual';
  /** Narrows what the provider offers; absent: all it can. */
  readonly methods?: readonly Method[];
  readonly currencies: readonly Currency[];
  /** REST base and browser script; only these differ in the sandbox. */
  readonly apiBase: string;
  readonly script: string;
}

export interface TossChannel extends ChannelBase {
  readonly provider: 'toss';
  /** Public: goes to the browser. */
  readonly clientKey: string;
  readonly secretKey: string;
  /** Which product the key pair is for. */
  readonly product: 'widget' | 'window';
}

export interface PortOneV2Channel extends ChannelBase {
  readonly provider: 'portone-v2';
  /** Public, as is the channel key: both go to the browser. */
  readonly storeId: string;
  readonly channelKey: string;
  readonly apiSecret: string;
  /** Of the store; several while they are rotated. */
  readonly webhookSecrets: readonly string[];
}

/** `channelKey`, or the `pg` of an older contract: exactly one of the two. */
export interface PortOneV1Channel extends ChannelBase {
  readonly provider: 'portone-v1';
  /** Public, as are the tier code, the channel key and `pg`: they go to the browser. */
  readonly userCode: string;
  /** Of a sub-merchant, whose payments the same key asks for. */
  readonly tierCode?: string;
  readonly channelKey?: string;
  readonly pg?: string;
  /** Phone bills ask what is sold: `true` for what is delivered over the network. Default: goods. */
  readonly digital?: boolean;
  /** The payment company's own codes for banks that a deposit is given back to, by our words for them. Default: the interbank codes. */
  readonly bankCodes?: Readonly<Record<string, string | undefined>>;
  /** `imp_key` and `imp_secret`. */
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * What the provider's records name their contract by, where they do: a record with another one is not ours. `store` is known where they don't,
 * too: who asks with another store's keys hears nothing of our orders.
 */
export interface ChannelIdentity {
  readonly store?: string;
  readonly channel?: string;
}

export interface LaunchOrder {
  readonly orderId: string;
  readonly orderName: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly method?: Method;
  readonly customerKey: string;
  readonly buyer?: Buyer;
  readonly locale: Locale;
  /** Both, or neither (promise mode). */
  readonly successUrl?: string;
  readonly failUrl?: string;
  /** Where webhooks about this payment should go, for providers that can be told so with each one. */
  readonly noticeUrl?: string;
}

export interface LookupQuery {
  readonly orderId: string;
  /** A record to look at as well: a hint from the browser, or the stored intent's. */
  readonly record?: string;
}

export interface ConfirmIntent {
  readonly orderId: string;
  readonly record: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly idempotencyKey: string;
  /** What the browser got for the shopper's consent, where the provider hands out one (V2 with manual approval: `paymentToken`). */
  readonly token?: string;
}

export interface CancelIntent {
  readonly orderId: string;
  readonly record: string;
  readonly amount: number;
  readonly currency: Currency;
  /** Whole refund of an untouched record; providers may do more with it than with a partial one. */
  readonly full: boolean;
  /** What must still be cancellable before the call, for providers that compare. */
  readonly expectedBalance: number;
  /** Carries our refund's id, so that the cancellation can be recognised later. */
  readonly reason: string;
  /** Where the money goes that came by deposit: needed for a paid virtual account, and only there. */
  readonly account?: RefundAccount;
  readonly idempotencyKey: string;
}

export interface RefundAccount {
  /** Our word for the bank (`banks.ts`). */
  readonly bank: string;
  /** Digits. */
  readonly number: string;
  readonly holder: string;
}

export interface CloseIntent {
  readonly orderId: string;
  readonly record: string;
  readonly idempotencyKey: string;
}

export interface ListQuery {
  /** Both ends inclusive. */
  readonly from: Instant;
  readonly until: Instant;
  /** 1 to 1,000; a page may be shorter and still have a next one. */
  readonly limit: number;
  /** The `next` of the page before, for the same range. */
  readonly after?: string;
}

/** One line of the provider's list. What a line does not tell is absent: another line of the same record may. */
export interface ListedPayment {
  readonly record: string;
  readonly orderId: string;
  /** Absent where the line tells of a cancellation alone. */
  readonly state?: RecordState;
  /** What was charged, in minor units. */
  readonly amount?: number;
  /** As the provider writes it. */
  readonly currency: string;
  /** The whole of what went back so far. */
  readonly cancelled?: number;
  /** Cancellations that the line tells of, by the id that the record has for them. */
  readonly cancellations: readonly string[];
  readonly environment: 'test' | 'live';
  readonly store?: string;
  readonly channel?: string;
  /** When it came to be so. */
  readonly at: Instant;
}

/**
 * What a provider says of one record, normalised. Facts only, no verdicts.
 *
 * `paid` also covers refunded ones: `cancelled` tells how much went back. `canceled` means it ended before any money moved.
 * `authenticated`: the shopper agreed, nothing is charged. `approving`: the provider itself has not decided yet.
 */
export interface ProviderRecord {
  /** The provider's own id: `paymentKey`, `txId`, `imp_uid`. */
  readonly record: string;
  readonly orderId: string;
  readonly state: RecordState;
  readonly amount: number;
  /** As the provider writes it: may be one we don't take. */
  readonly currency: string;
  /** Given back so far, as the provider counts it; 0 where nothing was. */
  readonly cancelled: number;
  readonly cancellations: readonly Cancellation[];
  readonly environment: 'test' | 'live';
  /** Where the provider names them, for the comparison with ours. */
  readonly store?: string;
  readonly channel?: string;
  readonly method?: Method;
  readonly card?: { readonly issuer?: string; readonly last4?: string; readonly installmentMonths?: number };
  readonly account?: RecordAccount;
  readonly failure?: RecordFailure;
  readonly receiptUrl?: string;
  readonly authenticatedAt?: Instant;
  readonly paidAt?: Instant;
  /** Toss: checks deposit webhooks. Encrypted before it is stored, never shown. */
  readonly webhookSecret?: string;
}

export const recordStates = [
  'ready',
  'authenticated',
  'approving',
  'awaiting_deposit',
  'paid',
  'failed',
  'expired',
  'canceled',
] as const;
export type RecordState = (typeof recordStates)[number];

export interface Cancellation {
  /** The provider's id of this cancellation. */
  readonly id: string;
  readonly amount: number;
  readonly state: 'done' | 'pending' | 'failed';
  readonly reason: string;
  readonly at?: Instant;
}

export interface RecordAccount {
  /** Our word for the bank (`banks.ts`); one that we have no word for, as the provider writes it. */
  readonly bank: string;
  readonly number: string;
  readonly holder?: string;
  readonly dueAt?: Instant;
  readonly expired?: boolean;
}

export interface RecordFailure {
  readonly code: string;
  readonly message?: string;
}

/** Why an outcome is not known. `in_progress`: the same call is still running there. `temporary`: it answered, with a passing error. */
export type UnknownWhy = 'no_reply' | 'in_progress' | 'temporary';

export interface Unknown {
  readonly outcome: 'unknown';
  readonly why: UnknownWhy;
  /** For the log: the provider's code, or what went wrong on the wire. No secrets, no buyer data. */
  readonly detail: string;
}
export interface Declined {
  readonly outcome: 'declined';
  readonly code: string;
  readonly message?: string;
  /** May the same shopper try again with the same means? */
  readonly retryable: boolean;
  /** Of a cancel: all that was wrong is the account it should go to. Another one may be named. */
  readonly accountRefused?: true;
}
/** The key we were given is unknown there, or belongs to another order: the hint is refused, not the payment. */
export interface Refused {
  readonly outcome: 'refused';
  readonly hint: 'unknown_record' | 'other_order' | 'other_amount';
  readonly detail: string;
}
/** Our credentials or contract are wrong: no money moved. */
export interface Misconfigured {
  readonly outcome: 'misconfigured';
  readonly code: string;
}

export type LaunchOutcome = { readonly outcome: 'done'; readonly launch: Launch } | Declined | Misconfigured | Unknown;
export type LookupOutcome =
  | { readonly outcome: 'done'; readonly records: readonly [ProviderRecord, ...ProviderRecord[]] }
  | { readonly outcome: 'not_found' }
  | Refused
  | Misconfigured
  | Unknown;
/** `done`: it went through, with the record where the reply carries it whole; without one, look up. */
export type ConfirmOutcome =
  | { readonly outcome: 'done'; readonly record?: ProviderRecord }
  | Declined
  | Refused
  | Misconfigured
  | Unknown;
export type CancelOutcome =
  | { readonly outcome: 'done'; readonly record?: ProviderRecord }
  | Declined
  | { readonly outcome: 'not_found' }
  | Misconfigured
  | Unknown;
/** `declined`: it does not wait for a deposit (any more). */
export type CloseOutcome =
  | { readonly outcome: 'done' }
  | Declined
  | { readonly outcome: 'not_found' }
  | Misconfigured
  | Unknown;
/** `unread`: lines that could not be read for certain. */
export type ListOutcome =
  | {
      readonly outcome: 'done';
      readonly payments: readonly ListedPayment[];
      readonly unread: number;
      readonly next?: string;
    }
  | Misconfigured
  | Unknown;
