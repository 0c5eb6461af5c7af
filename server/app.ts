import { randomUUID } from 'node:crypto';
import type { Express, RequestHandler } from 'express';
import type { ProviderName } from '../contract/index.js';
import { createChannelHealth } from './checkout/channel-health.js';
import { customers } from './checkout/customers.js';
import type { CheckoutDeps } from './checkout/deps.js';
import { shopperRefundRoutes } from './checkout/refund-routes.js';
import { checkoutRoutes } from './checkout/routes.js';
import type { Config } from './config.js';
import { events as storedEvents } from './events/event.js';
import { createEvents, eventDefinitions } from './events/events.js';
import { webhookEndpoints } from './events/webhook/endpoints.js';
import type { SenderOptions } from './events/webhook/send.js';
import { jobRoutes } from './http/jobs.js';
import { operatorRoutes } from './http/operator.js';
import { createHttpApp } from './http/server.js';
import { createShutdown, type Shutdown } from './http/shutdown.js';
import { createInvariants, invariantDefinitions } from './invariants/invariants.js';
import type { Clock } from './ops/clock.js';
import type { Ids } from './ops/ids.js';
import { answerWithinMs } from './ops/in-time.js';
import type { Logger } from './ops/logging.js';
import { createWorker, type Worker } from './ops/worker.js';
import type { PaymentDeps } from './payments/deps.js';
import { createDuePayments } from './payments/due.js';
import { myPaymentRoutes } from './payments/my-routes.js';
import { payments } from './payments/payment.js';
import { isUntold, newEvent } from './payments/publishing.js';
import { createRefundGuard, refundGuards } from './payments/refund-guard.js';
import { refundRoutes } from './payments/refund-routes.js';
import { paymentRoutes } from './payments/routes.js';
import { createSettler } from './payments/settle.js';
import { createWatch } from './payments/watch.js';
import type { Provider } from './providers/provider.js';
import { createProviders } from './providers/registry.js';
import { createReconciliation, reconciliationDefinitions } from './reconciliation/reconciliation.js';
import { comparisons } from './reconciliation/report.js';
import { createTokens } from './secrets/tokens.js';
import { createVault } from './secrets/vault.js';
import type { Store } from './store/store.js';
import { providerWebhooks } from './webhooks/entry.js';
import { createWebhooks } from './webhooks/webhooks.js';

/** Every collection the server keeps: what the store is opened with. */
export const definitions = [
  payments,
  customers,
  refundGuards,
  providerWebhooks,
  ...eventDefinitions,
  ...reconciliationDefinitions,
  ...invariantDefinitions,
];

export interface AppDeps {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** Default: the real adapters. */
  readonly providers?: ReadonlyMap<ProviderName, Provider>;
  /** False: the books are compared and checked only when a job is called. Default: also by the worker, at their times. */
  readonly oversight?: boolean;
  /** Served at the root, beside the API. */
  readonly outside?: readonly RequestHandler[];
  /** How webhooks to merchants go out; default: over the network, to public addresses. */
  readonly sender?: SenderOptions;
  /** The longest that a caller waits for a refund; default 10 seconds of real time. */
  readonly answerWithinMs?: number;
}

export interface App {
  readonly http: Express;
  readonly worker: Worker;
  readonly shutdown: Shutdown;
  /** Resolves when nothing that was begun here is under way. */
  idle(): Promise<void>;
  /** Ends the due work and waits for money calls under way; the store may be closed after it. */
  stop(): Promise<void>;
}

/** How often each server asks for due work, and how many items of a kind it works on at once. */
const workEveryMs = 1_000;
const workLanes = 8;
/** Automatic mismatch refunds per channel and hour; more than that is our bug, not a thief. */
const mismatchRefundsPerHour = 10;

