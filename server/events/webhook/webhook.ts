import type { Merchants, WebhookEndpoint } from '../../merchants/merchant.js';
import { type Clock, hour, minute, second } from '../../ops/clock.js';
import type { StoredEvent } from '../event.js';
import type { Reacted, Reacting, Reaction } from '../reactions.js';
import { eventView } from '../views.js';
import type { Endpoints } from './endpoints.js';
import type { Sender } from './send.js';
import { signatureHeaders } from './signature.js';

export interface WebhookDeps {
  readonly merchants: Merchants;
  readonly endpoints: Endpoints;
  readonly sender: Sender;
  readonly clock: Clock;
  /** Milliseconds since 1970 for signatures. Default: the system's clock, whatever the injected one says. */
  readonly wall?: () => number;
  readonly retryAfterMs?: readonly number[];
}

/** Waits after each failed delivery: ten tries within a day. */
export const webhookRetryAfterMs: readonly number[] = [
  5 * second,
  1 * minute,
  5 * minute,
  30 * minute,
  1 * hour,
  2 * hour,
  4 * hour,
  6 * hour,
  10 * hour,
];

export const webhookKind = 'webhook';

/**
 * Sends events to the merchants' own endpoints, as Standard Webhooks with the API's view as body. At least once: a receiver that answered
 * may be sent the same event again if its answer was lost, under the same `webhook-id`. In no order.
 */
export function createWebhook(deps: WebhookDeps): Reaction {
  const { merchants, endpoints, clock, retryAfterMs = webhookRetryAfterMs } = deps;
  const endpointOf = (merchant: string, name: string): WebhookEndpoint | undefined =>
    merchants.byId(merchant)?.webhooks?.find(({ id }) => name === `${webhookKind}:${id}`);

  return {
    plan({ merchant, type, data }) {
      const all = merchants.byId(merchant)?.webhooks ?? [];
      const told = type === 'webhook.disabled' ? all.filter(({ id }) => id !== data.endpoint) : all;
      return told.map(({ id }) => `${webhookKind}:${id}`);
    },

    async react(event, reacting) {
      const { merchant } = event;
      const endpoint = endpointOf(merchant, reacting.name);
      if (!endpoint) return { state: 'given_up', attempt: { error: 'endpoint_not_configured' } };
      const known = await endpoints.get(merchant, endpoint);
      if (known?.disabledAt !== undefined) return { state: 'given_up', attempt: { error: 'endpoint_disabled' } };

      const attempt = await deliver(deps, event, endpoint, reacting);
      if (attempt.error === undefined) {
        if (known?.failingSince !== undefined) await endpoints.succeeded(merchant, endpoint);
        return { state: 'done', attempt };
      }
      // Our own end says nothing about theirs.
      if (attempt.error === 'stopped') return { state: 'waiting', retryAt: clock.now() };
      if (attempt.status === 410) {
        await endpoints.gone(merchant, endpoint);
        return { state: 'failed', attempt };
      }
      if (known?.failingSince === undefined) await endpoints.failed(merchant, endpoint);
      const wait = retryAfterMs[reacting.tries - 1];
      if (wait !== undefined) return { state: 'waiting', retryAt: clock.now() + wait, attempt };
      await endpoints.gaveUp(merchant, endpoint);
      return { state: 'given_up', attempt };
    },
  };
}

async function deliver(
  { sender, wall = Date.now }: WebhookDeps,
  event: StoredEvent,
  { url, secrets, allowPrivate }: WebhookEndpoint,
  { signal }: Reacting,
): Promise<NonNullable<Reacted['attempt']>> {
  const body = JSON.stringify(eventView(event));
  const timestamp = Math.floor(wall() / second);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'pay-checkout',
    ...signatureHeaders({ id: event.id, timestamp, body }, secrets),
  };
  return sender.send({ url, headers, body, allowPrivate, signal });
}
