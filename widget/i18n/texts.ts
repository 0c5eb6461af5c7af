import type { Locale, LocalText, Method } from '../../contract/index.js';
import type { Obstacle } from '../checkout/outcomes.js';
import type { Notice } from '../checkout/snapshot.js';
import { ko } from './ko.js';
import type { ReceiptTexts } from './receipt-texts.js';

/** What the checkout says until there is a result; each result has its own words. */
export interface Texts {
  label: string;
  loading: string;
  total: string;
  methodsTitle: string;
  pay(amount: string): string;
  preparing: string;
  openWindow: string;
  opening: string;
  paying: string;
  noWindow: string;
  check: string;
  verifying: string;
  verifyingSlow: string;
  offlineWait: string;
  safe: string;
  close: string;
  retry: string;
  outside: string;
  mistake: string;
  mistakeNote: string;
  unavailable: string;
  methods: Record<Method, string>;
  notices: Record<Exclude<Notice['kind'], 'obstacle'>, string>;
  obstacles: Record<Obstacle, string>;
  /** Absent in Korean: those come with the receipt. */
  receipt?: ReceiptTexts;
}

const loaded = new Map<Locale, Texts>([['ko', ko]]);

/** The texts of a language, if they are there. */
export const textsOf = (locale: Locale): Texts | undefined => loaded.get(locale);

/** Fetches a language. One that can't be had leaves Korean: a checkout in another language is better than none. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  const texts = loaded.get(locale) ?? (await import('./en.js').catch(() => undefined))?.en ?? ko;
  loaded.set(locale, texts);
  return texts;
}

export const local = (text: LocalText, locale: Locale): string => text[locale] ?? text.ko;
