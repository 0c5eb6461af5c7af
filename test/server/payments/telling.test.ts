import { afterEach, describe, expect, test } from 'vitest';
import type { EventPage, EventView } from '../../../contract/index.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy } from '../../support/spy.js';
import { api, blog, createWorld, type World } from '../../support/world.js';

/** What the merchant's backend hears, by asking the feed: the exact list, in its order. */

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function place(): Promise<World> {
  const world = await createWorld();
  open.push(world);
  return world;
}

const hintOf = ({ paymentKey, orderId }: { paymentKey: string; orderId: string }) => ({ paymentKey, orderId });

async function feed(world: World): Promise<readonly EventView[]> {
  await world.runDry();
  const page = await api<EventPage>(world.url, 'GET', '/events?limit=100', { token: blog.secretKey });
  expect(page.status).toBe(200);
  return page.body.data;
}

const heard = async (world: World, shopper: Shopper) =>
  (await feed(world)).filter(({ about }) => about.payment === shopper.id).map(({ type }) => type);

describe('the merchant hears', () => {
  test('a sale, once, with what was sold', async () => {
    const world = await place();
    const shopper = await openSession(world);
    const hint = hintOf(await shopper.agree());
    await shopper.verify(hint);
    await world.runDry();
    world.clock.advance(3 * second);
    await shopper.verify(hint);
    const [event, ...more] = await feed(world);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'payment.paid',
      about: { payment: shopper.id },
      data: { status: 'paid', amount: 9_000, currency: 'KRW', lines: [{ item: 'coffee', quantity: 2, price: 4_500 }] },
    });
    expect(event?.key.startsWith(`${shopper.id}:`)).toBe(true);
    expect(await world.payment(shopper.id)).toMatchObject({ outbox: [] });
    expect((await world.payment(shopper.id)).dueAt).toBeUndefined();
  });

  test('nothing of buyers', async () => {
    const world = await place();
    const shopper = await openSession(world, { buyer: { name: '김하나', email: 'hana@example.com' } });
    await shopper.verify(hintOf(await shopper.agree()));
    expect(JSON.stringify(await feed(world))).not.toMatch(/김하나|hana@/);
  });

  test('nothing of a payment that was only tried', async () => {
    const world = await place();
    const shopper = await openSession(world);
    await shopper.verify(hintOf(await shopper.agree({ card: '4300-0000-0000-0002' })));
    expect(await heard(world, shopper)).toEqual([]);
  });

  test('an issued account, its deposit, and that the deposit was taken back', async () => {
    const world = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify(hintOf(agreed));
    await control(world, 'toss/deposit', { orderId: agreed.orderId });
    world.clock.advance(hour);
    await world.runDry();
    await control(world, 'toss/deposit/reverse', { orderId: agreed.orderId });
    world.clock.advance(3 * second);
    await shopper.verify();
    expect(await heard(world, shopper)).toEqual([
      'payment.pending',
      'payment.paid',
      'payment.reversed',
      'payment.pending',
    ]);
  });

  test('every part that went back, after the sale', async () => {
    const world = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    await shopper.verify(hintOf(agreed));
    for (const amount of [2_000, 3_000, 4_000]) {
      await control(world, 'toss/cancel', { orderId: agreed.orderId, amount });
      world.clock.advance(3 * second);
      await shopper.verify();
    }
    expect(await heard(world, shopper)).toEqual([
      'payment.paid',
      'payment.partially_refunded',
      'payment.partially_refunded',
      'payment.refunded',
    ]);
    const backs = (await feed(world)).map(({ data }) => data.refundedAmount);
    expect(backs).toEqual([0, 2_000, 5_000, 9_000]);
  });

  test('an end without money, by expiry or by cancel', async () => {
    const world = await place();
    const [late, canceled] = [await openSession(world), await openSession(world)];
    await canceled.call('POST', `/payments/sessions/${canceled.session.id}/cancel`);
    world.clock.advance(31 * minute);
    expect(await heard(world, late)).toEqual(['payment.expired']);
    expect(await heard(world, canceled)).toEqual(['payment.canceled']);
  });

  test('of money that came late: that it could not go back, and that a person must look', async () => {
    const spy = createSpy();
    const world = await createWorld({ wrapProviders: spy.wrapProviders });
    open.push(world);
    const shopper = await openSession(world);
    const agreed = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify(hintOf(agreed));
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await control(world, 'toss/deposit', { orderId: agreed.orderId });
    world.clock.advance(hour);
    await world.runDry();
    expect(await heard(world, shopper)).toEqual(['payment.pending', 'payment.canceled', 'refund.needs_account']);
    world.clock.advance(2 * day);
    expect(await heard(world, shopper)).toHaveLength(3);
  });

  test('everything once, from two servers at the same due work', async () => {
    const world = await place();
    const again = await createWorld({
      clock: world.clock,
      sandbox: world.sandbox,
      sandboxUrl: world.sandboxUrl,
      store: world.store,
    });
    open.unshift(again);
    const shoppers = await Promise.all(Array.from({ length: 10 }, () => openSession(world)));
    for (const shopper of shoppers) await shopper.verify(hintOf(await shopper.agree()));
    await Promise.all([world.runDry(), again.runDry()]);
    const events = await feed(world);
    expect(events.map(({ type }) => type)).toEqual(shoppers.map(() => 'payment.paid'));
    expect(new Set(events.map(({ key }) => key)).size).toBe(10);
  });
});
