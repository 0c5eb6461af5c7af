import type { LocalText } from './catalogue.js';
import type { Launch } from './launch.js';
import type { Currency } from './money.js';
import type {
  AttemptState,
  Locale,
  Method,
  PaymentStatus,
  ProviderName,
  RefundState,
  ScriptFailure,
} from './status.js';

/** Who pays. Every field is optional; only what the order needs is kept. */
export interface Buyer {
  name?: string;
  email?: string;
  /** As people type it; kept as digits with an optional leading +. */
  phone?: string;
  address?: string;
  /** Flat, floor, building: the line below the address. */
  addressDetail?: string;
  postcode?: string;
}

export interface Line {
  /** Catalogue item, absent on a line that the merchant's backend wrote itself. */
  item?: string;
  name: LocalText;
  quantity: number;
  /** Price of one, minor units. */
  price: number;
}

/** Absolute http(s) URLs. `page` is where the provider's window returns to; the others are where the shopper goes afterwards. */
export interface ReturnUrls {
  page?: string;
  success?: string;
  fail?: string;
  cancel?: string;
}

/** `POST /payments/sessions` by a page (`pk_`): the catalogue decides the price, nothing else may be said about it. */
export interface CreateSession {
  items: { item: string; quantity?: number }[];
  buyer?: Buyer;
  locale?: Locale;
  returnUrls?: ReturnUrls;
  /** JWT of the signed-in shopper, signed by the merchant. */
  customerToken?: string;
  /** Prepare in the same request. */
  prepare?: PrepareSession;
}

/** `POST /payments/sessions` by the merchant's backend (`sk_`): from the catalogue, or any amount. */
export interface CreateMerchantSession {
  items?: { item: string; quantity?: number }[];
  amount?: number;
  currency?: Currency;
  orderName?: string;
  /** The merchant's own order id: makes the call repeatable and the session findable. */
  reference?: string;
  /** The merchant's own customer id (the `sub` of its shopper tokens). */
  customer?: string;
  metadata?: Record<string, string>;
  buyer?: Buyer;
  locale?: Locale;
  returnUrls?: ReturnUrls;
  prepare?: PrepareSession;
}

export interface PrepareSession {
  /** Absent where the provider's own widget lets the shopper choose. */
  method?: Method;
  /** Where the provider's window returns to, if the session does not say it. Must be on an allowed origin. */
  returnUrl?: string;
}

/** `POST /payments/sessions/{id}/prepare` */
export interface PrepareAgain extends PrepareSession {
  /** The script of what was handed out for this attempt can't be had in this page: another channel's is tried, where there is one. */
  unavailable?: { attempt: number; code: ScriptFailure };
}

/** `PATCH /payments/sessions/{id}`. Quantity: of a catalogue session with one line, while no attempt is launched. */
export interface PatchSession {
  buyer?: Buyer;
  quantity?: number;
}

/**
 * `POST /payments/verify`: "look now". Everything but `session` is a hint from the return URL or the provider's script, never evidence.
 */
export interface VerifySession {
  session: string;
  /** The provider's order id (`pay_…_n`); absent: the newest launched attempt. */
  orderId?: string;
  /** Toss. */
  paymentKey?: string;
  /** PortOne V2; a redirect need not bring it. */
  txId?: string;
  /** PortOne V1; a redirect need not bring it. Its `merchant_uid` is our `orderId`. */
  impUid?: string;
  /** PortOne V2 with manual approval: the shopper agreed, and the server may ask for the money with it. */
  paymentToken?: string;
  /** As the return URL had it, major units; another amount than the attempt's is refused. */
  amount?: number;
  paymentType?: string;
  /** The provider's failure code and text, when its window came back with one. */
  code?: string;
  message?: string;
}

/** An account issued for this payment, to be paid into. */
export interface AccountView {
  bank: string;
  number: string;
  holder?: string;
  dueAt?: string;
}

export interface FailureView {
  /** The provider's own code, or one of ours. */
  code: string;
  message?: string;
  /** May the same shopper try again with the same means? */
  retryable: boolean;
}

export interface ReceiptView {
  paidAt: string;
  method?: Method;
  /** Last digits only. */
  card?: { issuer?: string; last4?: string; installmentMonths?: number };
  url?: string;
}

export interface AttemptView {
  no: number;
  orderId: string;
  provider: ProviderName;
  method?: Method;
  state: AttemptState;
}

/** Money on its way back, as the shopper sees it. */
export interface ShopperRefundView {
  id: string;
  amount: number;
  /** As the provider wrote it: a wrong payment can be in one that we never offer. */
  currency: string;
  state: RefundState;
  /** It waits for an account of the buyer's: `POST …/refunds/{id}/account`. */
  needsAccount: boolean;
  /** Where it goes, where an account was named. */
  account?: { bank: string; last4: string };
  requestedAt: string;
  /** Why it failed, or why the account that was named last was refused. */
  failure?: FailureView;
}

/** The shopper's view of a payment. Money is in minor units, instants are RFC 3339 in UTC. */
export interface SessionView {
  id: string;
  payment: string;
  mode: 'payment';
  status: PaymentStatus;
  /** Our question to the provider is under way or unanswered: ask again, start nothing new. */
  processing: boolean;
  amount: number;
  currency: Currency;
  refundedAmount: number;
  orderName: string;
  lines: readonly Line[];
  locale: Locale;
  merchant: { name: LocalText };
  methods: readonly Method[];
  openUntil?: string;
  buyer?: Buyer;
  returnUrls?: Omit<ReturnUrls, 'page'>;
  attempt?: AttemptView;
  account?: AccountView;
  failure?: FailureView;
  receipt?: ReceiptView;
  /** Absent where there are none. */
  refunds?: readonly ShopperRefundView[];
  /** Revision, for the long poll's `after`. */
  rev: number;
}

/** Answer of create (201, or 200 for a repeat) and prepare (200). */
export interface OpenedSession extends SessionView {
  /** Opens this session to whoever holds it: keep it in the page. Absent where the caller used it already. */
  clientSecret?: string;
  launch?: Launch;
}

/** What a return token may see: the outcome, no buyer data. */
export type ResultView = Omit<SessionView, 'buyer' | 'refunds'>;
