import { setTimeout as sleep } from 'node:timers/promises';
import type { EventPage } from '../../../contract/index.js';
import type { Bench, Engine } from '../bench.js';
import type { Flooded } from '../load/load-process.js';
import { cpuSeconds } from '../proc.js';
import { notMeasured, type Row, row } from '../report.js';
import { shop } from '../settings.js';

const orders = 2_000;
const patienceMs = 180_000;

/**
 * The provider has charged, its API is out of reach, and its webhooks come in: they are stored and answered. Then the server is killed, and
 * another one works them off once the provider is back.
 */
export async function webhookOutage(bench: Bench, engine: Engine): Promise<Row[]> {
  const name = `webhooks while the provider is down, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const store = bench.place(engine);
  await bench.sandbox.ask('openStore', null);
  const first = await bench.server(engine, { store, through: 'portone-v2' });
  const target = { url: first.url, sandboxUrl: bench.sandboxUrl };
  await bench.load.ask('payUnheard', { ...target, count: orders });
  await bench.sandbox.ask('setDown', true);
  const before = await cpuSeconds(first.pid);
  const sent = await bench.load.ask<Flooded>('sendPaid', target);
  const used = (await cpuSeconds(first.pid)) - before;
  await first.kill();
  await bench.sandbox.ask('setDown', false);
  const second = await bench.server(engine, { store, through: 'portone-v2' });
  try {
    const start = performance.now();
    const told = await paidInFeed(second.url, sent.count);
    const seconds = (performance.now() - start) / 1_000;
    return [
      row(`${name}: stored and answered`, sent.perSecond, 'webhooks/s', { atLeast: 1_000 }),
      row(`${name}: stored and answered, of one core`, sent.count / used, 'webhooks per second of its CPU'),
      row(`${name}: lost, the server killed after the last`, sent.count - told, `of ${sent.count} payments`, {
        atMost: 0,
      }),
      row(`${name}: worked off`, seconds, 's after the provider was back and a server up'),
    ];
  } finally {
    await second.stop();
    await bench.sandbox.ask('reset');
  }
}

/** How many payments the feed tells as paid, once each: waits until it is so many. */
async function paidInFeed(url: string, expected: number): Promise<number> {
  const headers = { authorization: `Bearer ${shop.secretKey}` };
  const paid = new Set<string>();
  const until = performance.now() + patienceMs;
  for (let after = ''; paid.size < expected && performance.now() < until; ) {
    const reply = await fetch(`${url}/api/v1/events?limit=500${after}`, { headers });
    const page = (await reply.json()) as EventPage;
    for (const { type, about } of page.data) if (type === 'payment.paid') paid.add(about.payment ?? '');
    after = `&after=${page.next}`;
    if (page.data.length === 0) await sleep(100);
  }
  return paid.size;
}
