import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import { hour, minute, second } from '../../../server/ops/clock.js';
import { api, cronSecret } from '../../support/world.js';
import type { Backend } from './backend.js';
import type { Seat } from './seat.js';
import { type LogLine, startServer } from './server-process.js';

/** Moments after the drill: within and beyond every hold, lease, back-off, deadline, due date and last look there is. */
const moments = [
  21 * second,
  50 * second,
  2 * minute,
  4 * minute,
  7 * minute,
  15 * minute,
  30 * minute,
  41 * minute,
  75 * minute,
  3 * hour,
  25 * hour,
  26 * hour,
  30 * hour,
  // The accounts' own: a week to pay, an hour of grace, and a look a day later; some were issued late.
  195 * hour,
  222 * hour,
] as const;

/** A round works on at most a hundred of a kind; far more rounds than that need mean that it does not end. */
const maxRounds = 60;
/** A delivery that a round began is on its way for no longer. */
const onItsWayMs = 40;

export interface RunDryOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly backend: Backend;
  /** Where servers are found. */
  readonly living: Pick<Seat, 'url'>[];
  readonly onLog: (line: LogLine) => void;
  /** At the first moment, before the due work. */
  readonly meanwhile: (url: string) => Promise<void>;
  /** At the last moment, after it. */
  readonly atLast: (url: string) => Promise<void>;
}

/** At each moment a fresh server, and everybody with it, does all that is due; it is killed and the next moment comes. */
export async function runDry(options: RunDryOptions): Promise<void> {
  const { env, sandbox, living, onLog, meanwhile, atLast } = options;
  for (const [index, moment] of moments.entries()) {
    sandbox.clock.advance(moment - (moments[index - 1] ?? 0));
    const server = startServer({ env: { ...env, CLOCK_OFFSET_MS: String(moment) }, onLog });
    try {
      const url = await server.ready;
      living.splice(0, living.length, { url });
      if (index === 0) await meanwhile(url);
      await workAll(url, options);
      if (index === moments.length - 1) await atLast(url);
    } finally {
      await server.kill();
    }
  }
}

/** Webhooks of the providers, due work, and what the merchants do about what they hear, until nobody has anything to do. */
async function workAll(url: string, { sandbox, backend }: RunDryOptions): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    sandbox.bank.sweep();
    const sent = await sandbox.webhooks.run();
    const { status, body } = await api<{ worked: number }>(url, 'POST', '/jobs/due', { token: cronSecret });
    if (status !== 200) throw new Error(`jobs/due: ${status} ${JSON.stringify(body)}`);
    const busy = body.worked > 0;
    if (busy) await sleep(onItsWayMs);
    await backend.idle();
    if (sent === 0 && !busy) return;
  }
  throw new Error('The due work does not run dry');
}
