import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../../server/ops/clock.js';
import type { Channel, PortOneV2Channel } from '../../../server/providers/provider.js';
import { brokenInvariants } from '../../support/books.js';
import { payInV1 } from '../../support/portone-v1.js';
import { control } from '../../support/shopper.js';
import { api, blog } from '../../support/world.js';
import { createShop, newKey, noes, type Shop, shops, showFailedRefunds } from './shop.js';

/** Refunds whose trouble lasts for days, and payments whose channel gets other keys meanwhile. */

const account = { bank: 'KAKAO', number: '3333011234567', holder: '김하나' };

const twoDays = async (shop: Shop) => {
  for (let n = 0; n < 48; n++) await shop.later(61 * minute);
};

describe.each(shops)('%s', (name) => {
  test('a refund that never succeeds is told once, and its payment does not grow', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'cancel_500', times: 1_000 });
    await shop.refund(shopper);
    await twoDays(shop);
    expect(shop.spy.of('cancel').length).toBeGreaterThan(40);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.attention']);
    expect((await shop.world.payment(shopper.id)).transitions.length).toBeLessThan(20);
    expect(await brokenInvariants(shop.world, shop.clock.now())).toMatchObject([
      { name: 'unknown_for_a_day_at_most', samples: [shopper.id] },
    ]);
  });

  test('so is one that our keys are refused for', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'error', ...noes[name].keys, times: 1_000 });
    await shop.refund(shopper);
    await twoDays(shop);
    expect(shop.spy.of('cancel').length).toBeGreaterThan(40);
    expect(await shop.told(shopper)).toEqual(['payment.paid', 'payment.attention']);
    expect((await shop.world.payment(shopper.id)).transitions.length).toBeLessThan(20);
  });

  test('after an error that was received, half a minute passes before a call under another key', async () => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    await shop.arm({ on: 'cancel', kind: 'cancel_500' });
    await shop.refund(shopper, { amount: 4_000 });
    await shop.later(29 * second);
    expect(shop.spy.of('cancel')).toHaveLength(1);
    await shop.later(2 * second);
    const keys = shop.spy.of('cancel').map((call) => call.with.idempotencyKey);
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
    expect(shop.back(shopper)).toEqual([4_000]);
  });

  test.each([
    ['its answer was lost', 'cancel_then_drop', 'unknown'],
    ['it was taken on', 'pending', 'pending'],
  ])('while its channel is out of the configuration, it stays known that %s', async (_what, kind, state) => {
    const shop = await createShop(name);
    const shopper = await shop.paid();
    const [channel] = shop.world.config.merchants.byId('blog')?.channels ?? [];
    const without = await shop.otherServer({ blog: { channels: [{ ...(channel as Channel), id: 'another' }] } });
    await shop.arm({ on: 'cancel', kind });
    const { body } = await shop.refund(shopper, { amount: 4_000 });
    expect(body.state).toBe(state);
    shop.clock.advance(61 * minute);
    await without.runDry();
    const { refunds, attention } = await shop.payment(shopper.id);
    expect([refunds[0]?.state, refunds[0]?.blocked, attention]).toEqual([state, 'misconfigured', 'misconfigured']);
    await shop.settleCancel(shopper).catch(() => undefined);
    await shop.later(61 * minute);
    expect((await shop.payment(shopper.id)).refunds).toEqual([
      expect.not.objectContaining({ blocked: 'misconfigured' }),
    ]);
    expect([shop.spy.of('cancel').length, shop.back(shopper)]).toEqual([1, [4_000]]);
    expect((await shop.payment(shopper.id)).attention).toBeUndefined();
    await shop.agree();
  });
});

test.each(showFailedRefunds)(
  'what went back of a deposit stays so while the bank is at the next part, and when it fails at that – %s',
  async (name) => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const stands = async () => {
      const { status, refundedAmount } = await shop.payment(shopper.id);
      return [status, refundedAmount];
    };
    await shop.refund(shopper, { amount: 4_000, account });
    shop.clock.advance(5 * second);
    await shop.arm({ on: 'cancel', kind: 'pending' });
    expect((await shop.refund(shopper, { amount: 5_000, account })).status).toBe(202);
    expect(await stands()).toEqual(['partially_refunded', 4_000]);
    await shop.settleCancel(shopper, 'failed');
    await shop.later(61 * minute);
    expect(await stands()).toEqual(['partially_refunded', 4_000]);
    expect((await shop.payment(shopper.id)).attention).toBe('refund_failed');
    const told = await shop.told(shopper);
    expect(told.filter((type) => type.includes('refund'))).toEqual(['payment.partially_refunded', 'refund.failed']);
  },
);

test('a payment is given back once, though its channel has another key by now', async () => {
  const shop = await createShop('portone-v2');
  const shopper = await shop.paid();
  const [old] = shop.world.config.merchants.byId('blog')?.channels ?? [];
  const channels = [{ ...(old as PortOneV2Channel), channelKey: 'channel-key-of-the-new-contract' }];
  const changed = await shop.otherServer({ blog: { channels } });
  const key = newKey();
  expect(await shop.refund(shopper, { amount: 3_000 }, key, changed.url)).toMatchObject({
    status: 200,
    body: { state: 'done' },
  });
  for (let n = 0; n < 5; n++) {
    shop.clock.advance(61 * minute);
    await changed.runDry();
  }
  expect(shop.back(shopper)).toEqual([3_000]);
  expect(await changed.payment(shopper.id)).toMatchObject({ status: 'partially_refunded', refundedAmount: 3_000 });
});

