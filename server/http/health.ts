import type { RequestHandler } from 'express';
import { Router } from 'express';
import type { Store } from '../store/store.js';
import { StoreUnavailable } from '../store/store.js';
import { ApiError } from './problem.js';
import type { Shutdown } from './shutdown.js';

/** How long a store may take to answer before it counts as gone. */
const patience = 2_000;

function pingInTime(store: Pick<Store, 'ping'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreUnavailable('no answer in time')), patience);
    store
      .ping()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

const named =
  (route: string, answer: () => Promise<object>): RequestHandler =>
  async (_req, res) => {
    res.locals.route = route;
    const body = await answer();
    res.set('Cache-Control', 'no-store').json(body);
  };

/**
 * `/healthz`: the process turns its event loop; restart it when this fails. `/readyz`: it can do its work (the store answers and no
 * shutdown has begun); send it no traffic when this fails.
 */
export function healthRoutes(deps: { readonly store: Pick<Store, 'ping'>; readonly shutdown: Shutdown }): Router {
  const router = Router();
  router.get(
    '/healthz',
    named('/healthz', async () => ({ status: 'ok' })),
  );
  router.get(
    '/readyz',
    named('/readyz', async () => {
      if (deps.shutdown.signal.aborted) throw new ApiError('shutting_down');
      await pingInTime(deps.store);
      return { status: 'ready' };
    }),
  );
  return router;
}
