import type { Currency } from './money.js';
import type { AccountView, AttemptView, Buyer, FailureView, Line, ReceiptView, ShopperRefundView } from './session.js';
import type {
  Attention,
  ClosingState,
  Locale,
  Method,
  PaymentStatus,
  ProviderName,
  RefundBlock,
  RefundCause,
} from './status.js';

/**
 * `POST /payments/{id}/cancel` (with an Idempotency-Key): gives money back. For the merchant's backend (`sk_`), and for the shopper (JWT) as
 * far as the merchant lets shoppers cancel.
 */
export interface CreateRefund {
  /** Minor units; absent: everything that is left. */
  amount?: number;
  /** If it is there, it must be the payment's. */
  currency?: Currency;
  /** Goes to the provider too: nothing that the shopper should not read. */
  reason?: string;
  /** Where the money goes that came by deposit; may also be named later. Only for payments through a virtual account. */
  account?: RefundAccount;
}

/** `POST …/refunds/{id}/account`: an account of the buyer's. Kept encrypted, never shown in full. */
export interface RefundAccount {
  /** One of our words for banks: PortOne's, such as `KAKAO`, `SHINHAN`, `KOOKMIN`. */
  bank: string;
  /** 6 to 20 digits; dashes and spaces are left out. */
  number: string;
  holder: string;
}

/** A decision to give money back. */
export interface RefundView extends ShopperRefundView {
  cause: RefundCause;
  /** The shopper asked for it, where the merchant lets them; absent: not. */
  by?: 'shopper';
  attempt: number;
  reason?: string;
  /** Not sent, or where it was sent not looked up, for now, and why. It is tried again by itself. */
  blocked?: RefundBlock;
}

/** One change, in the order it happened. `what` is the thing that changed: the payment, `attempt 2`, `refund rf_…`. */
export interface TransitionView {
  at: string;
  what: string;
  from?: string;
  to: string;
  /** What made us look: `prepare`, `launched`, `verify`, `webhook`, `due`, `cancel`, `comparison`, … */
  trigger: string;
  note?: string;
}

/** One row of a list. */
export interface PaymentRow {
  id: string;
  session: string;
  status: PaymentStatus;
  amount: number;
  currency: Currency;
  refundedAmount: number;
  orderName: string;
  reference?: string;
  customer?: string;
  provider?: ProviderName;
  method?: Method;
  createdAt: string;
  paidAt?: string;
  attention?: Attention;
}

/** `GET /payments/{id}` for the merchant: everything we know, with the whole timeline. */
export interface PaymentView extends PaymentRow {
  lines: readonly Line[];
  locale: Locale;
  buyer?: Buyer;
  metadata?: Record<string, string>;
  openUntil?: string;
  attempts: readonly (AttemptView & {
    amount: number;
    superseded?: true;
    /** The provider's record that it led to (`paymentKey`, `txId`, `imp_uid`). */
    record?: string;
    failure?: FailureView;
    account?: AccountView;
    /** The account is being closed at the provider, since nobody should pay into it any more. */
    closing?: ClosingState;
    launchedAt?: string;
    deadline?: string;
  })[];
  receipt?: ReceiptView;
  refunds: readonly RefundView[];
  timeline: readonly TransitionView[];
}

/** A shopper's own row: no merchant-only fields. */
export type MyPaymentRow = Omit<PaymentRow, 'attention' | 'reference' | 'customer'> & {
  /** Our question to the provider is under way or unanswered, or a person decides about money that came: how it ends is not known yet. */
  processing: boolean;
  receipt?: ReceiptView;
  /** Only while it waits for a deposit. */
  account?: AccountView;
  /** The shopper may cancel it by themselves now. Absent where the merchant doesn't let them, or no more. */
  cancelable?: CancelableView;
  /** Absent where there are none. */
  refunds?: readonly MyRefundView[];
};

/** How far `POST /payments/{id}/cancel` is the shopper's own. */
export interface CancelableView {
  until: string;
  /** All that can be given back, in minor units. */
  amount: number;
  /** A part may be asked for too; else all of it, or nothing. */
  partial: boolean;
}

export interface MyRefundView extends ShopperRefundView {
  /** Of money beside the payment: it came twice, late, or in a wrong amount. Not part of `refundedAmount`. */
  extra?: true;
}

/** `GET /me/payments`. `version` names what the page shows, for the long poll's `seen`. */
export interface MyPayments extends Page<MyPaymentRow> {
  version: string;
}

/** A page of a list, newest first. A short page can still have a `next`: filters are applied while scanning. */
export interface Page<T> {
  data: readonly T[];
  next?: string;
}
