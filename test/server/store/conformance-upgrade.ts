import { describe, expect, test } from 'vitest';
import type { Doc, Store } from '../../../server/store/store.js';
import { BadDocument, define, StoreUnavailable } from '../../../server/store/store.js';
import type { Place } from './place.js';
import { idsOf, things } from './place.js';

interface PersonV1 extends Doc {
  readonly name: string;
  readonly born: number;
}
interface PersonV3 extends Doc {
  readonly fullName: string;
  readonly decade?: number;
  readonly born: number;
}

const people1 = define<PersonV1>()({ name: 'people', version: 1, indexes: { by_born: { keys: ['born'] } } });

const people3 = define<PersonV3>()({
  name: 'people',
  version: 3,
  indexes: { by_born: { keys: ['born'] }, by_decade: { keys: ['decade', 'born'] } },
  upgrade: {
    1: ({ name, ...rest }: PersonV1) => ({ ...rest, fullName: name }),
    2: (old: PersonV3) => ({ ...old, decade: Math.floor(old.born / 10) * 10 }),
  },
});

/** Reopening: what was answered is there; schema versions; stores that are closed. */
export function upgradeCases(makePlace: () => Promise<Place>): void {
  const using = async (
    place: Place,
    definitions: Parameters<Place['open']>[0],
    work: (store: Store) => Promise<void>,
  ) => {
    const store = await place.open(definitions);
    try {
      await work(store);
    } finally {
      await store.close();
    }
  };

  const born = async (): Promise<Place> => {
    const place = await makePlace();
    await using(place, [people1], async (store) => {
      await store.collection(people1).insert({ id: 'ada', name: 'Ada', born: 1815 });
      await store.collection(people1).insert({ id: 'bob', name: 'Bob', born: 1903 });
    });
    return place;
  };

  describe('opened again', () => {
    test('get – reads what was answered before the store was closed', async () => {
      const place = await born();
      await using(place, [people1], async (store) => {
        expect(await store.collection(people1).get('ada')).toEqual({
          id: 'ada',
          rev: 1,
          v: 1,
          name: 'Ada',
          born: 1815,
        });
      });
    });

    test('get – upgrades an old document step by step and stores nothing', async () => {
      const place = await born();
      await using(place, [people3], async (store) => {
        expect(await store.collection(people3).get('ada')).toEqual({
          id: 'ada',
          rev: 1,
          v: 3,
          fullName: 'Ada',
          born: 1815,
          decade: 1810,
        });
      });
      await using(place, [people1], async (store) => {
        expect(await store.collection(people1).get('ada')).toMatchObject({ v: 1, name: 'Ada' });
      });
    });

    test('replace – stores the upgraded document, and only then is it in a new index', async () => {
      const place = await born();
      await using(place, [people3], async (store) => {
        const people = store.collection(people3);
        const decades = async () => (await people.find({ index: 'by_decade', limit: 10 })).docs.map(({ id }) => id);
        expect(await decades()).toEqual([]);
        const ada = (await people.get('ada')) as PersonV3;
        expect(await people.replace(ada)).toMatchObject({ ok: true, doc: { rev: 2, v: 3 } });
        expect(await decades()).toEqual(['ada']);
      });
      await using(place, [people1], async (store) => {
        await expect(store.collection(people1).get('ada')).rejects.toThrow('run the newer program');
      });
    });

    test('find – upgrades what it finds, and pages by what is stored', async () => {
      const place = await born();
      const moved = define<PersonV1>()({
        ...people1,
        version: 2,
        upgrade: { 1: (old: PersonV1) => ({ ...old, born: -old.born }) },
      });
      await using(place, [moved], async (store) => {
        const people = store.collection(moved);
        const first = await people.find({ index: 'by_born', limit: 1 });
        expect(first.docs).toEqual([{ id: 'ada', rev: 1, v: 2, name: 'Ada', born: -1815 }]);
        const second = await people.find({ index: 'by_born', limit: 1, after: first.next as string });
        expect(second).toEqual({ docs: [{ id: 'bob', rev: 1, v: 2, name: 'Bob', born: -1903 }] });
      });
    });

    test('get – an upgrade can change neither id nor rev', async () => {
      const place = await born();
      const rude = define<PersonV1>()({
        ...people1,
        version: 2,
        upgrade: { 1: (old: PersonV1) => ({ ...old, id: 'eve', rev: 9 }) },
      });
      await using(place, [rude], async (store) => {
        expect(await store.collection(rude).get('ada')).toMatchObject({ id: 'ada', rev: 1, v: 2 });
      });
    });

    test('get – a version for which there is no upgrade is refused in plain words', async () => {
      const place = await born();
      const gap = define<PersonV1>()({ ...people1, version: 3, upgrade: { 2: (old: PersonV1) => old } });
      await using(place, [gap], async (store) => {
        await expect(store.collection(gap).get('ada')).rejects.toThrow(BadDocument);
      });
    });

    test('find – an index that was added finds the documents that were there already', async () => {
      const place = await born();
      const named = define<PersonV1>()({ ...people1, indexes: { by_name: { keys: ['name'] } } });
      await using(place, [named], async (store) => {
        const { docs } = await store.collection(named).find({ index: 'by_name', equals: { name: 'Bob' }, limit: 5 });
        expect(docs).toMatchObject([{ id: 'bob' }]);
      });
    });

    test('find – an index whose keys changed under its old name gives the new order', async () => {
      const place = await born();
      const changed = define<PersonV1>()({ ...people1, indexes: { by_born: { keys: ['name', 'born'] } } });
      const query = { index: 'by_born', limit: 5, order: 'desc' } as const;
      const expectOrder = (found: { docs: readonly Doc[] }) => expect(idsOf(found.docs)).toEqual(['bob', 'ada']);
      await using(place, [changed], async (store) => expectOrder(await store.collection(changed).find(query)));
      await using(place, [people1], async (store) => expectOrder(await store.collection(people1).find(query)));
      await using(place, [changed], async (store) => expectOrder(await store.collection(changed).find(query)));
    });

    test('collection – of a definition the store was not opened with is refused', async () => {
      await using(await makePlace(), [people1], async (store) => {
        expect(() => store.collection(things)).toThrow('things');
        expect(() => store.collection(people3)).toThrow('people');
      });
    });

    test('open – a definition that no engine could keep is refused', async () => {
      const place = await makePlace();
      const bad = [
        [{ ...people1, name: 'People' }],
        [people1, { ...people3 }],
        [{ ...people1, version: 0 }],
        [{ ...people1, indexes: { i: { keys: ["a') --"] } } }],
        [{ ...people1, indexes: { i: { keys: ['id'] } } }],
        [{ ...people1, indexes: { 'a b': { keys: ['born'] } } }],
        [{ ...people1, indexes: { i: { keys: ['born', 'born'] } } }],
      ];
      for (const definitions of bad) await expect(place.open(definitions)).rejects.toThrow(/^store: /);
    });

    test('ping – answers while the store is open', async () => {
      await using(await makePlace(), [people1], (store) => store.ping());
    });

    test('close – finishes what was accepted, and refuses everything afterwards', async () => {
      const place = await makePlace();
      const store = await place.open([people1]);
      const people = store.collection(people1);
      const accepted = Array.from({ length: 20 }, (_, n) => people.insert({ id: `p${n}`, name: 'x', born: n }));
      await store.close();
      expect((await Promise.all(accepted)).every(({ ok }) => ok)).toBe(true);
      await expect(people.insert({ id: 'late', name: 'x', born: 1 })).rejects.toThrow(StoreUnavailable);
      await expect(people.get('p1')).rejects.toThrow(StoreUnavailable);
      await expect(people.find({ index: 'by_born', limit: 1 })).rejects.toThrow(StoreUnavailable);
      await expect(store.ping()).rejects.toThrow(StoreUnavailable);
      await store.close();
      await using(place, [people1], async (again) => {
        expect((await again.collection(people1).find({ index: 'by_born', limit: 100 })).docs).toHaveLength(20);
      });
    });
  });
}
