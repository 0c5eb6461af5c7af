import { createHash } from 'node:crypto';
import type { WebhookEndReason } from '../../../contract/index.js';
import type { WebhookEndpoint } from '../../merchants/merchant.js';
import { type Clock, day, type Instant } from '../../ops/clock.js';
import type { DueSource } from '../../ops/worker.js';
import { type Collection, type Doc, define } from '../../store/store.js';
import type { Feed } from '../feed.js';

/** How an endpoint does. Another URL under the same id is another endpoint. */
export interface EndpointDoc extends Doc {
  readonly merchant: string;
  readonly endpoint: string;
  readonly url: string;
  /** Nothing but failures since then. */
  readonly failingSince?: Instant;
  readonly disabledAt?: Instant;
  readonly reason?: WebhookEndReason;
  /** That it is disabled stands in no event yet. */
  readonly dueAt?: Instant;
}

export const webhookEndpoints = define<EndpointDoc>()({
  name: 'webhook_endpoints',
  version: 1,
  indexes: { due: { keys: ['dueAt'] } },
});

export interface EndpointsDeps {
  readonly endpoints: Collection<EndpointDoc, (typeof webhookEndpoints)['indexes']>;
  readonly clock: Clock;
  readonly publish: Feed['publish'];
}

/** What is known of the merchants' endpoints. Writes only what changes: an endpoint that does well has no document. */
export interface Endpoints {
  get(merchant: string, endpoint: WebhookEndpoint): Promise<EndpointDoc | undefined>;
  succeeded(merchant: string, endpoint: WebhookEndpoint): Promise<void>;
  failed(merchant: string, endpoint: WebhookEndpoint): Promise<void>;
  /** For good: it said so. */
  gone(merchant: string, endpoint: WebhookEndpoint): Promise<void>;
  /** An event was given up; after days of nothing but failures that is the end. */
  gaveUp(merchant: string, endpoint: WebhookEndpoint): Promise<void>;
  /** Deliveries go on with the next event. */
  enable(merchant: string, endpoint: WebhookEndpoint): Promise<void>;
  /** Tells of disabled endpoints where a stop came between. */
  readonly source: DueSource;
}

/** An endpoint that has done nothing but fail for so long is given up together with the next event. */
export const disableAfterMs = 3 * day;

type State = Pick<EndpointDoc, 'failingSince' | 'disabledAt' | 'reason' | 'dueAt'>;

export const endpointDocId = (merchant: string, { id, url }: WebhookEndpoint): string =>
  `${merchant}:${id}:${createHash('sha256').update(url).digest('base64url').slice(0, 12)}`;

export function createEndpoints({ endpoints, clock, publish }: EndpointsDeps): Endpoints {
  /** `decide` gives the next state, or undefined if there is nothing to change. */
  const change = async (
    merchant: string,
    endpoint: WebhookEndpoint,
    decide: (state: State) => State | undefined,
  ): Promise<EndpointDoc | undefined> => {
    const id = endpointDocId(merchant, endpoint);
    for (;;) {
      const before = await endpoints.get(id);
      const next = decide(before ?? {});
      if (!next) return undefined;
      const body = { id, merchant, endpoint: endpoint.id, url: endpoint.url, ...next };
      const written = before
        ? await endpoints.replace({ ...body, rev: before.rev, v: before.v })
        : await endpoints.insert(body);
      if (written.ok) return written.doc;
    }
  };

  const disable = async (
    merchant: string,
    endpoint: WebhookEndpoint,
    reason: WebhookEndReason,
    when: (state: State, now: Instant) => boolean,
  ): Promise<void> => {
    const now = clock.now();
    const disabled = await change(merchant, endpoint, (state) =>
      state.disabledAt === undefined && when(state, now)
        ? { failingSince: state.failingSince ?? now, disabledAt: now, reason, dueAt: now }
        : undefined,
    );
    if (disabled) await tell(disabled);
  };

  const tell = async (doc: EndpointDoc): Promise<void> => {
    const { merchant, endpoint, url, disabledAt, reason, failingSince } = doc;
    if (disabledAt === undefined) return;
    await publish({
      merchant,
      key: `webhook:${endpoint}:${disabledAt}:webhook.disabled`,
      type: 'webhook.disabled',
      about: {},
      data: {
        endpoint,
        url,
        reason,
        ...(failingSince !== undefined && { failingSince: new Date(failingSince).toISOString() }),
      },
      at: disabledAt,
    });
    const { dueAt: _told, ...rest } = doc;
    // Stale: it was enabled again, or told by another server.
    await endpoints.replace(rest);
  };

  return {
    get: (merchant, endpoint) => endpoints.get(endpointDocId(merchant, endpoint)),
    async succeeded(merchant, endpoint) {
      await change(merchant, endpoint, (state) =>
        state.failingSince !== undefined && state.disabledAt === undefined ? {} : undefined,
      );
    },
    async failed(merchant, endpoint) {
      await change(merchant, endpoint, (state) =>
        state.failingSince === undefined ? { ...state, failingSince: clock.now() } : undefined,
      );
    },
    gone: (merchant, endpoint) => disable(merchant, endpoint, 'gone', () => true),
    gaveUp: (merchant, endpoint) =>
      disable(
        merchant,
        endpoint,
        'failing',
        ({ failingSince }, now) => failingSince !== undefined && now - failingSince >= disableAfterMs,
      ),
    async enable(merchant, endpoint) {
      const enabled = (state: State) => (state.disabledAt === undefined ? undefined : {});
      const before = await endpoints.get(endpointDocId(merchant, endpoint));
      // What is to be told is told first, so that it is not lost with the state.
      if (before?.dueAt !== undefined) await tell(before);
      await change(merchant, endpoint, enabled);
    },
    source: {
      name: 'webhook-endpoints',
      async find(limit) {
        const { docs } = await endpoints.find({ index: 'due', range: { to: clock.now() }, limit });
        return docs.map(({ id }) => id);
      },
      async work(id) {
        const doc = await endpoints.get(id);
        if (doc?.dueAt === undefined) return false;
        await tell(doc);
        return true;
      },
    },
  };
}
