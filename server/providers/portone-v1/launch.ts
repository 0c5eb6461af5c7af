import type { Currency, Method, PortOneV1Launch, PortOneV1Request } from '../../../contract/index.js';
import { hour, type Instant } from '../../ops/clock.js';
import { toMajor } from '../money.js';
import { koreanPhone, worldPhone } from '../phone.js';
import type { Declined, LaunchOrder, PortOneV1Channel } from '../provider.js';
import { present } from '../reading.js';
import { cut } from '../text.js';

/** The domestic methods are for KRW only. What a channel's payment company can do of them is in its contract, which we can't read. */
const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];
/** PayPal takes no won, and a channel of PayPal's takes nothing else: one has to be named as such. */
const paypalCurrencies: readonly Currency[] = ['USD', 'JPY'];

/** Shoppers who pay by account mostly do it the same day; three days leave room for a weekend. */
const accountValidMs = 72 * hour;

export function methodsOf(channel: PortOneV1Channel, currency: Currency): readonly Method[] {
  if (!channel.currencies.includes(currency)) return [];
  const named = channel.methods ?? domestic;
  if (currency === 'KRW') return named.filter((method) => method !== 'paypal');
  return named.includes('paypal') && paypalCurrencies.includes(currency) ? ['paypal'] : [];
}

/** `request_pay`'s parameters, within V1's limits: what is too long is cut, what would be refused (an odd phone number) is left out. */
export function launchOf(channel: PortOneV1Channel, order: LaunchOrder, now: Instant): PortOneV1Launch | Declined {
  const offered = methodsOf(channel, order.currency);
  const method = order.method ?? offered[0];
  if (!method || !offered.includes(method)) {
    return { outcome: 'declined', code: 'method_not_available', retryable: false };
  }
  const { script, userCode, tierCode } = channel;
  const common = { provider: 'portone-v1', script, userCode, ...(tierCode !== undefined && { tierCode }) } as const;
  const request: PortOneV1Request = {
    ...(channel.pg === undefined ? present({ channelKey: channel.channelKey }) : { pg: channel.pg }),
    ...methodRequest(channel, method, now),
    merchant_uid: order.orderId,
    name: cut(order.orderName, 40),
    amount: toMajor(order.amount, order.currency),
    currency: order.currency,
    ...buyerOf(order, method),
    language: order.locale,
    ...(order.successUrl && { m_redirect_url: order.successUrl }),
    ...(order.noticeUrl && { notice_url: order.noticeUrl }),
  };
  return method === 'paypal'
    ? { ...common, kind: 'ui', uiType: 'paypal-spb', request }
    : { ...common, kind: 'window', request };
}

type MethodRequest = Pick<PortOneV1Request, 'pay_method' | 'digital' | 'vbank_due'>;

function methodRequest({ digital = false }: PortOneV1Channel, method: Method, now: Instant): MethodRequest {
  switch (method) {
    case 'transfer':
      return { pay_method: 'trans' };
    case 'virtual_account':
      return { pay_method: 'vbank', vbank_due: seoul(now + accountValidMs) };
    case 'phone':
      // No phone bill is opened without it.
      return { pay_method: 'phone', digital };
    default:
      return { pay_method: method };
  }
}

/** `YYYY-MM-DD HH:mm:ss`, Seoul's time. */
const seoul = (at: Instant): string => new Date(at + 9 * hour).toISOString().slice(0, 19).replace('T', ' ');

function buyerOf({ buyer, customerKey }: LaunchOrder, method: Method) {
  const phone = method === 'paypal' ? worldPhone : koreanPhone;
  return present({
    // Toss's word for a shopper whom nobody knows.
    customer_id: customerKey === '@@ANONYMOUS' ? undefined : customerKey,
    buyer_name: buyer?.name ? cut(buyer.name, 100) : undefined,
    // Half an address would be somebody else's.
    buyer_email: buyer?.email && buyer.email.length <= 100 ? buyer.email : undefined,
    buyer_tel: buyer?.phone ? phone(buyer.phone) : undefined,
    // V1 has one line for both.
    buyer_addr: buyer?.address && cut(`${buyer.address} ${buyer.addressDetail ?? ''}`.trim(), 200),
    buyer_postcode: buyer?.postcode,
  });
}
