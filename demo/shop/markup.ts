import { escapeHtml } from '../sandbox/html.js';

/** HTML that may stand in a page as it is. Made by `html` alone, which escapes whatever else is put into it. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | false | undefined | readonly Part[];

const textOf = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map(textOf).join('');
};

/** Text is escaped, also inside quoted attributes; `undefined` and `false` are nothing; lists are joined. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: strings.reduce((text, string, index) => text + textOf(parts[index - 1]) + string),
});

/** ` name="value"` for each; `true` is the bare name; `false`, `undefined` and empty text are left out. */
export const attributes = (all: Readonly<Record<string, string | number | boolean | undefined>>): Markup => ({
  markup: Object.entries(all)
    .filter(([, value]) => value !== undefined && value !== false && value !== '')
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`))
    .join(''),
});
