import { describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import type { Logger } from '../../../server/ops/logging.js';
import { payments } from '../../../server/payments/payment.js';
import { control } from '../../support/shopper.js';
import { api, other } from '../../support/world.js';
import { createShop, newKey, problem, type Shop, shops } from './shop.js';

const account = { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' };
const digits = '3333011234567';

const accountPath = (shopper: { id: string }, refund: string) => `/payments/${shopper.id}/refunds/${refund}/account`;
const givenTo = (shop: Shop, orderId: string) =>
  shop.world.sandbox.bank.books(orderId).records.flatMap((one) => one.cancellations.map((each) => each.account));

describe.each(shops)('a deposit goes back to an account of the buyer’s – %s', (name) => {
  test('named with the refund, it goes there at once', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { status, body } = await shop.refund(shopper, { amount: 4_000, account });
    expect([status, body.state, body.needsAccount]).toEqual([200, 'done', false]);
    expect(body.account).toEqual({ bank: 'KAKAO', last4: '4567' });
    expect(givenTo(shop, shopper.orderId)).toEqual([{ bank: 'KAKAO', number: digits, holder: '김하나' }]);
    expect(await shop.told(shopper)).toEqual(['payment.pending', 'payment.paid', 'payment.partially_refunded']);
    await shop.agree();
  });

  test('not named, the refund waits, is told, and reserves its money', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { status, body, headers } = await shop.refund(shopper, { amount: 5_000 });
    expect([status, body.state, body.needsAccount, headers.get('retry-after')]).toEqual([
      202,
      'needs_account',
      true,
      null,
    ]);
    expect(await shop.told(shopper)).toEqual(['payment.pending', 'payment.paid', 'refund.needs_account']);
    expect(shop.spy.of('cancel')).toEqual([]);
    expect(await shop.refund(shopper, { amount: 5_000, account })).toMatchObject(
      problem(409, 'refund_exceeds_balance'),
    );
    // The merchant names it later; a repeat changes nothing.
    for (let n = 0; n < 2; n++) {
      const given = await shop.backend('POST', accountPath(shopper, body.id), account);
      expect([given.status, given.body.state, given.body.account?.last4]).toEqual([200, 'done', '4567']);
    }
    expect(shop.back(shopper)).toEqual([5_000]);
    await shop.agree();
  });

  test('the shopper sees that it waits, and names it through the session', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { body } = await shop.refund(shopper);
    // Long after everything else of the session is over.
    await shop.later(60 * day);
    const [waiting] = (await shopper.read()).refunds ?? [];
    expect(waiting).toMatchObject({ id: body.id, amount: 9_000, state: 'needs_account', needsAccount: true });
    const path = `/payments/sessions/${shopper.session.id}/refunds/${body.id}/account`;
    const { status, body: session } = await shopper.call('POST', path, account);
    expect([status, session.status, session.refundedAmount]).toEqual([200, 'refunded', 9_000]);
    expect(session.refunds).toMatchObject([
      { state: 'done', needsAccount: false, account: { bank: 'KAKAO', last4: '4567' } },
    ]);
    expect(shop.back(shopper)).toEqual([9_000]);
    await shop.agree();
  });

  test('long after the end, the client secret opens the session until it is known whether the account was good', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { body } = await shop.refund(shopper);
    await shop.later(60 * day);
    await shop.arm({ on: 'cancel', kind: 'drop' });
    const path = `/payments/sessions/${shopper.session.id}`;
    const give = () => shopper.call('POST', `${path}/refunds/${body.id}/account`, account);
    expect([(await give()).status, (await give()).status]).toEqual([202, 202]);
    expect((await shopper.call('GET', path)).status).toBe(200);
    await shop.later();
    expect(shop.back(shopper)).toEqual([9_000]);
    expect((await shopper.call('GET', path)).status).toBe(401);
  });

  test('one that the provider refuses is shown, and another may be named', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { body } = await shop.refund(shopper);
    const path = `/payments/sessions/${shopper.session.id}/refunds/${body.id}/account`;
    // What a provider says of an account that is not there: in the form of its own, it may repeat what we sent.
    shop.spy.change.cancel = async (intent, real) => {
      if (intent.account?.holder !== '잘못된 이름') return real();
      const message = `${intent.account.number}: ${intent.account.holder} 계좌 없음`;
      const code = 'INVALID_REFUND_ACCOUNT_INFO';
      return { outcome: 'declined', code, message, retryable: false, accountRefused: true };
    };
    const refused = await shopper.call('POST', path, { ...account, holder: '잘못된 이름' });
    expect(refused).toMatchObject(problem(422, 'refund_account_refused', /INVALID_REFUND_ACCOUNT_INFO/));
    expect(JSON.stringify(refused.body)).not.toContain(digits);
    const [shown] = (await shopper.read()).refunds ?? [];
    expect(shown).toMatchObject({ needsAccount: true, failure: { code: 'INVALID_REFUND_ACCOUNT_INFO' } });
    expect(shown?.account).toBeUndefined();
    expect(JSON.stringify(await shop.world.payment(shopper.id))).not.toContain('잘못된 이름');
    shop.clock.advance(2 * second);
    expect((await shopper.call('POST', path, account)).status).toBe(200);
    const [first, second_] = shop.spy.of('cancel').map((one) => one.with.idempotencyKey);
    expect(first).not.toBe(second_);
    expect(shop.back(shopper)).toEqual([9_000]);
    expect((await shop.payment(shopper.id)).attention).toBeUndefined();
    expect(await shop.told(shopper)).toEqual([
      'payment.pending',
      'payment.paid',
      'refund.needs_account',
      'refund.needs_account',
      'payment.refunded',
    ]);
    await shop.agree();
  });

  test('refused ten times, the refund fails and is told', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { body } = await shop.refund(shopper);
    shop.spy.change.cancel = async () => ({
      outcome: 'declined',
      code: 'INVALID_REFUND_ACCOUNT_INFO',
      retryable: false,
      accountRefused: true,
    });
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) {
      shop.clock.advance(2 * second);
      const given = { ...account, number: `12345678${10 + n}` };
      statuses.push((await shop.backend('POST', accountPath(shopper, body.id), given)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 422), 409, 409]);
    expect(await shop.payment(shopper.id)).toMatchObject({
      attention: 'refund_failed',
      refunds: [{ state: 'failed' }],
    });
    // The merchant asks once more, with a good one.
    delete shop.spy.change.cancel;
    shop.clock.advance(2 * second);
    expect((await shop.refund(shopper, { account })).status).toBe(200);
    expect((await shop.payment(shopper.id)).attention).toBeUndefined();
  });

  test('another one takes its place until it was sent, and not after', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    // The first refund hangs in the air, so that the second has to wait behind it.
    await shop.arm({ on: 'cancel', kind: 'drop' });
    const first = await shop.refund(shopper, { amount: 1_000, account });
    expect([first.status, first.body.state]).toEqual([202, 'unknown']);
    const second_ = await shop.refund(shopper, { amount: 2_000, account });
    expect([second_.status, second_.body.state]).toEqual([202, 'requested']);
    const path = (refund: string) => accountPath(shopper, refund);
    const changed = { bank: 'SHINHAN', number: '110123456789', holder: '김하나' };
    expect(await shop.backend('POST', path(first.body.id), changed)).toMatchObject(
      problem(409, 'refund_account_not_taken', /sent to the account/),
    );
    expect((await shop.backend('POST', path(first.body.id), account)).status).toBe(202);
    const replaced = await shop.backend('POST', path(second_.body.id), changed);
    expect([replaced.status, replaced.body.account]).toEqual([202, { bank: 'SHINHAN', last4: '6789' }]);
    await shop.later();
    await shop.later();
    expect(givenTo(shop, shopper.orderId).map((one) => one?.bank)).toEqual(['KAKAO', 'SHINHAN']);
    await shop.agree();
  });

  test('the number and the name are readable nowhere', async () => {
    const lines: string[] = [];
    const note = (event: string, fields?: object) =>
      void lines.push(`${event} ${JSON.stringify(fields)} ${String((fields as { error?: unknown })?.error)}`);
    const log: Logger = { debug: note, info: note, warn: note, error: note } as unknown as Logger;
    const shop = await createShop(name, { log });
    const shopper = await shop.deposited();
    await shop.arm({ on: 'cancel', kind: 'cancel_500' });
    const { body } = await shop.refund(shopper, { account });
    const holds = async () => {
      const stored = JSON.stringify(await shop.world.store.collection(payments).get(shopper.id));
      const views = JSON.stringify([await shop.payment(shopper.id), await shopper.read(), body]);
      const feed = JSON.stringify((await shop.backend<unknown>('GET', '/events')).body);
      return [stored, views, feed, lines.join('\n')].map((text) => text.includes(digits) || text.includes('김하나'));
    };
    expect(await holds()).toEqual([false, false, false, false]);
    await shop.later();
    expect(shop.back(shopper)).toEqual([9_000]);
    expect(await holds()).toEqual([false, false, false, false]);
    expect(lines.length).toBeGreaterThan(3);
  });

  test.each<[string, object, RegExp]>([
    ['a bank that is none', { bank: 'MONOPOLY' }, /bank: expected one of KDB, IBK, KOOKMIN/],
    ['60 digits', { number: '1'.repeat(60) }, /number: expected 6 to 20 digits/],
    ['5 digits', { number: '12345' }, /number: expected 6 to 20 digits/],
    ['letters', { number: '12345678a' }, /number: expected 6 to 20 digits/],
    ['nobody', { holder: ' ' }, /holder/],
    ['a name of 61 characters', { holder: '가'.repeat(61) }, /holder/],
    ['a name with control characters', { holder: 'a\u0000b' }, /holder: has control characters/],
    ['a name of two lines', { holder: 'a\nb' }, /holder: expected one line/],
    ['more than an account', { iban: 'DE02' }, /iban: is not taken here/],
  ])('%s is not taken', async (_what, wrong, detail) => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    const { body } = await shop.refund(shopper);
    const before = await shop.world.payment(shopper.id);
    const given = { ...account, ...wrong };
    const paths = [
      shop.backend('POST', accountPath(shopper, body.id), given),
      shopper.call('POST', `/payments/sessions/${shopper.session.id}/refunds/${body.id}/account`, given),
    ];
    for (const answer of await Promise.all(paths))
      expect(answer).toMatchObject(problem(400, 'invalid_request', detail));
    expect(await shop.world.payment(shopper.id)).toEqual(before);
  });

  test('nobody else may name it, and no other refund takes one', async () => {
    const shop = await createShop(name);
    const [shopper, stranger, card] = [await shop.deposited(), await shop.open(), await shop.paid()];
    const { body } = await shop.refund(shopper);
    const path = `/payments/sessions/${shopper.session.id}/refunds/${body.id}/account`;
    const as = (token: string) => api(shop.world.url, 'POST', path, { token, body: account });
    expect(await as(stranger.secret)).toMatchObject(problem(404, 'session_not_found'));
    expect(await as(other.secretKey)).toMatchObject(problem(403, 'forbidden'));
    const elsewhere = { token: other.secretKey, body: account };
    expect(await api(shop.world.url, 'POST', accountPath(shopper, body.id), elsewhere)).toMatchObject(
      problem(404, 'payment_not_found'),
    );
    const none = 'rf_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA';
    expect(await shop.backend('POST', accountPath(shopper, none), account)).toMatchObject(
      problem(404, 'refund_not_found'),
    );
    const done = await shop.refund(card, {}, newKey());
    expect(await shop.backend('POST', accountPath(card, done.body.id), account)).toMatchObject(
      problem(409, 'refund_account_not_taken'),
    );
    expect(shop.back(shopper)).toEqual([]);
  });
});

