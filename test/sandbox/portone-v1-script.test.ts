import vm from 'node:vm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { account, channel, useV1 } from './v1-harness.js';

const { url, call, control, newOrder, v1, look, prepare } = useV1();
const path = '/portone-v1/v1/iamport.js';
let source = '';
beforeAll(async () => {
  const response = await fetch(`${url()}${path}`);
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  source = await response.text();
});

const phone = 'Mozilla/5.0 (Linux; Android 14) Chrome/143 Mobile';

interface Page {
  agent?: string;
  clicked?: boolean;
  containers?: object[];
  /** Has the page an element with the id `paypal`? */
  paypalId?: boolean;
  userCode?: string | null;
}

/** Loads the served script into a page of nothing but what its checks look at; the page's address and warnings are kept. */
function load(page: Page = {}) {
  const { agent = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/143', clicked = true, containers = [] } = page;
  const went: string[] = [];
  const warned: string[] = [];
  const window: any = {
    navigator: { userAgent: agent, userActivation: { isActive: clicked } },
    fetch: (to: string, init: RequestInit) => fetch(to, init),
    location: { assign: (to: string) => went.push(to) },
    open: () => null,
    console: { warn: (text: string) => warned.push(text) },
  };
  const document = {
    currentScript: { src: `${url()}${path}` },
    querySelectorAll: () => containers,
    getElementById: () => (page.paypalId ? {} : null),
    createElement: () => ({ dataset: {}, style: {}, addEventListener() {} }),
  };
  vm.runInNewContext(source, { window, document, URL, Promise });
  const { IMP } = window;
  if (page.userCode !== null) IMP.init(page.userCode ?? account.userCode);
  return { IMP, went, warned };
}

let order: Record<string, unknown>;
beforeEach(async () => {
  await v1('accounts', { userCode: account.userCode, results: 'new' });
  order = {
    ...{ channelKey: channel('card'), pay_method: 'card', merchant_uid: newOrder(), name: '커피', amount: 15000 },
    m_redirect_url: 'https://shop.example/done?mine=1',
  };
});

const resultOf = (change: object = {}, page?: Page) =>
  new Promise<any>((resolve) => load(page).IMP.request_pay({ ...order, ...change }, resolve));

/** Where a phone comes back to after the window at the address the page went to. */
async function onPhone(act: (window: string) => Promise<{ body: any }>, change: object = {}) {
  const page = load({ agent: phone });
  const told: unknown[] = [];
  page.IMP.request_pay({ ...order, ...change }, (said: unknown) => told.push(said));
  await expect.poll(() => page.went).toHaveLength(1);
  const { body } = await act(new URL(page.went[0] as string).pathname);
  expect(told).toEqual([]);
  return { back: Object.fromEntries(new URL(body.redirect).searchParams), detail: body.detail };
}
const pays = (window: string) => call('POST', `${window}/pay`, { method: 'card' });
const leaves = (window: string) => call('POST', `${window}/cancel`, {});

describe('request_pay', () => {
  it.each<[string, string, object, Page?]>([
    ['no channel', 'INVALID_PARAMETER', { channelKey: undefined }],
    ['an amount in a text', 'INVALID_PARAMETER', { amount: '15000' }],
    ['an amount of 0', 'INVALID_PARAMETER', { amount: 0 }],
    ['half a won', 'INVALID_PARAMETER', { amount: 0.5 }],
    ['a merchant_uid of 41 characters', 'INVALID_PARAMETER', { merchant_uid: 'x'.repeat(41) }],
    ['no name', 'INVALID_PARAMETER', { name: '' }],
    ['a name of 41 characters', 'INVALID_PARAMETER', { name: 'x'.repeat(41) }],
    ['a phone without a way back', 'INVALID_PARAMETER', { m_redirect_url: undefined }, { agent: phone }],
    ['a way back to nowhere', 'INVALID_PARAMETER', { m_redirect_url: 'http://' }, { agent: phone }],
    ['a way back into an app', 'INVALID_PARAMETER', { m_redirect_url: 'myapp://done' }, { agent: phone }],
    ['a phone bill that does not say what it is for', 'INVALID_PARAMETER', { pay_method: 'phone' }],
    ['a due date that has passed', 'INVALID_PARAMETER', { pay_method: 'vbank', vbank_due: '20200101' }],
    ['a due date that is none', 'INVALID_PARAMETER', { pay_method: 'vbank', vbank_due: 'soon' }],
    ['an unknown currency', 'INVALID_PARAMETER', { currency: 'EUR' }],
    ['dollars by card', 'INVALID_PARAMETER', { currency: 'USD' }],
    ['a billing key', 'INVALID_PARAMETER', { customer_uid: 'c-1' }],
    ['an unknown channel', 'CHANNEL_NOT_FOUND', { channelKey: 'channel-key-nobody' }],
    ['an unknown pg', 'CHANNEL_NOT_FOUND', { channelKey: undefined, pg: 'tosspayments.nobody' }],
    ['an unknown user code', 'UNKNOWN_USER_CODE', {}, { userCode: 'imp99999999' }],
    ['no init', 'UNKNOWN_USER_CODE', {}, { userCode: null }],
    ['no click', 'WINDOW_BLOCKED', {}, { clicked: false }],
  ])('with %s fails early with %s and no imp_uid', async (_what, code, change, page) => {
    const said = await resultOf(change, page);
    expect(said).toMatchObject({ imp_uid: null, error_code: code, error_msg: expect.stringMatching(/./) });
    expect(said.success).toBeUndefined();
    expect((await control('books')).body.records).toEqual([]);
  });

  it('with another amount than was prepared, or of what is paid, fails early', async () => {
    const { merchant_uid } = order;
    await prepare({ merchant_uid, amount: 9000 });
    expect((await resultOf()).error_code).toBe('PREPARED_AMOUNT_MISMATCH');
    await v1('pay', { merchant_uid, amount: 9000 });
    expect(await resultOf({ amount: 9000 })).toMatchObject({ imp_uid: null, merchant_uid, error_code: 'ALREADY_PAID' });
  });

  it('says early failures after the call, never inside it', async () => {
    let inside = true;
    const seen: boolean[] = [];
    load().IMP.request_pay({ ...order, amount: 0 }, () => seen.push(inside));
    inside = false;
    await expect.poll(() => seen).toEqual([false]);
  });

  it('returns nothing: the callback alone tells', () => {
    expect(load({ agent: phone }).IMP.request_pay(order, () => {})).toBeUndefined();
  });

  it('on a phone leaves the page for good, and comes back with both ids', async () => {
    const { back } = await onPhone(pays);
    expect(back).toEqual({ mine: '1', imp_uid: expect.stringMatching(/^imp_/), merchant_uid: order.merchant_uid });
    expect(await look(back.imp_uid as string)).toMatchObject({ status: 'paid', channel: 'mobile' });
  });

  it('on a phone comes back from a window that was left with the company’s words', async () => {
    const { back } = await onPhone(leaves);
    expect(back).toMatchObject({ error_code: 'PAY_PROCESS_CANCELED', error_msg: expect.stringMatching(/./) });
  });
});

describe('the shape of the result', () => {
  const switchTo = (results: string) => v1('accounts', { userCode: account.userCode, results });

  it('may be the legacy one, with success and status', async () => {
    await switchTo('legacy');
    const paid = await onPhone(pays);
    expect(paid.back.imp_success).toBe('true');
    expect(paid.detail).toMatchObject({
      success: true,
      status: 'paid',
      paid_amount: 15000,
      pg_provider: 'tosspayments',
    });
    const left = await onPhone(leaves, { merchant_uid: newOrder() });
    expect(left.back).toMatchObject({ imp_success: 'false', error_code: 'PAY_PROCESS_CANCELED' });
    expect(left.detail).toMatchObject({ success: false, status: 'failed' });
    expect(await resultOf({ currency: 'EUR' })).toMatchObject({ success: false, error_code: 'INVALID_PARAMETER' });
  });

  it('may say "no success" of what was paid, as the legacy one sometimes does', async () => {
    await switchTo('legacy_wrong');
    const { back, detail } = await onPhone(pays);
    expect([back.imp_success, back.error_code, detail.success]).toEqual(['false', undefined, false]);
    expect((await look(back.imp_uid as string)).status).toBe('paid');
  });

  it('may come back without the imp_uid', async () => {
    await switchTo('no_imp_uid');
    expect((await onPhone(pays)).back).toEqual({ mine: '1', merchant_uid: order.merchant_uid });
  });

  it('must be one that there is', async () => {
    expect((await switchTo('newest')).status).toBe(400);
  });
});

describe('init', () => {
  it('twice is warned of', () => {
    const { IMP, warned } = load();
    expect(warned).toEqual([]);
    IMP.init(account.userCode);
    expect(warned).toHaveLength(1);
  });

  it('of a sub-merchant is agency', async () => {
    const { IMP, went } = load({ agent: phone, userCode: null });
    IMP.agency(account.userCode, 'SUB');
    IMP.request_pay(order, () => {});
    await expect.poll(() => went).toHaveLength(1);
    expect((await control('books')).body.records).toMatchObject([{ merchant: `${account.userCode}/SUB` }]);
  });
});

describe('loadUI', () => {
  const paypal = () => ({
    ...order,
    channelKey: channel('paypal'),
    pay_method: 'paypal',
    currency: 'USD',
    amount: 14.2,
  });
  const container = (type?: string) => ({ dataset: { portoneUiType: type }, replaceChildren() {} });
  const spb = 'paypal-spb';

  it.each<[string, Page, string]>([
    ['without a container', {}, spb],
    ['with two that look the same', { containers: [container(), container()] }, spb],
    ['with one of another kind alone', { containers: [container('paypal-rt')] }, spb],
    ['with an element whose id is paypal', { containers: [container()], paypalId: true }, spb],
    ['of another kind of button', { containers: [container('paypal-rt')] }, 'paypal-rt'],
  ])('%s throws', (_what, page, type) => {
    expect(() => load(page).IMP.loadUI(type, paypal(), () => {})).toThrow();
  });

  it.each<[string, string, object]>([
    ['won', 'INVALID_PARAMETER', { currency: 'KRW', amount: 15000 }],
    ['a text for an amount', 'INVALID_PARAMETER', { amount: '14.2' }],
    ['a channel that is not PayPal’s', 'INVALID_PARAMETER', { channelKey: channel('kakaopay') }],
    ['an unknown channel', 'CHANNEL_NOT_FOUND', { channelKey: 'channel-key-nobody' }],
  ])('with %s tells the callback %s', async (_what, code, change) => {
    const { IMP } = load({ containers: [container(spb)] });
    const said = await new Promise<any>((tell) => IMP.loadUI(spb, { ...paypal(), ...change }, tell));
    expect(said).toMatchObject({ imp_uid: null, error_code: code });
  });

  it('puts a button into its own container and opens nothing by itself', async () => {
    const put: unknown[] = [];
    const own = { ...container(spb), replaceChildren: (button: unknown) => put.push(button) };
    load({ containers: [container('paypal-rt'), own] }).IMP.loadUI(spb, paypal(), () => {});
    await expect.poll(() => put).toHaveLength(1);
    expect((await control('books')).body.records).toEqual([]);
  });

  it('can’t be updated before it was loaded', () => {
    expect(() => load().IMP.updateLoadUIRequest(spb, paypal())).toThrow();
  });
});
