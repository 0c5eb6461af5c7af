import type { Currency, Method } from '../../../contract/index.js';
import { currencies } from '../../../contract/index.js';
import type { Instant } from '../../../server/ops/clock.js';
import { hour, minute } from '../../../server/ops/clock.js';
import type { Pg, V2Channel } from './stores.js';

/** What the script sends when a page asks for a payment: the SDK's request, and the kind of device. */
export interface V2Request {
  readonly storeId: string;
  readonly channelKey: string;
  readonly paymentId: string;
  readonly orderName: string;
  /** Minor units. */
  readonly totalAmount: number;
  readonly currency: string;
  readonly payMethod?: string;
  readonly easyPay?: { readonly easyPayProvider?: string };
  readonly virtualAccount?: { readonly accountExpiry?: { readonly validHours?: number; readonly dueDate?: string } };
  readonly customer?: Readonly<Record<string, unknown>>;
  readonly products?: readonly { readonly amount?: number; readonly quantity?: number }[];
  readonly customData?: unknown;
  readonly noticeUrls?: readonly string[];
  readonly redirectUrl?: string;
  readonly windowType?: { readonly pc?: string; readonly mobile?: string };
  readonly mobile?: boolean;
}

/** The old `CURRENCY_KRW` is still taken. */
export const readCurrency = (word: unknown): Currency | undefined =>
  currencies.find((each) => each === String(word).replace(/^CURRENCY_/, ''));

const easyPayWords: Readonly<Record<string, Method>> = {
  KAKAOPAY: 'kakaopay',
  NAVERPAY: 'naverpay',
  TOSSPAY: 'tosspay',
  PAYPAL: 'paypal',
};

const easyPays: readonly Method[] = ['kakaopay', 'naverpay', 'tosspay'];
const onlyMethod: Partial<Record<Pg, Method>> = {
  KAKAOPAY: 'kakaopay',
  NAVERPAY: 'naverpay',
  TOSSPAY_V2: 'tosspay',
  PAYPAL_V2: 'paypal',
};

const plain: Readonly<Record<string, readonly Method[]>> = {
  CARD: ['card'],
  TRANSFER: ['transfer'],
  VIRTUAL_ACCOUNT: ['virtual_account'],
  MOBILE: ['phone'],
  PAYPAL: ['paypal'],
};

/** The choices a window shows, or none if this channel can't open that. */
export function methodsOf({ payMethod, easyPay, currency }: V2Request, { pg }: V2Channel): readonly Method[] {
  const only = onlyMethod[pg];
  const named = easyPay?.easyPayProvider?.replace(/^EASY_PAY_PROVIDER_/, '');
  const asked: readonly Method[] =
    payMethod === 'EASY_PAY'
      ? named === undefined
        ? easyPays
        : [easyPayWords[named]].filter((each) => each !== undefined)
      : (plain[payMethod ?? (only === 'paypal' ? 'PAYPAL' : '')] ?? []);
  const can = only ? asked.filter((method) => method === only) : asked;
  const abroad = readCurrency(currency) !== 'KRW';
  return can.filter((method) => (method === 'paypal') === abroad);
}

export type WindowKind = 'IFRAME' | 'POPUP' | 'REDIRECTION' | 'UI';

/** Allowed kinds of window, the default first. */
function kindsOf(pg: Pg, mobile: boolean): readonly WindowKind[] {
  if (pg === 'PAYPAL_V2') return ['UI'];
  if (mobile) return ['REDIRECTION'];
  if (pg === 'NAVERPAY') return ['POPUP'];
  return pg === 'KAKAOPAY' || pg === 'TOSSPAYMENTS' ? ['IFRAME'] : ['IFRAME', 'POPUP'];
}

export function windowKind({ windowType, mobile = false }: V2Request, { pg }: V2Channel): WindowKind | undefined {
  const kinds = kindsOf(pg, mobile);
  const asked = mobile ? windowType?.mobile : windowType?.pc;
  return asked === undefined ? kinds[0] : kinds.find((kind) => kind === asked);
}

/** How long the shopper may deposit, in hours; undefined if it can't be read or is beyond 2160 hours. */
export function validHours({ virtualAccount }: V2Request, now: Instant): number | undefined {
  const { validHours: hours, dueDate } = virtualAccount?.accountExpiry ?? {};
  if (hours !== undefined && dueDate !== undefined) return undefined;
  const asked = dueDate === undefined ? (hours ?? 168) : ((dueTime(dueDate) ?? 0) - now) / hour;
  return asked > 0 && asked <= 2160 && (dueDate !== undefined || Number.isInteger(asked)) ? asked : undefined;
}

/** `YYYYMMDD`, `YYYY-MM-DD`, with `HHmmss` or ` HH:mm:ss`; a day alone lasts until its end. In Seoul. */
function dueTime(text: string): Instant | undefined {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)(?: ?(\d\d):?(\d\d):?(\d\d))?$/.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, date = 0, h = 23, m = 59, s = 59] = parts
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  return Date.UTC(year, month - 1, date, h, m, s) - 540 * minute;
}

/** The customer as the Payment object shows it. */
export function customerOf({ customer = {} }: V2Request): Record<string, string> {
  const { customerId, fullName, firstName, lastName, email, phoneNumber } = customer;
  const joined = [firstName, lastName].filter((part) => part !== undefined).join(' ');
  const said = { id: customerId, name: fullName ?? (joined === '' ? undefined : joined), email, phoneNumber };
  return Object.fromEntries(
    Object.entries(said).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
