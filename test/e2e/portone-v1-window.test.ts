import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { findBrowser } from '../support/browser.mjs';

/** The stand-in of V1's script in a real browser, on a shop's page of another origin that keeps its popups. */
const sandbox = createSandbox();
let at: { url: string; close(): Promise<void> };
let shop: Server;
let shopUrl: string;
let browser: Browser;
let context: BrowserContext;
let orders = 0;

const page = () => `<!doctype html><title>shop</title><button id="go">pay</button>
<div class="portone-ui-container" data-portone-ui-type="paypal-spb"></div>
<script src="${at.url}/portone-v1/v1/iamport.js"></script><script>
const results = [];
let order;
const pay = () => IMP.request_pay(order, (said) => results.push(said));
const loadButton = () => IMP.loadUI('paypal-spb', order, (said) => results.push(said));
IMP.init('imp00000001');
document.getElementById('go').addEventListener('click', pay);
if (sessionStorage.order) { order = JSON.parse(sessionStorage.order); pay(); }
</script>`;

beforeAll(async () => {
  at = await sandbox.listen(0);
  shop = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html', 'cross-origin-opener-policy': 'same-origin-allow-popups' });
    res.end(page());
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}/`;
  const { executablePath, args, env } = await findBrowser();
  browser = await chromium.launch({ executablePath, args, env: env as Record<string, string> });
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  shop?.closeAllConnections();
  shop?.close();
  await at?.close();
});

/** A shop's page whose order is set. */
async function open(more: object = {}, device: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  context = await browser.newContext(device);
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  await tab.goto(shopUrl);
  const order = {
    ...{ channelKey: 'channel-key-v1-demo-card', merchant_uid: `window-${++orders}`, name: '커피' },
    ...{ amount: 15_000, currency: 'KRW', pay_method: 'card', ...more },
  };
  await tab.evaluate(`order = ${JSON.stringify(order)}`);
  return tab;
}

const naverpay = { channelKey: 'channel-key-v1-demo-naverpay', pay_method: 'naverpay' };
const frame = (tab: Page) => tab.frameLocator('[data-testid=payment-frame]');
const merchantUid = () => `window-${orders}`;

async function resultOf(tab: Page, count = 1): Promise<Record<string, unknown>> {
  await tab.waitForFunction(`results.length >= ${count}`);
  return tab.evaluate('results.at(-1)');
}

async function popupOf(tab: Page, button = '#go'): Promise<Page> {
  const [popup] = await Promise.all([tab.waitForEvent('popup'), tab.click(button)]);
  return popup;
}

test('a payment in the overlay calls back without an error, and says nothing of success', async () => {
  const tab = await open();
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  const { imp_uid, ...rest } = await resultOf(tab);
  expect(rest).toEqual({ merchant_uid: merchantUid() });
  expect(sandbox.bank.get(imp_uid as string)?.state).toBe('paid');
  expect(await tab.getByTestId('payment-frame').count()).toBe(0);
});

test('a declined card and a shopper who leaves call back with the company’s code, and the next try pays', async () => {
  const tab = await open();
  await tab.click('#go');
  await frame(tab).getByTestId('card-0002').click();
  await frame(tab).getByTestId('pay').click();
  expect(await resultOf(tab)).toMatchObject({ error_code: 'REJECT_CARD_PAYMENT' });
  await tab.click('#go');
  await frame(tab).getByTestId('cancel').click();
  expect(await resultOf(tab, 2)).toMatchObject({ error_code: 'PAY_PROCESS_CANCELED' });
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  expect(await resultOf(tab, 3)).not.toHaveProperty('error_code');
  expect(sandbox.bank.byOrderId(merchantUid()).map(({ state }) => state)).toEqual(['failed', 'failed', 'paid']);
});

test('an issued account calls back like a payment', async () => {
  const tab = await open({ channelKey: 'channel-key-v1-demo-virtual_account', pay_method: 'vbank' });
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  const { imp_uid } = await resultOf(tab);
  expect(sandbox.bank.get(imp_uid as string)?.state).toBe('awaiting_deposit');
});

test.each<[string, string, object, string]>([
  ['kakaopay', 'kakaopay', {}, 'paid'],
  ['tosspay', 'tosspay', {}, 'paid'],
  ['transfer', 'trans', {}, 'paid'],
  ['phone', 'phone', { digital: true }, 'paid'],
  ['virtual_account', 'vbank', { vbank_due: '20991231' }, 'awaiting_deposit'],
])('%s is paid in its own window', async (method, pay_method, more, state) => {
  const tab = await open({ channelKey: `channel-key-v1-demo-${method}`, pay_method, ...more });
  await tab.click('#go');
  expect(await frame(tab).getByTestId(`method-${method}`).isChecked()).toBe(true);
  await frame(tab).getByTestId('pay').click();
  expect(await resultOf(tab)).not.toHaveProperty('error_code');
  expect(sandbox.bank.byOrderId(merchantUid()).map((record) => record.state)).toEqual([state]);
});

test('a phone leaves the page for the window and comes back, paid or not', async () => {
  const phone = { isMobile: true, hasTouch: true, userAgent: 'Mozilla/5.0 (Linux; Android 14) Chrome/143 Mobile' };
  for (const [button, failed] of [
    ['pay', false],
    ['cancel', true],
  ] as const) {
    const tab = await open({ m_redirect_url: `${shopUrl}?back=1` }, phone);
    await tab.tap('#go');
    await tab.getByTestId(button).tap();
    await tab.waitForURL((url) => url.searchParams.get('merchant_uid') === merchantUid());
    const { searchParams } = new URL(tab.url());
    expect(searchParams.get('back')).toBe('1');
    expect(searchParams.get('imp_uid')).toMatch(/^imp_/);
    expect(searchParams.has('error_code')).toBe(failed);
    await context.close();
  }
});

test('a popup tells its opener and closes; one that is closed by hand is a shopper who left', async () => {
  const tab = await open(naverpay);
  const left = await popupOf(tab);
  await left.getByTestId('pay').waitFor();
  await left.close();
  expect(await resultOf(tab)).toMatchObject({ error_code: 'PAY_PROCESS_CANCELED' });
  const popup = await popupOf(tab);
  const closed = popup.waitForEvent('close');
  await popup.getByTestId('pay').click();
  expect(await resultOf(tab, 2)).not.toHaveProperty('error_code');
  await closed;
});

test('an early refusal has no imp_uid, and leaves no popup behind', async () => {
  const tab = await open({ ...naverpay, amount: '15000', popup: true });
  await tab.click('#go');
  expect(await resultOf(tab)).toMatchObject({ imp_uid: null, merchant_uid: merchantUid() });
  const nowhere = await open({ channelKey: 'channel-key-nowhere', popup: true });
  const popup = await popupOf(nowhere);
  expect(await resultOf(nowhere)).toMatchObject({ imp_uid: null, error_code: expect.any(String) });
  await expect.poll(() => popup.isClosed()).toBe(true);
});

test('without a click nothing opens', async () => {
  const tab = await open();
  // By the page itself as it loads: what a test evaluates counts as a click.
  await tab.evaluate('sessionStorage.order = JSON.stringify(order)');
  await tab.reload();
  expect(await resultOf(tab)).toMatchObject({ imp_uid: null, error_code: expect.any(String) });
  expect(sandbox.bank.byOrderId(merchantUid())).toEqual([]);
});

test('PayPal puts its button into the page, opens its own window, and may be tried again', async () => {
  const payPal = { channelKey: 'channel-key-v1-demo-paypal', currency: 'USD', amount: 14.2, pay_method: 'paypal' };
  const tab = await open(payPal);
  await tab.evaluate('loadButton()');
  const button = '[data-testid=paypal-button]';
  const left = await popupOf(tab, button);
  expect(await left.getByTestId('amount').innerText()).toBe('$14.20');
  await left.getByTestId('cancel').click();
  expect(await resultOf(tab)).toMatchObject({ error_code: 'PAY_PROCESS_CANCELED' });
  const popup = await popupOf(tab, button);
  await popup.getByTestId('pay').click();
  expect(await resultOf(tab, 2)).not.toHaveProperty('error_code');
  expect(sandbox.bank.byOrderId(merchantUid()).map(({ state }) => state)).toEqual(['failed', 'paid']);
});
