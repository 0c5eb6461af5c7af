import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventType, EventView } from '../../contract/index.js';
import { openDatabase } from '../../demo/item-shop/database.js';
import { createLedger, type Ledger } from '../../demo/item-shop/grants/ledger.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'item-shop-killed-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const told = (place: number, payment: string, type: EventType, refundedAmount = 0): EventView => ({
  ...{
    id: `evt_items_00000000000${place}`,
    key: `${payment}:${place}:${type}`,
    type,
    createdAt: '2026-03-02T03:00:00.000Z',
  },
  about: { payment, customer: payment === 'a' ? 'sora' : 'haneul' },
  data: {
    lines: [
      { item: 'potion', quantity: 2, price: 2_500 },
      { item: 'shield', quantity: 1, price: 6_000 },
    ],
    ...{ amount: 11_000, refundedAmount },
  },
});
const events = [
  told(1, 'a', 'payment.paid'),
  told(2, 'a', 'payment.partially_refunded', 2_500),
  told(3, 'b', 'payment.paid'),
];

const child = fileURLToPath(new URL('./count-and-die.ts', import.meta.url));

async function countAndDie(file: string, dieAt: number): Promise<{ signal: string | null; calls: number }> {
  const args = ['--import', 'tsx', child, file, String(dieAt), JSON.stringify(events)];
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  process_.stdout.on('data', (text) => {
    output += text;
  });
  const signal = await new Promise<string | null>((done) => process_.once('close', (_code, by) => done(by)));
  return { signal, calls: Number(output) };
}

function opened<T>(file: string, look: (ledger: Ledger) => T): T {
  const database = openDatabase(file);
  try {
    return look(createLedger(database));
  } finally {
    database.close();
  }
}
const after = [
  { customer: 'haneul', item: 'potion', count: 2 },
  { customer: 'haneul', item: 'shield', count: 1 },
  { customer: 'sora', item: 'potion', count: 1 },
  { customer: 'sora', item: 'shield', count: 1 },
];

test('killed before any of its calls: all of a page or nothing, and the next process ends at the same', async () => {
  const whole = await countAndDie(join(directory, 'whole.db'), 0);
  expect(whole.signal).toBeNull();
  expect(whole.calls).toBeGreaterThan(12);
  const stops = Array.from({ length: whole.calls }, (_, index) => index + 1);
  const lane = async () => {
    for (let stop = stops.shift(); stop !== undefined; stop = stops.shift()) {
      const file = join(directory, `${stop}.db`);
      expect((await countAndDie(file, stop)).signal, `stop ${stop}`).toBe('SIGKILL');
      opened(file, (ledger) => {
        expect([ledger.all(), ledger.cursor()], `stop ${stop}`).toEqual([[], undefined]);
        ledger.count({ from: undefined, events, next: 'c1' });
      });
      expect(
        opened(file, (ledger) => [ledger.all(), ledger.cursor()]),
        `stop ${stop}`,
      ).toEqual([after, 'c1']);
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}, 180_000);

test('two processes with the same page at the same moment: counted once', async () => {
  const file = join(directory, 'two.db');
  const both = await Promise.all([countAndDie(file, 0), countAndDie(file, 0), countAndDie(file, 0)]);
  expect(both.map(({ signal }) => signal)).toEqual([null, null, null]);
  expect(opened(file, (ledger) => [ledger.all(), ledger.cursor()])).toEqual([after, 'c1']);
}, 60_000);
