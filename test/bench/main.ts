import process from 'node:process';
import { type Bench, openBench } from './bench.js';
import { createSession } from './figures/create-session.js';
import { million } from './figures/million.js';
import { publishFeed } from './figures/publish-feed.js';
import { readFeed } from './figures/read-feed.js';
import { startAndMemory } from './figures/start-and-memory.js';
import { verifyTime } from './figures/verify-time.js';
import { webhookOutage } from './figures/webhook-outage.js';
import { wholePayment } from './figures/whole-payment.js';
import { wholePortOne } from './figures/whole-portone.js';
import { type Row, table } from './report.js';

type Figure = readonly [name: string, measure: (bench: Bench) => Promise<Row[]>];

const figures: readonly Figure[] = [
  ['start', startAndMemory],
  ['session', (bench) => createSession(bench, 'embedded')],
  ['session', (bench) => createSession(bench, 'Mongo')],
  ['payment', (bench) => wholePayment(bench, 'embedded')],
  ['payment', (bench) => wholePayment(bench, 'Mongo')],
  ['v2', (bench) => wholePortOne(bench, 'embedded', 'portone-v2')],
  ['v2', (bench) => wholePortOne(bench, 'Mongo', 'portone-v2')],
  ['v1', (bench) => wholePortOne(bench, 'embedded', 'portone-v1')],
  ['v1', (bench) => wholePortOne(bench, 'Mongo', 'portone-v1')],
  ['verify', (bench) => verifyTime(bench, 'embedded')],
  ['verify', (bench) => verifyTime(bench, 'Mongo')],
  ['outage', (bench) => webhookOutage(bench, 'embedded')],
  ['outage', (bench) => webhookOutage(bench, 'Mongo')],
  ['feed', (bench) => readFeed(bench, 'embedded')],
  ['feed', (bench) => readFeed(bench, 'Mongo')],
  ['publish', publishFeed],
];

const args = process.argv.slice(2);
const json = args.includes('--json');
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const chosen = [...figures, ...(args.includes('--million') ? [['million', million] as const] : [])].filter(
  ([name]) => only === undefined || name === only,
);

const progress = (text: string) => void process.stderr.write(`${text}\n`);
const rows: Row[] = [];
const bench = await openBench(progress);
try {
  for (const [name, measure] of chosen) {
    const measured = await measure(bench);
    rows.push(...measured);
    progress(`${name} done`);
  }
} finally {
  await bench.close();
}
process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : `\n${table(rows)}\n`);
