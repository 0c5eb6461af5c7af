import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import express from 'express';
import { policyOf } from '../shop/policy.js';
import { createSignIns } from './accounts/sign-ins.js';
import type { ShopDatabase } from './database.js';
import { followFeed } from './grants/follow.js';
import { createLedger } from './grants/ledger.js';
import { messagePage } from './layout.js';
import { createPayServer, PayServerError } from './pay-server.js';
import { routesOf } from './routes.js';
import { type Places, visitOf } from './visit.js';

export interface ItemShopOptions {
  /** How browsers reach the others. */
  readonly places: Places;
  /** The pay-checkout server, as this process reaches it. */
  readonly server: string;
  readonly database: ShopDatabase;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** At least 32 bytes; what the server checks this merchant's shopper tokens with. */
  readonly tokenSecret: string;
  /** By the server's clock, in ms. */
  readonly now?: () => number;
  /** Hears of what did not work; it is tried again all the same. */
  readonly report?: (error: unknown) => void;
}

export interface ItemShop {
  readonly app: Express;
  /** Reads the merchant's feed, grants and takes back, until it is stopped. */
  follow(): void;
  /** Resolves when nothing of it runs any more; the database stays open. */
  stop(): Promise<void>;
}

/** The item shop: pages with the tags, and a backend that knows the server by its API alone. Opens nothing by itself. */
export function createItemShop(options: ItemShopOptions): ItemShop {
  const { places, database, secretKey, now = Date.now, report } = options;
  const server = createPayServer({ url: options.server, secretKey });
  const ledger = createLedger(database);
  const signIns = createSignIns(database, now);
  const stopping = new AbortController();
  const { signal } = stopping;
  let following: Promise<unknown> = Promise.resolve();
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set({
      'content-security-policy': policyOf(places),
      // A return URL holds a token until the tag has taken it out; a form still says where it came from.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    next();
  });
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  serveAssets(app);
  app.use(ownFormsOnly, express.urlencoded({ extended: false }));
  app.use(routesOf({ places, keys: options, server, ledger, signIns, now, signal }));
  app.use((req, res) => {
    const visit = visitOf(req, places, signIns.personOf(req));
    res.status(404).send(messagePage(visit, visit.texts.notFound, visit.texts.notFoundNote));
  });
  const unreachable: ErrorRequestHandler = (error, req, res, next) => {
    if (res.headersSent) return next(error);
    report?.(error);
    // Where it is the database that fails, it can't say either who is signed in.
    const visit = visitOf(req, places, error instanceof PayServerError ? signIns.personOf(req) : undefined);
    res.status(503).send(messagePage(visit, visit.texts.unreachable, visit.texts.unreachableNote));
  };
  app.use(unreachable);
  return {
    app,
    follow() {
      following = followFeed({ server, ledger, signal, ...(report && { report }) });
    },
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

/** Another site's form must sign nobody in or out, also where a browser sends the cookie along. */
const ownFormsOnly: RequestHandler = (req, res, next) => {
  const origin = req.get('origin');
  if (req.method === 'GET' || origin === undefined || origin === `${req.protocol}://${req.get('host')}`) next();
  else res.status(403).type('text').send('This form is not from this site.');
};

/** Read once. The pictures come out of one file, each under an address of its own. */
function serveAssets(app: Express): void {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const serve = (path: string, type: string, body: string) =>
    app.get(path, (_req, res) => void res.set('cache-control', 'no-cache').type(type).send(body));
  serve('/assets/item-shop.css', 'css', read('./item-shop.css'));
  for (const name of readdirSync(new URL('./browser', import.meta.url)))
    serve(`/assets/${name}`, 'js', read(`./browser/${name}`));
  for (const [, id = '', box = '', shapes = ''] of read('./art.svg').matchAll(
    /<symbol id="([\w-]+)" viewBox="([\d ]+)">(.*?)<\/symbol>/gs,
  )) {
    // Corners are the page's to round.
    const square = shapes.replace(' rx="16"', '');
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${square}</svg>`;
    serve(`/assets/art/${id}.svg`, 'svg', picture);
  }
}
