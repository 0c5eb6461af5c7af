import type { Currency } from '../../contract/index.js';
import type { Reason } from '../checkout/outcomes.js';
import { PayEvent } from './pay-event.js';

/** What every event about a payment names. */
export interface PayDetail {
  /** `cs_…` */
  session: string;
  /** `pay_…` */
  payment: string;
  /** Minor units. */
  amount: number;
  currency: Currency;
  /** Told again after a reload, or on the way back from a redirect. */
  resumed: boolean;
}

export interface PayPendingDetail extends PayDetail {
  /** The account that waits for a deposit. */
  account?: { bank: string; number: string; dueAt?: string };
}

export interface PayFailDetail extends Partial<PayDetail> {
  /** Why, in our words. */
  reason: Reason;
  /** Why, in the provider's or our server's code. */
  code: string;
  message?: string;
  /** The same shopper may try again with the same means. */
  retryable: boolean;
}

/** Paid, as the server found out. Default action: go to `success-url`, if there is one. */
export class PaySuccessEvent extends PayEvent<PayDetail> {
  constructor(detail: PayDetail) {
    super('pay-success', detail);
  }
}
/** An account was issued and waits for a deposit: not paid. No default action: the account stays on the page. */
export class PayPendingEvent extends PayEvent<PayPendingDetail> {
  constructor(detail: PayPendingDetail) {
    super('pay-pending', detail);
  }
}
/** Declined, or over. Default action: go to `fail-url`, if there is one. */
export class PayFailEvent extends PayEvent<PayFailDetail> {
  constructor(detail: PayFailDetail) {
    super('pay-fail', detail);
  }
}
/** The shopper closed the provider's window. Default action: go to `cancel-url`, if there is one. */
export class PayCancelEvent extends PayEvent<PayDetail> {
  constructor(detail: PayDetail) {
    super('pay-cancel', detail);
  }
}
