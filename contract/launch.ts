import type { Currency } from './money.js';

/** What the browser needs to open the provider's window for one attempt. It holds public keys only. */
export type Launch = TossLaunch;

/**
 * Toss Payments SDK v2. `window`: `TossPayments(clientKey).payment({customerKey}).requestPayment(request)`, with the method fixed;
 * `widget`: `.widgets({customerKey})`, `setAmount(amount)`, render, `requestPayment(request)`, the shopper chooses the method there.
 */
export interface TossLaunch {
  provider: 'toss';
  kind: 'window' | 'widget';
  /** URL of the provider's script. */
  script: string;
  clientKey: string;
  customerKey: string;
  /** Major units, as the SDK wants them. */
  amount: { currency: Currency; value: number };
  /** `requestPayment`'s argument, without success and fail URL where the session has no return URL (promise mode, PC only). */
  request: TossRequest;
}

export interface TossRequest {
  /** Payment window only. */
  method?: 'CARD' | 'TRANSFER' | 'VIRTUAL_ACCOUNT' | 'MOBILE_PHONE' | 'FOREIGN_EASY_PAY';
  /** Payment window only: the widget takes the last `setAmount`. */
  amount?: { currency: Currency; value: number };
  orderId: string;
  orderName: string;
  successUrl?: string;
  failUrl?: string;
  customerName?: string;
  customerEmail?: string;
  customerMobilePhone?: string;
  card?: { flowMode: 'DEFAULT' | 'DIRECT'; easyPay?: string };
  virtualAccount?: { validHours: number; cashReceipt: { type: '미발행' } };
  foreignEasyPay?: { provider: 'PAYPAL'; country: string };
}
