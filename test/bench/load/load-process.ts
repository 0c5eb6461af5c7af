import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from '../child.js';
import { callers, type PortOne } from '../settings.js';
import { openBackend } from './backend.js';
import { createHttp } from './http.js';
import { type ReadFeed, readFeed } from './read-feed.js';
import { type Agreed, createSession, openAndAgree, payWhole, verify } from './steps.js';
import { openPrepared, payInWindow, payThroughPortOne } from './steps-portone.js';
import { paidWebhook, type SignedWebhook, sendWebhook } from './webhooks.js';

export interface Target {
  readonly url: string;
  readonly sandboxUrl: string;
}

/** `seconds`: how long new ones are begun; all that was begun is finished and counted. */
export interface Flood extends Target {
  readonly what: 'session' | 'payment' | PortOne;
  readonly seconds: number;
}

export interface Flooded {
  readonly count: number;
  readonly perSecond: number;
}

const http = createHttp(callers);
const backend = await openBackend();
const everyCaller = (work: () => Promise<void>) => Promise.all(Array.from({ length: callers }, work));

async function flood({ what, url, sandboxUrl, seconds }: Flood): Promise<Flooded> {
  const steps = {
    session: () => createSession(http, url),
    payment: () => payWhole(http, url, sandboxUrl),
    'portone-v2': () => payThroughPortOne(http, url, sandboxUrl, backend, 'portone-v2'),
    'portone-v1': () => payThroughPortOne(http, url, sandboxUrl, backend, 'portone-v1'),
  };
  return during(seconds, steps[what]);
}

async function during(seconds: number, once: () => Promise<unknown>): Promise<Flooded> {
  const start = performance.now();
  const until = start + seconds * 1_000;
  let count = 0;
  await everyCaller(async () => {
    while (performance.now() < until) {
      await once();
      count++;
    }
  });
  return { count, perSecond: (count * 1_000) / (performance.now() - start) };
}

export interface FloodReads {
  readonly url: string;
  readonly path: string;
  readonly token: string;
  readonly seconds: number;
}

/** The same question, again and again. */
async function floodReads({ url, path, token, seconds }: FloodReads): Promise<Flooded> {
  const headers = { authorization: `Bearer ${token}` };
  return during(seconds, () => http.get(url, path, headers));
}

let waiting: Agreed[] = [];

async function agree({ url, sandboxUrl, count }: Target & { count: number }): Promise<void> {
  waiting = [];
  await everyCaller(async () => {
    while (waiting.length < count) waiting.push(await openAndAgree(http, url, sandboxUrl));
  });
}

/** Callers come and go at their own times, as shoppers do: in step they would only measure each other. */
async function verifyAll({ url }: Target): Promise<void> {
  await everyCaller(async () => {
    await sleep(Math.random() * 400);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      await verify(http, url, next);
      await sleep(Math.random() * 100);
    }
  });
}

let paid: SignedWebhook[] = [];

/** Payments that PortOne has charged, and of which the server does not know yet. */
async function payUnheard({ url, sandboxUrl, count }: Target & { count: number }): Promise<void> {
  paid = [];
  let begun = 0;
  await everyCaller(async () => {
    while (begun++ < count) {
      paid.push(paidWebhook(await payInWindow(http, sandboxUrl, 'portone-v2', await openPrepared(http, url))));
    }
  });
}

/** Tells of all of them, each once. */
async function sendPaid({ url }: Target): Promise<Flooded> {
  const start = performance.now();
  const count = paid.length;
  await everyCaller(async () => {
    for (let next = paid.pop(); next; next = paid.pop()) await sendWebhook(http, url, next);
  });
  return { count, perSecond: (count * 1_000) / (performance.now() - start) };
}

answerParent({
  payUnheard,
  sendPaid,
  flood,
  floodReads,
  agree,
  verifyAll,
  readFeed: (asked: ReadFeed) => readFeed(http, asked),
  backend: () => backend.url,
});
