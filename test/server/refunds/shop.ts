import { afterEach, expect } from 'vitest';
import { methods, type PaymentView, type RefundView } from '../../../contract/index.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { minute, second } from '../../../server/ops/clock.js';
import type { PortOneV1Channel, PortOneV2Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, eventsOf, mistold } from '../../support/books.js';
import { payInV1, v1Channel } from '../../support/portone-v1.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import {
  type Answer,
  api,
  blog,
  type Call,
  createWorld,
  type Said,
  type TestClock,
  testClock,
  type World,
  type WorldOptions,
} from '../../support/world.js';
import { checkAnswers } from '../checkout/answers.js';

export const shops = ['toss', 'portone-v2', 'portone-v1'] as const;
export type ShopName = (typeof shops)[number];

/** Whose records show a refund that was taken on and came to nothing. V1's show nothing of it. */
export const showFailedRefunds = shops.filter((name) => name !== 'portone-v1');

/** What each answers a refund with: a plain no, and one to our keys. V1 tells a no by a code in HTTP 200, and asks for a new token once. */
export const noes = {
  toss: { no: { code: 'NOT_CANCELABLE_PAYMENT', status: 403 }, keys: { code: 'UNAUTHORIZED_KEY', status: 401 } },
  'portone-v2': { no: { code: 'MAX_CANCEL_COUNT_REACHED', status: 403 }, keys: { code: 'UNAUTHORIZED', status: 401 } },
  'portone-v1': { no: { code: '1' }, keys: { code: '-1', status: 401, times: 2 } },
} as const satisfies Record<ShopName, object>;

/** One merchant with one provider, whose refunds are tested over HTTP. */
export interface Shop {
  readonly world: World;
  readonly clock: TestClock;
  readonly spy: Spy;
  /** Opens a session of 9,000 KRW, or whatever `body` says. */
  open(body?: object): Promise<Shopper>;
  /** The shopper agrees, and comes back. */
  pay(shopper: Shopper, how?: object): Promise<void>;
  /** A session, paid by card. */
  paid(body?: object): Promise<Shopper>;
  /** A session whose account was issued. */
  issued(): Promise<Shopper>;
  /** Somebody pays into the account. */
  deposit(orderId: string): Promise<void>;
  /** A session, paid into its account. */
  deposited(): Promise<Shopper>;
  /** `POST /payments/{id}/cancel` of the merchant's backend. */
  refund(shopper: { id: string }, body?: object, key?: string, url?: string): Promise<Answer<Said<RefundView>>>;
  backend<T = RefundView>(method: string, path: string, body?: unknown, more?: Call): Promise<Answer<Said<T>>>;
  payment(id: string): Promise<PaymentView>;
  /** Somebody gives money back in the provider's console. */
  console(shopper: { orderId: string }, amount?: number): Promise<void>;
  /** Decides a refund that the provider only took on. */
  settleCancel(shopper: { orderId: string }, to?: 'done' | 'failed'): Promise<void>;
  arm(fault: object): Promise<void>;
  /** Moves the clock and does what is due. */
  later(ms?: number): Promise<void>;
  /** What went back, by the provider's books. */
  back(shopper: { id: string }): number[];
  /** Types of the events of a payment, in order. */
  told(shopper: { id: string }): Promise<string[]>;
  /** Lets everything end, and compares the books. */
  agree(): Promise<void>;
  /** A second server on the same store. */
  otherServer(options?: WorldOptions): Promise<World>;
  /** Done after each test by itself. */
  close(): Promise<void>;
}

const shopsOpen = new Set<Shop>();
afterEach(async () => {
  for (const shop of shopsOpen) await shop.close();
});

export const newKey = (): string => crypto.randomUUID().replaceAll('-', '');

const store = { storeId: 'store-blog', apiSecret: 'an-api-secret-of-the-blog-0123456789' };

const v2Channel = (sandboxUrl: string): PortOneV2Channel => ({
  id: 'portone',
  provider: 'portone-v2',
  environment: 'test',
  approval: 'automatic',
  currencies: ['KRW', 'USD'],
  methods,
  apiBase: `${sandboxUrl}/portone-v2`,
  script: `${sandboxUrl}/portone-v2/v2/browser-sdk.js`,
  ...store,
  channelKey: 'channel-key-blog',
  webhookSecrets: [],
});

async function v1Channels(sandboxUrl: string): Promise<PortOneV1Channel[]> {
  const channel = await v1Channel(sandboxUrl);
  return [
    channel,
    {
      ...{ ...channel, id: 'portone-v1-paypal', channelKey: 'channel-key-blog-paypal' },
      ...{ methods: ['paypal'], currencies: ['USD'] },
    },
  ];
}

/** How each provider's console calls an order. */
const orderNames: Readonly<Record<ShopName, string>> = {
  toss: 'orderId',
  'portone-v2': 'paymentId',
  'portone-v1': 'merchant_uid',
};

