/**
 * Readers for what providers send: each gives the value if it has the expected shape, else `undefined`. Providers add fields, and sometimes
 * change the type of one, without notice: what is not needed must not break what is.
 */
export type Fields = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text with something in it. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const asCount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** An absolute http(s) URL: it is shown as a link, so nothing else may pass. */
export function asWebUrl(value: unknown): string | undefined {
  const text = asText(value);
  return text && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

/** `T` with every field that may be `undefined` made optional instead. */
export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the keys whose value is `undefined`: an optional field is absent, never undefined. */
export const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
