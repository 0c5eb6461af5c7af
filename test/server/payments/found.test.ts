import { afterEach, describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { conclude, statusOf } from '../../../server/payments/conclude.js';
import { applyFacts } from '../../../server/payments/facts.js';
import type { Refund } from '../../../server/payments/payment.js';
import { refundable } from '../../../server/payments/refunds.js';
import { attempt, launchedAttempt, payment, record, t0, terms } from '../../support/payments.js';
import { control, createCall, openSession, type Shopper, shopperOf } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { api, blog, createWorld, type World } from '../../support/world.js';

/** Ways in which money could have gone wrong, each found once and kept from coming back. */

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function place(): Promise<{ world: World; spy: Spy }> {
  const spy = createSpy();
  const world = await createWorld({ wrapProviders: spy.wrapProviders });
  open.push(world);
  return { world, spy };
}

type Agreed = { paymentKey: string; orderId: string };
const arm = (world: World, fault: object) => control(world, 'faults', fault);
const hintOf = ({ paymentKey, orderId }: Agreed) => ({ paymentKey, orderId });
const launch = (shopper: Shopper, no = 1) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: no });

async function chargeElsewhere(world: World, agreed: Agreed, amount = 9_000) {
  const response = await fetch(`${world.sandboxUrl}/toss/v1/payments/confirm`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ ...hintOf(agreed), amount }),
  });
  expect(response.status).toBe(200);
}

/** A canceled session whose money came all the same. */
async function late(world: World): Promise<{ shopper: Shopper; agreed: Agreed }> {
  const shopper = await openSession(world);
  await launch(shopper);
  const agreed = await shopper.agree();
  await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
  await chargeElsewhere(world, agreed);
  world.clock.advance(minute);
  return { shopper, agreed };
}

const refund = (more: Partial<Refund> = {}): Refund => ({
  id: 'rf_x',
  attempt: 1,
  record: 'key-1',
  amount: 9_000,
  currency: 'KRW',
  cause: 'late',
  state: 'unknown',
  requestedAt: t0,
  try: 1,
  calls: 1,
  ...more,
});

describe('money that is on its way back', () => {
  test('never pays an order that was opened again', async () => {
    const { world } = await place();
    const body = { items: [{ item: 'coffee', quantity: 2 }], reference: 'order-1', prepare: { method: 'card' } };
    const make = () => api(world.url, 'POST', '/payments/sessions', { token: blog.secretKey, body });
    const shopper = shopperOf(world, (await make()).body);
    await launch(shopper);
    world.clock.advance(41 * minute);
    await world.runDry();
    const agreed = await shopper.agree();
    await chargeElsewhere(world, agreed);
    await arm(world, { on: 'cancel', kind: 'cancel_500', times: 100 });
    world.clock.advance(day);
    await world.runDry();
    expect((await make()).body.status).toBe('open');
    await shopper.verify({ orderId: agreed.orderId });
    world.clock.advance(minute);
    await world.runDry();
    expect((await world.payment(shopper.id)).paidBy).toBeUndefined();
    world.sandbox.faults.clear();
    world.clock.advance(hour);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect(payment.paidBy).toBeUndefined();
    expect(payment.refunds).toMatchObject([{ cause: 'late', state: 'done' }]);
    expect((await make()).status).toBe(200);
    expect((await shopper.prepare()).status).toBe(200);
    expect((await shopper.verify(hintOf(await shopper.agree()))).body.status).toBe('paid');
  });

  test('never pays when the price comes back to what it was', () => {
    const dearer = payment([attempt(1, { selfCharging: true, superseded: true })], { amount: 13_500 });
    const one = applyFacts(dearer, 1, { askedAt: t0 + minute, records: [record(1)] }, terms);
    const back = { ...one, amount: 9_000 };
    const two = applyFacts(back, 1, { askedAt: t0 + 2 * minute, records: [record(1)] }, terms);
    expect(two.refunds).toMatchObject([{ cause: 'mismatch' }]);
    expect(two.paidBy).toBeUndefined();
    expect(statusOf(two, t0 + 2 * minute)).toBe('open');
  });

  test('a definite no is not repeated under another cause', () => {
    const attempts = [
      launchedAttempt(1, { state: 'paid', records: [record(1)] }),
      launchedAttempt(2, { state: 'paid' }),
    ];
    const refused = payment(attempts, {
      refunds: [refund({ state: 'failed' })],
      paidBy: { attempt: 2, record: 'key-2', at: t0 },
    });
    const after = applyFacts(refused, 1, { askedAt: t0 + minute, records: [record(1)] }, terms);
    expect(after.refunds.map(({ cause, state }) => [cause, state])).toEqual([['late', 'failed']]);
  });
});

