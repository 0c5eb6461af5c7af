import { describe, expect, test } from 'vitest';
import { hour, minute, second } from '../../../server/ops/clock.js';
import { createShop, problem, shops } from './shop.js';

const account = { bank: 'SHINHAN', number: '110-123-456789', holder: '이두리' };

describe.each(shops)('deposits – %s', (name) => {
  test('two accounts, and both were paid into: one is the payment, the other’s money waits for an account', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shopper.prepare({ method: 'virtual_account' });
    await shop.pay(shopper, { method: 'virtual_account' });
    for (const no of [1, 2]) await shop.deposit(`${shopper.id}_${no}`);
    for (const ms of [61 * minute, minute]) await shop.later(ms);
    const seen = await shop.payment(shopper.id);
    expect(seen).toMatchObject({ status: 'paid', refundedAmount: 0 });
    expect(seen.refunds).toMatchObject([{ cause: 'duplicate', state: 'needs_account', amount: 9_000 }]);
    const told = await shop.told(shopper);
    expect(told.filter((type) => type !== 'payment.pending')).toEqual(['payment.paid', 'refund.needs_account']);
    const path = `/payments/sessions/${shopper.session.id}/refunds/${seen.refunds[0]?.id}/account`;
    expect((await shopper.call('POST', path, account)).status).toBe(200);
    expect(shop.back(shopper)).toEqual([9_000]);
    // What was paid twice can still be given back once.
    shop.clock.advance(2 * second);
    expect((await shop.refund(shopper, { account })).status).toBe(200);
    expect(shop.back(shopper)).toEqual([9_000, 9_000]);
    expect(await shop.refund(shopper, { account })).toMatchObject(problem(409, 'refund_exceeds_balance'));
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'refunded', refundedAmount: 9_000 });
    await shop.agree();
  });

  test('into an account that was replaced pays, if it comes before its closing and nothing else paid', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shopper.prepare({ method: 'card' });
    await shop.deposit(`${shopper.id}_1`);
    await shop.later(61 * minute);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'paid', refunds: [] });
    expect(await shopper.prepare()).toMatchObject(problem(409, 'payment_already_paid'));
    await shop.agree();
  });

  test('after the session ended is welcome: the account was good for longer', async () => {
    const shop = await createShop(name);
    const shopper = await shop.issued();
    await shop.later(5 * hour);
    await shop.deposit(shopper.orderId);
    await shop.later(61 * minute);
    expect(await shop.payment(shopper.id)).toMatchObject({ status: 'paid', refunds: [] });
    await shop.agree();
  });

  test('what the provider’s console gave back of one is told as it is', async () => {
    const shop = await createShop(name);
    const shopper = await shop.deposited();
    await shop.console(shopper, 2_000);
    shop.clock.advance(3 * second);
    await shopper.verify();
    const seen = await shop.payment(shopper.id);
    expect(seen).toMatchObject({ status: 'partially_refunded', refundedAmount: 2_000 });
    expect(seen.refunds).toMatchObject([{ cause: 'provider', state: 'done', needsAccount: false }]);
    expect(await shop.refund(shopper, { amount: 7_001, account })).toMatchObject(
      problem(409, 'refund_exceeds_balance'),
    );
    await shop.agree();
  });
});
