import { config } from './dom.js';
import { texts } from './texts.js';

const language = config.language;

/** Minor units, as people write that currency: 12,900원 in Korean, ₩12,900 elsewhere. */
export function money(minor, currency) {
  if (currency === 'KRW' && language === 'ko') return `${minor.toLocaleString('ko')}원`;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export const local = (text) => (language === 'en' ? (text.en ?? text.ko) : text.ko);

export const time = (at) =>
  new Date(at).toLocaleString(language === 'ko' ? 'ko-KR' : 'en-US', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'long',
    timeStyle: 'short',
  });

export const methodName = (method) => texts.methods[method] ?? method;

export const bankName = (bank) => texts.banks[bank] ?? bank;
