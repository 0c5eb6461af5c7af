import Database from 'libsql';

/** What SQLite takes here: libsql ends the process over anything else. */
export type Value = string | number | null;

/** The shop's own database. Calls are synchronous; what an `atomically` wrote is on the disk when it returns, all of it or nothing. */
export interface ShopDatabase {
  /** Gives the number of rows that were written. */
  run(sql: string, ...values: readonly Value[]): number;
  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[];
  /** One writer at a time, in whatever process: the others wait for up to five seconds. Throws what `work` throws, with nothing written. */
  atomically<T>(work: () => T): T;
  close(): void;
}

const tables = `
CREATE TABLE IF NOT EXISTS counted (
  key TEXT PRIMARY KEY, place TEXT NOT NULL, payment TEXT NOT NULL, customer TEXT,
  at TEXT NOT NULL, kept TEXT NOT NULL, mark TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS counted_of_payment ON counted (payment, place);
CREATE TABLE IF NOT EXISTS movements (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, payment TEXT NOT NULL, customer TEXT NOT NULL,
  item TEXT NOT NULL, change INTEGER NOT NULL, at TEXT NOT NULL, UNIQUE (event, item)
);
CREATE INDEX IF NOT EXISTS movements_of_customer ON movements (customer, id);
CREATE INDEX IF NOT EXISTS movements_of_payment ON movements (payment);
CREATE TABLE IF NOT EXISTS reading (id INTEGER PRIMARY KEY CHECK (id = 1), cursor TEXT, place TEXT NOT NULL, compared INTEGER NOT NULL);
INSERT INTO reading VALUES (1, NULL, '', 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS sign_ins (digest TEXT PRIMARY KEY, person TEXT NOT NULL, until INTEGER NOT NULL);
`;

/** Opens the file, or makes it; any number of processes may have it open. */
export function openDatabase(
  file: string,
  connect: (file: string) => Database.Database = (path) => new Database(path),
): ShopDatabase {
  const database = connect(file);
  database.pragma('busy_timeout = 5000');
  database.pragma('journal_mode = WAL');
  // Every commit reaches the disk before it is answered: what was granted stays granted.
  database.pragma('synchronous = FULL');
  const atomically = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  atomically(() => database.exec(tables));
  return {
    run: (sql, ...values) => database.prepare(sql).run(values).changes,
    all: <Row>(sql: string, ...values: readonly Value[]) => database.prepare(sql).all(values) as Row[],
    atomically,
    close: () => database.close(),
  };
}
