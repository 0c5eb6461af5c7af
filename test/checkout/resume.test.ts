import { afterEach, describe, expect, it } from 'vitest';
import { returnPage } from '../../widget/checkout/leaving.js';
import { checkoutKey, claimKey, resumeOf, takeReturn } from '../../widget/checkout/resume.js';
import { returned } from '../../widget/checkout/returned.js';
import { createPage, createShopper, leavePage, plan, problem, sessionOf, settled, shopServer } from './page.js';

afterEach(leavePage);

const key = checkoutKey('pk_1', 'coffee');
const base = `https://shop.example/item?id=7&pc_checkout=${key}&pc_session=cs_1&pc_return=rt_1`;

describe('the address a provider returns to', () => {
  it('is this page, with which of its checkouts it was, and its fragment as a parameter', () => {
    const { env } = createPage({ address: 'https://shop.example/item?id=7#/basket' });
    expect(returnPage(env, 'abc')).toBe('https://shop.example/item?id=7&pc_hash=%23%2Fbasket&pc_checkout=abc');
  });

  it('is none where nothing can be returned to', () => {
    const { env } = createPage({ address: 'file:///home/shop.html' });
    expect(returnPage(env, 'abc')).toBeUndefined();
  });
});

describe('what a redirect brought', () => {
  it('is taken out of the address, which is what it was before, fragment and all', () => {
    const { env, location } = createPage({ address: `${base}&pc_hash=%23%2Fbasket&paymentKey=k` });
    takeReturn(env);
    expect(location.href).toBe('https://shop.example/item?id=7#/basket');
  });

  it.each([
    [
      'Toss, paid',
      '&paymentType=NORMAL&amount=4500&orderId=pay_1_1&paymentKey=key1',
      { paymentKey: 'key1', orderId: 'pay_1_1', amount: 4500, paymentType: 'NORMAL' },
      {},
    ],
    [
      'Toss, canceled, which names no order',
      '&code=PAY_PROCESS_CANCELED&message=x',
      { code: 'PAY_PROCESS_CANCELED', message: 'x' },
      { code: 'PAY_PROCESS_CANCELED', message: 'x' },
    ],
    [
      'Toss, refused',
      '&code=REJECT_CARD_COMPANY&message=no&orderId=pay_1_1',
      { code: 'REJECT_CARD_COMPANY', message: 'no', orderId: 'pay_1_1' },
      { code: 'REJECT_CARD_COMPANY', message: 'no' },
    ],
    [
      'PortOne V2, paid',
      '&paymentId=pay_1_1&transactionType=PAYMENT&txId=tx1',
      { orderId: 'pay_1_1', txId: 'tx1' },
      {},
    ],
    [
      'PortOne V2, manual approval',
      '&paymentId=pay_1_1&txId=tx1&paymentToken=t',
      { orderId: 'pay_1_1', txId: 'tx1', paymentToken: 't' },
      {},
    ],
    [
      'PortOne V2, canceled',
      '&paymentId=pay_1_1&code=FAILURE_TYPE_PG&message=m&pgCode=PAY_PROCESS_CANCELED&pgMessage=pm',
      { orderId: 'pay_1_1', code: 'FAILURE_TYPE_PG', message: 'm' },
      { code: 'PAY_PROCESS_CANCELED', message: 'pm' },
    ],
    [
      'PortOne V1, paid, whose word of success is not asked for',
      '&imp_uid=imp_1&merchant_uid=pay_1_1&imp_success=false',
      { orderId: 'pay_1_1', impUid: 'imp_1' },
      {},
    ],
    [
      'PortOne V1, refused',
      '&imp_uid=imp_1&merchant_uid=pay_1_1&imp_success=false&error_code=F400&error_msg=no',
      { orderId: 'pay_1_1', impUid: 'imp_1', code: 'F400', message: 'no' },
      { code: 'F400', message: 'no' },
    ],
    [
      'PortOne V1, refused before there was a record',
      '&merchant_uid=pay_1_1&imp_uid=&error_code=F400',
      { orderId: 'pay_1_1', code: 'F400' },
      { code: 'F400' },
    ],
    ['PortOne V1, which may name the order alone', '&merchant_uid=pay_1_1', { orderId: 'pay_1_1' }, {}],
  ])('%s', (_name, query, hints, told) => {
    const { env, location } = createPage({ address: base + query });
    takeReturn(env);
    expect(location.href).toBe('https://shop.example/item?id=7');
    const found = resumeOf(env, key);
    expect(found).toMatchObject({ session: 'cs_1', token: 'rt_1' });
    expect(returned(found?.query)).toEqual({ hints, told });
  });

  it('leaves parameters of the page alone, also those called as a provider calls its own', () => {
    const { env, location } = createPage({
      address:
        'https://shop.example/item?code=A12&amount=3&pc_session=cs_1&pc_return=rt_1&orderId=pay_1_1&code=USER_CANCEL',
    });
    takeReturn(env);
    expect(location.href).toBe('https://shop.example/item?code=A12&amount=3');
    expect(returned(resumeOf(env, key)?.query).hints).toEqual({ orderId: 'pay_1_1', code: 'USER_CANCEL' });
  });

  it('an address without both of our parameters is somebody else’s', () => {
    const address = 'https://shop.example/callback?code=oauth&state=1&pc_session=cs_1';
    const { env, location, entry } = createPage({ address });
    takeReturn(env);
    expect(location.href).toBe(address);
    expect(entry).toEqual({});
  });

  it('belongs to one checkout of several; where the address does not say, to the one with that session', () => {
    const named = createPage({ address: base });
    takeReturn(named.env);
    expect(resumeOf(named.env, checkoutKey('pk_1', 'mug'))).toBeUndefined();
    expect(resumeOf(named.env, key)).toMatchObject({ session: 'cs_1' });
    const unnamed = createPage({ address: 'https://shop.example/?pc_session=cs_1&pc_return=rt_1' });
    takeReturn(unnamed.env);
    expect(resumeOf(unnamed.env, 'x', 'cs_other')).toBeUndefined();
    expect(resumeOf(unnamed.env, 'y', 'cs_1')).toMatchObject({ session: 'cs_1' });
    expect(resumeOf(unnamed.env, 'z')).toBeUndefined();
  });

  it('twins on one page are told apart by their order', () => {
    const first = claimKey('twin');
    const second = claimKey('twin');
    expect([first.key, second.key]).toEqual(['twin', 'twin-2']);
    first.release();
    second.release();
  });
});

