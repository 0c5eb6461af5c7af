import type { Locale, LocalText, Method } from '../../contract/index.js';
import type { Obstacle, WindowObstacle } from '../checkout/outcomes.js';
import { ko } from './ko.js';
import type { ReceiptTexts } from './receipt-texts.js';
import type { UnderwayTexts } from './underway-texts.js';

/** What the checkout says until it is paid; each result but the receipt has its own words. */
export interface Texts {
  label: string;
  loading: string;
  total: string;
  methodsTitle: string;
  pay(amount: string): string;
  preparing: string;
  opening: string;
  safe: string;
  retry: string;
  unavailable: string;
  methods: Record<Method, string>;
  obstacles: Record<Exclude<Obstacle, WindowObstacle>, string>;
  /** Absent in Korean: those come with what pays. */
  underway?: UnderwayTexts;
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
