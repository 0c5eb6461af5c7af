import type { Collection, Store } from '../../server/store/store.js';
import { openSession } from '../support/shopper.js';
import { createWorld, type World } from '../support/world.js';

/** What the server really writes and answers: the floor writes and answers the same. */
export interface Samples {
  /** A session without `prepare`. */
  readonly created: Sample;
  /** The writes of one whole payment, in order: prepared, money asked for, paid. */
  readonly payment: readonly object[];
  /** The writes that tell the merchant of it afterwards, in order: lease, claim, event, and the payment at rest. */
  readonly telling: readonly Written[];
  readonly opened: object;
  readonly paid: object;
}

export interface Written {
  readonly collection: string;
  readonly id: string;
  readonly document: object;
}

export interface Sample {
  readonly document: object;
  readonly answer: object;
}

/** Makes one payment on the server in this process, and keeps every document that it wrote. */
export async function takeSamples(): Promise<Samples> {
  const written: Written[] = [];
  const world = await createWorld({ wrapStore: (store) => recording(store, written) });
  try {
    await settled(world, written);
    const bare = await openSession(world, { prepare: undefined });
    const created = { document: written.splice(0)[0]?.document ?? {}, answer: bare.session };
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    const verified = await shopper.verify({ paymentKey: agreed.paymentKey, orderId: agreed.orderId });
    const payment = written.splice(0).map(({ document }) => document);
    await world.runDry();
    return { created, payment, telling: written, opened: shopper.session, paid: verified.body };
  } finally {
    await world.close();
  }
}

/** What a server does once a day, whatever is paid, is no part of a payment. */
export async function settled(world: World, written: Written[]): Promise<void> {
  await world.runDry();
  written.length = 0;
}

/** A store that notes each write, in order. */
export function recording(store: Store, written: Written[]): Store {
  const wrap = (collection: string, real: Collection<any, any>): Collection<any, any> => ({
    ...real,
    get: (id) => real.get(id),
    find: (query) => real.find(query),
    remove: (id, rev) => real.remove(id, rev),
    insert: (doc) => {
      written.push({ collection, id: doc.id, document: bodyOf(doc) });
      return real.insert(doc);
    },
    replace: (doc) => {
      written.push({ collection, id: doc.id, document: bodyOf(doc) });
      return real.replace(doc);
    },
  });
  return {
    engine: store.engine,
    ping: () => store.ping(),
    close: () => store.close(),
    collection: (definition) => wrap(definition.name, store.collection(definition)) as never,
  };
}

/** Without what an engine keeps beside the document. */
function bodyOf({ id: _id, rev: _rev, v: _v, ...body }: Record<string, unknown>): object {
  return body;
}
