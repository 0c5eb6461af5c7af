import Database from 'libsql';
import { beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../../server/store/embedded.js';
import { GroupCommit } from '../../../server/store/group-commit.js';
import { StoreUnavailable } from '../../../server/store/store.js';
import { things } from './place.js';

describe('group commit', () => {
  let database: Database.Database;
  let said: string[];
  let group: GroupCommit;

  beforeEach(() => {
    database = new Database(':memory:');
    database.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY)');
    database.exec(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED, fill)',
    );
    database.exec('PRAGMA foreign_keys = ON');
    said = [];
    const exec = (sql: string) => {
      said.push(sql);
      return database.exec(sql);
    };
    group = new GroupCommit({
      exec,
      get inTransaction() {
        return database.inTransaction;
      },
    });
  });

  const insert = (id: number, parent: number | null = null, fill = '') =>
    group.run(() => database.prepare('INSERT INTO t VALUES (?, ?, ?)').run([id, parent, fill] as unknown[]).changes);
  const ids = () => (database.prepare('SELECT id FROM t ORDER BY id').all([]) as { id: number }[]).map(({ id }) => id);

  test('all writes of one turn of the event loop share one commit', async () => {
    await Promise.all([insert(1), insert(2), insert(3)]);
    expect(said).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    expect(ids()).toEqual([1, 2, 3]);
    await insert(4);
    expect(said).toHaveLength(4);
  });

  test('nothing is written before the turn ends, and nothing is answered before the commit', async () => {
    const answered = insert(1).then(() => said.at(-1));
    expect(ids()).toEqual([]);
    await Promise.resolve();
    expect(ids()).toEqual([]);
    expect(await answered).toBe('COMMIT');
  });

  test('a failed COMMIT fails every write of that group, leaves none of them, and the next group is well', async () => {
    const answers = await Promise.allSettled([insert(1), insert(2, 99), insert(3)]);
    for (const answer of answers) {
      expect(answer.status).toBe('rejected');
      expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable);
    }
    expect(said).toEqual(['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']);
    expect(ids()).toEqual([]);
    expect(await insert(4)).toBe(1);
    expect(ids()).toEqual([4]);
  });

  test('a full disk in the middle of a group fails the whole group, also the writes that came before', async () => {
    database.pragma('max_page_count = 8');
    const answers = await Promise.allSettled([insert(1), insert(2, null, 'x'.repeat(100_000)), insert(3)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(said).toEqual(['BEGIN IMMEDIATE']);
    expect(ids()).toEqual([]);
    expect(await insert(4)).toBe(1);
  });

  test('a write that fails on its own fails alone', async () => {
    await insert(1);
    const [twice, other] = await Promise.allSettled([insert(1), insert(2)]);
    expect(twice.status).toBe('rejected');
    expect(other).toEqual({ status: 'fulfilled', value: 1 });
    expect(ids()).toEqual([1, 2]);
  });

  test('a very large group is cut, and other work of the process runs in between', async () => {
    const order: string[] = [];
    const writes = Array.from({ length: 1_200 }, (_, n) => insert(n).then(() => order.push('write')));
    setImmediate(() => setImmediate(() => order.push('other')));
    await Promise.all(writes);
    expect(said.filter((sql) => sql === 'COMMIT')).toHaveLength(3);
    expect(order.indexOf('other')).toBeGreaterThan(0);
    expect(order.indexOf('other')).toBeLessThan(1_200);
  });

  test('close commits what was accepted and refuses what comes later', async () => {
    const accepted = insert(1);
    group.close();
    expect(ids()).toEqual([1]);
    expect(await accepted).toBe(1);
    await expect(insert(2)).rejects.toThrow(StoreUnavailable);
  });

  test('a store’s reader never sees a write that is not committed', async () => {
    const store = await openEmbedded({ file: ':memory:', definitions: [things] });
    const collection = store.collection(things);
    const writing = collection.insert({ id: 'a' });
    expect(await collection.get('a')).toBeUndefined();
    await writing;
    expect(await collection.get('a')).toMatchObject({ id: 'a' });
    await store.close();
  });
});
