import { afterEach, describe, expect, test } from 'vitest';
import { eventId, events } from '../../../server/events/event.js';
import type { InvariantReport } from '../../../server/invariants/invariants.js';
import { day, hour, minute } from '../../../server/ops/clock.js';
import { type Payment, payments } from '../../../server/payments/payment.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { api, blog, cronSecret, operatorSecret, type World } from '../../support/world.js';
import { createPlace, type Place, paid } from '../reconciliation/harness.js';

const open: Place[] = [];
afterEach(async () => {
  for (const place of open.splice(0)) await place.close();
});

async function at(): Promise<Place> {
  const place = await createPlace();
  open.push(place);
  return place;
}

const get = (world: World, bearer?: string, method = 'GET') =>
  fetch(`${world.url}/invariants`, {
    method,
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });

async function look(world: World): Promise<InvariantReport> {
  const answer = await get(world, operatorSecret);
  expect(answer.status).toBe(200);
  return (await answer.json()) as InvariantReport;
}

const brokenIn = ({ invariants }: InvariantReport) =>
  Object.fromEntries(invariants.filter((one) => one.violations > 0).map(({ name, samples }) => [name, samples]));

/** Writes a document as no rule of ours would. */
async function spoil(world: World, id: string, change: (payment: Payment) => Partial<Payment>): Promise<void> {
  const collection = world.store.collection(payments);
  const before = await world.payment(id);
  const replaced = await collection.replace({ ...before, ...change(before) });
  expect(replaced.ok).toBe(true);
}

async function payWith(place: Place, how: Record<string, unknown>): Promise<Shopper> {
  const shopper = await openSession(place.world);
  const { paymentKey, orderId } = await shopper.agree(how);
  await shopper.verify({ paymentKey, orderId });
  return shopper;
}

describe('a healthy server', () => {
  test('breaks none, with every kind of payment, at any moment', async () => {
    const place = await at();
    const { world, clock } = place;
    const fine = async () => expect(brokenIn(await look(world))).toEqual({});
    await fine();
    await openSession(world);
    await paid(place, 'toss');
    await payWith(place, { card: '4300-0000-0000-0002' });
    const account = await payWith(place, { method: 'virtual_account' });
    await payWith(place, { method: 'virtual_account' });
    await fine();
    await control(place, 'faults', { on: 'confirm', kind: 'wrong_amount' });
    await payWith(place, {});
    await control(place, 'faults', { on: 'confirm', kind: 'charge_then_drop' });
    await payWith(place, {});
    await fine();
    const refunded = await paid(place, 'toss');
    const headers = { 'idempotency-key': 'a-refund-of-a-part-0001' };
    const { status } = await api(world.url, 'POST', `/payments/${refunded.id}/cancel`, {
      ...{ token: blog.secretKey, headers, body: { amount: 1_000, reason: '부분 환불' } },
    });
    expect([200, 202]).toContain(status);
    const canceled = await openSession(world);
    await canceled.call('POST', `/payments/sessions/${canceled.session.id}/cancel`);
    await control(place, 'toss/deposit', { orderId: account.orderId });
    await fine();
    for (const later of [30_000, minute, 10 * minute, hour, day, 9 * day]) {
      clock.advance(later);
      await world.runDry();
      await fine();
    }
    const report = await look(world);
    expect(report.ok).toBe(true);
    const looked = Object.fromEntries(report.invariants.map((one) => [one.name, one.looked]));
    expect(looked).toMatchObject({ paid_by_one_record: 9, due_work_is_done_in_time: 0 });
    expect(looked.feed_without_gap).toBeGreaterThan(9);
    expect(report.invariants.every(({ complete }) => complete)).toBe(true);
  });
});

