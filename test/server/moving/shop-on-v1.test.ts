import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MyPaymentRow, OpenedSession, Page, PortOneV1Launch, RefundView } from '../../../contract/index.js';
import { demoAccount } from '../../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { hour, minute, second } from '../../../server/ops/clock.js';
import type { PortOneV1Channel } from '../../../server/providers/provider.js';
import { allPayments, disagreements, eventsOf, mistold } from '../../support/books.js';
import { control } from '../../support/shopper.js';
import { type Answer, api, blog, createWorld, type Said, testClock, type World } from '../../support/world.js';
import { checkAnswers } from '../checkout/answers.js';
import { shopperToken } from '../checkout/harness.js';

/**
 * What a shop with a backend of its own does on PortOne V1, step by step and without the tag: session, prepare, `IMP.request_pay`, verify,
 * "my payments", cancel. The table in README names the same paths.
 */

const clock = testClock();
const sandbox = createSandbox({ clock });
let world: World;
let at: { url: string; close(): Promise<void> };
let restore: () => void;

beforeAll(async () => {
  at = await sandbox.listen(0);
  const v1: PortOneV1Channel = {
    ...{ id: 'portone-v1', provider: 'portone-v1', environment: 'test', approval: 'automatic', currencies: ['KRW'] },
    apiBase: `${at.url}/portone-v1`,
    script: `${at.url}/portone-v1/v1/iamport.js`,
    ...{ userCode: demoAccount.userCode, apiKey: demoAccount.apiKey, apiSecret: demoAccount.apiSecret },
    channelKey: 'channel-key-v1-demo-card',
  };
  const shopperCancels = { withinMs: 7 * 24 * hour, partial: true };
  world = await createWorld({
    clock,
    sandbox,
    sandboxUrl: at.url,
    oversight: false,
    blog: { channels: [v1], shopperCancels },
  });
  restore = await checkAnswers(world);
});
afterAll(async () => {
  restore?.();
  await world?.close();
  await at?.close();
});

type Session = OpenedSession & { launch?: PortOneV1Launch };
const call = <T>(method: string, path: string, by: string, body?: object, headers = {}): Promise<Answer<Said<T>>> =>
  api<T>(world.url, method, path, { token: by, headers, ...(body && { body }) });

/** Signed anew for each request: they last an hour at most. */
const kim = () => shopperToken(world, { sub: 'kim' });

const buyer = {
  ...{ name: '김하나', email: 'hana@example.com', phone: '010-1234-5678' },
  ...{ address: '서울시 마포구 월드컵로 1', addressDetail: '2층', postcode: '03991' },
};

/** The order of a signed-in shopper, prepared: what `request_pay` is called with. */
async function ordered(method: string, quantity = 2): Promise<Session> {
  const body = { items: [{ item: 'coffee', quantity }], customerToken: await kim(), buyer };
  const made = await api<Session>(world.url, 'POST', '/payments/sessions', {
    ...{ token: blog.publishableKey, origin: blog.origin, body },
  });
  expect(made.status).toBe(201);
  const secret = made.body.clientSecret as string;
  const prepared = await call<Session>('POST', `/payments/sessions/${made.body.id}/prepare`, secret, { method });
  expect(prepared.status).toBe(200);
  return { ...prepared.body, clientSecret: secret };
}

/** The shopper, in the window. What the page hears of it. */
const inWindow = ({ launch }: Session, how: object = {}): Promise<{ imp_uid: string; merchant_uid: string }> =>
  control(world, 'portone-v1/pay', { userCode: launch?.userCode, ...launch?.request, ...how });

const verify = (session: Session, { imp_uid, merchant_uid }: { imp_uid?: string; merchant_uid?: string }) =>
  call<Session>('POST', '/payments/verify', session.clientSecret as string, {
    session: session.id,
    ...(imp_uid && { impUid: imp_uid }),
    ...(merchant_uid && { orderId: merchant_uid }),
  });
const mine = async ({ payment }: Session) => {
  const { status, body } = await call<Page<MyPaymentRow>>('GET', '/me/payments', await kim());
  expect(status).toBe(200);
  return body.data.find(({ id }) => id === payment);
};
const told = async ({ payment }: Session) => {
  await world.runDry();
  return (await eventsOf(world, await world.payment(payment))).map(({ type }) => type);
};

