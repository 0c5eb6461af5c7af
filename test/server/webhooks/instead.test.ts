import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { payInV1 } from '../../support/portone-v1.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { issued, type Place, payV2, place, post, tossBody } from './place.js';

/** A provider's webhook before the browser's verify, at the same moment, or instead of it: the end is the same. */

const later = async (here: Place, ...waits: number[]) => {
  for (const ms of waits) {
    here.world.clock.advance(ms);
    await here.told();
  }
};

describe('PortOne V2, automatic approval', () => {
  test.each<[string, (here: Place, shopper: Shopper) => Promise<unknown>]>([
    ['instead of the verify', (here) => here.told()],
    ['before the verify', async (here, shopper) => [await here.told(), await shopper.verify()]],
    ['at the same moment', (here, shopper) => Promise.all([here.told(), shopper.verify()])],
    ['after the verify', async (here, shopper) => [await shopper.verify(), await here.told()]],
    ['before the answer to the shopper', (here) => here.told()],
  ])('%s it is paid, once', async (when, act) => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    if (when.startsWith('before the answer'))
      await here.control('faults', { on: 'webhook', kind: 'before_reply', event: 'Transaction.Paid' });
    await payV2(here, shopper);
    await act(here, shopper);
    await later(here, 3 * second);
    const payment = await here.world.payment(shopper.id);
    expect([payment.status, payment.attempts[0]?.state, payment.refunds]).toEqual(['paid', 'paid', []]);
    expect(payment.transitions.filter(({ to }) => to === 'paid')).toHaveLength(2);
    expect(await here.log()).toEqual(['Transaction.Ready 200', 'Transaction.Paid 200']);
    expect((await here.listed()).map(({ state, signed }) => [state, signed])).toEqual([
      ['processed', true],
      ['processed', true],
    ]);
    expect(here.spy.of('confirm')).toEqual([]);
    await later(here, 2 * day);
    await here.agree();
  });

  test.each([
    ['paid', '0001', 'paid'],
    ['was declined', '0002', 'failed'],
  ])(
    'a shopper who %s within a second of the webhook of the opened window is told so at once',
    async (_, card, state) => {
      const here = await place({ stores: ['blog'] });
      const shopper = await openSession(here.world);
      await here.control('portone-v2/open', { ...v2Open(shopper) });
      await here.told();
      here.world.clock.advance(second / 2);
      const number = `4300-0000-0000-${card}`;
      const order = { storeId: 'store-blog', paymentId: shopper.orderId };
      await here.control('portone-v2/authenticate', { ...order, method: 'card', card: number });
      here.world.clock.advance(second / 2);
      const { status, body } = await shopper.verify({ orderId: shopper.orderId });
      expect([status, body.attempt?.state]).toEqual([200, state]);
    },
  );

  test('the timeline says that a webhook made us look', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.told();
    const { transitions } = await here.world.payment(shopper.id);
    expect(transitions.find(({ what, to }) => what === 'payment' && to === 'paid')?.trigger).toBe('webhook');
  });

  test('a believed webhook launches the attempt, even while the lookup finds nothing yet', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await here.control('portone-v2/open', { ...v2Open(shopper) });
    here.spy.change.lookup = async () => ({ outcome: 'not_found' });
    await here.told();
    const [attempt] = (await here.world.payment(shopper.id)).attempts;
    expect([attempt?.state, attempt?.launchedAt]).toEqual(['launched', here.world.clock.now()]);
  });

  test('a believed webhook launches the attempt, even while the provider can not be reached', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await here.control('portone-v2/open', { ...v2Open(shopper) });
    here.spy.change.lookup = async () => ({ outcome: 'unknown', why: 'no_reply', detail: 'x' });
    await here.told();
    expect((await here.world.payment(shopper.id)).attempts[0]?.state).toBe('launched');
    expect(await here.listed()).toMatchObject([{ state: 'waiting', tries: 1 }]);
  });

  test('a refund made at the console is known by its webhook', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.told();
    await later(here, minute);
    await here.control('portone-v2/cancel', { storeId: 'store-blog', paymentId: shopper.orderId, amount: 4_000 });
    await later(here, 0, 2 * second);
    expect(await here.world.payment(shopper.id)).toMatchObject({
      ...{ status: 'partially_refunded', refundedAmount: 4_000 },
      refunds: [{ cause: 'provider', amount: 4_000 }],
    });
    await later(here, minute, hour);
    await here.agree();
  });

  test('a refund made while the provider’s lookup was out of reach is known once it answers', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.told();
    await later(here, minute);
    here.spy.change.lookup = async () => ({ outcome: 'unknown', why: 'no_reply', detail: 'x' });
    await here.control('portone-v2/cancel', { storeId: 'store-blog', paymentId: shopper.orderId, amount: 4_000 });
    await here.told();
    expect((await here.world.payment(shopper.id)).refundedAmount).toBe(0);
    here.spy.change = {};
    await later(here, 10 * second);
    expect((await here.world.payment(shopper.id)).refundedAmount).toBe(4_000);
  });
});

