import { randomInt } from 'node:crypto';
import { SignJWT } from 'jose';
import Database from 'libsql';
import type { MyPayments } from '../../../contract/index.js';
import { definitions } from '../../../server/app.js';
import { day } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import { openStore } from '../../../server/store/open.js';
import type { Bench } from '../bench.js';
import { compare } from '../compare.js';
import type { Flooded } from '../load/load-process.js';
import { median } from '../numbers.js';
import { type Row, row } from '../report.js';
import { shop } from '../settings.js';

const payments = 1_000_000;
const perTransaction = 20_000;
/** One shopper has 10,000 of them; each of the others about a hundred. */
const everyOfMany = 100;
const many = 'customer-many';

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
      ...(await firstPage(bench, full.url)),
    ];
  } finally {
    await Promise.all([empty.stop(), full.stop()]);
  }
}

/** What `<pay-history>` asks at first, of the shopper with 10,000 payments, against one of a hundred, and against one payment by its id. */
async function firstPage(bench: Bench, url: string): Promise<Row[]> {
  const path = '/api/v1/me/payments?begun=true&limit=10';
  const [ofMany, ofFew] = [await tokenOf(many), await tokenOf('customer-1')];
  const [one] = ((await read(url, path, ofMany)) as MyPayments).data;
  const asked = {
    many: { path, token: ofMany },
    few: { path, token: ofFew },
    get: { path: `/api/v1/payments/${one?.id}`, token: shop.secretKey },
  };
  const rates = { many: [] as number[], few: [] as number[], get: [] as number[] };
  const kinds = ['many', 'few', 'get'] as const;
  for (let round = 0; round <= rounds; round++)
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const flooded = await bench.load.ask<Flooded>('floodReads', { url, seconds: 1, ...asked[kind] });
      // The first one warms up.
      if (round > 0) rates[kind].push(flooded.perSecond);
    }
  const against = (kind: 'few' | 'get') => median(rates.many.map((rate, round) => (rates[kind][round] ?? 0) / rate));
  return [
    row('first page of a shopper with 10,000 of 1 M', against('few'), '× of one with 100 of 1 M', { atMost: 1.2 }),
    row('… in reads of one payment by its id', against('get'), '× a get'),
    row('… pages', median(rates.many), 'pages/s, all parts on this machine'),
  ];
}

const rounds = 5;

const tokenOf = (sub: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(shop.publishableKey)
    .setAudience('pay-checkout')
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime('30m')
    .sign(new TextEncoder().encode(shop.shopperSecret));

async function read(url: string, path: string, token: string): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
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
      const customer = one % everyOfMany === 0 ? many : `customer-${randomInt(10_000)}`;
      const body = { ...paid, createdAt, customer };
      insert.run([`pay_${systemIds({ now: () => createdAt }).ulid()}`, JSON.stringify(body)]);
    }
    database.exec('COMMIT');
  }
  database.close();
}
