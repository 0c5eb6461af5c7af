import { describe, expect, test } from 'vitest';
import type { PaymentRow } from '../../../contract/index.js';
import { hour, minute, second } from '../../../server/ops/clock.js';
import type { CancelOutcome } from '../../../server/providers/provider.js';
import { createShop, newKey, noes, problem, type Shop, shops, showFailedRefunds } from './shop.js';

const attention = async (shop: Shop) =>
  (await shop.backend<{ data: PaymentRow[] }>('GET', '/payments?attention=true')).body.data.map((row) => [
    row.id,
    row.attention,
  ]);

describe.each(shops)('refunds when something goes wrong – %s', (name) => {
  test.each([
    ['hears nothing', 'drop'],
    ['answers with an error', 'cancel_500'],
    ['is in the middle of it', 'in_progress'],
    ['gave the money back, and its answer is lost', 'cancel_then_drop'],
    ['gave the money back, and answers with an error', 'cancel_then_500'],
    ['gave the money back, and does not answer in time', 'cancel_then_timeout'],
  ])('the provider %s: 202, and later it is done, once', async (_what, kind) => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind });
    const key = newKey();
    const first = await shop.refund(shopper, { amount: 4_000 }, key);
    expect([first.status, first.body.state, first.headers.get('retry-after')]).toEqual([202, 'unknown', '2']);
    // Repeating starts nothing new, and the money stays reserved.
    expect((await shop.refund(shopper, { amount: 4_000 }, key)).body).toEqual(first.body);
    expect(await shop.refund(shopper, { amount: 5_001 })).toMatchObject(problem(409, 'refund_exceeds_balance'));
    await shop.later();
    const again = await shop.refund(shopper, { amount: 4_000 }, key);
    expect([again.status, again.body.state, again.body.id]).toEqual([200, 'done', first.body.id]);
    expect(shop.back(shopper)).toEqual([4_000]);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.partially_refunded']);
    await shop.agree();
  });

  test('a repeat after the wait does by itself what is due, without a worker', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'drop' });
    const key = newKey();
    await shop.refund(shopper, {}, key);
    shop.clock.advance(minute);
    expect(await shop.refund(shopper, {}, key)).toMatchObject({ status: 200, body: { state: 'done' } });
    expect(shop.back(shopper)).toEqual([9_000]);
  });

  test('what the provider only took on is pending until it is done', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'pending' });
    const { status, body, headers } = await shop.refund(shopper, { amount: 4_000 });
    expect([status, body.state, headers.get('retry-after')]).toEqual([202, 'pending', '60']);
    expect(await shop.refund(shopper, { amount: 5_001 })).toMatchObject(problem(409, 'refund_exceeds_balance'));
    // Another one need not wait for it: it is known.
    shop.clock.advance(2 * second);
    expect((await shop.refund(shopper, { amount: 3_000 })).body.state).toBe('done');
    expect(shop.back(shopper)).toEqual([3_000]);
    await shop.settleCancel(shopper);
    await shop.later(61 * minute);
    expect(await shop.backend('GET', `/payments/${shopper.id}/refunds/${body.id}`)).toMatchObject({
      body: { state: 'done', amount: 4_000 },
    });
    expect(await shop.payment(shopper.id)).toMatchObject({ refundedAmount: 7_000, status: 'partially_refunded' });
    await shop.agree();
  });

  test('a definite no is failed, never repeated', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const { no } = noes[name];
    await shop.arm({ on: 'cancel', kind: 'error', ...no });
    const key = newKey();
    const answer = await shop.refund(shopper, { amount: 100 }, key);
    expect(answer).toMatchObject(problem(409, 'refund_failed', new RegExp(no.code)));
    expect(answer.body.refund).toMatch(/^rf_/);
    await shop.later(2 * hour);
    expect(await shop.refund(shopper, { amount: 100 }, key)).toMatchObject(problem(409, 'refund_failed'));
    expect(shop.spy.of('cancel')).toHaveLength(1);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'refund.failed', 'payment.attention']);
    expect(shop.back(shopper)).toEqual([]);
  });

  test('refused credentials: it waits, a person is told, and once they are mended it goes by itself', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'error', ...noes[name].keys });
    const { status, body } = await shop.refund(shopper);
    expect([status, body.state, body.blocked]).toEqual([202, 'requested', 'misconfigured']);
    expect(await attention(shop)).toEqual([[shopper.id, 'misconfigured']]);
    await shop.later(61 * minute);
    expect(shop.back(shopper)).toEqual([9_000]);
    expect(await attention(shop)).toEqual([]);
    await shop.agree();
  });

  test('one that stays unknown is told', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'drop', times: 5 });
    await shop.refund(shopper);
    for (let n = 0; n < 4; n++) await shop.later(11 * minute);
    expect(await attention(shop)).toEqual([[shopper.id, 'refund_unknown']]);
    await shop.later(61 * minute);
    expect(shop.back(shopper)).toEqual([9_000]);
    expect(await attention(shop)).toEqual([]);
    await shop.agree();
  });

  test('wrong amounts beyond the limit of an hour are paused, and told', async () => {
    const shop = await createShop(name);
    const on = name === 'toss' ? 'confirm' : 'approve';
    for (let n = 0; n < 11; n++) {
      await shop.arm({ on, kind: 'wrong_amount' });
      await shop.pay(await shop.open());
    }
    await shop.world.runDry();
    expect((await attention(shop)).map(([, why]) => why)).toEqual(['refunds_paused']);
    await shop.later(61 * minute);
    expect(await attention(shop)).toEqual([]);
    await shop.agree();
  });

  test('a caller who waits while another server is at it hears what came of it', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const otherServer = await shop.otherServer();
    let arrived: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    shop.spy.change.cancel = async (_intent, real) => {
      arrived();
      await gate;
      return real();
    };
    const key = newKey();
    const first = shop.refund(shopper, {}, key);
    await inside;
    const second_ = shop.refund(shopper, {}, key, otherServer.url);
    setTimeout(go, 50);
    expect((await Promise.all([first, second_])).map(({ status, body }) => [status, body.state])).toEqual([
      [200, 'done'],
      [200, 'done'],
    ]);
    expect(shop.spy.of('cancel')).toHaveLength(1);
  });

  test('a caller hears 202 when it takes too long, and the work goes on', async () => {
    const shop = await createShop(name, { answerWithinMs: 30 });
    const shopper = await shop.paid();
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    shop.spy.change.cancel = async (_intent, real) => {
      await gate;
      return real();
    };
    const key = newKey();
    const { status, body } = await shop.refund(shopper, {}, key);
    expect([status, ['requested', 'sent'].includes(body.state)]).toEqual([202, true]);
    go();
    await shop.world.app.idle();
    expect(await shop.refund(shopper, {}, key)).toMatchObject({ status: 200, body: { state: 'done' } });
    expect(shop.spy.of('cancel')).toHaveLength(1);
  });
});

