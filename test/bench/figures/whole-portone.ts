import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Contender, Engine } from '../bench.js';
import { compare } from '../compare.js';
import { takePortOneSamples } from '../documents-portone.js';
import { notMeasured, type Row, row } from '../report.js';
import { type PortOne, shop } from '../settings.js';

/**
 * Through PortOne, with the provider's webhooks, the verify, the event and the merchant's webhook: done when the shopper has the receipt
 * and the merchant's backend was told.
 */
export async function wholePortOne(bench: Bench, engine: Engine, through: PortOne): Promise<Row[]> {
  const [version, openAt] = through === 'portone-v1' ? ['V1', 'openAccount'] : ['V2', 'openStore'];
  const name = `whole payment through ${version} with its webhooks, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const backend = await bench.load.ask<string>('backend');
  const server = await bench.server(engine, { through, backend });
  const floor = await bench.floor(engine, { samples: await takePortOneSamples(through), backend });
  const calls = new Map<Contender, number[]>([server, floor].map((one) => [one, []]));
  try {
    const { ratio, first, second, counts } = await compare(bench, server, floor, {
      ...{ what: through, rounds: 7, seconds: 4 },
      async begin({ url }) {
        await bench.sandbox.ask(openAt, `${url}/api/v1/webhooks/${through}/${shop.id}`);
        await bench.sandbox.ask('calls');
      },
      async end(contender) {
        await (contender === floor ? floor.idle() : workedOff(contender.url));
        calls.get(contender)?.push(await bench.sandbox.ask('calls'));
      },
    });
    const each = (contender: Contender) => sum(calls.get(contender)) / sum(counts.get(contender));
    return [
      row(name, ratio, '× floor of the least calls and writes', { atLeast: 0.6 }),
      row(`${name}: server`, first.perSecond, 'payments/s, all parts on this machine'),
      row(`${name}: floor`, second.perSecond, 'payments/s, all parts on this machine'),
      row(`${name}: server, of one core`, first.perCpuSecond, 'payments per second of its CPU'),
      row(`${name}: floor, of one core`, second.perCpuSecond, 'payments per second of its CPU'),
      row(`${name}: server`, each(server), 'calls to the provider a payment'),
      row(`${name}: floor`, each(floor), 'calls to the provider a payment'),
    ];
  } finally {
    await Promise.all([server.stop(), floor.stop()]);
  }
}

const sum = (all: readonly number[] = []): number => all.reduce((total, one) => total + one, 0);

/** Resolves when none of the provider's webhooks waits any more. */
async function workedOff(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${shop.secretKey}` };
  for (;;) {
    const reply = await fetch(`${url}/api/v1/provider-webhooks?state=waiting&limit=1`, { headers });
    const { data } = (await reply.json()) as { data: unknown[] };
    if (data.length === 0) return;
    await sleep(50);
  }
}
