import type { AnyDefinition, Collection, Doc, Json, Store } from '../../../server/store/store.js';
import { define } from '../../../server/store/store.js';

/** Somewhere to keep data: a file, or a database. Opened again it has what it had. */
export interface Place {
  open(definitions: readonly AnyDefinition[]): Promise<Store>;
}

export interface Thing extends Doc {
  readonly group?: string;
  readonly at?: number;
  readonly label?: string | number | null;
  readonly data?: Json;
}

export const things = define<Thing>()({
  name: 'things',
  version: 1,
  indexes: {
    by_group: { keys: ['group', 'at'] },
    by_at: { keys: ['at'] },
    by_label: { keys: ['group', 'label'] },
  },
});

export type Things = Collection<Thing, (typeof things)['indexes']>;

/** A group nobody else uses, so that cases share a store without seeing each other. */
let groups = 0;
export const newGroup = (): string => `g${++groups}`;

type Query = Parameters<Things['find']>[0];

/** All pages of a query, one after the other. */
export async function pages(collection: Things, query: Query): Promise<Thing[][]> {
  const all: Thing[][] = [];
  let after: string | undefined;
  do {
    const page = await collection.find({ ...query, ...(after === undefined ? {} : { after }) });
    all.push([...page.docs]);
    after = page.next;
  } while (after !== undefined);
  return all;
}

export const idsOf = (docs: readonly Doc[]): string[] => docs.map(({ id }) => id);

export async function allIds(collection: Things, query: Query): Promise<string[]> {
  return idsOf((await pages(collection, query)).flat());
}

/** For handing in what the types forbid, as a request from outside may. */
export const untyped = (value: unknown): never => value as never;
