import { afterEach, expect, test } from 'vitest';
import type {
  OpenedSession,
  PaymentView,
  PortOneV1Launch,
  PortOneV2Launch,
  RefundView,
} from '../../../contract/index.js';
import { demoAccount } from '../../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { readConfig } from '../../../server/config.js';
import { minute, second } from '../../../server/ops/clock.js';
import type { Channel, PortOneV1Channel, PortOneV2Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { control } from '../../support/shopper.js';
import {
  type Answer,
  api,
  blog,
  createWorld,
  type Said,
  storeFile,
  testClock,
  type World,
} from '../../support/world.js';

// The steps of docs/providers/moving-from-v1-to-v2.md, taken for real.

const methods = ['card', 'virtual_account'] as const;
const base = { environment: 'test', approval: 'automatic', currencies: ['KRW'], methods } as const;
const store = { storeId: 'store-blog', apiSecret: 'an-api-secret-of-the-blog-0123456789' };

const v1At = (sandboxUrl: string): PortOneV1Channel => ({
  ...{ ...base, id: 'portone-v1', provider: 'portone-v1' },
  apiBase: `${sandboxUrl}/portone-v1`,
  script: `${sandboxUrl}/portone-v1/v1/iamport.js`,
  ...{ userCode: demoAccount.userCode, apiKey: demoAccount.apiKey, apiSecret: demoAccount.apiSecret },
  channelKey: 'channel-key-v1-demo-card',
});
const v2At = (sandboxUrl: string): PortOneV2Channel => ({
  ...{ ...base, id: 'portone', provider: 'portone-v2', ...store, channelKey: 'channel-key-blog', webhookSecrets: [] },
  apiBase: `${sandboxUrl}/portone-v2`,
  script: `${sandboxUrl}/portone-v2/v2/browser-sdk.js`,
});

const variablesOfAll = {
  PUBLIC_URL: 'https://pay.example',
  APP_SECRET: 'an-app-secret-of-at-least-32-bytes-01',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  PUBLISHABLE_KEY: 'pk_main_0123456789',
  SECRET_KEY: 'sk_main_0123456789abcdefghijklmnop',
  MERCHANT_NAME: '오름 아이템 상점',
  ORIGINS: 'https://shop.example',
  PORTONE_TEST: 'true',
};
const variablesOfV1 = { PORTONE_USER_CODE: demoAccount.userCode, PORTONE_API_KEY: demoAccount.apiKey };
const variablesOfV2 = {
  PORTONE_STORE_ID: store.storeId,
  PORTONE_WEBHOOK_SECRET: `whsec_${Buffer.from('a-webhook-secret-of-the-blog').toString('base64')}`,
};

type Session = OpenedSession & { launch: PortOneV1Launch | PortOneV2Launch };
type Version = 'v1' | 'v2' | 'v2 with a wrong secret';

/** A shop whose server is started again and again with other channels, on one store. */
interface Shop {
  /** Stops the server, and starts one with these channels, in this order. */
  configure(...versions: Version[]): Promise<void>;
  /** The same, as environment variables say it. */
  setUp(variables: Record<string, string>): Promise<void>;
  open(method?: (typeof methods)[number]): Promise<Session>;
  prepare(session: Session): Promise<Session>;
  /** The page says that its window is open. */
  launched(session: Session): Promise<void>;
  /** The shopper pays in the window of that launch, and nobody hears of it yet. */
  pay(session: Session): Promise<void>;
  /** The page comes back. */
  verify(session: Session, hint?: object): Promise<Answer<Said<Session>>>;
  paid(): Promise<Session>;
  issued(): Promise<Session>;
  deposit(session: Session): Promise<void>;
  /** V1's webhook, as V1 sends it. */
  webhook(session: Session, status: string): Promise<number>;
  refund(session: Session, body?: object, key?: string): Promise<Answer<Said<RefundView>>>;
  payment(session: Session): Promise<PaymentView>;
  later(ms: number): Promise<void>;
  /** Which of the provider's books have charges and cancellations of a payment: `portone-v1 +9000 -3000`. */
  books(session: Session): string;
  /** Ours and the providers' books agree. */
  agree(): Promise<void>;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function shopOn(...versions: Version[]): Promise<Shop> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  closing.push(close);
  const kept = storeFile('moving');
  closing.push(() => kept.remove());
  const channels = [{ key: 'channel-key-blog', type: 'TEST', approval: 'automatic' }];
  await control({ sandboxUrl }, 'portone-v2/stores', { ...store, channels });
  let world: World | undefined;
  closing.push(() => world?.close());
  const here = () => world as World;
  const secretOf = new Map<string, string>();
  const call = <T>(method: string, path: string, token: string, body?: object, headers = {}) =>
    api<T>(here().url, method, path, { token, headers, ...(body && { body }) });

  const start = async (made: readonly Channel[]) => {
    await world?.close();
    world = await createWorld({ clock, sandbox, sandboxUrl, file: kept.file, blog: { channels: made } });
  };

  const shop: Shop = {
    async configure(...order) {
      const made = order.map((version): Channel => {
        if (version === 'v1') return v1At(sandboxUrl);
        const v2 = v2At(sandboxUrl);
        return version === 'v2' ? v2 : { ...v2, apiSecret: 'the-secret-of-another-store-0123456789' };
      });
      await start(made);
    },
    async setUp(variables) {
      const places = {
        PORTONE_V1_API_BASE: `${sandboxUrl}/portone-v1`,
        PORTONE_V2_API_BASE: `${sandboxUrl}/portone-v2`,
      };
      const { merchants } = readConfig({ ...variablesOfAll, ...places, ...variables });
      await start(merchants.byId('main')?.channels ?? []);
    },
    async open(method = 'card') {
      const items = [{ item: 'coffee', quantity: 2 }];
      const body = { items, returnUrls: { page: blog.page }, prepare: { method } };
      const { status, body: session } = await call<Session>('POST', '/payments/sessions', blog.secretKey, body);
      expect(status).toBe(201);
      secretOf.set(session.id, session.clientSecret as string);
      return session;
    },
    async prepare({ id }) {
      const body = { method: 'card' };
      const answer = await call<Session>('POST', `/payments/sessions/${id}/prepare`, secretOf.get(id) as string, body);
      expect(answer.status).toBe(200);
      return answer.body;
    },
    async launched({ id, attempt }) {
      const body = { attempt: attempt?.no };
      const answer = await call('POST', `/payments/sessions/${id}/launched`, secretOf.get(id) as string, body);
      expect(answer.status).toBeLessThan(300);
    },
    async pay({ launch }) {
      if (launch.provider === 'portone-v1') {
        await control(here(), 'portone-v1/pay', { userCode: launch.userCode, ...launch.request });
      } else {
        const { storeId, channelKey, paymentId, totalAmount: amount } = launch.request;
        await control(here(), 'portone-v2/pay', { storeId, channelKey, paymentId, amount });
      }
    },
    verify: ({ id }, hint = {}) =>
      call('POST', '/payments/verify', secretOf.get(id) as string, { session: id, ...hint }),
    async paid() {
      const session = await shop.open();
      await shop.pay(session);
      expect((await shop.verify(session)).body.status).toBe('paid');
      return session;
    },
    async issued() {
      const session = await shop.open('virtual_account');
      await shop.pay(session);
      expect((await shop.verify(session)).body).toMatchObject({
        status: 'pending',
        account: { bank: expect.any(String) },
      });
      return session;
    },
    deposit: ({ attempt }) => control(here(), 'portone-v1/deposit', { merchant_uid: attempt?.orderId }),
    async webhook({ attempt }, status) {
      const body = { imp_uid: 'imp_anything', merchant_uid: attempt?.orderId, status };
      return (await call('POST', '/webhooks/portone-v1/blog', '', body)).status;
    },
    refund: ({ payment }, body = {}, key = crypto.randomUUID()) =>
      call('POST', `/payments/${payment}/cancel`, blog.secretKey, body, { 'idempotency-key': key }),
    payment: async ({ payment }) => (await call<PaymentView>('GET', `/payments/${payment}`, blog.secretKey)).body,
    async later(ms) {
      clock.advance(ms);
      await here().runDry();
    },
    books({ payment }) {
      const { charges, deposits, cancellations } = sandbox.bank.books();
      const ofIt = <T extends { orderId: string }>(all: readonly T[]) =>
        all.filter(({ orderId }) => orderId.startsWith(`${payment}_`));
      const lines = [
        ...ofIt([...charges, ...deposits]).map(({ provider, amount }) => `${provider} +${amount}`),
        ...ofIt(cancellations).map(({ provider, amount }) => `${provider} -${amount}`),
      ];
      return lines.join(', ');
    },
    async agree() {
      for (const ms of [0, minute, 61 * minute]) await shop.later(ms);
      const all = await allPayments(here());
      const wrong = disagreements(all, sandbox.bank.books()).filter((one) => !one.includes('still due'));
      expect([...wrong, ...(await mistold(here(), all))]).toEqual([]);
    },
  };
  if (versions.length > 0) await shop.configure(...versions);
  return shop;
}

test('with V2 before V1, what is new goes to V2, and the page needs no change for it', async () => {
  const shop = await shopOn('v1');
  const before = await shop.paid();
  await shop.configure('v2', 'v1');
  const after = await shop.paid();
  expect([before.launch.provider, after.launch.provider]).toEqual(['portone-v1', 'portone-v2']);
  expect([shop.books(before), shop.books(after)]).toEqual(['portone-v1 +9000', 'portone-v2 +9000']);
  await shop.agree();
});

test('a payment of before goes back through V1, in parts and in full', async () => {
  const shop = await shopOn('v1');
  const session = await shop.paid();
  await shop.configure('v2', 'v1');
  const part = await shop.refund(session, { amount: 3_000 });
  expect([part.status, part.body.state]).toEqual([200, 'done']);
  await shop.later(2 * second);
  await shop.refund(session, { amount: 7_000 });
  expect((await shop.payment(session)).status).toBe('partially_refunded');
  expect((await shop.refund(session)).status).toBeLessThan(300);
  await shop.later(2 * second);
  expect((await shop.payment(session)).status).toBe('refunded');
  expect(shop.books(session)).toBe('portone-v1 +9000, portone-v1 -3000, portone-v1 -6000');
  await shop.agree();
});

test('an account of before can still be paid into: by V1’s webhook, and without any', async () => {
  const shop = await shopOn('v1');
  const [told, silent] = [await shop.issued(), await shop.issued()];
  await shop.configure('v2', 'v1');
  await shop.deposit(told);
  await shop.later(3 * second);
  expect(await shop.webhook(told, 'paid')).toBe(200);
  await shop.later(3 * second);
  expect((await shop.payment(told)).status).toBe('paid');
  await shop.deposit(silent);
  await shop.later(61 * minute);
  expect((await shop.payment(silent)).status).toBe('paid');
  const refund = await shop.refund(told, { account: { bank: 'KAKAO', number: '3333011234567', holder: '김하나' } });
  await shop.later(minute);
  expect([refund.status, shop.books(told)]).toEqual([200, 'portone-v1 +9000, portone-v1 -9000']);
  await shop.agree();
});

test('a window that was open meanwhile is paid at V1: by whoever comes back, and by whoever does not', async () => {
  const shop = await shopOn('v1');
  const [back, gone] = [await shop.open(), await shop.open()];
  await shop.configure('v2', 'v1');
  for (const session of [back, gone]) await shop.pay(session);
  const hint = { orderId: back.attempt?.orderId };
  expect((await shop.verify(back, hint)).body.status).toBe('paid');
  expect(await shop.webhook(gone, 'paid')).toBe(200);
  await shop.later(3 * second);
  expect((await shop.payment(gone)).status).toBe('paid');
  expect([shop.books(back), shop.books(gone)]).toEqual(['portone-v1 +9000', 'portone-v1 +9000']);
  await shop.agree();
});

test('a session of before that is tried once more opens V2; if both windows are paid, one goes back', async () => {
  const shop = await shopOn('v1');
  const before = await shop.open();
  await shop.configure('v2', 'v1');
  const after = await shop.prepare(before);
  expect([after.launch.provider, after.attempt?.no]).toEqual(['portone-v2', 2]);
  await shop.pay(after);
  expect((await shop.verify(after)).body.status).toBe('paid');
  await shop.pay(before);
  expect(await shop.webhook(before, 'paid')).toBe(200);
  for (let round = 0; round < 3; round += 1) await shop.later(minute);
  expect(shop.books(before).split(', ').sort()).toEqual(['portone-v1 +9000', 'portone-v1 -9000', 'portone-v2 +9000']);
  expect((await shop.payment(before)).status).toBe('paid');
  await shop.agree();
});

test('while a window of V1’s is open, the same session opens V1 once more', async () => {
  const shop = await shopOn('v1');
  const before = await shop.open();
  await shop.launched(before);
  await shop.configure('v2', 'v1');
  const again = await shop.prepare(before);
  expect(again.launch.provider).toBe('portone-v1');
  await shop.pay(again);
  expect((await shop.verify(again)).body.status).toBe('paid');
  expect(shop.books(before)).toBe('portone-v1 +9000');
  await shop.agree();
});

test('the way back is the other order: V1 takes what is new, and V2’s payments go back through V2', async () => {
  const shop = await shopOn('v2', 'v1');
  const session = await shop.paid();
  await shop.configure('v1', 'v2');
  expect((await shop.paid()).launch.provider).toBe('portone-v1');
  expect((await shop.refund(session)).body.state).toBe('done');
  expect(shop.books(session)).toBe('portone-v2 +9000, portone-v2 -9000');
  await shop.agree();
});

test('V1 taken out too early loses nothing: its refund waits, is shown, and goes out when V1 is back', async () => {
  const shop = await shopOn('v1');
  const session = await shop.paid();
  const account = await shop.issued();
  await shop.configure('v2');
  const key = crypto.randomUUID();
  const early = await shop.refund(session, {}, key);
  expect(early).toMatchObject({ status: 202, body: { state: 'requested', blocked: 'misconfigured' } });
  await shop.deposit(account);
  await shop.later(61 * minute);
  expect((await shop.payment(account)).status).toBe('pending');
  expect((await shop.payment(session)).attention).toEqual(expect.anything());
  expect(shop.books(session)).toBe('portone-v1 +9000');
  await shop.configure('v2', 'v1');
  for (let round = 0; round < 3; round += 1) await shop.later(61 * minute);
  expect((await shop.refund(session, {}, key)).body.state).toBe('done');
  expect([(await shop.payment(session)).status, (await shop.payment(account)).status]).toEqual(['refunded', 'paid']);
  await shop.agree();
});

test('by variables alone: V2’s beside V1’s take over, one method first, and what was paid before still goes back', async () => {
  const shop = await shopOn();
  const secrets = { PORTONE_V1_API_SECRET: demoAccount.apiSecret, PORTONE_V2_API_SECRET: store.apiSecret };
  const keys = { PORTONE_V1_CHANNEL_KEY: 'channel-key-v1-demo-card', PORTONE_V2_CHANNEL_KEY: 'channel-key-blog' };
  const both = { ...variablesOfV1, ...variablesOfV2, ...secrets, ...keys };
  await shop.setUp({
    ...variablesOfV1,
    ...{ PORTONE_API_SECRET: demoAccount.apiSecret, PORTONE_CHANNEL_KEY: 'channel-key-v1-demo-card' },
  });
  const before = await shop.paid();
  await shop.setUp({ ...both, PORTONE_V2_METHODS: 'card' });
  const [card, account] = [await shop.paid(), await shop.open('virtual_account')];
  expect([card, account].map(({ launch }) => launch.provider)).toEqual(['portone-v2', 'portone-v1']);
  expect((await shop.refund(before)).body.state).toBe('done');
  await shop.setUp({ ...both, PORTONE_V2_METHODS: 'virtual_account' });
  expect((await shop.paid()).launch.provider).toBe('portone-v1');
  expect((await shop.refund(card)).body.state).toBe('done');
  await shop.agree();
});

test('a V2 that is not set up right yet costs no sale: V1 opens instead', async () => {
  const shop = await shopOn('v1');
  await shop.configure('v2 with a wrong secret', 'v1');
  const session = await shop.paid();
  expect([session.launch.provider, shop.books(session)]).toEqual(['portone-v1', 'portone-v1 +9000']);
  await shop.agree();
});
