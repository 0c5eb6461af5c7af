import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { EventView } from '../../../contract/index.js';
import type { Browser } from './browser.js';
import { giveAccount, type Order, place, plansFor } from './orders.js';
import type { Random } from './random.js';
import { type Shop, shops } from './shops.js';

/** The merchants' own servers: they count what they are told by its key, and give money back. Down at times. */
export interface Backend {
  readonly url: string;
  /** By merchant: what was counted, once for each key. */
  readonly counted: ReadonlyMap<string, ReadonlyMap<string, EventView>>;
  readonly orders: readonly Order[];
  /** What it was sent that it would not believe. */
  readonly refused: readonly string[];
  /** Deliveries of something it had counted already. */
  readonly repeats: number;
  /** From now on it answers everything. */
  calm(): void;
  /** Resolves when it waits for no answer of ours. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface BackendOptions {
  readonly random: Random;
  /** How it asks for refunds. */
  readonly browser: Browser;
}

type Mood = 'well' | 'refuses' | 'hangs_up' | 'hangs_up_after_counting';
const moods: readonly Mood[] = ['well', 'well', 'well', 'refuses', 'hangs_up', 'hangs_up_after_counting'];

export async function openBackend({ random, browser }: BackendOptions): Promise<Backend> {
  const counted = new Map(shops.map(({ id }) => [id, new Map<string, EventView>()]));
  const orders: Order[] = [];
  const refused: string[] = [];
  const working = new Set<Promise<void>>();
  const ending = new AbortController();
  let mood: Mood = 'well';
  let repeats = 0;

  const change = async () => {
    while (!ending.signal.aborted) {
      await sleep(random.between(100, 700), undefined, { signal: ending.signal }).catch(() => undefined);
      mood = ending.signal.aborted ? 'well' : random.pick(moods);
    }
  };
  const changing = change();

  const work = (job: Promise<void>) => {
    working.add(job);
    job.then(
      () => working.delete(job),
      (error: unknown) => {
        working.delete(job);
        refused.push(String(error));
      },
    );
  };

  const count = (shop: Shop, event: EventView) => {
    const mine = counted.get(shop.id) as Map<string, EventView>;
    if (mine.has(event.key)) {
      repeats++;
      return;
    }
    mine.set(event.key, event);
    if (event.type === 'payment.paid') {
      for (const order of plansFor(shop, event, random)) {
        orders.push(order);
        work(place(order, browser, random.fork()));
      }
    }
    if (event.type === 'refund.needs_account') work(giveAccount(shop, event, browser, random.fork()));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const now = mood;
    if (now === 'hangs_up') return void request.socket.destroy();
    let body = '';
    for await (const chunk of request) body += chunk;
    if (now === 'refuses') return void response.writeHead(500).end();
    const shop = shops.find(({ id }) => request.url === `/events/${id}`);
    if (!shop) return void response.writeHead(404).end();
    try {
      count(shop, new Webhook(shop.webhookSecret).verify(body, request.headers as Record<string, string>) as EventView);
    } catch (error) {
      refused.push(String(error));
      return void response.writeHead(401).end();
    }
    if (now === 'hangs_up_after_counting') request.socket.destroy();
    else response.writeHead(204).end();
  };

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counted,
    orders,
    refused,
    get repeats() {
      return repeats;
    },
    calm: () => ending.abort(),
    async idle() {
      while (working.size > 0) await Promise.allSettled(working);
    },
    async close() {
      ending.abort();
      await changing;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
