import vm from 'node:vm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channel, store, useV2 } from './v2-harness.js';

const { url, call, newOrder, v2, payment } = useV2();
const path = '/portone-v2/v2/browser-sdk.js';
let source = '';
beforeAll(async () => {
  const response = await fetch(`${url()}${path}`);
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  source = await response.text();
});

const desktop = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/143';
const phone = 'Mozilla/5.0 (Linux; Android 14) Chrome/143 Mobile';

interface Page {
  agent?: string;
  clicked?: boolean;
  container?: object | null;
}

/** Loads the served script into a page of nothing but what its checks look at; the page's address is kept. */
function load({ agent = desktop, clicked = true, container = null }: Page = {}) {
  const went: string[] = [];
  const window: any = {
    navigator: { userAgent: agent, userActivation: { isActive: clicked } },
    fetch: (to: string, init: RequestInit) => fetch(to, init),
    location: { assign: (to: string) => went.push(to) },
    open: () => null,
  };
  const createElement = () => ({ dataset: {}, style: {}, addEventListener() {} });
  const document = { currentScript: { src: `${url()}${path}` }, querySelector: () => container, createElement };
  vm.runInNewContext(source, { window, document, URL });
  return { PortOne: window.PortOne, went };
}

let order: Record<string, unknown>;
beforeEach(() => {
  order = {
    ...{ storeId: store.storeId, channelKey: channel('card'), paymentId: newOrder(), orderName: '커피' },
    ...{ totalAmount: 15000, currency: 'KRW', payMethod: 'CARD' },
  };
});
const redirectUrl = 'https://shop.example/done?mine=1';

const refusalOf = (act: () => Promise<unknown>): Promise<any> =>
  act().then(
    () => ({ code: 'no error' }),
    (error) => error,
  );

describe('requestPayment', () => {
  it.each<[string, string, object, Page?]>([
    ['no order name', 'BadRequest', { orderName: '' }],
    ['no channel', 'BadRequest', { channelKey: undefined }],
    ['half a won', 'BadRequest', { totalAmount: 0.5 }],
    ['an amount of 0', 'BadRequest', { totalAmount: 0 }],
    ['no method', 'BadRequest', { payMethod: undefined }],
    ['a redirect to an app', 'BadRequest', { redirectUrl: 'myapp://done' }],
    ['a forced redirect to nowhere', 'BadRequest', { forceRedirect: true }],
    ['a phone without a way back', 'BadRequest', {}, { agent: phone }],
    ['no click', 'UnknownError', {}, { clicked: false }],
    ['an unknown store', 'StoreNotFound', { storeId: 'store-nobody' }],
    ['an unknown channel', 'ChannelNotFound', { channelKey: 'channel-key-nobody' }],
    ['a paymentId of five characters', 'RequestParseFailed', { paymentId: 'abcde' }],
    ['an unknown currency', 'RequestParseFailed', { currency: 'EUR' }],
    ['a window that this channel has not', 'RequestParseFailed', { windowType: { pc: 'POPUP' } }],
    [
      'two due dates',
      'RequestParseFailed',
      { virtualAccount: { accountExpiry: { validHours: 1, dueDate: '20261201' } } },
    ],
    ['dollars by card', 'PGProviderError', { currency: 'USD' }],
    ['a card on KakaoPay’s channel', 'PGProviderError', { channelKey: channel('kakaopay') }],
  ])('refuses %s with %s, as a payment error', async (_what, code, change, page) => {
    const error = await refusalOf(() => load(page).PortOne.requestPayment({ ...order, ...change }));
    expect([error.code, error.__portOneErrorType]).toEqual([code, 'PaymentError']);
    expect(error.message).not.toBe('');
  });

  it('refuses an amount that was not registered before, and a payment that is paid', async () => {
    const paymentId = order.paymentId as string;
    const headers = { authorization: `PortOne ${store.apiSecret}` };
    await call('POST', `/portone-v2/payments/${paymentId}/pre-register`, { totalAmount: 9000 }, headers);
    const ask = async () => (await refusalOf(() => load().PortOne.requestPayment(order))).code;
    expect(await ask()).toBe('AmountNotEqualToPredefined');
    await v2('pay', { channelKey: channel('card'), paymentId, amount: 9000 });
    order.totalAmount = 9000;
    expect(await ask()).toBe('PaymentAlreadyPaid');
  });

  it('takes the old spelling of a currency', async () => {
    const page = load({ agent: phone });
    void page.PortOne.requestPayment({ ...order, redirectUrl, currency: 'CURRENCY_KRW' });
    await expect.poll(() => page.went).toHaveLength(1);
  });

  it('on a phone leaves the page, and comes back with the paymentId and nothing else that counts', async () => {
    const page = load({ agent: phone });
    void page.PortOne.requestPayment({ ...order, redirectUrl });
    await expect.poll(() => page.went).toHaveLength(1);
    const opened = new URL(page.went[0] as string).pathname;
    const { body } = await call('POST', `${opened}/pay`, { method: 'card' });
    expect(Object.fromEntries(new URL(body.redirect).searchParams)).toEqual({ mine: '1', paymentId: order.paymentId });
    expect((await payment(order.paymentId as string)).status).toBe('PAID');
  });

  it('comes back with the token on a channel with manual approval, and with the reason after a failure', async () => {
    const page = load({ agent: phone });
    void page.PortOne.requestPayment({ ...order, redirectUrl, channelKey: channel('manual') });
    await expect.poll(() => page.went).toHaveLength(1);
    void page.PortOne.requestPayment({ ...order, redirectUrl });
    await expect.poll(() => page.went).toHaveLength(2);
    const [manual, card] = page.went.map((to) => new URL(to).pathname);
    const agreed = await call('POST', `${manual}/pay`, { method: 'card' });
    const said = Object.fromEntries(new URL(agreed.body.redirect).searchParams);
    expect(said).toMatchObject({ paymentId: order.paymentId, paymentToken: agreed.body.detail.paymentToken });
    const left = await call('POST', `${card}/cancel`, {});
    const why = Object.fromEntries(new URL(left.body.redirect).searchParams);
    expect(why).toMatchObject({ paymentId: order.paymentId, code: 'FAILURE_TYPE_PG', pgCode: 'PAY_PROCESS_CANCELED' });
  });
});

