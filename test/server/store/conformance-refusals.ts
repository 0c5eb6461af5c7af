import { describe, expect, test } from 'vitest';
import { BadDocument } from '../../../server/store/store.js';
import type { Things } from './place.js';
import { newGroup, untyped } from './place.js';

const notValues: readonly (readonly [string, unknown])[] = [
  ['a boolean', true],
  ['an object', {}],
  ['an operator object', { $ne: null }],
  ['an array', ['x']],
  ['a date', new Date(0)],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a fraction', 1.5],
  ['an integer of more than 53 bits', 2 ** 53],
  ['a bigint', 1n],
  ['text with a NUL', 'a\0b'],
  ['half a surrogate pair', 'a\uD800'],
  ['a symbol', Symbol('x')],
  ['a function', () => 'x'],
];

/** What the types forbid is refused at run time too, before it reaches an engine: bound to SQLite some of it would end the process. */
export function refusalCases(collection: () => Things): void {
  describe('what is refused', () => {
    test.each(notValues)('insert and replace – refuse %s in an indexed field', async (_what, value) => {
      const id = newGroup();
      await expect(collection().insert({ id, label: untyped(value) })).rejects.toThrow(BadDocument);
      expect(await collection().get(id)).toBeUndefined();
      await collection().insert({ id, at: 1 });
      await expect(collection().replace({ id, rev: 1, v: 1, label: untyped(value) })).rejects.toThrow(BadDocument);
      expect(await collection().get(id)).toEqual({ id, rev: 1, v: 1, at: 1 });
    });

    test.each<readonly [string, unknown]>([
      ...notValues,
      ['a number', 7],
      ['nothing', undefined],
      ['null', null],
      ['empty text', ''],
      ['600 characters', 'x'.repeat(600)],
    ])('every verb – refuses %s as an id', async (_what, id) => {
      await expect(collection().insert({ id: untyped(id) })).rejects.toThrow(BadDocument);
      await expect(collection().get(untyped(id))).rejects.toThrow(BadDocument);
      await expect(collection().replace({ id: untyped(id), rev: 1, v: 1 })).rejects.toThrow(BadDocument);
      await expect(collection().remove(untyped(id), 1)).rejects.toThrow(BadDocument);
    });

    test.each<readonly [string, unknown]>([...notValues, ['nothing', undefined], ['null', null]])(
      'find – refuses %s in equals and range',
      async (_what, value) => {
        const group = newGroup();
        await collection().insert({ id: group, group, at: 1 });
        const query = { index: 'by_group', limit: 10 };
        await expect(collection().find(untyped({ ...query, equals: { group: value } }))).rejects.toThrow(BadDocument);
        if (value === undefined) return;
        await expect(
          collection().find(untyped({ ...query, equals: { group }, range: { from: value } })),
        ).rejects.toThrow(BadDocument);
        await expect(collection().find(untyped({ ...query, equals: { group }, range: { to: value } }))).rejects.toThrow(
          BadDocument,
        );
      },
    );

    test.each([
      ['an index that is not declared', { index: 'by_data', limit: 1 }],
      ['an index named as a method of every object', { index: 'constructor', limit: 1 }],
      ['no index', { limit: 1 }],
      ['limit 0', { index: 'by_at', limit: 0 }],
      ['limit 1,001', { index: 'by_at', limit: 1_001 }],
      ['limit 1.5', { index: 'by_at', limit: 1.5 }],
      ['a limit of text', { index: 'by_at', limit: '5' }],
      ['no limit', { index: 'by_at' }],
      ['equals that leaves out the first key', { index: 'by_group', equals: { at: 1 }, limit: 1 }],
      ['equals on a field that is not in the index', { index: 'by_at', equals: { group: 'x' }, limit: 1 }],
      ['equals that is not an object', { index: 'by_at', equals: 'x', limit: 1 }],
      ['a range when equals fixes every key', { index: 'by_at', equals: { at: 1 }, range: { from: 1 }, limit: 1 }],
      ['a range from a number to a text', { index: 'by_at', range: { from: 1, to: 'x' }, limit: 1 }],
      ['a range with operators', { index: 'by_at', range: { $gt: 1 }, limit: 1 }],
      ['an order that is neither asc nor desc', { index: 'by_at', order: 'ASC; DROP TABLE things', limit: 1 }],
      ['a part that queries do not have', { index: 'by_at', limit: 1, where: 'x' }],
      ['a query that is not an object', 'by_at'],
    ])('find – refuses %s', async (_what, query) => {
      await expect(collection().find(untyped(query))).rejects.toThrow(BadDocument);
    });

    test.each([
      ['a date', new Date(0)],
      ['a map', new Map()],
      ['bytes', Buffer.from('x')],
      ['an instance of a class', new (class Money {})()],
      ['NaN', Number.NaN],
      ['a bigint', 1n],
      ['a function', () => 1],
      ['undefined in an array', [undefined]],
      ['an object that holds itself', selfish()],
    ])('insert – refuses %s anywhere in the body', async (_what, value) => {
      const id = newGroup();
      await expect(collection().insert({ id, data: untyped({ list: [{ value }] }) })).rejects.toThrow(BadDocument);
      expect(await collection().get(id)).toBeUndefined();
    });

    test.each([0, -1, 1.5, '1', null, undefined, { $gt: 0 }, true])(
      'replace and remove – refuse the rev %j',
      async (rev) => {
        const id = newGroup();
        await collection().insert({ id });
        await expect(collection().replace({ id, rev: untyped(rev), v: 1 })).rejects.toThrow(BadDocument);
        await expect(collection().remove(id, untyped(rev))).rejects.toThrow(BadDocument);
        expect(await collection().get(id)).toMatchObject({ rev: 1 });
      },
    );

    test('insert – a refusal names the field and never its value', async () => {
      const refused = collection().insert({ id: newGroup(), label: untyped('4242-secret\0') });
      await expect(refused).rejects.toThrow('things.label');
      await expect(refused).rejects.not.toThrow('4242');
    });
  });
}

function selfish(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