describe('coming back', () => {
  async function arrive(
    query: string,
    special?: Parameters<typeof shopServer>[0],
    prepare?: (page: ReturnType<typeof createPage>) => void,
  ) {
    const page = createPage({ address: base + query });
    prepare?.(page);
    page.answer(shopServer(special));
    const shopper = createShopper(page);
    shopper.checkout.start();
    await settled();
    return { page, ...shopper };
  }
  const paid = '&amount=4500&orderId=pay_1_1&paymentKey=key1';

  it('to this tab: verified with what came back, by the tab’s own secret', async () => {
    const { page, checkout } = await arrive(paid, undefined, ({ kept }) => kept.set('pay-checkout:cs_1', 'cs_secret'));
    expect(checkout.snapshot).toMatchObject({ state: 'success', resumed: true });
    expect(page.requests('POST /payments/verify')).toMatchObject([
      { token: 'cs_secret', body: { session: 'cs_1', orderId: 'pay_1_1', paymentKey: 'key1', amount: 4_500 } },
    ]);
    expect(page.location.href).toBe('https://shop.example/item?id=7');
  });

  it('to another browser: verified with the return token', async () => {
    const { page, checkout } = await arrive(paid);
    expect(checkout.state).toBe('success');
    expect(page.requests('POST /payments/verify')[0]!.token).toBe('rt_1');
  });

  it('again after a reload, and a second time: the same receipt', async () => {
    const { page } = await arrive(paid);
    for (let reload = 0; reload < 2; reload += 1) {
      leavePage();
      const { checkout } = createShopper(page);
      checkout.start();
      await settled();
      expect(checkout.state).toBe('success');
    }
  });

  it('in another browser without having paid: a new session, since the token may only look', async () => {
    const { page, checkout, provider } = await arrive('&code=PAY_PROCESS_CANCELED', (sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5 }) } : undefined,
    );
    expect(checkout.state).toBe('canceled');
    checkout.again();
    await settled();
    expect(page.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions')).toHaveLength(
      1,
    );
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('with another price in the address: said so, and it can be paid again', async () => {
    const { checkout } = await arrive(paid, (sent) =>
      sent.path === '/payments/verify' ? problem(409, 'amount_mismatch') : undefined,
    );
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { kind: 'mismatch' }, resumed: true });
  });

  it('with a token that is too old: begins anew', async () => {
    const { checkout, page } = await arrive(paid, (sent) =>
      sent.path === '/payments/verify' ? problem(401, 'unauthorized') : undefined,
    );
    expect(checkout.state).toBe('form');
    expect(page.entry).toEqual({});
  });

  it('a reload while the window is open: the payment is asked about and goes on', async () => {
    const page = createPage();
    page.answer(shopServer((sent) => (sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5 }) } : undefined)));
    const first = createShopper(page);
    first.checkout.start();
    await settled();
    first.checkout.intent();
    await settled();
    first.checkout.submit();
    leavePage();
    const { checkout } = createShopper(page);
    checkout.start();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { kind: 'unfinished' }, session: { id: 'cs_1' } });
    checkout.submit();
    await settled();
    expect(checkout.state).toBe('paying');
  });

  it('only the checkout whose payment it is shows it', async () => {
    const page = createPage({ address: base + paid });
    page.answer(shopServer());
    const mug = createShopper(page, { ...plan, product: 'mug' });
    const coffee = createShopper(page);
    mug.checkout.start();
    coffee.checkout.start();
    await settled();
    expect([mug.checkout.state, coffee.checkout.state]).toEqual(['form', 'success']);
  });
});
