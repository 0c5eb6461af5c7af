import type { AnyDefinition, Json } from './store.js';
import { BadDocument } from './store.js';

/** What an index holds. */
export type Value = string | number;

/** A document without `id`, `rev` and `v`: plain JSON that shares nothing with what the caller handed in. */
export type Body = { [key: string]: Json };

/** Levels of nesting that both engines can hold. */
const maxDepth = 64;
const maxIdLength = 512;

/** A half of a surrogate pair on its own: UTF-8 can't hold it. */
const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogates = /\p{Surrogate}/gu;

const own = new Set(['id', 'rev', 'v']);

/** Refuses a set of definitions that no engine could keep: a mistake in the program, found at start. */
export function checkDefinitions(definitions: readonly AnyDefinition[]): void {
  const names = new Set<string>();
  for (const { name, version, indexes } of definitions) {
    if (!/^[a-z][a-z_]{0,40}$/.test(name)) throw new Error(`store: bad collection name ${JSON.stringify(name)}`);
    if (names.has(name)) throw new Error(`store: collection ${name} is defined twice`);
    names.add(name);
    if (!Number.isSafeInteger(version) || version < 1) throw new Error(`store: ${name}: version must be 1 or more`);
    for (const [index, { keys }] of Object.entries(indexes)) {
      if (!/^\w{1,40}$/.test(index)) throw new Error(`store: ${name}: bad index name ${JSON.stringify(index)}`);
      if (keys.length === 0 || new Set(keys).size !== keys.length) {
        throw new Error(`store: ${name}.${index}: keys must be there, and differ`);
      }
      const bad = keys.find((key) => own.has(key) || !/^[A-Za-z]\w{0,40}$/.test(key));
      if (bad !== undefined) throw new Error(`store: ${name}.${index}: can't index ${JSON.stringify(bad)}`);
    }
  }
}

/** What is wrong with `value` as an index value or an id; undefined if nothing is. */
function fault(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? undefined : 'is not a safe integer';
  if (typeof value !== 'string') return `is ${value === null ? 'null' : `of type ${typeof value}`}`;
  if (value.includes('\0')) return 'holds a NUL';
  return loneSurrogate.test(value) ? 'holds half a surrogate pair' : undefined;
}

/** `what` names the place in the message; the value itself is never in it. */
export function checkedValue(value: unknown, what: string): Value {
  const wrong = fault(value);
  if (wrong !== undefined) throw new BadDocument(`${what} ${wrong}`);
  return Object.is(value, -0) ? 0 : (value as Value);
}

export function checkedId(id: unknown, collection: string): string {
  const wrong = typeof id === 'string' ? fault(id) : 'is not a string';
  if (wrong !== undefined) throw new BadDocument(`${collection}: the id ${wrong}`);
  const text = id as string;
  if (text === '' || text.length > maxIdLength) {
    throw new BadDocument(`${collection}: the id must have 1 to ${maxIdLength} characters`);
  }
  return text;
}

export function checkedRev(rev: unknown, collection: string): number {
  if (typeof rev !== 'number' || !Number.isSafeInteger(rev) || rev < 1) {
    throw new BadDocument(`${collection}: rev must be the revision that was read`);
  }
  return rev;
}

/**
 * The body of `doc` as plain JSON: `undefined` fields are dropped, halves of surrogate pairs become U+FFFD, all else is kept as it is.
 * Throws `BadDocument` for what JSON can't hold, and for an indexed field that is neither absent, null, a string nor a safe integer.
 */
export function plainBody(definition: AnyDefinition, doc: object): Body {
  const body = plainObject(doc, definition.name, 0) as Body;
  for (const field of own) delete body[field];
  for (const { keys } of Object.values(definition.indexes)) {
    for (const key of keys) {
      // As it was handed in: in the copy, half a surrogate pair is mended already.
      const value = Object.hasOwn(doc, key) ? (doc as Record<string, unknown>)[key] : undefined;
      if (value !== undefined && value !== null) checkedValue(value, `${definition.name}.${key}`);
    }
  }
  return body;
}

function plain(value: unknown, path: string, depth: number): Json {
  switch (typeof value) {
    case 'string':
      return loneSurrogate.test(value) ? value.replace(loneSurrogates, '\uFFFD') : value;
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new BadDocument(`${path} is not a finite number`);
      return value === 0 ? 0 : value;
    case 'object':
      if (value === null) return null;
      if (depth === maxDepth) throw new BadDocument(`${path} is nested more than ${maxDepth} levels deep`);
      return Array.isArray(value)
        ? Array.from(value, (item, at) => plain(item, `${path}[${at}]`, depth + 1))
        : plainObject(value, path, depth);
    default:
      throw new BadDocument(`${path} is of type ${typeof value}`);
  }
}

function plainObject(value: object, path: string, depth: number): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new BadDocument(`${path} is a ${value.constructor?.name ?? 'class instance'}, not plain JSON`);
  }
  const copy: Body = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const kept = plain(field, `${path}.${key}`, depth + 1);
    const name = loneSurrogate.test(key) ? key.replace(loneSurrogates, '\uFFFD') : key;
    // Assigned, a field of this name would become the copy's prototype.
    if (name === '__proto__')
      Object.defineProperty(copy, name, { value: kept, enumerable: true, configurable: true, writable: true });
    else copy[name] = kept;
  }
  return copy;
}
