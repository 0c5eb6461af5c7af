import { describe, expect, test } from 'vitest';
import { day, minute } from '../../../server/ops/clock.js';
import { type Shopper, shopperOf } from '../../support/shopper.js';
import { refused, useWorld } from './harness.js';

const here = useWorld();
const pathOf = ({ session }: Shopper) => `/payments/sessions/${session.id}`;
const cancel = (shopper: Shopper) => shopper.call('POST', `${pathOf(shopper)}/cancel`);
const patch = (shopper: Shopper, body: unknown) => shopper.call('PATCH', pathOf(shopper), body);
const launched = (shopper: Shopper, attempt = 1) => shopper.call('POST', `${pathOf(shopper)}/launched`, { attempt });

/** What a lost server or a bug of the provider would do: asks for the money of a window past us. */
async function chargeElsewhere({ paymentKey, orderId, amount }: Awaited<ReturnType<Shopper['agree']>>): Promise<void> {
  const response = await fetch(`${here.world.sandboxUrl}/toss/v1/payments/confirm`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ paymentKey, orderId, amount: amount.value }),
  });
  expect(response.status).toBe(200);
}

describe('canceling a session', () => {
  test('ends it, and twice is once', async () => {
    const shopper = await here.open();
    expect(await cancel(shopper)).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(await here.unchanged(shopper, () => cancel(shopper))).toMatchObject({
      status: 200,
      body: { status: 'canceled' },
    });
    const { timeline } = await here.payment(shopper.id);
    expect(timeline.filter(({ to }) => to === 'canceled')).toHaveLength(1);
  });

  test('is left to the backend too', async () => {
    const shopper = await here.open();
    expect((await here.backend('POST', `${pathOf(shopper)}/cancel`)).body.status).toBe('canceled');
  });

  test('takes no money any more from a window that is still open', async () => {
    const shopper = await here.open();
    await launched(shopper);
    await cancel(shopper);
    const { paymentKey } = await shopper.agree();
    expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(here.charges(shopper)).toBe(0);
  });

  test('is refused once it is paid, and the money stays', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree();
    await shopper.verify({ paymentKey });
    expect(await here.unchanged(shopper, () => cancel(shopper))).toMatchObject(refused(409, 'payment_already_paid'));
  });

  test('looks first: money that came past us is not canceled away', async () => {
    const shopper = await here.open();
    await launched(shopper);
    await chargeElsewhere(await shopper.agree());
    expect(await cancel(shopper)).toMatchObject(refused(409, 'payment_already_paid'));
    expect((await shopper.read()).status).toBe('paid');
  });

  test('is refused while it is not known whether money moved', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree();
    await here.arm({ on: 'confirm', kind: 'error_500_without_charge' });
    await shopper.verify({ paymentKey });
    expect(await cancel(shopper)).toMatchObject(refused(409, 'payment_in_progress'));
    await here.later(31_000);
    expect((await shopper.read()).status).toBe('paid');
  });

  test('gives back money that arrives afterwards', async () => {
    const shopper = await here.open();
    await launched(shopper);
    const hint = await shopper.agree();
    await cancel(shopper);
    await chargeElsewhere(hint);
    await here.later(10 * minute);
    const payment = await here.payment(shopper.id);
    expect(payment.status).toBe('canceled');
    expect(payment.refunds).toMatchObject([{ cause: 'late', state: 'done', amount: 9_000 }]);
    expect(here.world.sandbox.bank.books(hint.orderId).totals).toMatchObject([{ net: 0 }]);
  });

  test('raced with a verify, ends either paid or canceled, and the books agree', async () => {
    for (let n = 0; n < 10; n++) {
      const shopper = await here.open();
      const { paymentKey } = await shopper.agree();
      const [verified, canceled] = await Promise.all([shopper.verify({ paymentKey }), cancel(shopper)]);
      const { status } = await shopper.read();
      expect(here.charges(shopper)).toBe(status === 'paid' ? 1 : 0);
      expect(['paid', 'canceled']).toContain(status);
      expect(canceled.status).toBe(status === 'paid' ? 409 : 200);
      expect(verified.status).toBe(200);
    }
  });

  test('of an expired session is harmless', async () => {
    const shopper = await here.open();
    await here.later(31 * minute);
    expect(await cancel(shopper)).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(await shopper.prepare()).toMatchObject(refused(409, 'session_canceled'));
  });
});

