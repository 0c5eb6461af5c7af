import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PaymentView } from '../../contract/index.js';
import { serverEnvironment } from '../../demo/config/environment.js';
import { openFolder, writeOwn } from '../../demo/config/folder.js';
import { demoKeys } from '../../demo/config/keys.js';
import { merchantsFile } from '../../demo/config/merchants.js';
import { claimPort, serve } from '../../demo/config/network.js';
import { buildWidget } from '../../demo/config/widget.js';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { openOrders } from '../../demo/shop/orders/orders.js';
import { createShop, type Shop } from '../../demo/shop/shop.js';
import { type ServerProcess, startServer } from '../server/kill/server-process.js';
import { findBrowser } from '../support/browser.mjs';
import { api } from '../support/world.js';
import { demoFolder, removeFolder } from './demo-process.js';
import { inWindow, openWindow, receipt } from './stage.js';

/** The demo once more, with the server in a process of its own that can be killed; shop and sandbox live on. */
const host = '127.0.0.1';
const sandbox = createSandbox();
let directory: string;
let env: Record<string, string>;
let urls: { shop: string; server: string; sandbox: string; items: string };
let server: ServerProcess;
let shop: Shop;
let browser: Browser;
let page: Page;
let widget: ReadonlyMap<string, Buffer>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  directory = await demoFolder();
  const bank = await sandbox.listen(0, host);
  closing.push(() => bank.close());
  const [shopPort, port] = [await claimPort('shop', 0, host), await claimPort('server', 0, host)];
  urls = {
    shop: `http://localhost:${shopPort}`,
    server: `http://${host}:${port}`,
    sandbox: bank.url,
    items: 'http://localhost',
  };
  const folder = await openFolder(directory, { fresh: true });
  await writeOwn(folder.merchantsFile, merchantsFile({ shop: [urls.shop], items: [] }));
  env = { ...serverEnvironment({ folder, urls, host, port }), LOG_LEVEL: 'info' };
  shop = createShop({ places: urls, local: urls, orders: openOrders(folder.ordersFile) });
  closing.push(await serve(shop.app, shopPort, host));
  server = startServer({ env });
  const [found, built] = await Promise.all([findBrowser(), buildWidget(), server.ready]);
  widget = built;
  const { executablePath, args } = found;
  browser = await chromium.launch({ executablePath, args, env: found.env as Record<string, string> });
  shop.follow();
});
afterEach(() => page?.context().close());
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await server?.kill();
  for (const close of closing) await close();
  await removeFolder(directory);
});

/** The server of the sources has no built widget: its files come from here. */
async function open(path: string): Promise<void> {
  const context = await browser.newContext({ locale: 'ko-KR' });
  page = await context.newPage();
  await page.route(/\.js$/, async (route) => {
    const file = widget.get(new URL(route.request().url()).pathname.slice(1));
    const headers = { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' };
    if (file && route.request().url().startsWith(urls.server)) await route.fulfill({ body: file, headers });
    else await route.continue();
  });
  await page.goto(urls.shop + path);
}

const tryOut = (site: keyof typeof demoKeys) => `/playground?merchant=${demoKeys[site].publishable}`;
const asked = { on: 'confirm', kind: 'charge_then_timeout' } as const;

describe('the server is killed while it asks the provider, and started again', () => {
  test.each([
    ['Toss', 'blog', '/products/coffee', asked],
    ['PortOne', 'theatre', `${tryOut('theatre')}&product=programme&method=transfer`, asked],
    // It charges by itself: what is cut off is the question how it stands.
    ['PortOne V1', 'items', `${tryOut('items')}&product=potion`, { on: 'lookup', kind: 'timeout' }],
  ] as const)('%s: the page finds out, the shop too, and it is charged once', async (_name, site, path, fault) => {
    await open(path);
    await openWindow(page);
    sandbox.faults.arm(fault);
    const before = sandbox.bank.books().charges.length;
    await inWindow(page).getByTestId('pay').click();
    await expect.poll(() => sandbox.bank.books().charges.length, { timeout: 20_000 }).toBe(before + 1);
    await expect.poll(() => sandbox.faults.armed(), { timeout: 20_000 }).toEqual([]);
    await server.kill();
    server = startServer({ env });
    await server.ready;
    const token = demoKeys[site].secret;
    const { body } = await api<PaymentView>(urls.server, 'GET', `/payments/${await receipt(page)}`, { token });
    expect(body.status).toBe('paid');
    const books = sandbox.bank.books(body.attempts.at(-1)?.orderId);
    expect(books.charges).toHaveLength(1);
    await page.goto(`${urls.shop}/orders`);
    await page.locator(`[data-testid=order-${body.id}][data-state=paid]`).waitFor();
  });
});
