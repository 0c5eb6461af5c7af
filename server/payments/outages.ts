import { type Clock, type Instant, second } from '../ops/clock.js';
import type { CancelOutcome } from '../providers/provider.js';
import type { Settled } from './settle.js';

interface Of {
  readonly merchant: string;
  readonly provider: string;
}

/** Which providers are out of reach at the moment, as this server has just seen it. */
export interface Outages {
  isOut(of: Of): boolean;
  note(of: Of, settled: Settled | undefined): void;
  /** No money call is to be made for now: out of reach, or one that may wait a minute for its answer is finding out. */
  isMute(of: Of): boolean;
  /** Makes a money call. After one that got no answer the next are made one at a time, until one gets an answer. */
  calling(of: Of, call: () => Promise<CancelOutcome>): Promise<CancelOutcome>;
}

/** How long one unanswered lookup speaks for all: hundreds that each wait out their own time-out would hold up everybody else's. */
const outMs = 5 * second;

export function createOutages(clock: Clock): Outages {
  const until = new Map<string, Instant>();
  const muteUntil = new Map<string, Instant>();
  const findingOut = new Set<string>();
  const key = ({ merchant, provider }: Of) => `${merchant} ${provider}`;
  const isOut = (of: Of) => clock.now() < (until.get(key(of)) ?? 0);
  return {
    isOut,
    note(of, settled) {
      if (settled?.lookup === undefined) until.delete(key(of));
      // A refusal of our keys comes at once, and is about one channel only.
      else if (settled.lookup === 'unanswered' && settled.outcome !== 'misconfigured')
        until.set(key(of), clock.now() + outMs);
    },
    isMute: (of) => isOut(of) || findingOut.has(key(of)) || clock.now() < (muteUntil.get(key(of)) ?? 0),
    async calling(of, call) {
      const finds = muteUntil.has(key(of)) && !findingOut.has(key(of));
      if (finds) findingOut.add(key(of));
      try {
        const outcome = await call();
        const isMute = outcome.outcome === 'unknown' && outcome.why === 'no_reply';
        if (isMute) muteUntil.set(key(of), clock.now() + outMs);
        else muteUntil.delete(key(of));
        return outcome;
      } finally {
        if (finds) findingOut.delete(key(of));
      }
    },
  };
}
