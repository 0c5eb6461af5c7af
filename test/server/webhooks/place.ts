import { Webhook } from 'standardwebhooks';
import { afterEach, expect } from 'vitest';
import type { ProviderWebhookView } from '../../../contract/index.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import type { PortOneV2Channel } from '../../../server/providers/provider.js';
import { providerWebhooks } from '../../../server/webhooks/entry.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { v1Channel } from '../../support/portone-v1.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { api, blog, channel, createWorld, testClock, type World, type WorldOptions } from '../../support/world.js';

/** A server and the sandbox, whose providers know where to send their webhooks. */
export interface Place {
  readonly world: World;
  readonly spy: Spy;
  readonly url: (provider: string, merchant?: string) => string;
  /** Sends what the providers have to send by now, and waits until it was taken or refused. */
  delivered(): Promise<void>;
  /** Sends it, and does all the work that is due. */
  told(): Promise<void>;
  control(path: string, body?: object): Promise<any>;
  /** How the deliveries of one order went, oldest first: `event status…`. */
  log(orderId?: string): Promise<string[]>;
  listed(query?: string): Promise<ProviderWebhookView[]>;
  /** Everything the inbox holds, as stored. */
  stored(): Promise<readonly object[]>;
  /** Our books and the provider's, and what the merchant was told. */
  agree(): Promise<void>;
}

export const storeOf = (name: string) => ({
  storeId: `store-${name}`,
  apiSecret: `an-api-secret-of-${name}-0123456789`,
  webhookSecret: `whsec_${Buffer.from(`webhook-secret-of-${name}`).toString('base64')}`,
});

export const v2Channel = (
  sandboxUrl: string,
  name = 'blog',
  more: Partial<PortOneV2Channel> = {},
): PortOneV2Channel => {
  const { webhookSecret, ...store } = storeOf(name);
  return {
    id: `portone-${name}`,
    provider: 'portone-v2',
    environment: 'test',
    approval: 'automatic',
    currencies: ['KRW'],
    apiBase: `${sandboxUrl}/portone-v2`,
    script: `${sandboxUrl}/portone-v2/v2/browser-sdk.js`,
    ...store,
    channelKey: `channel-key-${name}`,
    webhookSecrets: [webhookSecret],
    ...more,
  };
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

export interface PlaceOptions extends Omit<WorldOptions, 'clock' | 'sandbox' | 'sandboxUrl' | 'blog'> {
  /** The stores of the merchant at PortOne; none: it has Toss. */
  readonly stores?: readonly string[];
  /** It has Toss besides. */
  readonly toss?: boolean;
  /** It has an account at PortOne V1, which knows nothing of our address: each launch names it. */
  readonly v1?: boolean;
  readonly v2?: Partial<PortOneV2Channel> | ((store: string) => Partial<PortOneV2Channel>);
}

export async function place({
  stores = [],
  v1 = false,
  toss = stores.length === 0 && !v1,
  v2 = {},
  ...options
}: PlaceOptions = {}): Promise<Place> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  open.push(close);
  const spy = createSpy();
  const moreOf = (name: string) => (typeof v2 === 'function' ? v2(name) : v2);
  const channels = [
    ...stores.map((name) => v2Channel(sandboxUrl, name, moreOf(name))),
    ...(v1 ? [await v1Channel(sandboxUrl)] : []),
    ...(toss ? [channel(`${sandboxUrl}/toss`)] : []),
  ];
  const wrapProviders: NonNullable<WorldOptions['wrapProviders']> = (providers) =>
    spy.wrapProviders(options.wrapProviders?.(providers) ?? providers);
  const world = await createWorld({ ...options, clock, sandbox, sandboxUrl, wrapProviders, blog: { channels } });
  open.push(() => world.close());
  const url: Place['url'] = (provider, merchant = 'blog') => `${world.url}/api/v1/webhooks/${provider}/${merchant}`;
  for (const name of stores) {
    const approval = moreOf(name).approval ?? 'automatic';
    await control(world, 'portone-v2/stores', {
      ...storeOf(name),
      webhookUrl: url('portone-v2'),
      channels: [{ key: `channel-key-${name}`, type: 'TEST', approval }],
    });
  }
  await control(world, 'toss/webhook', { clientKey: 'test_ck_blog', url: url('toss') });
  const delivered = async () => {
    await sandbox.webhooks.run();
  };
  return {
    world,
    spy,
    url,
    delivered,
    async told() {
      await delivered();
      await world.runDry();
    },
    control: (path, body) => control(world, path, body),
    async log(orderId) {
      return sandbox.webhooks
        .log()
        .filter((one) => orderId === undefined || one.orderId === orderId)
        .map(({ event, attempts }) => `${event} ${attempts.map(({ status, error }) => status ?? error).join(' ')}`);
    },
    async listed(query = '') {
      const { status, body } = await api<{ data: ProviderWebhookView[] }>(
        world.url,
        'GET',
        `/provider-webhooks${query}`,
        {
          token: blog.secretKey,
        },
      );
      expect(status).toBe(200);
      return body.data;
    },
    async stored() {
      const { docs } = await world.store.collection(providerWebhooks).find({ index: 'due', limit: 1_000 });
      return docs;
    },
    async agree() {
      const all = await allPayments(world);
      expect([...disagreements(all, sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
    },
  };
}

/** What the shopper does in PortOne's window; the provider charges at once where the channel's approval is automatic. */
export const payV2 = (here: Place, shopper: Shopper, how: object = {}, name = 'blog') =>
  here.control('portone-v2/pay', {
    storeId: `store-${name}`,
    channelKey: `channel-key-${name}`,
    paymentId: shopper.orderId,
    amount: shopper.session.amount,
    currency: 'KRW',
    method: 'card',
    ...how,
  });

/** A session whose account was issued: the shopper came back once. */
export async function issued(here: Place, pay: (shopper: Shopper) => Promise<object>): Promise<Shopper> {
  const shopper = await openSession(here.world, { prepare: { method: 'virtual_account' } });
  await shopper.verify({ ...(await pay(shopper)) });
  expect((await shopper.read()).status).toBe('pending');
  return shopper;
}

export async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as { code?: string; received?: boolean; detail?: string },
  };
}

/** As the Standard Webhooks library signs it, with the wall's time. */
export function signed(raw: string, { name = 'blog', id = 'msg_1', at = Date.now() } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': new Webhook(storeOf(name).webhookSecret).sign(id, new Date(at), raw),
  };
}

export const v2Body = (
  paymentId: string,
  { type = 'Transaction.Paid', storeId = 'store-blog', transactionId = 'tx', ...more } = {},
) =>
  JSON.stringify({
    type,
    timestamp: new Date().toISOString(),
    data: { storeId, paymentId, transactionId },
    ...more,
  });

export const tossBody = (orderId: string, more: object = {}) =>
  JSON.stringify({
    eventType: 'PAYMENT_STATUS_CHANGED',
    createdAt: '2026-03-02T12:00:00.000000',
    data: { orderId, paymentKey: 'key', status: 'DONE', totalAmount: 1, ...more },
  });

export const depositBody = (orderId: string, more: object = {}) =>
  JSON.stringify({ createdAt: 'x', status: 'DONE', transactionKey: 'K', orderId, secret: 'ps_forged', ...more });
