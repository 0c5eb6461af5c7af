import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { findBrowser } from '../support/browser.mjs';

const sandbox = createSandbox();
let at: { url: string; close(): Promise<void> };
let browser: Browser;

beforeAll(async () => {
  at = await sandbox.listen(0);
  const { executablePath, args, env } = await findBrowser();
  browser = await chromium.launch({ executablePath, args, env: env as Record<string, string> });
});
afterAll(async () => {
  await browser?.close();
  await at?.close();
});

test('the control page shows the books of all three providers, or of one, and presses its buttons', async () => {
  const control = (path: string, body: object) =>
    fetch(`${at.url}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await control('portone-v2/pay', { paymentId: 'order-of-v2', amount: 9_000 });
  await control('portone-v1/pay', { merchant_uid: 'order-of-v1', amount: 7_000 });
  await control('portone-v1/pay', { merchant_uid: 'account-of-v1', amount: 500, method: 'virtual_account' });
  await control('toss/pay', { orderId: 'order-of-toss', amount: 12_000 });
  const context = await browser.newContext({ locale: 'en-US' });
  context.setDefaultTimeout(15_000);
  const tab = await context.newPage();
  await tab.goto(`${at.url}/?lang=en`);
  const shown = () => tab.locator('#records tr').evaluateAll((rows) => rows.map((row) => row.dataset.testid));
  await expect
    .poll(shown)
    .toEqual(['order-of-toss', 'account-of-v1', 'order-of-v1', 'order-of-v2'].map((id) => `record-${id}`));
  const totals = tab.getByTestId('totals');
  expect(await totals.innerText()).toBe('received ₩16,000 · net ₩16,000');
  await tab.getByTestId('provider').selectOption('PortOne V1');
  await expect.poll(shown).toEqual(['record-account-of-v1', 'record-order-of-v1']);
  await tab.getByTestId('deposit-account-of-v1').click();
  await tab.getByTestId('cancel-order-of-v1').click();
  await expect.poll(() => totals.innerText()).toBe('received ₩7,500 · net ₩500');
});

test('on a narrow phone no heading is broken', async () => {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 320, height: 700 } });
  const tab = await context.newPage();
  await tab.goto(`${at.url}/`);
  const lines = await tab.locator('h2').evaluateAll((headings) =>
    headings.map((heading) => {
      const text = document.createRange();
      text.selectNodeContents(heading);
      return new Set([...text.getClientRects()].map(({ top }) => top)).size;
    }),
  );
  expect(lines.length).toBeGreaterThan(2);
  expect(new Set(lines)).toEqual(new Set([1]));
  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
