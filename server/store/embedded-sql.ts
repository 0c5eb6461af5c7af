import { createHash } from 'node:crypto';
import type { Value } from './checks.js';
import type { Page } from './query.js';
import type { AnyDefinition } from './store.js';

/** A statement with what is bound to it. */
export interface Sql {
  readonly text: string;
  readonly params: readonly Value[];
}

/** Names come from checked definitions: letters, digits and `_` only. */
const column = (key: string): string => `"k_${key}"`;

export const createTable = (name: string): string =>
  `CREATE TABLE IF NOT EXISTS "${name}" (
    id TEXT NOT NULL PRIMARY KEY, rev INTEGER NOT NULL, v INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT`;

/** Columns and indexes that the definition asks for, by name. Virtual columns cost nothing until they are indexed. */
export const wantedColumns = ({ name, indexes }: AnyDefinition): ReadonlyMap<string, string> =>
  new Map(
    Object.values(indexes)
      .flatMap(({ keys }) => keys)
      .map((key) => [
        `k_${key}`,
        `ALTER TABLE "${name}" ADD COLUMN ${column(key)} ANY GENERATED ALWAYS AS (json_extract(body, '$.${key}')) VIRTUAL`,
      ]),
  );

/** An index's name holds a hash of what it covers: a changed definition is another index. */
export const indexName = (collection: string, index: string, keys: readonly string[]): string =>
  `${collection}.${index}.${createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 8)}`;

export const wantedIndexes = ({ name, indexes }: AnyDefinition): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(indexes).map(([index, { keys }]) => {
      const full = indexName(name, index, keys);
      const present = keys.map((key) => `${column(key)} IS NOT NULL`).join(' AND ');
      return [full, `CREATE INDEX "${full}" ON "${name}" (${keys.map(column).join(', ')}, id) WHERE ${present}`];
    }),
  );

/** A page as one walk along its index: bounds and cursor are row values that SQLite can jump to. */
export function pageSql(collection: string, page: Page, take: number): Sql {
  const { index, keys, fixed, lower, upper, order, after } = page;
  const free = keys.slice(fixed.length).map(column);
  const first = free[0];
  const where = keys.map((key, at) => (at < fixed.length ? `${column(key)} = ?` : `${column(key)} IS NOT NULL`));
  const params: Value[] = [...fixed];
  if (lower !== undefined) {
    where.push(`${first} >= ?`);
    params.push(lower);
  }
  if (upper !== undefined) {
    where.push(`${first} ${upper.inclusive ? '<=' : '<'} ?`);
    params.push(upper.value);
  }
  if (after !== undefined) {
    const places = [...free, 'id'];
    where.push(`(${places.join(', ')}) ${order === 'asc' ? '>' : '<'} (${places.map(() => '?').join(', ')})`);
    params.push(...after.values, after.id);
  }
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  const by = [...keys.map(column), 'id'].map((place) => `${place} ${direction}`).join(', ');
  const text = `SELECT id, rev, v, body FROM "${collection}" INDEXED BY "${indexName(collection, index, keys)}"
    WHERE ${where.join(' AND ')} ORDER BY ${by} LIMIT ?`;
  return { text, params: [...params, take] };
}
