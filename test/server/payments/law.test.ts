import { afterEach, describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { payments, sessionId } from '../../../server/payments/payment.js';
import { allPayments, disagreements } from '../../support/books.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { createWorld, type World, type WorldOptions } from '../../support/world.js';

/** Rule by rule, against the sandbox over HTTP. The names say what would go wrong without it. */

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) {
    await world.close();
  }
});

async function place(options: WorldOptions = {}): Promise<{ world: World; spy: Spy }> {
  const spy = createSpy();
  const world = await createWorld({ wrapProviders: spy.wrapProviders, ...options });
  open.push(world);
  return { world, spy };
}

const arm = (world: World, fault: object) => control(world, 'faults', fault);
const hintOf = ({ paymentKey, orderId }: { paymentKey: string; orderId: string }) => ({ paymentKey, orderId });

/** Money taken under our order id by somebody else than this server. */
async function chargeElsewhere(world: World, agreed: { paymentKey: string; orderId: string }, amount = 9_000) {
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

const launch = (shopper: Shopper, attempt = 1) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt });

const agree = async (world: World) =>
  expect(disagreements(await allPayments(world), world.sandbox.bank.books())).toEqual([]);

describe('settle', () => {
  test('1: facts asked for before the last write are thrown away, not decided upon', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    let raced = false;
    spy.change.lookup = async (_query, real) => {
      const facts = await real();
      if (!raced) {
        raced = true;
        // Between question and decision the buyer's data is saved, and the order is canceled elsewhere.
        await shopper.call('PATCH', `/payments/sessions/${shopper.session.id}`, { buyer: { name: '김하나' } });
      }
      return facts;
    };
    const { body } = await shopper.verify(hintOf(agreed));
    expect(body.status).toBe('paid');
    expect(spy.of('lookup')).toHaveLength(2);
    expect(spy.of('confirm')).toHaveLength(1);
    expect((await world.payment(shopper.id)).buyer).toEqual({ name: '김하나' });
  });

  test('1: an answer to a confirm that can not be written is asked about by lookup, and charged once', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    spy.change.confirm = async (_intent, real) => {
      const answer = await real();
      await shopper.call('PATCH', `/payments/sessions/${shopper.session.id}`, { buyer: { name: '이두리' } });
      return answer;
    };
    const { body } = await shopper.verify(hintOf(agreed));
    expect(body.status).toBe('paid');
    expect(spy.of('confirm')).toHaveLength(1);
    expect(world.sandbox.bank.books().charges).toHaveLength(1);
  });

  test('1: a decline that can not be written is heard again under the same key', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree({ card: '4300-0000-0000-0002' });
    let first = true;
    spy.change.confirm = async (_intent, real) => {
      const answer = await real();
      if (first) await shopper.call('PATCH', `/payments/sessions/${shopper.session.id}`, { buyer: { name: '박세찬' } });
      first = false;
      return answer;
    };
    // The record says by itself that it failed, so that one confirm is enough.
    const { body } = await shopper.verify(hintOf(agreed));
    expect(body.attempt?.state).toBe('failed');
    expect(new Set(spy.of('confirm').map((one) => one.with.idempotencyKey)).size).toBe(1);
  });

  test('2: the first money wins; a second paid attempt goes back and the session stays paid once', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const first = await shopper.agree();
    await launch(shopper);
    await shopper.prepare();
    const second = await shopper.agree();
    expect(second.orderId).not.toBe(first.orderId);
    expect((await shopper.verify(hintOf(second))).body.status).toBe('paid');
    await chargeElsewhere(world, first);
    world.clock.advance(minute);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect(payment.paidBy?.attempt).toBe(2);
    expect(payment.refunds).toMatchObject([{ cause: 'duplicate', attempt: 1, amount: 9_000, state: 'done' }]);
    expect(payment.status).toBe('paid');
    expect(payment.outbox).toEqual([]);
    world.clock.advance(3 * day);
    await world.runDry();
    await agree(world);
  });

  test('3: an attempt that was superseded is never confirmed', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const first = await shopper.agree();
    await launch(shopper);
    await shopper.prepare();
    const { body } = await shopper.verify(hintOf(first));
    expect(body.status).toBe('open');
    expect(spy.of('confirm')).toEqual([]);
  });

  test('5: a trigger that changes nothing writes nothing', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await shopper.verify(hintOf(await shopper.agree()));
    const before = await world.payment(shopper.id);
    for (let n = 0; n < 5; n++) {
      world.clock.advance(3 * second);
      await shopper.verify();
      await shopper.verify({ code: undefined });
      await shopper.read();
    }
    expect(await world.payment(shopper.id)).toEqual(before);
  });

  test('7: money of another amount under our order goes back, and the payment stays open', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'wrong_amount', amount: 12_345 });
    const { body } = await shopper.verify(hintOf(await shopper.agree()));
    expect(body).toMatchObject({ status: 'open', failure: { code: 'amount_mismatch' } });
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([
      { cause: 'mismatch', amount: 12_345, state: 'done' },
    ]);
    await shopper.prepare();
    expect((await shopper.verify(hintOf(await shopper.agree()))).body.status).toBe('paid');
  });

  test('7: money in another currency goes back in that currency', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'wrong_currency' });
    await shopper.verify(hintOf(await shopper.agree()));
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect(payment.status).toBe('open');
    expect(payment.refunds).toMatchObject([{ cause: 'mismatch', state: 'done' }]);
    expect(payment.refunds[0]?.currency).not.toBe('KRW');
  });

  test('7: a record that is not of our environment is held, told, and nothing is done by itself', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    spy.change.lookup = async (_query, real) => {
      const found = await real();
      return found.outcome === 'done'
        ? { ...found, records: [{ ...found.records[0], environment: 'live' as const }] }
        : found;
    };
    const { body } = await shopper.verify(hintOf(agreed));
    expect(body.attempt?.state).toBe('held');
    expect(spy.of('confirm')).toEqual([]);
    expect((await world.payment(shopper.id)).attention).toBe('held');
    world.clock.advance(3 * day);
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toEqual([]);
  });

  test('7: more than ten mismatch refunds of one channel in an hour are held back, told, and sent in the next', async () => {
    const { world } = await place();
    const shoppers: Shopper[] = [];
    for (let n = 0; n < 12; n++) {
      const shopper = await openSession(world);
      await arm(world, { on: 'confirm', kind: 'wrong_amount' });
      await shopper.verify(hintOf(await shopper.agree()));
      shoppers.push(shopper);
    }
    await world.runDry();
    const states = async () =>
      (await Promise.all(shoppers.map((one) => world.payment(one.id)))).map(({ refunds, attention }) => [
        refunds[0]?.state,
        attention,
      ]);
    const held = (await states()).filter(([state]) => state !== 'done');
    expect(held).toEqual([
      ['requested', 'refunds_paused'],
      ['requested', 'refunds_paused'],
    ]);
    world.clock.advance(hour + second);
    await world.runDry();
    expect(await states()).toEqual(shoppers.map(() => ['done', undefined]));
  });

  test.each([
    ['refund', 'expired', [{ cause: 'late', state: 'done' }]],
    ['accept', 'paid', []],
  ] as const)('8: money after the end, merchant says %s: the payment is %s', async (lateMoney, status, refunds) => {
    const { world, spy } = await place({ blog: { lateMoney } });
    const shopper = await openSession(world);
    await launch(shopper);
    // Nobody agrees in time; then, a day later, the provider shows a charge.
    world.clock.advance(41 * minute);
    await world.runDry();
    expect((await world.payment(shopper.id)).status).toBe('expired');
    const agreed = await shopper.agree();
    await chargeElsewhere(world, agreed);
    world.clock.advance(day);
    await world.runDry();
    const payment = await world.payment(shopper.id);
    expect(payment.status).toBe(status);
    expect(payment.refunds).toMatchObject(refunds);
    expect(spy.of('confirm')).toEqual([]);
    await agree(world);
  });

  test('8: a deposit into an account that we issued is welcome even late', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree({ method: 'virtual_account' });
    const { body } = await shopper.verify(hintOf(agreed));
    expect(body.status).toBe('pending');
    expect(body.account?.number).toMatch(/^X/);
    world.clock.advance(2 * day);
    await world.runDry();
    expect((await shopper.read()).status).toBe('pending');
    await control(world, 'toss/deposit', { orderId: agreed.orderId });
    world.clock.advance(hour);
    await world.runDry();
    expect((await shopper.read()).status).toBe('paid');
    world.clock.advance(20 * day);
    await world.runDry();
    await agree(world);
  });

  test('9: expiry stops new attempts only: an agreed payment is still taken after the session closed', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    world.clock.advance(25 * minute);
    await launch(shopper);
    world.clock.advance(6 * minute);
    const agreed = await shopper.agree();
    world.clock.advance(minute);
    expect((await shopper.prepare()).body.code).toBe('session_expired');
    expect((await shopper.verify(hintOf(agreed))).body.status).toBe('paid');
  });

  test.each([false, true])(
    '9: a window that nobody reported is still paid after the session closed; due work in between: %s',
    async (worked) => {
      const { world } = await place();
      const shopper = await openSession(world);
      world.clock.advance(29 * minute);
      const agreed = await shopper.agree();
      world.clock.advance(2 * minute);
      if (worked) await world.runDry();
      expect((await shopper.read()).status).toBe('expired');
      expect((await shopper.verify(hintOf(agreed))).body.status).toBe('paid');
    },
  );

  test.each([
    [
      'its deadline is past',
      async (world: World, shopper: Shopper) => {
        await launch(shopper);
        world.clock.advance(41 * minute);
      },
    ],
    [
      'the session was canceled',
      async (_world: World, shopper: Shopper) => {
        await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
      },
    ],
  ])('9: a confirm is withheld when %s', async (_why, spoil) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await spoil(world, shopper);
    const agreed = await shopper.agree();
    const { status } = await shopper.verify(hintOf(agreed));
    expect(status).toBe(200);
    expect(spy.of('confirm')).toEqual([]);
    expect(world.sandbox.bank.books().charges).toEqual([]);
  });

  test('10: the intent is stored before the provider is asked for money', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    let stored: unknown;
    spy.change.confirm = async (_intent, real) => {
      stored = (await world.payment(shopper.id)).attempts[0];
      return real();
    };
    await shopper.verify(hintOf(agreed));
    expect(stored).toMatchObject({ state: 'confirming', intent: { record: agreed.paymentKey, try: 1 } });
  });

  test('10: no reply: the same key again, and one charge', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'drop' });
    const agreed = await shopper.agree();
    const { status, body, headers } = await shopper.verify(hintOf(agreed));
    expect([status, body.status, body.processing]).toEqual([202, 'open', true]);
    expect(headers.get('retry-after')).toBe('2');
    world.clock.advance(minute);
    await world.runDry();
    const keys = spy.of('confirm').map((one) => one.with.idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect((await shopper.read()).status).toBe('paid');
    expect(world.sandbox.bank.books().charges).toHaveLength(1);
  });

  test('10: a charge whose answer was lost is found by looking, not charged again', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'charge_then_timeout' });
    const { body } = await shopper.verify(hintOf(await shopper.agree()));
    expect(body.status).toBe('paid');
    expect(spy.of('confirm')).toHaveLength(1);
    expect(world.sandbox.bank.books().charges).toHaveLength(1);
  });

  test('10: after a received temporary error a new key only 30 s later, and only while nothing is charged', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'error_500_without_charge' });
    const { status } = await shopper.verify(hintOf(await shopper.agree()));
    expect(status).toBe(202);
    for (let waited = 0; waited < 29; waited += 1) {
      world.clock.advance(second);
      await world.runDry();
    }
    expect(spy.of('confirm')).toHaveLength(1);
    for (let waited = 0; waited < 30; waited += 1) {
      world.clock.advance(second);
      await world.runDry();
    }
    const [first, next, ...more] = spy.of('confirm').map((one) => one.with.idempotencyKey);
    expect(more).toEqual([]);
    expect(next).toBeDefined();
    expect(next).not.toBe(first);
    expect((await shopper.read()).status).toBe('paid');
  });

  test('10: an error after the charge is seen by the lookup: no second try', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'charge_then_500' });
    expect((await shopper.verify(hintOf(await shopper.agree()))).body.status).toBe('paid');
    world.clock.advance(hour);
    await world.runDry();
    expect(spy.of('confirm')).toHaveLength(1);
  });

  test('10: outside the provider’s window no new try is begun; it ends unresolved and is told', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'error_500_without_charge', times: 100 });
    await shopper.verify(hintOf(await shopper.agree()));
    for (let waited = 0; waited < 45; waited += 1) {
      world.clock.advance(minute);
      await world.runDry();
    }
    expect(spy.of('confirm').length).toBeGreaterThan(1);
    expect(spy.of('confirm').length).toBeLessThanOrEqual(10);
    expect((await shopper.read()).status).toBe('expired');
    expect(world.sandbox.bank.books().charges).toEqual([]);
  });

  test('10: a declined attempt takes no second key: prepare again', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const declined = await shopper.agree({ card: '4300-0000-0000-0002' });
    const { body } = await shopper.verify(hintOf(declined));
    expect(body).toMatchObject({ status: 'open', attempt: { state: 'failed' } });
    world.clock.advance(5 * second);
    await shopper.verify(hintOf(declined));
    expect(spy.of('confirm')).toHaveLength(1);
    await shopper.prepare();
    expect((await shopper.verify(hintOf(await shopper.agree()))).body.status).toBe('paid');
  });

  test('10: only a verify starts a first confirm: due work never does', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    await shopper.agree();
    for (let n = 0; n < 50; n++) {
      world.clock.advance(minute);
      await world.runDry();
      await shopper.read();
    }
    expect(spy.of('confirm')).toEqual([]);
    expect((await shopper.read()).status).toBe('expired');
  });

  test('10: wrong credentials moved no money on a first call: the attempt fails, and a person is told', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'error', code: 'UNAUTHORIZED_KEY', status: 401 });
    const { status, body } = await shopper.verify(hintOf(await shopper.agree()));
    expect([status, body.code]).toEqual([502, 'provider_misconfigured']);
    expect(await world.payment(shopper.id)).toMatchObject({
      attention: 'misconfigured',
      attempts: [{ state: 'failed' }],
    });
  });

  test('11: a provider out of reach changes no state, and its return settles', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    const before = await world.payment(shopper.id);
    await arm(world, { on: 'lookup', kind: 'drop' });
    const { status, headers } = await shopper.verify(hintOf(agreed));
    expect([status, headers.get('retry-after')]).toEqual([202, '2']);
    expect(await world.payment(shopper.id)).toEqual(before);
    world.clock.advance(3 * second);
    expect((await shopper.verify(hintOf(agreed))).body.status).toBe('paid');
  });
});

