import { describe, expect, test } from 'vitest';
import { minute, second } from '../../../server/ops/clock.js';
import { api, blog, other } from '../../support/world.js';
import { createShop, newKey, problem, shops } from './shop.js';

describe.each(shops)('refunds of the merchant – %s', (name) => {
  test('all of it: done, told, and the payment is not open again', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const { status, body } = await shop.refund(shopper, { reason: '변심' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'done', amount: 9_000, currency: 'KRW', cause: 'merchant', reason: '변심' });
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'refunded', refundedAmount: 9_000 });
    expect(await shopper.prepare()).toMatchObject(problem(409, 'payment_already_paid'));
    expect((await shopper.read()).refunds).toMatchObject([{ id: body.id, state: 'done', needsAccount: false }]);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.refunded']);
    const [cancellation] = shop.world.sandbox.bank.books().records.flatMap((one) => one.cancellations);
    expect(cancellation?.reason).toBe(`변심 [${body.id}]`);
    await shop.agree();
  });

  test('half, then the rest', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const half = await shop.refund(shopper, { amount: 4_500, currency: 'KRW' });
    expect([half.status, half.body.state]).toEqual([200, 'done']);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'partially_refunded', refundedAmount: 4_500 });
    shop.clock.advance(2 * second);
    const rest = await shop.refund(shopper);
    expect([rest.status, rest.body.amount]).toEqual([200, 4_500]);
    expect(shop.back(shopper)).toEqual([4_500, 4_500]);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.partially_refunded', 'payment.refunded']);
    await shop.agree();
  });

  test('one right after the other waits its second, and goes by itself', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.refund(shopper, { amount: 1_000 });
    const next = await shop.refund(shopper, { amount: 2_000 });
    expect([next.status, next.body.state, next.headers.get('retry-after')]).toEqual([202, 'requested', '2']);
    expect(shop.back(shopper)).toEqual([1_000]);
    await shop.later(2 * second);
    expect(shop.back(shopper)).toEqual([1_000, 2_000]);
    const path = `/payments/${shopper.id}/refunds/${next.body.id}`;
    expect(await shop.backend('GET', path)).toMatchObject({ status: 200, body: { state: 'done', amount: 2_000 } });
    await shop.agree();
  });

  test.each(['one server', 'two servers'])('two of 60 on 100 at once on %s: one succeeds', async (servers) => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const url = servers === 'two servers' ? (await shop.otherServer()).url : shop.world.url;
    const answers = await Promise.all([
      shop.refund(shopper, { amount: 5_400 }),
      shop.refund(shopper, { amount: 5_400 }, newKey(), url),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject(
      problem(409, 'refund_exceeds_balance', /^3600 in minor units \(3600 KRW\)/),
    );
    expect(shop.back(shopper)).toEqual([5_400]);
    await shop.agree();
  });

  test.each(['one server', 'two servers'])('the same key twice at once on %s is one refund', async (servers) => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const url = servers === 'two servers' ? (await shop.otherServer()).url : shop.world.url;
    const key = newKey();
    const answers = await Promise.all([
      shop.refund(shopper, { amount: 4_000 }, key),
      shop.refund(shopper, { amount: 4_000 }, key, url),
      shop.refund(shopper, { amount: 4_000 }, key, url),
    ]);
    expect(answers.map(({ status, body }) => [status, body.id, body.state])).toEqual(
      answers.map(() => [200, answers[0]?.body.id, 'done']),
    );
    expect(shop.spy.of('cancel')).toHaveLength(1);
    expect(shop.back(shopper)).toEqual([4_000]);
  });

  test('a repeat reads back what was made, whatever it came to; another body under its key is refused', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const key = newKey();
    const first = await shop.refund(shopper, { amount: 4_000, reason: 'a' }, key);
    const before = await shop.world.payment(shopper.id);
    expect(await shop.refund(shopper, { reason: 'a', amount: 4_000 }, key)).toMatchObject({
      status: 200,
      body: first.body,
    });
    for (const body of [{ amount: 4_001, reason: 'a' }, { amount: 4_000 }, {}])
      expect(await shop.refund(shopper, body, key)).toMatchObject(problem(409, 'idempotency_key_reused'));
    expect((await shop.world.payment(shopper.id)).refunds).toEqual(before.refunds);
    expect(shop.back(shopper)).toEqual([4_000]);
  });

  test('the same key on another payment is another refund', async () => {
    const shop = await createShop(name);
    const [a, b] = [await shop.paid(), await shop.paid()];
    const key = newKey();
    const answers = [await shop.refund(a, {}, key), await shop.refund(b, { amount: 1_000 }, key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([shop.back(a), shop.back(b)]).toEqual([[9_000], [1_000]]);
  });

  test('a part of a payment in dollars, in cents', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid({ items: [{ item: 'map', quantity: 1 }], prepare: { method: 'paypal' } });
    const { status, body } = await shop.refund(shopper, { amount: 1, currency: 'USD' });
    expect([status, body.state, body.currency]).toEqual([200, 'done', 'USD']);
    shop.clock.advance(2 * second);
    expect(await shop.refund(shopper, { amount: 1_420 })).toMatchObject(
      problem(409, 'refund_exceeds_balance', /^1419 in minor units \(14\.19 USD\)/),
    );
    expect((await shop.refund(shopper)).body.amount).toBe(1_419);
    expect(shop.back(shopper)).toEqual([1, 1_419]);
    await shop.agree();
  });

  test('what the console gave back since is not given back again', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.console(shopper, 6_000);
    const key = newKey();
    await shop.refund(shopper, { amount: 4_000 }, key);
    await shop.later();
    const { status, body } = await shop.refund(shopper, { amount: 4_000 }, key);
    expect({ status, body }).toMatchObject(problem(409, 'refund_failed', /refund_exceeds_balance/));
    expect(shop.back(shopper)).toEqual([6_000]);
    const path = `/payments/${shopper.id}/refunds/${body.refund}`;
    expect(await shop.backend('GET', path)).toMatchObject({ status: 200, body: { state: 'failed' } });
    const payment = await shop.payment(shopper.id);
    expect(payment).toMatchObject({ status: 'partially_refunded', refundedAmount: 6_000, attention: 'refund_failed' });
    expect(payment.refunds.map(({ cause, state }) => [cause, state]).sort()).toEqual([
      ['merchant', 'failed'],
      ['provider', 'done'],
    ]);
    expect(await shop.told(shopper)).toEqual(expect.arrayContaining(['refund.failed', 'payment.partially_refunded']));
    // Asked again for what is there, it is nobody's trouble any more.
    expect((await shop.refund(shopper)).body.amount).toBe(3_000);
    expect((await shop.payment(shopper.id)).attention).toBeUndefined();
    await shop.agree();
  });

  test('“all that is left” is what is left when it is sent', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.console(shopper, 6_000);
    await shop.refund(shopper);
    await shop.later();
    expect(shop.back(shopper)).toEqual([6_000, 3_000]);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'refunded', refundedAmount: 9_000 });
    await shop.agree();
  });

  test('a payment that the console gave back whole has nothing left', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.console(shopper);
    await shop.refund(shopper);
    await shop.later();
    expect(shop.back(shopper)).toEqual([9_000]);
    expect(await shop.refund(shopper)).toMatchObject(problem(409, 'refund_exceeds_balance', /^0 in minor units/));
    expect((await shop.payment(shopper.id)).attention).toBeUndefined();
    await shop.agree();
  });

  test('at most fifty, failed ones included', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    for (let n = 0; n < 50; n++) {
      expect((await shop.refund(shopper, { amount: 10 })).status).toBe(200);
      shop.clock.advance(2 * second);
    }
    expect(await shop.refund(shopper, { amount: 10 })).toMatchObject(problem(409, 'too_many_refunds', /50/));
    expect(await shop.payment(shopper.id)).toMatchObject({ refundedAmount: 500, status: 'partially_refunded' });
  });
});

