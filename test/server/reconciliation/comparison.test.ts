import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../../server/ops/clock.js';
import type { ListedPayment } from '../../../server/providers/provider.js';
import { compare, holdsMoney, isMoney, joined, type Theirs } from '../../../server/reconciliation/comparison.js';
import { attempt, launchedAttempt, payment, paymentId, record, t0 } from '../../support/payments.js';

const until = t0 + 10 * hour;
const line = (more: Partial<ListedPayment> = {}): Theirs => ({
  record: 'key-1',
  orderId: `${paymentId}_1`,
  state: 'paid',
  amount: 9_000,
  currency: 'KRW',
  cancelled: 0,
  cancellations: [],
  environment: 'test',
  at: t0 + minute,
  ...more,
});
const cancellation = { id: 'c1', amount: 4_000, state: 'done', reason: '', at: t0 + hour } as const;
const paid = (more = {}) =>
  payment([launchedAttempt(1, { state: 'paid', records: [record(1, more)] })], {
    paidBy: { attempt: 1, record: 'key-1', at: t0 },
    status: 'paid',
  });
const without = ({ ...all }: Theirs, ...fields: (keyof Theirs)[]): Theirs => {
  for (const field of fields) delete all[field];
  return all;
};

describe('the lines of a list', () => {
  test('of one record are one payment, in whatever order they come', () => {
    const charge = without(line(), 'cancelled');
    const first = without(line({ cancellations: ['c1'], at: t0 + hour }), 'state', 'amount', 'cancelled');
    const second = { ...first, cancellations: ['c2'], at: t0 + 2 * hour };
    for (const lines of [
      [charge, first, second],
      [second, charge, first],
      [first, second, charge],
    ]) {
      const [one] = joined([...lines, ...lines]).values();
      expect(one).toMatchObject({ state: 'paid', amount: 9_000, at: t0 + 2 * hour });
      expect([...(one?.cancellations ?? [])].sort()).toEqual(['c1', 'c2']);
    }
  });

  test('tell the latest state', () => {
    const reversed = without(line({ state: 'awaiting_deposit', at: t0 + hour }), 'amount');
    for (const lines of [
      [line(), reversed],
      [reversed, line()],
    ]) {
      expect([...joined(lines).values()]).toMatchObject([{ state: 'awaiting_deposit', amount: 9_000 }]);
    }
  });

  test('are about money, or about nothing', () => {
    expect(isMoney(line())).toBe(true);
    expect(isMoney(without(line({ cancellations: ['c'] }), 'state'))).toBe(true);
    for (const state of ['ready', 'failed', 'canceled', 'awaiting_deposit', 'approving'] as const) {
      expect(isMoney(line({ state }))).toBe(false);
    }
    expect(holdsMoney(line({ cancelled: 8_999 }))).toBe(true);
    expect(holdsMoney(line({ cancelled: 9_000 }))).toBe(false);
    expect(holdsMoney(without(line(), 'state'))).toBe(false);
  });
});

describe('a record of theirs and our books', () => {
  test.each([
    ['the same', line(), {}],
    ['the same refund', line({ cancelled: 4_000 }), { cancelled: 4_000, cancellations: [cancellation] }],
    ['a list that tells no sums', without(line(), 'amount', 'cancelled'), {}],
    [
      'a cancellation that we know by its id',
      without(line({ cancellations: ['c1'] }), 'state', 'amount', 'cancelled'),
      { cancelled: 4_000, cancellations: [cancellation] },
    ],
    [
      'a refund that was made while the list was read',
      line(),
      { cancelled: 4_000, cancellations: [{ ...cancellation, at: until + minute }] },
    ],
  ])('agree: %s', (_what, theirs, ours) => {
    expect(compare(theirs, paid(ours), 1, until)).toEqual({ kind: 'both' });
  });

  test.each([
    ['amount', line({ amount: 9_001 }), {}],
    ['currency', line({ currency: 'USD' }), {}],
    ['cancelled', line({ cancelled: 4_000 }), {}],
    ['cancelled', line(), { cancelled: 4_000, cancellations: [cancellation] }],
    ['cancelled', without(line({ cancellations: ['c2'] }), 'cancelled'), { cancellations: [cancellation] }],
    ['state', line({ state: 'awaiting_deposit' }), {}],
    ['state', line(), { state: 'ready' }],
  ] as const)('differ in %s', (differs, theirs, ours) => {
    expect(compare(theirs, paid(ours), 1, until)).toEqual({ kind: 'differing', differs: [differs] });
  });

  test('differ where there is money under our order that we know nothing of', () => {
    const waiting = payment([launchedAttempt(1, { records: [record(1, { record: 'other', state: 'ready' })] })]);
    expect(compare(line(), waiting, 1, until)).toEqual({ kind: 'differing', differs: ['record'] });
    expect(compare(line({ amount: 1, currency: 'USD' }), waiting, 1, until)).toEqual({
      kind: 'differing',
      differs: ['record', 'amount', 'currency'],
    });
  });

  test('differ in nothing while the news is so fresh that it may be on its way', () => {
    const waiting = payment([attempt(1)]);
    expect(compare(line({ at: until - hour + 1 }), waiting, 1, until)).toEqual({ kind: 'on_its_way' });
    expect(compare(line({ at: until - hour }), waiting, 1, until)).toMatchObject({ kind: 'differing' });
    // The provider's clock is ahead of ours.
    expect(compare(line({ at: until + 5 * minute }), waiting, 1, until)).toEqual({ kind: 'on_its_way' });
  });

  test('open windows, declines and accounts that wait are no difference', () => {
    const waiting = payment([launchedAttempt(1)]);
    for (const state of ['ready', 'failed', 'canceled', 'awaiting_deposit', 'approving'] as const) {
      expect(compare(line({ state }), waiting, 1, until)).toEqual({ kind: 'nothing' });
      expect(compare(line({ state }), undefined, 1, until)).toEqual({ kind: 'nothing' });
    }
  });

  test('money that no payment and no attempt of one explains is without an order, however fresh', () => {
    expect(compare(line(), undefined, 1, until)).toEqual({ kind: 'without_order' });
    expect(compare(line({ at: until }), paid(), 7, until)).toEqual({ kind: 'without_order' });
  });
});
