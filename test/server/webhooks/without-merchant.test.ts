import { afterEach, describe, expect, test } from 'vitest';
import type { OpenedSession, PortOneV1Launch, ProviderWebhookView } from '../../../contract/index.js';
import { demoAccount } from '../../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import type { PortOneV1Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { control } from '../../support/shopper.js';
import {
  api,
  blog,
  channel,
  createWorld,
  other,
  testClock,
  type World,
  type WorldOptions,
} from '../../support/world.js';
import { post } from './place.js';

/** The address that shops on PortOne V1 had before: it names no merchant. */

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Id = 'blog' | 'other';
const merchants = { blog, other };

async function serverWith(having: readonly Id[], more: WorldOptions = {}): Promise<World> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  open.push(close);
  const v1: PortOneV1Channel = {
    ...{ id: 'portone-v1', provider: 'portone-v1', environment: 'test', approval: 'automatic', currencies: ['KRW'] },
    apiBase: `${sandboxUrl}/portone-v1`,
    script: `${sandboxUrl}/portone-v1/v1/iamport.js`,
    ...{ userCode: demoAccount.userCode, apiKey: demoAccount.apiKey, apiSecret: demoAccount.apiSecret },
    channelKey: 'channel-key-v1-demo-card',
  };
  const toss = channel(`${sandboxUrl}/toss`);
  const channels = (id: Id) => (having.includes(id) ? [v1] : [{ ...toss, clientKey: `test_ck_${id}` }]);
  const world = await createWorld({
    ...{ clock, sandbox, sandboxUrl, oversight: false },
    blog: { channels: channels('blog') },
    other: { channels: channels('other') },
    ...more,
  });
  open.push(() => world.close());
  return world;
}

const nobodys = { imp_uid: 'imp_123456789012', merchant_uid: 'order-of-nobody', status: 'paid' };
const send = (world: World, body: string | object = nobodys, headers = {}) =>
  post(`${world.url}/api/v1/payments/webhook`, typeof body === 'string' ? body : JSON.stringify(body), headers);
const heard = async (world: World, id: Id) =>
  (
    await api<{ data: ProviderWebhookView[] }>(world.url, 'GET', '/provider-webhooks', {
      token: merchants[id].secretKey,
    })
  ).body.data;

const opened = async (world: World, id: Id = 'blog') => {
  const { publishableKey: token, origin } = merchants[id];
  const body = { items: [{ item: 'coffee' }], prepare: { method: 'card' } };
  const { status, body: session } = await api<OpenedSession>(world.url, 'POST', '/payments/sessions', {
    token,
    origin,
    body,
  });
  expect(status).toBe(201);
  return session;
};
/** Without the webhook that the launch asks for: the ones of a test are all there are. */
const pay = ({ launch }: OpenedSession, world: World) => {
  const { userCode, request } = launch as PortOneV1Launch;
  const { notice_url: _ours, ...paid } = request;
  return control(world, 'portone-v1/pay', { userCode, ...paid });
};
const statusOf = async (world: World, { payment }: OpenedSession) => (await world.payment(payment)).status;
const agree = async (world: World) => {
  const all = await allPayments(world);
  const wrong = disagreements(all, world.sandbox.bank.books()).filter((one) => !one.includes('still due'));
  expect([...wrong, ...(await mistold(world, all))]).toEqual([]);
};

