import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Launch, PortOneV1Launch, PortOneV2Launch, TossLaunch } from '../../contract/index.js';
import { demoAccount } from '../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { findBrowser } from '../support/browser.mjs';

/** The launchers as a browser loads them, on a shop's page, with the stand-ins of the providers' scripts from another origin. */
const sandbox = createSandbox();
const root = fileURLToPath(new URL('../..', import.meta.url));
let at: { url: string; close(): Promise<void> };
let shop: Server;
let shopUrl: string;
let browser: Browser;
let context: BrowserContext;
let orders = 0;

/** What a page of ours would do: load at the first intent, open in the click. The pay button is `go`. */
const page = (nonce: string) => `<!doctype html><title>shop</title><button id="go">pay</button>
<div id="methods"></div><div id="terms"></div>
<script type="module" nonce="${nonce}">
import { toss } from '/toss.js';
import { portOneV2 } from '/portone-v2.js';
import { portOneV1 } from '/portone-v1.js';
const launcherOf = ({ provider }) => ({ toss, 'portone-v2': portOneV2, 'portone-v1': portOneV1 })[provider];
const log = { results: [], ready: [], openings: 0 };
let launch, context, controls;
const places = { methods: document.getElementById('methods'), agreement: document.getElementById('terms') };
Object.assign(window, {
  log,
  async load(given, options) {
    launch = given;
    return (await launcherOf(launch).preload(launch, options)) ?? 'ready';
  },
  expectWindow(given) { context = given; },
  async mount() {
    controls = await launcherOf(launch).mount(launch, places, {
      onReady: (ready) => log.ready.push(ready),
      onOpening: () => { log.openings += 1; },
      onResult: (result) => log.results.push(result),
    });
    return controls.outcome ?? 'drawn';
  },
  update: (next) => controls.update(next),
  unmount: () => controls.unmount(),
});
const open = () => (controls ?? launcherOf(launch)).open(launch, context ?? { redirect: 'auto' }).then((result) => log.results.push(result));
document.getElementById('go').addEventListener('click', open);
if (sessionStorage.again) setTimeout(async () => { await load(JSON.parse(sessionStorage.again)); await open(); }, 0);
</script>`;

