import type { Locale } from '../../contract/index.js';

/** The dialog's button. */
export const closeTexts: Readonly<Record<Locale, string>> = { ko: '닫기', en: 'Close' };
