import { describe, expect, test } from 'vitest';
import type { MyPaymentRow, Page, RefundView } from '../../../contract/index.js';
import { minute, second } from '../../../server/ops/clock.js';
import { api, blog, other } from '../../support/world.js';
import { shopperToken } from '../checkout/harness.js';
import { createShop, newKey, problem, type Shop, shops } from './shop.js';

const hour = { withinMs: 60 * minute, partial: false };

interface Asked {
  readonly token?: string;
  readonly key?: string;
  readonly url?: string;
}

/** A merchant who lets shoppers cancel, and the shopper `ada`. */
async function letting(shopperCancels: object | undefined, name: (typeof shops)[number] = 'toss') {
  const shop = await createShop(name, { blog: { ...(shopperCancels && { shopperCancels }) } as never });
  const token = await shopperToken(shop.world, { expiresInS: 3_600 });
  const cancel = ({ id }: { id: string }, body: object = {}, { token: by = token, key = newKey(), url }: Asked = {}) =>
    api<RefundView>(url ?? shop.world.url, 'POST', `/payments/${id}/cancel`, {
      token: by,
      body,
      headers: { 'idempotency-key': key },
    });
  const row = async ({ id }: { id: string }, by = token): Promise<MyPaymentRow | undefined> => {
    const { body } = await api<Page<MyPaymentRow>>(shop.world.url, 'GET', '/me/payments', { token: by });
    return body.data.find((one) => one.id === id);
  };
  const mine = (body: object = {}) => shop.paid({ customerToken: token, ...body });
  return { shop, token, cancel, row, mine };
}

const untouched = async (shop: Shop, id: string) => {
  await shop.world.runDry();
  expect(await shop.payment(id)).toMatchObject({ status: 'paid', refunds: [] });
};

describe.each(shops)('a shopper whom the merchant lets cancel – %s', (name) => {
  test('cancels their own payment, and everyone sees who did', async () => {
    const { shop, cancel, row, mine } = await letting(hour, name);
    const shopper = await mine();
    const until = new Date(shop.clock.now() + 60 * minute).toISOString();
    expect((await row(shopper))?.cancelable).toEqual({ until, amount: 9_000, partial: false });
    const { status, body } = await cancel(shopper, { reason: '변심' });
    expect([status, body]).toMatchObject([200, { state: 'done', amount: 9_000, cause: 'merchant', by: 'shopper' }]);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'refunded', refunds: [{ by: 'shopper' }] });
    expect(await row(shopper)).toMatchObject({ status: 'refunded' });
    expect((await row(shopper))?.cancelable).toBeUndefined();
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.refunded']);
    await shop.agree();
  });

  test.each(['one server', 'two servers'])(
    'two of 60 on 100, theirs and the merchant’s, at once on %s: one succeeds',
    async (servers) => {
      const { shop, cancel, mine } = await letting({ ...hour, partial: true }, name);
      const shopper = await mine();
      const url = servers === 'two servers' ? (await shop.otherServer()).url : shop.world.url;
      const answers = await Promise.all([
        cancel(shopper, { amount: 5_400 }, { url }),
        shop.refund(shopper, { amount: 5_400 }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)).toMatchObject(problem(409, 'refund_exceeds_balance'));
      expect(shop.back(shopper)).toEqual([5_400]);
      await shop.agree();
    },
  );

  test('a deposit waits for their account, which their token may name', async () => {
    const { shop, token, cancel, row } = await letting(hour, name);
    const shopper = await shop.open({ customerToken: token, prepare: { method: 'virtual_account' } });
    await shop.pay(shopper);
    expect((await row(shopper))?.cancelable).toBeUndefined();
    await shop.deposit(shopper.orderId);
    shop.clock.advance(3 * second);
    await shopper.verify();
    const waiting = await cancel(shopper);
    expect([waiting.status, waiting.body.needsAccount]).toEqual([202, true]);
    const account = { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' };
    const path = `/payments/${shopper.id}/refunds/${waiting.body.id}`;
    const stranger = await shopperToken(shop.world, { sub: 'eve' });
    const byStranger = await api(shop.world.url, 'POST', `${path}/account`, { token: stranger, body: account });
    expect(byStranger).toMatchObject(problem(404, 'payment_not_found'));
    const given = await api<RefundView>(shop.world.url, 'POST', `${path}/account`, { token, body: account });
    expect(given.body).toMatchObject({ id: waiting.body.id, account: { bank: 'KAKAO', last4: '4567' } });
    await shop.later();
    expect(await api<RefundView>(shop.world.url, 'GET', path, { token })).toMatchObject({ body: { state: 'done' } });
    await shop.agree();
  });
});

