import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoAccount } from '../../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { toMajor } from '../../../server/providers/money.js';
import { createPortOneV1 } from '../../../server/providers/portone-v1/portone-v1.js';
import type { PortOneV1Channel, ProviderRecord } from '../../../server/providers/provider.js';
import { providerConformance } from './conformance.js';
import { type Driver, play, type Ways, type World } from './conformance-world.js';
import { controlOf } from './sandbox-control.js';

/** The server's clock, which goes with the sandbox's: V1 is told when an account is due. */
interface Ours {
  ahead: number;
}

function driverOf(url: string, ours: Ours): Driver {
  const { call, books } = controlOf(url);
  const v1 = <T = unknown>(path: string, body: object) => call<T>(`portone-v1/${path}`, body);
  return {
    async open(launch) {
      if (launch.provider !== 'portone-v1') throw new Error(`not a launch of PortOne V1: ${launch.provider}`);
      const { userCode, tierCode, request } = launch;
      const body = { userCode, ...(tierCode !== undefined && { tierCode }), ...request };
      return (await v1<{ imp_uid: string }>('open', body)).imp_uid;
    },
    async authenticate(imp_uid, instrument) {
      await v1('authenticate', { imp_uid, ...instrument });
      return undefined;
    },
    async deposit(imp_uid) {
      await v1('deposit', { imp_uid });
    },
    reverseDeposit: () => Promise.reject(new Error('no such thing')),
    async cancelInConsole(imp_uid, amount) {
      await v1('cancel', { imp_uid, ...(amount !== undefined && { amount: toMajor(amount, 'KRW') }) });
    },
    async arm(fault) {
      await call('faults', fault);
    },
    async advance(ms) {
      ours.ahead += ms;
      await call('clock', { advanceMs: ms });
    },
    books,
  };
}

const { userCode, apiKey, apiSecret } = demoAccount;

const start = async (): Promise<World> => {
  const { url, close } = await createSandbox().listen(0);
  const channel: PortOneV1Channel = {
    id: 'main',
    provider: 'portone-v1',
    environment: 'test',
    approval: 'automatic',
    currencies: ['KRW'],
    apiBase: `${url}/portone-v1`,
    script: `${url}/portone-v1/v1/iamport.js`,
    userCode,
    channelKey: 'channel-key-v1-demo-card',
    apiKey,
    apiSecret,
  };
  // Whoever answers anything at all still gives out tokens: else no other call would be heard.
  const fetch = (async (to: string, init?: RequestInit) =>
    to.endsWith('/users/getToken') && !to.startsWith(url)
      ? Response.json({ code: 0, response: { access_token: 'token', now: 0, expired_at: 1_800 } })
      : globalThis.fetch(to, init)) as typeof globalThis.fetch;
  const ours: Ours = { ahead: 0 };
  const clock = { now: () => Date.now() + ours.ahead };
  return {
    provider: createPortOneV1({ fetch, clock }),
    impatient: createPortOneV1({ fetch, clock, timeouts: { money: 500, lookup: 500 } }),
    channel,
    dollars: { ...channel, channelKey: 'channel-key-v1-demo-paypal', methods: ['paypal'], currencies: ['USD'] },
    secrets: [apiKey, apiSecret],
    wrongSecret: { ...channel, apiSecret: 'of-nobody' },
    driver: driverOf(url, ours),
    close,
  };
};

const ways: Ways = {
  needsConfirm: false,
  showsConsent: false,
  showsExpiry: false,
  tellsDeclines: false,
  tellsOtherOrders: true,
  tellsRunning: false,
  reversesDeposits: false,
};

providerConformance('PortOne V1', ways, start);

