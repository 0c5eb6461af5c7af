import type { Currency, Method } from '../../contract/index.js';
import type { PayAddressEvent } from './address-event.js';
import type { PayCancelEvent, PayFailEvent, PayPendingEvent, PaySuccessEvent } from './outcome-events.js';
import { PayEvent } from './pay-event.js';

export interface PayReadyDetail {
  amount: number;
  currency: Currency;
  methods: readonly Method[];
}

export interface PayErrorDetail {
  /** `mistake`: only the site owner can mend it. `unavailable`: no network, no server, or the provider's script was stopped. */
  kind: 'mistake' | 'unavailable';
  code: string;
  detail: string;
}

/** What is sold is shown, and can be paid. No default action. */
export class PayReadyEvent extends PayEvent<PayReadyDetail> {
  constructor(detail: PayReadyDetail) {
    super('pay-ready', detail);
  }
}
/** For the site owner. Default action: say it in the console. */
export class PayErrorEvent extends PayEvent<PayErrorDetail> {
  constructor(detail: PayErrorDetail) {
    super('pay-error', detail);
  }
}

export interface PayEvents {
  'pay-ready': PayReadyEvent;
  'pay-success': PaySuccessEvent;
  'pay-pending': PayPendingEvent;
  'pay-fail': PayFailEvent;
  'pay-cancel': PayCancelEvent;
  'pay-error': PayErrorEvent;
  'pay-address': PayAddressEvent;
}

declare global {
  /** On the element, on everything around it, and on `document`. */
  interface GlobalEventHandlersEventMap extends PayEvents {}
}
