import { describe, expect, test } from 'vitest';
import { type AttemptState, attemptStates } from '../../../contract/index.js';
import { minute } from '../../../server/ops/clock.js';
import { applyFacts } from '../../../server/payments/facts.js';
import type { Payment } from '../../../server/payments/payment.js';
import { attemptTable, type Fact } from '../../../server/payments/states.js';
import { type ProviderRecord, recordStates } from '../../../server/providers/provider.js';
import { attempt, launchedAttempt, payment, record, t0, terms } from '../../support/payments.js';

const facts: readonly Fact[] = ['none', ...recordStates, 'foreign', 'other_amount'];
const pairs = attemptStates.flatMap((state) => facts.map((fact): [AttemptState, Fact] => [state, fact]));

const recordFor = (fact: Fact): ProviderRecord[] => {
  if (fact === 'none') return [];
  if (fact === 'foreign') return [record(1, { environment: 'live' })];
  if (fact === 'other_amount') return [record(1, { amount: 10_000 })];
  const account = { account: { bank: '06', number: 'X1', dueAt: t0 + 60 * minute } };
  return [record(1, { state: fact, ...(fact === 'awaiting_deposit' && account) })];
};

const start = (state: AttemptState): Payment => {
  const intent = { record: 'key-1', try: 1, since: t0, askedAt: t0, holdUntil: t0, calls: 0 };
  const asked = state === 'confirming' || state === 'unknown' ? { intent } : {};
  const one = state === 'prepared' ? attempt(1) : launchedAttempt(1, { state, ...asked });
  const paidBy = state === 'paid' ? { paidBy: { attempt: 1, record: 'key-1', at: t0 } } : {};
  return payment([one], { ...paidBy, ...(state === 'paid' && { status: 'paid' }) });
};

describe('the attempt table', () => {
  test.each(pairs)('%s × %s: a repeat changes nothing more', (state, fact) => {
    const next = attemptTable[state][fact];
    expect(attemptTable[next][fact]).toBe(next);
  });

  test.each(attemptStates.filter((state) => state !== 'held'))(
    '%s: no state is final against money that moved',
    (state) => {
      expect(attemptTable[state].paid).toBe('paid');
    },
  );

  test.each(facts.filter((fact) => fact !== 'paid'))('%s never makes an attempt paid', (fact) => {
    for (const state of attemptStates) if (state !== 'paid') expect(attemptTable[state][fact]).not.toBe('paid');
  });

  test('only a deposit that was taken back ends paid', () => {
    const enders = facts.filter((fact) => attemptTable.paid[fact] !== 'paid');
    expect(enders).toEqual(['awaiting_deposit']);
  });

  test('what we asked money for is never taken for not asked', () => {
    for (const state of ['confirming', 'unknown'] as const)
      for (const fact of facts) expect(['prepared', 'launched']).not.toContain(attemptTable[state][fact]);
  });

  test('held does nothing by itself', () => {
    expect(new Set(Object.values(attemptTable.held))).toEqual(new Set(['held']));
  });
});

describe('every (state × fact), through the decision', () => {
  test.each(pairs)('%s × %s: state by the table, money accounted for', (state, fact) => {
    const before = start(state);
    const at = t0 + 5 * minute;
    const after = applyFacts(before, 1, { askedAt: at, records: recordFor(fact) }, terms);
    expect(after.attempts[0]?.state).toBe(attemptTable[state][fact]);

    const moved = fact === 'paid' || fact === 'other_amount';
    if (moved && state !== 'held') {
      const pays = after.paidBy?.record === 'key-1';
      const goesBack = after.refunds.some((refund) => refund.record === 'key-1');
      expect([pays, goesBack].filter(Boolean)).toHaveLength(1);
      if (state !== 'paid') expect(pays).toBe(fact === 'paid');
    } else {
      expect(after.refunds).toEqual([]);
      expect(after.paidBy?.record).toBe(before.paidBy?.record);
    }
    expect(applyFacts(after, 1, { askedAt: at, records: recordFor(fact) }, terms)).toEqual(after);
  });

  test.each(pairs)('%s × %s after the deadline: nothing without money stays open for ever', (state, fact) => {
    const at = t0 + 3 * 60 * minute;
    const after = applyFacts(start(state), 1, { askedAt: at, records: recordFor(fact) }, terms);
    const openStates: readonly AttemptState[] = ['launched', 'unknown'];
    expect(openStates).not.toContain(after.attempts[0]?.state);
    if (fact === 'paid' && state !== 'held') expect(after.paidBy ?? after.refunds[0]).toBeDefined();
  });
});