describe('due work', () => {
  const lookupTimes = async (world: World, spy: Spy, minutes: readonly number[]) => {
    const start = world.clock.now();
    const seen: number[] = [];
    let known = spy.of('lookup').length;
    for (const at of minutes) {
      world.clock.advance(start + at * minute - world.clock.now());
      await world.runDry();
      if (spy.of('lookup').length > known) seen.push(at);
      known = spy.of('lookup').length;
    }
    return seen;
  };
  const everyMinute = (until: number) => Array.from({ length: until }, (_, index) => index + 1);

  test('21: a launched attempt is looked up at 1, 3, 10, 40 minutes, and once 24 h after it expired', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    const later = [60, 600, 1_439, 1_480, 1_481, 3_000, 6_000];
    expect(await lookupTimes(world, spy, [...everyMinute(45), ...later])).toEqual([1, 3, 10, 40, 1_480]);
    expect((await world.payment(shopper.id)).dueAt).toBeUndefined();
  });

  test('21: an issued account is looked up hourly until its date and grace, then ends', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await shopper.verify(hintOf(await shopper.agree({ method: 'virtual_account' })));
    const seen = await lookupTimes(world, spy, [30, 60, 90, 120, 180, 240]);
    expect(seen).toEqual([60, 120, 180, 240]);
    for (let n = 0; n < 24 * 8; n++) {
      world.clock.advance(hour);
      await world.runDry();
    }
    expect((await shopper.read()).status).toBe('expired');
  });

  test('21: an unreachable provider ends nothing', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    await arm(world, { on: 'lookup', kind: 'error', code: 'UNKNOWN_THING', status: 500, times: 1_000 });
    for (let n = 0; n < 50; n++) {
      world.clock.advance(2 * minute);
      await world.runDry();
    }
    expect((await world.payment(shopper.id)).attempts[0]?.state).toBe('launched');
    world.sandbox.faults.clear();
    world.clock.advance(20 * minute);
    await world.runDry();
    expect((await world.payment(shopper.id)).status).toBe('expired');
  });

  test('20: two servers at the same due work: one of them does it', async () => {
    const { world, spy } = await place();
    const spy2 = createSpy();
    const second = await createWorld({
      clock: world.clock,
      sandbox: world.sandbox,
      sandboxUrl: world.sandboxUrl,
      store: world.store,
      wrapProviders: spy2.wrapProviders,
    });
    open.unshift(second);
    const shoppers = await Promise.all(Array.from({ length: 20 }, () => openSession(world)));
    await Promise.all(shoppers.map((shopper) => launch(shopper)));
    world.clock.advance(minute);
    await Promise.all([world.app.worker.runOnce(), second.app.worker.runOnce()]);
    expect(spy.of('lookup').length + spy2.of('lookup').length).toBe(20);
  });

  test('20: a lease whose owner died is free again after its time', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await launch(shopper);
    world.clock.advance(minute);
    // The owner never comes back to let go of it.
    const leased = await world.payment(shopper.id);
    await world.store.collection(payments).replace({
      ...leased,
      lease: { owner: 'dead', fence: leased.rev, until: world.clock.now() + 90_000 },
      dueAt: world.clock.now() + 90_000,
    });
    await world.runDry();
    expect(spy.of('lookup')).toEqual([]);
    world.clock.advance(91 * second);
    await world.runDry();
    expect(spy.of('lookup')).toHaveLength(1);
    expect((await world.payment(shopper.id)).lease).toBeUndefined();
  });
});

