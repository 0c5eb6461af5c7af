import type { Bench, Contender } from './bench.js';
import type { Flood, Flooded } from './load/load-process.js';
import { median } from './numbers.js';
import { cpuSeconds } from './proc.js';

export interface Rate {
  readonly perSecond: number;
  /** How many one core carries: by the CPU time of this process alone. */
  readonly perCpuSecond: number;
}

export interface Compared {
  /** The first's rate over the second's, the median of all rounds. */
  readonly ratio: number;
  readonly first: Rate;
  readonly second: Rate;
  /** How many each did in each of its turns, the warm-up first. */
  readonly counts: ReadonlyMap<Contender, readonly number[]>;
}

export interface CompareOptions {
  readonly what: Flood['what'];
  readonly rounds: number;
  readonly seconds: number;
  /** Before a contender's turn. */
  readonly begin?: (contender: Contender) => Promise<unknown>;
  /** After it: resolves when the contender has nothing left to do. Its CPU counts, its time does not. */
  readonly end?: (contender: Contender) => Promise<unknown>;
}

const warmUpSeconds = 2;

/**
 * Two contenders under the same load in turns, the first to begin changing every round: what the machine does meanwhile hits both, and
 * the median drops the rounds where it did not.
 */
export async function compare(
  bench: Bench,
  first: Contender,
  second: Contender,
  { what, rounds, seconds, begin, end }: CompareOptions,
): Promise<Compared> {
  const counts = new Map<Contender, number[]>([
    [first, []],
    [second, []],
  ]);
  const flood = async (contender: Contender, duration: number): Promise<Rate> => {
    await begin?.(contender);
    const before = await cpuSeconds(contender.pid);
    const { url } = contender;
    const flooded = await bench.load.ask<Flooded>('flood', {
      what,
      url,
      sandboxUrl: bench.sandboxUrl,
      seconds: duration,
    });
    counts.get(contender)?.push(flooded.count);
    await end?.(contender);
    const used = (await cpuSeconds(contender.pid)) - before;
    await bench.sandbox.ask('reset');
    return { perSecond: flooded.perSecond, perCpuSecond: flooded.count / used };
  };
  for (const contender of [first, second]) await flood(contender, warmUpSeconds);

  const ours: Rate[] = [];
  const others: Rate[] = [];
  for (let round = 0; round < rounds; round++) {
    const turns = [
      async () => ours.push(await flood(first, seconds)),
      async () => others.push(await flood(second, seconds)),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return {
    ratio: median(ours.map((rate, round) => rate.perSecond / (others[round] as Rate).perSecond)),
    first: medianRate(ours),
    second: medianRate(others),
    counts,
  };
}

const medianRate = (rates: readonly Rate[]): Rate => ({
  perSecond: median(rates.map((rate) => rate.perSecond)),
  perCpuSecond: median(rates.map((rate) => rate.perCpuSecond)),
});
