import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import type { LookupOutcome } from '../../../server/providers/provider.js';
import { openSession } from '../../support/shopper.js';
import { createSpy } from '../../support/spy.js';
import { api, blog, createWorld, other } from '../../support/world.js';
import { depositBody, issued, type Place, payV2, place, post, signed, tossBody, v2Body } from './place.js';

const unreachable: LookupOutcome = { outcome: 'unknown', why: 'no_reply', detail: 'x' };
const v2 = (here: Place, orderId: string, more: Parameters<typeof signed>[1] & { type?: string } = {}) => {
  const raw = v2Body(orderId, more.type ? { type: more.type } : {});
  return post(here.url('portone-v2'), raw, signed(raw, more));
};
const account = (here: Place) =>
  issued(here, async (one) => {
    const { paymentKey, orderId } = await one.agree({ method: 'virtual_account' });
    return { paymentKey, orderId };
  });
const deposit = (here: Place, orderId: string) => here.control('toss/deposit', { orderId, clientKey: 'test_ck_blog' });

describe('a repeat', () => {
  test('of a signed one that was processed does nothing; of one that waits it goes on waiting', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await here.control('faults', { on: 'webhook', kind: 'never', times: 9 });
    await payV2(here, shopper);
    for (let n = 0; n < 3; n++) expect((await v2(here, shopper.orderId)).status).toBe(200);
    expect(await here.listed()).toMatchObject([{ state: 'waiting', payment: shopper.id, signed: true }]);
    await here.world.runDry();
    const asked = here.spy.of('lookup').length;
    here.world.clock.advance(hour);
    for (let n = 0; n < 3; n++) expect((await v2(here, shopper.orderId)).status).toBe(200);
    await here.world.runDry();
    expect(here.spy.of('lookup').length).toBe(asked);
    expect(await here.listed()).toMatchObject([{ state: 'processed' }]);
  });

  test('of a signed one under another id is another one', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await v2(here, shopper.orderId, { id: 'msg_1' });
    await v2(here, shopper.orderId, { id: 'msg_2' });
    expect(await here.listed()).toHaveLength(2);
  });

  test('of an unsigned one waits with the one that waits, and anew once that is being looked at', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    for (let n = 0; n < 3; n++) await post(here.url('toss'), tossBody(shopper.orderId));
    expect(await here.listed()).toHaveLength(1);
    here.spy.change.lookup = async (_query, real) => {
      here.spy.change = {};
      // Its news may be younger than the answer that is on its way.
      const answer = await real();
      await post(here.url('toss'), tossBody(shopper.orderId));
      return answer;
    };
    await here.world.runDry();
    expect(here.spy.of('lookup')).toHaveLength(1);
    here.world.clock.advance(2 * second);
    await here.world.runDry();
    expect(here.spy.of('lookup')).toHaveLength(2);
    expect(await here.listed()).toMatchObject([{ state: 'processed', signed: false, payment: shopper.id }]);
  });
});

