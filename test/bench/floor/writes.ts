import mongoose from 'mongoose';
import { definitions } from '../../../server/app.js';
import { type Payment, payments } from '../../../server/payments/payment.js';
import { openStore } from '../../../server/store/open.js';

/** The same documents, indexes and durability as the server's, straight from the handler. */
export interface Writes {
  /** Into the payments, or another collection of the server's. */
  insert(id: string, document: object, collection?: string): Promise<void>;
  get(id: string): Promise<object | undefined>;
  replace(id: string, rev: number, document: object, collection?: string): Promise<void>;
}

/** A floor that writes less than it says would be no floor. */
function done({ ok }: { ok: boolean }): void {
  if (!ok) fail('a write was not done');
}

function fail(what: string): never {
  throw new Error(`floor: ${what}`);
}

/** The embedded engine itself: no other way to one sync of the disk for many writes at once is at hand. */
export async function embeddedWrites(file: string): Promise<Writes> {
  const store = await openStore({ file, definitions });
  const collection = store.collection(payments);
  const all = new Map(
    definitions.map((definition) => [definition.name, store.collection(definition) as unknown as typeof collection]),
  );
  const named = (name: string = payments.name) => all.get(name) ?? fail(`no collection ${name}`);
  const document = (id: string, rev: number, body: object) => ({ ...body, id, rev, v: payments.version }) as Payment;
  return {
    insert: async (id, body, name) => done(await named(name).insert(document(id, 1, body))),
    get: (id) => collection.get(id),
    replace: async (id, rev, body, name) => done(await named(name).replace(document(id, rev, body))),
  };
}

/** The driver's own collection, majority and journal. */
export async function mongoWrites(uri: string): Promise<Writes> {
  await (await openStore({ mongodbUri: uri, file: '', definitions })).close();
  const connection = await mongoose.createConnection(uri, { autoIndex: false }).asPromise();
  const named = (name: string) => connection.collection<{ _id: string; rev: number; v: number; body: object }>(name);
  const collection = named('payments');
  const durable = { writeConcern: { w: 'majority', j: true } } as const;
  return {
    async insert(id, document, name = 'payments') {
      await named(name).insertOne({ _id: id, rev: 1, v: 1, body: document }, durable);
    },
    async get(id) {
      return (await collection.findOne({ _id: id }, { readConcern: 'majority' }))?.body;
    },
    async replace(id, rev, document, name = 'payments') {
      const next = { rev: rev + 1, v: 1, body: document };
      done({ ok: (await named(name).replaceOne({ _id: id, rev }, next, durable)).matchedCount === 1 });
    },
  };
}