test.each(showFailedRefunds)(
  'what the provider took on and then could not do is failed, told, and free to be asked for again – %s',
  async (name) => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'pending' });
    const key = newKey();
    await shop.refund(shopper, {}, key);
    await shop.settleCancel(shopper, 'failed');
    await shop.later(61 * minute);
    expect(await shop.refund(shopper, {}, key)).toMatchObject(problem(409, 'refund_failed', /cancellation_failed/));
    expect(await attention(shop)).toEqual([[shopper.id, 'refund_failed']]);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'refund.failed', 'payment.attention']);
    expect((await shop.refund(shopper)).status).toBe(200);
    expect(await attention(shop)).toEqual([]);
    await shop.agree();
  },
);

test('what V1 took on and never carries out is told to a person after a week, and is not asked for again', async () => {
  const shop = await createShop('portone-v1');
  const shopper = await shop.paid();
  await shop.arm({ on: 'cancel', kind: 'pending' });
  await shop.refund(shopper);
  await shop.settleCancel(shopper, 'failed');
  for (let n = 0; n < 6 * 24; n++) await shop.later(hour);
  expect(await attention(shop)).toEqual([]);
  for (let n = 0; n < 26; n++) await shop.later(hour);
  expect(await attention(shop)).toEqual([[shopper.id, 'refund_unknown']]);
  expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.attention']);
  expect([shop.spy.of('cancel').length, shop.back(shopper)]).toEqual([1, []]);
  expect((await shop.world.payment(shopper.id)).transitions.length).toBeLessThan(20);
});

