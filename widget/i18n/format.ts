import type { Locale } from '../../contract/index.js';

export const tags = { ko: 'ko-KR', en: 'en-US' } as const;

/** As people write it: `12,900원` in Korean, `₩12,900` elsewhere. `minor`: in the currency's minor unit. Knows every ISO currency. */
export function money(minor: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(tags[locale], { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const value = minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
  return currency === 'KRW' && locale === 'ko' ? `${value.toLocaleString(tags.ko)}원` : format.format(value);
}