describe('loadPaymentUI', () => {
  const paypal = () => {
    const { payMethod: _payMethod, ...rest } = order;
    return { ...rest, uiType: 'PAYPAL_SPB', channelKey: channel('paypal'), currency: 'USD', totalAmount: 1420 };
  };
  const loadUI = (change: object = {}, page: Page = { container: {} }) =>
    refusalOf(() => load(page).PortOne.loadPaymentUI({ ...paypal(), ...change }, {}));

  it.each<[string, string, object, Page?]>([
    ['no container in the document', 'BadRequest', {}, { container: null }],
    ['another kind of button', 'BadRequest', { uiType: 'PAYPAL_RT' }],
    ['another kind of window', 'BadRequest', { windowType: { pc: 'POPUP' } }],
    ['won', 'PGProviderError', { currency: 'KRW' }],
    ['products that cost something else', 'RequestParseFailed', { products: [{ amount: 100, quantity: 1 }] }],
    ['a channel that is not PayPal’s', 'PGProviderError', { channelKey: channel('kakaopay') }],
  ])('refuses %s with %s', async (_what, code, change, page) => {
    expect((await loadUI(change, page)).code).toBe(code);
  });

  it('puts a button into the container and opens nothing by itself', async () => {
    const put: unknown[] = [];
    const page = load({ container: { replaceChildren: (button: unknown) => put.push(button) } });
    await page.PortOne.loadPaymentUI(paypal(), {});
    const { body } = await call('GET', '/control/books');
    expect([put.length, body.records]).toEqual([1, []]);
  });

  it('can’t be updated before it was loaded', async () => {
    const { PortOne } = load();
    expect((await refusalOf(() => PortOne.updateLoadPaymentUIRequest(paypal()))).code).toBe('BadRequest');
  });
});
