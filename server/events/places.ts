import { type Clock, type Instant, minute } from '../ops/clock.js';

/**
 * What this process has seen of a merchant's feed lately, so that its own publishers need not ask the store, nor race each other for one
 * place. Only what does not change is remembered: that a place is taken, and by which key. It may lag behind; the walk then goes on in the store.
 */
export interface Places {
  /** The highest place known to be taken; undefined: ask. */
  last(merchant: string): number | undefined;
  isTaken(merchant: string, seq: number): boolean;
  /** The known events from `seq` on, as far as they follow each other. */
  run(merchant: string, seq: number): readonly Place[];
  took(merchant: string, places: readonly Place[]): void;
  /** Counts as taken from now on. What it rests on fails with it: then all that is known of the merchant is forgotten. */
  taking(merchant: string, place: Place, inserted: Promise<{ readonly ok: boolean }>): void;
  /** Whether the place is taken for certain, once that is known. */
  certain(merchant: string, seq: number): Promise<boolean>;
  /** One at a time for each merchant. */
  turn<T>(merchant: string, work: () => Promise<T>): Promise<T>;
}

export interface Place {
  readonly seq: number;
  readonly key: string;
}

interface Known {
  readonly keys: Map<number, string>;
  readonly underWay: Map<number, Promise<boolean>>;
  last: number;
  /** Old knowledge is thrown away: long after, places are free again that nobody reads any more. */
  since: Instant;
}

const keptMs = 1 * minute;
const maxKept = 1_000;

export function createPlaces(clock: Clock): Places {
  const merchants = new Map<string, Known>();
  const turns = new Map<string, Promise<unknown>>();

  const knownOf = (merchant: string): Known | undefined => {
    const known = merchants.get(merchant);
    if (!known) return undefined;
    if (Math.abs(clock.now() - known.since) <= keptMs && known.keys.size <= maxKept) return known;
    merchants.delete(merchant);
    return undefined;
  };

  const took = (merchant: string, places: readonly Place[]) => {
    if (places.length === 0) return;
    const known = knownOf(merchant) ?? { keys: new Map(), underWay: new Map(), last: 0, since: clock.now() };
    merchants.set(merchant, known);
    for (const { seq, key } of places) {
      known.keys.set(seq, key);
      known.last = Math.max(known.last, seq);
    }
  };

  return {
    last: (merchant) => knownOf(merchant)?.last,
    isTaken: (merchant, seq) => knownOf(merchant)?.keys.has(seq) ?? false,
    run(merchant, seq) {
      const keys = knownOf(merchant)?.keys;
      const run: Place[] = [];
      for (let at = seq; ; at++) {
        const key = keys?.get(at);
        if (key === undefined) return run;
        run.push({ seq: at, key });
      }
    },
    took,
    taking(merchant, place, inserted) {
      took(merchant, [place]);
      const { underWay } = merchants.get(merchant) as Known;
      const done = inserted.then(
        ({ ok }) => ok,
        () => false,
      );
      underWay.set(place.seq, done);
      void done.then((ok) => (ok ? underWay.delete(place.seq) : merchants.delete(merchant)));
    },
    certain: async (merchant, seq) => (await knownOf(merchant)?.underWay.get(seq)) ?? true,
    turn(merchant, work) {
      const before = turns.get(merchant) ?? Promise.resolve();
      const mine = before.then(work, work);
      turns.set(merchant, mine);
      const end = () => {
        if (turns.get(merchant) === mine) turns.delete(merchant);
      };
      mine.then(end, end);
      return mine;
    },
  };
}
