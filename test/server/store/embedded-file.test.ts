import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openEmbedded, openProblem } from '../../../server/store/embedded.js';
import { pageSql } from '../../../server/store/embedded-sql.js';
import { openStore } from '../../../server/store/open.js';
import { planPage } from '../../../server/store/query.js';
import { StoreOpenError } from '../../../server/store/store.js';
import { things } from './place.js';

const folder = mkdtempSync(join(tmpdir(), 'store-file-'));
const children = new Set<ChildProcess>();
let files = 0;
const newFile = () => join(folder, `${++files}.db`);

afterEach(async () => {
  await Promise.all([...children].map(kill));
  children.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = fileURLToPath(new URL('./writer.ts', import.meta.url));

function startWriter(file: string, mode: 'write' | 'hold') {
  const child = spawn(process.execPath, ['--import', 'tsx', program, file, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

const exited = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((done) => child.once('exit', () => done()));

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await exited(child);
}

describe('the embedded store’s file', () => {
  test('a second process is refused while the first holds the file, and let in once that was killed', async () => {
    const file = newFile();
    const first = startWriter(file, 'hold');
    expect((await first.lines.next()).value).toBe('opened mongoose=false');
    const second = startWriter(file, 'hold');
    expect((await second.lines.next()).value).toMatch(
      /^refused StoreOpenError: .*in use by another process: stop that one/,
    );
    await kill(first.child);
    const third = startWriter(file, 'hold');
    expect((await third.lines.next()).value).toMatch(/^opened/);
  });

  test('a second store in the same process is refused too, and let in after a close', async () => {
    const file = newFile();
    const first = await openEmbedded({ file, definitions: [things] });
    await first.collection(things).insert({ id: 'a' });
    await expect(openEmbedded({ file, definitions: [things] })).rejects.toThrow('in use by another process');
    await first.close();
    const second = await openEmbedded({ file, definitions: [things] });
    expect(await second.collection(things).get('a')).toMatchObject({ id: 'a' });
    await second.close();
  });

  test('every write that was answered before a kill -9 is there afterwards', async () => {
    const file = newFile();
    const answered = new Map<string, number>();
    for (let round = 0; round < 3; round++) {
      const { child, lines } = startWriter(file, 'write');
      let acks = 0;
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        const [id, rev] = line.value.split(' ') as [string, string];
        if (id === 'opened') continue;
        answered.set(id, Number(rev));
        if (++acks === 150) child.kill('SIGKILL');
      }
      await exited(child);
      expect(child.signalCode).toBe('SIGKILL');
      expect(acks).toBeGreaterThanOrEqual(150);
    }
    const store = await openEmbedded({ file, definitions: [things] });
    const lost: string[] = [];
    for (const [id, rev] of answered) {
      const doc = await store.collection(things).get(id);
      if (doc === undefined || doc.rev < rev || (rev === 2 && doc.label !== 'again')) lost.push(id);
    }
    await store.close();
    expect(lost).toEqual([]);
    expect(answered.size).toBeGreaterThan(200);
  }, 60_000);

  test('a clean close leaves one plain file', async () => {
    const file = newFile();
    const store = await openEmbedded({ file, definitions: [things] });
    await store.collection(things).insert({ id: 'a' });
    await store.close();
    expect([existsSync(file), existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([true, false, false]);
  });

  test('without MONGODB_URI, or with an empty one, the embedded engine is opened', async () => {
    for (const mongodbUri of [undefined, '']) {
      const store = await openStore({ mongodbUri, file: ':memory:', definitions: [things] });
      expect(store.engine).toBe('embedded');
      await store.close();
    }
  });
});

describe('a start that fails says what to do', () => {
  const refusal = async (file: string): Promise<string> => {
    const error: unknown = await openEmbedded({ file, definitions: [things] }).then(
      () => 'it opened',
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StoreOpenError);
    return (error as Error).message;
  };

  test('the folder is missing', async () => {
    const file = join(folder, 'none', 'x.db');
    expect(await refusal(file)).toBe(
      `The store's file ${file} is in a folder that does not exist: make the folder, or name another file.`,
    );
  });

  test('the name is a folder’s', async () => {
    expect(await refusal(folder)).toContain('is a folder: name a file in it');
  });

  test('the file is something else than a database, and stays as it was', async () => {
    const file = newFile();
    writeFileSync(file, 'These are my holiday notes, and not a database. '.repeat(100));
    expect(await refusal(file)).toContain('is not a database, or is damaged: name another file');
  });

  test.each(['folder', 'file'])('this user may not write the %s', async (what) => {
    const place = join(folder, `readonly-${what}`);
    const file = join(place, 'x.db');
    mkdirSync(place);
    chmodSync(folder, 0o755);
    if (what === 'file') {
      writeFileSync(file, '');
      chmodSync(file, 0o444);
    }
    chmodSync(place, 0o555);
    // No rights stop root, so that root tries it as somebody else.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      expect(await refusal(file)).toContain("can't be written by this user");
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(place, 0o755);
    }
  });

  test('the disk is full', () => {
    const database = new Database(':memory:');
    database.exec('CREATE TABLE t (a)');
    database.pragma('max_page_count = 3');
    let full: unknown;
    try {
      database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
    } catch (error) {
      full = error;
    }
    expect(openProblem(full, 'x.db').message).toContain('the disk is full: make room');
    expect(openProblem(Object.assign(new Error('no space'), { code: 'ENOSPC' }), 'x.db').message).toContain(
      'the disk is full',
    );
  });
});

describe('query plans of the embedded store', () => {
  test('every query is a search in its own index, bounded by its cursor, and sorts nothing', async () => {
    const file = newFile();
    const store = await openEmbedded({ file, definitions: [things] });
    const collection = store.collection(things);
    await Promise.all(Array.from({ length: 50 }, (_, n) => collection.insert({ id: `i${n}`, group: 'g', at: 7 })));
    const queries = (['asc', 'desc'] as const).flatMap((order) => [
      { index: 'by_group' as const, equals: { group: 'g' }, order, limit: 10 },
      { index: 'by_group' as const, equals: { group: 'g', at: 7 }, order, limit: 10 },
      { index: 'by_group' as const, equals: { group: 'g' }, range: { from: 1, to: 9 }, order, limit: 10 },
      { index: 'by_at' as const, range: { to: 9 }, order, limit: 10 },
    ]);
    const cursors = await Promise.all(queries.map(async (query) => (await collection.find(query)).next));
    await store.close();

    const database = new Database(file);
    for (const [at, query] of queries.entries()) {
      for (const after of [undefined, cursors[at]]) {
        const page = planPage(things, { ...query, ...(after === undefined ? {} : { after }) });
        const { text, params } = pageSql('things', page, 11);
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(params) as { detail: string }[];
        expect(plan).toHaveLength(1);
        expect(plan[0]?.detail).toMatch(new RegExp(`^SEARCH things USING INDEX things\\.${query.index}\\.`));
        // The cursor's own comparison is what the search starts from, not a filter behind it.
        if (after !== undefined) expect(plan[0]?.detail).toMatch(/(k_at,id\)[<>]\(|id[<>]\?)/);
      }
    }
    database.close();
  });
});