describe('refunds', () => {
  /** A canceled session whose money came all the same: one late refund. */
  async function late(world: World): Promise<Shopper> {
    const shopper = await openSession(world);
    await launch(shopper);
    const agreed = await shopper.agree();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await chargeElsewhere(world, agreed);
    world.clock.advance(minute);
    return shopper;
  }

  test('14: the refund is reserved in the payment before any call', async () => {
    const { world, spy } = await place();
    const shopper = await late(world);
    let stored: unknown;
    spy.change.cancel = async (_intent, real) => {
      stored = (await world.payment(shopper.id)).refunds;
      return real();
    };
    await world.runDry();
    expect(stored).toMatchObject([{ state: 'sent', amount: 9_000, cause: 'late', try: 1 }]);
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
  });

  test.each([
    ['no reply', 'drop', 1],
    ['a temporary error', 'cancel_500', 2],
  ])('15: after %s the money goes back once', async (_what, kind, keys) => {
    const { world, spy } = await place();
    const shopper = await late(world);
    await arm(world, { on: 'cancel', kind });
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'unknown' }]);
    world.clock.advance(minute);
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
    expect(new Set(spy.of('cancel').map((one) => one.with.idempotencyKey)).size).toBe(keys);
    expect(world.sandbox.bank.books().cancellations).toHaveLength(1);
  });

  test('15: a refund that went through without an answer is found by its id, not sent again', async () => {
    const { world, spy } = await place();
    const shopper = await late(world);
    await arm(world, { on: 'cancel', kind: 'cancel_then_drop' });
    await world.runDry();
    world.clock.advance(minute);
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
    expect(spy.of('cancel')).toHaveLength(1);
  });

  test('15: refused credentials are told, and once they are mended the money goes back, under a new key', async () => {
    const { world, spy } = await place();
    const shopper = await late(world);
    await arm(world, { on: 'cancel', kind: 'error', code: 'FORBIDDEN_REQUEST', status: 403, times: 2 });
    for (let n = 0; n < 2; n++) {
      await world.runDry();
      const { attention, refunds } = await world.payment(shopper.id);
      expect([attention, refunds[0]?.state]).toEqual(['misconfigured', 'requested']);
      world.clock.advance(hour + second);
    }
    await world.runDry();
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
    expect((await world.payment(shopper.id)).attention).toBeUndefined();
    expect(new Set(spy.of('cancel').map((one) => one.with.idempotencyKey)).size).toBe(3);
    expect(world.sandbox.bank.books().cancellations).toHaveLength(1);
  });

  test('15: the refunds of one payment go out one at a time, a second apart', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = [];
    for (let n = 1; n <= 3; n++) {
      agreed.push(await shopper.agree());
      await launch(shopper, n);
      if (n < 3) await shopper.prepare();
    }
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    for (const one of agreed) await chargeElsewhere(world, one);
    world.clock.advance(minute);
    await world.runDry();
    expect(spy.of('cancel')).toHaveLength(1);
    world.clock.advance(second);
    await world.runDry();
    expect(spy.of('cancel')).toHaveLength(2);
    world.clock.advance(second);
    await world.runDry();
    expect(spy.of('cancel')).toHaveLength(3);
    world.clock.advance(2 * day);
    await world.runDry();
    await agree(world);
  });

  test('16: what was refunded is the provider’s figure; a console refund is written down as theirs', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree();
    await shopper.verify(hintOf(agreed));
    await control(world, 'toss/cancel', { orderId: agreed.orderId, amount: 2_000, reason: '고객 요청' });
    world.clock.advance(3 * second);
    const { body } = await shopper.verify();
    expect(body).toMatchObject({ status: 'partially_refunded', refundedAmount: 2_000 });
    await control(world, 'toss/cancel', { orderId: agreed.orderId });
    world.clock.advance(3 * second);
    expect((await shopper.verify()).body).toMatchObject({ status: 'refunded', refundedAmount: 9_000 });
    expect((await world.payment(shopper.id)).refunds).toMatchObject([
      { cause: 'provider', amount: 2_000, state: 'done' },
      { cause: 'provider', amount: 7_000, state: 'done' },
    ]);
  });

  test('17: a definite no is told, and never silently repeated', async () => {
    const { world, spy } = await place();
    const shopper = await late(world);
    await arm(world, { on: 'cancel', kind: 'error', code: 'NOT_CANCELABLE_PAYMENT', status: 403, times: 50 });
    await world.runDry();
    world.clock.advance(2 * day);
    await world.runDry();
    expect(await world.payment(shopper.id)).toMatchObject({
      attention: 'refund_failed',
      refunds: [{ state: 'failed' }],
    });
    expect(spy.of('cancel')).toHaveLength(1);
  });

  test('18: a deposit that must go back waits for an account of the buyer’s', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify(hintOf(agreed));
    expect((await shopper.call('POST', `/payments/sessions/${sessionId(shopper.id)}/cancel`)).body.status).toBe(
      'canceled',
    );
    await control(world, 'toss/deposit', { orderId: agreed.orderId });
    world.clock.advance(hour);
    await world.runDry();
    expect(await world.payment(shopper.id)).toMatchObject({
      status: 'canceled',
      refunds: [{ cause: 'late', state: 'needs_account' }],
    });
    expect(spy.of('cancel')).toEqual([]);
  });
});
