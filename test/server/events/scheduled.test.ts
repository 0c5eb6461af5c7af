import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId } from '../../../server/events/event.js';
import { createFeed, type FeedCollections } from '../../../server/events/feed.js';
import { type Collection, type Doc, StoreUnavailable } from '../../../server/store/store.js';
import { testClock } from '../../support/world.js';
import { allKeys, at, collectionsOf, feedOn, happened, openEvents } from './support.js';

type Schedule = <T>(call: () => Promise<T>) => Promise<T>;

function scheduled<C extends Collection<any, any>>(real: C, schedule: Schedule): C {
  const wrapped: Collection<Doc, any> = {
    insert: (doc) => schedule(() => real.insert(doc)),
    get: (id) => schedule(() => real.get(id)),
    find: (query) => schedule(() => real.find(query)),
    replace: (doc) => schedule(() => real.replace(doc)),
    remove: (id, rev) => schedule(() => real.remove(id, rev)),
  };
  return wrapped as C;
}

/** A server whose every call to the store waits for its turn, and which is gone after `calls` of them. */
function serverOn({ events, claims, floors }: FeedCollections, s: fc.Scheduler, calls: number, answered: boolean) {
  let left = calls;
  const schedule: Schedule = async (call) => {
    await s.schedule(Promise.resolve());
    if (left < 0) throw new StoreUnavailable('gone');
    if (left-- > 0) return call();
    if (answered) await call();
    throw new StoreUnavailable('gone');
  };
  return createFeed({
    events: scheduled(events, schedule),
    claims: scheduled(claims, schedule),
    floors: scheduled(floors, schedule),
    clock: testClock(at),
    pause: async () => undefined,
  });
}

/** What a server is to publish: some of five payments, each with up to three events that come in order. */
const work = fc.array(
  fc.record({ payment: fc.constantFrom('a', 'b', 'c', 'd', 'e'), events: fc.integer({ min: 1, max: 3 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const server = fc.record({ work, calls: fc.integer({ min: 0, max: 60 }), answered: fc.boolean() });

const keysOf = ({ payment, events }: { payment: string; events: number }) =>
  Array.from({ length: events }, (_, n) => `${payment}:${n + 1}`);

test('whatever the order of the servers’ calls and wherever they stop, each event is told once, gap-free and in order', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(server, { minLength: 2, maxLength: 5 }), async (s, servers) => {
      const store = await openEvents();
      const collections = collectionsOf(store);
      const running = servers.flatMap(({ work, calls, answered }) => {
        const feed = serverOn(collections, s, calls, answered);
        return work.map(async (one) => {
          for (const key of keysOf(one)) await feed.publish(happened(key));
        });
      });
      const ended = Promise.allSettled(running);
      await s.waitFor(ended);
      for (const end of await ended) {
        if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(StoreUnavailable);
      }
      // Someone comes after them and publishes all that may not be.
      const feed = feedOn(store);
      const all = servers.flatMap(({ work }) => work.map(keysOf));
      for (const keys of all) for (const key of keys) await feed.publish(happened(key));
      const told = await allKeys(feed, 'blog', 3);
      expect([...told].sort()).toEqual([...new Set(all.flat())].sort());
      for (const keys of all) expect(told.filter((key) => keys.includes(key))).toEqual(keys);
      expect(await collections.events.get(eventId('blog', told.length + 1))).toBeUndefined();
      await store.close();
    }),
    { numRuns: 150 },
  );
});
