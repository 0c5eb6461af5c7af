import type { Currency } from './money.js';

/** What the browser needs to open the provider's window for one attempt. It holds public keys only. */
export type Launch = TossLaunch | PortOneV2Launch;

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

/**
 * PortOne browser SDK V2. `window`: `PortOne.requestPayment(request)`, whose result comes as a promise, or by `redirectUrl` (mobile always);
 * `ui`: `PortOne.loadPaymentUI(request, {onPaymentSuccess, onPaymentFail})` draws PayPal's own button into the element of the document,
 * not of a shadow root, with the class `portone-ui-container`.
 */
export type PortOneV2Launch =
  | { provider: 'portone-v2'; kind: 'window'; script: string; request: PortOneV2Request }
  | { provider: 'portone-v2'; kind: 'ui'; script: string; request: PortOneV2UIRequest };

interface PortOneV2Base {
  storeId: string;
  channelKey: string;
  paymentId: string;
  orderName: string;
  /** Minor units: cents for USD. */
  totalAmount: number;
  currency: Currency;
  customer?: PortOneV2Customer;
}

export interface PortOneV2Request extends PortOneV2Base {
  payMethod: 'CARD' | 'EASY_PAY' | 'TRANSFER' | 'VIRTUAL_ACCOUNT' | 'MOBILE';
  easyPay?: { easyPayProvider: 'KAKAOPAY' | 'NAVERPAY' | 'TOSSPAY' };
  virtualAccount?: { accountExpiry: { validHours: number } };
  /** Phone bills ask what is sold. */
  productType?: 'REAL' | 'DIGITAL';
  locale?: 'KO_KR' | 'EN_US';
  /** Absent where the session has no return URL (promise mode, PC only). */
  redirectUrl?: string;
}

export interface PortOneV2UIRequest extends PortOneV2Base {
  uiType: 'PAYPAL_SPB';
  windowType: { pc: 'UI'; mobile: 'UI' };
}

export interface PortOneV2Customer {
  customerId?: string;
  fullName?: string;
  email?: string;
  phoneNumber?: string;
}
