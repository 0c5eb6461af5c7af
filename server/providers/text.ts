/** At most `length` UTF-16 units, as browsers' SDKs count, without half a character at the end. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** At most `length` UTF-16 units, head and tail kept: a refund's id stands at the end of its reason. */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.floor(length / 2) - 1)}…${text.slice(-Math.floor(length / 2))}`;
