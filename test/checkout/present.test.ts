import { expect, it } from 'vitest';
import { present } from '../../widget/checkout/present.js';

it('what has no value is left out, as an empty attribute has none; `false`, 0 and an empty list are values', () => {
  const all = present<{ a?: string; b?: string; c: boolean; d: number; e: string[] }>({
    a: undefined,
    b: '',
    c: false,
    d: 0,
    e: [],
  });
  expect(all).toEqual({ c: false, d: 0, e: [] });
  expect(Object.keys(all)).toEqual(['c', 'd', 'e']);
});
