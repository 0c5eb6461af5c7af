import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import { hour, minute, second } from '../../../server/ops/clock.js';
import { api, cronSecret } from '../../support/world.js';
import { type LogLine, startServer } from './server-process.js';

/** Moments after the drill: within and beyond every hold, lease, back-off, deadline and last look there is. */
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
] as const;

/** A round works on at most a hundred; far more rounds than that need mean that it does not end. */
const maxRounds = 60;

export interface RunDryOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly onLog: (line: LogLine) => void;
  /** At the first moment, before the due work. */
  readonly meanwhile: (url: string) => Promise<void>;
}

/** At each moment a fresh server, and the provider with it, does all that is due; it is killed and the next moment comes. */
export async function runDry({ env, sandbox, onLog, meanwhile }: RunDryOptions): Promise<void> {
  for (const [index, moment] of moments.entries()) {
    sandbox.clock.advance(moment - (moments[index - 1] ?? 0));
    const server = startServer({ env: { ...env, CLOCK_OFFSET_MS: String(moment) }, onLog });
    try {
      const url = await server.ready;
      if (index === 0) await meanwhile(url);
      await workAll(url);
    } finally {
      await server.kill();
    }
  }
}

async function workAll(url: string): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const { status, body } = await api<{ worked: number }>(url, 'POST', '/jobs/due', { token: cronSecret });
    if (status !== 200) throw new Error(`jobs/due: ${status} ${JSON.stringify(body)}`);
    if (body.worked === 0) return;
  }
  throw new Error('The due work does not run dry');
}
