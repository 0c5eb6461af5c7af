import { randomInt } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import type { OpenedSession } from '../../contract/index.js';
import type { Backend } from './backend.js';
import type { Order } from './orders/order.js';
import type { Orders } from './orders/orders.js';
import { examplePages, examplesPage } from './pages/examples.js';
import { type ArmedFault, faultsPage } from './pages/faults.js';
import { ordersPage } from './pages/orders.js';
import { payPage } from './pages/pay.js';
import { playgroundPage } from './pages/playground.js';
import { productPage } from './pages/product.js';
import { messagePage, resultPage } from './pages/result.js';
import { shelfPage } from './pages/shelf.js';
import { maxWalkers, orderPage, walkPage, walkPrice, walkSession } from './pages/walk.js';
import { strictPolicyOf } from './policy.js';
import { goodsOf, type Site, siteOf, sites } from './sites.js';
import { type Places, type Visit, visitOf } from './visit.js';

export interface PageDeps {
  readonly places: Places;
  /** The sandbox's control API. */
  readonly control: string;
  readonly backend: Backend;
  readonly orders: Orders;
  newNonce(): string;
  /** Ends what waits for news. */
  readonly signal: AbortSignal;
}

type Show = (visit: Visit, req: Request, res: Response) => string | undefined | Promise<string | undefined>;

/** How long a page waits for a change of the orders. */
const waitMs = 20_000;

export function pageRoutes(deps: PageDeps): Router {
  const router = Router();
  const get = (path: string, show: Show) =>
    router.get(path, async (req, res, next) => {
      const page = await show(visitOf(req, deps.places), req, res);
      if (page === undefined) next();
      else res.send(page);
    });
  for (const site of sites) siteRoutes(deps, site, get);
  get('/examples', examplesPage);
  get('/examples/:name', (visit, req, res) => {
    const name = String(req.params.name);
    const show = Object.hasOwn(examplePages, name) ? examplePages[name] : undefined;
    const nonce = deps.newNonce();
    if (name === 'strict') res.set('content-security-policy', strictPolicyOf(deps.places, nonce));
    return show?.(visit, nonce);
  });
  get('/pay', payPage);
  playgroundRoutes(deps, router, get);
  orderRoutes(deps, router, get);
  faultRoutes(deps, router, get);
  return router;
}

type Get = (path: string, show: Show) => unknown;

function siteRoutes({ backend, orders }: PageDeps, site: Site, get: Get): void {
  get(site.path || '/', (visit) => shelfPage(visit, site));
  get(`${site.path}/products/:id`, (visit, req) => {
    const good = goodsOf(site).find(({ id }) => id === req.params.id);
    return good && productPage(visit, site, good);
  });
  // Where the tag sends a shopper on to. Which of them it is proves nothing: each shows what the server says.
  for (const name of ['success', 'fail', 'cancel']) {
    get(`${site.path}/${name}`, async (visit, _req, res) => {
      const [, id] = /^cs_([0-9A-Z]{26})$/.exec(visit.query.get('pc_session') ?? '') ?? [];
      const payment = id === undefined ? undefined : await backend.payment(site.id, `pay_${id}`);
      const { result } = visit.texts;
      if (!payment) {
        res.status(404);
        return messagePage(visit, result.noOrder, result.noOrderNote, site);
      }
      const order = await orders.meet(site.id, payment);
      return resultPage(visit, site, payment, order, orders.changes);
    });
  }
}

function orderRoutes({ places, backend, orders, signal }: PageDeps, router: Router, get: Get): void {
  get('/orders', (visit) => ordersPage(visit, orders.all(), orders.changes));
  router.get('/orders/changes', async (req, res) => {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const over = AbortSignal.any([gone.signal, signal, AbortSignal.timeout(waitMs)]);
    if (String(orders.changes) === req.query.after) await orders.changed(over);
    if (!gone.signal.aborted) res.json({ changes: orders.changes });
  });
  get('/walk', walkPage);
  router.post('/walk', async (req, res) => {
    const visit = visitOf(req, places);
    const people = Math.min(Math.max(Math.trunc(Number(req.body?.people)) || 1, 1), maxWalkers);
    const id = `walk-${Date.now().toString(36)}${randomInt(1_000_000)}`;
    const session = walkSession(visit, id, people);
    const order: Order = {
      ...{ id, site: 'blog', state: 'pending', events: [], session, createdAt: new Date().toISOString() },
      ...{ name: String(session.orderName), amount: walkPrice * people, currency: 'KRW' },
    };
    await orders.open(order);
    res.redirect(303, visit.href(`/orders/${id}`));
  });
  get('/orders/:id', async (visit, req) => {
    const order = orders.get(String(req.params.id));
    if (!order?.session) return undefined;
    // The same words under the same reference: the same session, however often the page is opened.
    const session: OpenedSession = await backend.createSession(order.site, order.session);
    return orderPage(visit, order, session);
  });
}

function playgroundRoutes({ backend }: PageDeps, router: Router, get: Get): void {
  get('/playground', playgroundPage);
  const siteIn = (req: Request): Site => siteOf(req.body?.site) ?? (sites[0] as Site);
  router.post('/playground/session', async (req, res) => {
    const site = siteIn(req);
    const item = goodsOf(site)[0]?.id;
    const locale = req.body?.language === 'en' ? 'en' : 'ko';
    const session = await backend.createSession(site.id, { items: [{ item, quantity: 1 }], locale });
    res.json({ session: session.id, 'client-secret': session.clientSecret });
  });
  router.post('/playground/token', async (req, res) => {
    res.json({ 'customer-token': await backend.shopperToken(siteIn(req).id, 'shopper-1') });
  });
}

function faultRoutes({ places, control }: PageDeps, router: Router, get: Get): void {
  const send = async (method: string, body?: object) => {
    const answer = await fetch(`${control}/faults`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the sandbox: ${answer.status}`);
    return (await answer.json()) as { armed?: ArmedFault[] };
  };
  const siteIn = (visit: Visit): Site => siteOf(visit.query.get('site')) ?? (sites[0] as Site);
  const back = (visit: Visit) => visit.href(`/faults?site=${siteIn(visit).id}`);
  get('/faults', async (visit) => faultsPage(visit, siteIn(visit), (await send('GET')).armed ?? []));
  router.post('/faults', async (req, res) => {
    const { on, kind, code } = (req.body ?? {}) as Record<string, string>;
    await send('POST', { on, kind, ...(code && { code }), ...(kind === 'slow' && { ms: 3_000 }) });
    res.redirect(303, back(visitOf(req, places)));
  });
  router.post('/faults/clear', async (req, res) => {
    await send('DELETE');
    res.redirect(303, back(visitOf(req, places)));
  });
}
