import { definitions } from '../../../server/app.js';
import { eventId, events, type StoredEvent } from '../../../server/events/event.js';
import { keepEventsMs } from '../../../server/events/feed.js';
import { openStore } from '../../../server/store/open.js';
import type { Bench, Engine, StorePlace } from '../bench.js';
import type { FeedRead } from '../load/read-feed.js';
import { median } from '../numbers.js';
import { notMeasured, type Row, row } from '../report.js';
import { shop } from '../settings.js';

const inFeed = 20_000;
const passes = 5;
/** The API's largest page, and the one that is given if none is asked for. */
const pageSizes = [500, 100] as const;
const writtenAtOnce = 250;

/** A backend that has fallen behind reads the feed from its beginning to its end, over HTTP. */
export async function readFeed(bench: Bench, engine: Engine): Promise<Row[]> {
  const name = `feed: events readable by one consumer, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const place = bench.place(engine);
  await fill(bench, place);
  const server = await bench.server(engine, { store: place });
  try {
    const read = (limit: number) => bench.load.ask<FeedRead>('readFeed', { url: server.url, limit });
    const rates = new Map<number, number[]>(pageSizes.map((size) => [size, []]));
    for (let pass = 0; pass <= passes; pass++) {
      for (const size of pageSizes) {
        const { count, perSecond } = await read(size);
        if (count !== inFeed) throw new Error(`${count} of ${inFeed} events were read`);
        // The first one warms up.
        if (pass > 0) rates.get(size)?.push(perSecond);
      }
    }
    const [large, usual] = pageSizes.map((size) => median(rates.get(size) ?? []));
    return [
      row(name, large ?? 0, 'events/s in pages of 500', { atLeast: 5_000 }),
      row(`${name}, default pages`, usual ?? 0, 'events/s in pages of 100'),
    ];
  } finally {
    await server.stop();
  }
}

/** As the server would have written them: the event of one payment, again and again, past the server for speed. */
async function fill(bench: Bench, { STORE_FILE: file = '', MONGODB_URI: mongodbUri }: StorePlace): Promise<void> {
  bench.progress(`filling the feed: ${inFeed} events`);
  const written = bench.samples.telling.find(({ collection }) => collection === events.name)?.document as StoredEvent;
  // The sample is as old as its clock: it would be removed.
  const sample = { ...written, createdAt: Date.now(), expiresAt: Date.now() + keepEventsMs };
  const store = await openStore({ file, mongodbUri, definitions });
  const collection = store.collection(events);
  for (let seq = 1; seq <= inFeed; seq += writtenAtOnce) {
    const places = Array.from({ length: writtenAtOnce }, (_, next) => seq + next);
    await Promise.all(
      places.map((at) =>
        collection.insert({ ...sample, id: eventId(shop.id, at), seq: at, key: `${sample.key}:${at}` }),
      ),
    );
  }
  await store.close();
}
