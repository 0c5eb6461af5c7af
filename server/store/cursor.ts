import { createHash } from 'node:crypto';
import type { Value } from './checks.js';
import { BadCursor } from './store.js';

/** Where a page ended: the keys that `equals` did not fix, and the id. */
export interface Position {
  readonly values: readonly Value[];
  readonly id: string;
}

/** What a cursor is bound to, as a short hash, so that neither names nor fixed values show in it. */
export const binding = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);

/** Opaque to callers, safe in URLs; not signed: a forged one only moves the start of a page within the caller's own query. */
export const encodeCursor = (bound: string, { values, id }: Position): string =>
  Buffer.from(JSON.stringify([bound, ...values, id])).toString('base64url');

/** Reads back what `encodeCursor` made for the same binding and number of keys; anything else throws `BadCursor`. */
export function decodeCursor(cursor: unknown, bound: string, keys: number): Position {
  const parts = parse(cursor);
  const values = parts.slice(1, -1);
  const id = parts.at(-1);
  if (
    parts[0] !== bound ||
    values.length !== keys ||
    typeof id !== 'string' ||
    !isValue(id) ||
    !values.every(isValue)
  ) {
    throw new BadCursor('The cursor was not made by this query');
  }
  return { values, id };
}

function parse(cursor: unknown): readonly unknown[] {
  if (typeof cursor !== 'string' || !/^[\w-]{1,8192}$/.test(cursor)) throw new BadCursor('This is not a cursor');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts)) return parts;
  } catch {
    // Falls through to the one answer that callers get.
  }
  throw new BadCursor('This is not a cursor');
}

const isValue = (value: unknown): value is Value =>
  typeof value === 'string' ? !value.includes('\0') && !/\p{Surrogate}/u.test(value) : Number.isSafeInteger(value);
