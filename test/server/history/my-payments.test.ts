import { describe, expect, test } from 'vitest';
import type { MyPayments } from '../../../contract/index.js';
import { second } from '../../../server/ops/clock.js';
import { type Payment, payments } from '../../../server/payments/payment.js';
import type { Shopper } from '../../support/shopper.js';
import { type Answer, api, blog, createWorld, other, type Said, type World } from '../../support/world.js';
import { newKey, refused, shopperToken, useWorld } from '../checkout/harness.js';

const here = useWorld();

type Read = Answer<Said<MyPayments>>;
const list = async (world: World, sub: string, query = ''): Promise<Read> =>
  api(world.url, 'GET', `/me/payments${query}`, { token: await shopperToken(world, { sub }) });
const mine = (sub: string, query = ''): Promise<Read> => list(here.world, sub, query);

const opened = async (sub: string, method = 'card'): Promise<Shopper> =>
  here.open({ customerToken: await shopperToken(here.world, { sub }), prepare: { method } });

const paid = async (sub: string): Promise<Shopper> => {
  const shopper = await opened(sub);
  await shopper.verify({ paymentKey: (await shopper.agree()).paymentKey });
  return shopper;
};
const issued = async (sub: string): Promise<Shopper> => {
  const shopper = await opened(sub, 'virtual_account');
  const { paymentKey } = await shopper.agree({ method: 'virtual_account' });
  await shopper.verify({ paymentKey });
  return shopper;
};
const refund = (shopper: Shopper, body: object = {}) =>
  here.backend<{ id: string }>('POST', `/payments/${shopper.id}/cancel`, body, {
    headers: { 'idempotency-key': newKey() },
  });

describe('a shopper’s row', () => {
  test('says what has gone back, what is on its way, and how it stands', async () => {
    const shopper = await paid('refunds');
    await refund(shopper, { amount: 2_000 });
    const [row] = (await mine('refunds')).body.data;
    expect(row).toMatchObject({ status: 'partially_refunded', refundedAmount: 2_000, processing: false });
    expect(row?.refunds).toEqual([
      expect.objectContaining({ amount: 2_000, currency: 'KRW', state: 'done', needsAccount: false }),
    ]);
    for (const field of ['cause', 'attempt', 'reason', 'extra']) expect(row?.refunds?.[0]).not.toHaveProperty(field);
  });

  test('marks money that came beside the payment: it went back and is no part of what was refunded', async () => {
    const shopper = await paid('twice');
    const stored = await here.world.payment(shopper.id);
    const collection = here.world.store.collection(payments);
    const beside = { ...extra(stored), record: 'another-record' };
    await collection.replace({ ...stored, refunds: [...stored.refunds, beside] });
    const [row] = (await mine('twice')).body.data;
    expect(row).toMatchObject({ status: 'paid', refundedAmount: 0 });
    expect(row?.refunds).toMatchObject([{ amount: stored.amount, extra: true }]);
  });

  test('says that it is not known yet while the provider has not answered', async () => {
    const shopper = await opened('unknown');
    const { paymentKey } = await shopper.agree();
    await here.arm({ on: 'confirm', kind: 'drop' });
    await shopper.verify({ paymentKey });
    expect((await mine('unknown')).body.data).toMatchObject([{ id: shopper.id, processing: true }]);
  });
});

const extra = ({ attempts, amount }: Payment): Payment['refunds'][number] => ({
  id: 'rf_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA',
  attempt: attempts.length,
  record: 'record',
  amount,
  currency: 'KRW',
  cause: 'duplicate',
  state: 'done',
  requestedAt: here.world.clock.now(),
  try: 1,
  calls: 0,
});

describe('what was begun', () => {
  test('leaves out what was merely looked at, and nothing where money moved or may have', async () => {
    const sub = 'begun';
    const looked = await opened(sub);
    const declined = await opened(sub);
    const { paymentKey } = await declined.agree({ card: '4300000000000003' });
    await declined.verify({ paymentKey });
    here.world.clock.advance(second);
    const bought = await paid(sub);
    here.world.clock.advance(second);
    const waits = await issued(sub);
    here.world.clock.advance(second);
    const unclear = await opened(sub);
    await here.arm({ on: 'confirm', kind: 'drop' });
    await unclear.verify({ paymentKey: (await unclear.agree()).paymentKey });
    const ids = async (query: string) => (await mine(sub, query)).body.data.map(({ id }) => id);
    expect(await ids('?begun=true')).toEqual([unclear.id, waits.id, bought.id]);
    expect((await ids('')).sort()).toEqual([looked, declined, bought, waits, unclear].map(({ id }) => id).sort());
    expect(await ids('?begun=false')).toHaveLength(5);
  });

  test('keeps what was never found out, after it ended', async () => {
    const unclear = await opened('unresolved');
    const stored = await here.world.payment(unclear.id);
    const failure = { code: 'unresolved', retryable: true };
    const attempts = stored.attempts.map((attempt) => ({ ...attempt, state: 'expired' as const, failure }));
    await here.world.store.collection(payments).replace({ ...stored, attempts });
    const { body } = await mine('unresolved', '?begun=true');
    expect(body.data.map(({ id }) => id)).toEqual([unclear.id]);
  });
});