export async function createShop(name: ShopName, options: WorldOptions = {}): Promise<Shop> {
  const clock = options.clock ?? testClock();
  const open: (() => Promise<unknown>)[] = [];
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  open.push(close);
  const spy = createSpy();
  const v2 = name === 'portone-v2';
  const v1 = name === 'portone-v1';
  if (v2) {
    const channels = [{ key: 'channel-key-blog', type: 'TEST', approval: 'automatic' }];
    await control({ sandboxUrl }, 'portone-v2/stores', { ...store, channels });
  }
  const base: WorldOptions = {
    clock,
    sandbox,
    sandboxUrl,
    channel: { currencies: ['KRW', 'USD'] },
    wrapProviders: spy.wrapProviders,
    answerWithinMs: 1_500,
    ...options,
    blog: {
      ...(v2 && { channels: [v2Channel(sandboxUrl)] }),
      ...(v1 && { channels: await v1Channels(sandboxUrl) }),
      ...options.blog,
    },
  };
  const world = await createWorld(base);
  open.push(() => world.close());
  const restore = await checkAnswers(world);
  open.push(async () => restore());

  const shop: Shop = {
    world,
    clock,
    spy,
    open: (body) => openSession(world, body),
    async pay(shopper, how = {}) {
      if (v1) {
        const { attempt } = shopper.session;
        const { amount, ...more } = how as { amount?: number };
        const other = amount === undefined ? {} : { amount };
        await payInV1(world, shopper, { method: attempt?.method ?? 'card', ...more, ...other });
        await shopper.verify();
        return;
      }
      if (v2) {
        const { amount, currency, attempt } = shopper.session;
        const method = attempt?.method ?? 'card';
        const request = { storeId: 'store-blog', channelKey: 'channel-key-blog', paymentId: shopper.orderId };
        await control(world, 'portone-v2/pay', { ...request, amount, currency, method, ...how });
        await shopper.verify();
        return;
      }
      const { amount, currency, attempt } = shopper.session;
      const method = attempt?.method ?? 'card';
      const value = currency === 'USD' ? amount / 100 : amount;
      const { paymentKey, orderId } = await shopper.agree({ amount: { value, currency }, method, ...how });
      await shopper.verify({ paymentKey, orderId });
    },
    async paid(body) {
      const shopper = await shop.open(body);
      await shop.pay(shopper);
      expect((await world.payment(shopper.id)).status).toBe('paid');
      return shopper;
    },
    async issued() {
      const shopper = await shop.open({ prepare: { method: 'virtual_account' } });
      await shop.pay(shopper);
      expect((await world.payment(shopper.id)).status).toBe('pending');
      return shopper;
    },
    deposit: (orderId) => control(world, `${name}/deposit`, { [orderNames[name]]: orderId }),
    async deposited() {
      const shopper = await shop.issued();
      await shop.deposit(shopper.orderId);
      clock.advance(3 * second);
      await shopper.verify();
      expect((await world.payment(shopper.id)).status).toBe('paid');
      return shopper;
    },
    refund: (shopper, body = {}, key = newKey(), url = world.url) =>
      api<RefundView>(url, 'POST', `/payments/${shopper.id}/cancel`, {
        token: blog.secretKey,
        body,
        headers: { 'idempotency-key': key },
      }),
    backend: (method, path, body, more = {}) =>
      api(world.url, method, path, { token: blog.secretKey, ...(body !== undefined && { body }), ...more }),
    async payment(id) {
      const { status, body } = await shop.backend<PaymentView>('GET', `/payments/${id}`);
      expect(status).toBe(200);
      return body;
    },
    async console({ orderId }, amount) {
      await control(world, `${name}/cancel`, { [orderNames[name]]: orderId, ...(amount !== undefined && { amount }) });
    },
    async settleCancel({ orderId }, to = 'done') {
      await control(world, `${name}/cancel/settle`, { [orderNames[name]]: orderId, to });
    },
    arm: (fault) => control(world, 'faults', fault),
    async later(ms = minute) {
      clock.advance(ms);
      await world.runDry();
    },
    back: ({ id }) =>
      world.sandbox.bank
        .books()
        .cancellations.filter(({ orderId }) => orderId.startsWith(`${id}_`))
        .map(({ amount }) => amount),
    async told({ id }) {
      await world.runDry();
      return (await eventsOf(world, await world.payment(id))).map(({ type }) => type);
    },
    async agree() {
      for (const ms of [0, minute, 61 * minute, 61 * minute]) await shop.later(ms);
      const all = await allPayments(world);
      const wrong = disagreements(all, world.sandbox.bank.books()).filter((one) => !one.includes('still due'));
      expect([...wrong, ...(await mistold(world, all))]).toEqual([]);
    },
    async otherServer(more = {}) {
      const second = await createWorld({ ...base, store: world.store, ...more });
      open.push(() => second.close());
      return second;
    },
    async close() {
      shopsOpen.delete(shop);
      for (const close of open.splice(0).reverse()) await close();
    },
  };
  shopsOpen.add(shop);
  return shop;
}

export const problem = (status: number, code: string, detail?: RegExp) => ({
  status,
  body: expect.objectContaining({ code, ...(detail && { detail: expect.stringMatching(detail) }) }),
});
