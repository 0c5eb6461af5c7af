import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../../../demo/sandbox/faults.js';
import type { Random } from './random.js';
import type { Seat } from './seat.js';

const lookEveryMs = 25;
/** Not each time: refunds have to come to an end. */
const aimed = 0.6;

/**
 * Chance alone seldom kills a server in the moment in which a provider is giving back. The weather makes some cancellations slow; when one of
 * those has begun, the servers die.
 */
export async function aim(faults: Faults, seats: readonly Seat[], random: Random, signal: AbortSignal): Promise<void> {
  let waiting: readonly number[] = [];
  while (!signal.aborted) {
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    const armed = faults.armed().filter(({ on, kind }) => on === 'cancel' && kind === 'slow');
    const now = armed.map(({ id }) => id);
    const begun = waiting.some((id) => !now.includes(id));
    waiting = now;
    if (begun && random.chance(aimed)) for (const seat of seats) seat.hurry();
  }
}
