import { afterEach, describe, expect, test } from 'vitest';
import type { MyPayments } from '../../../contract/index.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import type { PortOneV1Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, eventsOf, mistold } from '../../support/books.js';
import { calledBack, payInV1, payTwiceInV1, v1Account, v1Channel } from '../../support/portone-v1.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { api, blog, createWorld, testClock, channel as tossChannel, type World } from '../../support/world.js';
import { shopperToken } from '../checkout/harness.js';

/** PortOne V1: it charges by itself, its records carry no signature and no promise, and one order id may be paid more than once. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Place {
  readonly world: World;
  readonly spy: Spy;
  /** Moves time on, lets V1 send its webhooks, and does what is due. */
  later(...waits: number[]): Promise<void>;
  /** Lets everything end, and compares the books. */
  agree(): Promise<void>;
}

async function place(more: Partial<PortOneV1Channel> = {}, account: object = {}, toss = false): Promise<Place> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  open.push(close);
  const spy = createSpy();
  const channels = [await v1Channel(sandboxUrl, more, account), ...(toss ? [tossChannel(`${sandboxUrl}/toss`)] : [])];
  const world = await createWorld({
    ...{ clock, sandbox, sandboxUrl, blog: { channels }, wrapProviders: spy.wrapProviders },
    // Another merchant's money is in the same sandbox, under the same account.
    oversight: false,
  });
  open.push(() => world.close());
  const later = async (...waits: number[]) => {
    for (const ms of waits) {
      clock.advance(ms);
      await sandbox.webhooks.run();
      await world.runDry();
    }
  };
  return {
    ...{ world, spy, later },
    async agree() {
      await later(0, minute, hour, hour, 2 * day);
      const all = await allPayments(world);
      // What is sold elsewhere under the same account, or by others at the same provider, is in no book of ours.
      const wrong = disagreements(all, sandbox.bank.books()).filter(
        (one) => !/-0001: money without a payment/.test(one),
      );
      expect([...wrong, ...(await mistold(world, all))]).toEqual([]);
    },
  };
}

const arm = (world: World, fault: object) => control(world, 'faults', fault);
const noWebhooks = (world: World) => arm(world, { on: 'webhook', kind: 'never', times: 100, provider: 'portone-v1' });
const launched = (shopper: Shopper) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
const post = (url: string, body: string, type = 'application/json') =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
const hook = (world: World) => `${world.url}/api/v1/webhooks/portone-v1/blog`;
/** What the merchant refunds of the whole payment. */
const refund = (world: World, { id }: Shopper) =>
  api(world.url, 'POST', `/payments/${id}/cancel`, {
    ...{ token: blog.secretKey, body: {} },
    headers: { 'idempotency-key': crypto.randomUUID().replaceAll('-', '') },
  });
const cancels = (spy: Spy) =>
  spy.of('cancel').map(({ with: { record, amount, expectedBalance } }) => ({ record, amount, expectedBalance }));

describe('a payment through PortOne V1', () => {
  test('is prepared for its amount, opened by its launch, verified by imp_uid, and found without one', async () => {
    const { world, agree } = await place();
    const shopper = await openSession(world);
    expect(shopper.session.launch).toMatchObject({
      ...{ provider: 'portone-v1', userCode: v1Account.userCode },
      request: { merchant_uid: shopper.orderId, amount: 9_000, notice_url: hook(world) },
    });
    expect(JSON.stringify(shopper.session)).not.toContain(v1Account.apiSecret);
    expect(JSON.stringify(shopper.session)).not.toContain(v1Account.apiKey);
    const result = await payInV1(world, shopper);
    const { status, body } = await shopper.verify(calledBack(result));
    expect([status, body.status, body.attempt?.provider]).toEqual([200, 'paid', 'portone-v1']);
    const other = await openSession(world);
    await payInV1(world, other);
    expect((await other.verify()).body.status).toBe('paid');
    await agree();
  });

  test('tells nothing of a decline: the lookup that is due finds it, and another card pays', async () => {
    const { world, later, agree } = await place();
    const shopper = await openSession(world);
    await launched(shopper);
    await payInV1(world, shopper, { card: '4300000000000002' });
    expect(world.sandbox.webhooks.log()).toEqual([]);
    await later(minute);
    expect(await shopper.read()).toMatchObject({ status: 'open', attempt: { state: 'failed' } });
    expect((await shopper.read()).failure?.message).toContain('잔액부족');
    const again = await shopper.prepare();
    expect(again.body.attempt?.no).toBe(2);
    await payInV1(world, { session: again.body, orderId: shopper.orderId });
    expect((await shopper.verify()).body.status).toBe('paid');
    await agree();
  });

  test.each([
    ['JSON', false],
    ['a form', true],
  ])('is paid by its webhook alone, as %s, at the address that the launch named', async (_how, webhookForm) => {
    const { world, later, agree } = await place({}, { webhookForm });
    const shopper = await openSession(world);
    await payInV1(world, shopper);
    await later(0);
    expect(world.sandbox.webhooks.log().map(({ attempts }) => attempts.map(({ status }) => status))).toEqual([[200]]);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.transitions.find(({ to }) => to === 'paid')?.trigger]).toEqual(['paid', 'webhook']);
    await agree();
  });
});

