import { randomInt } from 'node:crypto';
import Database from 'libsql';
import { definitions } from '../../../server/app.js';
import { day } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import { openStore } from '../../../server/store/open.js';
import type { Bench } from '../bench.js';
import { compare } from '../compare.js';
import { type Row, row } from '../report.js';

const payments = 1_000_000;
const perTransaction = 20_000;

/** A payment with a million others in the store, against an empty store. */
export async function million(bench: Bench): Promise<Row[]> {
  const file = bench.file('million.db');
  await fill(bench, file);
  const empty = await bench.server('embedded');
  const full = await bench.server('embedded', { store: { STORE_FILE: file } });
  try {
    const { ratio, first, second } = await compare(bench, empty, full, { what: 'payment', rounds: 9, seconds: 2 });
    return [
      row('cost of a payment with 1 M in the store, embedded', ratio, '× in an empty store', { atMost: 1.2 }),
      row('payments with an empty store', first.perSecond, 'payments/s, all parts on this machine'),
      row('payments with 1 M in the store', second.perSecond, 'payments/s, all parts on this machine'),
    ];
  } finally {
    await Promise.all([empty.stop(), full.stop()]);
  }
}

/** A year of finished payments of ten thousand customers, as the server would have written them, past the server for speed. */
async function fill(bench: Bench, file: string): Promise<void> {
  await (await openStore({ file, definitions })).close();
  const paid = bench.samples.telling.at(-1)?.document;
  const database = new Database(file);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const insert = database.prepare('INSERT INTO payments (id, rev, v, body) VALUES (?, 3, 1, ?)');
  const from = Date.now() - 365 * day;
  for (let made = 0; made < payments; made += perTransaction) {
    if (made % 100_000 === 0) bench.progress(`filling the store: ${made} payments`);
    database.exec('BEGIN');
    for (let one = made; one < made + perTransaction; one++) {
      const createdAt = from + Math.floor((one / payments) * 365 * day);
      const body = { ...paid, createdAt, customer: `customer-${randomInt(10_000)}` };
      insert.run([`pay_${systemIds({ now: () => createdAt }).ulid()}`, JSON.stringify(body)]);
    }
    database.exec('COMMIT');
  }
  database.close();
}
