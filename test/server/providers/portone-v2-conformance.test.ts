import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoStore } from '../../../demo/sandbox/portone-v2/stores.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { createPortOneV2 } from '../../../server/providers/portone-v2/portone-v2.js';
import type { PortOneV2Channel } from '../../../server/providers/provider.js';
import { providerConformance } from './conformance.js';
import { type Driver, play, type Ways, type World } from './conformance-world.js';
import { controlOf } from './sandbox-control.js';

function driverOf(url: string): Driver {
  const { call, books } = controlOf(url);
  const v2 = <T = unknown>(path: string, body: object) => call<T>(`portone-v2/${path}`, body);
  return {
    async open(launch) {
      if (launch.provider !== 'portone-v2') throw new Error(`not a launch of PortOne V2: ${launch.provider}`);
      const how = launch.kind === 'ui' ? { method: 'paypal' } : {};
      return (await v2<{ txId: string }>('open', { ...how, ...launch.request })).txId;
    },
    authenticate: async (txId, instrument) =>
      (await v2<{ paymentToken?: string }>('authenticate', { txId, ...instrument })).paymentToken,
    async deposit(txId) {
      await v2('deposit', { txId });
    },
    reverseDeposit: () => Promise.reject(new Error('no such thing')),
    async cancelInConsole(txId, amount) {
      await v2('cancel', { txId, ...(amount !== undefined && { amount }) });
    },
    async arm(fault) {
      await call('faults', fault);
    },
    async advance(ms) {
      await call('clock', { advanceMs: ms });
    },
    books,
  };
}

const start = (channelKey: string, approval: PortOneV2Channel['approval']) => async (): Promise<World> => {
  const { url, close } = await createSandbox().listen(0);
  const { storeId, apiSecret, webhookSecret } = demoStore;
  const channel: PortOneV2Channel = {
    id: 'main',
    provider: 'portone-v2',
    environment: 'test',
    approval,
    currencies: ['KRW'],
    apiBase: `${url}/portone-v2`,
    script: `${url}/portone-v2/v2/browser-sdk.js`,
    storeId,
    channelKey,
    apiSecret,
    webhookSecrets: [webhookSecret],
  };
  return {
    provider: createPortOneV2(),
    impatient: createPortOneV2({ timeouts: { money: 500, lookup: 500 } }),
    channel,
    dollars: {
      ...channel,
      approval: 'automatic',
      channelKey: 'channel-key-demo-paypal',
      methods: ['paypal'],
      currencies: ['USD'],
    },
    secrets: [apiSecret, webhookSecret],
    wrongSecret: { ...channel, apiSecret: 'of-nobody' },
    driver: driverOf(url),
    close,
  };
};

const ways: Ways = {
  needsConfirm: false,
  showsConsent: false,
  showsExpiry: false,
  tellsDeclines: false,
  tellsOtherOrders: false,
  tellsRunning: true,
  reversesDeposits: false,
};
const startAutomatic = start('channel-key-demo-card', 'automatic');
const startManual = start('channel-key-demo-manual', 'manual');

providerConformance('PortOne V2, automatic approval', ways, startAutomatic);
providerConformance('PortOne V2, manual approval', { ...ways, needsConfirm: true }, startManual);