describe('a refund that is not made', () => {
  test.each<[string, object | string, RegExp]>([
    ['0', { amount: 0 }, /amount: expected a whole number of minor units, at least 1/],
    ['negative', { amount: -1 }, /amount: expected a whole number of minor units, at least 1/],
    ['fractional', { amount: 0.5 }, /amount: expected a whole number of minor units, at least 1/],
    ['in words', { amount: '1000' }, /amount: expected a whole number of minor units, at least 1/],
    ['beyond all bounds', { amount: 1e300 }, /amount/],
    ['in another currency', { amount: 1_000, currency: 'USD' }, /currency: expected KRW, the currency of the payment/],
    ['in no currency of ours', { amount: 1_000, currency: 'EUR' }, /currency/],
    ['with a reason of 201 characters', { reason: 'x'.repeat(201) }, /reason/],
    ['with a reason of two lines', { reason: 'a\nb' }, /reason: expected one line/],
    ['with another refund’s id as its reason', { reason: 'rf_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA' }, /reason: must not hold/],
    ['with fields that are not known', { amount: 1, force: true }, /force: is not taken here/],
    [
      'with an account for a card',
      { account: { bank: 'KAKAO', number: '123456', holder: '김' } },
      /account: is not taken/,
    ],
  ])('%s', async (_what, body, detail) => {
    const shop = await createShop('toss');
    const shopper = await shop.paid();
    const before = await shop.world.payment(shopper.id);
    expect(await shop.refund(shopper, body as object)).toMatchObject(problem(400, 'invalid_request', detail));
    expect(await shop.world.payment(shopper.id)).toEqual(before);
  });

  test('above what is left, it says what is left', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.paid();
    expect(await shop.refund(shopper, { amount: 9_001 })).toMatchObject(
      problem(409, 'refund_exceeds_balance', /^9000 in minor units/),
    );
    expect(shop.spy.of('cancel')).toEqual([]);
  });

  test('without an Idempotency-Key', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.paid();
    expect(await shop.backend('POST', `/payments/${shopper.id}/cancel`, {})).toMatchObject(
      problem(400, 'idempotency_key_invalid', /needs an Idempotency-Key/),
    );
    expect(await shop.refund(shopper, {}, 'short')).toMatchObject(problem(400, 'idempotency_key_invalid'));
  });

  test('of a payment that is not paid: it says how to end one', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.open();
    expect(await shop.refund(shopper)).toMatchObject(
      problem(409, 'payment_not_paid', new RegExp(`/payments/sessions/${shopper.session.id}/cancel`)),
    );
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    expect(await shop.refund(shopper)).toMatchObject(problem(409, 'payment_not_paid'));
  });

  test('of a deposit that the bank took back', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.deposited();
    const account = { bank: 'KAKAO', number: '3333011234567', holder: '김하나' };
    const waiting = await shop.refund(shopper, { amount: 1_000 });
    await fetch(`${shop.world.sandboxUrl}/control/toss/deposit/reverse`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orderId: shopper.orderId }),
    });
    shop.clock.advance(3 * second);
    await shopper.verify();
    expect(await shop.refund(shopper, { account })).toMatchObject(
      problem(409, 'payment_not_paid', /took the deposit back/),
    );
    expect((await shop.payment(shopper.id)).refunds).toMatchObject([
      { id: waiting.body.id, state: 'failed', failure: { code: 'payment_reversed' } },
    ]);
    expect(await shop.told(shopper)).toEqual([
      'payment.pending',
      'payment.paid',
      'refund.needs_account',
      'payment.reversed',
      'payment.pending',
      'refund.failed',
    ]);
  });

  test('by anyone but the payment’s own merchant', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.paid();
    const path = `/payments/${shopper.id}/cancel`;
    const headers = { 'idempotency-key': newKey() };
    const as = (token: string, origin?: string) =>
      api(shop.world.url, 'POST', path, { token, origin, headers, body: {} });
    expect(await as(other.secretKey)).toMatchObject(problem(404, 'payment_not_found'));
    expect(await as(blog.publishableKey, blog.origin)).toMatchObject(problem(403, 'forbidden'));
    expect(await as(shopper.secret)).toMatchObject(problem(403, 'forbidden'));
    expect(await as('sk_test_nobody_0123456789abcdefghijklmno')).toMatchObject(problem(401, 'unauthorized'));
    const made = await shop.refund(shopper, { amount: 1_000 });
    const read = (token: string) =>
      api(shop.world.url, 'GET', `/payments/${shopper.id}/refunds/${made.body.id}`, { token });
    expect(await read(other.secretKey)).toMatchObject(problem(404, 'payment_not_found'));
    expect((await read(blog.secretKey)).status).toBe(200);
    const [none] = [`/payments/${shopper.id}/refunds/rf_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA`];
    expect(await shop.backend('GET', none as string)).toMatchObject(problem(404, 'refund_not_found'));
    expect(shop.back(shopper)).toEqual([1_000]);
    await shop.later(minute);
  });
});
