/** At most `length` UTF-16 units, as browsers' SDKs count, without half a character at the end. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
