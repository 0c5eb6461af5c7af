import type { Route } from '../http/route.js';
import type { DueSource } from '../ops/worker.js';
import type { PaymentDeps } from '../payments/deps.js';
import type { Settler } from '../payments/settle.js';
import type { Store } from '../store/store.js';
import { providerWebhooks } from './entry.js';
import { createInbox } from './inbox.js';
import { webhookRoutes } from './routes.js';
import { createInboxWork } from './work.js';

export interface WebhooksDeps extends PaymentDeps {
  readonly store: Store;
  readonly settler: Settler;
  /** This process, as no other is called. */
  readonly owner: string;
  /** There is due work now. */
  readonly due: () => void;
  /** Whose PortOne V1's webhook is at the address that names nobody. */
  readonly defaultMerchant?: string;
}

export interface Webhooks {
  readonly source: DueSource;
  readonly routes: Route[];
}

/** The whole room: what providers send us, stored first, then worked off. */
export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const inbox = deps.store.collection(providerWebhooks);
  const { receive } = createInbox({ ...deps, inbox });
  return {
    source: createInboxWork({ ...deps, inbox }),
    routes: webhookRoutes({ ...deps, inbox, receive }),
  };
}