describe('several approvals of one order', () => {
  test.each([
    ['heard of both at once', true],
    ['paid before the second', false],
  ])('%s: the first is the payment, the second goes back by its own imp_uid', async (_what, atOnce) => {
    const { world, spy, later, agree } = await place();
    await noWebhooks(world);
    const shopper = await openSession(world);
    await launched(shopper);
    const first = await payInV1(world, shopper);
    if (!atOnce) await shopper.verify(calledBack(first));
    world.clock.advance(5 * second);
    const twice = await payTwiceInV1(world, shopper);
    // Whichever the browser names, the one that paid first is the payment.
    await shopper.verify(calledBack(twice));
    await later(second);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.paidBy?.record, payment.refundedAmount]).toEqual(['paid', first.imp_uid, 0]);
    expect(payment.refunds).toMatchObject([
      { cause: 'duplicate', record: twice.imp_uid, amount: 9_000, state: 'done' },
    ]);
    expect(cancels(spy)).toEqual([{ record: twice.imp_uid, amount: 9_000, expectedBalance: 9_000 }]);
    await later(minute);
    expect((await eventsOf(world, payment)).map(({ type }) => type)).toEqual(['payment.paid']);
    await agree();
  });

  test('a late second one is found by the lookups of an order that is paid already, or by its webhook', async () => {
    const { world, spy, later, agree } = await place();
    const shopper = await openSession(world);
    const first = await payInV1(world, shopper);
    await shopper.verify(calledBack(first));
    await later(2 * hour);
    const twice = await payTwiceInV1(world, shopper);
    await later(0, second, 2 * second);
    const payment = await world.payment(shopper.id);
    expect(payment.refunds).toMatchObject([{ cause: 'duplicate', record: twice.imp_uid, state: 'done' }]);
    expect(payment.paidBy?.record).toBe(first.imp_uid);
    expect(cancels(spy)).toHaveLength(1);
    await agree();
  });

  test('a second one after the first was given back goes back too, and is no new sale', async () => {
    const { world, spy, later, agree } = await place();
    const shopper = await openSession(world);
    const first = await payInV1(world, shopper);
    await shopper.verify(calledBack(first));
    expect((await refund(world, shopper)).status).toBe(200);
    await later(minute);
    const twice = await payTwiceInV1(world, shopper);
    await later(0, second, 2 * second);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.refundedAmount]).toEqual(['refunded', 9_000]);
    expect(payment.refunds).toMatchObject([
      { cause: 'merchant', record: first.imp_uid, state: 'done' },
      { cause: 'duplicate', record: twice.imp_uid, state: 'done' },
    ]);
    expect(cancels(spy).map(({ record }) => record)).toEqual([first.imp_uid, twice.imp_uid]);
    expect((await eventsOf(world, payment)).map(({ type }) => type)).toEqual(['payment.paid', 'payment.refunded']);
    await agree();
  });

  test('four of them: three go back, one at a time and a second apart, each once', async () => {
    const { world, spy, later, agree } = await place();
    await noWebhooks(world);
    const shopper = await openSession(world);
    const first = await payInV1(world, shopper);
    const others = [];
    for (let n = 0; n < 3; n++) {
      world.clock.advance(second);
      others.push(await payTwiceInV1(world, shopper));
    }
    let under = 0;
    const sent: number[] = [];
    spy.change.cancel = async (_intent, real) => {
      expect(++under).toBe(1);
      sent.push(world.clock.now());
      const outcome = await real();
      under--;
      return outcome;
    };
    await Promise.all([shopper.verify(), shopper.verify(calledBack(first)), world.runDry()]);
    for (let n = 0; n < 8; n++) await later(second);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.paidBy?.record]).toEqual(['paid', first.imp_uid]);
    expect(payment.refunds.map(({ cause, state }) => [cause, state])).toEqual(others.map(() => ['duplicate', 'done']));
    expect(new Set(cancels(spy).map(({ record }) => record))).toEqual(new Set(others.map(({ imp_uid }) => imp_uid)));
    expect(sent).toHaveLength(3);
    for (const [n, at] of sent.entries()) if (n > 0) expect(at - (sent[n - 1] ?? 0)).toBeGreaterThanOrEqual(second);
    await agree();
  });

  test.each(['cancel_then_drop', 'cancel_then_500', 'cancel_then_html', 'drop'])(
    'the refund of the second answered with %s: it goes back once',
    async (kind) => {
      const { world, later, agree } = await place();
      const shopper = await openSession(world);
      await payInV1(world, shopper);
      const twice = await payTwiceInV1(world, shopper);
      await arm(world, { on: 'cancel', kind });
      await shopper.verify();
      await later(0, minute, minute);
      expect((await world.payment(shopper.id)).refunds).toMatchObject([{ record: twice.imp_uid, state: 'done' }]);
      expect(world.sandbox.bank.books().cancellations.map(({ record, amount }) => [record, amount])).toEqual([
        [twice.imp_uid, 9_000],
      ]);
      await agree();
    },
  );

  test('of another amount: that one goes back for what it is, whichever came first', async () => {
    const { world, later, agree } = await place();
    await noWebhooks(world);
    const shopper = await openSession(world);
    await arm(world, { on: 'approve', kind: 'wrong_amount', amount: 12_000 });
    const wrong = await payInV1(world, shopper);
    world.clock.advance(second);
    const right = await payTwiceInV1(world, shopper);
    await shopper.verify(calledBack(right));
    await later(second, 2 * second);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.paidBy?.record]).toEqual(['paid', right.imp_uid]);
    expect(payment.refunds).toMatchObject([
      { cause: 'mismatch', record: wrong.imp_uid, amount: 12_000, state: 'done' },
    ]);
    await agree();
  });
});

