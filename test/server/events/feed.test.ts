import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { claimId, eventId } from '../../../server/events/event.js';
import { keepEventsMs } from '../../../server/events/feed.js';
import { keepClaimsMs, retentionSources } from '../../../server/events/retention.js';
import { toApiError } from '../../../server/http/problem.js';
import { day } from '../../../server/ops/clock.js';
import type { DueSource } from '../../../server/ops/worker.js';
import { binding, encodeCursor } from '../../../server/store/cursor.js';
import { type Store, StoreUnavailable } from '../../../server/store/store.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { stopAt } from '../../support/stops.js';
import { storeFile, testClock } from '../../support/world.js';
import { allKeys, at, collectionsOf, feedOn, happened, openEvents } from './support.js';

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: unknown) => toApiError(error).code,
  );

const places = (count: number, payment: string) => Array.from({ length: count }, (_, n) => `${payment}:${n + 1}`);

/** Publishes `keys` as a server does that crashes and comes back: again and again until all is certain. */
async function publishAll(store: Store, keys: readonly string[]): Promise<void> {
  const feed = feedOn(store);
  for (const key of keys) await feed.publish(happened(key));
}

const engines = [
  ['embedded', true],
  ['mongo', (await mongoUri()) !== undefined],
] as const;

for (const [engine, there] of engines) {
  describe.skipIf(!there)(`the feed on ${engine}`, () => {
    let store: Store;
    const opened: Store[] = [];
    const open = async () => {
      const where = engine === 'mongo' ? { mongodbUri: await freshDatabase('events') } : {};
      opened.push(await openEvents(where));
      return opened.at(-1) as Store;
    };
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
    });

    test('four publishers of the same payments at once tell each event once, gap-free and in order', async () => {
      const payments = Array.from({ length: 12 }, (_, n) => places(3, `p${n}`));
      const servers = [0, 1, 2, 3].map((server) => {
        // Each begins elsewhere, so that now they are together and now they are not.
        const mine = [...payments.slice(server * 3), ...payments.slice(0, server * 3)];
        return Promise.all(mine.map((keys) => publishAll(store, keys)));
      });
      await Promise.all(servers);
      const keys = await allKeys(feedOn(store), 'blog', 7);
      expect([...keys].sort()).toEqual(payments.flat().sort());
      for (const own of payments) expect(keys.filter((key) => own.includes(key))).toEqual(own);
    });

    test('a server stopped at any write leaves nothing lost and nothing twice', async () => {
      const keys = places(2, 'p');
      const counted = stopAt();
      const counting = await open();
      await publishAll(counted.wrapStore(counting), keys);
      for (let step = 1; step <= counted.steps.length; step++) {
        for (const side of ['before', 'after'] as const) {
          const fresh = await open();
          await publishAll(fresh, ['q:1']);
          const stopped = stopAt({ at: step, side });
          await expect(publishAll(stopped.wrapStore(fresh), keys)).rejects.toThrow(StoreUnavailable);
          await publishAll(fresh, ['r:1']);
          await publishAll(fresh, keys);
          const told = await allKeys(feedOn(fresh));
          expect([...told].sort(), `stopped ${side} ${step}`).toEqual([...keys, 'q:1', 'r:1'].sort());
          expect(told.filter((key) => keys.includes(key))).toEqual(keys);
        }
      }
    });

    test('a page ends before the first place that is missing, and goes on when it is there', async () => {
      const feed = feedOn(store);
      await publishAll(store, places(4, 'p'));
      const { events } = collectionsOf(store);
      const second = await events.get(eventId('blog', 2));
      await events.remove(second!.id, second!.rev);
      const page = await feed.read({ merchant: 'blog', limit: 10 });
      expect(page.events.map(({ seq }) => seq)).toEqual([1]);
      expect((await feed.read({ merchant: 'blog', after: page.next, limit: 10 })).events).toEqual([]);
      await events.insert(second!);
      expect(await allKeys(feed, 'blog', 10, page.next)).toEqual(['p:2', 'p:3', 'p:4']);
    });
  });
}

