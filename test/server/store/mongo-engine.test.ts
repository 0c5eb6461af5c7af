import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMongo } from '../../../server/store/mongo.js';
import { openStore } from '../../../server/store/open.js';
import { define, StoreOpenError, StoreUnavailable } from '../../../server/store/store.js';
import { freshDatabase, mongoUri, ownMongod } from '../../support/mongo.js';
import { fakeMongod } from './fake-mongod.js';
import type { Thing } from './place.js';
import { allIds, things } from './place.js';

const there = (await mongoUri()) !== undefined;

/** Why opening fails; never with the password of the URI in it, nor in what it was caused by. */
async function refusal(uri: string): Promise<string> {
  const error: unknown = await openMongo({ uri, definitions: [things], selectionTimeoutMs: 500 }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreOpenError);
  const { message, cause } = error as StoreOpenError;
  expect(`${message} ${String(cause)} ${JSON.stringify(cause)}`).not.toContain('hunter2');
  return message;
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

describe('a start without a usable MongoDB says what to do', () => {
  test('the server is not reachable', async () => {
    const port = await deadPort();
    const message = await refusal(`mongodb://user:hunter2@127.0.0.1:${port}/shop`);
    expect(message).toMatch(/^MongoDB is not reachable .*check that it runs, the hosts and the replicaSet name/);
    expect(message).toContain(String(port));
  });

  test.each([
    'http://user:hunter2@host/x',
    'hunter2',
    'mongodb://user:hunter2@/x',
    'mongodb://user:hunter2@a:b:c/x',
    'mongodb://us@er:hunter2@h/x',
    'mongodb://user:hunter2/x@host/shop',
    'mongodb://host/shop?replicaSt=typo&w=hunter2',
  ])('the URI is malformed: %s', async (uri) => {
    expect(await refusal(uri)).toMatch(/^MONGODB_URI is not a valid connection string: mongodb:\/\//);
  });

  test('the server is older than 6.0', async () => {
    const old = await fakeMongod('5.0.31', 13);
    expect(await refusal(old.uri)).toBe('MongoDB is too old (5.0.31): version 6.0 or newer is needed.');
    await old.close();
  });

  test('the server is so old that the driver won’t talk to it', async () => {
    const ancient = await fakeMongod('3.6.23', 6);
    expect(await refusal(ancient.uri)).toBe('MongoDB is too old: version 6.0 or newer is needed.');
    await ancient.close();
  });
});

describe.skipIf(!there)('MongoDB’s own', () => {
  let uri: string;
  beforeAll(async () => {
    uri = await freshDatabase('engine');
  });

  test('start – a wrong password is named as such', async () => {
    expect(await refusal(uri.replace('mongodb://', 'mongodb://shop:hunter2@'))).toMatch(
      /^MongoDB refused the user or the password/,
    );
  });

  test('start – a wrong replica set name is named as something to check', async () => {
    const message = await refusal(uri.replace(/replicaSet=\w+/, 'replicaSet=another'));
    expect(message).toContain('the replicaSet name in MONGODB_URI');
  });

  test('start – several servers may open at the same time, and none warns on three nodes', async () => {
    const warnings: string[] = [];
    const logger = { warn: (event: string) => void warnings.push(event) };
    const place = await freshDatabase('engine');
    const stores = await Promise.all(
      [1, 2, 3].map(() => openStore({ mongodbUri: place, file: '', definitions: [things], logger })),
    );
    expect(stores.map(({ engine }) => engine)).toEqual(['mongo', 'mongo', 'mongo']);
    const [first, second] = stores.map((store) => store.collection(things));
    await first?.insert({ id: 'a', at: 1 });
    expect(await second?.get('a')).toEqual({ id: 'a', rev: 1, v: 1, at: 1 });
    const answers = await Promise.all([first, second].map((each) => each?.replace({ id: 'a', rev: 1, v: 1, at: 2 })));
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
    expect(warnings).toEqual([]);
  });

  test('start – options in the URI can’t weaken what the port promises', async () => {
    const place = `${await freshDatabase('weak')}&w=0&journal=false&readPreference=secondary&readConcernLevel=local&retryWrites=false`;
    const store = await openMongo({ uri: place, definitions: [things] });
    const collection = store.collection(things);
    const spy = await mongoose.createConnection(place.replace(/&w=.*/, '')).asPromise();
    await spy.db?.command({ profile: 2 });
    for (let at = 0; at < 20; at++) {
      const id = `w${at}`;
      await collection.insert({ id, at });
      expect(await collection.insert({ id, at })).toEqual({ ok: false, why: 'taken' });
      expect(await collection.get(id)).toEqual({ id, rev: 1, v: 1, at });
    }
    await spy.db?.command({ profile: 0 });
    const commands = (
      await spy
        .collection('system.profile')
        .find({ ns: /\.things$/ })
        .toArray()
    ).map((entry) => entry.command as Record<string, unknown>);
    const writes = commands.filter((command) => 'insert' in command);
    const reads = commands.filter((command) => 'find' in command);
    expect([writes.length, reads.length]).toEqual([40, 20]);
    for (const command of writes) {
      expect(command).toMatchObject({ writeConcern: { w: 'majority', j: true } });
      expect(command).toHaveProperty('txnNumber');
    }
    for (const command of reads) expect(command).toMatchObject({ readConcern: { level: 'majority' } });
    await Promise.all([spy.close(), store.close()]);
  });

  test('start – an index that an older server uses is left alone', async () => {
    const place = await freshDatabase('engine');
    const newer = define<Thing>()({ ...things, indexes: { by_at: { keys: ['at', 'label'] } } });
    const old = await openMongo({ uri: place, definitions: [things] });
    const young = await openMongo({ uri: place, definitions: [newer] });
    await old.collection(things).insert({ id: 'a', at: 1 });
    await young.collection(newer).insert({ id: 'b', at: 1, label: 'x' });
    expect(await allIds(old.collection(things), { index: 'by_at', limit: 5 })).toEqual(['a', 'b']);
    const { docs } = await young.collection(newer).find({ index: 'by_at', limit: 5 });
    expect(docs.map(({ id }) => id)).toEqual(['b']);
    await Promise.all([old.close(), young.close()]);
  });

  test('query plans – a page reads its own piece of the index and nothing more, however deep it is', async () => {
    const place = await freshDatabase('plans');
    const store = await openMongo({ uri: place, definitions: [things] });
    const collection = store.collection(things);
    // All have the same key, so that only the id tells where a page begins.
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => collection.insert({ id: `i${n + 100}`, group: n % 2 ? 'g' : 'h', at: 7 })),
    );
    const spy = await mongoose.createConnection(place).asPromise();
    await spy.db?.command({ profile: 2 });
    const queries = (['asc', 'desc'] as const).flatMap((order) => [
      { index: 'by_group' as const, equals: { group: 'g' }, order, limit: 20 },
      { index: 'by_group' as const, equals: { group: 'g', at: 7 }, order, limit: 20 },
      { index: 'by_group' as const, equals: { group: 'g' }, range: { from: 1, to: 9 }, order, limit: 20 },
      { index: 'by_at' as const, range: { to: 7 }, order, limit: 20 },
    ]);
    for (const query of queries) await allIds(collection, query);
    await spy.db?.command({ profile: 0 });
    const profile = await spy
      .collection('system.profile')
      .find({ op: 'query', ns: /\.things$/ })
      .toArray();
    expect(profile.length).toBeGreaterThan(60);
    for (const { planSummary, keysExamined, docsExamined, hasSortStage } of profile) {
      expect(planSummary).toMatch(/^IXSCAN/);
      expect(hasSortStage).toBeUndefined();
      expect(keysExamined).toBeLessThanOrEqual(22);
      expect(docsExamined).toBeLessThanOrEqual(22);
    }
    await spy.close();
    await store.close();
  });

  test('awkward – a document with plain field names is kept as fields that an operator can read', async () => {
    const place = await freshDatabase('shape');
    const store = await openMongo({ uri: place, definitions: [things] });
    await store.collection(things).insert({ id: 'plain', at: 1, data: { deep: [1] } });
    await store.collection(things).insert({ id: 'odd', at: 2, data: { $ne: 1 } });
    const spy = await mongoose.createConnection(place).asPromise();
    expect(await spy.collection<{ _id: string }>('things').find().sort({ _id: -1 }).toArray()).toEqual([
      { _id: 'plain', rev: 1, v: 1, body: { at: 1, data: { deep: [1] } } },
      { _id: 'odd', rev: 1, v: 1, body: { at: 2 }, text: '{"at":2,"data":{"$ne":1}}' },
    ]);
    await spy.close();
    await store.close();
  });
});

