import type { Language } from '../sandbox/html.js';

/** Minor units, as people write that currency: 12,900원 in Korean, ₩12,900 elsewhere. */
export function money(minor: number, currency: string, language: Language): string {
  if (currency === 'KRW' && language === 'ko') return `${minor.toLocaleString('ko')}원`;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}

export const time = (at: string | number, language: Language): string =>
  new Date(at).toLocaleString(language === 'ko' ? 'ko-KR' : 'en-US', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
