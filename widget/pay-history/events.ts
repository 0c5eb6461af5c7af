import type { TokenReason } from '../history/history.js';
import { PayEvent } from '../pay-checkout/pay-event.js';

export type { TokenReason };

export interface PayTokenDetail {
  /** `missing`: there is none. `expired`: its time is over. `refused`: the server does not believe it. */
  reason: TokenReason;
  /** What the server says is wrong with it, for the site owner. */
  detail: string;
}

/**
 * The shopper's token is missing, over, or not believed. Give a new one by `respondWith`, or cancel the event and set `customerToken` when
 * it is there. Default action: it is said to the shopper, with a button that asks again.
 */
export class PayTokenEvent extends PayEvent<PayTokenDetail> {
  /** @internal */
  answer: Promise<unknown> | undefined;

  constructor(detail: PayTokenDetail) {
    super('pay-token', detail);
  }

  /** The new token, or a promise of it; the default action is left out, unless that brings none. The first answer counts. */
  respondWith(token: string | undefined | Promise<string | undefined>): void {
    this.preventDefault();
    this.answer ??= Promise.resolve(token);
  }
}

declare global {
  interface HTMLElementEventMap {
    'pay-token': PayTokenEvent;
  }
  interface DocumentEventMap {
    'pay-token': PayTokenEvent;
  }
}