describe('what a shopper may not cancel', () => {
  test('anything, unless the merchant says so', async () => {
    const { shop, cancel, row, mine } = await letting(undefined);
    const shopper = await mine();
    expect((await row(shopper))?.cancelable).toBeUndefined();
    expect(await cancel(shopper)).toMatchObject(problem(403, 'cancel_not_allowed', /Only the merchant/));
    await untouched(shop, shopper.id);
  });

  test('what is somebody else’s, or nobody’s: they hear that there is no such payment', async () => {
    const { shop, cancel, mine } = await letting(hour);
    const shopper = await mine();
    const guest = await shop.paid();
    const eve = await shopperToken(shop.world, { sub: 'eve' });
    expect(await cancel(shopper, {}, { token: eve })).toMatchObject(problem(404, 'payment_not_found'));
    expect(await cancel(guest)).toMatchObject(problem(404, 'payment_not_found'));
    await untouched(shop, shopper.id);
    await untouched(shop, guest.id);
  });

  test('with a token of another merchant’s, an expired one, or one that anybody signed', async () => {
    const { shop, token, cancel, mine } = await letting(hour);
    const shopper = await mine();
    const foreign = await shopperToken(shop.world, { iss: other.publishableKey });
    expect(await cancel(shopper, {}, { token: foreign })).toMatchObject(problem(401, 'customer_token_invalid'));
    const forged = await shopperToken(shop.world, { secret: 'a-secret-of-somebody-elses-32-bytes-long' });
    expect(await cancel(shopper, {}, { token: forged })).toMatchObject(problem(401, 'customer_token_invalid'));
    const expired = await shopperToken(shop.world, { expiresInS: -60 });
    expect(await cancel(shopper, {}, { token: expired })).toMatchObject(problem(401, 'customer_token_expired'));
    const page = await api(shop.world.url, 'POST', `/payments/${shopper.id}/cancel`, {
      token: blog.publishableKey,
      origin: blog.origin,
      body: {},
      headers: { 'idempotency-key': newKey() },
    });
    expect(page).toMatchObject(problem(403, 'forbidden'));
    const keyless = await api(shop.world.url, 'POST', `/payments/${shopper.id}/cancel`, { token, body: {} });
    expect(keyless).toMatchObject(problem(400, 'idempotency_key_invalid'));
    await untouched(shop, shopper.id);
  });

  test('what was paid too long ago; a repeat of an earlier one is answered all the same', async () => {
    const { shop, cancel, row, mine } = await letting({ ...hour, withinMs: 10 * minute });
    const [late, early] = [await mine(), await mine()];
    const key = newKey();
    expect((await cancel(early, {}, { key })).status).toBe(200);
    await shop.later(10 * minute - 1);
    expect((await row(late))?.cancelable).toBeDefined();
    await shop.later(1);
    expect((await row(late))?.cancelable).toBeUndefined();
    expect(await cancel(late)).toMatchObject(problem(403, 'cancel_not_allowed', /for 10 minutes/));
    expect(await cancel(early, {}, { key })).toMatchObject({ status: 200, body: { state: 'done' } });
    expect(await cancel(early, { amount: 1 }, { key })).toMatchObject(problem(409, 'idempotency_key_reused'));
    await untouched(shop, late.id);
  });

  test('a part, where only the whole may be canceled; nor what the merchant gave a part of back', async () => {
    const { shop, cancel, row, mine } = await letting(hour);
    const shopper = await mine();
    expect(await cancel(shopper, { amount: 1_000 })).toMatchObject(problem(403, 'cancel_not_allowed', /as a whole/));
    await untouched(shop, shopper.id);
    await shop.refund(shopper, { amount: 4_000 });
    expect((await row(shopper))?.cancelable).toBeUndefined();
    expect(await cancel(shopper)).toMatchObject(problem(403, 'cancel_not_allowed', /A part of it went back/));
    expect(shop.back(shopper)).toEqual([4_000]);
  });

  test('more than is left', async () => {
    const { shop, cancel, row, mine } = await letting({ ...hour, partial: true });
    const shopper = await mine();
    await shop.refund(shopper, { amount: 4_000 });
    expect((await row(shopper))?.cancelable).toMatchObject({ amount: 5_000, partial: true });
    expect(await cancel(shopper, { amount: 5_001 })).toMatchObject(problem(409, 'refund_exceeds_balance', /^5000 in/));
    shop.clock.advance(2 * second);
    expect(await cancel(shopper)).toMatchObject({ status: 200, body: { amount: 5_000 } });
    expect(await cancel(shopper)).toMatchObject(problem(409, 'refund_exceeds_balance'));
    await shop.agree();
  });

  test('what is not paid', async () => {
    const { shop, token, cancel, row } = await letting(hour);
    const shopper = await shop.open({ customerToken: token });
    expect((await row(shopper))?.cancelable).toBeUndefined();
    expect(await cancel(shopper)).toMatchObject(problem(409, 'payment_not_paid'));
  });

  test('by methods and of items that the merchant keeps to itself', async () => {
    const byMethod = await letting({ ...hour, methods: ['kakaopay'] });
    const card = await byMethod.mine();
    expect(await byMethod.cancel(card)).toMatchObject(problem(403, 'cancel_not_allowed', /by this method/));
    await untouched(byMethod.shop, card.id);
    const byItem = await letting({ ...hour, items: ['mug'] });
    const coffee = await byItem.mine({ items: [{ item: 'mug' }, { item: 'coffee' }] });
    expect(await byItem.cancel(coffee)).toMatchObject(problem(403, 'cancel_not_allowed', /Something in this order/));
    const mug = await byItem.mine({ items: [{ item: 'mug' }] });
    expect((await byItem.cancel(mug)).status).toBe(200);
  });

  test('so often that nothing were left for the merchant’s own refunds', async () => {
    const { shop, cancel, row, mine } = await letting({ ...hour, partial: true });
    const shopper = await mine();
    for (let n = 0; n < 10; n += 1) {
      expect((await cancel(shopper, { amount: 1 })).status).toBeLessThan(300);
      shop.clock.advance(2 * second);
    }
    expect(await cancel(shopper, { amount: 1 })).toMatchObject(problem(409, 'too_many_refunds'));
    expect((await row(shopper))?.cancelable).toBeUndefined();
    expect((await shop.refund(shopper)).status).toBe(200);
    await shop.agree();
  });

  test('with the merchant’s key: a shopper’s key of the same text finds nothing of the merchant’s', async () => {
    const { shop, cancel, mine } = await letting({ ...hour, partial: true });
    const shopper = await mine();
    const key = newKey();
    const merchants = await shop.refund(shopper, { amount: 1_000 }, key);
    shop.clock.advance(2 * second);
    const theirs = await cancel(shopper, { amount: 1_000 }, { key });
    expect(theirs.body.id).not.toBe(merchants.body.id);
    expect(shop.back(shopper)).toEqual([1_000, 1_000]);
  });
});
