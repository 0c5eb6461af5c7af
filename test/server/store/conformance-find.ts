import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadCursor } from '../../../server/store/store.js';
import type { Thing, Things } from './place.js';
import { allIds, idsOf, newGroup, pages, untyped } from './place.js';

type Fields = Omit<Thing, 'rev' | 'v'>;

/** Index walks: order, bounds, pages, cursors. */
export function findCases(collection: () => Things): void {
  const fill = (docs: readonly Fields[]) => Promise.all(docs.map((doc) => collection().insert(doc)));

  describe('an index', () => {
    test('find – gives documents in the order of the keys, ties by id, both ways', async () => {
      const group = newGroup();
      await fill([
        { id: `${group}c`, group, at: 2 },
        { id: `${group}a`, group, at: 2 },
        { id: `${group}b`, group, at: 1 },
        { id: `${group}d`, group, at: -3 },
      ]);
      const ascending = [`${group}d`, `${group}b`, `${group}a`, `${group}c`];
      const query = { index: 'by_group', equals: { group }, limit: 10 } as const;
      expect(idsOf((await collection().find(query)).docs)).toEqual(ascending);
      expect(idsOf((await collection().find({ ...query, order: 'desc' })).docs)).toEqual(ascending.toReversed());
    });

    test('find – gives whole documents with rev and v', async () => {
      const group = newGroup();
      await fill([{ id: group, group, at: 1, data: { deep: [true, {}] } }]);
      expect(await collection().find({ index: 'by_group', equals: { group }, limit: 1 })).toEqual({
        docs: [{ id: group, rev: 1, v: 1, group, at: 1, data: { deep: [true, {}] } }],
      });
    });

    test('find – pages with ties on their borders lose and repeat nothing, both ways', async () => {
      const group = newGroup();
      const docs = Array.from({ length: 23 }, (_, n) => ({ id: `${group}${n + 10}`, group, at: n % 3 }));
      await fill(docs);
      const expected = idsOf(docs.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)) as Thing[]);
      for (const limit of [1, 4, 23]) {
        const query = { index: 'by_group', equals: { group }, limit } as const;
        expect(await allIds(collection(), query)).toEqual(expected);
        expect(await allIds(collection(), { ...query, order: 'desc' })).toEqual(expected.toReversed());
      }
    });

    test('find – the last page has no next, also when it is exactly full', async () => {
      const group = newGroup();
      await fill([1, 2, 3, 4].map((at) => ({ id: `${group}${at}`, group, at })));
      const sizes = (await pages(collection(), { index: 'by_group', equals: { group }, limit: 2 })).map(
        (page) => page.length,
      );
      expect(sizes).toEqual([2, 2]);
    });

    test('find – an empty result has no next', async () => {
      expect(await collection().find({ index: 'by_group', equals: { group: 'none' }, limit: 5 })).toEqual({ docs: [] });
    });

    test('find – a range has both its ends in it', async () => {
      const group = newGroup();
      await fill([1, 2, 3, 4, 5].map((at) => ({ id: `${group}${at}`, group, at })));
      const found = async (range: { from?: number; to?: number }) =>
        (await allIds(collection(), { index: 'by_group', equals: { group }, range, limit: 10 })).map((id) =>
          Number(id.at(-1)),
        );
      expect(await found({ from: 2, to: 4 })).toEqual([2, 3, 4]);
      expect(await found({ from: 4 })).toEqual([4, 5]);
      expect(await found({ to: 2 })).toEqual([1, 2]);
      expect(await found({ from: 3, to: 3 })).toEqual([3]);
      expect(await found({ from: 4, to: 2 })).toEqual([]);
    });

    test('find – a range pages to its end and stops there, both ways', async () => {
      const group = newGroup();
      await fill(Array.from({ length: 12 }, (_, n) => ({ id: `${group}${n + 10}`, group, at: Math.floor(n / 2) })));
      const query = { index: 'by_group', equals: { group }, range: { from: 1, to: 4 }, limit: 3 } as const;
      const expected = Array.from({ length: 8 }, (_, n) => `${group}${n + 12}`);
      expect(await allIds(collection(), query)).toEqual(expected);
      expect(await allIds(collection(), { ...query, order: 'desc' })).toEqual(expected.toReversed());
    });

    test('find – a range over integers finds no strings, and one over strings no integers', async () => {
      const group = newGroup();
      await fill([3, 'x', 7, ''].map((label, n) => ({ id: `${group}${n}`, group, label })));
      const found = (range: { from?: string | number; to?: string | number }) =>
        allIds(collection(), { index: 'by_label', equals: { group }, range, limit: 10 });
      expect(await found({ from: 0 })).toEqual([`${group}0`, `${group}2`]);
      expect(await found({ to: 9 })).toEqual([`${group}0`, `${group}2`]);
      expect(await found({ from: '' })).toEqual([`${group}3`, `${group}1`]);
      expect(await found({ to: 'z' })).toEqual([`${group}3`, `${group}1`]);
    });

    test('find – strings stand in the order of their UTF-8 bytes, integers before them', async () => {
      const group = newGroup();
      const ordered = [-5, 0, 12, '', '0', 'A', 'a', 'é', '가', '\uFFFD', '😀'];
      await fill(ordered.map((label, n) => ({ id: `${group}${99 - n}`, group, label })));
      const found = await pages(collection(), { index: 'by_label', equals: { group }, limit: 4 });
      expect(found.flat().map(({ label }) => label)).toEqual(ordered);
    });

    test('find – a document that lacks a key, or has null there, is not in the index', async () => {
      const group = newGroup();
      await fill([
        { id: `${group}1`, group },
        { id: `${group}2`, group, label: null },
        { id: `${group}3`, group, label: 'x', at: 1 },
      ]);
      expect(await allIds(collection(), { index: 'by_label', equals: { group }, limit: 10 })).toEqual([`${group}3`]);
      expect(await allIds(collection(), { index: 'by_group', equals: { group }, limit: 10 })).toEqual([`${group}3`]);
    });

    test('find – a document moves in the index when a replace changes, removes or adds its keys', async () => {
      const group = newGroup();
      await fill([{ id: group, group, at: 1 }]);
      const at = async (value: number) =>
        (await allIds(collection(), { index: 'by_group', equals: { group, at: value }, limit: 5 })).length;
      await collection().replace({ id: group, rev: 1, v: 1, group, at: 2 });
      expect([await at(1), await at(2)]).toEqual([0, 1]);
      await collection().replace({ id: group, rev: 2, v: 1, group });
      expect([await at(1), await at(2)]).toEqual([0, 0]);
      await collection().replace({ id: group, rev: 3, v: 1, group, at: 1 });
      expect([await at(1), await at(2)]).toEqual([1, 0]);
    });

    test('find – a removed document is in no index', async () => {
      const group = newGroup();
      await fill([{ id: group, group, at: 1 }]);
      await collection().remove(group, 1);
      expect(await allIds(collection(), { index: 'by_group', equals: { group }, limit: 5 })).toEqual([]);
    });

    test('find – sees a write as soon as it was answered', async () => {
      const group = newGroup();
      for (let n = 1; n <= 10; n++) {
        await fill([{ id: `${group}${n}`, group, at: n }]);
        expect((await collection().find({ index: 'by_group', equals: { group }, limit: 100 })).docs).toHaveLength(n);
      }
    });

    test('find – equality is exact: case, spaces and 1 against "1" are told apart', async () => {
      const group = newGroup();
      await fill(['a', 'A', 'a ', 1, '1'].map((label, n) => ({ id: `${group}${n}`, group, label })));
      const found = (label: string | number) =>
        allIds(collection(), { index: 'by_label', equals: { group, label }, limit: 10 });
      expect(await found('a')).toEqual([`${group}0`]);
      expect(await found(1)).toEqual([`${group}3`]);
      expect(await found('1')).toEqual([`${group}4`]);
    });

    test('find – integers of 53 bits keep every digit', async () => {
      const group = newGroup();
      const numbers = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
      await fill(numbers.map((at, n) => ({ id: `${group}${n}`, group, at })));
      for (const [n, at] of numbers.entries()) {
        const { docs } = await collection().find({ index: 'by_group', equals: { group, at }, limit: 5 });
        expect(docs).toEqual([{ id: `${group}${n}`, rev: 1, v: 1, group, at }]);
      }
      expect(await allIds(collection(), { index: 'by_group', equals: { group }, limit: 1 })).toHaveLength(3);
    });

    test('find – a cursor goes on behind a document that was removed meanwhile', async () => {
      const group = newGroup();
      await fill([1, 2, 3, 4].map((at) => ({ id: `${group}${at}`, group, at })));
      const query = { index: 'by_group', equals: { group }, limit: 2 } as const;
      const first = await collection().find(query);
      await collection().remove(`${group}2`, 1);
      await collection().remove(`${group}3`, 1);
      const second = await collection().find({ ...query, after: first.next as string });
      expect(idsOf(second.docs)).toEqual([`${group}4`]);
    });

    test('find – what is written behind a cursor turns up, what is written before it does not', async () => {
      const group = newGroup();
      await fill([2, 4].map((at) => ({ id: `${group}${at}`, group, at })));
      const query = { index: 'by_group', equals: { group }, limit: 1 } as const;
      const first = await collection().find(query);
      await fill([1, 3].map((at) => ({ id: `${group}${at}`, group, at })));
      expect(await allIds(collection(), { ...query, after: first.next as string } as typeof query)).toContain(
        `${group}3`,
      );
      const rest = await collection().find({ ...query, limit: 10, after: first.next as string });
      expect(idsOf(rest.docs)).toEqual([`${group}3`, `${group}4`]);
    });

    test('find – a cursor together with a range keeps to both', async () => {
      const group = newGroup();
      await fill([1, 2, 3, 4, 5, 6].map((at) => ({ id: `${group}${at}`, group, at })));
      const query = { index: 'by_group', equals: { group }, limit: 2 } as const;
      const { next } = await collection().find(query);
      const after = next as string;
      const found = async (range: { from?: number; to?: number }) =>
        idsOf((await collection().find({ ...query, limit: 10, range, after })).docs).map((id) => Number(id.at(-1)));
      expect(await found({ from: 1, to: 4 })).toEqual([3, 4]);
      expect(await found({ from: 5 })).toEqual([5, 6]);
      expect(await found({ to: 1 })).toEqual([]);
    });

    test('find – a cursor of another index, order or equals is refused, and so is one that was tampered with', async () => {
      const group = newGroup();
      await fill([1, 2, 3].map((at) => ({ id: `${group}${at}`, group, at, label: at })));
      const query = { index: 'by_group', equals: { group }, limit: 1 } as const;
      const after = (await collection().find(query)).next as string;
      const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
      const [bound] = JSON.parse(Buffer.from(after, 'base64url').toString('utf8')) as [string];
      for (const other of [
        { ...query, order: 'desc', after },
        { ...query, equals: { group: 'another' }, after },
        { ...query, equals: {}, after },
        { index: 'by_label', equals: { group }, limit: 1, after },
        { ...query, after: `${after}x` },
        { ...query, after: 'nonsense' },
        { ...query, after: '' },
        { ...query, after: { $gt: '' } },
        { ...query, after: forged([bound, { $gt: 0 }, 'x']) },
        { ...query, after: forged([bound, true, 'x']) },
        { ...query, after: forged([bound, 1, 'x\0']) },
        { ...query, after: forged([bound, 1]) },
        { ...query, after: forged({ bound }) },
      ]) {
        await expect(collection().find(untyped(other))).rejects.toThrow(BadCursor);
      }
      expect((await collection().find({ ...query, after })).docs).toHaveLength(1);
    });

    test('find – a cursor says nothing of the values that equals fixed', async () => {
      const group = newGroup();
      await fill([1, 2].map((at) => ({ id: `x-${at}-${group.slice(1)}`, group, at })));
      const { next } = await collection().find({ index: 'by_group', equals: { group }, limit: 1 });
      expect(Buffer.from(next as string, 'base64url').toString('utf8')).not.toContain(group);
    });

    test('find – documents that are due by a clock’s time are found, exactly those, as the clock moves', async () => {
      const group = newGroup();
      const clock = { time: 1_000, now: () => clock.time };
      await fill([1_000, 1_001, 2_000, 2_000, 3_000].map((at, n) => ({ id: `${group}${n}`, group, at })));
      await fill([{ id: `${group}never`, group }]);
      const due = () =>
        allIds(collection(), { index: 'by_group', equals: { group }, range: { to: clock.now() }, limit: 2 });
      expect(await due()).toEqual([`${group}0`]);
      clock.time = 1_999;
      expect(await due()).toEqual([`${group}0`, `${group}1`]);
      clock.time = 2_000;
      expect(await due()).toEqual([`${group}0`, `${group}1`, `${group}2`, `${group}3`]);
      clock.time = 999;
      expect(await due()).toEqual([]);
    });
  });

  describe('a large index', () => {
    const total = 10_000;
    const group = newGroup();
    beforeAll(async () => {
      for (let start = 0; start < total; start += 500) {
        await fill(
          Array.from({ length: 500 }, (_, n) => ({
            id: `${group}${100_000 + start + n}`,
            group,
            at: Math.floor((start + n) / 7),
          })),
        );
      }
    }, 120_000);

    test('find – pages through 10,000 documents, each once and in order', async () => {
      const found = await allIds(collection(), { index: 'by_group', equals: { group }, limit: 1_000 });
      expect(found).toEqual(Array.from({ length: total }, (_, n) => `${group}${100_000 + n}`));
    });

    test('find – goes backwards through them just as well', async () => {
      const found = await allIds(collection(), { index: 'by_group', equals: { group }, limit: 999, order: 'desc' });
      expect(found).toEqual(Array.from({ length: total }, (_, n) => `${group}${100_000 + total - 1 - n}`));
    });
  });

  test('find – gives what a plain sorted list gives, for any documents and any query', async () => {
    const label = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('', 'a', 'b', 'ab', '가', '😀', '\uFFFD'));
    const range = fc.option(fc.record({ from: label, to: label }, { requiredKeys: [] }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(label, { nil: undefined }), { maxLength: 12 }),
        range,
        fc.constantFrom('asc' as const, 'desc' as const),
        fc.integer({ min: 1, max: 5 }),
        async (labels, bounds, order, limit) => {
          const mixed =
            bounds?.from !== undefined && bounds.to !== undefined && typeof bounds.from !== typeof bounds.to;
          fc.pre(!mixed);
          const group = newGroup();
          const docs = labels.map((value, n) => ({
            id: `${group}${n + 10}`,
            group,
            ...(value === undefined ? {} : { label: value }),
          }));
          await fill(docs);
          const found = await allIds(collection(), {
            index: 'by_label',
            equals: { group },
            ...(bounds && { range: bounds }),
            order,
            limit,
          });
          expect(found).toEqual(expectedIds(docs, bounds ?? {}, order));
        },
      ),
      { numRuns: 60 },
    );
  });
}

type Label = string | number;

function compare(a: Label, b: Label): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
}

/** The promise of `find`, written down a second time, the plainest way. */
function expectedIds(
  docs: readonly { id: string; label?: Label }[],
  { from, to }: { from?: Label | undefined; to?: Label | undefined },
  order: 'asc' | 'desc',
): string[] {
  const type = typeof (from ?? to);
  const hits = docs
    .flatMap(({ id, label }) => (label === undefined ? [] : [{ id, label }]))
    .filter(
      ({ label }) =>
        (type === 'undefined' || typeof label === type) &&
        (from === undefined || compare(label, from) >= 0) &&
        (to === undefined || compare(label, to) <= 0),
    );
  const ids = hits.toSorted((a, b) => compare(a.label, b.label) || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  return order === 'asc' ? ids : ids.toReversed();
}
