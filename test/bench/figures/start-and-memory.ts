import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { median } from '../numbers.js';
import { residentMiB } from '../proc.js';
import { type Row, row } from '../report.js';

const starts = 9;
const idleFor = 3_000;

/** The built server on an empty file: how soon it serves, and what it holds when nobody asks. */
export async function startAndMemory(bench: Bench): Promise<Row[]> {
  const times: number[] = [];
  const sizes: number[] = [];
  for (let start = 0; start < starts; start++) {
    const server = await bench.server('embedded');
    times.push(server.startMs / 1_000);
    if (start % 3 === 0) {
      await sleep(idleFor);
      sizes.push(await residentMiB(server.pid));
    }
    await server.stop();
  }
  return [
    row('cold start to the first 200, embedded', median(times), 's', { atMost: 0.4 }),
    row('idle memory, embedded', median(sizes), 'MiB resident', { atMost: 110 }),
  ];
}
