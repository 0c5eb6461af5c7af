import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import { aim } from './aim.js';
import type { Backend } from './backend.js';
import { type Browser, createBrowser } from './browser.js';
import { type ItemShopOptions, startItemShop } from './item-shop.js';
import type { Started } from './process.js';
import { type Random, seeded } from './random.js';
import { type Seat, takeSeat } from './seat.js';
import { type LogLine, startServer } from './server-process.js';
import { type Visit, visit } from './shoppers.js';
import { shops } from './shops.js';
import { stir } from './weather.js';

export interface DrillOptions {
  readonly seed: number;
  /** How many servers work at once, on one store. */
  readonly servers: number;
  /** At least. */
  readonly payments: number;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly sandboxUrl: string;
  /** Where servers are found; filled here. */
  readonly living: Pick<Seat, 'url'>[];
  readonly backend: Backend;
  /** Of the item shop's backend as many as there are servers, all on one file. */
  readonly itemShop: ItemShopOptions;
  readonly onLog: (line: LogLine) => void;
}

export interface Drilled {
  readonly visits: readonly Visit[];
  readonly kills: number;
  /** Of the item shop's backend. */
  readonly shopKills: number;
  /** Requests whose answer was lost with the server that had them. */
  readonly lost: number;
}

/** On a busy machine lives are long: then shoppers come until so many have ended. */
const leastKills = 9;
const leastShopKills = 6;

/** Enough that money is always under way, few enough that the drill lasts for many a kill. */
const shoppersAtOnce = (servers: number) => 4 + 6 * servers;

/**
 * Shoppers pay and merchants give back while servers and the item shop's backend are killed, the providers misbehave and the merchants' other
 * servers are down at times. When it returns, the last of them has been killed too.
 */
export async function drill(options: DrillOptions): Promise<Drilled> {
  const { seed, servers, payments, env, sandbox, sandboxUrl, living, backend, itemShop, onLog } = options;
  const random = seeded(seed);
  const seatsOf = (start: () => Started, lives: number) =>
    Array.from({ length: servers }, () => takeSeat({ start, random: random.fork(), lives }));
  const seats = seatsOf(() => startServer({ env, onLog }), servers);
  // Each start takes the machine's time from the servers.
  const shopSeats = seatsOf(() => startItemShop(itemShop), 2);
  living.splice(0, living.length, ...seats);
  const calm = new AbortController();
  const weather = Promise.all([
    stir(sandbox.faults, random.fork(), calm.signal),
    aim(sandbox.faults, seats, random.fork(), calm.signal),
  ]);
  const browsers: Browser[] = [];
  const visits: Visit[] = [];
  const killsOf = (those: readonly Seat[]) => those.reduce((sum, seat) => sum + seat.kills, 0);
  const isOver = () =>
    killsOf(seats) >= leastKills && killsOf(shopSeats) >= leastShopKills
      ? visits.length >= payments
      : visits.length >= 3 * payments;

  const shopper = async (mine: Random) => {
    while (!isOver()) {
      const browser = createBrowser(living, mine);
      browsers.push(browser);
      visits.push(await visit({ browser, random: mine.fork(), sandbox, sandboxUrl, shop: mine.pick(shops) }));
    }
  };
  try {
    await allOf(Array.from({ length: shoppersAtOnce(servers) }, () => shopper(random.fork())));
  } finally {
    calm.abort();
    await weather;
    backend.calm();
    await allOf([...seats, ...shopSeats].map((seat) => seat.end()));
  }
  const lost = browsers.reduce((sum, browser) => sum + browser.lost, 0);
  return { visits, kills: killsOf(seats), shopKills: killsOf(shopSeats), lost };
}

/** Some of them open their page again. */
export async function comeBack(visits: readonly Visit[], seat: Pick<Seat, 'url'>, random: Random): Promise<void> {
  const browser = createBrowser([seat], random);
  await allOf(
    visits
      .filter(() => random.chance(0.3))
      .map(async (one) => {
        await sleep(random.between(0, 300));
        await one.comeBack(browser);
      }),
  );
}

/** Waits for all, also after one failed, so that nothing goes on behind a failed test. */
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason;
}
