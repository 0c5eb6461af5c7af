import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../demo/sandbox/sandbox.js';
import { definitions } from '../../../server/app.js';
import { openStore } from '../../../server/store/open.js';
import { allPayments, brokenInvariants, disagreements } from '../../support/books.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { blog, cronSecret } from '../../support/world.js';
import { comeBack, type Drilled, drill } from './drill.js';
import { seeded } from './random.js';
import { runDry } from './run-dry.js';
import type { LogLine } from './server-process.js';

const payments = 200;
/** `KILL_SEED=7` makes the choices of that run again; the moments depend on the machine. */
const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));

let folder: string;
let sandbox: Sandbox;
let sandboxAt: { url: string; close(): Promise<void> };
let log: LogLine[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pay-checkout-kill-'));
  sandbox = createSandbox({ latencyMs: 25 });
  sandboxAt = await sandbox.listen(0);
  log = [];
});

afterEach(async () => {
  await sandboxAt.close();
  await rm(folder, { recursive: true, force: true });
});

async function environment(store: Record<string, string>): Promise<Record<string, string>> {
  const catalogue = join(folder, 'catalogue.json');
  const coffee = { id: 'coffee', name: { ko: '드립백 커피', en: 'Coffee' }, price: 4_500, currency: 'KRW' };
  await writeFile(catalogue, JSON.stringify([{ ...coffee, maxQuantity: 10 }]));
  return {
    PUBLIC_URL: 'http://127.0.0.1:4001',
    APP_SECRET: 'an-app-secret-of-at-least-32-bytes-0001',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    CRON_SECRET: cronSecret,
    MERCHANT_ID: 'blog',
    MERCHANT_NAME: '브런치 블로그',
    PUBLISHABLE_KEY: blog.publishableKey,
    SECRET_KEY: blog.secretKey,
    ORIGINS: blog.origin,
    TOSS_CLIENT_KEY: 'test_ck_blog',
    TOSS_SECRET_KEY: 'test_sk_blog',
    TOSS_API_BASE: `${sandboxAt.url}/toss`,
    CATALOGUE_FILE: catalogue,
    RATE_LIMIT_PER_ADDRESS: '0',
    RATE_LIMIT_PER_KEY: '0',
    RATE_LIMIT_PER_SESSION: '0',
    ...store,
  };
}

const paidFor = ({ status }: { status: string }) => status === 'paid';

async function killThenCompare(servers: number, store: Record<string, string>): Promise<void> {
  const env = await environment(store);
  const onLog = (line: LogLine) => void log.push(line);
  const drilled = await drill({ seed, servers, payments, env, sandbox, sandboxUrl: sandboxAt.url, onLog });
  const leftOpen = await stored(env);
  const unfinished = leftOpen.filter((payment) => payment.attempts.some(({ state }) => state === 'confirming')).length;
  await runDry({
    env,
    sandbox,
    onLog,
    meanwhile: (url) => comeBack(drilled.visits, { url }, seeded(seed)),
  });
  await compare(env, drilled, unfinished);
}

async function stored(env: Record<string, string>) {
  const { MONGODB_URI: mongodbUri, STORE_FILE: file = '' } = env;
  const store = await openStore({ mongodbUri, file, definitions });
  try {
    return await allPayments({ store }, ['blog']);
  } finally {
    await store.close();
  }
}

/** Of the documents that are left, when all is done. */
async function broken(env: Record<string, string>) {
  const { MONGODB_URI: mongodbUri, STORE_FILE: file = '' } = env;
  const store = await openStore({ mongodbUri, file, definitions });
  try {
    return await brokenInvariants({ store }, sandbox.clock.now(), ['blog']);
  } finally {
    await store.close();
  }
}

async function compare(env: Record<string, string>, { visits, kills, lost }: Drilled, unfinished: number) {
  const all = await stored(env);
  const count = (status: string) => all.filter((payment) => payment.status === status).length;
  const about = `KILL_SEED=${seed}: ${kills} kills, ${lost} answers lost, ${unfinished} left confirming, ${count('paid')} paid`;
  console.log(about);

  // It was a drill: servers died with money calls under way.
  expect(kills, about).toBeGreaterThan(5);
  expect(lost, about).toBeGreaterThan(0);
  expect(count('paid'), about).toBeGreaterThan(payments / 2);

  // Nothing that was answered is lost, and no repeat of a lost request made a second session.
  expect(all.map(({ id }) => id).sort(), about).toEqual(visits.map(({ payment }) => payment).sort());
  expect(disagreements(all, sandbox.bank.books()), about).toEqual([]);
  expect(await broken(env), about).toEqual([]);
  const ended = ['paid', 'canceled', 'expired'];
  expect(all.filter(({ status }) => !ended.includes(status)).map(told), about).toEqual([]);
  const lies = visits.filter(
    ({ sawPaid, payment }) => sawPaid && !all.some((one) => one.id === payment && paidFor(one)),
  );
  expect(lies, `${about}: was told "paid"`).toEqual([]);
}

const told = ({ id, status, attempts, dueAt }: Awaited<ReturnType<typeof stored>>[number]) => ({
  id,
  status,
  dueAt,
  attempts: attempts.map(({ state }) => state),
});

describe('a server killed again and again while shoppers pay', () => {
  it('loses, doubles and invents no money: one server on its file', { timeout: 180_000 }, () =>
    killThenCompare(1, { STORE_FILE: join(folder, 'store.db') }),
  );
});

describe.skipIf((await mongoUri()) === undefined)('two servers on one database, killed again and again', () => {
  it('lose, double and invent no money', { timeout: 180_000 }, async () =>
    killThenCompare(2, { MONGODB_URI: await freshDatabase('kill') }),
  );
});
