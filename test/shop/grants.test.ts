import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventType, EventView, PaymentView } from '../../contract/index.js';
import { changesOf, keptOf, markOf, statementAfter, statementOf } from '../../demo/item-shop/grants/grants.js';

const potion = { item: 'potion', quantity: 4, price: 2_500 };
const shield = { item: 'shield', quantity: 1, price: 6_000 };
const sale = (refundedAmount: number, lines = [potion]) => ({
  lines,
  amount: lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
  refundedAmount,
});

describe('what is left to the buyer when money went back', () => {
  test.each([
    [0, 4],
    [1, 4],
    [2_499, 4],
    [2_500, 3],
    [5_000, 2],
    [7_499, 2],
    [9_999, 1],
    [10_000, 0],
    [10_001, 0],
  ])('%i of 10,000: %i of 4', (refunded, left) => {
    expect(keptOf(sale(refunded))).toEqual(left > 0 ? { potion: left } : {});
  });

  test('of several items the cheapest go first, and a dearer one waits until those are paid for', () => {
    const both = [shield, potion];
    expect(keptOf(sale(2_500, both))).toEqual({ potion: 3, shield: 1 });
    expect(keptOf(sale(6_000, both))).toEqual({ potion: 2, shield: 1 });
    expect(keptOf(sale(10_000, both))).toEqual({ shield: 1 });
    expect(keptOf(sale(16_000, both))).toEqual({});
  });

  test('free items stay until all of the money went back', () => {
    const gift = { item: 'gift', quantity: 2, price: 0 };
    expect(keptOf(sale(9_999, [gift, potion]))).toEqual({ gift: 2, potion: 1 });
    expect(keptOf(sale(10_000, [gift, potion]))).toEqual({});
  });

  test('a line of no item gives nothing', () => {
    expect(keptOf({ lines: [{ quantity: 1, price: 500 }], amount: 500, refundedAmount: 0 })).toEqual({});
  });

  test('more money back never leaves more, and what is taken is never worth more than what went back', () => {
    const line = fc.record({
      item: fc.constantFrom('a', 'b', 'c'),
      quantity: fc.integer({ min: 1, max: 5 }),
      price: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), (lines, one, two) => {
        const whole = sale(0, lines);
        const [less = 0, more = 0] = [one, two].map((each) => each % (whole.amount + 1)).sort((a, b) => a - b);
        const [all, before, after] = [0, less, more].map((refundedAmount) => keptOf({ ...whole, refundedAmount }));
        for (const [item, count] of Object.entries(after ?? {})) expect(count).toBeLessThanOrEqual(before?.[item] ?? 0);
        if (less === whole.amount) return;
        const cheapest = (item: string) => Math.min(...lines.filter((each) => each.item === item).map((l) => l.price));
        const gone = changesOf(before ?? {}, all ?? {}).reduce(
          (sum, { item, change }) => sum + change * cheapest(item),
          0,
        );
        expect(gone).toBeLessThanOrEqual(less);
      }),
    );
  });
});

const event = (
  type: EventType,
  data: object = {},
  about: object = { payment: 'pay_1', customer: 'sora' },
): EventView => ({
  ...{ id: 'evt_items_000000000007', key: `pay_1:3:${type}`, type, createdAt: '2026-03-02T03:00:00.000Z', about },
  data: { status: 'paid', ...sale(0), ...data },
});

describe('what an event says', () => {
  test('paid gives what was bought to who was signed in', () => {
    expect(statementOf(event('payment.paid'))).toEqual({
      ...{ key: 'pay_1:3:payment.paid', place: 'evt_items_000000000007', payment: 'pay_1', customer: 'sora' },
      ...{ at: '2026-03-02T03:00:00.000Z', kept: { potion: 4 }, mark: '0' },
    });
    expect(statementOf(event('payment.paid', {}, { payment: 'pay_1' }))).not.toHaveProperty('customer');
  });

  test.each([
    ['payment.partially_refunded', { refundedAmount: 5_000 }, { potion: 2 }, '5000'],
    ['payment.refunded', { refundedAmount: 10_000 }, {}, '10000'],
    ['payment.reversed', { status: 'pending' }, {}, 'none'],
    ['payment.paid', { refundedAmount: 10_000, status: 'refunded' }, {}, '10000'],
  ] as const)('%s, %j: left is %j', (type, data, kept, mark) => {
    expect(statementOf(event(type, data))).toMatchObject({ kept, mark });
  });

  test.each([
    'payment.pending',
    'payment.canceled',
    'payment.expired',
    'payment.attention',
    'refund.failed',
    'refund.needs_account',
    'webhook.disabled',
  ] as const)('%s says nothing of it', (type) => {
    expect(statementOf(event(type))).toBeUndefined();
  });

  test.each([
    { lines: 'potion' },
    { lines: [{ item: 'potion' }] },
    { lines: [{ ...potion, quantity: -1 }] },
    { lines: [{ ...potion, item: 7 }] },
    { lines: [null] },
    { amount: undefined },
    { refundedAmount: 0.5 },
  ])('a sale that can not be understood (%j) is an error, not nothing', (data) => {
    expect(() => statementOf(event('payment.paid', data))).toThrow('pay_1:3:payment.paid');
  });
});

describe('a payment as it stands', () => {
  const payment = (status: PaymentView['status'], refundedAmount: number) =>
    ({ id: 'pay_1', status, customer: 'sora', ...sale(refundedAmount) }) as unknown as PaymentView;

  test.each([
    ['paid', 0, { potion: 4 }, '0'],
    ['partially_refunded', 2_500, { potion: 3 }, '2500'],
    ['refunded', 10_000, {}, '10000'],
    ['open', 0, {}, 'none'],
    ['pending', 0, {}, 'none'],
    ['expired', 0, {}, 'none'],
  ] as const)('%s with %i back', (status, refunded, kept, mark) => {
    expect(statementAfter('evt_items_000000000007', payment(status, refunded), '')).toMatchObject({ kept, mark });
    expect(markOf(payment(status, refunded))).toBe(mark);
  });

  test('it stands behind the last event that was read, and before the next', () => {
    const { place } = statementAfter('evt_items_000000000007', payment('paid', 0), '');
    expect(place > 'evt_items_000000000007' && place < 'evt_items_000000000008').toBe(true);
    expect(statementAfter('', payment('paid', 0), '').place < 'evt_items_000000000001').toBe(true);
  });
});
