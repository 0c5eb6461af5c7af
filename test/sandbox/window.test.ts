import { describe, expect, it } from 'vitest';
import { clientKey, minutes, useSandbox } from './harness.js';

const { time, url, call, confirm, look, newOrder } = useSandbox();
const shop = { origin: 'https://shop.example' };

const request = (more: object = {}) => ({
  clientKey,
  method: 'CARD',
  orderId: newOrder(),
  orderName: '커피',
  amount: { currency: 'KRW', value: 15000 },
  successUrl: 'https://shop.example/done?mine=1&amount=5',
  failUrl: 'https://shop.example/back?ref=7',
  ...more,
});

/** As the script does when the shop asks for a payment. */
async function open(more: object = {}) {
  const asked = request(more);
  const { status, body } = await call('POST', '/toss/sdk/open', asked, shop);
  return { ...asked, status, body, path: body.path as string, paymentKey: body.paymentKey as string };
}

const page = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url()}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the payment window', () => {
  it('says sandbox, order and amount, in Korean unless English is asked for', async () => {
    const { path } = await open();
    const korean = await page(path);
    for (const text of ['<html lang="ko">', '실제 결제가 아닙니다', '커피', '15,000원', '카카오페이'])
      expect(korean.text).toContain(text);
    for (const english of [await page(`${path}?lang=en`), await page(path, { 'accept-language': 'en-US,en;q=0.9' })])
      for (const text of ['<html lang="en">', 'no real money', '₩15,000', 'KakaoPay'])
        expect(english.text).toContain(text);
  });

  it('shows what the shop wrote as text, never as markup', async () => {
    const { path } = await open({ orderName: '</title><script>alert(1)</script>"\'&' });
    const { text } = await page(path);
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  });

  it('may be framed by any shop', async () => {
    const { headers } = await page((await open()).path);
    expect(headers.get('x-frame-options')).toBeNull();
    expect(headers.get('content-security-policy')).toBeNull();
  });

  it('after paying, leads to the success URL with the shop’s own parameters kept and ours set', async () => {
    const { path, paymentKey, orderId } = await open();
    const { body } = await call('POST', `${path}/pay`, { method: 'card', card: '4300 0000 0000 0001' });
    expect(Object.fromEntries(new URL(body.redirect).searchParams)).toEqual({
      mine: '1',
      amount: '15000',
      orderId,
      paymentKey,
    });
    expect((await look(paymentKey)).body.status).toBe('IN_PROGRESS');
    expect((await confirm({ paymentKey, orderId, amount: 15000 })).body.status).toBe('DONE');
    expect((await call('POST', `${path}/pay`, { method: 'card' })).body.code).toBe('processed');
  });

  it('of a widget says the kind of payment too', async () => {
    const { path } = await open({ clientKey: 'test_gck_demo1', method: 'kakaopay' });
    const { body } = await call('POST', `${path}/pay`, { method: 'kakaopay' });
    expect(new URL(body.redirect).searchParams.get('paymentType')).toBe('NORMAL');
  });

  it('without URLs gives what the promise resolves with', async () => {
    const { path, paymentKey, orderId } = await open({ successUrl: undefined, failUrl: undefined });
    const { body } = await call('POST', `${path}/pay`, { method: 'tosspay' });
    expect(body).toEqual({ detail: { paymentKey, orderId, amount: { value: 15000, currency: 'KRW' } } });
  });

  it('when canceled, leads to the fail URL without an order id, and the payment stays READY', async () => {
    const { path, paymentKey } = await open();
    const { body } = await call('POST', `${path}/cancel`, {});
    const { searchParams } = new URL(body.redirect);
    expect([...searchParams.keys()]).toEqual(['ref', 'code', 'message']);
    expect(searchParams.get('code')).toBe('PAY_PROCESS_CANCELED');
    expect(body.detail.code).toBe('USER_CANCEL');
    expect((await look(paymentKey)).body.status).toBe('READY');
  });

  it.each([
    ['a card that is no test card', { method: 'card', card: '4111111111111111' }, '400 card'],
    ['a method it does not offer', { method: 'phone' }, '400 method'],
    ['a method that is none', { method: 'constructor' }, '400 method'],
  ])('refuses %s', async (_what, body, expected) => {
    const { path, paymentKey } = await open();
    const answer = await call('POST', `${path}/pay`, body);
    expect(`${answer.status} ${answer.body.code}`).toBe(expected);
    expect((await look(paymentKey)).body.status).toBe('READY');
  });

  it('is over after 30 minutes', async () => {
    const { path } = await open();
    time.now += minutes(30) + 1;
    expect((await call('POST', `${path}/pay`, { method: 'card' })).body.code).toBe('expired');
  });

  it('shows a receipt once money has moved, and nothing for what it does not know', async () => {
    const { path, paymentKey, orderId } = await open();
    expect((await page(`${path}/receipt`)).status).toBe(404);
    await call('POST', `${path}/pay`, { method: 'card' });
    const { body } = await confirm({ paymentKey, orderId, amount: 15000 });
    expect(body.receipt.url).toBe(`${url()}${path}/receipt`);
    expect((await page(`${path}/receipt`)).text).toContain(orderId);
    expect((await page('/window/nothing')).status).toBe(404);
  });
});

describe('opening a window', () => {
  it.each<[string, object, string]>([
    ['a client key that is none', { clientKey: 'hello' }, 'INVALID_CLIENT_KEY'],
    ['an order id of five characters', { orderId: 'abcde' }, 'INVALID_REQUEST'],
    ['half a won', { amount: { currency: 'KRW', value: 0.5 } }, 'INVALID_REQUEST'],
    ['an unknown currency', { amount: { currency: 'EUR', value: 5 } }, 'INVALID_REQUEST'],
    ['an unknown method', { method: 'COWRIES' }, 'NOT_SUPPORTED_METHOD'],
    ['an order name of 101 characters', { orderName: 'x'.repeat(101) }, 'INVALID_REQUEST'],
    ['a URL that would run a script', { successUrl: 'javascript:alert(1)' }, 'INVALID_REQUEST'],
  ])('is refused with %s', async (_what, more, code) => {
    const opened = await open(more);
    expect([opened.status, opened.body.code]).toEqual([400, code]);
  });

  it('refused in redirect mode, leads to the fail URL with the order id', async () => {
    const { body, orderId } = await open({ method: 'COWRIES' });
    const said = Object.fromEntries(new URL(body.redirect).searchParams);
    expect(said).toMatchObject({ ref: '7', code: 'NOT_SUPPORTED_METHOD', orderId });
  });
});