describe('events published at one moment', () => {
  /** Holds back inserts of events until `commit`, in the order in which they came: all of them, or none. */
  async function held() {
    const store = await openEvents();
    const { events, ...others } = collectionsOf(store);
    const waiting: { go(): void; fail(): void }[] = [];
    const insert: typeof events.insert = (doc) =>
      new Promise((resolve, reject) => {
        const go = () => void events.insert(doc).then(resolve, reject);
        waiting.push({ go, fail: () => reject(new StoreUnavailable('the disk is full')) });
      });
    const collections = { events: { ...events, insert }, ...others };
    const feed = (more = {}) => feedOn(store, { ...collections, ...more });
    return { store, waiting, feed };
  }
  const places20 = Array.from({ length: 20 }, (_, n) => `p${n}:1`);

  test('share a commit where the store keeps their order', async () => {
    const { store, waiting, feed } = await held();
    const shared = feed();
    const published = places20.map((key) => shared.publish(happened(key)));
    await vi.waitFor(() => expect(waiting).toHaveLength(20));
    for (const one of waiting.splice(0)) one.go();
    await Promise.all(published);
    expect((await allKeys(feedOn(store))).sort()).toEqual([...places20].sort());
    await store.close();
  });

  test('go in one after the other where a stop in between would leave a gap', async () => {
    const { store, waiting, feed } = await held();
    const shared = feed({ commitsInOrder: false });
    const published = places20.map((key) => shared.publish(happened(key)));
    for (let n = 0; n < 20; n++) {
      await vi.waitFor(() => expect(waiting).toHaveLength(1));
      waiting.pop()?.go();
    }
    await Promise.all(published);
    expect(await allKeys(feedOn(store))).toHaveLength(20);
    await store.close();
  });

  test('are none of them published when their commit fails, and are when it is tried again', async () => {
    const { store, waiting, feed } = await held();
    const shared = feed();
    // The first one comes again while its event is on its way: it must not be told that it is there.
    const published = Promise.allSettled([...places20, 'p0:1'].map((key) => shared.publish(happened(key))));
    await vi.waitFor(() => expect(waiting).toHaveLength(20));
    for (const one of waiting.splice(0)) one.fail();
    // The repeat finds its place free, and goes on.
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    for (const one of waiting.splice(0)) one.fail();
    expect((await published).map(({ status }) => status)).toEqual(Array.from({ length: 21 }, () => 'rejected'));
    expect(await allKeys(feedOn(store))).toEqual([]);
    const again = feedOn(store);
    await Promise.all(places20.map((key) => again.publish(happened(key))));
    expect((await allKeys(again)).sort()).toEqual([...places20].sort());
    await store.close();
  });

  test('give way to one that was there already, without a gap', async () => {
    const { store, waiting, feed } = await held();
    await feedOn(store).publish(happened('q:1'));
    const shared = feed();
    await shared.publish(happened('q:1'));
    await feedOn(store).publish(happened('q:2'));
    // It knows of one place, and two are taken.
    const published = places20.map((key) => shared.publish(happened(key)));
    const end = Promise.all(published);
    let over = false;
    void end.then(() => {
      over = true;
    });
    await vi.waitFor(() => {
      for (const one of waiting.splice(0)) one.go();
      expect(over).toBe(true);
    });
    expect((await allKeys(feedOn(store))).sort()).toEqual([...places20, 'q:1', 'q:2'].sort());
    await store.close();
  });
});