test('a window that was open while its channel got another key is paid, and a new one is for the new key', async () => {
  const shop = await createShop('portone-v2');
  const shopper = await shop.open();
  const waiting = await shop.open();
  const [old] = shop.world.config.merchants.byId('blog')?.channels ?? [];
  const channels = [{ ...(old as PortOneV2Channel), channelKey: 'channel-key-of-the-new-contract' }];
  const changed = await shop.otherServer({ blog: { channels } });
  const path = `/payments/sessions/${waiting.session.id}/prepare`;
  const { body } = await api(changed.url, 'POST', path, { token: waiting.secret, body: { method: 'card' } });
  expect([body.attempt?.no, JSON.stringify(body.launch)]).toEqual([2, expect.stringContaining('of-the-new-contract')]);
  await control(shop.world, 'portone-v2/pay', {
    ...{ storeId: 'store-blog', channelKey: 'channel-key-blog', paymentId: shopper.orderId },
    ...{ amount: 9_000, currency: 'KRW', method: 'card' },
  });
  shop.clock.advance(80 * minute);
  await changed.runDry();
  expect((await changed.payment(shopper.id)).status).toBe('paid');
});

test.each([
  ['portone-v2', { storeId: 'store-of-another', apiSecret: 'an-api-secret-of-another-store' }],
  ['portone-v1', { userCode: 'imp00000999', apiKey: 'a-key-of-another', apiSecret: 'a-secret-of-another' }],
] as const)(
  'what another account knows nothing of has not come to nothing: the channel must be put back – %s',
  async (name, to) => {
    const shop = await createShop(name);
    const shopper = await shop.open();
    const waiting = await shop.open();
    const [old] = shop.world.config.merchants.byId('blog')?.channels ?? [];
    const other = {
      ...to,
      channels: [
        {
          key: 'channel-key-blog',
          ...(name === 'portone-v1' ? { pg: 'html5_inicis' } : { type: 'TEST', approval: 'automatic' }),
        },
      ],
    };
    await control(shop.world, name === 'portone-v1' ? 'portone-v1/accounts' : 'portone-v2/stores', other);
    const moved = await shop.otherServer({ blog: { channels: [{ ...(old as Channel), ...to } as Channel] } });
    const path = `/payments/sessions/${waiting.session.id}/prepare`;
    const { body } = await api(moved.url, 'POST', path, { token: waiting.secret, body: { method: 'card' } });
    expect([body.attempt?.no, JSON.stringify(body.launch)]).toEqual([
      2,
      expect.stringContaining(Object.values(to)[0] ?? ''),
    ]);
    if (name === 'portone-v1') await payInV1(shop.world, shopper);
    else {
      await control(shop.world, 'portone-v2/pay', {
        ...{ storeId: 'store-blog', channelKey: 'channel-key-blog', paymentId: shopper.orderId },
        ...{ amount: 9_000, currency: 'KRW', method: 'card' },
      });
    }
    for (let n = 0; n < 3; n++) {
      shop.clock.advance(80 * minute);
      await moved.runDry();
    }
    expect((await moved.payment(shopper.id)).status).toBe('open');
    await shop.later(61 * minute);
    expect((await shop.payment(shopper.id)).status).toBe('paid');
  },
);

test('a refund that waits for our keys holds up no other of the same payment', async () => {
  const shop = await createShop('portone-v2');
  const shopper = await shop.open();
  const first = shopper.orderId;
  await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
  await shopper.prepare();
  await shop.pay(shopper);
  await shop.arm({ on: 'cancel', kind: 'error', code: 'UNAUTHORIZED', status: 401 });
  await control(shop.world, 'portone-v2/pay', {
    ...{ storeId: 'store-blog', channelKey: 'channel-key-blog', paymentId: first },
    ...{ amount: 9_000, currency: 'KRW', method: 'card' },
  });
  await shop.later(5 * minute);
  expect((await shop.payment(shopper.id)).refunds).toMatchObject([{ cause: 'duplicate', blocked: 'misconfigured' }]);
  shop.clock.advance(2 * second);
  expect(await shop.refund(shopper, { amount: 1_000 })).toMatchObject({ status: 200, body: { state: 'done' } });
  await shop.later(hour);
  expect(shop.back(shopper)).toEqual([1_000, 9_000]);
  await shop.agree();
});

test('an order is not opened again at another price while its deposit, taken back by the bank, may come again', async () => {
  const shop = await createShop('toss');
  const body = { items: [{ item: 'coffee', quantity: 2 }], reference: 'order-1', returnUrls: { page: blog.page } };
  const create = (more: object = {}) =>
    shop.backend<{ payment: string; status: string }>('POST', '/payments/sessions', { ...body, ...more });
  const { body: session } = await create({ prepare: { method: 'virtual_account' } });
  const orderId = `${session.payment}_1`;
  await control(shop.world, 'toss/pay', {
    ...{ clientKey: 'test_ck_blog', orderId, amount: 9_000, method: 'virtual_account' },
  }).then(({ paymentKey }) =>
    shop.backend('POST', '/payments/verify', { session: `cs_${session.payment.slice(4)}`, paymentKey, orderId }),
  );
  await shop.deposit(orderId);
  await shop.later(61 * minute);
  await control(shop.world, 'toss/deposit/reverse', { orderId });
  for (let days = 0; days < 10; days++) await shop.later(24 * hour);
  const before = await shop.world.payment(session.payment);
  expect([before.status, before.paidBy?.reversed]).toEqual(['expired', true]);
  expect((await create()).body.status).toBe('expired');
  expect((await shop.world.payment(session.payment)).openUntil).toBe(before.openUntil);
});
