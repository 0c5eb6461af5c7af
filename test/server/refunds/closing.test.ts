import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { closeUnwanted, closingAnswered, closingKey, closingSent } from '../../../server/payments/closing.js';
import type { Attempt, Closing } from '../../../server/payments/payment.js';
import { launchedAttempt, payment, record, t0, terms } from '../../support/payments.js';
import { control, type Shopper } from '../../support/shopper.js';
import { createShop, type Shop, shops } from './shop.js';

const closings = async (shop: Shop, shopper: Shopper) =>
  (await shop.payment(shopper.id)).attempts.map(({ state, closing }) => [state, closing]);

const cancel = (shopper: Shopper) => shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);

describe.each(shops)('an issued account that nobody should pay into any more – %s', (name) => {
  const isClosed = (shop: Shop, orderId: string) =>
    expect(shop.world.sandbox.bank.books(orderId).records.map((one) => one.state)).toEqual(['closed']);

  test('is closed when another attempt takes its place', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shopper.prepare({ method: 'card' });
    await shop.later(0);
    expect(await closings(shop, shopper)).toEqual([
      ['canceled', 'closed'],
      ['prepared', undefined],
    ]);
    isClosed(shop, `${shopper.id}_1`);
    await shop.pay(shopper, { method: 'card' });
    const seen = await shop.payment(shopper.id);
    expect(seen.status).toBe('paid');
    expect(seen.timeline.filter(({ what }) => what === 'account 1').map(({ to }) => to)).toEqual(['closing', 'closed']);
    expect(shop.spy.of('close')).toHaveLength(1);
    await shop.agree();
  });

  test('is closed when the payment is canceled, once, by whichever server', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    const otherServer = await shop.otherServer();
    await cancel(shopper);
    await Promise.all([shop.world.runDry(), otherServer.runDry()]);
    expect(await closings(shop, shopper)).toEqual([['canceled', 'closed']]);
    isClosed(shop, shopper.orderId);
    expect(shop.spy.of('close')).toHaveLength(1);
    await shop.agree();
  });

  test('is closed when money came another way', async () => {
    const shop = await createShop(name);
    const shopper = await shop.open();
    const agreed = name === 'toss' ? await shopper.agree() : undefined;
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    await shopper.prepare({ method: 'virtual_account' });
    await shop.pay(shopper, { method: 'virtual_account' });
    expect(await closings(shop, shopper)).toEqual([
      ['launched', undefined],
      ['pending', undefined],
    ]);
    if (agreed) {
      // Somebody else asks for the money of the window before: we never would.
      await fetch(`${shop.world.sandboxUrl}/toss/v1/payments/confirm`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...agreed, amount: agreed.amount.value }),
      });
    } else await shop.pay({ ...shopper, orderId: `${shopper.id}_1` }, { method: 'card' });
    await shop.later(3 * minute);
    await shop.later(minute);
    expect((await shop.payment(shopper.id)).status).toBe('paid');
    expect(await closings(shop, shopper)).toEqual([
      ['paid', undefined],
      ['canceled', 'closed'],
    ]);
    isClosed(shop, `${shopper.id}_2`);
    await shop.agree();
  });

  test.each([
    [
      'paid',
      [
        ['paid', 'declined'],
        ['prepared', undefined],
      ],
      false,
    ],
    ['canceled', [['paid', 'declined']], true],
  ] as const)('that was paid at that very moment is settled: the payment is %s', async (status, ends, canceled) => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    shop.spy.change.close = async (_intent, real) => {
      await shop.deposit(`${shopper.id}_1`);
      return real();
    };
    await (canceled ? cancel(shopper) : shopper.prepare({ method: 'card' }));
    await shop.later(0);
    expect(await closings(shop, shopper)).toEqual(ends);
    const seen = await shop.payment(shopper.id);
    expect(seen.status).toBe(status);
    expect(seen.refunds.map(({ cause, state }) => [cause, state])).toEqual(canceled ? [['late', 'needs_account']] : []);
    await shop.agree();
  });

  test.each([
    ['no reply', 'drop', 1],
    ['a lost answer', 'cancel_then_drop', 1],
    ['a passing error', 'cancel_500', 2],
  ])('after %s it is asked for again, and it is closed', async (_what, kind, keys) => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await cancel(shopper);
    await shop.arm({ on: 'cancel', kind });
    await shop.later(0);
    expect(await closings(shop, shopper)).toEqual([['pending', 'unknown']]);
    await shop.later(10 * second);
    const [[state, closing]] = (await closings(shop, shopper)) as [[string, string]];
    // A close that went through is told by the provider as one that no longer waits.
    expect([state, ['closed', 'declined'].includes(closing)]).toEqual(['canceled', true]);
    expect(new Set(shop.spy.of('close').map((one) => one.with.idempotencyKey)).size).toBe(keys);
    isClosed(shop, shopper.orderId);
    await shop.agree();
  });

  test('refused credentials wait an hour', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await cancel(shopper);
    const code = name === 'toss' ? 'UNAUTHORIZED_KEY' : 'UNAUTHORIZED';
    await shop.arm({ on: 'cancel', kind: 'error', code, status: 401 });
    await shop.later(0);
    await shop.later(30 * minute);
    expect(shop.spy.of('close')).toHaveLength(1);
    await shop.later(31 * minute);
    expect(await closings(shop, shopper)).toEqual([['canceled', 'closed']]);
    await shop.agree();
  });

  test('that can’t be closed ends at its date, and its document stays small', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await cancel(shopper);
    await shop.arm({ on: 'cancel', kind: 'drop', times: 1_000 });
    for (let n = 0; n < 30; n++) await shop.later(61 * minute);
    expect(await closings(shop, shopper)).toEqual([['pending', 'failed']]);
    expect(shop.spy.of('close')).toHaveLength(20);
    await shop.later(9 * day);
    await shop.later(2 * day);
    expect(await closings(shop, shopper)).toEqual([['expired', 'failed']]);
    const stored = await shop.world.payment(shopper.id);
    expect([stored.dueAt, stored.transitions.length < 15]).toEqual([undefined, true]);
  });

  test('is left alone while it is what the shopper pays by, also after the session closed', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shop.later(2 * hour);
    expect(shop.spy.of('close')).toEqual([]);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    expect((await shop.payment(shopper.id)).status).toBe('paid');
    expect(shop.spy.of('close')).toEqual([]);
  });
});