describe('lookups of one payment are two seconds apart', () => {
  test('one that comes just after a lookup is looked at later, not lost', async () => {
    const here = await place();
    const shopper = await account(here);
    await here.told();
    here.world.clock.advance(10 * minute);
    await here.told();
    await shopper.verify();
    const asked = here.spy.of('lookup').length;
    here.world.clock.advance(second);
    await deposit(here, shopper.orderId);
    await here.told();
    expect(here.spy.of('lookup').length).toBe(asked);
    expect((await here.listed())[0]).toMatchObject({ state: 'waiting', tries: 0 });
    here.world.clock.advance(2 * second);
    await here.told();
    expect(here.spy.of('lookup').length).toBe(asked + 1);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });

  test('one that a verify has looked up since it came needs no lookup of its own', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.delivered();
    here.world.clock.advance(second);
    expect((await shopper.verify()).body.status).toBe('paid');
    here.world.clock.advance(second);
    await here.world.runDry();
    expect(here.spy.of('lookup')).toHaveLength(1);
    expect((await here.listed()).map(({ state }) => state)).toEqual(['processed', 'processed']);
  });

  test('a verify that was sent with somebody else’s key has looked at nothing for it', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await payV2(here, shopper);
    await here.delivered();
    here.world.clock.advance(second);
    const refused: LookupOutcome = { outcome: 'refused', hint: 'other_order', detail: 'x' };
    here.spy.change.lookup = async ({ record }, real) => (record === undefined ? real() : refused);
    expect((await shopper.verify({ paymentKey: 'of-a-stranger', orderId: shopper.orderId })).status).toBe(409);
    here.world.clock.advance(5 * second);
    await here.world.runDry();
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });

  test('unsigned ones that were folded into one count from the last of them', async () => {
    const here = await place();
    const shopper = await account(here);
    await here.told();
    here.world.clock.advance(10 * minute);
    await here.told();
    here.world.clock.advance(10 * second);
    await post(here.url('toss'), tossBody(shopper.orderId));
    here.world.clock.advance(second);
    await shopper.verify();
    here.world.clock.advance(3 * second);
    await deposit(here, shopper.orderId);
    await here.delivered();
    await here.world.runDry();
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });
});

describe('a signed one that tells nothing new', () => {
  /** Paid and known to be, from the verify alone. */
  const paid = async (here: Place) => {
    const shopper = await openSession(here.world);
    await here.control('faults', { on: 'webhook', kind: 'never', times: 2 });
    const { txId, paymentId } = await payV2(here, shopper);
    await shopper.verify({ txId, orderId: paymentId });
    await here.world.runDry();
    here.world.clock.advance(minute);
    return { shopper, txId, asked: here.spy.of('lookup').length };
  };
  const says = (here: Place, orderId: string, type: string, transactionId: string) => {
    const raw = v2Body(orderId, { type, transactionId });
    return post(here.url('portone-v2'), raw, signed(raw, { id: `${type} ${transactionId}` }));
  };

  test.each(['Transaction.Paid', 'Transaction.Ready'])(
    '%s of what has paid: kept, and nobody is asked',
    async (type) => {
      const here = await place({ stores: ['blog'] });
      const { shopper, txId, asked } = await paid(here);
      const before = await here.world.payment(shopper.id);
      expect(await says(here, shopper.orderId, type, txId)).toMatchObject({ status: 200, body: { received: true } });
      expect(await here.listed()).toMatchObject([{ event: type, state: 'processed', payment: shopper.id }]);
      await here.world.runDry();
      expect(here.spy.of('lookup').length).toBe(asked);
      expect(await here.world.payment(shopper.id)).toEqual(before);
    },
  );

  test.each([
    ['Transaction.Paid', 'another-tx', 'another record'],
    ['Transaction.Cancelled', 'same', 'another event'],
    ['Transaction.PartialCancelled', 'same', 'another event'],
    ['Transaction.BrandNew', 'same', 'an event that nobody knows'],
  ])('%s of %s is asked about: it is %s', async (type, which) => {
    const here = await place({ stores: ['blog'] });
    const { shopper, txId, asked } = await paid(here);
    await says(here, shopper.orderId, type, which === 'same' ? txId : which);
    await here.world.runDry();
    expect(here.spy.of('lookup').length).toBe(asked + 1);
  });

  test('an opened window is nothing new while we wait for its end, and is asked about after a failure', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    const path = `/payments/sessions/${shopper.session.id}/launched`;
    await shopper.call('POST', path, { attempt: 1 });
    await says(here, shopper.orderId, 'Transaction.Ready', 'tx-1');
    await here.world.runDry();
    expect(here.spy.of('lookup')).toHaveLength(0);
    await here.control('faults', { on: 'approve', kind: 'error', code: 'REJECTED' });
    await payV2(here, shopper);
    await here.told();
    here.world.clock.advance(minute);
    await here.told();
    expect((await here.world.payment(shopper.id)).attempts[0]?.state).toBe('failed');
    const asked = here.spy.of('lookup').length;
    await says(here, shopper.orderId, 'Transaction.Ready', 'tx-2');
    await here.world.runDry();
    expect(here.spy.of('lookup').length).toBe(asked + 1);
  });

  test('one that came while the lookup was under way needs none of its own', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await here.control('faults', { on: 'webhook', kind: 'never', times: 2 });
    const { txId } = await payV2(here, shopper);
    here.spy.change.lookup = async (_query, real) => {
      here.world.clock.advance(1);
      await says(here, shopper.orderId, 'Transaction.Paid', txId);
      return real();
    };
    await shopper.verify({ txId, orderId: shopper.orderId });
    expect(await here.listed()).toMatchObject([{ state: 'waiting' }]);
    here.world.clock.advance(minute);
    await here.world.runDry();
    expect(await here.listed()).toMatchObject([{ state: 'processed' }]);
    expect(here.spy.of('lookup')).toHaveLength(1);
  });

  test('a page that comes right after the webhook is answered from its lookup, if it names the same record', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    const { txId } = await payV2(here, shopper);
    await here.told();
    const asked = here.spy.of('lookup').length;
    expect((await shopper.verify({ txId, orderId: shopper.orderId })).body.status).toBe('paid');
    expect(here.spy.of('lookup').length).toBe(asked);
    expect((await shopper.verify({ txId: 'tx-of-nobody', orderId: shopper.orderId })).status).toBe(409);
    expect(here.spy.of('lookup').length).toBe(asked + 1);
  });
});

