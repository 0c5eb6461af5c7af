import { readFileSync } from 'node:fs';
import type { Express, Request } from 'express';
import express from 'express';
import { demoKeys, type MerchantId } from '../config/keys.js';
import { catalogues } from '../config/merchants.js';
import { languageOf } from '../sandbox/html.js';
import { page, type ShopConfig, type View } from './page.js';

/** How a browser reaches the other two. */
export interface ShopPlaces {
  readonly server: string;
  readonly sandbox: string;
}

const files: Readonly<Record<string, string>> = {
  'shop.css': 'css',
  'art.svg': 'svg',
  'api.js': 'js',
  'arrival.js': 'js',
  'catalogue.js': 'js',
  'checkout.js': 'js',
  'dom.js': 'js',
  'format.js': 'js',
  'main.js': 'js',
  'order-view.js': 'js',
  'order.js': 'js',
  'outcome.js': 'js',
  'provider.js': 'js',
  'refund-view.js': 'js',
  'result-view.js': 'js',
  'shelf.js': 'js',
  'texts.js': 'js',
};

/**
 * The sites of the demo's merchants, and a page that pays any session (`/pay`). All static: what is sold and for how much, a page asks
 * the server. Opens nothing by itself.
 */
export function createShop(places: ShopPlaces): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set({
      'content-security-policy': policyOf(places),
      // A return URL holds a token until the page has taken it out.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    next();
  });
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  for (const [name, type] of Object.entries(files)) {
    const folder = type === 'js' ? './browser' : '.';
    const text = readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8');
    app.get(`/assets/${name}`, (_req, res) => void res.type(type).send(text));
  }
  const views: Readonly<Record<string, View>> = {
    '/': 'blog',
    '/items': 'items',
    '/theatre': 'theatre',
    '/pay': 'pay',
  };
  for (const [path, view] of Object.entries(views)) {
    app.get(path, (req, res) => void res.send(page(configOf(view, places, req))));
  }
  return app;
}

function configOf(view: View, places: ShopPlaces, req: Request): ShopConfig {
  const merchant: MerchantId | undefined = view === 'pay' ? undefined : view;
  return {
    view,
    // Korean shops: English is asked for by its link, not guessed from the browser.
    language: req.query.lang === undefined ? 'ko' : languageOf(req),
    server: places.server,
    ...(merchant && {
      publishableKey: demoKeys[merchant].publishable,
      items: catalogues[merchant].map((item) => item.id),
    }),
  };
}

const policyOf = ({ server, sandbox }: ShopPlaces): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${sandbox}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${server} ${sandbox}`,
    `frame-src ${sandbox}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