describe('a broken document is found', () => {
  test.each<[string, (payment: Payment, now: number) => Partial<Payment>]>([
    [
      'paid_by_one_record',
      ({ attempts }) => ({ attempts: attempts.map((one) => ({ ...one, state: 'failed' as const })) }),
    ],
    ['refunds_within_paid', ({ amount }) => ({ refundedAmount: amount + 1 })],
    [
      'other_money_goes_back',
      ({ paidBy }) => ({
        status: 'expired',
        paidBy: { attempt: 1, at: 0, record: `not ${paidBy?.record}`, reversed: true },
      }),
    ],
    [
      'unknown_for_a_day_at_most',
      ({ attempts }) => ({
        attempts: attempts.map((one) => ({
          ...one,
          state: 'unknown' as const,
          preparedAt: 0,
          intent: { ...one.intent, since: 0 } as never,
        })),
      }),
    ],
    [
      'confirming_is_resumed',
      ({ attempts }) => ({
        attempts: attempts.map((one) => ({
          ...one,
          state: 'confirming' as const,
          intent: { ...one.intent, holdUntil: 0 } as never,
        })),
      }),
    ],
    ['unfinished_is_due', () => ({ lease: { owner: 'a', fence: 1, until: 1 } })],
    [
      'told_within_an_hour',
      (_payment, now) => ({
        outbox: [{ key: 'k', type: 'payment.paid', at: now - 2 * hour, data: { status: 'paid', refundedAmount: 0 } }],
        dueAt: now,
      }),
    ],
    ['due_work_is_done_in_time', (_payment, now) => ({ dueAt: now - 61_000 })],
  ])('%s', async (name, change) => {
    const place = await at();
    const [whole, victim] = [await paid(place, 'toss'), await paid(place, 'toss')];
    await place.world.runDry();
    expect((await look(place.world)).ok).toBe(true);
    await spoil(place.world, victim.id, (payment) => change(payment, place.clock.now()));
    const report = await look(place.world);
    expect(report.ok).toBe(false);
    const found = brokenIn(report)[name];
    expect(found?.map((sample) => sample.split(' ').at(-1))).toEqual([victim.id]);
    expect(JSON.stringify(brokenIn(report))).not.toContain(whole.id);
  });

  test('feed_without_gap: an event in the middle, and the first one', async () => {
    for (const seq of [3, 1]) {
      const place = await at();
      for (let n = 0; n < 4; n++) await paid(place, 'toss');
      await place.world.runDry();
      const collection = place.world.store.collection(events);
      const id = eventId('blog', seq);
      const event = await collection.get(id);
      expect(await collection.remove(id, event?.rev ?? 0)).toBe(true);
      expect(brokenIn(await look(place.world))).toEqual({ feed_without_gap: [id] });
    }
  });

  test('waiting_reaction_is_due', async () => {
    const place = await at();
    await paid(place, 'toss');
    await place.world.runDry();
    const collection = place.world.store.collection(events);
    const event = await collection.get(eventId('blog', 1));
    if (!event) throw new Error('no event');
    await collection.replace({
      ...event,
      reactions: [{ name: 'webhook:main', state: 'waiting', tries: 0, attempts: [] }],
    });
    expect(brokenIn(await look(place.world))).toEqual({ waiting_reaction_is_due: [event.id] });
  });

  test('due work of every room counts: a comparison that nobody makes', async () => {
    const place = await at();
    await place.world.runDry();
    place.clock.advance(day);
    const samples = brokenIn(await look(place.world)).due_work_is_done_in_time ?? [];
    expect(samples.filter((sample) => sample.startsWith('comparisons cmp_')).length).toBe(2);
    await place.world.runDry();
    expect((await look(place.world)).ok).toBe(true);
  });

  test('by at most ten samples', async () => {
    const place = await at();
    for (let n = 0; n < 12; n++) await openSession(place.world);
    place.clock.advance(2 * hour);
    const late = (await look(place.world)).invariants.find(({ name }) => name === 'due_work_is_done_in_time');
    expect(late).toMatchObject({ violations: 12, looked: 12, complete: true });
    expect(late?.samples.length).toBe(10);
  });
});

describe('the check', () => {
  test('needs the OPERATOR_SECRET', async () => {
    const { world } = await at();
    for (const bearer of [undefined, 'wrong', cronSecret, blog.secretKey, `${operatorSecret}x`]) {
      const answer = await get(world, bearer);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({
        code: 'unauthorized',
        detail: expect.stringContaining('OPERATOR_SECRET'),
      });
    }
    expect((await get(world, operatorSecret, 'POST')).status).toBe(405);
    expect((await get(world, operatorSecret)).headers.get('cache-control')).toBe('no-store');
  });

  test('runs once an hour over all servers, and logs what is broken', async () => {
    const place = await at();
    const victim = await paid(place, 'toss');
    await place.world.runDry();
    const other = await place.second();
    await other.runDry();
    await spoil(place.world, victim.id, ({ amount }) => ({ refundedAmount: amount + 1 }));
    const said = () => place.logged.filter(({ event }) => event === 'invariant_violated');
    place.clock.advance(hour - 1);
    for (const world of [place.world, other]) await world.runDry();
    expect(said()).toEqual([]);
    place.clock.advance(1);
    await Promise.all([place.world, other].map((world) => world.runDry()));
    expect(said()).toMatchObject([{ level: 'error', invariant: 'refunds_within_paid', count: 1, reason: victim.id }]);
    place.clock.advance(hour);
    await other.runDry();
    expect(said().length).toBe(2);
  });

  test('is a job too, which says how many violations there are', async () => {
    const place = await at();
    const victim = await paid(place, 'toss');
    await place.world.runDry();
    const job = () => api<{ worked: number }>(place.world.url, 'POST', '/jobs/invariants', { token: cronSecret });
    expect((await job()).body.worked).toBe(0);
    await spoil(place.world, victim.id, ({ amount }) => ({ refundedAmount: amount + 1 }));
    expect((await job()).body.worked).toBe(1);
  });
});