describe('a provider out of reach', () => {
  test('all that comes is stored, and worked off when it is back', async () => {
    const here = await place({ stores: ['blog'] });
    const shoppers = [];
    for (let n = 0; n < 12; n++) shoppers.push(await openSession(here.world));
    here.spy.change.lookup = async () => unreachable;
    for (const shopper of shoppers) await payV2(here, shopper);
    await here.told();
    expect((await here.log()).every((line) => line.endsWith(' 200'))).toBe(true);
    expect(await here.listed('?state=waiting&limit=200')).toHaveLength(24);
    // One that is left unanswered speaks for the others.
    expect(here.spy.of('lookup').length).toBeLessThan(12);
    for (let n = 0; n < 10; n++) {
      here.world.clock.advance(10 * second);
      await here.told();
    }
    // That a window was opened is known without asking.
    const done = await here.listed('?state=processed');
    expect(done.filter(({ event }) => event !== 'Transaction.Ready')).toEqual([]);
    here.spy.change = {};
    here.world.clock.advance(15 * minute);
    await here.world.runDry();
    here.world.clock.advance(3 * second);
    await here.world.runDry();
    expect(await here.listed('?state=waiting')).toEqual([]);
    for (const shopper of shoppers) expect((await here.world.payment(shopper.id)).status).toBe('paid');
    here.world.clock.advance(2 * day);
    await here.world.runDry();
    await here.agree();
  });

  test('for a day: given up, listed, and taken up again when it is sent again', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    here.spy.change.lookup = async () => unreachable;
    await v2(here, shopper.orderId);
    await here.world.runDry();
    for (let n = 0; n < 100; n++) {
      here.world.clock.advance(15 * minute);
      await here.world.runDry();
    }
    expect(await here.listed()).toMatchObject([{ state: 'given_up' }]);
    here.spy.change = {};
    await v2(here, shopper.orderId);
    expect(await here.listed()).toMatchObject([{ state: 'waiting', tries: 0 }]);
    here.world.clock.advance(10 * second);
    await here.world.runDry();
    expect(await here.listed()).toMatchObject([{ state: 'processed' }]);
  });

  test('for a day, unsigned: a later one waits anew', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    here.spy.change.lookup = async () => unreachable;
    await post(here.url('toss'), tossBody(shopper.orderId));
    for (let n = 0; n < 100; n++) {
      here.world.clock.advance(15 * minute);
      await here.world.runDry();
    }
    expect(await here.listed()).toMatchObject([{ state: 'given_up' }]);
    here.spy.change = {};
    here.world.clock.advance(10 * second);
    await post(here.url('toss'), tossBody(shopper.orderId));
    await here.world.runDry();
    expect(await here.listed()).toMatchObject([{ state: 'processed' }]);
  });

  test('keys that it refuses: not processed, and the payment is not ended by it', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    here.spy.change.lookup = async () => ({ outcome: 'misconfigured', code: 'UNAUTHORIZED' });
    await v2(here, shopper.orderId);
    await here.world.runDry();
    expect(await here.listed()).toMatchObject([{ state: 'waiting', tries: 1 }]);
    expect((await here.world.payment(shopper.id)).status).toBe('open');
  });
});

