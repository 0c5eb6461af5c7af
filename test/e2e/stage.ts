import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { PaymentView } from '../../contract/index.js';
import { demoKeys } from '../../demo/config/keys.js';
import type { Books } from '../../demo/sandbox/record.js';
import { findBrowser } from '../support/browser.mjs';
import { control } from '../support/shopper.js';
import { api, type TossSession } from '../support/world.js';
import { demoFolder, removeFolder, type Started, startDemo } from './demo-process.js';

export { demoKeys };

const desktop = { viewport: { width: 1_280, height: 800 } };
const phone = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
};

/** The demo in a process of its own and one browser, for a test file. Errors on a page fail its test. */
export function useStage(run: Parameters<typeof startDemo>[1] = {}) {
  let demo: Started;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let errors: string[] = [];

  beforeAll(async () => {
    const [{ executablePath, args, env }, directory] = await Promise.all([findBrowser(), demoFolder()]);
    const launch = { executablePath, args, env: env as Record<string, string> };
    [demo, browser] = await Promise.all([startDemo(directory, run), chromium.launch(launch)]);
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const seen = errors;
    errors = [];
    expect(seen).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    if (demo) await removeFolder(demo.directory);
  });

  async function open(device: 'desktop' | 'phone', path: string): Promise<Page> {
    const context = await browser.newContext({ ...(device === 'phone' ? phone : desktop), locale: 'ko-KR' });
    contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
    await page.goto(new URL(path, demo.shop).href);
    return page;
  }

  return {
    get demo() {
      return demo;
    },
    open,
    control: (path: string, body?: unknown) => control({ sandboxUrl: demo.sandbox }, path, body),
    async books(orderId: string): Promise<Books> {
      const response = await fetch(`${demo.sandbox}/control/books?orderId=${orderId}`);
      return (await response.json()) as Books;
    },
    /** As the merchant's backend sees it. */
    async payment(id: string, merchant: keyof typeof demoKeys = 'blog'): Promise<PaymentView> {
      const token = demoKeys[merchant].secret;
      const { body } = await api<PaymentView>(demo.server, 'GET', `/payments/${id}`, { token });
      return body;
    },
    /** A session of the blog that was made by curl, with the address that Toss would come back to. */
    async session(item = 'coffee') {
      const { body } = await api<TossSession>(demo.server, 'POST', '/payments/sessions', {
        token: demoKeys.blog.publishable,
        origin: demo.shop,
        body: { items: [{ item }], returnUrls: { page: `${demo.shop}/` }, prepare: { method: 'card' } },
      });
      const request = body.launch?.request;
      if (!request?.successUrl) throw new Error(`no launch: ${JSON.stringify(body)}`);
      return { session: body, orderId: request.orderId, successUrl: request.successUrl };
    },
  };
}

/** Asks again until it is so: a page takes its time, and more of it on a busy machine. */
export const eventually = (read: () => Promise<unknown>): ReturnType<typeof expect.poll> =>
  expect.poll(read, { timeout: 30_000 });

/** The payment window in its overlay. */
export const inWindow = (page: Page) => page.frameLocator('[data-testid=payment-frame]');

export const choose = (page: Page, method: string) => page.getByTestId(`choose-${method}`).check();

export const payButton = (page: Page) => page.getByTestId('pay-button');

export const title = (page: Page) => page.getByTestId('result-title').innerText();

export const row = (page: Page, name: string) => page.getByTestId(`row-${name}`).innerText();

/** No parameter that a provider or we put into the address is left there. */
export function expectCleanAddress(page: Page): void {
  expect(page.url()).not.toMatch(
    /pc_|paymentKey|orderId|amount|paymentType|paymentId|txId|[tT]oken|code=|essage=|secret/,
  );
}
