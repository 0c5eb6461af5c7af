import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { findBrowser } from '../support/browser.mjs';

/** The stand-in of PortOne's script in a real browser, on a shop's page of another origin that keeps its popups. */
const sandbox = createSandbox();
let at: { url: string; close(): Promise<void> };
let shop: Server;
let shopUrl: string;
let browser: Browser;
let context: BrowserContext;
let orders = 0;

const page = () => `<!doctype html><title>shop</title><button id="go">pay</button>
<div class="portone-ui-container"></div><script src="${at.url}/portone-v2/v2/browser-sdk.js"></script><script>
const failed = ({ code, pgCode, __portOneErrorType }) => ({ rejected: code, pgCode, is: __portOneErrorType });
const pay = () => PortOne.requestPayment(order).then((said) => { result = said; }, (error) => { result = failed(error); });
const loadButton = () => PortOne.loadPaymentUI(order, {
  onPaymentSuccess: (said) => { result = said; },
  onPaymentFail: (error) => { result = failed(error); },
});
let order, result;
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

/** A shop's page whose order is set; errors on it fail the test. */
async function open(more: object, device: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  context = await browser.newContext(device);
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  await tab.goto(shopUrl);
  const order = {
    ...{ storeId: 'store-demo', channelKey: 'channel-key-demo-card', paymentId: `window-${++orders}` },
    ...{ orderName: '커피', totalAmount: 15_000, currency: 'KRW', payMethod: 'CARD', ...more },
  };
  await tab.evaluate(`order = ${JSON.stringify(order)}`);
  return tab;
}

const naverpay = { channelKey: 'channel-key-demo-naverpay', payMethod: 'EASY_PAY' };
const frame = (tab: Page) => tab.frameLocator('[data-testid=payment-frame]');
const paymentId = () => `window-${orders}`;

async function resultOf(tab: Page): Promise<Record<string, unknown>> {
  await tab.waitForFunction('result !== undefined');
  return tab.evaluate('result');
}

async function popupOf(tab: Page, button = '#go'): Promise<Page> {
  const [popup] = await Promise.all([tab.waitForEvent('popup'), tab.click(button)]);
  return popup;
}

test('a payment in the overlay resolves without a code', async () => {
  const tab = await open({});
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  const { txId, ...rest } = await resultOf(tab);
  expect(rest).toEqual({ transactionType: 'PAYMENT', paymentId: paymentId() });
  expect(sandbox.bank.get(txId as string)?.state).toBe('paid');
  expect(await tab.getByTestId('payment-frame').count()).toBe(0);
});

test('a channel with manual approval gives a token and charges nothing', async () => {
  const tab = await open({ channelKey: 'channel-key-demo-manual', payMethod: 'VIRTUAL_ACCOUNT' });
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  const { txId, paymentToken } = await resultOf(tab);
  expect(paymentToken).toMatch(/^ptk-/);
  expect(sandbox.bank.get(txId as string)?.state).toBe('authenticated');
});

test('a declined card and a shopper who leaves resolve with a code', async () => {
  const tab = await open({});
  await tab.click('#go');
  await frame(tab).getByTestId('card-0002').click();
  await frame(tab).getByTestId('pay').click();
  expect(await resultOf(tab)).toMatchObject({ code: 'FAILURE_TYPE_PG', pgCode: 'REJECT_CARD_PAYMENT' });
  await tab.evaluate('result = undefined');
  await tab.click('#go');
  await frame(tab).getByTestId('cancel').click();
  expect(await resultOf(tab)).toMatchObject({ code: 'FAILURE_TYPE_PG', pgCode: 'PAY_PROCESS_CANCELED' });
});

test('a forced redirect comes back with the paymentId', async () => {
  const tab = await open({ redirectUrl: `${shopUrl}?mine=1`, forceRedirect: true });
  await tab.click('#go');
  await frame(tab).getByTestId('pay').click();
  await tab.waitForURL(`${shopUrl}?mine=1&paymentId=${paymentId()}`);
});

test('a phone leaves the page for the window and comes back', async () => {
  const phone = { isMobile: true, hasTouch: true, userAgent: 'Mozilla/5.0 (Linux; Android 14) Chrome/143 Mobile' };
  const tab = await open({ redirectUrl: `${shopUrl}?back=1` }, phone);
  await tab.tap('#go');
  await tab.getByTestId('pay').tap();
  await tab.waitForURL(`${shopUrl}?back=1&paymentId=${paymentId()}`);
});

test('a popup tells its opener and closes', async () => {
  const tab = await open(naverpay);
  const popup = await popupOf(tab);
  const closed = popup.waitForEvent('close');
  await popup.getByTestId('pay').click();
  expect(await resultOf(tab)).not.toHaveProperty('code');
  await closed;
});

test('a popup that is closed by hand is a shopper who left', async () => {
  const tab = await open({ ...naverpay, windowType: { pc: 'POPUP' } });
  const popup = await popupOf(tab);
  await popup.getByTestId('pay').waitFor();
  await popup.close();
  expect(await resultOf(tab)).toMatchObject({ pgCode: 'PAY_PROCESS_CANCELED' });
});

test('an early error rejects and leaves no popup behind', async () => {
  const tab = await open({ ...naverpay, payMethod: 'CARD', windowType: { pc: 'POPUP' } });
  const popup = await popupOf(tab);
  expect(await resultOf(tab)).toEqual({ rejected: 'PGProviderError', is: 'PaymentError' });
  await expect.poll(() => popup.isClosed()).toBe(true);
});

test('without a click nothing opens', async () => {
  const tab = await open({});
  // By the page itself as it loads: what a test evaluates counts as a click.
  await tab.evaluate('sessionStorage.order = JSON.stringify(order)');
  await tab.reload();
  expect(await resultOf(tab)).toMatchObject({ rejected: 'UnknownError' });
  expect(sandbox.bank.byOrderId(paymentId())).toEqual([]);
});

test('PayPal puts its button into the page, opens its own window, and may be tried again', async () => {
  const tab = await open({
    ...{ uiType: 'PAYPAL_SPB', channelKey: 'channel-key-demo-paypal' },
    ...{ currency: 'USD', totalAmount: 1_420, payMethod: undefined },
  });
  await tab.evaluate('loadButton()');
  const button = '[data-testid=paypal-button]';
  const left = await popupOf(tab, button);
  expect(await left.getByTestId('amount').innerText()).toBe('$14.20');
  await left.getByTestId('cancel').click();
  expect(await resultOf(tab)).toMatchObject({ pgCode: 'PAY_PROCESS_CANCELED', is: 'PaymentError' });
  await tab.evaluate('result = undefined');
  const popup = await popupOf(tab, button);
  await popup.getByTestId('pay').click();
  expect(await resultOf(tab)).toMatchObject({ paymentId: paymentId(), transactionType: 'PAYMENT' });
  expect(sandbox.bank.byOrderId(paymentId()).map(({ state }) => state)).toEqual(['failed', 'paid']);
});