async function modules(): Promise<Map<string, string>> {
  const names = ['toss', 'portone-v2', 'portone-v1'];
  const entry = Object.fromEntries(names.map((name) => [name, `widget/providers/${name}.ts`]));
  const built = await build({
    ...{ root, configFile: false, logLevel: 'warn', publicDir: false },
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  return new Map(output.filter((each) => each.type === 'chunk').map(({ fileName, code }) => [`/${fileName}`, code]));
}

beforeAll(async () => {
  const [listening, files, { executablePath, args, env }] = await Promise.all([
    sandbox.listen(0),
    modules(),
    findBrowser(),
  ]);
  at = listening;
  shop = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://shop');
    const code = files.get(pathname);
    res.setHeader('content-type', code === undefined ? 'text/html; charset=utf-8' : 'text/javascript');
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-r4nd0m'; connect-src ${at.url}; frame-src ${at.url}`;
    if (searchParams.has('strict')) res.setHeader('content-security-policy', policy);
    res.end(code ?? page('r4nd0m'));
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}/`;
  browser = await chromium.launch({ executablePath, args, env: env as Record<string, string> });
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  shop?.closeAllConnections();
  shop?.close();
  await at?.close();
});

const phone = {
  ...{ isMobile: true, hasTouch: true },
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143 Mobile Safari/537.36',
};

async function visit(device: Parameters<Browser['newContext']>[0] = {}, path = ''): Promise<Page> {
  context = await browser.newContext({ locale: 'ko-KR', ...device });
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  await tab.goto(shopUrl + path);
  // Asked from here, because a policy without `unsafe-eval` lets nothing wait inside the page.
  await expect.poll(() => tab.evaluate('window.log !== undefined'), { timeout: 15_000 }).toBe(true);
  return tab;
}

const load = (tab: Page, launch: Launch, options = {}) =>
  tab.evaluate(`load(${JSON.stringify(launch)}, ${JSON.stringify(options)})`);

async function lastResult(tab: Page, count = 1): Promise<Record<string, unknown>> {
  await tab.waitForFunction(`log.results.length >= ${count}`);
  return tab.evaluate('log.results.at(-1)');
}

const frame = (tab: Page) => tab.frameLocator('[data-testid=payment-frame]');
const pay = (tab: Page) => frame(tab).getByTestId('pay').click();
const amount = { currency: 'KRW', value: 15_000 } as const;

const tossLaunch = (more: Partial<TossLaunch['request']> = {}, kind: TossLaunch['kind'] = 'window'): TossLaunch => ({
  ...{ provider: 'toss', kind, amount, customerKey: '@@ANONYMOUS' },
  script: `${at.url}/toss/v2/standard`,
  clientKey: kind === 'widget' ? 'test_gck_shop' : 'test_ck_shop',
  request: {
    ...(kind === 'window' && { method: 'CARD', amount }),
    orderId: `launch-${++orders}`,
    orderName: '드립백 커피',
    successUrl: `${shopUrl}?back=yes`,
    failUrl: `${shopUrl}?back=no`,
    ...more,
  },
});

const v2Base = () => ({ storeId: 'store-demo', paymentId: `launch-${++orders}`, orderName: '드립백 커피' });
const v2Launch = (more: object = {}): PortOneV2Launch => ({
  ...{ provider: 'portone-v2', kind: 'window', script: `${at.url}/portone-v2/v2/browser-sdk.js` },
  request: {
    ...v2Base(),
    ...{ channelKey: 'channel-key-demo-card', totalAmount: 15_000, currency: 'KRW', payMethod: 'CARD' },
    redirectUrl: `${shopUrl}?back=yes`,
    ...more,
  },
});
const payPalLaunch = (totalAmount = 1_420): PortOneV2Launch => ({
  ...{ provider: 'portone-v2', kind: 'ui', script: `${at.url}/portone-v2/v2/browser-sdk.js` },
  request: {
    ...v2Base(),
    ...{ channelKey: 'channel-key-demo-paypal', totalAmount, currency: 'USD' },
    ...{ uiType: 'PAYPAL_SPB', windowType: { pc: 'UI', mobile: 'UI' } },
  },
});
const v1Base = () => ({ merchant_uid: `launch-${++orders}`, name: '드립백 커피' });
const v1Common = () => ({ provider: 'portone-v1', script: `${at.url}/portone-v1/v1/iamport.js` }) as const;
const v1Launch = (more: object = {}, userCode = 'imp00000001'): PortOneV1Launch => ({
  ...{ ...v1Common(), kind: 'window', userCode },
  request: {
    ...v1Base(),
    ...{ channelKey: 'channel-key-v1-demo-card', amount: 15_000, currency: 'KRW', pay_method: 'card' },
    m_redirect_url: `${shopUrl}?back=yes`,
    ...more,
  },
});
const v1PayPalLaunch = (amount = 14.2): PortOneV1Launch => ({
  ...{ ...v1Common(), kind: 'ui', userCode: 'imp00000001', uiType: 'paypal-spb' },
  request: {
    ...v1Base(),
    ...{ channelKey: 'channel-key-v1-demo-paypal', amount, currency: 'USD', pay_method: 'paypal' },
  },
});
const orderOf = ({ request }: Launch): string => {
  if ('orderId' in request) return request.orderId;
  return 'paymentId' in request ? request.paymentId : request.merchant_uid;
};

describe('loading the script', () => {
  test('a blocked script is told as such; when nothing blocks it any more, the same page pays', async () => {
    const tab = await visit();
    await tab.route('**/toss/v2/standard', (route) => route.abort('blockedbyclient'), { times: 2 });
    const launch = tossLaunch();
    expect(await load(tab, launch)).toMatchObject({ outcome: 'unavailable', why: 'script_blocked' });
    expect(await tab.evaluate('document.scripts.length')).toBe(1);
    expect(await load(tab, launch)).toBe('ready');
    await tab.click('#go');
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject({ outcome: 'returned', hints: { orderId: orderOf(launch) } });
  });

  test('under a strict policy it is let in by its nonce, and by nothing else', async () => {
    const tab = await visit({}, '?strict');
    const launch = tossLaunch();
    expect(await load(tab, launch)).toMatchObject({ why: 'script_blocked' });
    expect(await load(tab, launch, { nonce: 'r4nd0m' })).toBe('ready');
  });
});

describe("Toss's payment window", () => {
  test.each([
    ['a payment', 'pay', { outcome: 'returned', hints: { amount: 15_000, paymentKey: expect.any(String) } }],
    ['a shopper who leaves', 'cancel', { outcome: 'canceled' }],
  ])('%s', async (_what, button, expected) => {
    const tab = await visit();
    const launch = tossLaunch();
    await load(tab, launch);
    await tab.click('#go');
    await frame(tab).getByTestId(button).click();
    expect(await lastResult(tab)).toMatchObject(expected);
    expect(new URL(tab.url()).search).toBe('');
  });

  test('a key that is wrong is the site owner’s to mend', async () => {
    const tab = await visit();
    await load(tab, { ...tossLaunch(), clientKey: 'test_gck_for_widgets' });
    await tab.click('#go');
    expect(await lastResult(tab)).toMatchObject({
      outcome: 'unavailable',
      why: 'misconfigured',
      code: 'NOT_SUPPORTED_WIDGET_KEY',
    });
  });

  test('outside a click the browser keeps it shut, which is told from a failure', async () => {
    const tab = await visit();
    const launch = tossLaunch();
    // By the page itself as it loads: what a test evaluates counts as a click.
    await tab.evaluate(`sessionStorage.again = ${JSON.stringify(JSON.stringify(launch))}`);
    await tab.reload();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'unavailable', why: 'window_blocked' });
    expect(sandbox.bank.byOrderId(orderOf(launch))).toEqual([]);
  });

  test('a phone leaves the page and comes back', async () => {
    const tab = await visit(phone);
    const launch = tossLaunch();
    await load(tab, launch);
    await tab.tap('#go');
    await tab.getByTestId('pay').tap();
    await tab.waitForURL((url) => url.searchParams.get('orderId') === orderOf(launch));
    expect(new URL(tab.url()).searchParams.get('back')).toBe('yes');
  });

  test('an in-app browser leaves the page, also one that looks like a computer’s', async () => {
    const tab = await visit();
    const launch = tossLaunch();
    await load(tab, launch);
    await tab.evaluate(`expectWindow({ redirect: 'always' })`);
    await tab.click('#go');
    await tab.getByTestId('cancel').click();
    await tab.waitForURL((url) => url.searchParams.get('code') === 'PAY_PROCESS_CANCELED');
    expect(new URL(tab.url()).searchParams.get('back')).toBe('no');
  });
});

describe("Toss's payment widget", () => {
  test('methods and terms are drawn into the document; the button follows the terms; the newest amount is paid', async () => {
    const tab = await visit();
    const launch = tossLaunch({}, 'widget');
    await load(tab, launch);
    expect(await tab.evaluate('mount()')).toBe('drawn');
    await tab.locator('#methods').getByTestId('widget-method-kakaopay').check();
    await tab.locator('#terms').getByTestId('widget-agreement').uncheck();
    await tab.click('#go');
    expect(await lastResult(tab)).toMatchObject({ outcome: 'incomplete', code: 'NEED_AGREEMENT_WITH_REQUIRED_TERMS' });
    await tab.getByTestId('widget-agreement').check();
    expect(await tab.evaluate('log.ready')).toEqual([true, false, true]);
    const dearer = { ...launch, amount: { ...amount, value: 20_000 } };
    await tab.evaluate(`update(${JSON.stringify(dearer)})`);
    await load(tab, dearer);
    await tab.click('#go');
    await pay(tab);
    expect(await lastResult(tab, 2)).toMatchObject({ outcome: 'returned', hints: { amount: 20_000 } });
    expect(sandbox.bank.byOrderId(orderOf(launch))[0]).toMatchObject({ amount: 20_000 });
    await tab.evaluate('unmount()');
    expect(await tab.evaluate('methods.childElementCount + terms.childElementCount')).toBe(0);
  });
});

describe("PortOne's window", () => {
  test.each([
    ['a payment', 'pay', { outcome: 'returned', hints: { txId: expect.any(String) } }],
    ['a shopper who leaves', 'cancel', { outcome: 'canceled', code: 'PAY_PROCESS_CANCELED' }],
  ])('in the overlay: %s', async (_what, button, expected) => {
    const tab = await visit();
    await load(tab, v2Launch());
    await tab.click('#go');
    await frame(tab).getByTestId(button).click();
    expect(await lastResult(tab)).toMatchObject(expected);
  });

  test('a decline keeps the bank’s code and words', async () => {
    const tab = await visit();
    await load(tab, v2Launch());
    await tab.click('#go');
    await frame(tab).getByTestId('card-0002').click();
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject({
      outcome: 'failed',
      code: 'REJECT_CARD_PAYMENT',
      message: expect.stringMatching(/\S/),
    });
  });

  test('in a popup, paid and closed by hand', async () => {
    const tab = await visit();
    const popupOf = async () => (await Promise.all([tab.waitForEvent('popup'), tab.click('#go')]))[0];
    const naverpay = { channelKey: 'channel-key-demo-naverpay', payMethod: 'EASY_PAY', redirectUrl: undefined };
    await load(tab, v2Launch(naverpay));
    const closed = await popupOf();
    await closed.getByTestId('pay').waitFor();
    await closed.close();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'canceled' });
    await load(tab, v2Launch(naverpay));
    await (await popupOf()).getByTestId('pay').click();
    expect(await lastResult(tab, 2)).toMatchObject({ outcome: 'returned' });
  });

  test('a phone leaves the page and comes back', async () => {
    const tab = await visit(phone);
    const launch = v2Launch();
    await load(tab, launch);
    await tab.tap('#go');
    await tab.getByTestId('pay').tap();
    await tab.waitForURL((url) => url.searchParams.get('paymentId') === orderOf(launch));
  });

  test('an in-app browser comes back by the address too', async () => {
    const tab = await visit();
    const launch = v2Launch();
    await load(tab, launch);
    await tab.evaluate(`expectWindow({ redirect: 'always' })`);
    await tab.click('#go');
    await pay(tab);
    await tab.waitForURL((url) => url.searchParams.get('paymentId') === orderOf(launch));
  });

  test('an unknown channel is the site owner’s to mend', async () => {
    const tab = await visit();
    await load(tab, v2Launch({ channelKey: 'channel-key-nowhere' }));
    await tab.click('#go');
    expect(await lastResult(tab)).toMatchObject({ outcome: 'unavailable', why: 'misconfigured' });
  });
});

describe("PortOne V1's window", () => {
  test.each([
    ['a payment', 'pay', { outcome: 'returned', hints: { impUid: expect.stringMatching(/^imp_/) } }],
    ['a shopper who leaves', 'cancel', { outcome: 'canceled', code: 'PAY_PROCESS_CANCELED' }],
  ])('in the overlay: %s', async (_what, button, expected) => {
    const tab = await visit();
    const launch = v1Launch();
    await load(tab, launch);
    await tab.click('#go');
    await frame(tab).getByTestId(button).click();
    expect(await lastResult(tab)).toMatchObject(expected);
    expect(await lastResult(tab)).toMatchObject({ hints: { orderId: orderOf(launch) } });
  });

  test('a decline keeps the bank’s code and words', async () => {
    const tab = await visit();
    await load(tab, v1Launch());
    await tab.click('#go');
    await frame(tab).getByTestId('card-0002').click();
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject({
      outcome: 'failed',
      code: 'REJECT_CARD_PAYMENT',
      message: expect.stringMatching(/\S/),
      hints: { impUid: expect.stringMatching(/^imp_/) },
    });
  });

  test('in a popup, paid and closed by hand', async () => {
    const tab = await visit();
    const popupOf = async () => (await Promise.all([tab.waitForEvent('popup'), tab.click('#go')]))[0];
    const naverpay = { channelKey: 'channel-key-v1-demo-naverpay', pay_method: 'naverpay' };
    await load(tab, v1Launch(naverpay));
    const closed = await popupOf();
    await closed.getByTestId('pay').waitFor();
    await closed.close();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'canceled' });
    await load(tab, v1Launch(naverpay));
    await (await popupOf()).getByTestId('pay').click();
    expect(await lastResult(tab, 2)).toMatchObject({ outcome: 'returned' });
  });

  test('a phone leaves the page and comes back', async () => {
    const tab = await visit(phone);
    const launch = v1Launch();
    await load(tab, launch);
    await tab.tap('#go');
    await tab.getByTestId('pay').tap();
    await tab.waitForURL((url) => url.searchParams.get('merchant_uid') === orderOf(launch));
    expect(new URL(tab.url()).searchParams.get('imp_uid')).toMatch(/^imp_/);
  });

  test('an in-app browser that looks like a computer’s is answered in the page: V1 can’t be told to leave it', async () => {
    const tab = await visit();
    await load(tab, v1Launch());
    await tab.evaluate(`expectWindow({ redirect: 'always' })`);
    await tab.click('#go');
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject({ outcome: 'returned' });
  });

  test.each([
    ['channel that nobody has', { channelKey: 'channel-key-nowhere' }],
    ['contract that nobody has, by its old name', { channelKey: undefined, pg: 'html5_inicis.nowhere' }],
    ['parameter that is missing', { channelKey: undefined }],
  ])('a refusal before it opens names our order: a %s', async (_what, more) => {
    const tab = await visit();
    const launch = v1Launch(more);
    await load(tab, launch);
    await tab.click('#go');
    const result = await lastResult(tab);
    expect(result).toMatchObject({ outcome: 'failed', code: expect.any(String) });
    expect(result.hints).toEqual({ orderId: orderOf(launch), code: result.code, message: result.message });
  });

  test('an older contract is named by its payment company', async () => {
    const tab = await visit();
    await load(tab, v1Launch({ channelKey: undefined, pg: 'tosspayments' }));
    await tab.click('#go');
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject({ outcome: 'returned' });
  });

  test('an account that nobody has', async () => {
    const tab = await visit();
    await load(tab, v1Launch({}, 'imp99999999'));
    await tab.click('#go');
    expect(await lastResult(tab)).toMatchObject({ outcome: 'failed', code: 'UNKNOWN_USER_CODE' });
  });

  test('an order that was paid already is not opened again, and the server looks', async () => {
    const tab = await visit();
    const launch = v1Launch();
    await load(tab, launch);
    await tab.click('#go');
    await pay(tab);
    await lastResult(tab);
    await tab.click('#go');
    expect(await lastResult(tab, 2)).toMatchObject({ outcome: 'failed', hints: { orderId: orderOf(launch) } });
    expect(await tab.getByTestId('payment-frame').count()).toBe(0);
  });

  test.each([
    ['legacy', 'imp00000011', { outcome: 'returned', hints: { impUid: expect.any(String) } }],
    ['legacy_wrong', 'imp00000012', { outcome: 'returned', hints: { impUid: expect.any(String) } }],
    ['no_imp_uid', 'imp00000013', { outcome: 'returned', hints: { orderId: expect.any(String) } }],
  ])('a payment that is told in another shape (%s)', async (results, userCode, expected) => {
    const { channels } = demoAccount;
    await fetch(`${at.url}/control/portone-v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userCode, apiKey: userCode, apiSecret: 'secret', results, channels }),
    });
    const tab = await visit();
    await load(tab, v1Launch({}, userCode));
    await tab.click('#go');
    await pay(tab);
    expect(await lastResult(tab)).toMatchObject(expected);
  });

  test('outside a click the browser keeps it shut, which is told from a failure', async () => {
    const tab = await visit();
    const launch = v1Launch();
    await tab.evaluate(`sessionStorage.again = ${JSON.stringify(JSON.stringify(launch))}`);
    await tab.reload();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'unavailable', why: 'window_blocked' });
    expect(sandbox.bank.byOrderId(orderOf(launch))).toEqual([]);
  });

  test('names its account once for the page', async () => {
    const tab = await visit();
    const warnings: string[] = [];
    tab.on('console', (message) => warnings.push(message.text()));
    await load(tab, v1Launch());
    for (const count of [1, 2]) {
      await load(tab, v1Launch());
      await tab.click('#go');
      await pay(tab);
      await lastResult(tab, count);
    }
    expect(warnings).toEqual([]);
  });
});