describe('Toss’s deposit secret', () => {
  test.each([
    ['wrong', { secret: 'ps_forged' }, 'deposit_secret_wrong'],
    ['missing', { secret: undefined }, 'deposit_secret_missing'],
  ])('%s: it is noted once, and looked up all the same', async (_what, more, code) => {
    const here = await place();
    const shopper = await account(here);
    await here.control('faults', { on: 'webhook', kind: 'never', times: 5 });
    await deposit(here, shopper.orderId);
    for (let n = 0; n < 3; n++) {
      here.world.clock.advance(10 * second);
      expect((await post(here.url('toss'), depositBody(shopper.orderId, more))).status).toBe(200);
      await here.world.runDry();
    }
    const { body } = await api<any>(here.world.url, 'GET', `/payments/${shopper.id}`, { token: blog.secretKey });
    expect(body.status).toBe('paid');
    const noted = body.timeline.filter(({ note }: { note?: string }) => note === code);
    expect(noted).toMatchObject([{ what: 'attempt 1', to: 'webhook doubted', trigger: 'webhook' }]);
  });

  test('on an attempt without a record there is nothing to compare it with', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    await post(here.url('toss'), depositBody(shopper.orderId));
    await here.world.runDry();
    const payment = await here.world.payment(shopper.id);
    expect([payment.observations, payment.attempts[0]?.state]).toEqual([[], 'prepared']);
  });
});

describe('an unsigned webhook is believed in nothing', () => {
  test('it does not launch an attempt that the provider knows nothing of', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    const { rev } = await here.world.payment(shopper.id);
    await post(here.url('toss'), tossBody(shopper.orderId));
    await here.world.runDry();
    expect(here.spy.of('lookup')).toHaveLength(1);
    expect((await here.world.payment(shopper.id)).rev).toBe(rev);
  });

  test('nor is the payment key in it ever asked about', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    await post(here.url('toss'), tossBody(shopper.orderId, { paymentKey: 'of-somebody-else' }));
    await here.world.runDry();
    expect(here.spy.of('lookup').map(({ with: query }) => query)).toEqual([{ orderId: shopper.orderId }]);
  });
});

