import { randomUUID } from 'node:crypto';
import type { Job } from '../http/jobs.js';
import type { Route } from '../http/route.js';
import type { DueSource } from '../ops/worker.js';
import type { PaymentDeps } from '../payments/deps.js';
import type { Settler } from '../payments/settle.js';
import type { Store } from '../store/store.js';
import { createPlan } from './plan.js';
import { comparisons } from './report.js';
import { comparisonRoutes } from './routes.js';
import { begin, proceed, type RunDeps } from './run.js';

/** Every collection of this room. */
export const reconciliationDefinitions = [comparisons];

export interface ReconciliationDeps {
  readonly store: Store;
  readonly payments: PaymentDeps;
  readonly settler: Settler;
  /** Lines of a provider's list asked for at once, 1 to 1,000; default 200. */
  readonly pageSize?: number;
}

export interface Reconciliation {
  /** Its work starts a comparison and does not wait: a provider with many pages holds up no other work. */
  readonly source: DueSource;
  /** Makes today's comparisons now, where they were not made yet. Returns how many it worked on. */
  readonly job: Job;
  readonly routes: Route[];
  /** Resolves when nothing is under way here. */
  idle(): Promise<void>;
  /** After the worker: gives up what is under way; it is done again elsewhere. */
  stop(): Promise<void>;
}

/** Comparisons under way at once on one server. */
const atOnce = 4;

/** The daily comparison of our books with the providers', in both directions: the last resort where everything else was missed. */
export function createReconciliation({ store, payments, settler, pageSize = 200 }: ReconciliationDeps): Reconciliation {
  const collection = store.collection(comparisons);
  const plan = createPlan(collection, payments);
  const working = new Set<Promise<void>>();
  let stopping = false;
  const runDeps: RunDeps = {
    ...{ comparisons: collection, payments, settler, owner: randomUUID(), pageSize },
    isStopping: () => stopping,
  };

  /** The comparison under way; undefined: another server has it, or it is not due. */
  const start = async (id: string): Promise<{ readonly done: Promise<void> } | undefined> => {
    const hold = stopping ? undefined : await begin(runDeps, id);
    if (!hold) return undefined;
    const done = proceed(runDeps, hold)
      .catch((error: unknown) => payments.log.error('due_work_failed', { job: 'comparisons', error }))
      .finally(() => working.delete(done));
    working.add(done);
    return { done };
  };
  const idle = async () => {
    while (working.size > 0) await Promise.all(working);
  };
  return {
    source: {
      name: 'comparisons',
      async find(limit) {
        await plan.ahead();
        const free = Math.min(limit, atOnce - working.size);
        if (free < 1) return [];
        const { docs } = await collection.find({ index: 'due', range: { to: payments.clock.now() }, limit: free });
        return docs.map(({ id }) => id);
      },
      work: async (id) => (await start(id)) !== undefined,
    },
    async job() {
      let worked = 0;
      for (const id of await plan.today()) {
        const started = await start(id);
        await started?.done;
        if (started) worked++;
      }
      return worked;
    },
    routes: comparisonRoutes(collection),
    idle,
    async stop() {
      stopping = true;
      await idle();
    },
  };
}
