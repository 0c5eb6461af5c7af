import { describe, expect, it } from 'vitest';
import { browserEnvironment } from '../../widget/checkout/environment.js';

/** A window with nothing but its history and address. */
function windowAt(state: unknown, href = 'https://shop.example/item?pc_session=cs_1') {
  const location = { href };
  const history = {
    state,
    replaceState(next: unknown, _unused: string, url: string) {
      history.state = structuredClone(next);
      location.href = url;
    },
  };
  const view = { document: {}, navigator: {}, history, location } as unknown as Window;
  return { env: browserEnvironment(view), history, location };
}

const kept = { session: 'cs_1' };

describe('what we keep in an entry of the history', () => {
  it.each([
    ['nothing', null, { payCheckout: { a: kept } }],
    ['an object of the page’s router', { route: 7 }, { route: 7, payCheckout: { a: kept } }],
  ])('stands beside %s, and survives a reload', (_what, before, after) => {
    const { env, history, location } = windowAt(before);
    env.entry.write('a', kept, 'https://shop.example/item');
    expect([history.state, location.href]).toEqual([after, 'https://shop.example/item']);
    expect(windowAt(history.state).env.entry.read('a')).toEqual(kept);
    env.entry.write('a', undefined);
    expect(env.entry.read('a')).toBeUndefined();
  });

  it.each([
    ['a text', 'step-2'],
    ['a number', 0],
    ['a list', ['step', 2]],
  ])('leaves %s of the page as it is, and is known until the page is left', (_what, before) => {
    const { env, history, location } = windowAt(before);
    env.entry.write('a', kept, 'https://shop.example/item');
    expect([history.state, location.href]).toEqual([before, 'https://shop.example/item']);
    expect(env.entry.read('a')).toEqual(kept);
    env.entry.write('b', { session: 'cs_2' });
    env.entry.write('a', undefined);
    expect([env.entry.read('a'), env.entry.read('b')]).toEqual([undefined, { session: 'cs_2' }]);
  });

  it('is nothing where something else stands in its place', () => {
    expect(windowAt({ payCheckout: 7 }).env.entry.read('a')).toBeUndefined();
  });
});
