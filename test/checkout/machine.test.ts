import { describe, expect, it } from 'vitest';
import { busy, happenings, next, type State, states } from '../../widget/checkout/machine.js';

/** Every pair, written down a second time: rows are states, columns happenings, `·` changes nothing. */
const expected = `
           shown pressed opened notOpened asked     stillOpen paid    issued  declined closed   ended  mistake again   changed
loading    form  ·       ·      ·         verifying ·         success pending failed   canceled failed error   ·       ·
form       ·     opening paying ·         verifying ·         success pending ·        ·        failed error   ·       loading
opening    ·     ·       paying form      verifying ·         success pending ·        ·        failed error   ·       ·
paying     ·     ·       ·      form      verifying ·         success pending ·        ·        ·      ·       ·       ·
verifying  ·     ·       ·      ·         ·         form      success pending failed   canceled failed ·       ·       ·
success    ·     ·       ·      ·         ·         ·         ·       ·       ·        ·        ·      ·       ·       loading
pending    ·     ·       ·      ·         verifying ·         success ·       ·        ·        failed ·       form    ·
failed     ·     ·       ·      ·         verifying ·         success pending ·        ·        ·      error   form    loading
canceled   ·     ·       ·      ·         verifying ·         success pending ·        ·        failed error   form    loading
error      ·     ·       ·      ·         ·         ·         success pending ·        ·        ·      ·       loading loading
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

const [columns = [], ...rows] = expected;

describe('the table of states', () => {
  it('is about every state and every happening', () => {
    expect([...columns].sort()).toEqual([...happenings].sort());
    expect(rows.map(([state]) => state).sort()).toEqual([...states].sort());
  });

  it.each(states.flatMap((state) => happenings.map((happening) => [state, happening] as const)))(
    '%s, %s',
    (state, happening) => {
      const row = rows.find(([name]) => name === state) ?? [];
      const cell = row[columns.indexOf(happening) + 1];
      expect(next(state, happening)).toBe(cell === '·' ? state : cell);
    },
  );

  it('while money may be moving, neither the page nor a mistake leads away', () => {
    const moving = states.filter((state) => busy(state) && state !== 'opening');
    expect(moving).toEqual(['paying', 'verifying']);
    for (const state of moving) {
      for (const happening of ['changed', 'mistake', 'again', 'pressed', 'shown'] as const) {
        expect(next(state, happening)).toBe(state);
      }
    }
  });

  it('money that arrives is seen from everywhere', () => {
    const blind = states.filter((state) => next(state, 'paid') !== 'success');
    expect(blind).toEqual([]);
  });

  it('every state but the receipt has a way on', () => {
    const ends: State[] = states.filter((state) => happenings.every((happening) => next(state, happening) === state));
    expect(ends).toEqual([]);
  });
});
