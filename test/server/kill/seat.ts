import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from './process.js';
import type { Random } from './random.js';

/** A place for a server, or for a shop's backend: whoever sits there is killed before long, and another one takes over at once. */
export interface Seat {
  /** Undefined while nobody listens. */
  readonly url: string | undefined;
  readonly kills: number;
  /** Whoever sits there dies now; nothing where nobody does. */
  hurry(): void;
  /** Kills the last one too; throws if one ended by itself meanwhile. */
  end(): Promise<void>;
}

export interface SeatOptions {
  readonly start: () => Started;
  readonly random: Random;
  /** How many times as long as usual each may live: the more seats there are, the longer, so that shoppers get anywhere. */
  readonly lives: number;
}

/** How long a server lives after it listens, and how often one dies before. */
const life = { least: 150, most: 600 };
const diesWhileStarting = 0.1;
/** On a busy machine starts take longer than lives: without more time there, shoppers would get nowhere (ms). */
const usualStart = 600;
const slack = 0.7;

export function takeSeat({ start, random, lives }: SeatOptions): Seat {
  let url: string | undefined;
  let kills = 0;
  const ending = new AbortController();
  let living = new AbortController();
  const pause = (ms: number) => {
    living = new AbortController();
    const signal = AbortSignal.any([ending.signal, living.signal]);
    return sleep(ms, undefined, { signal }).catch(() => undefined);
  };

  const sit = async () => {
    const server = start();
    try {
      if (random.chance(diesWhileStarting)) await pause(random.between(50, 450));
      else {
        const began = performance.now();
        url = await server.ready;
        const took = performance.now() - began;
        await pause(random.between(life.least, life.most * lives) + slack * lives * Math.max(0, took - usualStart));
      }
    } finally {
      url = undefined;
      await server.kill();
      kills++;
    }
  };
  const running = (async () => {
    while (!ending.signal.aborted) await sit();
  })();
  // `end` tells it; until then it is not unhandled.
  running.catch(() => undefined);

  return {
    get url() {
      return url;
    },
    get kills() {
      return kills;
    },
    hurry: () => living.abort(),
    async end() {
      ending.abort();
      await running;
    },
  };
}
