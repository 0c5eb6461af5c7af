import type { Currency, Method } from '../../../contract/index.js';
import { currencies } from '../../../contract/index.js';
import type { Instant } from '../../../server/ops/clock.js';
import { day, hour, minute } from '../../../server/ops/clock.js';
import { toMinor } from '../amount.js';
import type { Pg, V1Channel } from './accounts.js';

/** What the script sends: `request_pay`'s (or `loadUI`'s) parameters, whose they are, and the kind of device. */
export interface V1Request {
  readonly userCode?: unknown;
  readonly tierCode?: unknown;
  readonly mobile?: boolean;
  /** PayPal's own button, whose click opens the window. */
  readonly ui?: boolean;
  readonly channelKey?: unknown;
  readonly pg?: unknown;
  readonly pay_method?: unknown;
  readonly merchant_uid: string;
  readonly name: string;
  /** Major units. */
  readonly amount: number;
  readonly currency?: unknown;
  readonly digital?: unknown;
  readonly vbank_due?: unknown;
  readonly m_redirect_url?: unknown;
  readonly notice_url?: unknown;
  readonly custom_data?: unknown;
  readonly customer_uid?: unknown;
  readonly popup?: unknown;
  readonly [buyer: `buyer_${string}`]: unknown;
}

/** PayPal takes no won, and thinks in dollars if nothing is said. */
export const readCurrency = (word: unknown, pg: Pg): Currency | undefined =>
  currencies.find((each) => each === (word ?? (pg === 'paypal_v2' ? 'USD' : 'KRW')));

const words: Readonly<Record<string, Method>> = {
  card: 'card',
  trans: 'transfer',
  vbank: 'virtual_account',
  phone: 'phone',
  kakaopay: 'kakaopay',
  naverpay: 'naverpay',
  naverpay_card: 'naverpay',
  naverpay_point: 'naverpay',
  tosspay: 'tosspay',
  tosspay_card: 'tosspay',
  tosspay_money: 'tosspay',
  paypal: 'paypal',
};

/** Companies that have one method; of `pay_method` the easy pays take no notice. */
const only: Partial<Record<Pg, Method>> = {
  danal: 'phone',
  kakaopay: 'kakaopay',
  naverpay: 'naverpay',
  tosspay_v2: 'tosspay',
  paypal_v2: 'paypal',
};

/** What the window offers, or undefined if this channel can't take that. */
export function methodOf(request: V1Request, { pg }: V1Channel, currency: Currency): Method | undefined {
  const asked = words[String(request.pay_method ?? 'card')];
  const one = only[pg];
  const heeded = one === undefined || one === 'phone' || one === 'paypal';
  if (one !== undefined && heeded && asked !== one) return undefined;
  const method = one ?? asked;
  return method && (method === 'paypal') === (currency !== 'KRW') ? method : undefined;
}

const text = (value: unknown, max: number): boolean => typeof value === 'string' && value !== '' && value.length <= max;
const isWeb = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
const optional = (value: unknown, valid: (value: unknown) => boolean): boolean => value === undefined || valid(value);

/** The first parameter that V1 or the company behind the channel would not take. */
export function mistakeIn(request: V1Request, currency: Currency | undefined, method: Method | undefined) {
  if (request.customer_uid !== undefined) return 'customer_uid';
  if (!text(request.merchant_uid, 40)) return 'merchant_uid';
  if (!text(request.name, 40)) return 'name';
  if (!currency) return 'currency';
  if (!toMinor(request.amount, currency)) return 'amount';
  if (!method) return 'pay_method';
  if (method === 'phone' && typeof request.digital !== 'boolean') return 'digital';
  if (request.mobile && !request.ui && !isWeb(request.m_redirect_url)) return 'm_redirect_url';
  if (!optional(request.m_redirect_url, isWeb)) return 'm_redirect_url';
  if (!optional(request.notice_url, (value) => [value].flat().every(isWeb))) return 'notice_url';
  if (request.ui && method !== 'paypal') return 'pay_method';
  return undefined;
}

/** How long the shopper may deposit, in hours; undefined if it can't be read or has passed. A week if nothing is said. */
export function validHours({ vbank_due }: V1Request, now: Instant): number | undefined {
  if (vbank_due === undefined) return (7 * day) / hour;
  const left = ((typeof vbank_due === 'string' ? dueTime(vbank_due) : undefined) ?? 0) - now;
  return left > 0 ? left / hour : undefined;
}

/** `YYYYMMDD`, `YYYYMMDDHHmm[ss]`, `YYYY-MM-DD`, `YYYY-MM-DD HH:mm:ss`; a day alone lasts until its end. In Seoul. */
function dueTime(due: string): Instant | undefined {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)(?: ?(\d\d):?(\d\d)(?::?(\d\d))?)?$/.exec(due);
  if (!parts) return undefined;
  const [year = 0, month = 0, date = 0, h = 23, m = 59, s = 59] = parts
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  return Date.UTC(year, month - 1, date, h, m, s) - 540 * minute;
}

/** `buyer_name` and the like, as the Payment object shows them. */
export function buyerOf(request: V1Request): Record<string, string> {
  const names = ['buyer_name', 'buyer_email', 'buyer_tel', 'buyer_addr', 'buyer_postcode'] as const;
  const said = names.map((name) => [name, request[name]] as const);
  return Object.fromEntries(
    said.filter((entry): entry is [(typeof names)[number], string] => typeof entry[1] === 'string'),
  );
}
