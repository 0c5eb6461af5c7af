import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, minute, second } from '../../../server/ops/clock.js';
import type { Payment } from '../../../server/payments/payment.js';
import { allPayments, disagreements } from '../../support/books.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createWorld, testClock, type World } from '../../support/world.js';

/**
 * Any order and repetition of triggers, some of them at once, ends in the same document: what is true at the provider decides, not who
 * asked first. Two attempts were agreed to; the second superseded the first.
 */

const triggers = [
  'verify 1',
  'verify 2',
  'verify',
  'launched 1',
  'launched 2',
  'due',
  'read',
  'wait',
  'bad hint',
  'code',
] as const;
type Trigger = (typeof triggers)[number];

/** A group is sent at once. */
const order = fc.array(fc.array(fc.constantFrom(...triggers), { minLength: 1, maxLength: 4 }), { maxLength: 8 });

let world: World;
beforeAll(async () => {
  world = await createWorld({ clock: testClock(Date.UTC(2026, 0, 1)) });
});
afterAll(() => world.close());

async function play(groups: readonly (readonly Trigger[])[], faults: readonly object[]): Promise<Payment> {
  const shopper = await openSession(world);
  const first = await shopper.agree();
  await launch(shopper, 1);
  await shopper.prepare();
  const agreedAt = world.clock.now();
  const again = await shopper.agree();
  for (const fault of faults) await control(world, 'faults', { ...fault, orderId: again.orderId });
  const act: Record<Trigger, () => Promise<unknown>> = {
    'verify 1': () => shopper.verify({ paymentKey: first.paymentKey, orderId: first.orderId }),
    'verify 2': () => shopper.verify({ paymentKey: again.paymentKey, orderId: again.orderId }),
    verify: () => shopper.verify(),
    'launched 1': () => launch(shopper, 1),
    'launched 2': () => launch(shopper, 2),
    due: () => world.app.worker.runOnce(),
    read: () => shopper.read(),
    wait: async () => world.clock.advance(3 * second),
    'bad hint': () => shopper.verify({ paymentKey: 'made-up-key', orderId: again.orderId }),
    code: () => shopper.verify({ orderId: first.orderId, code: 'PAY_PROCESS_CANCELED' }),
  };
  for (const group of groups) await Promise.all(group.map((trigger) => act[trigger]()));
  // The shopper's page asks until it knows.
  while ((await shopper.verify({ paymentKey: again.paymentKey, orderId: again.orderId })).status === 202) {
    await act.wait();
    if (world.clock.now() > agreedAt + 5 * minute) break;
  }
  for (const ms of [3 * second, 40 * second, minute, 3 * minute, 40 * minute, 2 * day]) {
    world.clock.advance(ms);
    await world.runDry();
  }
  return world.payment(shopper.id);
}

const launch = (shopper: Shopper, attempt: number) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt });

/** What must be the same, whoever asked first: not when it was seen, nor by how many questions. */
const essence = (payment: Payment) => ({
  status: payment.status,
  refunded: payment.refundedAmount,
  attention: payment.attention,
  due: payment.dueAt,
  paidBy: payment.paidBy?.attempt,
  attempts: payment.attempts.map(({ no, state, superseded }) => ({ no, state, superseded })),
  refunds: payment.refunds.map(({ cause, state, amount }) => ({ cause, state, amount })),
});

describe.each([
  ['all goes well', []],
  ['the answer to the charge is lost', [{ on: 'confirm', kind: 'charge_then_drop' }]],
  ['the charge fails in passing', [{ on: 'confirm', kind: 'error_500_without_charge' }]],
  ['lookups fail now and then', [{ on: 'lookup', kind: '500', times: 3 }]],
])('%s', (_name, faults) => {
  test('any order and repetition of triggers ends in the same document', { timeout: 120_000 }, async () => {
    const expected = essence(await play([], []));
    expect(expected).toMatchObject({ status: 'paid', paidBy: 2, refunds: [] });
    await fc.assert(
      fc.asyncProperty(order, async (groups) => {
        expect(essence(await play(groups, faults))).toEqual(expected);
        world.sandbox.faults.clear();
      }),
      { numRuns: 40 },
    );
    expect(disagreements(await allPayments(world), world.sandbox.bank.books())).toEqual([]);
  });
});
