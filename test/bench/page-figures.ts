import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../support/browser.mjs';
import { ShopServer } from '../support/shop-server.js';
import { type Row, row } from './report.js';

// What a page of a shop's has of the tag, in a real browser: the built script from one origin, the page from another, over HTTP.

/** How often a page is loaded to find its long tasks: the best of them is what the script does, and not the machine beside it. */
const loads = 4;
const slowdown = 4;
/** Longer than anything the script would still start by itself. */
const settledMs = 1_500;

/** What the documents give to keep the room before the script is there. */
function reserve(): string {
  const text = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8');
  const [style] = /<style>.*?<\/style>/s.exec(text) ?? [];
  if (!style) throw new Error('docs/embedding.md has no <style>');
  return style;
}

const bare = (server: string) => `<!doctype html><html lang="ko"><meta name="viewport" content="width=device-width">
<title>shop</title>${reserve()}<h1>커피</h1><script async src="${server}/pay-checkout.js"></script>
<pay-checkout merchant="pk_1" product="coffee"></pay-checkout><p id="below">아래에 있는 글</p>`;

/** Toss's script as far as a click needs it. */
const providerScript = `globalThis.opened = 0;
globalThis.TossPayments = () => ({ payment: () => ({ requestPayment: () => { opened += 1; return new Promise(() => {}); } }) });`;

interface Measured {
  requests: number;
  writes: number;
  shift: number;
  inClick: boolean;
  longTasks: number;
}

/** `files`: the built ones, by name. */
export async function pageFigures(files: ReadonlyMap<string, string>): Promise<readonly Row[]> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args, env: env as Record<string, string> });
  const servers: Server[] = [];
  try {
    const place = new Place(files);
    servers.push(place.server, place.site);
    await place.listen();
    const found = await measure(browser, place);
    return [
      row('requests to show it, scripts cached', found.requests, '', { atMost: 1 }),
      row('writes before the shopper means it', found.writes, '', { atMost: 0 }),
      row('layout shift, phone and desk', found.shift, '', { atMost: 0 }),
      row('tasks over 50 ms while loading, CPU four times slower', found.longTasks, '', { atMost: 0 }),
      row('tasks between click and window', found.inClick ? 0 : 1, '', { atMost: 0 }),
    ];
  } finally {
    await browser.close();
    for (const server of servers) server.close();
  }
}

/** The pay-checkout server and the shop's site, as far as a page sees them. */
class Place {
  readonly shop = new ShopServer();
  /** Scripts that were really sent. */
  asked: string[] = [];
  readonly server = createServer((req, res) => void this.#answer(req, res));
  readonly site = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(bare(urlOf(this.server)));
  });
  readonly #files: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  async listen(): Promise<void> {
    for (const each of [this.server, this.site])
      await new Promise<void>((resolve) => void each.listen(0, '127.0.0.1', resolve));
    this.shop.script = `${urlOf(this.server)}/toss.js`;
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? '').slice(1);
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-max-age': '600',
    };
    const script = path === 'toss.js' ? providerScript : this.#files.get(path);
    if (req.method === 'OPTIONS') {
      res.writeHead(204, { ...headers, 'access-control-allow-methods': '*' }).end();
      return;
    }
    this.asked.push(`${req.method} /${path}`);
    if (script !== undefined) {
      const type = 'text/javascript; charset=utf-8';
      res.writeHead(200, { ...headers, 'content-type': type, 'cache-control': 'public, max-age=31536000' }).end(script);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const answer = await this.shop.answer({
      method: req.method ?? 'GET',
      path: `/${path.replace(/^api\/v1\//, '')}`,
      token: req.headers.authorization?.replace('Bearer ', ''),
      body: text ? JSON.parse(text) : undefined,
    });
    if (typeof answer === 'string') return;
    const { status = 200, body } = answer;
    res.writeHead(status, { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' });
    res.end(status === 204 ? undefined : JSON.stringify(body));
  }
}

const urlOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`;

async function measure(browser: Browser, place: Place): Promise<Measured> {
  const desk = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  const [onDesk, onPhone] = [await watched(desk), await watched(phone)];
  await visit(onDesk, place);
  await visit(onPhone, place);
  const shift = (await shiftOf(onDesk)) + (await shiftOf(onPhone));
  // Again, with the scripts in the cache.
  place.asked = [];
  const again = await watched(desk);
  await visit(again, place);
  const requests = place.asked.length;
  const writes = place.shop.sent.filter(({ method }) => method !== 'GET').length;
  const longTasks = await longTasksOf(browser, desk, place);
  return { requests, writes, shift, longTasks, inClick: await opensInClick(again) };
}

/** A page that counts its shifts from the start. */
async function watched(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return page;
}

const stateOf = (page: Page) => page.evaluate("document.querySelector('pay-checkout')?.state");

async function visit(page: Page, { site }: Place): Promise<void> {
  await page.goto(`${urlOf(site)}/`);
  await page.locator('pay-checkout button[type=submit]').waitFor();
  await page.waitForTimeout(settledMs);
  const state = await stateOf(page);
  if (state !== 'form') throw new Error(`the checkout is at ${state}`);
}

const shiftOf = (page: Page) => page.evaluate('seen.shift') as Promise<number>;

interface TraceEvent {
  name: string;
  ts: number;
  /** Microseconds of the thread's own CPU time: what other programs of the machine took is not in it. */
  tdur?: number;
  args?: { data?: { url?: string } };
}

/** Tasks from our script's first line on that would take more than 50 ms on a CPU four times as slow. */
async function longTasksOf(browser: Browser, context: BrowserContext, place: Place): Promise<number> {
  const counts: number[] = [];
  for (let load = 0; load < loads && !counts.includes(0); load += 1) {
    const page = await context.newPage();
    await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
    await visit(page, place);
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    await page.close();
    const first = traceEvents.find(({ args }) => args?.data?.url?.endsWith('/pay-checkout.js'));
    const tasks = traceEvents.filter(({ name, ts }) => name === 'RunTask' && first && ts >= first.ts);
    if (tasks.length === 0) throw new Error('the trace has no task of the page');
    counts.push(tasks.filter(({ tdur = 0 }) => (tdur * slowdown) / 1_000 > 50).length);
  }
  return Math.min(...counts);
}

/** The shopper's pointer comes down, all is fetched; then one click: is the provider called before it is over? */
async function opensInClick(page: Page): Promise<boolean> {
  await page.locator('pay-checkout button[type=submit]').hover();
  await page.waitForFunction('globalThis.TossPayments');
  await page.waitForTimeout(settledMs);
  return (await page.evaluate(`(() => {
    document.querySelector('pay-checkout').shadowRoot.querySelector('button[type=submit]').click();
    return opened === 1;
  })()`)) as boolean;
}