test('an account that was issued in a window which was replaced is closed when it is found', async () => {
  const shop = await createShop('portone-v2');
  const shopper = await shop.open({ prepare: { method: 'virtual_account' } });
  await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
  await shopper.prepare({ method: 'card' });
  await shop.pay({ ...shopper, orderId: `${shopper.id}_1` }, { method: 'virtual_account' });
  await shop.later(minute);
  expect((await closings(shop, shopper))[0]).toEqual(['canceled', 'closed']);
});

test('an account whose deposit was taken back waits for a new one, and is not closed', async () => {
  const shop = await createShop('toss');
  const shopper = await shop.deposited();
  await control(shop.world, 'toss/deposit/reverse', { orderId: shopper.orderId });
  await shop.later(3 * second);
  await shopper.verify();
  expect(await closings(shop, shopper)).toEqual([['pending', undefined]]);
  await shop.deposit(shopper.orderId);
  await shop.later(61 * minute);
  expect((await shop.payment(shopper.id)).status).toBe('paid');
  expect(await shop.told(shopper)).toEqual([
    'payment.pending',
    'payment.paid',
    'payment.reversed',
    'payment.pending',
    'payment.paid',
  ]);
});

describe('the decision to close', () => {
  const waits = record(1, { state: 'awaiting_deposit', account: { bank: 'KAKAO', number: 'X1' } });
  const issued = (more: Partial<Attempt> = {}): Attempt =>
    launchedAttempt(1, { state: 'pending', account: { bank: 'KAKAO', number: 'X1' }, records: [waits], ...more });
  const closing: Closing = { state: 'requested', try: 0, calls: 0, nextStepAt: t0 };

  test('is made once', () => {
    const unwanted = payment([issued({ superseded: true })]);
    const decided = closeUnwanted(unwanted, t0);
    expect(decided.attempts[0]?.closing).toEqual(closing);
    expect(closeUnwanted(decided, t0 + 1)).toBe(decided);
  });

  test('is not made for an account that is wanted, or is none, or has ended', () => {
    const paidBy = { attempt: 1, record: 'key-1', at: t0, reversed: true as const };
    for (const one of [
      payment([issued()]),
      payment([issued({ superseded: true })], { paidBy }),
      payment([issued({ superseded: true, state: 'expired' })]),
      payment([launchedAttempt(1, { state: 'pending', superseded: true })]),
    ])
      expect(closeUnwanted(one, t0)).toBe(one);
  });

  test('has a key of its own per try, and keeps it after no reply', () => {
    const sent = closingSent(closing, t0, terms.schedule);
    const key = (one: Closing) => closingKey(issued(), 'key-1', one);
    const after = (why: 'no_reply' | 'in_progress' | 'temporary') =>
      closingSent(
        closingAnswered(sent, { outcome: 'unknown', why, detail: '' }, t0, terms.schedule),
        t0,
        terms.schedule,
      );
    expect(key(after('no_reply'))).toBe(key(sent));
    expect(key(after('in_progress'))).toBe(key(sent));
    expect(key(after('temporary'))).not.toBe(key(sent));
    // Whoever goes on after a crash asks the same again.
    expect(key(closingSent(sent, t0, terms.schedule))).toBe(key(sent));
  });
});
