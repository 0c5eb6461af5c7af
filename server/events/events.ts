import { randomUUID } from 'node:crypto';
import type { Route } from '../http/route.js';
import type { Merchants } from '../merchants/merchant.js';
import type { Clock } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { DueSource } from '../ops/worker.js';
import type { Store } from '../store/store.js';
import { eventClaims, eventFloors, events, type StoredEvent } from './event.js';
import { createFeed, type Feed } from './feed.js';
import { planOf, type Reaction } from './reactions.js';
import { createReactor } from './reactor.js';
import { retentionSources } from './retention.js';
import { eventRoutes } from './routes.js';
import { createEndpoints, webhookEndpoints } from './webhook/endpoints.js';
import { createSender, type SenderOptions } from './webhook/send.js';
import { createWebhook, webhookKind } from './webhook/webhook.js';

/** Every collection of this room. */
export const eventDefinitions = [events, eventClaims, eventFloors, webhookEndpoints];

export interface EventsDeps {
  readonly store: Store;
  readonly merchants: Merchants;
  readonly clock: Clock;
  readonly log: Logger;
  /** Reactions beside the webhook, by kind. */
  readonly reactions?: ReadonlyMap<string, Reaction>;
  /** Whether something is still to be published under that key: asked before its claim is removed for good. */
  readonly untold: (merchant: string, key: string) => Promise<boolean>;
  /** An event with reactions was published here: there is due work now. */
  readonly due?: (event: StoredEvent) => void;
  readonly sender?: SenderOptions;
}

export interface Events {
  readonly feed: Feed;
  /** For the worker. Their work starts reactions and does not wait for them. */
  readonly sources: readonly DueSource[];
  readonly routes: Route[];
  /** Resolves when no reaction that this process started is under way. */
  idle(): Promise<void>;
  /** After the worker: ends what is under way, so that it is done again elsewhere. */
  stop(): Promise<void>;
}

/** The whole room: the merchants' feeds, what follows from their events, and the API. */
export function createEvents(deps: EventsDeps): Events {
  const { store, merchants, clock, log } = deps;
  const collections = {
    events: store.collection(events),
    claims: store.collection(eventClaims),
    floors: store.collection(eventFloors),
  };
  const reactions = new Map(deps.reactions);
  const feed = createFeed({
    ...collections,
    clock,
    commitsInOrder: store.engine === 'embedded',
    plan: planOf(reactions),
    published(event) {
      if (event.dueAt !== undefined) deps.due?.(event);
    },
  });
  const endpoints = createEndpoints({ endpoints: store.collection(webhookEndpoints), clock, publish: feed.publish });
  const sender = createSender(deps.sender);
  reactions.set(webhookKind, createWebhook({ merchants, endpoints, sender, clock }));
  const reactor = createReactor({ events: collections.events, reactions, clock, log, owner: randomUUID() });
  return {
    feed,
    sources: [reactor.source, endpoints.source, ...retentionSources({ ...collections, clock, untold: deps.untold })],
    routes: eventRoutes({ feed, endpoints }),
    idle: reactor.idle,
    async stop() {
      await reactor.stop();
      sender.close();
    },
  };
}
