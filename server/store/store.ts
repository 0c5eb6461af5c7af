/**
 * The store port. Two engines (`mongo`, `embedded`) keep its promises; one conformance suite proves them on both.
 *
 * Promised: `insert` and `replace` are durable and atomic for one document before they answer; a `replace` is written only if the
 * stored `rev` is the one that was read (compare-and-set), and then raises `rev` by one; reads see every write that was answered before them.
 * Uniqueness is promised for `id` alone.
 * *Not* promised: anything across two documents, any order between `find` pages and concurrent writes beyond (key, id) order, or that a call
 * which threw `StoreUnavailable` was not carried out: read again.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A document: plain JSON. `rev` starts at 1 and is the store's; `v` is the schema version it was written with. */
export interface Doc {
  readonly id: string;
  readonly rev: number;
  readonly v: number;
}

/** Top-level fields that hold strings or integers: all that an index may cover. */
type Key<D> = { [K in keyof D & string]-?: NonNullable<D[K]> extends string | number ? K : never }[keyof D & string];

/** Ascending over `keys`, then `id`. A document that lacks one of the keys is not in the index. */
export interface Index<D> {
  readonly keys: readonly [Key<D>, ...Key<D>[]];
}

export interface Definition<D extends Doc, I extends Record<string, Index<D>> = Record<string, Index<D>>> {
  /** Collection name: lower-case letters and `_`. */
  readonly name: string;
  /** The schema version that is written now. */
  readonly version: number;
  readonly indexes: I;
  /** `upgrade[n]` turns a document of version n into n + 1. Applied on read; stored at the next replace. */
  readonly upgrade?: Readonly<Record<number, (old: never) => unknown>>;
}

/** Any definition, whatever its documents: what a store is opened with. */
export interface AnyDefinition {
  readonly name: string;
  readonly version: number;
  readonly indexes: Readonly<Record<string, { readonly keys: readonly string[] }>>;
  readonly upgrade?: Readonly<Record<number, (old: never) => unknown>>;
}

/**
 * `equals` fixes a leading run of the index's keys; `range` bounds (both ends inclusive) the first key that is not fixed;
 * `after` is the `next` of the page before, valid for the same index, equals and order. `limit` is 1 to 1,000.
 */
export type Find<D extends Doc, I extends Record<string, Index<D>>> = {
  [N in keyof I & string]: {
    readonly index: N;
    readonly equals?: { readonly [K in I[N]['keys'][number] & keyof D]?: NonNullable<D[K]> };
    readonly range?: { readonly from?: string | number; readonly to?: string | number };
    readonly order?: 'asc' | 'desc';
    readonly limit: number;
    readonly after?: string;
  };
}[keyof I & string];

export type Inserted<D> = { readonly ok: true; readonly doc: D } | { readonly ok: false; readonly why: 'taken' };
export type Replaced<D> = { readonly ok: true; readonly doc: D } | { readonly ok: false; readonly why: 'stale' };

export interface Collection<D extends Doc, I extends Record<string, Index<D>> = Record<string, Index<D>>> {
  /** Writes a new document with rev 1. `taken`: the id exists (perhaps from our own lost first try: read it). */
  insert(doc: Omit<D, 'rev' | 'v'>): Promise<Inserted<D>>;
  get(id: string): Promise<D | undefined>;
  /** Documents in index order. `next` is there when more may follow. A cursor that is not ours throws `BadCursor`. */
  find(query: Find<D, I>): Promise<{ readonly docs: readonly D[]; readonly next?: string }>;
  /** `doc` is the changed copy of what was read, with the `rev` that was read. `stale`: someone else wrote (or removed) first. */
  replace(doc: D): Promise<Replaced<D>>;
  /** True if this very revision was removed. */
  remove(id: string, rev: number): Promise<boolean>;
}

export interface Store {
  readonly engine: 'mongo' | 'embedded';
  /** The collection of a definition that the store was opened with. */
  collection<D extends Doc, I extends Record<string, Index<D>>>(definition: Definition<D, I>): Collection<D, I>;
  /** Resolves if the store answers a trivial durable-read now; throws `StoreUnavailable` otherwise. */
  ping(): Promise<void>;
  /** Finishes what was accepted, then lets go of file or connection. */
  close(): Promise<void>;
}

/** The store did not answer, or was lost in the middle: the write may or may not have happened. Read again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** `after` was not made by this index and order. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

/** The document or query breaks the port's rules (a boolean in an index, a NUL in an id, a date …): a bug of the caller's. */
export class BadDocument extends Error {
  override readonly name = 'BadDocument';
}

/** The store can't be opened; the message says what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}

export const define =
  <D extends Doc>() =>
  <const I extends Record<string, Index<D>>>(definition: Definition<D, I>): Definition<D, I> =>
    definition;
