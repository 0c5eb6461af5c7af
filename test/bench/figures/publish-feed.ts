import { eventClaims, eventFloors, events } from '../../../server/events/event.js';
import { eventDefinitions } from '../../../server/events/events.js';
import { createFeed } from '../../../server/events/feed.js';
import { systemClock } from '../../../server/ops/clock.js';
import { openStore } from '../../../server/store/open.js';
import type { Bench } from '../bench.js';
import { type Child, startChild } from '../child.js';
import { brokenPromises, follow } from '../feed/follow.js';
import type { Publishing } from '../feed/publisher-process.js';
import { notMeasured, type Row, row } from '../report.js';
import { shop } from '../settings.js';

const servers = 4;
const payments = 400;
const eventsEach = 3;
const lanes = 8;
/** One payment of so many is published by two servers, as after a lease that ran out under its owner. */
const sharedEvery = 5;

const name = `feed: published by ${servers} servers at once, Mongo`;

/** Processes that all write into the one feed of one merchant, the worst there is, while a reader follows it. */
export async function publishFeed(bench: Bench): Promise<Row[]> {
  if ('missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const { MONGODB_URI: mongodbUri = '' } = bench.place('Mongo');
  const store = await openStore({ mongodbUri, file: '', definitions: eventDefinitions });
  const publishers: Child[] = [];
  try {
    for (let server = 0; server < servers; server++) {
      const publisher = await startChild(new URL('../feed/publisher-process.ts', import.meta.url));
      publishers.push(publisher);
      await publisher.ask('open', mongodbUri);
    }
    const all = Array.from({ length: payments }, (_, no) =>
      Array.from({ length: eventsEach }, (_, event) => `pay_${no}:${event + 1}:payment.paid`),
    );
    const start = performance.now();
    const published = Promise.all(publishers.map((one, server) => one.ask('publish', shareOf(server, all)))).then(
      () => (performance.now() - start) / 1_000,
    );
    const collections = {
      events: store.collection(events),
      claims: store.collection(eventClaims),
      floors: store.collection(eventFloors),
    };
    const met = await follow(createFeed({ ...collections, clock: systemClock }), shop.id, published);
    const broken = brokenPromises(met, all);
    for (const promise of broken.slice(0, 10)) bench.progress(`feed: ${promise}`);
    return [
      row(name, (payments * eventsEach) / (await published), 'events/s into one feed'),
      row(`${name}: gaps, keys lost or told twice, orders changed`, broken.length, 'seen by a reader meanwhile', {
        atMost: 0,
      }),
    ];
  } finally {
    await Promise.all(publishers.map((one) => one.stop()));
    await store.close();
  }
}

function shareOf(server: number, all: Publishing['payments']): Publishing {
  const mine = (no: number) => no % servers === server || (no % sharedEvery === 0 && (no + 1) % servers === server);
  return { payments: all.filter((_, no) => mine(no)), lanes };
}
