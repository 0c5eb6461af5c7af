import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorRequestHandler, Express } from 'express';
import express from 'express';
import { merchantIds } from '../config/keys.js';
import { createBackend } from './backend.js';
import { followFeed } from './orders/feed.js';
import type { Orders } from './orders/orders.js';
import { messagePage } from './pages/result.js';
import { policyOf } from './policy.js';
import { pageRoutes } from './routes.js';
import { type Places, visitOf } from './visit.js';

export interface ShopOptions {
  /** How browsers reach the others. */
  readonly places: Places;
  /** Server and sandbox, on this machine. */
  readonly local: Pick<Places, 'server' | 'sandbox'>;
  readonly orders: Orders;
}

export interface Shop {
  readonly app: Express;
  /** Reads the merchants' feeds until it is stopped. */
  follow(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** The sites of the demo's merchants: pages with the tag, and a backend with orders of its own. Opens nothing by itself. */
export function createShop({ places, local, orders }: ShopOptions): Shop {
  const backend = createBackend(local.server);
  const stopping = new AbortController();
  let following: Promise<unknown> = Promise.resolve();
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set({
      // The item shop's wares, too, where they are tried out.
      'content-security-policy': policyOf(places, `'self' ${places.items}`),
      // A return URL holds a token until the tag has taken it out.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    next();
  });
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  serveAssets(app);
  app.use(express.urlencoded({ extended: false }), express.json());
  const newNonce = () => randomBytes(16).toString('base64url');
  app.use(
    pageRoutes({ places, control: `${local.sandbox}/control`, backend, orders, newNonce, signal: stopping.signal }),
  );
  app.use((req, res) => {
    const visit = visitOf(req, places);
    res.status(404).send(messagePage(visit, visit.texts.notFound, visit.texts.notFoundNote));
  });
  app.use(unreachable(places));
  return {
    app,
    follow() {
      const { signal } = stopping;
      following = Promise.all(merchantIds.map((site) => followFeed({ site, backend, orders, signal })));
    },
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

/** Read once. The pictures come out of one file, each under an address of its own. */
function serveAssets(app: Express): void {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const css = read('./shop.css');
  app.get('/assets/shop.css', (_req, res) => void res.type('css').send(css));
  for (const name of readdirSync(new URL('./browser', import.meta.url))) {
    const script = read(`./browser/${name}`);
    app.get(`/assets/${name}`, (_req, res) => void res.type('js').send(script));
  }
  for (const [, id = '', box = '', shapes = ''] of read('./art.svg').matchAll(
    /<symbol id="([\w-]+)" viewBox="([\d ]+)">(.*?)<\/symbol>/gs,
  )) {
    // Corners are the page's to round.
    const square = shapes.replace(' rx="16"', '');
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${square}</svg>`;
    app.get(`/assets/art/${id}.svg`, (_req, res) => void res.type('svg').send(picture));
  }
}

/** The pay-checkout server did not answer, or not with what was asked for. Nothing is guessed. */
const unreachable =
  (places: Places): ErrorRequestHandler =>
  (_error, req, res, next) => {
    if (res.headersSent) return next(_error);
    const visit = visitOf(req, places);
    res.status(503).send(messagePage(visit, visit.texts.unreachable, visit.texts.unreachableNote));
  };