describe('a shop on PortOne V1', () => {
  test.each([
    ['card', 'card'],
    ['kakaopay', 'kakaopay'],
    ['transfer', 'trans'],
    ['phone', 'phone'],
  ])(
    'sells by %s: prepared, paid, verified by imp_uid, listed, and canceled in part and in full',
    async (method, payMethod) => {
      const session = await ordered(method);
      expect(session.launch?.request).toMatchObject({
        pay_method: payMethod,
        merchant_uid: session.attempt?.orderId,
        amount: 9_000,
        ...{ buyer_name: '김하나', buyer_tel: '01012345678', buyer_postcode: '03991' },
        buyer_addr: '서울시 마포구 월드컵로 1 2층',
      });
      const verified = await verify(session, await inWindow(session));
      expect([verified.status, verified.body.status]).toEqual([200, 'paid']);
      expect(await mine(session)).toMatchObject({
        ...{ status: 'paid', amount: 9_000, method, orderName: '드립백 커피', receipt: { paidAt: expect.any(String) } },
        cancelable: { amount: 9_000, partial: true },
      });
      const cancel = (by: string, body: object) =>
        call<RefundView>('POST', `/payments/${session.payment}/cancel`, by, body, {
          'idempotency-key': crypto.randomUUID(),
        });
      expect(await cancel(blog.secretKey, { amount: 4_500 })).toMatchObject({ status: 200, body: { state: 'done' } });
      clock.advance(2 * second);
      expect(await cancel(await kim(), {})).toMatchObject({ status: 200, body: { amount: 4_500, by: 'shopper' } });
      expect(await mine(session)).toMatchObject({ status: 'refunded', refundedAmount: 9_000 });
      expect(await told(session)).toEqual(['payment.paid', 'payment.partially_refunded', 'payment.refunded']);
    },
  );

  test('sells by virtual account: an account, a deposit, a refund to the account that the shopper names', async () => {
    const session = await ordered('virtual_account');
    expect((await verify(session, await inWindow(session))).body).toMatchObject({
      status: 'pending',
      account: { bank: expect.any(String), number: expect.any(String), dueAt: expect.any(String) },
    });
    expect(await mine(session)).toMatchObject({ status: 'pending', account: { number: expect.any(String) } });
    await control(world, 'portone-v1/deposit', { merchant_uid: session.attempt?.orderId });
    clock.advance(3 * second);
    const webhook = await call('POST', '/payments/webhook', '', {
      ...{ imp_uid: 'imp_1', merchant_uid: session.attempt?.orderId, status: 'paid' },
    });
    expect(webhook.status).toBe(200);
    await world.runDry();
    expect((await mine(session))?.status).toBe('paid');
    const account = { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' };
    const path = `/payments/${session.payment}/cancel`;
    const refund = await call<RefundView>(
      'POST',
      path,
      await kim(),
      { account },
      { 'idempotency-key': crypto.randomUUID() },
    );
    expect(refund.status).toBeLessThan(300);
    clock.advance(61 * minute);
    await world.runDry();
    expect((await mine(session))?.status).toBe('refunded');
    expect(await told(session)).toEqual(['payment.pending', 'payment.paid', 'payment.refunded']);
  });

  test('an order is open, then paid, or over: what was declined may be tried again', async () => {
    const session = await ordered('card');
    expect((await mine(session))?.status).toBe('open');
    const declined = await verify(session, await inWindow(session, { card: '4300-0000-0000-0002' }));
    expect(declined.body).toMatchObject({ status: 'open', failure: { retryable: expect.any(Boolean) } });
    const again = await call<Session>(
      'POST',
      `/payments/sessions/${session.id}/prepare`,
      session.clientSecret as string,
      {
        method: 'card',
      },
    );
    const second_ = { ...again.body, clientSecret: session.clientSecret as string };
    expect((await verify(second_, await inWindow(second_))).body.status).toBe('paid');
    expect(await told(session)).toEqual(['payment.paid']);
    const left = await ordered('card');
    const canceled = await call('POST', `/payments/sessions/${left.id}/cancel`, left.clientSecret as string);
    expect(canceled.body).toMatchObject({ status: 'canceled' });
    expect(await told(left)).toEqual(['payment.canceled']);
    const forgotten = await ordered('card');
    clock.advance(26 * hour);
    expect(await told(forgotten)).toEqual(['payment.expired']);
  });

  test('and the books agree', async () => {
    clock.advance(2 * hour);
    await world.runDry();
    const all = await allPayments(world);
    expect([...disagreements(all, world.sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
  });
});
