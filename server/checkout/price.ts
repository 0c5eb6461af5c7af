import type { Currency, Line, Locale } from '../../contract/index.js';
import { maxAmount } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { CatalogueItem, Merchant } from '../merchants/merchant.js';

export interface Wanted {
  readonly item: string;
  readonly quantity?: number | undefined;
}

export interface Priced {
  readonly lines: readonly Line[];
  readonly amount: number;
  readonly currency: Currency;
  readonly orderName: string;
}

/** The price is the server's: from the catalogue, and nothing else. Throws `ApiError` for what is not there or not sold so. */
export function priceOf(merchant: Merchant, wanted: readonly Wanted[], locale: Locale): Priced {
  const lines = wanted.map((one, index) => lineOf(merchant, one, index));
  const currencies = new Set(lines.map(({ currency }) => currency));
  const [currency] = currencies;
  if (!currency || currencies.size > 1) {
    throw new ApiError(
      'currency_mixed',
      `One session is in one currency; these items are in ${[...currencies].join(', ')}.`,
    );
  }
  const amount = lines.reduce((sum, { line }) => sum + line.price * line.quantity, 0);
  if (amount < 1 || amount > maxAmount) {
    throw new ApiError('amount_out_of_range', `The total must be 1 to ${maxAmount} in minor units.`);
  }
  const priced = lines.map(({ line }) => line);
  return { lines: priced, amount, currency, orderName: orderNameOf(priced, locale) };
}

function lineOf(merchant: Merchant, wanted: Wanted, index: number): { line: Line; currency: Currency } {
  const item = merchant.catalogue.get(wanted.item);
  if (!item) throw new ApiError('item_not_found', `items[${index}].item is not in this merchant's catalogue.`);
  const quantity = wanted.quantity ?? item.minQuantity;
  checkQuantity(item, quantity, `items[${index}].quantity`);
  return { line: { item: item.id, name: item.name, quantity, price: item.price }, currency: item.currency };
}

export function checkQuantity(item: CatalogueItem, quantity: number, path: string): void {
  if (quantity >= item.minQuantity && quantity <= item.maxQuantity) return;
  const message = `must be ${item.minQuantity} to ${item.maxQuantity}`;
  throw new ApiError('quantity_out_of_range', `${path} ${message}.`, { errors: [{ path, message }] });
}

/** What the provider shows: the first line's name and how many more there are, within what all providers take. */
function orderNameOf(lines: readonly Line[], locale: Locale): string {
  const [first] = lines;
  const name = first ? (first.name[locale] ?? first.name.ko) : '';
  const more = lines.length - 1;
  const rest = more === 0 ? '' : locale === 'ko' ? ` 외 ${more}건` : ` and ${more} more`;
  return [...name].slice(0, 100 - rest.length).join('') + rest;
}
