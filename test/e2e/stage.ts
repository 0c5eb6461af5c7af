import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { PaymentView, ProviderName } from '../../contract/index.js';
import { demoKeys } from '../../demo/config/keys.js';
import { demoStore } from '../../demo/sandbox/portone-v2/stores.js';
import type { Books } from '../../demo/sandbox/record.js';
import { findBrowser } from '../support/browser.mjs';
import { control } from '../support/shopper.js';
import { api, type TossSession } from '../support/world.js';
import { demoFolder, removeFolder, type Started, startDemo } from './demo-process.js';

export { demoKeys };

const v2Order = (paymentId: string) => ({ storeId: demoStore.storeId, paymentId });

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
    context.setDefaultTimeout(20_000);
    context.on('page', listen);
    return visit(await context.newPage(), path);
  }

  function listen(page: Page): void {
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
  }

  async function visit(page: Page, path: string): Promise<Page> {
    await page.goto(new URL(path, demo.shop).href);
    return page;
  }

  return {
    get demo() {
      return demo;
    },
    open,
    /** Another tab of the same browser. */
    tabBeside: async (page: Page, path: string) => visit(await page.context().newPage(), path),
    control: (path: string, body?: unknown) => control({ sandboxUrl: demo.sandbox }, path, body),
    /** A deposit into the account that this order waits for. */
    async deposit(provider: ProviderName, orderId: string): Promise<void> {
      const order = { toss: { orderId }, 'portone-v1': { merchant_uid: orderId }, 'portone-v2': v2Order(orderId) };
      await control({ sandboxUrl: demo.sandbox }, `${provider}/deposit`, order[provider]);
    },
    async books(orderId: string): Promise<Books> {
      const response = await fetch(`${demo.sandbox}/control/books?orderId=${orderId}`);
      return (await response.json()) as Books;
    },
    /** Of the newest record in the sandbox's books. */
    async lastOrderId(): Promise<string> {
      const { records } = (await (await fetch(`${demo.sandbox}/control/books`)).json()) as Books;
      return records.at(-1)?.orderId ?? '';
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

/** Inside of the element: open shadow roots are looked through. */
export const payButton = (page: Page) => page.locator('pay-checkout [part=button][type=submit]');

/** Opens the window over the page; pressed again where that is asked for: a busy machine takes longer than a browser remembers a click. */
export async function openWindow(page: Page): Promise<void> {
  await payButton(page).click();
  const asked = page.locator('pay-checkout').getByRole('button', { name: '결제창 열기' });
  const again = asked.waitFor().then(() => true);
  const open = inWindow(page)
    .getByTestId('pay')
    .waitFor()
    .then(() => false);
  again.catch(() => undefined);
  open.catch(() => undefined);
  if (await Promise.race([again, open])) await asked.click();
  await inWindow(page).getByTestId('pay').waitFor();
}

export const choose = (page: Page, method: string) =>
  page.locator(`pay-checkout label:has(input[name=method][value=${method}])`).click();

export const notice = (page: Page) => page.locator('pay-checkout [part=notice]');

/** The heading of a result: in the element, or on a page of the shop's own. */
export const resultTitle = (page: Page) => page.locator('pay-checkout [part=result-title], [data-testid=result-title]');

export const stateOf = (page: Page) =>
  page.locator('pay-checkout').evaluate((element) => (element as HTMLElement & { state: string }).state);

export const titles = {
  paid: /^결제가 완료(됐|되었)어요$/,
  declined: '결제가 승인되지 않았어요',
  canceled: '결제를 취소했어요',
  ended: '이 주문은 더 결제할 수 없어요',
  pending: '입금을 기다리고 있어요',
} as const;

/** Waits for the receipt, and gives the payment's id that it shows. */
export async function receipt(page: Page): Promise<string> {
  await resultTitle(page).filter({ hasText: titles.paid }).waitFor({ timeout: 30_000 });
  return page.getByText(/^pay_[0-9A-Z]{26}$/).innerText();
}

/** No parameter that a provider or we put into the address is left there; a page of the shop's own names the session. */
export function expectCleanAddress(page: Page): void {
  const { search, hash } = new URL(page.url());
  expect(search.replace(/[?&]pc_session=cs_[0-9A-Z]{26}$/, '') + hash).not.toMatch(
    /pc_|paymentKey|orderId|amount|paymentType|paymentId|txId|imp_|merchant_uid|error_|[tT]oken|code=|essage=|secret/,
  );
}
