import type { Currency } from './money.js';

/** What the browser needs to open the provider's window for one attempt. It holds public keys only. */
export type Launch = TossLaunch | PortOneV2Launch | PortOneV1Launch;

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

/**
 * PortOne V1 (iamport): `IMP.init(userCode)`, or `IMP.agency(userCode, tierCode)` where there is a tier code, once for the page; then
 * `window`: `IMP.request_pay(request, callback)`, whose result comes by the callback, or by `m_redirect_url` (phones always);
 * `ui`: `IMP.loadUI(uiType, request, callback)` draws PayPal's own button into the element of the document, not of a shadow root, with
 * the class `portone-ui-container`.
 */
export type PortOneV1Launch =
  | (PortOneV1Base & { kind: 'window' })
  | (PortOneV1Base & { kind: 'ui'; uiType: 'paypal-spb' });

interface PortOneV1Base {
  provider: 'portone-v1';
  /** URL of the provider's script. */
  script: string;
  /** `imp…` */
  userCode: string;
  /** Of a sub-merchant. */
  tierCode?: string;
  request: PortOneV1Request;
}

/** `request_pay`'s argument, as V1 spells it. */
export interface PortOneV1Request {
  /** One of the two: the channel, or what older contracts name it by (`html5_inicis.INIpayTest`). */
  channelKey?: string;
  pg?: string;
  pay_method: 'card' | 'kakaopay' | 'naverpay' | 'tosspay' | 'trans' | 'vbank' | 'phone' | 'paypal';
  /** Our order id. */
  merchant_uid: string;
  /** At most 40 characters. */
  name: string;
  /** Major units: 14.2 dollars. */
  amount: number;
  currency: Currency;
  buyer_name?: string;
  buyer_email?: string;
  buyer_tel?: string;
  buyer_addr?: string;
  buyer_postcode?: string;
  /** Who pays, where the site says it: random, never the site's own id. */
  customer_id?: string;
  /** Absent where the session has no return URL (callback mode, PC only). */
  m_redirect_url?: string;
  /** Where this payment's webhooks go, in place of the console's URL. */
  notice_url?: string;
  /** Phone bills ask what is sold. */
  digital?: boolean;
  /** Seoul's time: `YYYY-MM-DD HH:mm:ss`. */
  vbank_due?: string;
  language?: 'ko' | 'en';
}
