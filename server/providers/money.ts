import { type Currency, minorDigits } from '../../contract/index.js';

/**
 * Minor units → the provider's major units (1420 US cents → 14.2), as a number whose decimal text is exact: dividing two whole numbers
 * rounds to the double that is nearest the true decimal, and that one prints as the decimal. Throws `RangeError` for anything but a whole amount ≥ 0.
 */
export function toMajor(amount: number, currency: Currency): number {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not an amount in minor units: ${amount}`);
  return amount / 10 ** minorDigits[currency];
}

/**
 * A provider's major units → minor units. `undefined` for whatever is not an amount of that currency: no number, negative, not finite,
 * a fraction of the minor unit (14.205 USD), or a currency that doesn't exist. Never rounds.
 */
export function toMinor(value: unknown, currency: string): number | undefined {
  if (typeof value !== 'number' || !(value >= 0)) return undefined;
  const digits = digitsOf(currency);
  if (digits === undefined) return undefined;
  const scale = 10 ** digits;
  const minor = Math.abs(Math.round(value * scale)); // no -0
  // Converting back tells a true amount from one that had to be rounded.
  return Number.isSafeInteger(minor) && minor / scale === value ? minor : undefined;
}

/** Records may be in a currency that we don't take; their amount is still read exactly, so that it can be compared and shown. */
function digitsOf(currency: string): number | undefined {
  if (Object.hasOwn(minorDigits, currency)) return minorDigits[currency as Currency];
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  } catch {
    return undefined;
  }
}