const byPayPal = { items: [{ item: 'map', quantity: 1 }], prepare: { method: 'paypal' } };

test.each([
  ['lost', () => ({ outcome: 'unknown', why: 'no_reply', detail: 'ECONNRESET' })],
  ['an error', () => ({ outcome: 'unknown', why: 'temporary', detail: 'HTTP 500' })],
] as [string, () => CancelOutcome][])(
  'what PayPal takes its time for, V1 does not show: one whose answer was %s is not asked for again, nor given up, and a person is told',
  async (_what, lost) => {
    const shop = await createShop('portone-v1');
    const shopper = await shop.paid(byPayPal);
    await shop.arm({ on: 'cancel', kind: 'pending' });
    shop.spy.change.cancel = async (_intent, real) => {
      await real();
      return lost();
    };
    const key = newKey();
    expect((await shop.refund(shopper, { amount: 500 }, key)).body.state).toBe('unknown');
    for (let n = 0; n < 3; n++) await shop.later(61 * minute);
    expect(await shop.refund(shopper, { amount: 500 }, key)).toMatchObject({
      status: 202,
      body: { state: 'pending' },
    });
    expect(await attention(shop)).toEqual([[shopper.id, 'refund_unknown']]);
    expect(shop.spy.of('cancel')).toHaveLength(1);
    await shop.settleCancel(shopper);
    await shop.later(61 * minute);
    expect([shop.back(shopper), await attention(shop)]).toEqual([[500], []]);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.attention', 'payment.partially_refunded']);
    await shop.agree();
  },
);

test('the whole of a PayPal payment is asked for again, and a no to that is no news of the first call', async () => {
  const shop = await createShop('portone-v1');
  const shopper = await shop.paid(byPayPal);
  await shop.arm({ on: 'cancel', kind: 'pending' });
  shop.spy.change.cancel = async (_intent, real) => {
    delete shop.spy.change.cancel;
    await real();
    return { outcome: 'unknown', why: 'no_reply', detail: 'ECONNRESET' };
  };
  const key = newKey();
  await shop.refund(shopper, {}, key);
  await shop.later();
  expect(shop.spy.of('cancel').map(({ outcome }) => outcome?.outcome)).toEqual(['unknown', 'declined']);
  expect(await shop.refund(shopper, {}, key)).toMatchObject({ status: 202, body: { state: 'pending' } });
  expect(await attention(shop)).toEqual([[shopper.id, 'refund_unknown']]);
  await shop.settleCancel(shopper);
  await shop.later(61 * minute);
  expect([shop.back(shopper), await attention(shop)]).toEqual([[1_420], []]);
  expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.attention', 'payment.refunded']);
});

test('a part that PayPal never took on is over once all of it went back another way', async () => {
  const shop = await createShop('portone-v1');
  const shopper = await shop.paid(byPayPal);
  await shop.arm({ on: 'cancel', kind: 'drop' });
  await shop.refund(shopper, { amount: 500 });
  await shop.later(61 * minute);
  expect(await attention(shop)).toEqual([[shopper.id, 'refund_unknown']]);
  await shop.console(shopper);
  await shop.later(61 * minute);
  const { status, refunds } = await shop.payment(shopper.id);
  expect(status).toBe('refunded');
  expect(refunds).toMatchObject([{ state: 'failed', failure: { code: 'already_refunded' } }, { state: 'done' }]);
  expect([await attention(shop), shop.back(shopper)]).toEqual([[], [1_420]]);
});

test('more refunds than a payment holds are told', async () => {
  const shop = await createShop('toss');
  const shopper = await shop.paid();
  for (let n = 0; n < 51; n++) await shop.console(shopper, 10);
  shop.clock.advance(3 * second);
  await shopper.verify();
  expect(await attention(shop)).toEqual([[shopper.id, 'too_many_refunds']]);
  expect(await shop.payment(shopper.id)).toMatchObject({ refundedAmount: 510 });
});