describe('a feed', () => {
  let store: Store;
  const clock = testClock(at);
  let still: string[] = [];
  beforeEach(async () => {
    store = await openEvents();
    still = [];
  });
  afterEach(() => store.close());

  const sources = (): DueSource[] =>
    retentionSources({ ...collectionsOf(store), clock, untold: async (_merchant, key) => still.includes(key) });
  const sweep = async () => {
    for (const source of sources()) {
      for (let round = 0; ; round++) {
        expect(round, `${source.name} never runs dry`).toBeLessThan(50);
        const ids = await source.find(100);
        if (ids.length === 0) break;
        for (const id of ids) await source.work(id);
      }
    }
  };
  const feed = (more = {}) => feedOn(store, more, clock);
  const seqs = async () => (await feed().read({ merchant: 'blog', limit: 900 })).events.map(({ seq }) => seq);

  test('publishing again under the same key changes nothing, whatever it says', async () => {
    const first = await feed().publish(happened('p:1'));
    expect(await feed().publish(happened('p:1', { data: { amount: 1 } }))).toEqual(first);
    const { events } = await feed().read({ merchant: 'blog', limit: 10 });
    expect(events).toMatchObject([{ seq: 1, key: 'p:1', data: { amount: 4_500 } }]);
  });

  test('each merchant has its own numbers', async () => {
    await feed().publish(happened('p:1'));
    expect(await feed().publish(happened('p:1', { merchant: 'other' }))).toEqual({ seq: 1 });
    expect(await feed().get('other', eventId('blog', 1))).toBeUndefined();
  });

  test('an empty page has a cursor from which the next event is read', async () => {
    const { events, next } = await feed().read({ merchant: 'blog', limit: 10 });
    expect(events).toEqual([]);
    await feed().publish(happened('p:1'));
    expect(await allKeys(feed(), 'blog', 10, next)).toEqual(['p:1']);
  });

  test('a cursor that is none, another merchant’s, or of a feed that never was as long is refused', async () => {
    await publishAll(store, places(3, 'p'));
    // The place would be one in their feed too.
    for (const key of places(4, 'q')) await feed().publish(happened(key, { merchant: 'other' }));
    const { next } = await feed().read({ merchant: 'blog', limit: 3 });
    const read = (after: string, merchant = 'blog') => codeOf(feed().read({ merchant, after, limit: 10 }));
    expect(await read(next)).toBe('ok');
    expect(await read(next, 'other')).toBe('invalid_request');
    for (const bad of ['', '3', 'nonsense', next.slice(2), '{}', 'e30', '../../etc', 'x'.repeat(9_000)]) {
      expect(await read(bad), bad).toBe('invalid_request');
    }
    for (const forged of ['3', -1, 4, Number.MAX_SAFE_INTEGER]) {
      const cursor = encodeCursor(binding('events', 'blog'), { values: [forged], id: 'seq' });
      expect(await read(cursor), String(forged)).toBe('invalid_request');
    }
    const elsewhere = encodeCursor(binding('payments', 'blog'), { values: [3], id: 'seq' });
    expect(await read(elsewhere)).toBe('invalid_request');
    const shorter = await openEvents();
    expect(await codeOf(feedOn(shorter).read({ merchant: 'blog', after: next, limit: 10 }))).toBe('invalid_request');
    await shorter.close();
  });

  test('what is older than 90 days goes, but never the newest; a cursor below it is expired', async () => {
    const start = (await feed().read({ merchant: 'blog', limit: 10 })).next;
    await publishAll(store, places(150, 'p'));
    const middle = (await feed().read({ merchant: 'blog', limit: 70 })).next;
    clock.advance(keepEventsMs - day);
    await feed().publish(happened('q:1'));
    await sweep();
    expect(await seqs()).toHaveLength(151);
    clock.advance(2 * day);
    await sweep();
    expect(await seqs()).toEqual([151]);
    const read = (after: string) => codeOf(feed().read({ merchant: 'blog', after, limit: 10 }));
    expect(await read(start)).toBe('cursor_expired');
    expect(await read(middle)).toBe('cursor_expired');
    clock.advance(keepEventsMs);
    await sweep();
    expect(await seqs()).toEqual([151]);
    expect(await feed().publish(happened('q:2'))).toEqual({ seq: 152 });
    expect(await read((await feed().read({ merchant: 'blog', limit: 1 })).next)).toBe('ok');
  });

  test('a cursor at the last event that was removed reads on', async () => {
    await publishAll(store, places(2, 'p'));
    const { next } = await feed().read({ merchant: 'blog', limit: 1 });
    clock.advance(keepEventsMs);
    await sweep();
    expect(await seqs()).toEqual([2]);
    expect(await allKeys(feed(), 'blog', 10, next)).toEqual(['p:2']);
  });

  test('an event whose reaction still waits is kept, and all after it', async () => {
    await feed({ plan: () => ['mail'] }).publish(happened('p:1'));
    await publishAll(store, places(3, 'q'));
    clock.advance(keepEventsMs);
    await sweep();
    expect(await seqs()).toEqual([1, 2, 3, 4]);
  });

  test('a claim goes long after its event, and not while something is to be published under its key', async () => {
    await publishAll(store, places(3, 'p'));
    const { claims } = collectionsOf(store);
    const kept = async () => {
      const found = await Promise.all(places(3, 'p').map((key) => claims.get(claimId('blog', key))));
      return found.filter((claim) => claim !== undefined).map(({ key }) => key);
    };
    still = ['p:1'];
    clock.advance(keepEventsMs);
    await sweep();
    expect(await seqs()).toEqual([3]);
    expect(await kept()).toEqual(['p:1', 'p:2', 'p:3']);
    clock.advance(keepClaimsMs);
    await sweep();
    expect(await kept()).toEqual(['p:1', 'p:3']);
    // A server that slept all the time publishes what it had published: it is told that it had.
    expect(await feed().publish(happened('p:1'))).toEqual({ seq: 1 });
    expect(await seqs()).toEqual([3]);
    still = [];
    clock.advance(2 * day);
    await sweep();
    expect(await kept()).toEqual(['p:3']);
  });

  test('a claim whose publisher crashed is published where readers still come by, however late', async () => {
    await publishAll(store, places(2, 'p'));
    const stopped = stopAt({ at: 2, side: 'before' });
    await expect(publishAll(stopped.wrapStore(store), ['late:1'])).rejects.toThrow();
    await publishAll(store, places(2, 'q'));
    clock.advance(keepEventsMs);
    await sweep();
    expect(await seqs()).toEqual([4]);
    const { next } = await feed().read({ merchant: 'blog', limit: 10 });
    await publishAll(store, ['late:1']);
    expect(await allKeys(feed(), 'blog', 10, next)).toEqual(['late:1']);
    // Not even for a moment where nobody reads: its reactions would follow twice.
    expect(await collectionsOf(store).events.get(eventId('blog', 3))).toBeUndefined();
  });

  test('a place that became free under way is not used', async () => {
    await publishAll(store, places(2, 'p'));
    const stopped = stopAt({ at: 2, side: 'before' });
    await expect(publishAll(stopped.wrapStore(store), ['late:1'])).rejects.toThrow();
    await publishAll(store, places(2, 'q'));
    clock.advance(keepEventsMs);
    const { events, ...others } = collectionsOf(store);
    let swept = false;
    const sweeping = {
      ...events,
      async insert(doc: Parameters<typeof events.insert>[0]) {
        if (!swept) {
          swept = true;
          await sweep();
        }
        return events.insert(doc);
      },
    };
    const { next } = await feed().read({ merchant: 'blog', limit: 10 });
    await feed({ events: sweeping, ...others }).publish(happened('late:1'));
    expect(await allKeys(feed(), 'blog', 10, next)).toEqual(['late:1']);
  });

  test('a stop in the middle of the removal leaves a feed that can be read and swept on', async () => {
    const stops = [1, 2, 3, 4, 5, 6, 7].flatMap((step) => [
      { at: step, side: 'before' as const },
      { at: step, side: 'after' as const },
    ]);
    for (const stop of stops) {
      const fresh = await openEvents();
      await publishAll(fresh, places(4, 'p'));
      const stopped = stopAt(stop);
      const late = testClock(at + keepEventsMs);
      const on = (where: Store) =>
        retentionSources({ ...collectionsOf(where), clock: late, untold: async () => false });
      const [trim] = on(stopped.wrapStore(fresh)) as [DueSource];
      await trim.work('blog').catch(() => undefined);
      expect(stopped.stopped).toBe(true);
      const left = await allKeys(feedOn(fresh));
      expect(left.at(-1)).toBe('p:4');
      expect(left).toEqual(places(4, 'p').slice(4 - left.length));
      const [again] = on(fresh) as [DueSource];
      for (let round = 0; round < 3; round++) await again.work('blog');
      expect(await allKeys(feedOn(fresh))).toEqual(['p:4']);
      for (const seq of [1, 2, 3]) {
        expect(await collectionsOf(fresh).events.get(eventId('blog', seq))).toBeUndefined();
      }
      await fresh.close();
    }
  });

  test('a server that was quiet for months does not publish where it left off', async () => {
    const quiet = feed();
    await quiet.publish(happened('p:1'));
    await publishAll(store, places(3, 'q'));
    clock.advance(keepEventsMs);
    await sweep();
    const { next } = await feed().read({ merchant: 'blog', limit: 10 });
    await quiet.publish(happened('p:2'));
    expect(await allKeys(feed(), 'blog', 10, next)).toEqual(['p:2']);
  });

  test('what can not be read for long is said to be unavailable, and published later', async () => {
    const { events, ...others } = collectionsOf(store);
    await publishAll(store, ['p:1']);
    const blind = { ...events, find: async () => ({ docs: [] }) };
    const pause = async () => undefined;
    const publishing = feed({ events: blind, ...others, pause }).publish(happened('p:2'));
    await expect(publishing).rejects.toThrow(StoreUnavailable);
    expect(await feed().publish(happened('p:2'))).toEqual({ seq: 2 });
  });
});

describe('a feed in a file', () => {
  const place = storeFile('events');
  afterAll(() => place.remove());

  test('goes on after a restart where it was', async () => {
    const before = await openEvents({ file: place.file });
    await publishAll(before, ['p:1']);
    const { next } = await feedOn(before).read({ merchant: 'blog', limit: 10 });
    await before.close();
    const after = await openEvents({ file: place.file });
    await publishAll(after, ['p:2']);
    expect(await allKeys(feedOn(after), 'blog', 10, next)).toEqual(['p:2']);
    await after.close();
  });
});