describe('the list of what came', () => {
  test('is the merchant’s own, newest first, in pages, and forgotten after a week', async () => {
    const here = await place();
    const shoppers = [];
    for (let n = 0; n < 3; n++) {
      shoppers.push(await openSession(here.world));
      await post(here.url('toss'), tossBody(shoppers[n]?.orderId as string));
      here.world.clock.advance(second);
    }
    await here.world.runDry();
    const page = await api<any>(here.world.url, 'GET', '/provider-webhooks?limit=2', { token: blog.secretKey });
    const rest = await api<any>(here.world.url, 'GET', `/provider-webhooks?limit=2&after=${page.body.next}`, {
      token: blog.secretKey,
    });
    expect([...page.body.data, ...rest.body.data].map(({ payment }) => payment)).toEqual(
      shoppers.map(({ id }) => id).reverse(),
    );
    const stranger = await api<any>(here.world.url, 'GET', '/provider-webhooks', { token: other.secretKey });
    expect(stranger.body.data).toEqual([]);
    const shopper = await api(here.world.url, 'GET', '/provider-webhooks', { token: shoppers[0]?.secret as string });
    expect(shopper.status).toBe(403);
    here.world.clock.advance(7 * day);
    await here.world.runDry();
    expect(await here.stored()).toEqual([]);
  });

  test('has unknown orders, the last thousand of them', async () => {
    const here = await place({ stores: ['blog'] });
    const send = async (from: number, to: number) => {
      for (let n = from; n < to; n += 50)
        await Promise.all(
          Array.from({ length: Math.min(50, to - n) }, (_, k) => v2(here, `order-${n + k}`, { id: `m${n + k}` })),
        );
    };
    await send(0, 1_020);
    here.world.clock.advance(minute);
    await send(1_020, 1_021);
    expect(await here.stored()).toHaveLength(1_000);
    expect((await here.listed('?state=unknown_order'))[0]).toMatchObject({ orderId: 'order-1020', tries: 0 });
    expect(here.spy.of('lookup')).toEqual([]);
  });

  test('of unsigned ones takes sixty a minute, and one of each order', async () => {
    const here = await place();
    const send = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, n) => post(here.url('toss'), tossBody(`order-${from + n}`))));
    for (let n = 0; n < 5; n++) await post(here.url('toss'), tossBody('order-0'));
    expect(await here.stored()).toHaveLength(1);
    const answers = await send(1, 101);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await here.stored()).length).toBeLessThanOrEqual(60);
    here.world.clock.advance(minute);
    await send(101, 103);
    expect((await here.listed('?state=unknown_order&limit=2')).map(({ orderId }) => orderId).sort()).toEqual([
      'order-101',
      'order-102',
    ]);
  });
});

describe('two servers on one store', () => {
  const both = async (stores: readonly string[]) => {
    const here = await place({ stores });
    const { clock, sandbox, sandboxUrl, store, config } = here.world;
    const channels = config.merchants.byId('blog')?.channels ?? [];
    const spy = createSpy();
    const wrapProviders = spy.wrapProviders;
    const world = await createWorld({ clock, sandbox, sandboxUrl, store, wrapProviders, blog: { channels } });
    return { here, second: { world, spy } };
  };

  test('one that is being looked at by one is left alone by the other', async () => {
    const { here, second } = await both(['blog']);
    const shopper = await openSession(here.world);
    await v2(here, shopper.orderId);
    here.spy.change.lookup = async (_query, real) => {
      await second.world.runDry();
      return real();
    };
    await here.world.runDry();
    expect([here.spy.of('lookup').length, second.spy.of('lookup').length]).toEqual([1, 0]);
    await second.world.close();
  });

  test('of unsigned ones too both end at peace', async () => {
    const { here, second } = await both([]);
    const { clock } = here.world;
    const shopper = await account(here);
    clock.advance(10 * minute);
    await here.told();
    clock.advance(10_000);
    await deposit(here, shopper.orderId);
    await here.delivered();
    await Promise.all([here.world.runDry(), second.world.runDry()]);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
    clock.advance(hour);
    await Promise.all([here.world.runDry(), second.world.runDry()]);
    expect(await here.listed('?state=waiting')).toEqual([]);
    await here.agree();
    await second.world.close();
  });
});

test('what was stored is worked off at once, not at the next look', async () => {
  const here = await place({ stores: ['blog'] });
  const shopper = await openSession(here.world);
  await here.control('faults', { on: 'webhook', kind: 'never', times: 9 });
  await payV2(here, shopper);
  const nudged: string[] = [];
  const { nudge } = here.world.app.worker;
  here.world.app.worker.nudge = (source) => {
    nudged.push(source);
    nudge(source);
  };
  for (let n = 0; n < 3; n++) await v2(here, shopper.orderId);
  expect(nudged).toEqual(['provider_webhooks']);
});
