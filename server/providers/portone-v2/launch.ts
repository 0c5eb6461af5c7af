import type {
  Currency,
  Method,
  PortOneV2Customer,
  PortOneV2Launch,
  PortOneV2Request,
} from '../../../contract/index.js';
import { koreanPhone, worldPhone } from '../phone.js';
import type { Declined, LaunchOrder, PortOneV2Channel } from '../provider.js';
import { present } from '../reading.js';
import { cut } from '../text.js';

/** The domestic methods are for KRW only. What a channel's payment company can do of them is in its contract, which we can't read. */
const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];
/** PayPal takes no won, and a channel of PayPal's takes nothing else: one has to be named as such. */
const paypalCurrencies: readonly Currency[] = ['USD', 'JPY'];

/** Shoppers who pay by account mostly do it the same day; three days leave room for a weekend. */
const accountValidHours = 72;

export function methodsOf(channel: PortOneV2Channel, currency: Currency): readonly Method[] {
  if (!channel.currencies.includes(currency)) return [];
  const named = channel.methods ?? domestic;
  if (currency === 'KRW') return named.filter((method) => method !== 'paypal');
  return named.includes('paypal') && paypalCurrencies.includes(currency) ? ['paypal'] : [];
}

/** The SDK's parameters. The window's kind is left to the payment company's own default: each takes only some, and we don't know which it is. */
export function launchOf(channel: PortOneV2Channel, order: LaunchOrder): PortOneV2Launch | Declined {
  const offered = methodsOf(channel, order.currency);
  const method = order.method ?? offered[0];
  if (!method || !offered.includes(method)) {
    return { outcome: 'declined', code: 'method_not_available', retryable: false };
  }
  const base = {
    storeId: channel.storeId,
    channelKey: channel.channelKey,
    paymentId: order.orderId,
    orderName: cut(order.orderName, 100),
    totalAmount: order.amount,
    currency: order.currency,
  };
  const common = { provider: 'portone-v2', script: channel.script } as const;
  if (method === 'paypal') {
    const customer = customerOf(order, worldPhone);
    const request = { ...base, ...customer, uiType: 'PAYPAL_SPB', windowType: { pc: 'UI', mobile: 'UI' } } as const;
    return { ...common, kind: 'ui', request };
  }
  const request: PortOneV2Request = {
    ...base,
    ...customerOf(order, koreanPhone),
    ...methodRequest(method),
    locale: localeOf(method, order),
    ...(order.successUrl && { redirectUrl: order.successUrl }),
  };
  return { ...common, kind: 'window', request };
}

function methodRequest(
  method: Exclude<Method, 'paypal'>,
): Pick<PortOneV2Request, 'payMethod' | 'easyPay' | 'virtualAccount' | 'productType'> {
  switch (method) {
    case 'card':
      return { payMethod: 'CARD' };
    case 'kakaopay':
      return { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'KAKAOPAY' } };
    case 'naverpay':
      return { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'NAVERPAY' } };
    case 'tosspay':
      return { payMethod: 'EASY_PAY', easyPay: { easyPayProvider: 'TOSSPAY' } };
    case 'transfer':
      return { payMethod: 'TRANSFER' };
    case 'virtual_account':
      return { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { accountExpiry: { validHours: accountValidHours } } };
    case 'phone':
      // Some payment companies open no phone bill without it.
      return { payMethod: 'MOBILE', productType: 'REAL' };
  }
}

/** The easy pays' own windows speak Korean alone. */
const localeOf = (method: Method, { locale }: LaunchOrder): 'KO_KR' | 'EN_US' =>
  locale === 'en' && !['kakaopay', 'naverpay', 'tosspay'].includes(method) ? 'EN_US' : 'KO_KR';

function customerOf(
  { buyer, customerKey }: LaunchOrder,
  phone: (text: string) => string | undefined,
): { customer?: PortOneV2Customer } {
  const customer: PortOneV2Customer = present({
    // Toss's word for a shopper whom nobody knows.
    customerId: customerKey === '@@ANONYMOUS' ? undefined : customerKey,
    fullName: buyer?.name ? cut(buyer.name, 100) : undefined,
    // Half an address would be somebody else's.
    email: buyer?.email && buyer.email.length <= 100 ? buyer.email : undefined,
    phoneNumber: buyer?.phone ? phone(buyer.phone) : undefined,
  });
  return Object.keys(customer).length > 0 ? { customer } : {};
}
