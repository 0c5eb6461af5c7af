import Database from 'libsql';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definitions } from '../../../server/app.js';
import { day } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import { findPayments } from '../../../server/payments/history.js';
import { type Payment, payments } from '../../../server/payments/payment.js';
import { createTable, pageSql, wantedColumns, wantedIndexes } from '../../../server/store/embedded-sql.js';
import { mongoPage } from '../../../server/store/mongo-page.js';
import { openStore } from '../../../server/store/open.js';
import { planPage } from '../../../server/store/query.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { attempt, payment, record } from '../../support/payments.js';
import { testClock } from '../../support/world.js';

const now = testClock().now();
const limit = 20;
/** One shopper with very many payments, among as many of each of two others, and of another merchant's shopper of the same name. */
const each = 2_500;
const owners = [
  { merchant: 'blog', customer: 'ada' },
  { merchant: 'blog', customer: 'bob' },
  { merchant: 'blog', customer: 'ad' },
  { merchant: 'other', customer: 'ada' },
];
const mine = { merchant: 'blog', customer: 'ada', begun: true, limit };

function made(no: number): Payment {
  const createdAt = now - day + no * 1_000;
  const owner = owners[no % owners.length];
  const id = `pay_${systemIds({ now: () => createdAt }).ulid()}`;
  const paidBy = { attempt: 1, record: 'key-1', at: createdAt };
  const attempts = [attempt(1, { state: 'paid', records: [record(1)] })];
  return { ...payment(attempts, { id, createdAt, status: 'paid', paidAt: createdAt, paidBy }), ...owner };
}
const all = Array.from({ length: each * owners.length }, (_, no) => made(no));

const uriOfRun = await mongoUri();

type Found = Awaited<ReturnType<typeof findPayments>>;
type Collection = Parameters<typeof findPayments>[0];

/** What a list asks the store, query by query. */
async function asked(from: Collection, after?: string): Promise<{ page: Found; queries: unknown[] }> {
  const queries: unknown[] = [];
  const heard: Collection = {
    ...from,
    get: (id) => {
      queries.push({ get: id });
      return from.get(id);
    },
    find: (query) => {
      queries.push(query);
      return from.find(query);
    },
  };
  const page = await findPayments(heard, { ...mine, ...(after !== undefined && { after }) }, now);
  return { page, queries };
}

const newest = all.filter(({ merchant, customer }) => merchant === 'blog' && customer === 'ada').reverse();

function isFirstPage({ page, queries }: Awaited<ReturnType<typeof asked>>): void {
  expect(queries).toHaveLength(1);
  expect(page.data.map(({ id }) => id)).toEqual(newest.slice(0, limit).map(({ id }) => id));
  expect(page.next).toBeDefined();
}

describe('a page of a shopper with thousands of payments is one walk along one index', () => {
  test('embedded: SQLite searches by merchant and customer, sorts nothing, and reads no other row', async () => {
    const database = new Database(':memory:');
    database.exec(createTable(payments.name));
    for (const add of wantedColumns(payments).values()) database.exec(add);
    for (const create of wantedIndexes(payments).values()) database.exec(create);
    const insert = database.prepare(`INSERT INTO ${payments.name} (id, rev, v, body) VALUES (?, 1, 1, ?)`);
    database.exec('BEGIN');
    for (const { id, ...body } of all) insert.run([id, JSON.stringify(body)]);
    database.exec('COMMIT');

    const store = await openStore({ file: ':memory:', definitions });
    const collection = store.collection(payments);
    for (let from = 0; from < all.length; from += 500)
      await Promise.all(all.slice(from, from + 500).map((one) => collection.insert(one)));
    const first = await asked(collection);
    isFirstPage(first);
    const second = await asked(collection, first.page.next);
    expect(second.page.data.map(({ id }) => id)).toEqual(newest.slice(limit, 2 * limit).map(({ id }) => id));
    await store.close();

    for (const query of [...first.queries, ...second.queries]) {
      const { text, params } = pageSql(payments.name, planPage(payments, query), limit + 1);
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all([...params]) as { detail: string }[];
      expect(plan).toHaveLength(1);
      expect(plan[0]?.detail).toMatch(
        /^SEARCH payments USING INDEX payments\.by_customer\.\w+ \(k_merchant=\? AND k_customer=\?/,
      );
      expect(plan[0]?.detail).not.toMatch(/TEMP B-TREE|SCAN/);
    }
    database.close();
  });

  describe.skipIf(uriOfRun === undefined)('with mongod', () => {
    let uri = '';
    let connection: mongoose.Connection;
    beforeAll(async () => {
      uri = await freshDatabase('plans');
      await (await openStore({ mongodbUri: uri, file: '', definitions })).close();
      connection = await mongoose.createConnection(uri).asPromise();
      const documents = all.map(({ id, ...body }) => ({ _id: id, rev: 1, v: 1, body }));
      await connection.collection(payments.name).insertMany(documents as never);
    }, 60_000);
    afterAll(() => connection.close());

    test('Mongo: an index scan, fetched, sorted by the index; as many keys and documents examined as a page has', async () => {
      const store = await openStore({ mongodbUri: uri, file: '', definitions });
      const first = await asked(store.collection(payments));
      isFirstPage(first);
      const second = await asked(store.collection(payments), first.page.next);
      await store.close();
      for (const query of [...first.queries, ...second.queries]) {
        const { filter, sort, min, max, hint } = mongoPage(planPage(payments, query));
        const explained = await connection
          .collection(payments.name)
          .find(filter, { min, max, hint })
          .sort(sort)
          .limit(limit + 1)
          .explain('executionStats');
        const { executionStats, queryPlanner } = explained as {
          executionStats: { nReturned: number; totalDocsExamined: number; totalKeysExamined: number };
          queryPlanner: { winningPlan: object };
        };
        const { nReturned, totalDocsExamined, totalKeysExamined } = executionStats;
        expect([nReturned, totalDocsExamined]).toEqual([limit + 1, limit + 1]);
        expect(totalKeysExamined).toBeLessThanOrEqual(limit + 2);
        const stages = [...JSON.stringify(queryPlanner.winningPlan).matchAll(/"stage":"(\w+)"/g)].map(
          ([, name]) => name,
        );
        expect(stages).toEqual(['LIMIT', 'FETCH', 'IXSCAN']);
        expect(JSON.stringify(queryPlanner.winningPlan)).toContain('"indexName":"by_customer_');
      }
    });
  });
});

describe('what a shopper’s list leaves out', () => {
  test('makes more reads only where many were merely looked at, and of the same index', async () => {
    const store = await openStore({ file: ':memory:', definitions });
    const collection = store.collection(payments);
    await Promise.all(
      newest.slice(0, 200).map((paid, no) => {
        const { id, createdAt } = paid;
        const lookedAt = { ...payment([attempt(1)], { id, createdAt, status: 'expired' }), ...owners[0] };
        return collection.insert(no % 10 === 0 ? paid : lookedAt);
      }),
    );
    const { page, queries } = await asked(collection);
    expect(page.data).toHaveLength(limit);
    expect(queries.length).toBeGreaterThan(1);
    expect(queries.length).toBeLessThanOrEqual(8);
    for (const query of queries) expect(query).toMatchObject({ index: 'by_customer', equals: { customer: 'ada' } });
    await store.close();
  });
});
