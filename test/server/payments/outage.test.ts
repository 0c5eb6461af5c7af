import { afterEach, expect, test } from 'vitest';
import { minute } from '../../../server/ops/clock.js';
import { allPayments, disagreements } from '../../support/books.js';
import { openSession } from '../../support/shopper.js';
import { createSpy } from '../../support/spy.js';
import { createWorld, type World } from '../../support/world.js';

let world: World;
afterEach(() => world.close());

test('a provider that leaves one payment unanswered is not waited for by each of the others, and all are known later', async () => {
  const spy = createSpy();
  world = await createWorld({ wrapProviders: spy.wrapProviders, oversight: false });
  for (let n = 0; n < 30; n++) {
    const shopper = await openSession(world);
    const { paymentKey, orderId } = await shopper.agree();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    if (n === 29) await shopper.verify({ paymentKey, orderId });
  }
  spy.calls.length = 0;
  spy.change.lookup = async () => ({ outcome: 'unknown', why: 'no_reply', detail: 'timeout' });
  world.clock.advance(minute);
  await world.runDry();
  // One for each lane of the worker: the others were on their way together.
  expect(spy.of('lookup').length).toBeLessThanOrEqual(8);
  spy.change = {};
  for (let n = 0; n < 5; n++) {
    world.clock.advance(20 * minute);
    await world.runDry();
  }
  const all = await allPayments(world);
  expect(all.filter(({ status }) => status === 'paid')).toHaveLength(1);
  expect(all.filter(({ status }) => status === 'expired')).toHaveLength(29);
  world.clock.advance(48 * 60 * minute);
  await world.runDry();
  expect(disagreements(await allPayments(world), world.sandbox.bank.books())).toEqual([]);
});
