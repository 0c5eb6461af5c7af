import { afterEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import type { PortOneV2Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { payInV2, v2Channel } from '../../support/portone-v2.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { createWorld, testClock, type World } from '../../support/world.js';

/** A provider that charges by itself once the shopper agreed (PortOne V2, automatic approval): we only find out. */

const open: { world: World; close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { world, close } of open.splice(0)) {
    await world.close();
    await close();
  }
});

async function place(more: Partial<PortOneV2Channel> = {}): Promise<{ world: World; spy: Spy }> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const channel = await v2Channel(sandboxUrl, 'automatic', more);
  const spy = createSpy();
  const world = await createWorld({
    clock,
    sandbox,
    sandboxUrl,
    blog: { channels: [channel] },
    wrapProviders: spy.wrapProviders,
  });
  open.push({ world, close });
  return { world, spy };
}

/** What the shopper does in the window; the provider charges at once. */
const pay = (world: World, shopper: Shopper, how: object = {}) => payInV2(world, shopper, 'automatic', how);

const launch = (shopper: Shopper) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });

const agree = async (world: World) => {
  const all = await allPayments(world);
  expect([...disagreements(all, world.sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
};

describe('a provider that charges by itself', () => {
  test('is asked, not believed: a verify without any hint finds the money', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    expect(shopper.session.launch?.provider).toBe('portone-v2');
    await pay(world, shopper);
    expect((await shopper.verify()).body).toMatchObject({ status: 'paid', attempt: { provider: 'portone-v2' } });
    expect(spy.of('confirm')).toEqual([]);
    await world.runDry();
    await agree(world);
  });

  test.each([
    ['reported its window', true],
    ['never reported anything', false],
  ])('is found out by due work when the shopper %s and never came back', async (_what, reported) => {
    const { world } = await place();
    const shopper = await openSession(world);
    if (reported) await launch(shopper);
    world.clock.advance(29 * minute);
    await pay(world, shopper);
    world.clock.advance(2 * minute);
    await world.runDry();
    // Nobody told us of a window, so that we look once it can no more be open.
    expect((await shopper.read()).status).toBe(reported ? 'paid' : 'open');
    world.clock.advance(hour);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.refunds]).toEqual(['paid', []]);
    world.clock.advance(2 * day);
    await world.runDry();
    await agree(world);
  });

  test('two windows paid: the first money wins, the second goes back', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    await shopper.prepare();
    await pay(world, shopper, { paymentId: `${shopper.id}_2` });
    await shopper.verify();
    await pay(world, shopper, { paymentId: `${shopper.id}_1` });
    world.clock.advance(hour);
    await world.runDry();
    world.clock.advance(hour);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.paidBy?.attempt]).toEqual(['paid', 2]);
    expect(payment.refunds).toMatchObject([{ cause: 'duplicate', attempt: 1, state: 'done' }]);
    world.clock.advance(2 * day);
    await world.runDry();
    await agree(world);
  });

  test('money of another amount goes back, and the payment stays open', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await control(world, 'faults', { on: 'approve', kind: 'wrong_amount' });
    await pay(world, shopper);
    expect((await shopper.verify()).body.status).toBe('open');
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ cause: 'mismatch', state: 'done' }]);
  });

  test('money after a cancel goes back', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await pay(world, shopper);
    world.clock.advance(2 * hour);
    await world.runDry();
    world.clock.advance(hour);
    await world.runDry();
    expect(await world.payment(shopper.id)).toMatchObject({
      status: 'canceled',
      refunds: [{ cause: 'late', state: 'done' }],
    });
    world.clock.advance(2 * day);
    await world.runDry();
    await agree(world);
  });

  test('money through another channel of the store is held, and told', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await control(world, 'portone-v2/stores', {
      storeId: 'store-blog',
      apiSecret: 'an-api-secret-of-the-blog-0123456789',
      channels: [
        { key: 'channel-key-blog', type: 'TEST', approval: 'automatic' },
        { key: 'channel-key-other', type: 'TEST', approval: 'automatic' },
      ],
    });
    await pay(world, shopper, { channelKey: 'channel-key-other' });
    expect((await shopper.verify()).body.attempt?.state).toBe('held');
    expect((await world.payment(shopper.id)).attention).toBe('held');
  });

  test('an account, its deposit', async () => {
    const { world } = await place();
    const shopper = await openSession(world, { prepare: { method: 'virtual_account' } });
    await pay(world, shopper, { method: 'virtual_account' });
    const { body } = await shopper.verify();
    expect([body.status, typeof body.account?.number]).toEqual(['pending', 'string']);
    await control(world, 'portone-v2/deposit', { storeId: 'store-blog', paymentId: `${shopper.id}_1` });
    world.clock.advance(3 * second);
    expect((await shopper.verify()).body.status).toBe('paid');
  });

  test('a decline, then another card in a new attempt', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await pay(world, shopper, { card: '4300000000000002' });
    const { body } = await shopper.verify();
    expect(body).toMatchObject({ status: 'open', attempt: { state: 'failed' } });
    await shopper.prepare();
    await pay(world, shopper, { paymentId: `${shopper.id}_2` });
    world.clock.advance(3 * second);
    expect((await shopper.verify()).body.status).toBe('paid');
  });
});