describe('PortOne V1, which signs nothing', () => {
  test.each<[string, (here: Place, shopper: Shopper) => Promise<unknown>]>([
    ['instead of the verify', (here) => here.told()],
    ['before the verify', async (here, shopper) => [await here.told(), await shopper.verify()]],
    ['at the same moment', (here, shopper) => Promise.all([here.told(), shopper.verify()])],
    ['after the verify', async (here, shopper) => [await shopper.verify(), await here.told()]],
    ['before the answer to the shopper', (here) => here.told()],
  ])('%s it is paid, once', async (when, act) => {
    const here = await place({ v1: true });
    const shopper = await openSession(here.world);
    if (when.startsWith('before the answer'))
      await here.control('faults', { on: 'webhook', kind: 'before_reply', event: 'paid' });
    await payInV1(here.world, shopper);
    await act(here, shopper);
    await later(here, 3 * second);
    const payment = await here.world.payment(shopper.id);
    expect([payment.status, payment.attempts[0]?.state, payment.refunds]).toEqual(['paid', 'paid', []]);
    expect(payment.transitions.filter(({ to }) => to === 'paid')).toHaveLength(2);
    expect(await here.log()).toEqual(['paid 200']);
    expect((await here.listed()).map(({ state, signed }) => [state, signed])).toEqual([['processed', false]]);
    await later(here, 2 * day);
    await here.agree();
  });

  test('a refund made at the console is known by its webhook', async () => {
    const here = await place({ v1: true });
    const shopper = await openSession(here.world);
    const { imp_uid } = await payInV1(here.world, shopper);
    await here.told();
    await later(here, minute);
    await here.control('portone-v1/cancel', { imp_uid, amount: 4_000 });
    await later(here, 0, 2 * second);
    expect(await here.world.payment(shopper.id)).toMatchObject({
      ...{ status: 'partially_refunded', refundedAmount: 4_000 },
      refunds: [{ cause: 'provider', amount: 4_000 }],
    });
    await later(here, minute, hour);
    await here.agree();
  });

  test('one that never comes is not waited for: the lookups that are due find the money', async () => {
    const here = await place({ v1: true });
    const shopper = await openSession(here.world);
    await here.control('faults', { on: 'webhook', kind: 'never', times: 9 });
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    await payInV1(here.world, shopper);
    await later(here, minute);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });
});

const v2Open = (shopper: Shopper) => ({
  ...{ storeId: 'store-blog', channelKey: 'channel-key-blog', paymentId: shopper.orderId },
  ...{ amount: shopper.session.amount, currency: 'KRW', method: 'card' },
});

describe('where money moves at our call, a webhook asks for none', () => {
  test('PortOne V2 with manual approval, nobody returned: it ends expired and uncharged', async () => {
    const here = await place({ stores: ['blog'], v2: { approval: 'manual' } });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.told();
    expect(await here.log()).toEqual(['Transaction.Ready 200']);
    expect((await here.world.payment(shopper.id)).attempts[0]?.state).toBe('launched');
    await later(here, 35 * minute, 10 * minute, 26 * hour);
    expect((await here.world.payment(shopper.id)).status).toBe('expired');
    expect(here.spy.of('confirm')).toEqual([]);
    expect(here.world.sandbox.bank.books().charges).toEqual([]);
    await here.agree();
  });

  test('a Toss card, nobody returned: however often a webhook says that it is paid', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    await shopper.agree();
    for (let n = 0; n < 3; n++) {
      expect((await post(here.url('toss'), tossBody(shopper.orderId))).status).toBe(200);
      await later(here, 3 * second);
    }
    expect((await here.world.payment(shopper.id)).attempts[0]?.state).toBe('launched');
    // Toss tells of the end of its ten minutes.
    await later(here, 11 * minute, 35 * minute, 26 * hour);
    expect(await here.log()).toEqual(['PAYMENT_STATUS_CHANGED 200']);
    expect((await here.world.payment(shopper.id)).status).toBe('expired');
    expect(here.spy.of('confirm')).toEqual([]);
    await here.agree();
  });

  test('a Toss card whose confirm was lost: the webhook finds the charge', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    const { paymentKey, orderId } = await shopper.agree();
    await here.control('faults', { on: 'confirm', kind: 'charge_then_drop' });
    here.spy.change.lookup = async (_query, real) =>
      here.spy.of('confirm').length === 0 ? real() : { outcome: 'unknown', why: 'no_reply', detail: 'x' };
    expect((await shopper.verify({ paymentKey, orderId })).status).toBe(202);
    here.spy.change = {};
    here.world.clock.advance(3 * second);
    await here.delivered();
    // Only the inbox, so that it is not the due work that finds it.
    await here.told();
    const payment = await here.world.payment(shopper.id);
    expect([payment.status, here.spy.of('confirm').length]).toEqual(['paid', 1]);
    expect(payment.transitions.find(({ to }) => to === 'paid')?.trigger).toBe('webhook');
  });
});

