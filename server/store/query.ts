import type { Value } from './checks.js';
import { checkedValue } from './checks.js';
import type { Position } from './cursor.js';
import { binding, decodeCursor } from './cursor.js';
import type { AnyDefinition } from './store.js';
import { BadDocument } from './store.js';

export const maxLimit = 1_000;

/** A checked query: a contiguous piece of one index, walked in one direction. */
export interface Page {
  readonly index: string;
  readonly keys: readonly string[];
  /** Values of the leading keys; the others are free. */
  readonly fixed: readonly Value[];
  /** Inclusive, of the first free key. */
  readonly lower?: Value;
  /** Of the first free key. */
  readonly upper?: { readonly value: Value; readonly inclusive: boolean };
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Exclusive: the page starts behind it. */
  readonly after?: Position;
  /** What the page's cursor is bound to. */
  readonly bound: string;
  /** The bounds exclude each other: nothing can be found. */
  readonly empty: boolean;
}

/** The order of both engines: integers before strings, strings by their UTF-8 bytes. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Checks a `find` at run time, whatever the types said: what comes from outside may be an object where a string belongs. */
export function planPage(definition: AnyDefinition, query: unknown): Page {
  const name = definition.name;
  const { index, equals, range, order = 'asc', limit, after, ...extra } = asObject(query, `${name}: the query`);
  const unknown = Object.keys(extra)[0];
  if (unknown !== undefined) throw new BadDocument(`${name}: a query has no ${JSON.stringify(unknown)}`);
  if (typeof index !== 'string' || !Object.hasOwn(definition.indexes, index)) {
    throw new BadDocument(`${name}: no such index ${JSON.stringify(index)}`);
  }
  if (order !== 'asc' && order !== 'desc') throw new BadDocument(`${name}.${index}: order must be asc or desc`);
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new BadDocument(`${name}.${index}: limit must be 1 to ${maxLimit}`);
  }
  const keys = definition.indexes[index]?.keys ?? [];
  const fixed = leadingRun(`${name}.${index}`, keys, asObject(equals ?? {}, `${name}.${index}: equals`));
  const bounds = rangeBounds(`${name}.${index}`, range, fixed.length < keys.length);
  const bound = binding(name, index, keys, order, fixed);
  const position = after === undefined ? undefined : decodeCursor(after, bound, keys.length - fixed.length);
  return {
    index,
    keys,
    fixed,
    order,
    limit,
    bound,
    ...narrow(bounds, order, position),
    empty: isEmpty(bounds, order, position),
  };
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadDocument(`${what} must be an object`);
  }
  return value as Record<string, unknown>;
}

function leadingRun(what: string, keys: readonly string[], equals: Record<string, unknown>): Value[] {
  const given = Object.keys(equals).filter((key) => equals[key] !== undefined);
  const run = keys.slice(0, given.length);
  // A key that was given as undefined must not widen the query to everyone's documents.
  const lost = Object.keys(equals).find((key) => equals[key] === undefined);
  if (lost !== undefined) throw new BadDocument(`${what}: equals.${lost} is undefined`);
  if (!run.every((key) => given.includes(key)) || given.length > keys.length) {
    throw new BadDocument(`${what}: equals must fix a leading run of ${keys.join(', ')}`);
  }
  return run.map((key) => checkedValue(equals[key], `${what}: equals.${key}`));
}

interface Bounds {
  readonly lower?: Value;
  readonly upper?: { readonly value: Value; readonly inclusive: boolean };
}

/** A range of integers finds no strings and the other way round: the empty string stands between them. */
function rangeBounds(what: string, range: unknown, free: boolean): Bounds {
  if (range === undefined) return {};
  const { from: low, to: high, ...extra } = asObject(range, `${what}: range`);
  if (Object.keys(extra).length > 0) throw new BadDocument(`${what}: a range has only from and to`);
  const from = low === undefined ? undefined : checkedValue(low, `${what}: range.from`);
  const to = high === undefined ? undefined : checkedValue(high, `${what}: range.to`);
  if (from === undefined && to === undefined) return {};
  if (!free) throw new BadDocument(`${what}: equals fixes every key, there is none left for a range`);
  if (from !== undefined && to !== undefined && typeof from !== typeof to) {
    throw new BadDocument(`${what}: range.from and range.to differ in type`);
  }
  const lower = from ?? (typeof to === 'string' ? '' : undefined);
  const upper =
    to !== undefined
      ? { value: to, inclusive: true }
      : typeof from === 'number'
        ? { value: '', inclusive: false }
        : undefined;
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}

/** Nothing stands between the bounds, or behind the cursor. */
function isEmpty({ lower, upper }: Bounds, order: 'asc' | 'desc', after: Position | undefined): boolean {
  const first = after?.values[0];
  const above = (value: Value | undefined): boolean =>
    value !== undefined && upper !== undefined && compareValues(value, upper.value) > 0;
  const below = (value: Value | undefined): boolean =>
    value !== undefined && lower !== undefined && compareValues(value, lower) < 0;
  return above(lower) || (order === 'asc' ? above(first) : below(first));
}

/** Of a bound and a cursor on the same side only the narrower is kept, so that the engine can jump straight to it. */
function narrow(bounds: Bounds, order: 'asc' | 'desc', after: Position | undefined): Bounds & { after?: Position } {
  const first = after?.values[0];
  if (after === undefined) return bounds;
  if (first === undefined) return { ...bounds, after };
  const { lower, upper } = bounds;
  if (order === 'asc') {
    const inside = lower === undefined || compareValues(first, lower) >= 0;
    return inside ? { ...(upper && { upper }), after } : bounds;
  }
  const inside = upper === undefined || compareValues(first, upper.value) <= 0;
  return inside ? { ...(lower !== undefined && { lower }), after } : bounds;
}