/** Wires everything; opens nothing and starts nothing. The only place where the rooms meet. */
export function createApp({ config, store, clock, ids, log, ...options }: AppDeps): App {
  const shutdown = createShutdown();
  const tokens = createTokens({ appSecrets: config.appSecrets });
  const watch = createWatch();
  const events = createEvents({
    store,
    merchants: config.merchants,
    clock,
    log,
    untold: (_merchant, key) => isUntold(store.collection(payments), key),
    due: () => worker.nudge('reactions'),
    ...(options.sender && { sender: options.sender }),
  });
  const paymentDeps: PaymentDeps = {
    payments: store.collection(payments),
    merchants: config.merchants,
    providers: options.providers ?? createProviders({ clock }),
    clock,
    schedule: config.schedule,
    vault: createVault(config.encryptionKeys),
    watch: {
      ...watch,
      written(payment, trigger) {
        watch.written(payment, trigger);
        // A refund that was just reserved need not wait for the worker's next look. What due work wrote itself, it goes on with itself.
        if (trigger !== 'due' && payment.dueAt !== undefined && payment.dueAt <= clock.now()) worker.nudge('payments');
      },
    },
    refundGuard: createRefundGuard(store.collection(refundGuards), clock, mismatchRefundsPerHour),
    publish: (payment, entry) => events.feed.publish(newEvent(payment, entry)),
    log,
  };
  const settler = createSettler(paymentDeps);
  const owner = randomUUID();
  const due = createDuePayments(paymentDeps, settler, owner);
  const webhooks = createWebhooks({
    ...paymentDeps,
    store,
    settler,
    owner,
    due: () => worker.nudge('provider_webhooks'),
    ...(config.defaultMerchant !== undefined && { defaultMerchant: config.defaultMerchant }),
  });
  const reconciliation = createReconciliation({ store, payments: paymentDeps, settler });
  const invariants = createInvariants({
    ...{ store, clock, log, merchants: config.merchants, schedule: config.schedule },
    due: [payments, storedEvents, providerWebhooks, webhookEndpoints, comparisons],
  });
  const worker = createWorker({
    sources: [
      webhooks.source,
      { name: 'payments', ...due },
      { name: 'refund_guards', ...paymentDeps.refundGuard },
      ...events.sources,
      ...(options.oversight === false ? [] : [reconciliation.source, invariants.source]),
    ],
    log,
    everyMs: workEveryMs,
    lanes: workLanes,
  });
  const health = createChannelHealth({ clock, log, rule: config.passingOver });
  const checkout: CheckoutDeps = {
    ...paymentDeps,
    health,
    customers: store.collection(customers),
    ids,
    tokens,
    settler,
    noticeUrl: (provider, merchant) => `${config.publicUrl}/api/v1/webhooks/${provider}/${merchant}`,
    due,
    answerWithinMs: options.answerWithinMs ?? answerWithinMs,
  };
  const routes = [
    ...checkoutRoutes(checkout),
    ...shopperRefundRoutes(checkout),
    ...paymentRoutes(paymentDeps),
    ...myPaymentRoutes(paymentDeps),
    ...webhooks.routes,
    ...refundRoutes(checkout),
    ...events.routes,
    ...reconciliation.routes,
    ...jobRoutes({ due: () => worker.runOnce(), comparison: reconciliation.job, invariants: invariants.job }),
  ];
  const http = createHttpApp(
    routes,
    {
      config,
      store,
      log,
      shutdown,
      merchants: config.merchants,
      tokens,
      clock,
      cronSecret: config.cronSecret,
      operatorSecret: config.operatorSecret,
    },
    [operatorRoutes(config.operatorSecret, { '/invariants': invariants.check }), ...(options.outside ?? [])],
  );
  return {
    http,
    worker,
    shutdown,
    async idle() {
      await reconciliation.idle();
      await due.idle();
      await settler.idle();
      await health.idle();
      await events.idle();
    },
    async stop() {
      await worker.stop();
      await events.stop();
      await reconciliation.stop();
      await due.idle();
      await settler.idle();
    },
  };
}
