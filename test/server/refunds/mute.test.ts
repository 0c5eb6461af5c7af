import { describe, expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import type { CancelOutcome } from '../../../server/providers/provider.js';
import { createShop, shops } from './shop.js';

const noReply: CancelOutcome = { outcome: 'unknown', why: 'no_reply', detail: 'timeout' };

describe.each(shops)('a provider that answers no refund – %s', (name) => {
  test('is asked for one at a time, so that what else is due is done; and for all once it answers', async () => {
    const shop = await createShop(name);
    const [first, next, last] = [await shop.paid(), await shop.paid(), await shop.paid()];
    shop.spy.change.cancel = async () => noReply;
    expect(await shop.refund(first)).toMatchObject({ status: 202, body: { state: 'unknown' } });
    // Right after it nobody is asked at all.
    expect(await shop.refund(last)).toMatchObject({ status: 202, body: { state: 'requested' } });
    expect(shop.spy.of('cancel')).toHaveLength(1);

    shop.clock.advance(5 * second);
    let answer!: () => void;
    const waiting = new Promise<void>((go) => {
      answer = go;
    });
    shop.spy.change.cancel = async (_intent, real) => {
      await waiting;
      return real();
    };
    const finding = shop.refund(next);
    await expect.poll(() => shop.spy.of('cancel').length).toBe(2);
    shop.clock.advance(15 * second);
    await Promise.all([shop.world.app.worker.runOnce(), shop.world.app.worker.runOnce()]);
    expect(shop.spy.of('cancel')).toHaveLength(2);

    answer();
    await finding;
    await shop.later(20 * second);
    for (const shopper of [first, next, last]) expect((await shop.payment(shopper.id)).status).toBe('refunded');
    expect([first, next, last].flatMap(shop.back)).toEqual([9_000, 9_000, 9_000]);
    await shop.agree();
  });
});
