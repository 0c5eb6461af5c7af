import { type Clock, type Instant, second } from '../ops/clock.js';
import type { Settled } from './settle.js';

interface Of {
  readonly merchant: string;
  readonly provider: string;
}

/** Which providers are out of reach at the moment, as this server has just seen it. */
export interface Outages {
  isOut(of: Of): boolean;
  note(of: Of, settled: Settled | undefined): void;
}

/** How long one unanswered lookup speaks for all: hundreds that each wait out their own time-out would hold up everybody else's. */
const outMs = 5 * second;

export function createOutages(clock: Clock): Outages {
  const until = new Map<string, Instant>();
  const key = ({ merchant, provider }: Of) => `${merchant} ${provider}`;
  return {
    isOut: (of) => clock.now() < (until.get(key(of)) ?? 0),
    note(of, settled) {
      if (settled?.lookup === undefined) until.delete(key(of));
      // A refusal of our keys comes at once, and is about one channel only.
      else if (settled.lookup === 'unanswered' && settled.outcome !== 'misconfigured')
        until.set(key(of), clock.now() + outMs);
    },
  };
}