describe('money that we give back ourselves', () => {
  test.each(shops)('a second deposit waits for an account, and goes there – %s', async (name) => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    // The shopper chose another way after the account was issued, and then paid both.
    await shopper.prepare({ method: 'card' });
    await shop.pay(shopper, { method: 'card' });
    await shop.deposit(`${shopper.id}_1`);
    await shop.later(61 * minute);
    await shop.later(hour);
    const [waiting] = (await shop.payment(shopper.id)).refunds;
    expect(waiting).toMatchObject({ cause: 'duplicate', attempt: 1, state: 'needs_account' });
    const path = `/payments/sessions/${shopper.session.id}/refunds/${waiting?.id}/account`;
    expect((await shopper.call('POST', path, account)).status).toBe(200);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'paid', refundedAmount: 0 });
    expect(shop.back(shopper)).toEqual([9_000]);
    await shop.agree();
  });

  test('a deposit that the bank took back takes no account; when it comes again, the refund still waits', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.issued();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    const [refund] = (await shop.payment(shopper.id)).refunds;
    await control(shop.world, 'toss/deposit/reverse', { orderId: shopper.orderId });
    shop.clock.advance(3 * second);
    await shopper.verify({ orderId: shopper.orderId });
    const path = accountPath(shopper, refund?.id as string);
    expect(await shop.backend('POST', path, account)).toMatchObject(
      problem(409, 'refund_account_not_taken', /took the deposit back/),
    );
    expect(shop.spy.of('cancel')).toEqual([]);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    expect((await shop.backend('POST', path, account)).status).toBe(200);
    expect(shop.back(shopper)).toEqual([9_000]);
    expect((await shop.payment(shopper.id)).status).toBe('canceled');
  });

  test('one that is taken back between the account and the call is not asked for: it would close the account', async () => {
    const shop = await createShop('toss');
    const shopper = await shop.issued();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    const [refund] = (await shop.payment(shopper.id)).refunds;
    const path = accountPath(shopper, refund?.id as string);
    await shop.arm({ on: 'cancel', kind: 'drop' });
    expect((await shop.backend('POST', path, account)).body.state).toBe('unknown');
    await control(shop.world, 'toss/deposit/reverse', { orderId: shopper.orderId });
    await shop.later();
    expect(shop.spy.of('cancel')).toHaveLength(1);
    expect((await shop.payment(shopper.id)).refunds).toMatchObject([{ state: 'needs_account' }]);
    expect(shop.world.sandbox.bank.books(shopper.orderId).records.map((one) => one.state)).toEqual([
      'awaiting_deposit',
    ]);
  });

  test.each(shops)('a deposit after the cancel waits, and the session stays canceled – %s', async (name) => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    const payment = await shop.payment(shopper.id);
    expect(payment).toMatchObject({ status: 'canceled', refunds: [{ cause: 'late', state: 'needs_account' }] });
    expect(payment.attempts[0]?.closing).toBe('declined');
    expect(await shop.told(shopper)).toEqual(['payment.pending', 'payment.canceled', 'refund.needs_account']);
    const id = payment.refunds[0]?.id as string;
    expect((await shop.backend('POST', accountPath(shopper, id), account)).status).toBe(200);
    expect(shop.back(shopper)).toEqual([9_000]);
    await shop.agree();
  });
});
