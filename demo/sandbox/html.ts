const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and inside a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] as string);

/** JSON that can stand inside a script element. */
export const embedJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export type Language = 'ko' | 'en';

/** `?lang` wins, then the browser's first wish; Korean if it is neither. */
export function languageOf(req: { query: Record<string, unknown>; headers: Record<string, unknown> }): Language {
  if (req.query.lang === 'ko' || req.query.lang === 'en') return req.query.lang;
  return /^\s*en\b/i.test(String(req.headers['accept-language'] ?? '')) ? 'en' : 'ko';
}
