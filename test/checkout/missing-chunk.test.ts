import { afterEach, expect, it, vi } from 'vitest';
import { checkoutKey } from '../../widget/checkout/resume.js';
import { createPage, createShopper, leavePage, plan, sessionOf, settled, shopServer } from './page.js';

const chunk = vi.hoisted(() => ({ isThere: false }));

vi.mock('../../widget/checkout/parts.js', async (original) => {
  const real = await original<typeof import('../../widget/checkout/parts.js')>();
  return {
    loadParts: (...deps: Parameters<typeof real.loadParts>) =>
      chunk.isThere ? real.loadParts(...deps) : Promise.resolve(undefined),
  };
});

afterEach(() => {
  leavePage();
  chunk.isThere = false;
});

const back = `https://shop.example/item?pc_checkout=${checkoutKey('pk_1', 'coffee')}&pc_session=cs_1&pc_return=rt_1`;

it('back from paying without what asks how it stands: no form, until it is known', async () => {
  const page = createPage({ address: `${back}&orderId=pay_1_1&paymentKey=key1&amount=4500` });
  page.answer(shopServer());
  const { checkout, states } = createShopper(page);
  checkout.start();
  await settled();
  expect(checkout.snapshot).toMatchObject({ state: 'loading', notice: { kind: 'obstacle', obstacle: 'server' } });
  chunk.isThere = true;
  checkout.refresh();
  await settled();
  expect(checkout.state).toBe('success');
  expect(states()).not.toContain('form');
});

it('a session that was paid already shows no form without it either', async () => {
  const page = createPage();
  page.answer(shopServer((sent) => (sent.method === 'GET' ? { body: sessionOf({ status: 'paid' }) } : undefined)));
  const given = { merchant: undefined, product: undefined, session: 'cs_1', clientSecret: 'cs_given' };
  const { checkout } = createShopper(page, given as never);
  checkout.start();
  await settled();
  expect(checkout.state).toBe('loading');
  chunk.isThere = true;
  checkout.refresh();
  await settled();
  expect(checkout.state).toBe('success');
});

it('a product that changes while it is on its way: the new one is shown without a complaint', async () => {
  chunk.isThere = true;
  const page = createPage({ address: `${back}&code=USER_CANCEL` });
  page.answer(shopServer());
  const { checkout } = createShopper(page);
  checkout.start();
  checkout.update({ ...plan, product: 'mug' });
  await settled();
  expect(checkout.snapshot.state).toBe('form');
  expect(checkout.snapshot.notice).toBeUndefined();
});