describe.skipIf(!there)('MongoDB on a single server', () => {
  let server: Awaited<ReturnType<typeof ownMongod>>;
  beforeAll(async () => {
    server = await ownMongod();
  });
  afterAll(() => server?.stop());

  const openWith = async (uri: string) => {
    const warnings: string[] = [];
    const logger = { warn: (event: string) => void warnings.push(event) };
    return { store: await openMongo({ uri, definitions: [things], logger, selectionTimeoutMs: 2_000 }), warnings };
  };

  test('a server that is no replica set is accepted with a warning, and works', async () => {
    const { store, warnings } = await openWith(`mongodb://127.0.0.1:${server.port}/standalone`);
    const collection = store.collection(things);
    expect(warnings).toEqual(['mongo_standalone']);
    const made = await collection.insert({ id: 'a', at: 1 });
    expect(made.ok && (await collection.replace({ ...made.doc, at: 2 }))).toMatchObject({ ok: true, doc: { rev: 2 } });
    expect(await allIds(collection, { index: 'by_at', limit: 1 })).toEqual(['a']);
    await store.close();
  });

  test('a lost connection is "unavailable", the write it cut off can be read afterwards, and the store recovers', async () => {
    const proxy = await tcpProxy(server.port);
    const { store } = await openWith(`mongodb://127.0.0.1:${proxy.port}/lost?directConnection=true`);
    const collection = store.collection(things);
    await collection.insert({ id: 'before' });
    proxy.swallowReplies(true);
    const cut = collection.insert({ id: 'cut' });
    cut.catch(() => undefined);
    await proxy.swallowed();
    proxy.cut();
    await expect(cut).rejects.toThrow(StoreUnavailable);
    proxy.swallowReplies(false);
    expect(await collection.get('cut')).toEqual({ id: 'cut', rev: 1, v: 1 });
    expect(await collection.insert({ id: 'cut' })).toEqual({ ok: false, why: 'taken' });
    await proxy.close();
    await expect(collection.get('before')).rejects.toThrow(StoreUnavailable);
    await expect(collection.insert({ id: 'after' })).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await store.close();
  });
});

