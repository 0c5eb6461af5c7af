import type { Currency } from './money.js';
import type { AccountView, AttemptView, Buyer, FailureView, Line, ReceiptView } from './session.js';
import type { Attention, Locale, Method, PaymentStatus, ProviderName, RefundCause, RefundState } from './status.js';

export interface RefundView {
  id: string;
  amount: number;
  state: RefundState;
  cause: RefundCause;
  attempt: number;
  requestedAt: string;
  failure?: FailureView;
}

/** One change, in the order it happened. `what` is the thing that changed: the payment, `attempt 2`, `refund rf_…`. */
export interface TransitionView {
  at: string;
  what: string;
  from?: string;
  to: string;
  /** What made us look: `prepare`, `launched`, `verify`, `webhook`, `due`, `cancel`, … */
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
    launchedAt?: string;
    deadline?: string;
  })[];
  receipt?: ReceiptView;
  refunds: readonly RefundView[];
  timeline: readonly TransitionView[];
}

/** A shopper's own row: no merchant-only fields. */
export type MyPaymentRow = Omit<PaymentRow, 'attention' | 'reference' | 'customer'> & {
  receipt?: ReceiptView;
  account?: AccountView;
};

/** A page of a list, newest first. A short page can still have a `next`: filters are applied while scanning. */
export interface Page<T> {
  data: readonly T[];
  next?: string;
}