describe('a record that we asked money from', () => {
  test('is the one that is looked at: the end of another window says nothing of it', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    await arm(world, { on: 'confirm', kind: 'charge_then_drop' });
    spy.change.lookup = async (_query, real) =>
      spy.of('confirm').length > 0 ? { outcome: 'unknown', why: 'no_reply', detail: 'silence' } : real();
    expect((await shopper.verify(hintOf(agreed))).status).toBe(202);
    // From now on the provider tells only of another window, over the same order, that expired.
    spy.change.lookup = async ({ orderId }) => ({
      outcome: 'done',
      records: [record(1, { record: 'another-window', orderId, state: 'expired' })],
    });
    world.clock.advance(3 * second);
    const { status, body } = await shopper.verify({ paymentKey: 'another-window', orderId: agreed.orderId });
    expect([status, body.processing]).toEqual([202, true]);
    expect(spy.of('lookup').at(-1)?.with.record).toBe(agreed.paymentKey);
    expect((await shopper.prepare()).body.code).toBe('payment_in_progress');
  });

  test('a key that the provider would not charge is not asked for again', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    await arm(world, { on: 'confirm', kind: 'error', code: 'UNAPPROVED_ORDER_ID', status: 400, times: 1_000 });
    for (let n = 0; n < 30; n++) {
      expect((await shopper.verify(hintOf(agreed))).body.code).toBe('payment_reference_mismatch');
      world.clock.advance(3 * second);
    }
    expect(spy.of('confirm')).toHaveLength(1);
    expect((await world.payment(shopper.id)).transitions.length).toBeLessThan(8);
  });
});

describe('refunds beside those of the provider’s console', () => {
  test('a part given back there: ours gives back the rest', async () => {
    const { world } = await place();
    const { shopper, agreed } = await late(world);
    await shopper.verify({ orderId: agreed.orderId });
    await control(world, 'toss/cancel', { orderId: agreed.orderId, amount: 4_000 });
    world.clock.advance(3 * second);
    await world.runDry();
    world.clock.advance(hour);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect(payment.refunds.map(({ cause, state, amount }) => [cause, state, amount])).toEqual([
      ['late', 'done', 5_000],
      ['provider', 'done', 4_000],
    ]);
    expect(payment.attention).toBeUndefined();
  });

  test('all given back there while ours is unknown: it is over, and nobody is troubled', async () => {
    const { world, spy } = await place();
    const { shopper, agreed } = await late(world);
    await arm(world, { on: 'cancel', kind: 'cancel_500' });
    await world.runDry();
    await control(world, 'toss/cancel', { orderId: agreed.orderId });
    for (let n = 0; n < 5; n++) {
      world.clock.advance(hour);
      await world.runDry();
    }
    const payment = await world.payment(shopper.id);
    expect(payment.refunds.map(({ cause, state }) => [cause, state])).toEqual([
      ['late', 'failed'],
      ['provider', 'done'],
    ]);
    expect(payment.attention).toBeUndefined();
    expect(payment.dueAt).toBeUndefined();
    expect(spy.of('cancel')).toHaveLength(1);
  });

  test('one that is pending there is counted once', () => {
    const seen = (state: 'pending' | 'done') =>
      record(1, { cancelled: 4_000, cancellations: [{ id: 'c1', amount: 4_000, state, reason: 'console' }] });
    const canceled = payment([launchedAttempt(1)], { canceledAt: t0, status: 'canceled' });
    const one = applyFacts(canceled, 1, { askedAt: t0 + minute, records: [seen('pending')] }, terms);
    expect(one.refunds.find(({ cause }) => cause === 'late')?.amount).toBe(5_000);
    const two = applyFacts(one, 1, { askedAt: t0 + 2 * minute, records: [seen('done')] }, terms);
    expect(refundable(two, seen('done'))).toBe(0);
  });

  test('one that the provider accepted is looked after until it is done, and never sent again', () => {
    const pending = record(1, {
      cancellations: [{ id: 'c1', amount: 9_000, state: 'pending', reason: 'Paid after the order ended [rf_x]' }],
    });
    const sent = refund({ state: 'sent', sentAt: t0, nextStepAt: t0 });
    const before = payment([launchedAttempt(1, { state: 'paid', records: [record(1)] })], {
      refunds: [sent],
      canceledAt: t0,
      status: 'canceled',
    });
    const seen = applyFacts(before, 1, { askedAt: t0 + minute, records: [pending] }, terms);
    const after = conclude(before, seen, { now: t0 + minute, trigger: 'due', schedule: terms.schedule });
    expect(after.refunds).toMatchObject([{ state: 'pending', cancellation: 'c1' }]);
    expect(after.dueAt).toBe(t0 + minute + hour);
  });

  test('a secret that comes with a record is sealed there too', async () => {
    const { world, spy } = await place();
    const { shopper } = await late(world);
    await arm(world, { on: 'cancel', kind: 'cancel_500' });
    spy.change.lookup = async (query, real) => {
      const found = await real();
      if (found.outcome !== 'done' || query.record === undefined) return found;
      const newer = { ...found.records[0], record: 'newer', state: 'ready' as const, webhookSecret: 'ps_PLAIN' };
      return { ...found, records: [newer, ...found.records] };
    };
    await world.runDry();
    world.clock.advance(minute);
    await world.runDry();
    const stored = JSON.stringify(await world.payment(shopper.id));
    expect(stored).toContain('"record":"newer"');
    expect(stored).not.toContain('ps_PLAIN');
  });
});