describe.skipIf(!there)('MongoDB as a replica set of one', () => {
  test('is accepted with a warning', async () => {
    const server = await ownMongod('single');
    const { port } = server;
    const setup = await mongoose.createConnection(`mongodb://127.0.0.1:${port}/?directConnection=true`).asPromise();
    await setup
      .getClient()
      .db('admin')
      .command({
        replSetInitiate: { _id: 'single', members: [{ _id: 0, host: `127.0.0.1:${port}` }] },
      });
    await setup.close();
    const warnings: string[] = [];
    const logger = { warn: (event: string) => void warnings.push(event) };
    const store = await openMongo({
      uri: `mongodb://127.0.0.1:${port}/shop?replicaSet=single`,
      definitions: [things],
      logger,
    });
    expect(warnings).toEqual(['mongo_single_node']);
    expect(await store.collection(things).insert({ id: 'a' })).toMatchObject({ ok: true });
    await store.close();
    await server.stop();
  });
});

/** Stands between a store and its server, and loses replies or connections on request. */
async function tcpProxy(target: number) {
  const sockets = new Set<Socket>();
  let swallowing = false;
  let noteSwallowed: () => void = () => undefined;
  const swallowed = new Promise<void>((done) => {
    noteSwallowed = done;
  });
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      // Only the answer to a write has `n`; the driver's heartbeats do not count.
      if (swallowing && chunk.includes('\x10n\0')) noteSwallowed();
      else if (!swallowing) client.write(chunk);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    swallowReplies: (on: boolean) => {
      swallowing = on;
    },
    /** Resolves when the server's answer to a write was lost. */
    swallowed: () => swallowed,
    cut,
    close: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
