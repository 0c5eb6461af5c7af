import { describe, expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import type { CancelOutcome } from '../../../server/providers/provider.js';
import { createShop, newKey, type Shop, type ShopName, shops } from './shop.js';

/** A shop whose provider notes when it handles each refund call; `onTheWay`: how long each takes to get there. */
async function measured(name: ShopName, ...onTheWay: number[]): Promise<{ shop: Shop; handled: number[] }> {
  const shop = await createShop(name);
  const handled: number[] = [];
  shop.spy.change.cancel = async (_intent, real) => {
    shop.clock.advance(onTheWay[handled.length] ?? 0);
    handled.push(shop.clock.now());
    return real();
  };
  return { shop, handled };
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, n) => at - (times[n] ?? 0));

const wasUnknown = async ({ world }: Shop, { id }: { id: string }): Promise<boolean> =>
  (await world.payment(id)).transitions.some(({ what, to }) => what.startsWith('refund ') && to === 'unknown');

describe.each(shops)('refunds of one payment reach the provider a second apart – %s', (name) => {
  test('when the first is long on its way and the next is not', async () => {
    const { shop, handled } = await measured(name, 400);
    const shopper = await shop.paid();
    expect((await shop.refund(shopper, { amount: 1_000 })).status).toBe(200);
    // A second after the first was sent, and less after it was handled.
    shop.clock.advance(700);
    const next = await shop.refund(shopper, { amount: 2_000 });
    expect(next).toMatchObject({ status: 202, body: { state: 'requested' } });
    await shop.later(299);
    expect(handled).toHaveLength(1);
    await shop.later(1);
    expect(gaps(handled)).toEqual([second]);
    expect(shop.back(shopper)).toEqual([1_000, 2_000]);
    expect(await wasUnknown(shop, shopper)).toBe(false);
    await shop.agree();
  });

  test('when the first was not answered, and handled just before it was looked up', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const handled: number[] = [];
    let handle: () => Promise<CancelOutcome> = async () => {
      throw new Error('nothing was sent');
    };
    shop.spy.change.cancel = async (_intent, real) => {
      handle = real;
      return { outcome: 'unknown', why: 'no_reply', detail: 'timeout' };
    };
    expect((await shop.refund(shopper, { amount: 1_000 })).body.state).toBe('unknown');
    expect((await shop.refund(shopper, { amount: 2_000 })).body.state).toBe('requested');
    shop.spy.change.cancel = async (_intent, real) => {
      handled.push(shop.clock.now());
      return real();
    };
    shop.clock.advance(10 * second);
    handled.push(shop.clock.now());
    await handle();
    await shop.later(100);
    expect(shop.back(shopper)).toEqual([1_000]);
    await shop.later(second);
    expect(gaps(handled)).toEqual([second + 100]);
    expect(shop.back(shopper)).toEqual([1_000, 2_000]);
    await shop.agree();
  });
});

test('one that was refused, as less is left, waits its second too before it is sent again for what is left', async () => {
  const { shop, handled } = await measured('toss');
  const shopper = await shop.paid();
  await shop.refund(shopper, { amount: 1_000 });
  await shop.console(shopper, 3_000);
  shop.clock.advance(2 * second);
  const key = newKey();
  expect(await shop.refund(shopper, {}, key)).toMatchObject({ status: 202, body: { state: 'requested' } });
  expect(handled).toHaveLength(2);
  shop.clock.advance(second);
  expect(await shop.refund(shopper, {}, key)).toMatchObject({ status: 200, body: { amount: 5_000 } });
  expect(gaps(handled)).toEqual([2 * second, second]);
  expect(shop.back(shopper)).toEqual([1_000, 3_000, 5_000]);
  await shop.agree();
});
