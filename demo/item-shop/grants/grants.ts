import type { EventView, PaymentView } from '../../../contract/index.js';

/** So many of each catalogue item. */
export type Goods = Readonly<Record<string, number>>;

interface SoldLine {
  readonly item?: string;
  readonly quantity: number;
  /** Of one, minor units. */
  readonly price: number;
}

export interface Sale {
  readonly lines: readonly SoldLine[];
  /** Minor units. */
  readonly amount: number;
  /** What the provider confirmed as given back, in total. */
  readonly refundedAmount: number;
}

/** What the shop holds to be true of one payment from one event on, until the next. */
export interface Statement {
  /** Names what happened: counted once. */
  readonly key: string;
  /** Where it stands in the feed: of two statements about one payment the later place is the newer. */
  readonly place: string;
  readonly payment: string;
  /** Who was signed in when it was bought, as the server verified it. Nobody: nobody gets anything. */
  readonly customer?: string;
  /** RFC 3339. */
  readonly at: string;
  /** What belongs to the buyer from here on. */
  readonly kept: Goods;
  /** In short, to tell without the lines whether a payment still stands like this: what was given back, or `none` where nothing is sold. */
  readonly mark: string;
}

/**
 * What is left to the buyer of a sale. Of a part that was given back, whole items go: as many as it pays for, the cheapest ones first, so that
 * what is taken is never worth more than what was given back, and more given back never takes less.
 */
export function keptOf({ lines, amount, refundedAmount }: Sale): Goods {
  if (refundedAmount >= amount) return {};
  const kept: Record<string, number> = {};
  let left = refundedAmount;
  for (const { item, quantity, price } of [...lines].sort((a, b) => a.price - b.price)) {
    const back = price > 0 ? Math.min(quantity, Math.floor(left / price)) : 0;
    // What is dearer waits until this is paid for: else more money back could return what had gone.
    left = back === quantity || price === 0 ? left - back * price : 0;
    if (item !== undefined && quantity > back) kept[item] = (kept[item] ?? 0) + quantity - back;
  }
  return kept;
}

/** The mark of a payment by which nothing is sold, or nothing any more. */
export const nothingSold = 'none';

/** What an event says about what its buyer owns; `undefined` for one that says nothing of it. Throws for one that can't be understood. */
export function statementOf(event: EventView): Statement | undefined {
  const { key, id: place, type, about, createdAt: at, data } = event;
  const { payment, customer } = about;
  if (payment === undefined) return undefined;
  const stated = (kept: Goods, mark: string): Statement => ({
    ...{ key, place, payment, at, kept, mark },
    ...(customer !== undefined && { customer }),
  });
  switch (type) {
    case 'payment.paid':
    case 'payment.partially_refunded': {
      const sale = saleOf(data);
      if (!sale) throw new Error(`${key} does not say what was sold`);
      return stated(keptOf(sale), String(sale.refundedAmount));
    }
    case 'payment.refunded':
      return stated({}, String(data.refundedAmount));
    case 'payment.reversed':
      return stated({}, nothingSold);
    default:
      return undefined;
  }
}

const soldStatuses: readonly PaymentView['status'][] = ['paid', 'partially_refunded', 'refunded'];

/** As `Statement.mark`, of a payment as it stands now. */
export const markOf = ({ status, refundedAmount }: Pick<PaymentView, 'status' | 'refundedAmount'>): string =>
  soldStatuses.includes(status) ? String(refundedAmount) : nothingSold;

/** Where no event is left to say it: a payment as it stands, after everything up to `after` and before what the feed brings next. */
export function statementAfter(after: string, payment: PaymentView, at: string): Statement {
  const { id, customer } = payment;
  const mark = markOf(payment);
  return {
    // `+` sorts before every digit: behind the event at `after`, before the next.
    ...{ key: `${id}:compared:${after}:${mark}`, place: `${after}+`, payment: id, at, mark },
    kept: mark === nothingSold || payment.status === 'refunded' ? {} : keptOf(payment),
    ...(customer !== undefined && { customer }),
  };
}

/** What has to be given (above 0) and taken back (below), for `held` to become `kept`. */
export function changesOf(held: Goods, kept: Goods): readonly { readonly item: string; readonly change: number }[] {
  return [...new Set([...Object.keys(held), ...Object.keys(kept)])]
    .map((item) => ({ item, change: (kept[item] ?? 0) - (held[item] ?? 0) }))
    .filter(({ change }) => change !== 0);
}

/** An event's data is a snapshot of the payment; its fields are looked at before they are believed. */
function saleOf(data: EventView['data']): Sale | undefined {
  const { lines, amount, refundedAmount } = data;
  if (!isCount(amount) || !isCount(refundedAmount) || !Array.isArray(lines)) return undefined;
  return lines.every(isLine) ? { lines, amount, refundedAmount } : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isLine(value: unknown): value is SoldLine {
  const { item, quantity, price } = (value ?? {}) as Record<string, unknown>;
  return isCount(quantity) && isCount(price) && (item === undefined || typeof item === 'string');
}
