import type { Currency, Method } from '../../../contract/index.js';
import { currencies } from '../../../contract/index.js';
import { toMajor, toMinor } from '../amount.js';
import type { BankRecord } from '../record.js';
import type { TossCode } from './errors.js';
import { errorMessage } from './errors.js';
import type { TossMerchant } from './merchants.js';
import type { Toss } from './toss.js';
import { openPayment } from './toss.js';

const easyPayCodes: Readonly<Record<string, Method>> = {
  KAKAOPAY: 'kakaopay',
  카카오페이: 'kakaopay',
  NAVERPAY: 'naverpay',
  네이버페이: 'naverpay',
  TOSSPAY: 'tosspay',
  토스페이: 'tosspay',
};

const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];

const windowMethods: Readonly<Record<string, readonly Method[]>> = {
  CARD: ['card', 'kakaopay', 'naverpay', 'tosspay'],
  TRANSFER: ['transfer'],
  VIRTUAL_ACCOUNT: ['virtual_account'],
  MOBILE_PHONE: ['phone'],
  FOREIGN_EASY_PAY: ['paypal'],
};

export interface OpenRequest {
  readonly clientKey: string;
  /** Toss's word (`CARD`…), or ours where the widget's list or the control API names one; absent: all. */
  readonly method?: string;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly orderId: string;
  readonly orderName: string;
  readonly customerName?: string;
  readonly successUrl?: string;
  readonly failUrl?: string;
  readonly metadata?: Record<string, string>;
  readonly card?: { readonly flowMode?: string; readonly easyPay?: string };
  readonly virtualAccount?: { readonly validHours?: number };
}

/** Which choices the window shows. */
function methodsOf(request: OpenRequest): readonly Method[] | undefined {
  const { method, card } = request;
  if (method === undefined) return request.amount.currency === 'USD' ? ['paypal'] : domestic;
  if (method === 'CARD' && card?.flowMode === 'DIRECT') {
    const easyPay = card.easyPay && easyPayCodes[card.easyPay];
    return easyPay ? [easyPay] : ['card'];
  }
  if (Object.hasOwn(windowMethods, method)) return windowMethods[method];
  return domestic.includes(method as Method) || method === 'paypal' ? [method as Method] : undefined;
}

const orderIdPattern = /^[A-Za-z0-9_-]{6,64}$/;

/** Opens a payment window: a `READY` payment and the page for it. `openerOrigin` is the page that hears the result. */
export function openWindow(toss: Toss, request: OpenRequest, openerOrigin: string): BankRecord | TossCode {
  const merchant = toss.merchants.byClient(String(request.clientKey));
  if (!merchant) return 'INVALID_CLIENT_KEY';
  const currency = currencies.find((each) => each === request.amount?.currency);
  const amount = currency && toMinor(request.amount.value, currency);
  if (!currency || amount === undefined || !orderIdPattern.test(String(request.orderId))) return 'INVALID_REQUEST';
  if (typeof request.orderName !== 'string' || request.orderName === '' || request.orderName.length > 100)
    return 'INVALID_REQUEST';
  const methods = methodsOf(request);
  if (!methods) return 'NOT_SUPPORTED_METHOD';
  const validHours = request.virtualAccount?.validHours ?? 168;
  if (!Number.isInteger(validHours) || validHours < 1 || validHours > 2160) return 'INVALID_REQUEST';
  const record = openPayment(toss, merchant, {
    orderId: request.orderId,
    orderName: request.orderName,
    amount,
    currency,
    validHours,
    ...(request.customerName && { customerName: request.customerName }),
    ...(request.metadata && { metadata: request.metadata }),
  });
  if (typeof record === 'string') return record;
  toss.windows.open({
    record: record.id,
    brand: 'Toss Payments',
    methods,
    openerOrigin,
    accountValidHours: validHours,
    pay: (instrument) => {
      const outcome = toss.bank.authenticate(record.id, instrument);
      if (!outcome.ok) return outcome.why === 'expired' ? 'expired' : 'processed';
      const detail = promised(record, merchant);
      return request.successUrl ? { redirect: successUrl(request.successUrl, detail), detail } : { detail };
    },
    canceled: () => {
      const message = errorTexts.canceled;
      const detail = { code: 'USER_CANCEL', message };
      if (!request.failUrl) return { detail };
      return { redirect: withQuery(request.failUrl, { code: 'PAY_PROCESS_CANCELED', message }), detail };
    },
  });
  return record;
}

const errorTexts = { canceled: '사용자가 결제를 취소하였습니다' };

export interface Promised {
  readonly paymentKey: string;
  readonly orderId: string;
  readonly amount: { readonly value: number; readonly currency: Currency };
  readonly paymentType?: 'NORMAL';
}

/** What promise mode resolves with; the widget adds the kind of payment. */
export const promised = (record: BankRecord, merchant: TossMerchant): Promised => ({
  paymentKey: record.id,
  orderId: record.orderId,
  amount: { value: toMajor(record.amount, record.currency), currency: record.currency },
  ...(merchant.product === 'widget' && { paymentType: 'NORMAL' }),
});

const successUrl = (url: string, { paymentType, amount, orderId, paymentKey }: Promised): string =>
  withQuery(url, { ...(paymentType && { paymentType }), amount: String(amount.value), orderId, paymentKey });

/** Where redirect mode goes when the window could not open; here Toss does say which order it was. */
export const failUrl = (url: string, code: TossCode, orderId: string): string =>
  withQuery(url, { code, message: errorMessage(code, false), orderId });

function withQuery(url: string, added: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(added)) target.searchParams.set(name, value);
  return target.href;
}
