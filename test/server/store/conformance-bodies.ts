import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../server/store/store.js';
import { BadDocument } from '../../../server/store/store.js';
import type { Things } from './place.js';
import { newGroup, untyped } from './place.js';

const parsed = (text: string): Json => JSON.parse(text) as Json;

/** JSON that some engine, driver or mapper would rather change. */
const awkward: readonly (readonly [string, Json])[] = [
  ['empty objects, arrays and strings', { a: {}, b: [], c: '', d: [{}, []] }],
  ['nulls and booleans', { a: null, b: [null, true, false] }],
  ['floats, large and small numbers', [0.1, -1.5, 1e300, 5e-324, 2 ** 53, -(2 ** 31) - 1, 4_294_967_296]],
  ['Korean, emoji, combining and right-to-left text', ['홍길동', '👩‍👩‍👧‍👦', 'é', 'é', 'שלום']],
  ['NUL and control characters in text', { text: 'a\u0000b', more: '\u0001\u001f\u2028' }],
  ['a NUL in a field name', { 'a\u0000b': 1 }],
  ['fields with dots', { 'a.b': 1, a: { b: 2 }, '.': 3, '': 4 }],
  ['fields that look like operators', { $ne: null, $set: { x: 1 }, nested: [{ $gt: '' }] }],
  ['fields that look like a database reference', { $ref: 'payments', $id: 'x', $db: 'admin' }],
  ['fields that look like a type tag', { _bsontype: 'ObjectId', id: 'abcdefghijkl', $oid: '0' }],
  [
    'fields named as methods',
    { toJSON: 'x', toBSON: 'y', toObject: 1, valueOf: 2, hasOwnProperty: 3, constructor: 'z' },
  ],
  [
    'fields named as a mapper’s own',
    { id: 'x', _id: 'y', __v: 3, save: 1, isNew: true, errors: {}, collection: 'c', $isNew: 1 },
  ],
  ['a field named __proto__', parsed('{ "__proto__": { "admin": true }, "a": [{ "__proto__": 1 }] }')],
  ['fields named as numbers, and in their order', parsed('{ "b": 1, "10": 2, "a": 3, "2": 4 }')],
  ['text that looks like a date or a number', ['2024-01-01T00:00:00.000Z', '1', '1e3', 'NaN', 'null']],
  ['nesting of many levels', Array.from({ length: 55 }).reduce<Json>((inner) => ({ inner }), 'core')],
];

/** What goes in comes out. */
export function bodyCases(collection: () => Things): void {
  const roundTrip = async (data: Json) => {
    const id = newGroup();
    const inserted = await collection().insert({ id, group: id, at: 1, data });
    const read = await collection().get(id);
    const found = await collection().find({ index: 'by_group', equals: { group: id }, limit: 1 });
    const replaced = await collection().replace({ id, rev: 1, v: 1, group: id, at: 1, data });
    const again = await collection().get(id);
    return [
      inserted.ok && inserted.doc.data,
      read?.data,
      found.docs[0]?.data,
      replaced.ok && replaced.doc.data,
      again?.data,
    ];
  };

  describe('what a document may hold', () => {
    test.each(awkward)('insert and replace – keep %s', async (_what, data) => {
      // As text, so that the order of fields and a field named __proto__ are compared too.
      for (const kept of await roundTrip(data)) expect(JSON.stringify(kept)).toBe(JSON.stringify(data));
    });

    test('insert and replace – keep any JSON there is', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), async (value) => {
          const data = parsed(JSON.stringify(value));
          for (const kept of await roundTrip(data)) expect(JSON.stringify(kept)).toBe(JSON.stringify(data));
        }),
        { numRuns: 100 },
      );
    });

    test('insert – keeps awkward field names at the top level, and the indexes go on working', async () => {
      const id = newGroup();
      const doc = {
        id,
        group: id,
        at: 4,
        $ne: 1,
        'a.b': 2,
        _id: 'x',
        save: 3,
        isNew: false,
        _bsontype: 'Long',
        body: 5,
        text: 'x',
      };
      await collection().insert(doc);
      expect(await collection().get(id)).toEqual({ ...doc, rev: 1, v: 1 });
      const { docs } = await collection().find({
        index: 'by_group',
        equals: { group: id },
        range: { from: 4 },
        limit: 2,
      });
      expect(docs).toEqual([{ ...doc, rev: 1, v: 1 }]);
    });

    test('insert – a body named __proto__ pollutes nobody', async () => {
      await roundTrip(parsed('{ "__proto__": { "polluted": true } }'));
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });

    test('insert – drops undefined fields at every level', async () => {
      const id = newGroup();
      const answer = await collection().insert({
        id,
        group: untyped(undefined),
        data: { a: undefined, b: { c: undefined } },
      });
      expect(answer).toStrictEqual({ ok: true, doc: { id, data: { b: {} }, rev: 1, v: 1 } });
      expect(await collection().get(id)).toStrictEqual({ id, data: { b: {} }, rev: 1, v: 1 });
    });

    test('insert – half a surrogate pair in text becomes U+FFFD, as in any UTF-8', async () => {
      for (const kept of await roundTrip({ text: 'a\uD83Db', 'k\uDC00': ['\uD83D\uDE00'] })) {
        expect(kept).toEqual({ text: 'a\uFFFDb', 'k\uFFFD': ['😀'] });
      }
    });

    test('insert – keeps a document of 1 MB', async () => {
      const data = { blocks: Array.from({ length: 1_000 }, (_, n) => `${n}`.concat('가나다😀'.repeat(77))) };
      for (const kept of await roundTrip(data)) expect(kept).toEqual(data);
    });

    test('insert – refuses a document of 20 MB and stays well', async () => {
      const id = newGroup();
      await expect(collection().insert({ id, data: 'x'.repeat(20 * 1024 * 1024) })).rejects.toThrow(BadDocument);
      expect(await collection().get(id)).toBeUndefined();
      expect(await collection().insert({ id })).toMatchObject({ ok: true });
    });
  });
}