/** What only this provider does. */
describe('PortOne V2', () => {
  let world: World;
  let at: ReturnType<typeof play>;
  beforeAll(async () => {
    world = await startAutomatic();
    at = play(world);
  });
  afterAll(() => world.close());

  test('a window with another amount than was prepared does not open', async () => {
    const outcome = await world.provider.launch(world.channel, at.order());
    const { launch } = outcome as Extract<typeof outcome, { outcome: 'done' }>;
    if (launch.provider !== 'portone-v2') throw new Error('not ours');
    const cheaper = { ...launch, request: { ...launch.request, totalAmount: 100 } } as typeof launch;
    await expect(world.driver.open(cheaper)).rejects.toThrow('AmountNotEqualToPredefined');
    expect(await world.driver.open(launch)).toMatch(/./);
  });

  test.each(['500', 'html', 'drop', 'in_progress'])(
    'where the amount can not be registered (%s) nothing is handed out',
    async (kind) => {
      const order = at.order();
      await world.driver.arm({ on: 'pre_register', kind, orderId: order.orderId });
      expect(await world.provider.launch(world.channel, order)).toMatchObject({ outcome: 'unknown' });
      expect(await world.provider.launch(world.channel, order)).toMatchObject({ outcome: 'done' });
    },
  );

  test('an order that is paid is not opened again', async () => {
    const of = await at.paid();
    expect(await world.provider.launch(world.channel, of)).toMatchObject({
      outcome: 'unknown',
      detail: 'ALREADY_PAID',
    });
  });

  test('a wrong secret is found out before a window opens', async () => {
    expect(await world.provider.launch(world.wrongSecret, at.order())).toMatchObject({ outcome: 'misconfigured' });
  });

  test('records name their store and channel, so that one of another contract is seen', async () => {
    const record = await at.look(await at.paid());
    expect(world.provider.identity(world.channel)).toEqual({ store: record.store, channel: record.channel });
    expect(record).toMatchObject({ store: 'store-demo', channel: 'channel-key-demo-card' });
  });

  test('what failed may be tried again under the same order, and the try that paid is told', async () => {
    const order = at.order();
    const first = await at.open(order);
    await world.driver.authenticate(first, { method: 'card', card: '4300000000000002' });
    expect(await at.look(order)).toMatchObject({
      ...{ record: first, state: 'failed', failure: { code: 'REJECT_CARD_PAYMENT', message: expect.any(String) } },
    });
    const second = await at.open(order);
    await world.driver.authenticate(second, { method: 'card' });
    expect(await at.look(order)).toMatchObject({ record: second, state: 'paid' });
    const hinted = await world.provider.lookup(world.channel, { orderId: order.orderId, record: first });
    expect(hinted).toMatchObject({
      outcome: 'done',
      records: [
        { record: second, state: 'paid' },
        { record: first, state: 'failed' },
      ],
    });
  });

  test.each(['html', 'drop', '500'])(
    'tries that can not be listed (%s) hide no money, and the hint counts for nothing',
    async (kind) => {
      const of = await at.paid();
      const other = await at.paid();
      await world.driver.arm({ on: 'lookup', kind: 'slow', orderId: of.orderId, ms: 0 });
      await world.driver.arm({ on: 'lookup', kind, orderId: of.orderId });
      const outcome = await world.provider.lookup(world.channel, { orderId: of.orderId, record: other.record });
      expect(outcome).toMatchObject({ outcome: 'done', records: [{ record: of.record, state: 'paid' }] });
    },
  );

  test('an approval that the provider has not decided is approving, then what it became', async () => {
    for (const [to, state] of [
      ['paid', 'paid'],
      ['failed', 'failed'],
    ] as const) {
      const order = at.order();
      const record = await at.open(order);
      await world.driver.arm({ on: 'approve', kind: 'pending', orderId: order.orderId });
      await world.driver.authenticate(record, { method: 'card' });
      expect(await at.look(order)).toMatchObject({ record, state: 'approving', cancelled: 0 });
      await controlOf(new URL(world.channel.apiBase).origin).call('portone-v2/settle', { txId: record, to });
      expect(await at.look(order)).toMatchObject({ record, state });
    }
  });

  test('a charge of another amount, by itself, is told as it is', async () => {
    const order = at.order();
    const record = await at.open(order);
    await world.driver.arm({ on: 'approve', kind: 'wrong_amount', orderId: order.orderId, amount: 15_000 });
    await world.driver.authenticate(record, { method: 'card' });
    expect(await at.look(order)).toMatchObject({ state: 'paid', amount: 15_000 });
  });

  test('a refund that is only requested is pending until it is done', async () => {
    const of = await at.paid();
    const refund = at.refund(of, 5_000);
    await world.driver.arm({ on: 'cancel', kind: 'pending', orderId: of.orderId });
    expect(await world.provider.cancel(world.channel, refund)).toEqual({ outcome: 'done' });
    expect((await at.look(of)).cancellations).toMatchObject([
      { amount: 5_000, state: 'pending', reason: refund.reason },
    ]);
    await controlOf(new URL(world.channel.apiBase).origin).call('portone-v2/cancel/settle', {
      txId: of.record,
      to: 'done',
    });
    expect(await at.look(of)).toMatchObject({ cancelled: 5_000, cancellations: [{ state: 'done' }] });
  });

  test('a refund decided on an old balance gives nothing back and is to be looked up', async () => {
    const of = await at.paid();
    await world.driver.cancelInConsole(of.record, 2_000);
    const outcome = await world.provider.cancel(world.channel, at.refund(of, 5_000));
    expect(outcome).toMatchObject({
      ...{ outcome: 'unknown', why: 'temporary', detail: 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN' },
    });
    expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 2_000 });
  });

  test('an order of another store is not found', async () => {
    const of = await at.paid();
    const origin = new URL(world.channel.apiBase).origin;
    const apiSecret = 'secret-of-another-store';
    await controlOf(origin).call('portone-v2/stores', { storeId: 'store-other', apiSecret, channels: [] });
    const other = { ...(world.channel as PortOneV2Channel), storeId: 'store-other', apiSecret };
    expect(await world.provider.lookup(other, of)).toMatchObject({ outcome: 'refused' });
    expect(await world.provider.lookup(other, { orderId: of.orderId })).toEqual({ outcome: 'not_found' });
    const foreign = { ...(world.channel as PortOneV2Channel), storeId: 'store-other' };
    expect(await world.provider.lookup(foreign, { orderId: of.orderId })).toMatchObject({ outcome: 'misconfigured' });
  });
});