describe('a webhook of PortOne V1 at the address without a merchant', () => {
  test.each([
    ['JSON', (body: Record<string, string>) => JSON.stringify(body), 'application/json'],
    [
      'a form',
      (body: Record<string, string>) => String(new URLSearchParams(body)),
      'application/x-www-form-urlencoded',
    ],
  ])('as %s: the payment of a shopper who never came back is found', async (_what, written, type) => {
    const world = await serverWith(['blog']);
    const session = await opened(world);
    await pay(session, world);
    const body = written({ ...nobodys, merchant_uid: session.attempt?.orderId as string });
    expect(await send(world, body, { 'content-type': type })).toEqual({ status: 200, body: { received: true } });
    await world.runDry();
    expect(await statusOf(world, session)).toBe('paid');
    expect(await heard(world, 'blog')).toMatchObject([{ signed: false, state: 'processed', payment: session.payment }]);
    await agree(world);
  });

  test('is the same inbox as the address with a merchant: of both, one waits', async () => {
    const world = await serverWith(['blog']);
    const session = await opened(world);
    await pay(session, world);
    const body = { ...nobodys, merchant_uid: session.attempt?.orderId };
    await Promise.all([
      send(world, body),
      post(`${world.url}/api/v1/webhooks/portone-v1/blog`, JSON.stringify(body)),
      send(world, body),
    ]);
    expect(await heard(world, 'blog')).toHaveLength(1);
    await world.runDry();
    expect(await statusOf(world, session)).toBe('paid');
    await agree(world);
  });

  test('goes to the only merchant with PortOne V1', async () => {
    const world = await serverWith(['other']);
    expect((await send(world)).status).toBe(200);
    expect([await heard(world, 'blog'), await heard(world, 'other')]).toMatchObject([
      [],
      [{ provider: 'portone-v1', state: 'unknown_order' }],
    ]);
  });

  test('goes to the default merchant, where several have it', async () => {
    const world = await serverWith(['blog', 'other'], { defaultMerchant: 'other' });
    const session = await opened(world, 'other');
    await pay(session, world);
    expect((await send(world, { ...nobodys, merchant_uid: session.attempt?.orderId })).status).toBe(200);
    await world.runDry();
    expect([await heard(world, 'blog'), await statusOf(world, session)]).toEqual([[], 'paid']);
  });

  test('goes nowhere where several have it and none is the default: the answer says what to set', async () => {
    const world = await serverWith(['blog', 'other']);
    expect(await send(world)).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: expect.stringContaining('set DEFAULT_MERCHANT, or register') },
    });
    expect([await heard(world, 'blog'), await heard(world, 'other')]).toEqual([[], []]);
  });

  test('goes nowhere where nobody has it', async () => {
    const world = await serverWith([]);
    expect(await send(world)).toMatchObject({ status: 404, body: { detail: expect.stringContaining('No merchant') } });
  });
});

describe('a forged one', () => {
  test('of an order that nobody paid pays nothing', async () => {
    const world = await serverWith(['blog']);
    const session = await opened(world);
    const forged = { ...nobodys, merchant_uid: session.attempt?.orderId, amount: '4500' };
    expect((await send(world, forged)).status).toBe(200);
    await world.runDry();
    expect(await statusOf(world, session)).toBe('open');
    await agree(world);
  });

  test('with the imp_uid of somebody else’s payment pays nothing, and theirs stays theirs', async () => {
    const world = await serverWith(['blog']);
    const [theirs, mine] = [await opened(world), await opened(world)];
    const { imp_uid } = await pay(theirs, world);
    expect(imp_uid).toMatch(/^imp_/);
    expect((await send(world, { imp_uid, merchant_uid: mine.attempt?.orderId, status: 'paid' })).status).toBe(200);
    await world.runDry();
    expect(await statusOf(world, mine)).toBe('open');
    await send(world, { imp_uid, merchant_uid: theirs.attempt?.orderId, status: 'paid' });
    await world.runDry();
    expect(await statusOf(world, theirs)).toBe('paid');
    await agree(world);
  });

  test('of another merchant’s order is nobody’s order here', async () => {
    const world = await serverWith(['blog', 'other'], { defaultMerchant: 'other' });
    const session = await opened(world, 'blog');
    await pay(session, world);
    expect((await send(world, { ...nobodys, merchant_uid: session.attempt?.orderId })).status).toBe(200);
    expect(await heard(world, 'other')).toMatchObject([{ state: 'unknown_order' }]);
    expect(await statusOf(world, session)).toBe('open');
  });

  test.each([
    ['nothing', '', 400, 'invalid_json'],
    ['HTML', '<html><body>paid</body></html>', 400, 'invalid_json'],
    ['a list', '[1, 2]', 400, 'invalid_json'],
    ['a giant', JSON.stringify({ merchant_uid: 'x'.repeat(300_000) }), 413, 'body_too_large'],
  ])('that is %s is refused', async (_what, body, status, code) => {
    const world = await serverWith(['blog']);
    expect(await send(world, body)).toMatchObject({ status, body: { code } });
    expect(await heard(world, 'blog')).toEqual([]);
  });

  test('says “cancelled” of a paid order: nothing goes back', async () => {
    const world = await serverWith(['blog']);
    const session = await opened(world);
    await pay(session, world);
    await send(world, { ...nobodys, merchant_uid: session.attempt?.orderId });
    await world.runDry();
    await send(world, {
      ...nobodys,
      merchant_uid: session.attempt?.orderId,
      status: 'cancelled',
      cancellation_id: 'c',
    });
    await world.runDry();
    expect(await statusOf(world, session)).toBe('paid');
    await agree(world);
  });

  test('takes POST alone', async () => {
    const world = await serverWith(['blog']);
    expect((await fetch(`${world.url}/api/v1/payments/webhook`)).status).toBe(405);
  });
});
