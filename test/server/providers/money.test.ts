import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencies, maxAmount } from '../../../contract/index.js';
import { toMajor, toMinor } from '../../../server/providers/money.js';

describe('money on the wire', () => {
  test('every amount survives the way to the provider and back, as JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxAmount }), fc.constantFrom(...currencies), (amount, currency) => {
        const wire = JSON.stringify(toMajor(amount, currency));
        expect(wire).toMatch(currency === 'USD' ? /^\d+(\.\d{1,2})?$/ : /^\d+$/);
        expect(toMinor(JSON.parse(wire), currency)).toBe(amount);
      }),
    );
  });

  test.each([
    [1000, 'KRW', 1000],
    [664.98, 'USD', 66_498],
    [14.2, 'USD', 1420],
    [0.07, 'USD', 7],
    [1000, 'JPY', 1000],
    [0, 'KRW', 0],
    [-0, 'KRW', 0],
    [12.5, 'EUR', 1250],
  ])('%d %s is %d in minor units', (major, currency, minor) => {
    expect(toMinor(major, currency)).toBe(minor);
  });

  test.each([
    [14.205, 'USD'],
    [1e-9, 'USD'],
    [1000.5, 'KRW'],
    [0.1, 'JPY'],
    [Number.NaN, 'KRW'],
    [Number.POSITIVE_INFINITY, 'KRW'],
    [-1, 'KRW'],
    [1e300, 'KRW'],
    ['1000', 'KRW'],
    [null, 'KRW'],
    [undefined, 'KRW'],
    [{}, 'KRW'],
    [1000, ''],
    [1000, 'WON!'],
    [1000, 'constructor'],
  ])('%j in "%s" is no amount', (value, currency) => {
    expect(toMinor(value, currency)).toBeUndefined();
  });

  test.each([0.5, -1, Number.NaN, 2 ** 60])('we never send %d: it is no amount of ours', (amount) => {
    expect(() => toMajor(amount, 'KRW')).toThrow(RangeError);
  });
});
