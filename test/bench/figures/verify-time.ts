import type { Bench, Contender, Engine } from '../bench.js';
import { median, quantile } from '../numbers.js';
import { notMeasured, type Row, row } from '../report.js';

const providerMs = 150;
const verifies = 960;
const warmUps = 960;
const batches = 3;

/**
 * What a verify takes beyond the provider: from its arrival in the server's process to its answer, less the time for which the sandbox had
 * this order's calls. So it holds the store, the server's own work and every wait in its event loop, and the network to the provider.
 */
export async function verifyTime(bench: Bench, engine: Engine): Promise<Row[]> {
  const name = `time a verify adds, p99 of 32 callers, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const server = await bench.server(engine, { timed: true });
  const floor = await bench.floor(engine);
  try {
    for (const contender of [server, floor]) await added(bench, contender, warmUps);
    const ours: number[][] = [];
    const bare: number[][] = [];
    for (let batch = 0; batch < batches; batch++) {
      ours.push(await added(bench, server, verifies));
      bare.push(await added(bench, floor, verifies));
    }
    const middle = (all: readonly number[][], q: number) => median(all.map((one) => quantile(one, q)));
    return [
      row(name, middle(ours, 0.99), 'ms', engine === 'embedded' ? { atMost: 10 } : undefined),
      row(`${name}: floor`, middle(bare, 0.99), 'ms'),
      row(`time a verify adds, median, ${engine}`, middle(ours, 0.5), 'ms'),
    ];
  } finally {
    await Promise.all([server.stop(), floor.stop()]);
  }
}

async function added(bench: Bench, contender: Contender, count: number): Promise<number[]> {
  const target = { url: contender.url, sandboxUrl: bench.sandboxUrl };
  await latency(bench, 0);
  await bench.load.ask('agree', { ...target, count });
  await latency(bench, providerMs);
  await bench.sandbox.ask('held');
  await bench.load.ask('verifyAll', target);
  const done = await contender.requestTimes();
  const held = new Map(await bench.sandbox.ask<[string, number][]>('held'));
  await bench.sandbox.ask('reset');
  return done.map(([orderId, ms]) => {
    const provider = held.get(orderId);
    if (provider === undefined) throw new Error(`The sandbox was not asked about ${orderId}`);
    return ms - provider;
  });
}

async function latency({ sandboxUrl }: Bench, ms: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${sandboxUrl}/control/latency`, { method: 'POST', headers, body: JSON.stringify({ ms }) });
}
