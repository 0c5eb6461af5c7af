/** Currencies we take. Amounts are always integers in the currency's minor unit, with the currency beside them. */
export const currencies = ['KRW', 'USD', 'JPY'] as const;
export type Currency = (typeof currencies)[number];

/** Decimal digits of the minor unit (ISO 4217). */
export const minorDigits: Readonly<Record<Currency, number>> = { KRW: 0, USD: 2, JPY: 0 };

/** The largest amount accepted anywhere, in minor units: far above any order, far below what a float can't hold. */
export const maxAmount = 100_000_000_000;
