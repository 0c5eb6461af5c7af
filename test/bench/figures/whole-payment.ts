import type { Bench, Engine } from '../bench.js';
import { compare } from '../compare.js';
import { notMeasured, type Row, row } from '../report.js';

/** A session with its attempt, the shopper's consent at the sandbox, and the verify that takes the money. */
export async function wholePayment(bench: Bench, engine: Engine): Promise<Row[]> {
  const name = `whole payment, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const server = await bench.server(engine);
  const floor = await bench.floor(engine);
  try {
    const { ratio, first, second } = await compare(bench, server, floor, { what: 'payment', rounds: 7, seconds: 2 });
    return [
      row(name, ratio, '× floor of the same calls and writes', { atLeast: 0.6 }),
      row(`${name}: server`, first.perSecond, 'payments/s, all parts on this machine'),
      row(`${name}: floor`, second.perSecond, 'payments/s, all parts on this machine'),
      row(`${name}: server, of one core`, first.perCpuSecond, 'payments per second of its CPU'),
      row(`${name}: floor, of one core`, second.perCpuSecond, 'payments per second of its CPU'),
      row(`${name}: durable writes`, bench.samples.payment.length, 'writes until the shopper has the answer'),
      row(`${name}: durable writes to tell of it`, bench.samples.telling.length, 'writes after that'),
    ];
  } finally {
    await Promise.all([server.stop(), floor.stop()]);
  }
}
