import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import type { Value } from './checks.js';
import type { Page } from './query.js';

const { MinKey, MaxKey } = mongoose.mongo;

/** A place in an index: one bound per key, in the index's order. */
type Bound = Record<string, unknown>;

const field = (key: string): string => `body.${key}`;
const fields = (keys: readonly string[]): string[] => [...keys.map(field), '_id'];

/** An absent field, or null, is not in the index. The same predicate stands in every query, as a partial index needs it. */
const present = { $type: ['string', 'number'] };

export const indexKeys = (keys: readonly string[]): Record<string, 1> =>
  Object.fromEntries(fields(keys).map((name) => [name, 1 as const]));

export const indexFilter = (keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [field(key), present]));

/** Options can't change under one name, so that the name holds a hash of them: a changed definition is another index. */
export function mongoIndexName(index: string, keys: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([indexKeys(keys), indexFilter(keys)]));
  return `${index}_${hash.digest('hex').slice(0, 8)}`;
}

/**
 * A page as the piece of the index between `min` (inclusive) and `max` (exclusive). Stated as bounds and not as conditions, since an
 * `$or` over (key, id) would make the server walk over all ties of a key again on each page.
 */
export function mongoPage(page: Page) {
  const { keys, fixed, order, after, lower, upper } = page;
  const names = fields(keys);
  // The rest of a bound: before everything, or behind everything, that starts with the given values.
  const bound = (values: readonly Value[], rest: unknown): Bound =>
    Object.fromEntries(names.map((name, at) => [name, at < values.length ? values[at] : rest]));
  const place = after && [...fixed, ...after.values, after.id];
  let min = bound(lower === undefined ? fixed : [...fixed, lower], new MinKey());
  let max =
    upper === undefined
      ? bound(fixed, new MaxKey())
      : bound([...fixed, upper.value], upper.inclusive ? new MaxKey() : new MinKey());
  // No string stands between an id and the same id with a NUL behind it, and no id holds a NUL.
  if (place && order === 'asc') min = bound([...place.slice(0, -1), `${place.at(-1)}\0`], new MinKey());
  if (place && order === 'desc') max = bound(place, new MinKey());
  return {
    filter: indexFilter(keys),
    min,
    max,
    hint: mongoIndexName(page.index, keys),
    sort: Object.fromEntries(names.map((name) => [name, order === 'asc' ? (1 as const) : (-1 as const)])),
  };
}
