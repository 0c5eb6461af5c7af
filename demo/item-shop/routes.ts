import { type Request, type Response, Router } from 'express';
import { customerToken, type TokenKeys } from './accounts/customer-token.js';
import { type Person, personOf } from './accounts/people.js';
import type { SignIns } from './accounts/sign-ins.js';
import { findAddresses } from './addresses.js';
import { goodOf } from './goods.js';
import type { Ledger } from './grants/ledger.js';
import { messagePage, signInPath } from './layout.js';
import { inventoryPage } from './pages/inventory.js';
import { itemPage, type Seller } from './pages/item.js';
import { paymentsPage } from './pages/payments.js';
import { resultPage } from './pages/result.js';
import { shopPage } from './pages/shop.js';
import { signInPage } from './pages/sign-in.js';
import type { PayServer } from './pay-server.js';
import { type Places, type Visit, visitOf } from './visit.js';

export interface RouteDeps {
  readonly places: Places;
  readonly keys: TokenKeys;
  readonly server: Pick<PayServer, 'payment'>;
  readonly ledger: Ledger;
  readonly signIns: SignIns;
  readonly now: () => number;
  /** Ends what waits for news. */
  readonly signal: AbortSignal;
}

/** How long a page waits for a change of its shopper's items. */
const waitMs = 20_000;

export function routesOf(deps: RouteDeps): Router {
  const router = Router();
  const visitFor = (req: Request) => visitOf(req, deps.places, deps.signIns.personOf(req));
  const get = (path: string, show: Show) =>
    router.get(path, async (req, res, next) => {
      const page = await show(visitFor(req), req, res);
      if (page === undefined) next();
      else if (!res.headersSent) res.send(page);
    });
  /** For who is signed in; anybody else signs in first, and comes back. */
  const mine = (path: string, show: (visit: Visit, person: Person, res: Response) => string | Promise<string>) =>
    get(path, (visit, _req, res) => {
      if (visit.person) return show(visit, visit.person, res);
      res.redirect(303, signInPath(visit, visit.here));
      return '';
    });
  shopRoutes(deps, router, get);
  accountRoutes(deps, router, get);
  mine('/inventory', (visit, { id }) => inventoryPage(visit, deps.ledger.holdings(id), deps.ledger.changes(id)));
  mine('/payments', async (visit, person) =>
    paymentsPage(visit, await sellerTo(deps, person), deps.ledger.changes(person.id)),
  );
  // Where the tag sends a shopper on to. Which of them it is proves nothing: each shows what the server says.
  for (const path of ['/success', '/failure']) {
    mine(path, async (visit, { id }, res) => {
      const [, found] = /^cs_([0-9A-Z]{26})$/.exec(visit.query.get('pc_session') ?? '') ?? [];
      const payment = found === undefined ? undefined : await deps.server.payment(`pay_${found}`);
      if (payment?.customer === id) {
        return resultPage(visit, payment, deps.ledger.ofPayment(payment.id), deps.ledger.changes(id));
      }
      res.status(404);
      return messagePage(visit, visit.texts.result.noOrder, visit.texts.result.noOrderNote);
    });
  }
  waitingRoute(deps, router);
  return router;
}

type Show = (visit: Visit, req: Request, res: Response) => string | undefined | Promise<string | undefined>;
type Get = (path: string, show: Show) => unknown;

const sellerTo = async ({ keys, now }: RouteDeps, person: Person | undefined): Promise<Seller> => ({
  publishableKey: keys.publishableKey,
  customerToken: person && (await customerToken(keys, person, now())),
});

function shopRoutes(deps: RouteDeps, router: Router, get: Get): void {
  get('/', shopPage);
  router.get('/addresses', (req, res) => void res.json({ data: findAddresses(String(req.query.q ?? '')) }));
  get('/items/:id', async (visit, req) => {
    const good = goodOf(req.params.id);
    return good && itemPage(visit, good, await sellerTo(deps, visit.person));
  });
}

function accountRoutes({ places, keys, signIns, now }: RouteDeps, router: Router, get: Get): void {
  get('/sign-in', (visit) => signInPage(visit, pathOf(visit, visit.query.get('to')), visit.query.has('to')));
  router.post('/sign-in', (req, res, next) => {
    const visit = visitOf(req, places, undefined);
    const person = personOf(req.body?.person);
    if (!person) return next();
    signIns.begin(req, res, person);
    res.redirect(303, pathOf(visit, req.body?.to));
  });
  router.post('/sign-out', (req, res) => {
    signIns.end(req, res);
    res.redirect(303, visitOf(req, places, undefined).href('/'));
  });
  router.get('/customer-token', async (req, res) => {
    const person = signIns.personOf(req);
    if (person) res.json({ customerToken: await customerToken(keys, person, now()) });
    else res.status(401).json({ error: 'not signed in' });
  });
}

function waitingRoute({ ledger, signIns, signal }: RouteDeps, router: Router): void {
  router.get('/inventory/changes', async (req, res) => {
    const person = signIns.personOf(req);
    if (!person) return void res.status(401).json({ error: 'not signed in' });
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const over = AbortSignal.any([gone.signal, signal, AbortSignal.timeout(waitMs)]);
    while (!over.aborted && String(ledger.changes(person.id)) === req.query.after) await ledger.changed(over);
    if (!gone.signal.aborted) res.json({ changes: ledger.changes(person.id) });
  });
}

/** A path of this shop, and of no other site. */
function pathOf({ origin, href }: Visit, to: unknown): string {
  if (typeof to !== 'string' || !URL.canParse(to, origin)) return href('/');
  const url = new URL(to, origin);
  return url.origin === origin ? `${url.pathname}${url.search}` : href('/');
}
