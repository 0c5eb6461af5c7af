import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'libsql';
import type { Body } from './checks.js';
import { checkDefinitions } from './checks.js';
import { collections } from './collection.js';
import type { Sql } from './embedded-sql.js';
import { createTable, pageSql, wantedColumns, wantedIndexes } from './embedded-sql.js';
import { GroupCommit, unavailable } from './group-commit.js';
import type { Row, Rows } from './rows.js';
import type { AnyDefinition, Store } from './store.js';
import { BadDocument, StoreOpenError, StoreUnavailable } from './store.js';

export interface EmbeddedOptions {
  /** The database file, made if it is not there; its folder must exist. `:memory:` keeps nothing. */
  readonly file: string;
  readonly definitions: readonly AnyDefinition[];
}

/** What Mongo holds at most, so that a document fits either engine. */
const maxBytes = 15 * 1024 * 1024;

/**
 * The engine for one process: one SQLite file, no set-up. A write answers when it is on the disk (WAL, `synchronous=FULL`, group commit).
 * The file is locked for as long as the store is open: a second process is refused. Throws `StoreOpenError` saying what to do.
 */
export async function openEmbedded({ file, definitions }: EmbeddedOptions): Promise<Store> {
  checkDefinitions(definitions);
  checkFile(file);
  const database = open(file, definitions);
  const statements = new Statements(database);
  const group = new GroupCommit(database);
  let closed = false;
  return {
    engine: 'embedded',
    collection: collections(definitions, (definition) => embeddedRows(definition.name, statements, group)),
    async ping() {
      statements.all({ text: 'SELECT count(*) FROM sqlite_schema', params: [] });
    },
    async close() {
      if (closed) return;
      closed = true;
      group.close();
      statements.close();
      release(database);
    },
  };
}

/** Prepared statements by their text: a store has a few dozen. */
class Statements {
  private readonly prepared = new Map<string, Database.Statement>();
  private database: Database.Database | undefined;

  constructor(database: Database.Database) {
    this.database = database;
  }

  run({ text, params }: Sql): number {
    return this.prepare(text).run(params).changes;
  }

  all({ text, params }: Sql): unknown[] {
    try {
      return this.prepare(text).all(params);
    } catch (error) {
      throw error instanceof StoreUnavailable ? error : unavailable(error);
    }
  }

  /** A prepared statement goes on working, and holds the file, after its connection was closed: all are let go. */
  close(): void {
    this.database = undefined;
    this.prepared.clear();
  }

  private prepare(text: string): Database.Statement {
    if (this.database === undefined) throw new StoreUnavailable('The store is closed');
    let statement = this.prepared.get(text);
    if (statement === undefined) {
      statement = this.database.prepare(text);
      this.prepared.set(text, statement);
    }
    return statement;
  }
}

function embeddedRows(name: string, statements: Statements, group: GroupCommit): Rows {
  const rowOf = (found: unknown): Row => {
    const { id, rev, v, body } = found as { id: string; rev: number; v: number; body: string };
    return { id, rev, v, body: JSON.parse(body) as Body };
  };
  const written = (sql: Sql): Promise<boolean> => group.run(() => statements.run(sql) === 1);
  return {
    insert: async ({ id, rev, v, body }) =>
      written({
        text: `INSERT INTO "${name}" (id, rev, v, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
        params: [id, rev, v, textOf(name, body)],
      }),
    get: async (id) => {
      // `all`, since `get` adds a field of its own to the row.
      const [found] = statements.all({ text: `SELECT id, rev, v, body FROM "${name}" WHERE id = ?`, params: [id] });
      return found === undefined ? undefined : rowOf(found);
    },
    page: async (page, take) => statements.all(pageSql(name, page, take)).map(rowOf),
    replace: async (row, rev) =>
      written({
        text: `UPDATE "${name}" SET rev = ?, v = ?, body = ? WHERE id = ? AND rev = ?`,
        params: [row.rev, row.v, textOf(name, row.body), row.id, rev],
      }),
    remove: async (id, rev) => written({ text: `DELETE FROM "${name}" WHERE id = ? AND rev = ?`, params: [id, rev] }),
  };
}

function textOf(name: string, body: Body): string {
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > maxBytes) throw new BadDocument(`${name}: the document is larger than 15 MiB`);
  return text;
}

function open(file: string, definitions: readonly AnyDefinition[]): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    // In this order: a file that enters WAL mode while locked exclusively needs no shared memory beside it.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('BEGIN IMMEDIATE');
    for (const definition of definitions) define(database, definition);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    throw openProblem(error, file);
  }
}

/** Brings a table to its definition. Documents are not touched: columns are computed, a new index is filled by SQLite. */
function define(database: Database.Database, definition: AnyDefinition): void {
  const { name } = definition;
  const names = (sql: string): Set<unknown> =>
    new Set(
      database
        .prepare(sql)
        .all([])
        .map((row) => (row as { name: unknown }).name),
    );
  database.exec(createTable(name));
  const columns = names(`PRAGMA table_xinfo("${name}")`);
  for (const [column, add] of wantedColumns(definition)) if (!columns.has(column)) database.exec(add);
  const wanted = wantedIndexes(definition);
  const indexes = names(
    `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = '${name}' AND sql IS NOT NULL`,
  );
  for (const index of indexes) if (!wanted.has(String(index))) database.exec(`DROP INDEX "${String(index)}"`);
  for (const [index, create] of wanted) if (!indexes.has(index)) database.exec(create);
}

/** Leaves one plain file behind, and lets go of its lock now: `close` alone would wait for the garbage collector. */
function release(database: Database.Database): void {
  try {
    database.pragma('journal_mode = DELETE');
    database.pragma('locking_mode = NORMAL');
    database.prepare('SELECT count(*) FROM sqlite_schema').all([]);
  } finally {
    database.close();
  }
}

/** SQLite answers every failure here with one and the same "unable to open", the file system says which. */
function checkFile(file: string): void {
  if (file === ':memory:') return;
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw openProblem(error, file);
  }
}

/** What SQLite or the file system said at the start, and what to do about it. */
export function openProblem(cause: unknown, file: string): StoreOpenError {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  const told = advice.find(([pattern]) => pattern.test(code))?.[1];
  return new StoreOpenError(`The store's file ${resolve(file)} ${told ?? `can't be opened: ${message}`}`, { cause });
}

const advice: readonly (readonly [RegExp, string])[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'is in use by another process: stop that one, or give this one its own file. Several servers need MONGODB_URI.',
  ],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, "can't be written, the disk is full: make room and start again."],
  [/^(SQLITE_IOERR|EIO)/, "can't be read or written: look whether its disk is full or failing."],
  [/^SQLITE_(NOTADB|CORRUPT)/, 'is not a database, or is damaged: name another file, or put back a copy.'],
  [/^ENOENT|^ENOTDIR/, 'is in a folder that does not exist: make the folder, or name another file.'],
  [/^EISDIR/, 'is a folder: name a file in it.'],
  [
    /^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN)/,
    "can't be written by this user, or nothing can be made beside it: change the rights of the file and its folder, or name another file.",
  ],
];