describe('changing a session', () => {
  test('merges what is known of the buyer', async () => {
    const shopper = await here.open({ buyer: { name: '김하나' } });
    await patch(shopper, { buyer: { phone: '010-1234-5678' } });
    const { body } = await patch(shopper, { buyer: { email: 'hana@blog.example' } });
    expect(body.buyer).toEqual({ name: '김하나', phone: '01012345678', email: 'hana@blog.example' });
    const { body: prepared } = await shopper.prepare();
    expect(prepared.launch?.request).toMatchObject({ customerName: '김하나', customerMobilePhone: '01012345678' });
  });

  test('to what it is already writes nothing', async () => {
    const shopper = await here.open({ buyer: { name: '김하나' } });
    for (const body of [{}, { buyer: {} }, { buyer: { name: '김하나' } }, { quantity: 2 }]) {
      expect((await here.unchanged(shopper, () => patch(shopper, body))).status).toBe(200);
    }
  });

  test('to another quantity before the launch is another price; the window of the old one is never charged', async () => {
    const shopper = await here.open();
    const old = await shopper.agree();
    const { status, body } = await patch(shopper, { quantity: 3 });
    expect([status, body.amount, body.lines[0]?.quantity]).toEqual([200, 13_500, 3]);
    for (const hint of [{ paymentKey: old.paymentKey }, { paymentKey: old.paymentKey, orderId: old.orderId }]) {
      await shopper.verify(hint);
    }
    expect(here.charges(shopper)).toBe(0);
    const { body: prepared } = await shopper.prepare();
    expect(prepared.launch).toMatchObject({ amount: { value: 13_500 }, request: { orderId: `${shopper.id}_2` } });
    const { paymentKey } = await shopper.agree({ amount: 13_500 });
    expect((await shopper.verify({ paymentKey })).body).toMatchObject({ status: 'paid', amount: 13_500 });
    expect(here.charges(shopper)).toBe(1);
  });

  test('of its quantity after the launch is refused', async () => {
    const shopper = await here.open();
    await launched(shopper);
    const answer = await here.unchanged(shopper, () => patch(shopper, { quantity: 3 }));
    expect(answer).toMatchObject(refused(409, 'payment_in_progress'));
    expect((await patch(shopper, { buyer: { name: '김하나' } })).status).toBe(200);
  });

  test('of its quantity stays in the item’s range', async () => {
    const shopper = await here.open();
    const answer = await here.unchanged(shopper, () => patch(shopper, { quantity: 11 }));
    expect(answer).toMatchObject(refused(422, 'quantity_out_of_range'));
    expect(answer.body.errors).toEqual([{ path: 'quantity', message: 'must be 1 to 10' }]);
  });

  test('of its quantity is for sessions of one catalogue item', async () => {
    const two = await here.open({ items: [{ item: 'coffee' }, { item: 'mug' }] });
    expect(await patch(two, { quantity: 2 })).toMatchObject(refused(400, 'invalid_request'));
    const own = await here.backend('POST', '/payments/sessions', { amount: 100, currency: 'KRW', orderName: 'x' });
    expect(await patch(shopperOf(here.world, own.body), { quantity: 2 })).toMatchObject(
      refused(400, 'invalid_request'),
    );
  });

  test('of its quantity is too late when it ended', async () => {
    const [paid, canceled, expired] = [await here.open(), await here.open(), await here.open()];
    const { paymentKey } = await paid.agree();
    await paid.verify({ paymentKey });
    await cancel(canceled);
    expect(await patch(paid, { quantity: 3 })).toMatchObject(refused(409, 'payment_already_paid'));
    expect(await patch(canceled, { quantity: 3 })).toMatchObject(refused(409, 'session_canceled'));
    await here.later(31 * minute);
    const answer = await here.unchanged(expired, () => patch(expired, { quantity: 3 }));
    expect(answer).toMatchObject(refused(409, 'session_expired'));
  });

  test.each([
    ['amount', 1],
    ['price', 1],
    ['items', []],
    ['metadata', { a: 'b' }],
    ['customer', 'ada'],
    ['status', 'paid'],
    ['openUntil', '2030-01-01T00:00:00Z'],
    ['returnUrls', { page: 'https://evil.example/' }],
    ['quantity', 0],
    ['quantity', '2'],
    ['quantity', 1e7],
    ['buyer', null],
    ['buyer', { phone: 'x' }],
  ])('takes no %s of %j', async (field, value) => {
    const shopper = await here.open();
    const answer = await here.unchanged(shopper, () => patch(shopper, { [field]: value }));
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
  });
});

