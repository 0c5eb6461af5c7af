import { describe, expect, test } from 'vitest';
import { type Rules, rules } from '../../../server/events/publisher.js';
import { walk } from './interleavings.js';

const a = ['A1', 'A2'];
const b = ['B1', 'B2'];

const cases: readonly (readonly [what: string, publishers: readonly (readonly string[])[], crashes: number])[] = [
  ['one publisher that crashes', [a], 1],
  ['two of one payment, both crash', [a, a], 2],
  ['two of two payments, both crash', [a, b], 2],
  ['three of one event, all crash', [['A1'], ['A1'], ['A1']], 3],
  ['four of one event, all crash', [['A1'], ['A1'], ['A1'], ['A1']], 4],
  ['four of four events, one crashes', [['A1'], ['B1'], ['C1'], ['D1']], 1],
  ['four of two events, two crash', [['A1'], ['A1'], ['B1'], ['B1']], 2],
  ['four of two payments, one of them with two events, one crashes', [a, a, ['B1'], ['B1']], 1],
];

describe('over all interleavings, each key is told once, without a gap, in the order of its payment', () => {
  test.each(cases)('%s', { timeout: 120_000 }, (_what, publishers, crashes) => {
    const { ends, broken } = walk({ publishers, crashes, rules });
    expect(broken).toBeUndefined();
    expect(ends).toBeGreaterThan(0);
  });
});

test('the same holds where the last place that a publisher knows of is long outdated', { timeout: 120_000 }, () => {
  const outdated: Rules = { ...rules, last: () => ({ at: 'claim', from: 1 }) };
  for (const publishers of [
    [a, b],
    [a, a, ['B1']],
  ]) {
    expect(walk({ publishers, crashes: 2, rules: outdated }).broken).toBeUndefined();
  }
});

describe('the same walk finds what is wrong with', () => {
  test('a publisher that looks for the last place anew instead of using the claim’s', () => {
    const fresh: Rules = {
      ...rules,
      'read claim': () => ({ at: 'last' }),
      last: (_step, last) => ({ at: 'insert', seq: last + 1, fresh: false }),
    };
    expect(walk({ publishers: [['A1'], ['A1'], ['B1']], crashes: 1, rules: fresh }).broken).toMatch(/told twice/);
  });

  test('a publisher that takes “claimed” for “published”', () => {
    const trusting: Rules = {
      ...rules,
      claim: (step, answer, key) =>
        answer === 'taken' ? { at: 'published', seq: step.from } : rules.claim(step, answer, key),
    };
    expect(walk({ publishers: [['A1'], ['A1']], crashes: 1, rules: trusting }).broken).toMatch(
      /called published, and is not/,
    );
  });

  test('a publisher that takes a place it can not see yet for another’s', () => {
    const hasty: Rules = {
      ...rules,
      read: (step, run, key) =>
        run.length === 0 ? { at: 'insert', seq: step.seq + 1, fresh: step.fresh } : rules.read(step, run, key),
    };
    expect(walk({ publishers: [['A1'], ['A1']], crashes: 1, rules: hasty }).broken).toMatch(/told twice/);
  });
});
