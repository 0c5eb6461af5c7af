import type { Currency } from '../../contract/index.js';
import { minorDigits } from '../../contract/index.js';

/** Major units, as Toss speaks them. */
export const toMajor = (minor: number, currency: Currency): number => minor / 10 ** minorDigits[currency];

/** Minor units, or undefined if it is no amount of that currency (not a number, too many decimals, negative). */
export function toMinor(major: unknown, currency: Currency): number | undefined {
  if (typeof major !== 'number' || !Number.isFinite(major) || major < 0) return undefined;
  const scaled = major * 10 ** minorDigits[currency];
  const minor = Math.round(scaled);
  return Math.abs(scaled - minor) < 1e-6 && Number.isSafeInteger(minor) ? minor : undefined;
}

export const formatAmount = (minor: number, currency: Currency, language: 'ko' | 'en'): string => {
  const text = toMajor(minor, currency).toLocaleString(language === 'ko' ? 'ko-KR' : 'en-US', {
    minimumFractionDigits: minorDigits[currency],
  });
  if (currency === 'KRW') return language === 'ko' ? `${text}원` : `₩${text}`;
  return currency === 'USD' ? `$${text}` : `¥${text}`;
};
