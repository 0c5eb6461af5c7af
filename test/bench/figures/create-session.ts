import type { Bench, Engine } from '../bench.js';
import { compare } from '../compare.js';
import { notMeasured, type Row, row } from '../report.js';

/** Opening a session: one request, one durable write. */
export async function createSession(bench: Bench, engine: Engine): Promise<Row[]> {
  const name = `create a session, ${engine}`;
  if (engine === 'Mongo' && 'missing' in bench.mongo) return [notMeasured(name, bench.mongo.missing)];
  const server = await bench.server(engine);
  const floor = await bench.floor(engine);
  try {
    const compared = await compare(bench, server, floor, { what: 'session', rounds: 9, seconds: 1.5 });
    return [
      row(name, compared.ratio, '× bare Express + zod + insert', { atLeast: 0.7 }),
      row(`${name}: server`, compared.first.perSecond, 'sessions/s'),
      row(`${name}: bare`, compared.second.perSecond, 'sessions/s'),
      row(`${name}: server, of one core`, compared.first.perCpuSecond, 'sessions per second of its CPU'),
      row(`${name}: bare, of one core`, compared.second.perCpuSecond, 'sessions per second of its CPU'),
    ];
  } finally {
    await Promise.all([server.stop(), floor.stop()]);
  }
}
