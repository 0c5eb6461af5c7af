import { describe, expect, test } from 'vitest';
import type { Things } from './place.js';
import { newGroup } from './place.js';

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** insert, get, replace, remove: one document at a time, and races for it. */
export function writeCases(collection: () => Things): void {
  describe('one document', () => {
    test('insert – answers the document with rev 1 and the schema version', async () => {
      const id = newGroup();
      expect(await collection().insert({ id, at: 5, data: { a: [1, 'b', null] } })).toEqual({
        ok: true,
        doc: { id, rev: 1, v: 1, at: 5, data: { a: [1, 'b', null] } },
      });
    });

    test('insert – a taken id is refused and the stored document stays as it was', async () => {
      const id = newGroup();
      await collection().insert({ id, at: 1 });
      expect(await collection().insert({ id, at: 2 })).toEqual({ ok: false, why: 'taken' });
      expect(await collection().get(id)).toEqual({ id, rev: 1, v: 1, at: 1 });
    });

    test('insert – of many at once under one id exactly one wins, and its document is the one that is read', async () => {
      const id = newGroup();
      const answers = await Promise.all(times(20, (at) => collection().insert({ id, at })));
      const winners = answers.flatMap((answer) => (answer.ok ? [answer.doc] : []));
      expect(winners).toHaveLength(1);
      expect(await collection().get(id)).toEqual(winners[0]);
    });

    test('insert – whoever is told "taken" can read the document at once', async () => {
      for (const id of times(20, newGroup)) {
        const read = await Promise.all(
          times(4, async () => {
            const answer = await collection().insert({ id, at: 1 });
            return answer.ok ? answer.doc : collection().get(id);
          }),
        );
        expect(read).toEqual(times(4, () => ({ id, rev: 1, v: 1, at: 1 })));
      }
    });

    test('insert – a removed id can be used again, starting at rev 1', async () => {
      const id = newGroup();
      await collection().insert({ id, at: 1 });
      await collection().remove(id, 1);
      expect(await collection().insert({ id, at: 2 })).toMatchObject({ ok: true, doc: { rev: 1, at: 2 } });
    });

    test('insert – a rev and v handed in are the store’s to set, not the caller’s', async () => {
      const id = newGroup();
      const doc = { id, rev: 70, v: 9, at: 1 };
      expect(await collection().insert(doc)).toMatchObject({ ok: true, doc: { rev: 1, v: 1 } });
      expect(await collection().get(id)).toMatchObject({ rev: 1, v: 1 });
    });

    test('insert – what the caller does to its object afterwards changes nothing', async () => {
      const id = newGroup();
      const data = { list: [1] };
      const pending = collection().insert({ id, data });
      data.list.push(2);
      expect(await pending).toMatchObject({ doc: { data: { list: [1] } } });
      expect(await collection().get(id)).toMatchObject({ data: { list: [1] } });
    });

    test('get – an unknown id is undefined', async () => {
      expect(await collection().get('nobody')).toBeUndefined();
    });

    test('get – ids are told apart by case, spaces and accents', async () => {
      const id = newGroup();
      for (const other of [`${id}A`, `${id}a`, `${id}a `, `${id}é`, `${id}e`]) await collection().insert({ id: other });
      expect(await collection().get(`${id}a`)).toMatchObject({ id: `${id}a` });
      expect(await collection().get(`${id}é`)).toMatchObject({ id: `${id}é` });
      expect(await collection().get(` ${id}a`)).toBeUndefined();
    });

    test('get – sees a write as soon as it was answered', async () => {
      const id = newGroup();
      let doc = await inserted(collection(), id);
      for (let at = 1; at <= 30; at++) {
        const answer = await collection().replace({ ...doc, at });
        if (!answer.ok) throw new Error('nobody else writes here');
        doc = answer.doc;
        expect(await collection().get(id)).toEqual({ id, rev: at + 1, v: 1, at });
      }
    });

    test('replace – writes the whole document and raises rev by one', async () => {
      const id = newGroup();
      const doc = await inserted(collection(), id, { at: 1, label: 'old' });
      expect(await collection().replace({ id, rev: doc.rev, v: doc.v, at: 2 })).toEqual({
        ok: true,
        doc: { id, rev: 2, v: 1, at: 2 },
      });
      expect(await collection().get(id)).toEqual({ id, rev: 2, v: 1, at: 2 });
    });

    test('replace – of a revision that was overwritten is stale and changes nothing', async () => {
      const id = newGroup();
      const doc = await inserted(collection(), id);
      await collection().replace({ ...doc, at: 2 });
      expect(await collection().replace({ ...doc, at: 3 })).toEqual({ ok: false, why: 'stale' });
      expect(await collection().get(id)).toMatchObject({ rev: 2, at: 2 });
    });

    test('replace – of a revision that is yet to come is stale', async () => {
      const doc = await inserted(collection(), newGroup());
      expect(await collection().replace({ ...doc, rev: 2 })).toEqual({ ok: false, why: 'stale' });
    });

    test('replace – of a document that is not there is stale and makes none', async () => {
      const id = newGroup();
      expect(await collection().replace({ id, rev: 1, v: 1, at: 1 })).toEqual({ ok: false, why: 'stale' });
      expect(await collection().get(id)).toBeUndefined();
    });

    test('replace – with the very same content still raises rev, so that a second writer is stale', async () => {
      const doc = await inserted(collection(), newGroup(), { at: 1 });
      expect(await collection().replace(doc)).toMatchObject({ ok: true, doc: { rev: 2 } });
      expect(await collection().replace(doc)).toEqual({ ok: false, why: 'stale' });
    });

    test('replace – of 50 at once on one revision exactly one wins', async () => {
      const doc = await inserted(collection(), newGroup());
      const answers = await Promise.all(times(50, (at) => collection().replace({ ...doc, at })));
      const winners = answers.flatMap((answer) => (answer.ok ? [answer.doc] : []));
      expect(winners).toHaveLength(1);
      expect(await collection().get(doc.id)).toEqual(winners[0]);
    });

    test('replace – 50 writers that read again and try again lose no update', async () => {
      const { id } = await inserted(collection(), newGroup(), { at: 0 });
      const revs = await Promise.all(times(50, () => increment(collection(), id)));
      expect(await collection().get(id)).toMatchObject({ rev: 51, at: 50 });
      expect(revs.toSorted((a, b) => a - b)).toEqual(times(50, (at) => at + 2));
    });

    test('remove – of the revision that was read removes the document', async () => {
      const doc = await inserted(collection(), newGroup());
      expect(await collection().remove(doc.id, 1)).toBe(true);
      expect(await collection().get(doc.id)).toBeUndefined();
    });

    test('remove – of another revision removes nothing', async () => {
      const doc = await inserted(collection(), newGroup());
      await collection().replace({ ...doc, at: 2 });
      expect(await collection().remove(doc.id, 1)).toBe(false);
      expect(await collection().remove(doc.id, 3)).toBe(false);
      expect(await collection().get(doc.id)).toMatchObject({ rev: 2 });
    });

    test('remove – of what is not there is false', async () => {
      expect(await collection().remove(newGroup(), 1)).toBe(false);
    });

    test('remove – racing a replace of the same revision, exactly one of the two happens', async () => {
      for (const id of times(20, newGroup)) {
        const doc = await inserted(collection(), id);
        const [replaced, removed] = await Promise.all([
          collection().replace({ ...doc, at: 2 }),
          collection().remove(id, 1),
        ]);
        expect(replaced.ok).toBe(!removed);
        expect((await collection().get(id))?.rev).toBe(removed ? undefined : 2);
      }
    });

    test('replace – of a document that was removed meanwhile is stale and does not bring it back', async () => {
      const doc = await inserted(collection(), newGroup());
      await collection().remove(doc.id, 1);
      expect(await collection().replace({ ...doc, at: 2 })).toEqual({ ok: false, why: 'stale' });
      expect(await collection().get(doc.id)).toBeUndefined();
    });
  });
}

async function inserted(collection: Things, id: string, fields: { at?: number; label?: string } = {}) {
  const answer = await collection.insert({ id, ...fields });
  if (!answer.ok) throw new Error(`${id} is taken`);
  return answer.doc;
}

async function increment(collection: Things, id: string): Promise<number> {
  for (;;) {
    const doc = await collection.get(id);
    if (doc === undefined) throw new Error('it was there');
    const answer = await collection.replace({ ...doc, at: (doc.at ?? 0) + 1 });
    if (answer.ok) return answer.doc.rev;
  }
}