describe('what a browser or a stranger says', () => {
  test.each<[string, (world: World) => Promise<string>]>([
    [
      'of another order of this merchant, dearer',
      async (world) =>
        (await payInV1(world, await openSession(world, { items: [{ item: 'mug', quantity: 3 }] }))).imp_uid,
    ],
    [
      'of an older, cheaper payment',
      async (world) => {
        const cheap = await openSession(world, { items: [{ item: 'coffee', quantity: 1 }] });
        const { imp_uid } = await payInV1(world, cheap);
        await cheap.verify();
        world.clock.advance(day);
        return imp_uid;
      },
    ],
    [
      'of an order that the shop made elsewhere under the same account',
      async (world) =>
        (
          await control(world, 'portone-v1/pay', {
            ...{ userCode: v1Account.userCode, merchant_uid: 'old-shop-0001', amount: 9_000 },
          })
        ).imp_uid,
    ],
    [
      'of another merchant, of the same amount',
      async (world) => (await control(world, 'portone-v1/pay', { merchant_uid: 'other-0001', amount: 9_000 })).imp_uid,
    ],
    ['that does not exist', async () => 'imp_000000000000'],
  ])('an imp_uid %s is refused, and neither order is touched', async (_what, make) => {
    const { world, spy, agree } = await place();
    await noWebhooks(world);
    const impUid = await make(world);
    const shopper = await openSession(world);
    const before = (await world.payment(shopper.id)).rev;
    const answer = await shopper.verify({ impUid, orderId: shopper.orderId });
    expect([answer.status, answer.body.code]).toEqual([409, 'payment_reference_mismatch']);
    expect((await world.payment(shopper.id)).rev).toBe(before);
    expect(spy.of('cancel')).toEqual([]);
    // The shopper's own payment is none the worse for it.
    world.clock.advance(3 * second);
    const result = await payInV1(world, shopper);
    expect((await shopper.verify(calledBack(result))).body.status).toBe('paid');
    expect((await world.payment(shopper.id)).refunds).toEqual([]);
    await agree();
  });

  test('the imp_uid of an old payment of one’s own pays nothing again', async () => {
    const { world } = await place();
    const old = await openSession(world);
    const { imp_uid } = await payInV1(world, old);
    await old.verify();
    const shopper = await openSession(world);
    const refused = { status: 409, body: { code: 'payment_reference_mismatch' } };
    for (const orderId of [undefined, shopper.orderId, old.orderId]) {
      const hint = { impUid: imp_uid, ...(orderId !== undefined && { orderId }) };
      expect(await shopper.verify(hint)).toMatchObject(refused);
      world.clock.advance(3 * second);
    }
    expect((await shopper.read()).status).toBe('open');
  });

  test.each(['../users', 'imp_1/cancel', 'imp_1?include_sandbox=false', '', 'x'.repeat(101), '임포트'])(
    'the imp_uid %j is no imp_uid',
    async (impUid) => {
      const { world, spy } = await place();
      const shopper = await openSession(world);
      expect(await shopper.verify({ impUid })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(spy.of('lookup')).toEqual([]);
    },
  );

  test('a hint for another provider’s attempt is refused like any key that is not ours', async () => {
    const { world } = await place({ methods: ['transfer'] }, {}, true);
    const shopper = await openSession(world);
    expect(shopper.session.attempt?.provider).toBe('toss');
    const answer = await shopper.verify({ impUid: 'imp_123456789012' });
    expect([answer.status, answer.body.code]).toEqual([409, 'payment_reference_mismatch']);
  });

  test('a forged webhook pays nothing, whatever imp_uid it has; it makes us look, and that is all', async () => {
    const { world, spy, later } = await place();
    await noWebhooks(world);
    const rich = await openSession(world, { items: [{ item: 'mug', quantity: 3 }] });
    const theirs = await payInV1(world, rich);
    const shopper = await openSession(world);
    const said = { imp_uid: theirs.imp_uid, merchant_uid: shopper.orderId, status: 'paid' };
    for (const [body, type] of [
      [JSON.stringify(said), 'application/json'],
      [new URLSearchParams(said).toString(), 'application/x-www-form-urlencoded'],
      [JSON.stringify({ ...said, imp_uid: 'imp_000000000000' }), 'text/plain'],
    ] as const) {
      expect((await post(hook(world), body, type)).status).toBe(200);
      await later(3 * second);
    }
    expect((await world.payment(shopper.id)).status).toBe('open');
    expect(spy.of('lookup').filter(({ with: { orderId } }) => orderId === shopper.orderId)).toHaveLength(3);
    for (const {
      with: { record },
    } of spy.of('lookup'))
      expect(record).toBeUndefined();
    expect(spy.of('cancel')).toEqual([]);
  });

  test.each([
    ['neither JSON nor a form', '{"imp_uid": "imp_1", "status": <', 400],
    ['nothing', '', 400],
    ['an order of nobody’s', JSON.stringify({ imp_uid: 'imp_1', merchant_uid: 'old-shop-0001', status: 'paid' }), 200],
    ['a billing key', JSON.stringify({ imp_uid: 'imp_1', customer_uid: 'c_1', status: 'paid' }), 200],
  ])('a webhook with %s is answered %#', async (_what, body, status) => {
    const { world, spy } = await place();
    expect((await post(hook(world), body)).status).toBe(status);
    expect(spy.of('lookup')).toEqual([]);
  });

  test('an order id that was paid is not opened a second time by us: what V1 says of it is looked up', async () => {
    const { world, agree } = await place();
    await noWebhooks(world);
    const shopper = await openSession(world);
    await payInV1(world, shopper);
    // Nobody has told us. The page prepares again: V1 knows that the amount is registered, and no second window opens.
    const again = await shopper.prepare();
    expect([again.status, again.body.attempt?.no]).toEqual([200, 1]);
    await expect(payInV1(world, shopper)).rejects.toThrow('ALREADY_PAID');
    expect((await shopper.verify()).body.status).toBe('paid');
    expect(await shopper.prepare()).toMatchObject({ status: 409, body: { code: 'payment_already_paid' } });
    await agree();
  });
});

/** V1's answer to a token that has ended. */
const notTaken = { kind: 'error', code: '-1', status: 401 };

describe('V1 in trouble', () => {
  const troubles: [string, object][] = [
    ['code -1', { kind: 'error', code: '-1' }],
    ['HTML', { kind: 'html' }],
    ['nothing', { kind: 'drop' }],
    ['an error', { kind: '500' }],
  ];

  test.each(troubles)(
    '%s in the place of a lookup changes nothing, and the next one finds the money',
    async (_what, how) => {
      const { world, later, agree } = await place();
      await noWebhooks(world);
      const shopper = await openSession(world);
      const result = await payInV1(world, shopper);
      const { rev } = await world.payment(shopper.id);
      await arm(world, { on: 'lookup', ...how });
      const unclear = await shopper.verify(calledBack(result));
      expect([unclear.status, unclear.body.status]).toEqual([202, 'open']);
      expect((await world.payment(shopper.id)).rev).toBe(rev);
      await later(3 * second);
      expect((await shopper.verify(calledBack(result))).body.status).toBe('paid');
      await agree();
    },
  );

  test.each(troubles)(
    '%s for as long as the attempt lives ends nothing: the money is found later',
    async (_what, how) => {
      const { world, later } = await place();
      await noWebhooks(world);
      const shopper = await openSession(world);
      await launched(shopper);
      await payInV1(world, shopper);
      await arm(world, { on: 'lookup', ...how, times: 1_000 });
      await later(minute, 10 * minute, 30 * minute, hour, hour);
      expect((await world.payment(shopper.id)).attempts[0]?.state).toBe('launched');
      world.sandbox.faults.clear();
      await later(hour, hour);
      expect((await world.payment(shopper.id)).status).toBe('paid');
    },
  );

  test.each(troubles)('%s in the place of a refund: it is looked up, and done once', async (_what, how) => {
    const { world, later, agree } = await place();
    const shopper = await openSession(world);
    await payInV1(world, shopper);
    await shopper.verify();
    await arm(world, { on: 'cancel', ...how, ...('kind' in how && how.kind === '500' ? { kind: 'cancel_500' } : {}) });
    expect((await refund(world, shopper)).status).toBe(202);
    await later(minute, minute);
    const payment = await world.payment(shopper.id);
    expect([payment.status, payment.refunds.map(({ state }) => state)]).toEqual(['refunded', ['done']]);
    expect(world.sandbox.bank.books().cancellations).toHaveLength(1);
    await agree();
  });

  test.each(troubles)('%s in the place of a token: nothing is opened, nothing is lost', async (_what, how) => {
    const { world, agree } = await place();
    await arm(world, { on: 'token', ...how });
    const call = { token: blog.publishableKey, origin: blog.origin };
    const body = { items: [{ item: 'coffee' }], returnUrls: { page: blog.page }, prepare: { method: 'transfer' } };
    const made = await api(world.url, 'POST', '/payments/sessions', { ...call, body });
    expect([made.status, made.body.code]).toEqual([503, 'provider_unavailable']);
    const next = await api(world.url, 'POST', '/payments/sessions', { ...call, body });
    expect(next.body.launch?.provider).toBe('portone-v1');
    await agree();
  });

  test('a token that ends between the lookup and the refund: the refund is made with the next one, once', async () => {
    const { world, spy, agree } = await place();
    const shopper = await openSession(world);
    await payInV1(world, shopper);
    await shopper.verify();
    await arm(world, { on: 'cancel', ...notTaken });
    const answer = await refund(world, shopper);
    expect([answer.status, world.sandbox.bank.books().cancellations.length]).toEqual([200, 1]);
    expect([spy.of('cancel').length, world.sandbox.faults.armed()]).toEqual([1, []]);
    await agree();
  });

  test('a token that ends in the middle of everything, by the clock or before it: nobody notices', async () => {
    const { world, later, agree } = await place();
    const shopper = await openSession(world);
    for (const ms of [29 * minute, 29 * minute + 45 * second, 31 * minute]) await later(ms);
    const other = await openSession(world);
    await payInV1(world, other);
    for (const on of ['lookup', 'pre_register']) await arm(world, { on, ...notTaken });
    expect((await other.verify()).body.status).toBe('paid');
    expect((await openSession(world)).session.launch).toBeDefined();
    expect(world.sandbox.faults.armed()).toEqual([]);
    expect((await shopper.read()).status).toBe('expired');
    await agree();
  });

  test('keys that V1 does not take are told as ours to mend', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await payInV1(world, shopper);
    await arm(world, { on: 'lookup', ...notTaken, times: 2 });
    const answer = await shopper.verify();
    expect([answer.status, answer.body.code]).toEqual([502, 'provider_misconfigured']);
    world.clock.advance(3 * second);
    expect((await shopper.verify()).body.status).toBe('paid');
  });

  test('live money on a test channel, and the other way round, is held and told', async () => {
    const live = [{ key: 'channel-key-blog', pg: 'html5_inicis', test: false }];
    const { world } = await place({}, { channels: live });
    const token = await shopperToken(world, { sub: 'kim' });
    const shopper = await openSession(world, { customerToken: token });
    await payInV1(world, shopper);
    expect((await shopper.verify()).body.attempt?.state).toBe('held');
    expect((await world.payment(shopper.id)).attention).toBe('held');
    // The shopper paid, and sees it in the list of what was begun.
    const { body } = await api<MyPayments>(world.url, 'GET', '/me/payments?begun=true', { token });
    expect(body.data).toMatchObject([{ id: shopper.id, processing: true }]);
  });
});