describe('waiting for news of the list', () => {
  const version = async (sub: string) => (await mine(sub, '?begun=true')).body.version;
  const wait = (sub: string, seen: string, seconds = 20) => mine(sub, `?begun=true&seen=${seen}&wait=${seconds}`);

  test('ends at once where the page shows something else already', async () => {
    await paid('wait-0');
    const { status, body } = await wait('wait-0', 'nothing');
    expect([status, body.data.length]).toEqual([200, 1]);
    expect(body.version).toBe(await version('wait-0'));
  });

  test('ends with the next write that shows', async () => {
    const shopper = await paid('wait-1');
    const seen = await version('wait-1');
    const answer = wait('wait-1', seen);
    await refund(shopper, { amount: 1_000 });
    const { body } = await answer;
    expect(body.version).not.toBe(seen);
    expect(body.data[0]?.refunds).toHaveLength(1);
  });

  test('ends with a new payment, which shows first', async () => {
    const before = await paid('wait-2');
    const seen = await version('wait-2');
    here.world.clock.advance(second);
    const answer = wait('wait-2', seen);
    const after = await paid('wait-2');
    expect((await answer).body.data.map(({ id }) => id)).toEqual([after.id, before.id]);
  });

  test('goes on over a write that shows nothing, and over other shoppers’', async () => {
    const shopper = await paid('wait-3');
    await here.world.runDry();
    const seen = await version('wait-3');
    const answer = wait('wait-3', seen, 1);
    const stored = await here.world.payment(shopper.id);
    const written = await here.world.store.collection(payments).replace({ ...stored });
    expect(written.ok).toBe(true);
    await paid('wait-4');
    expect((await answer).body).toEqual({ ...(await mine('wait-3', '?begun=true')).body, version: seen });
  });

  test('gives what there is when its time is up; without `seen` there is nothing to wait for', async () => {
    await paid('wait-5');
    const { body } = await mine('wait-5', '?begun=true&wait=25');
    expect((await wait('wait-5', body.version, 0)).body).toEqual(body);
  });

  test('is shared by many', async () => {
    const shopper = await paid('wait-6');
    const seen = await version('wait-6');
    const answers = Promise.all(Array.from({ length: 30 }, () => wait('wait-6', seen)));
    await refund(shopper);
    for (const { body } of await answers) expect(body.data[0]?.refunds).toHaveLength(1);
  });

  test.each(['wait=26', 'wait=-1', 'seen=', 'seen=a b', `seen=${'a'.repeat(41)}`, 'begun=yes', 'merchant=blog'])(
    'is not understood as %s',
    async (query) => {
      expect(await mine('wait-5', `?${query}`)).toMatchObject(refused(400, 'invalid_request'));
    },
  );
});

describe('several servers', () => {
  test('each knows a page by its version, and hears of the other’s writes', async () => {
    const { world } = here;
    const { clock, sandbox, sandboxUrl, store } = world;
    const second_ = await createWorld({ store, clock, sandbox, sandboxUrl });
    const shopper = await paid('two');
    const { body } = await list(second_, 'two');
    expect((await mine('two')).body).toEqual(body);
    const answer = list(second_, 'two', `?seen=${body.version}&wait=25`);
    await refund(shopper);
    expect((await answer).body.data[0]?.refunds).toHaveLength(1);
    await second_.close();
  });

  test('one that stops answers whoever waits', async () => {
    const { clock, sandbox, sandboxUrl, store } = here.world;
    const stopping = await createWorld({ store, clock, sandbox, sandboxUrl });
    await paid('stop');
    const { version } = (await list(stopping, 'stop')).body;
    const answer = list(stopping, 'stop', `?seen=${version}&wait=25`);
    // It was heard: another one on the same server is answered.
    await list(stopping, 'stop');
    stopping.app.shutdown.begin();
    expect(await answer).toMatchObject({ status: 200, body: { version } });
    await stopping.close();
  });
});

describe('a token', () => {
  const read = async (claims: object, query = '') =>
    api(here.world.url, 'GET', `/me/payments${query}`, { token: await shopperToken(here.world, claims) });

  test('that has expired is told from one that was never good', async () => {
    expect(await read({ expiresInS: -60 })).toMatchObject(refused(401, 'customer_token_expired'));
    expect(await read({ aud: 'another-service' })).toMatchObject(refused(401, 'customer_token_invalid'));
    const forged = await read({ iss: other.publishableKey });
    expect(forged).toMatchObject(refused(401, 'customer_token_invalid'));
    expect(forged.body.detail).toBe('This merchant has no key for shopper tokens configured.');
  });

  test('of another merchant’s shopper is refused where the page names its merchant', async () => {
    const secret = 'the-other-shops-own-token-secret-of-32-bytes';
    const { clock, sandbox, sandboxUrl } = here.world;
    const key = { algorithm: 'HS256', secret: new TextEncoder().encode(secret) } as const;
    const world = await createWorld({ clock, sandbox, sandboxUrl, blog: { shopperTokens: key } });
    const token = await shopperToken(world, { sub: 'ada', secret });
    const ask = (url: string, merchant: string) => api(url, 'GET', `/me/payments?merchant=${merchant}`, { token });
    expect((await ask(world.url, blog.publishableKey)).status).toBe(200);
    expect(await ask(world.url, other.publishableKey)).toMatchObject(refused(401, 'customer_token_invalid'));
    // Signed with a key that is not this merchant's.
    expect(await ask(here.world.url, blog.publishableKey)).toMatchObject(refused(401, 'customer_token_invalid'));
    await world.close();
  });
});