describe('the end of a session', () => {
  test('comes with its time, before any due work', async () => {
    const shopper = await here.open({ prepare: undefined });
    expect((await shopper.read()).status).toBe('open');
    here.world.clock.advance(30 * minute - 1);
    expect((await shopper.read()).status).toBe('open');
    here.world.clock.advance(1);
    expect((await shopper.read()).status).toBe('expired');
    expect((await here.payment(shopper.id)).status).toBe('expired');
    expect(await shopper.prepare()).toMatchObject(refused(409, 'session_expired'));
  });

  test('is written by due work, once', async () => {
    const shopper = await here.open();
    await here.later(30 * minute);
    await here.later(2 * day);
    const { timeline, attempts } = await here.payment(shopper.id);
    expect(timeline.filter(({ to, what }) => what === 'payment' && to === 'expired')).toHaveLength(1);
    expect(attempts).toMatchObject([{ state: 'prepared' }]);
    expect(await here.world.payment(shopper.id)).not.toHaveProperty('dueAt');
  });

  test('waits for a launched attempt’s deadline and the look after it; nothing new starts meanwhile', async () => {
    const shopper = await here.open();
    here.world.clock.advance(20 * minute);
    await launched(shopper);
    await here.later(15 * minute);
    expect((await shopper.read()).status).toBe('open');
    expect(await shopper.prepare()).toMatchObject(refused(409, 'session_expired'));
    await here.later(24 * minute);
    expect((await shopper.read()).status).toBe('open');
    await here.later(minute);
    expect(await shopper.read()).toMatchObject({ status: 'expired', attempt: { state: 'expired' } });
  });

  test('does not come while the provider can not be asked', async () => {
    const shopper = await here.open();
    await launched(shopper);
    here.world.sandbox.faults.arm({ on: 'lookup', kind: 'drop', times: 10_000 });
    await here.later(2 * 60 * minute);
    expect((await here.payment(shopper.id)).status).toBe('open');
    here.world.sandbox.faults.clear();
    await here.later(30 * minute);
    expect((await shopper.read()).status).toBe('expired');
  });

  test('sends money back that came after it', async () => {
    const shopper = await here.open();
    await launched(shopper);
    await here.later(41 * minute);
    expect((await shopper.read()).status).toBe('expired');
    await chargeElsewhere(await shopper.agree());
    await here.later(day);
    const payment = await here.payment(shopper.id);
    expect([payment.status, payment.refunds]).toMatchObject(['expired', [{ cause: 'late', state: 'done' }]]);
  });
});

describe('the end of a session whose launch nobody reported', () => {
  test('does not keep an honest shopper from paying: the verify counts as the launch', async () => {
    const shopper = await here.open();
    here.world.clock.advance(29 * minute);
    const { paymentKey } = await shopper.agree();
    here.world.clock.advance(2 * minute);
    expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges(shopper)).toBe(1);
  });
});
