import type { EventType } from '../../../contract/index.js';
import { eventClaims, eventFloors, events, type NewEvent } from '../../../server/events/event.js';
import { eventDefinitions } from '../../../server/events/events.js';
import { createFeed, type Feed, type FeedCollections, type FeedDeps } from '../../../server/events/feed.js';
import type { Clock } from '../../../server/ops/clock.js';
import { openStore } from '../../../server/store/open.js';
import type { Store } from '../../../server/store/store.js';
import { testClock } from '../../support/world.js';

export const at = Date.UTC(2026, 2, 2, 3, 0, 0);

export const openEvents = (where: { readonly mongodbUri?: string; readonly file?: string } = {}): Promise<Store> =>
  openStore({ file: ':memory:', definitions: eventDefinitions, ...where });

export const collectionsOf = (store: Store): FeedCollections => ({
  events: store.collection(events),
  claims: store.collection(eventClaims),
  floors: store.collection(eventFloors),
});

export const feedOn = (store: Store, more: Partial<FeedDeps> = {}, clock: Clock = testClock(at)): Feed =>
  createFeed({ ...collectionsOf(store), clock, commitsInOrder: store.engine === 'embedded', ...more });

export const happened = (key: string, more: Partial<NewEvent> = {}): NewEvent => ({
  merchant: 'blog',
  key,
  type: 'payment.paid' as EventType,
  about: { payment: key.split(':')[0] as string },
  data: { amount: 4_500 },
  at,
  ...more,
});

/** The keys of the whole feed, page by page. */
export async function allKeys(feed: Feed, merchant = 'blog', limit = 100, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor = after; ; ) {
    const page = await feed.read({ merchant, limit, ...(cursor !== undefined && { after: cursor }) });
    keys.push(...page.events.map(({ key }) => key));
    cursor = page.next;
    if (page.events.length === 0) return keys;
  }
}
