import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../widget/checkout/plan.js';
import { control } from '../support/shopper.js';
import { api, blog, createWorld, type World } from '../support/world.js';
import { arriveAt, leave } from './at-server.js';

/** The checkout as it runs in a page, against the whole server and the sandbox. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

afterEach(leave);

const arrive = (address?: string, more?: Partial<Plan>) => arriveAt(world, address, more);

async function pressed(more: Partial<Plan> = {}) {
  const shopper = arrive(blog.page, more);
  await shopper.until('form');
  shopper.checkout.intent();
  await shopper.until('ready');
  shopper.checkout.submit();
  const window = shopper.provider.windows[0]!;
  const { request } = window.launch as { request: { orderId: string; successUrl: string } };
  const agree = (how = {}) =>
    control(world, 'toss/pay', {
      clientKey: 'test_ck_blog',
      orderId: request.orderId,
      amount: shopper.checkout.snapshot.amount,
      method: 'card',
      ...how,
    });
  return { ...shopper, window, request, agree };
}

describe('against the server', () => {
  it('a card is paid, from the first look to the receipt', async () => {
    const { checkout, window, agree, until } = await pressed({ quantity: 2, buyer: { name: '김하늘' } });
    const { paymentKey, orderId, amount } = await agree();
    window.end({ outcome: 'returned', hints: { paymentKey, orderId, amount: amount.value } });
    await until('success');
    const { session } = checkout.snapshot;
    expect(session).toMatchObject({ status: 'paid', amount: 9_000, buyer: { name: '김하늘' } });
    expect(session?.receipt).toMatchObject({ method: 'card', paidAt: expect.any(String) });
    expect((await world.payment(session!.payment)).attempts).toHaveLength(1);
  });

  it('a refused card is declined, and another try of the same session is paid', async () => {
    const { checkout, window, agree, until, provider } = await pressed();
    const declined = await agree({ card: '4300-0000-0000-0002' });
    window.end({ outcome: 'returned', hints: { paymentKey: declined.paymentKey, orderId: declined.orderId } });
    await until('failed');
    expect(checkout.snapshot.outcome).toMatchObject({ kind: 'declined' });
    checkout.again();
    await until('ready');
    checkout.submit();
    const second = provider.windows[1]!;
    const { request } = second.launch as { request: { orderId: string } };
    expect(request.orderId).toMatch(/_2$/);
    const paid = await agree({ orderId: request.orderId });
    second.end({ outcome: 'returned', hints: { paymentKey: paid.paymentKey, orderId: paid.orderId } });
    await until('success');
  });

  it('a closed window is canceled', async () => {
    const { window, until } = await pressed();
    window.end({ outcome: 'canceled', code: 'USER_CANCEL', hints: { code: 'USER_CANCEL' } });
    await until('canceled');
  });

  it('an issued account becomes a receipt with its deposit, without a reload', async () => {
    const { checkout, window, agree, until, request } = await pressed({ method: 'virtual_account' });
    const { paymentKey, orderId } = await agree({ method: 'virtual_account' });
    window.end({ outcome: 'returned', hints: { paymentKey, orderId } });
    await until('pending');
    expect(checkout.snapshot.session?.account).toMatchObject({ bank: expect.any(String), number: expect.any(String) });
    await control(world, 'toss/deposit', { orderId: request.orderId });
    await checkout.check();
    await until('success');
  });

  it('a refunded deposit asks for the account that it goes back to', async () => {
    const { checkout, window, agree, until, request, page } = await pressed({ method: 'virtual_account' });
    const { paymentKey, orderId } = await agree({ method: 'virtual_account' });
    window.end({ outcome: 'returned', hints: { paymentKey, orderId } });
    await until('pending');
    await control(world, 'toss/deposit', { orderId: request.orderId });
    await checkout.check();
    await until('success');
    const { payment, id: session } = checkout.snapshot.session!;
    await api(world.url, 'POST', `/payments/${payment}/cancel`, {
      token: blog.secretKey,
      headers: { 'idempotency-key': 'refund-of-the-deposit-0001' },
      body: {},
    });
    const clientSecret = page.kept.get(`pay-checkout:${session}`)!;
    const later = arrive(blog.page, { session, clientSecret });
    await later.until('success');
    const [refund] = later.checkout.snapshot.session!.refunds ?? [];
    expect(refund).toMatchObject({ needsAccount: true, amount: 4_500 });
    const account = { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' };
    expect(await later.checkout.refundAccount(refund!.id, account)).toBe('taken');
    // When it has arrived is the provider's affair; that it knows where to go is ours.
    const [given] = later.checkout.snapshot.session!.refunds ?? [];
    expect(given).toMatchObject({ needsAccount: false, account: { bank: 'KAKAO', last4: '4567' } });
  });

  it('a redirect that ends in another browser is verified with the return token', async () => {
    const { request, agree } = await pressed();
    const { paymentKey, orderId, amount } = await agree();
    leave();
    const address = new URL(request.successUrl);
    for (const [name, value] of Object.entries({ paymentKey, orderId, amount: String(amount.value) })) {
      address.searchParams.set(name, value);
    }
    const back = arrive(address.href);
    await back.until('success');
    expect(back.page.location.href).toBe(blog.page);
    expect(back.checkout.snapshot.session).not.toHaveProperty('buyer');
  });

  it('an amount that somebody changed on the way back pays nothing', async () => {
    const { checkout, window, agree, until } = await pressed();
    const { paymentKey, orderId } = await agree();
    window.end({ outcome: 'returned', hints: { paymentKey, orderId, amount: 1 } });
    await until('form');
    expect(checkout.snapshot.notice).toEqual({ kind: 'mismatch' });
    expect(checkout.snapshot.session?.status).toBe('open');
  });

  it('a tag with an unknown item, or a page that is not allowed, is told to the site owner', async () => {
    const unknown = arrive(blog.page, { product: 'unicorn' });
    await unknown.until('error');
    expect(unknown.checkout.snapshot.mistake?.code).toBe('item_not_found');
  });
});
