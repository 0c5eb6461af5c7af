import type { Currency, Method, TossLaunch, TossRequest } from '../../../contract/index.js';
import { toMajor } from '../money.js';
import { koreanPhone } from '../phone.js';
import type { Declined, LaunchOrder, TossChannel } from '../provider.js';
import { present } from '../reading.js';
import { cut } from '../text.js';

/** What Toss takes, per currency: the domestic methods are for KRW only, PayPal for USD only. */
const byCurrency: Readonly<Partial<Record<Currency, readonly Method[]>>> = {
  KRW: ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'],
  USD: ['paypal'],
};

/** Shoppers who pay by account mostly do it the same day; three days leave room for a weekend. At most 2160. */
const accountValidHours = 72;

/** What the payment window can open; the widget offers what its merchant chose of it in Toss's own settings, unknown to us. */
export const methodsOf = (channel: TossChannel, currency: Currency): readonly Method[] =>
  (channel.currencies.includes(currency) ? (byCurrency[currency] ?? []) : []).filter(
    (method) => !channel.methods || channel.methods.includes(method),
  );

/** The SDK's parameters, within its limits: what is too long is cut, what it would refuse (an odd phone number) is left out. */
export function launchOf(channel: TossChannel, order: LaunchOrder): TossLaunch | Declined {
  const offered = methodsOf(channel, order.currency);
  const method = order.method ?? offered[0];
  if (!method || !offered.includes(method)) return declined('method_not_available');
  // PayPal leaves the page in any case: without an address to come back to the shopper would be lost.
  if (method === 'paypal' && !(order.successUrl && order.failUrl)) return declined('return_url_required');

  const amount = { currency: order.currency, value: toMajor(order.amount, order.currency) };
  const { script, clientKey } = channel;
  const common = { provider: 'toss', script, clientKey, customerKey: order.customerKey, amount } as const;
  return channel.product === 'widget'
    ? { ...common, kind: 'widget', request: baseRequest(order) }
    : { ...common, kind: 'window', request: { ...methodRequest(method), amount, ...baseRequest(order) } };
}

const declined = (code: string): Declined => ({ outcome: 'declined', code, retryable: false });

function methodRequest(method: Method): Pick<TossRequest, 'method' | 'card' | 'virtualAccount' | 'foreignEasyPay'> {
  switch (method) {
    case 'card':
      return { method: 'CARD', card: { flowMode: 'DEFAULT' } };
    case 'kakaopay':
    case 'naverpay':
    case 'tosspay':
      // Toss's codes are our words in capitals. `DIRECT` skips the choice of a card.
      return { method: 'CARD', card: { flowMode: 'DIRECT', easyPay: method.toUpperCase() } };
    case 'transfer':
      return { method: 'TRANSFER' };
    case 'virtual_account':
      return {
        method: 'VIRTUAL_ACCOUNT',
        virtualAccount: { validHours: accountValidHours, cashReceipt: { type: '미발행' } },
      };
    case 'phone':
      return { method: 'MOBILE_PHONE' };
    case 'paypal':
      return { method: 'FOREIGN_EASY_PAY', foreignEasyPay: { provider: 'PAYPAL', country: 'KR' } };
  }
}

function baseRequest(order: LaunchOrder): TossRequest {
  const { buyer } = order;
  return {
    orderId: order.orderId,
    orderName: cut(order.orderName, 100),
    ...(order.successUrl && order.failUrl ? { successUrl: order.successUrl, failUrl: order.failUrl } : {}),
    ...present({
      customerName: buyer?.name ? cut(buyer.name, 100) : undefined,
      // Half an address would be somebody else's.
      customerEmail: buyer?.email && buyer.email.length <= 100 ? buyer.email : undefined,
      customerMobilePhone: buyer?.phone ? koreanPhone(buyer.phone) : undefined,
    }),
  };
}