describe('due work', () => {
  test('whatever throws in it waits for the lease to end, and does not turn in a circle', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    world.clock.advance(minute);
    spy.change.lookup = () => Promise.reject(new Error('a bug in an adapter'));
    for (let n = 0; n < 5; n++) await world.app.worker.runOnce();
    expect(spy.of('lookup')).toHaveLength(1);
    spy.change = {};
    world.clock.advance(2 * minute);
    await world.runDry();
    expect(spy.of('lookup')).toHaveLength(2);
    expect((await world.payment(shopper.id)).lease).toBeUndefined();
  });
});

describe('what a shopper may not do', () => {
  test('change the quantity that the merchant’s backend ordered', async () => {
    const { world } = await place();
    const body = { items: [{ item: 'coffee', quantity: 5 }], reference: 'order-2' };
    const made = await api(world.url, 'POST', '/payments/sessions', { token: blog.secretKey, body });
    const shopper = shopperOf(world, made.body);
    const { status } = await shopper.call('PATCH', `/payments/sessions/${made.body.id}`, { quantity: 1 });
    expect(status).toBe(400);
    expect((await world.payment(shopper.id)).amount).toBe(22_500);
  });

  test('lose the window that is open to a late copy of the first request', async () => {
    const { world } = await place();
    const call = { ...createCall, headers: { 'idempotency-key': 'abcdefghijklmnopqrstuvwxyz012345' } };
    const shopper = shopperOf(world, (await api(world.url, 'POST', '/payments/sessions', call)).body);
    await launch(shopper);
    const agreed = await shopper.agree();
    const copy = await api(world.url, 'POST', '/payments/sessions', call);
    expect([copy.status, copy.body.launch]).toEqual([200, undefined]);
    expect((await shopper.verify(hintOf(agreed))).body.status).toBe('paid');
  });

  test('cancel away money that came a moment ago', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    await shopper.verify();
    await chargeElsewhere(world, await shopper.agree());
    const { body } = await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    expect(body.code).toBe('payment_already_paid');
  });

  test('make us ask the provider as often as they like, with made-up codes or keys', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    for (let n = 0; n < 20; n++) await shopper.verify({ code: `CODE_${n}` });
    expect(spy.of('lookup').length).toBeLessThanOrEqual(1);
    for (let n = 0; n < 20; n++) await shopper.verify({ paymentKey: `made-up-${n}` });
    expect(spy.of('lookup').length).toBeLessThanOrEqual(2);
    expect((await world.payment(shopper.id)).observations.length).toBe(20);
  });
});