describe('a deposit into an issued account', () => {
  const places: [string, () => Promise<{ here: Place; shopper: Shopper; deposit: string; body: object }>][] = [
    [
      'Toss',
      async () => {
        const here = await place();
        const shopper = await issued(here, (one) =>
          one.agree({ method: 'virtual_account' }).then(({ paymentKey, orderId }) => ({ paymentKey, orderId })),
        );
        return {
          here,
          shopper,
          deposit: 'toss/deposit',
          body: { orderId: shopper.orderId, clientKey: 'test_ck_blog' },
        };
      },
    ],
    [
      'PortOne V2',
      async () => {
        const here = await place({ stores: ['blog'] });
        const shopper = await issued(here, async (one) => {
          await payV2(here, one, { method: 'virtual_account' });
          return {};
        });
        return {
          here,
          shopper,
          deposit: 'portone-v2/deposit',
          body: { storeId: 'store-blog', paymentId: shopper.orderId },
        };
      },
    ],
    [
      'PortOne V1',
      async () => {
        const here = await place({ v1: true });
        const shopper = await issued(here, (one) =>
          payInV1(here.world, one).then(({ imp_uid, merchant_uid }) => ({ impUid: imp_uid, orderId: merchant_uid })),
        );
        return { here, shopper, deposit: 'portone-v1/deposit', body: { merchant_uid: shopper.orderId } };
      },
    ],
  ];

  test.each(places)('%s: is known at once, by its webhook', async (_name, make) => {
    const { here, shopper, deposit, body } = await make();
    await later(here, 10 * minute);
    await here.control(deposit, body);
    await later(here, 0, 2 * second);
    const payment = await here.world.payment(shopper.id);
    expect([payment.status, payment.observations]).toEqual(['paid', []]);
    await later(here, hour);
    await here.agree();
  });

  test.each(places)('%s: told twice, it is one sale', async (_name, make) => {
    const { here, shopper, deposit, body } = await make();
    await later(here, 10 * minute);
    await here.control('faults', { on: 'webhook', kind: 'twice' });
    await here.control(deposit, body);
    await later(here, 0, 2 * second, 3 * second);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
    expect((await here.listed('?state=waiting')).length).toBe(0);
    await later(here, hour);
    await here.agree();
  });

  test('Toss: a faulty one is reversed when its webhook says so, and paid again by the next', async () => {
    const [, make] = places[0] as (typeof places)[0];
    const { here, shopper, body } = await make();
    const status = async () => (await here.world.payment(shopper.id)).status;
    const seen = [];
    for (const action of ['deposit', 'deposit/reverse', 'deposit']) {
      await later(here, 10 * minute);
      await control(here.world, `toss/${action}`, body);
      await later(here, 0, 2 * second);
      seen.push(await status());
    }
    expect(seen).toEqual(['paid', 'pending', 'paid']);
    const payment = await here.world.payment(shopper.id);
    expect(payment.transitions.filter(({ to }) => to === 'reversed')).toHaveLength(1);
    expect(payment.observations).toEqual([]);
  });

  test.each(places)('%s: while the webhooks never come, the hourly look finds it', async (_name, make) => {
    const { here, shopper, deposit, body } = await make();
    await here.control('faults', { on: 'webhook', kind: 'never', times: 9 });
    await here.control(deposit, body);
    await later(here, 61 * minute);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });
});
