import { eventClaims, eventFloors, events } from '../../../server/events/event.js';
import { eventDefinitions } from '../../../server/events/events.js';
import { createFeed, type Feed } from '../../../server/events/feed.js';
import { systemClock } from '../../../server/ops/clock.js';
import { openStore } from '../../../server/store/open.js';
import { answerParent } from '../child.js';
import { shop } from '../settings.js';

/** What one server publishes: of each payment its events, in their order. */
export interface Publishing {
  readonly payments: readonly (readonly string[])[];
  /** Payments at once, as a worker has them. */
  readonly lanes: number;
}

let feed: Feed;

async function open(mongodbUri: string): Promise<void> {
  const store = await openStore({ mongodbUri, file: '', definitions: eventDefinitions });
  const collections = {
    events: store.collection(events),
    claims: store.collection(eventClaims),
    floors: store.collection(eventFloors),
  };
  feed = createFeed({ ...collections, clock: systemClock });
}

/** Resolves when all of it is in the feed for certain. */
async function publish({ payments, lanes }: Publishing): Promise<void> {
  const left = [...payments];
  const lane = async () => {
    for (let keys = left.shift(); keys; keys = left.shift()) for (const key of keys) await publishOne(key);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const publishOne = (key: string) =>
  feed.publish({
    merchant: shop.id,
    key,
    type: 'payment.paid',
    about: { payment: key.split(':')[0] as string },
    data: { amount: 4_500, currency: 'KRW' },
    at: systemClock.now(),
  });

answerParent({ open, publish });