describe.each([
  ['V2', payPalLaunch, [1_420, 2_840]],
  ['V1', v1PayPalLaunch, [14.2, 28.4]],
] as const)("PayPal's own button, PortOne %s", (_version, payPal, [price, dearer]) => {
  test('is drawn into the document, tells of its press and its end, takes a new amount, and goes away', async () => {
    const tab = await visit();
    const first = payPal(price);
    await load(tab, first);
    expect(await tab.evaluate('mount()')).toBe('drawn');
    const press = async () =>
      (await Promise.all([tab.waitForEvent('popup'), tab.locator('#methods').getByTestId('paypal-button').click()]))[0];
    await (await press()).getByTestId('cancel').click();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'canceled', hints: { orderId: orderOf(first) } });
    expect(await tab.evaluate('log.openings')).toBe(1);
    const second = payPal(dearer);
    await tab.evaluate(`update(${JSON.stringify(second)})`);
    const popup = await press();
    expect(await popup.getByTestId('amount').innerText()).toBe('$28.40');
    await popup.getByTestId('pay').click();
    expect(await lastResult(tab, 2)).toMatchObject({ outcome: 'returned', hints: { orderId: orderOf(second) } });
    await tab.evaluate('unmount()');
    expect(await tab.evaluate('methods.childElementCount')).toBe(0);
  });

  test('on a phone it opens a window of its own all the same', async () => {
    const tab = await visit(phone);
    await load(tab, payPal(price));
    await tab.evaluate('mount()');
    const button = tab.locator('#methods').getByTestId('paypal-button');
    const [popup] = await Promise.all([tab.waitForEvent('popup'), button.tap()]);
    await popup.getByTestId('pay').tap();
    expect(await lastResult(tab)).toMatchObject({ outcome: 'returned' });
  });
});

test("PayPal's button that V1 refuses to draw is the site owner's to mend", async () => {
  const tab = await visit();
  const launch = v1PayPalLaunch();
  launch.request.channelKey = 'channel-key-nowhere';
  await load(tab, launch);
  expect(await tab.evaluate('mount()')).toBe('drawn');
  expect(await lastResult(tab)).toMatchObject({ outcome: 'unavailable', why: 'misconfigured' });
  expect(await tab.evaluate('methods.childElementCount')).toBe(0);
});