/** What only this provider does. */
describe('PortOne V1', () => {
  let world: World;
  let at: ReturnType<typeof play>;
  beforeAll(async () => {
    world = await start();
    at = play(world);
  });
  afterAll(() => world.close());

  const control = (path: string, body: object) =>
    controlOf(new URL(world.channel.apiBase).origin).call(`portone-v1/${path}`, body);
  const records = async (orderId: string): Promise<readonly ProviderRecord[]> => {
    const outcome = await world.provider.lookup(world.channel, { orderId });
    return outcome.outcome === 'done' ? outcome.records : [];
  };

  test('a window with another amount than was prepared does not open', async () => {
    const outcome = await world.provider.launch(world.channel, at.order());
    const { launch } = outcome as Extract<typeof outcome, { outcome: 'done' }>;
    if (launch.provider !== 'portone-v1') throw new Error('not ours');
    const cheaper = { ...launch, request: { ...launch.request, amount: 100 } };
    await expect(world.driver.open(cheaper)).rejects.toThrow('PREPARED_AMOUNT_MISMATCH');
    expect(await world.driver.open(launch)).toMatch(/./);
  });

  test('prepared again it gives the same launch; an amount that somebody else registered is set right', async () => {
    const order = at.order();
    const first = await world.provider.launch(world.channel, order);
    expect(await world.provider.launch(world.channel, order)).toMatchObject({ ...first });
    const dearer = { ...order, amount: 15_000 };
    const outcome = await world.provider.launch(world.channel, dearer);
    const { launch } = outcome as Extract<typeof outcome, { outcome: 'done' }>;
    expect(await world.driver.open(launch)).toMatch(/./);
  });

  test.each(['500', 'html', 'drop', 'in_progress'])(
    'where the amount can not be registered (%s) nothing is handed out',
    async (kind) => {
      const order = at.order();
      // Both calls: a no is looked into.
      for (let n = 0; n < 2; n++) await world.driver.arm({ on: 'pre_register', kind, orderId: order.orderId });
      expect(await world.provider.launch(world.channel, order)).toMatchObject({ outcome: 'unknown' });
      const next = at.order();
      expect(await world.provider.launch(world.channel, next)).toMatchObject({ outcome: 'done' });
    },
  );

  test('a wrong secret is found out before a window opens', async () => {
    expect(await world.provider.launch(world.wrongSecret, at.order())).toMatchObject({ outcome: 'misconfigured' });
  });

  test('the older name of a contract opens its window', async () => {
    const { channelKey: _, ...bare } = world.channel as PortOneV1Channel;
    const there = play({ ...world, channel: { ...bare, pg: 'kakaopay.sandbox_kakaopay' } });
    const of = await there.paid({ method: 'kakaopay' });
    expect(await there.look(of)).toMatchObject({ state: 'paid', method: 'kakaopay' });
  });

  test.each(['kakaopay', 'naverpay', 'tosspay'] as const)(
    '%s on a channel of its own comes back as such',
    async (method) => {
      const channel = { ...(world.channel as PortOneV1Channel), channelKey: `channel-key-v1-demo-${method}` };
      const there = play({ ...world, channel });
      expect(await there.look(await there.paid({ method }))).toMatchObject({ state: 'paid', method });
    },
  );

  test('a sub-merchant’s payments are asked for under its tier alone', async () => {
    const channel = { ...(world.channel as PortOneV1Channel), tierCode: 'A1B' };
    const there = play({ ...world, channel });
    const of = await there.paid();
    expect(await there.look(of)).toMatchObject({ record: of.record, state: 'paid' });
    expect(await world.provider.lookup(world.channel, { orderId: of.orderId })).toEqual({ outcome: 'not_found' });
    expect(world.provider.account(channel)).not.toBe(world.provider.account(world.channel));
  });

  test('two approvals of one order are two records, the one that paid first in front; each goes back by itself', async () => {
    const order = at.order();
    // The window that was opened last pays first.
    const [second, first] = [await at.open(order), await at.open(order)];
    await world.driver.authenticate(first, { method: 'card' });
    await world.driver.advance(5_000);
    await world.driver.arm({ on: 'approve', kind: 'duplicate_order', orderId: order.orderId });
    await world.driver.authenticate(second, { method: 'card' });
    expect((await records(order.orderId)).map(({ record, state }) => [record, state])).toEqual([
      [first, 'paid'],
      [second, 'paid'],
    ]);
    const refund = at.refund({ ...order, record: second }, 12_000);
    expect(await world.provider.cancel(world.channel, refund)).toMatchObject({
      outcome: 'done',
      record: { record: second },
    });
    expect((await records(order.orderId)).map(({ cancelled }) => cancelled)).toEqual([0, 12_000]);
  });

  test('more records than fit on a page are all there', async () => {
    const order = at.order();
    const opened: string[] = [];
    for (let n = 0; n < 23; n++) opened.push(await at.open(order));
    expect(new Set((await records(order.orderId)).map(({ record }) => record))).toEqual(new Set(opened));
  });

  test('a failed payment tells the company’s words; the next window of the same order may pay', async () => {
    const order = at.order();
    const first = await at.open(order);
    await world.driver.authenticate(first, { method: 'card', card: '4300000000000002' });
    expect(await at.look(order)).toMatchObject({
      ...{ record: first, state: 'failed', failure: { code: 'failed', message: expect.stringContaining('잔액부족') } },
    });
    const second = await at.open(order);
    await world.driver.authenticate(second, { method: 'card' });
    expect((await records(order.orderId)).map(({ record, state }) => [record, state])).toEqual([
      [second, 'paid'],
      [first, 'failed'],
    ]);
  });

  test('a charge of another amount, by itself, is told as it is', async () => {
    const order = at.order();
    const record = await at.open(order);
    await world.driver.arm({ on: 'approve', kind: 'wrong_amount', orderId: order.orderId, amount: 15_000 });
    await world.driver.authenticate(record, { method: 'card' });
    expect(await at.look(order)).toMatchObject({ state: 'paid', amount: 15_000 });
  });

  test('a refund that is only taken on is pending, and the lookup tells when it is done', async () => {
    const of = await at.paid();
    const refund = at.refund(of, 5_000);
    await world.driver.arm({ on: 'cancel', kind: 'pending', orderId: of.orderId });
    expect(await world.provider.cancel(world.channel, refund)).toMatchObject({
      outcome: 'done',
      record: { cancelled: 0, cancellations: [{ amount: 5_000, state: 'pending', reason: refund.reason }] },
    });
    expect((await at.look(of)).cancellations).toEqual([]);
    await control('cancel/settle', { imp_uid: of.record, to: 'done' });
    expect(await at.look(of)).toMatchObject({
      ...{ cancelled: 5_000, cancellations: [{ state: 'done', reason: refund.reason }] },
    });
  });

  test('a refund decided on an old balance gives nothing back and is to be looked up', async () => {
    const of = await at.paid();
    await world.driver.cancelInConsole(of.record, 2_000);
    const outcome = await world.provider.cancel(world.channel, at.refund(of, 5_000));
    expect(outcome).toMatchObject({ outcome: 'unknown', why: 'temporary', detail: 'another balance, code 1' });
    expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 2_000 });
  });

  test.each([0, -1, Number.NaN])('a refund of %s is never asked for: V1 would give all of it back', async (amount) => {
    const of = await at.paid();
    expect(await world.provider.cancel(world.channel, at.refund(of, amount))).toMatchObject({ outcome: 'declined' });
    expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 0 });
  });

  test('code -1 in HTTP 200 is unknown everywhere, never "not there"', async () => {
    const of = await at.paid();
    for (const on of ['lookup', 'cancel', 'list'] as const) await world.driver.arm({ on, kind: 'error', code: '-1' });
    const unknown = { outcome: 'unknown', why: 'temporary' };
    expect(await world.provider.lookup(world.channel, { orderId: of.orderId })).toMatchObject(unknown);
    expect(await world.provider.cancel(world.channel, at.refund(of, 5_000))).toMatchObject(unknown);
    const range = { from: Date.now() - 60_000, until: Date.now(), limit: 10 };
    expect(await world.provider.listPayments(world.channel, range)).toMatchObject(unknown);
    expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 0 });
  });

  test('what was paid in a range and given back long after it is told as money of the range', async () => {
    const of = await at.paid();
    const paidAt = (await at.look(of)).paidAt as number;
    await world.driver.advance(3 * 24 * 3_600_000);
    await world.driver.cancelInConsole(of.record);
    const clock = { now: () => paidAt + 4 * 24 * 3_600_000 };
    const later = createPortOneV1({ clock });
    const found = [];
    for (let after: string | undefined, pages = 0; pages < 10; pages++) {
      const range = { from: paidAt - 60_000, until: paidAt + 60_000, limit: 10, ...(after && { after }) };
      const page = await later.listPayments(world.channel as PortOneV1Channel, range);
      if (page.outcome !== 'done') throw new Error(page.outcome);
      found.push(...page.payments);
      after = page.next;
      if (after === undefined) break;
    }
    expect(found.filter(({ record }) => record === of.record)).toMatchObject([{ state: 'paid', cancelled: 12_000 }]);
  });
});
