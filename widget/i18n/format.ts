import { type Currency, type Locale, minorDigits } from '../../contract/index.js';

const tags = { ko: 'ko-KR', en: 'en-US' } as const;

/** As people write it: `12,900원` in Korean, `₩12,900` elsewhere. `minor`: in the currency's minor unit. */
export function money(minor: number, currency: Currency, locale: Locale): string {
  const digits = minorDigits[currency];
  const value = minor / 10 ** digits;
  if (currency === 'KRW' && locale === 'ko') return `${value.toLocaleString(tags.ko)}원`;
  return value.toLocaleString(tags[locale], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
  });
}

/** An instant as this shopper's clock shows it. */
export const time = (at: string, locale: Locale): string =>
  new Date(at).toLocaleString(tags[locale], { dateStyle: 'long', timeStyle: 'short' });
