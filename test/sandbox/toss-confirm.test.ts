import { describe, expect, it } from 'vitest';
import { basic, clientKey, minutes, secretKey, useSandbox } from './harness.js';

const { time, call, toss, control, agreed, confirm, look, newOrder } = useSandbox();
const refusal = ({ status, body }: { status: number; body: { code?: string } }) => `${status} ${body.code}`;

describe('confirm', () => {
  it('charges an agreed payment once and shows it as DONE, in full', async () => {
    const payment = await agreed({ orderName: '아주 긴 주문 이름' });
    const { status, body } = await confirm(payment);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ paymentKey: payment.paymentKey, orderId: payment.orderId, orderName: '아주 긴 주문 이름' },
      ...{ version: '2022-11-16', type: 'NORMAL', status: 'DONE', method: '카드', currency: 'KRW', country: 'KR' },
      ...{ totalAmount: 15000, balanceAmount: 15000, suppliedAmount: 13636, vat: 1364 },
      ...{ requestedAt: '2026-11-21T12:00:00+09:00', approvedAt: '2026-11-21T12:00:00+09:00' },
      ...{ cancels: null, failure: null, virtualAccount: null, card: { number: '43000000****000*', amount: 15000 } },
    });
    expect(body.secret).toMatch(/^ps_/);
    const { body: books } = await control('books');
    expect(books.charges).toMatchObject([{ record: payment.paymentKey, amount: 15000, currency: 'KRW' }]);
    expect(books.totals).toEqual([{ currency: 'KRW', received: 15000, net: 15000 }]);
  });

  it('moves no money before: an agreed payment is IN_PROGRESS and the books are empty', async () => {
    const { paymentKey } = await agreed();
    expect((await look(paymentKey)).body).toMatchObject({ status: 'IN_PROGRESS', approvedAt: null });
    expect((await control('books')).body.charges).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another amount', { amount: 14999 }, '400 INVALID_REQUEST'],
    ['an amount that is text', { amount: '15000' }, '400 INVALID_REQUEST'],
    ['no amount', { amount: undefined }, '400 INVALID_REQUEST'],
    ['another order id', { orderId: 'order-other' }, '400 UNAPPROVED_ORDER_ID'],
    ['an unknown payment key', { paymentKey: 'tviva20261121' }, '404 NOT_FOUND_PAYMENT'],
    ['a payment key that can be none', { paymentKey: "x' OR 1=1" }, '400 INVALID_PAYMENT_KEY'],
    ['a payment key that is an object', { paymentKey: { $ne: null } }, '400 INVALID_REQUEST'],
  ])('refuses %s and charges nothing', async (_what, changed, expected) => {
    const payment = await agreed();
    expect(refusal(await confirm({ ...payment, ...changed }))).toBe(expected);
    expect((await look(payment.paymentKey)).body.status).toBe('IN_PROGRESS');
    expect((await control('books')).body.charges).toEqual([]);
  });

  it.each([
    ['0002', '403 REJECT_CARD_PAYMENT'],
    ['0003', '403 REJECT_CARD_PAYMENT'],
    ['0004', '400 INVALID_STOPPED_CARD'],
  ])('declines the card that ends in %s, and the payment is ABORTED with the reason', async (ending, expected) => {
    const payment = await agreed({ card: `4300-0000-0000-${ending}` });
    expect(refusal(await confirm(payment))).toBe(expected);
    const { body } = await look(payment.paymentKey);
    expect(body.status).toBe('ABORTED');
    expect(`${expected.slice(0, 3)} ${body.failure.code}`).toBe(expected);
    expect(refusal(await confirm(payment))).toBe('400 ALREADY_PROCESSED_PAYMENT');
  });

  it.each([
    ['card', 99, '400 BELOW_MINIMUM_AMOUNT'],
    ['card', 100, '200 undefined'],
    ['transfer', 199, '400 BELOW_MINIMUM_AMOUNT'],
    ['transfer', 200, '200 undefined'],
  ])('by %s, %d won gives %s', async (method, amount, expected) => {
    expect(refusal(await confirm(await agreed({ method, amount })))).toBe(expected);
  });

  it('refuses a second confirm, and another payment of an order that is paid', async () => {
    const orderId = newOrder();
    const first = await agreed({ orderId });
    const second = await agreed({ orderId });
    await confirm(first);
    expect(refusal(await confirm(first))).toBe('400 ALREADY_PROCESSED_PAYMENT');
    expect(refusal(await confirm(second))).toBe('400 DUPLICATED_ORDER_ID');
    const third = await control('toss/open', { clientKey, orderId, amount: 15000 });
    expect(refusal(third)).toBe('400 DUPLICATED_ORDER_ID');
    expect((await toss('GET', `/v1/payments/orders/${orderId}`)).body.paymentKey).toBe(first.paymentKey);
  });

  it('can be made to approve two payments of one order', async () => {
    const orderId = newOrder();
    const [first, second] = [await agreed({ orderId }), await agreed({ orderId })];
    await confirm(first);
    await control('faults', { on: 'confirm', kind: 'duplicate_order' });
    expect((await confirm(second)).status).toBe(200);
    expect((await control('books')).body.charges).toHaveLength(2);
  });
});

