import { type Locale, locales, methods } from '../../contract/index.js';
import { type BuyerField, buyerFields } from '../checkout/buyer-fields.js';

export const presentations = ['inline', 'modal', 'button'] as const;
export type Presentation = (typeof presentations)[number];
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const warned = new Set<string>();

/** Said once: a page may have many elements with the same mistake. */
export function warn(text: string): void {
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(`pay-checkout: ${text}`);
}

/** One word of a list; another one falls back. */
export function oneOf<T extends string>(
  name: string,
  value: string | null | undefined,
  known: readonly T[],
): T | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const found = known.find((each) => each === value);
  if (!found) warn(`${name}="${value}" is not known; expected ${known.join(', ')}`);
  return found;
}

/** Words between spaces or commas; those that are not known are left out. */
export function listOf<T extends string>(name: string, value: string | null | undefined, known: readonly T[]): T[] {
  const words = value?.split(/[\s,]+/).filter(Boolean) ?? [];
  return [...new Set(words.map((word) => oneOf(name, word, known)).filter((word) => word !== undefined))];
}

export const methodsOf = (value: string | undefined) => listOf('methods', value, methods);
export const fieldsOf = (value: string | undefined): BuyerField[] => {
  const asked = listOf('collect', value, buyerFields.slice(0, -1));
  return buyerFields.filter((field) => asked.includes(field === 'addressDetail' ? 'address' : field));
};

/** What the page says, else the page's own language, else the browser's. */
export function localeOf(value: string | undefined, element: Element): Locale {
  const own = oneOf('locale', value, locales);
  if (own) return own;
  const said = [element.closest('[lang]')?.getAttribute('lang'), document.documentElement.lang, navigator.language];
  const first = said.find(Boolean)?.slice(0, 2).toLowerCase();
  return first === undefined || first === 'ko' ? 'ko' : 'en';
}
