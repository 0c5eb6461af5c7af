type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Loose<T> = Omit<T, Optional<T>> & { [K in Optional<T>]?: T[K] | undefined };

/** An object without the entries that have no value: `undefined`, or an empty text, which is what an empty attribute is. */
export const present = <T extends object>(all: Loose<T>): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== '')) as T;