describe('time', () => {
  it('takes a confirm until 10 minutes after the shopper agreed, and none later', async () => {
    const [inTime, late] = [await agreed(), await agreed()];
    time.now += minutes(10);
    expect((await confirm(inTime)).status).toBe(200);
    time.now += 1;
    expect(refusal(await confirm(late))).toBe('404 NOT_FOUND_PAYMENT_SESSION');
    expect((await look(late.paymentKey)).body).toMatchObject({
      status: 'EXPIRED',
      failure: { code: 'EXPIRED_PAYMENT' },
    });
  });

  it('lets the shopper agree until 30 minutes after the window opened, and not later', async () => {
    const open = async () => (await control('toss/open', { clientKey, orderId: newOrder(), amount: 1000 })).body;
    const [inTime, late] = [await open(), await open()];
    expect((await look(late.paymentKey)).body).toMatchObject({ status: 'READY', method: null });
    time.now += minutes(30);
    expect((await control('toss/authenticate', { paymentKey: inTime.paymentKey })).body.status).toBe('IN_PROGRESS');
    time.now += 1;
    expect(refusal(await control('toss/authenticate', { paymentKey: late.paymentKey }))).toBe('409 expired');
    expect((await look(late.paymentKey)).body.status).toBe('EXPIRED');
  });

  it('knows no session of a shopper who has not agreed yet', async () => {
    const orderId = newOrder();
    const { paymentKey } = (await control('toss/open', { clientKey, orderId, amount: 1000 })).body;
    expect(refusal(await confirm({ paymentKey, orderId, amount: 1000 }))).toBe('404 NOT_FOUND_PAYMENT_SESSION');
  });

  it('is moved by the control API, for everything at once', async () => {
    const payment = await agreed();
    expect((await control('clock', { advanceMs: minutes(11) })).body.movedMs).toBe(minutes(11));
    expect((await look(payment.paymentKey)).body.status).toBe('EXPIRED');
  });
});

describe('keys', () => {
  it.each([
    ['no authorization', {}, '401 UNAUTHORIZED_KEY'],
    ['a scheme that is not Basic', { authorization: `Bearer ${secretKey}` }, '403 INCORRECT_BASIC_AUTH_FORMAT'],
    [
      'a key without its colon',
      { authorization: `Basic ${Buffer.from(secretKey).toString('base64')}` },
      '403 INCORRECT_BASIC_AUTH_FORMAT',
    ],
    ['a byte order mark', { authorization: basic(`\uFEFF${secretKey}`) }, '401 UNAUTHORIZED_KEY'],
    ['a client key', { authorization: basic(clientKey) }, '401 UNAUTHORIZED_KEY'],
    ['no key at all', { authorization: basic('hello') }, '401 UNAUTHORIZED_KEY'],
  ])('refuses %s', async (_what, headers, expected) => {
    const { paymentKey } = await agreed();
    expect(refusal(await call('GET', `/toss/v1/payments/${paymentKey}`, undefined, headers))).toBe(expected);
  });

  it("refuses to confirm with another merchant's secret, and shows it nothing", async () => {
    const payment = await agreed();
    const other = { authorization: basic('test_sk_other') };
    expect(refusal(await confirm(payment, other))).toBe('400 INVALID_API_KEY');
    expect(refusal(await look(payment.paymentKey, other))).toBe('404 NOT_FOUND_PAYMENT');
    const byOrder = await toss('GET', `/v1/payments/orders/${payment.orderId}`, undefined, other);
    expect(refusal(byOrder)).toBe('404 NOT_FOUND_PAYMENT');
  });

  it.each([
    ['test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq', 'test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R'],
    ['test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm', 'test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6'],
    ['live_gck_shop9', 'live_gsk_shop9'],
  ])('takes the pair of %s', async (pairClient, pairSecret) => {
    const payment = await agreed({ clientKey: pairClient });
    expect((await confirm(payment, { authorization: basic(pairSecret) })).status).toBe(200);
  });

  it('takes a registered secret alone, once there is one', async () => {
    const pair = { clientKey: 'test_ck_rotated', secretKey: 'test_sk_fresh' };
    expect((await control('toss/keys', pair)).status).toBe(200);
    const payment = await agreed({ clientKey: pair.clientKey });
    expect(refusal(await confirm(payment, { authorization: basic('test_sk_rotated') }))).toBe('401 UNAUTHORIZED_KEY');
    expect((await confirm(payment, { authorization: basic(pair.secretKey) })).status).toBe(200);
    const mixed = { clientKey: 'test_ck_a', secretKey: 'live_sk_a' };
    expect(refusal(await control('toss/keys', mixed))).toBe('400 INVALID_API_KEY');
  });
});

describe('the language and the test header', () => {
  it('speaks English when asked', async () => {
    const payment = await agreed({ method: 'kakaopay' });
    const english = { 'accept-language': 'en-US' };
    expect((await confirm(payment)).body).toMatchObject({ method: '간편결제', easyPay: { provider: '카카오페이' } });
    expect((await look(payment.paymentKey, english)).body).toMatchObject({
      method: 'Easy pay',
      easyPay: { provider: 'KAKAOPAY', amount: 15000, discountAmount: 0 },
      card: null,
    });
    expect((await look('nothing', english)).body.message).toBe('Not found payment.');
  });

  it('makes the error that the test header names, with a test key only', async () => {
    const headers = { 'tosspayments-test-code': 'EXCEED_MAX_ONE_DAY_AMOUNT' };
    const payment = await agreed();
    expect(refusal(await confirm(payment, headers))).toBe('403 EXCEED_MAX_ONE_DAY_AMOUNT');
    expect((await look(payment.paymentKey)).body.status).toBe('IN_PROGRESS');
    const live = await agreed({ clientKey: 'live_ck_demo1' });
    expect((await confirm(live, { ...headers, authorization: basic('live_sk_demo1') })).status).toBe(200);
  });

  it('answers a wrong URL or verb and a broken body in its own words', async () => {
    expect(refusal(await toss('DELETE', '/v1/payments/abc'))).toBe('404 NOT_FOUND_HTTP_METHOD');
    expect(refusal(await toss('POST', '/v1/payments/confirm', []))).toBe('400 INVALID_REQUEST');
  });
});
