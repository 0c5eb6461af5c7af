import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Method, PaymentView, ProviderName } from '../../contract/index.js';
import {
  choose,
  demoKeys,
  expectCleanAddress,
  inWindow,
  payButton,
  receipt,
  resultTitle,
  titles,
  useStage,
} from './stage.js';

/**
 * Every combination of provider, method and window that can be launched, once, from the shop through the sandbox's window to the
 * receipt. By the providers' own rules: Toss puts its window over the page on a computer and in the page's place on a phone, PayPal
 * always in the page's place; what PortOne opens is decided by the payment company behind the channel (KakaoPay and Toss over the
 * page, Naver Pay in a window of its own), always the page itself on a phone, and PayPal draws a button whose window is its own on both;
 * so it is with PortOne V1.
 */
type Window = 'overlay' | 'popup' | 'redirect';
type Kind = 'window' | 'widget' | 'portone' | 'portone-v1';
interface Row {
  readonly kind: Kind;
  readonly method: Method;
  readonly device: 'desktop' | 'phone';
  readonly window: Window;
}

const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];
const each = (kind: Kind, windowOf: (method: Method) => Window): Row[] => [
  ...domestic.map((method) => ({ kind, method, device: 'desktop', window: windowOf(method) }) as const),
  ...domestic.map((method) => ({ kind, method, device: 'phone', window: 'redirect' }) as const),
];
const paypal = (kind: Kind, window: Window): Row[] => [
  { kind, method: 'paypal', device: 'desktop', window },
  { kind, method: 'paypal', device: 'phone', window },
];
const table: readonly Row[] = [
  ...each('window', () => 'overlay'),
  ...paypal('window', 'redirect'),
  ...each('widget', () => 'overlay'),
  ...each('portone', (method) => (method === 'naverpay' ? 'popup' : 'overlay')),
  ...paypal('portone', 'popup'),
  ...each('portone-v1', (method) => (method === 'naverpay' ? 'popup' : 'overlay')),
  ...paypal('portone-v1', 'popup'),
];

const tryOut = (product: string) => `/playground?merchant=${demoKeys.items.publishable}&product=${product}`;

const shops: Readonly<
  Record<Kind, { site: keyof typeof demoKeys; provider: ProviderName; product: string; inDollars: string }>
> = {
  window: { site: 'blog', provider: 'toss', product: '/products/coffee', inDollars: '/products/postcards' },
  widget: { site: 'souvenirs', provider: 'toss', product: '/souvenirs/products/magnet', inDollars: '' },
  portone: {
    ...{ site: 'theatre', provider: 'portone-v2' },
    ...{ product: '/theatre/products/seat', inDollars: '/theatre/products/online-seat' },
  },
  'portone-v1': {
    ...{ site: 'items', provider: 'portone-v1' },
    ...{ product: tryOut('potion&collect=name phone'), inDollars: tryOut('moonstone&collect=name phone') },
  },
};
const isPortOne = ({ kind }: Row) => kind === 'portone' || kind === 'portone-v1';

const stage = useStage();

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('이름').fill('김바다');
  await page.getByLabel('휴대폰 번호').fill('010-1234-5678');
}

/** In the element, or in what the provider draws into it. */
async function chooseMethod(page: Page, { kind, method }: Row): Promise<void> {
  if (kind === 'widget') {
    await payButton(page).hover();
    await page.getByTestId(`widget-method-${method}`).check();
  } else if (method !== 'paypal') await choose(page, method);
}

/** PayPal's own button at PortOne; else ours. */
async function pressPay(page: Page, row: Row): Promise<void> {
  const { method, device } = row;
  const isTheirs = isPortOne(row) && method === 'paypal';
  if (isTheirs) {
    await page.locator('pay-checkout form').hover();
    await page.locator('pay-checkout input').first().focus();
  }
  const button = isTheirs ? page.getByTestId('paypal-button') : payButton(page);
  await (device === 'phone' ? button.tap() : button.click());
}

async function payInWindow(page: Page, row: Row): Promise<void> {
  if (row.window === 'popup') {
    const [popup] = await Promise.all([page.waitForEvent('popup'), pressPay(page, row)]);
    await popup.getByTestId('pay').click();
    return;
  }
  await pressPay(page, row);
  if (row.window === 'overlay') await inWindow(page).getByTestId('pay').click();
  else await page.getByTestId('payment-window').getByTestId('pay').click();
}

describe('pays once, and shows the receipt', () => {
  test.each(table.map((row) => [Object.values(row).join(' · '), row] as const))('%s', async (_name, row) => {
    const { site, provider, product, inDollars } = shops[row.kind];
    const page = await stage.open(row.device, row.method === 'paypal' ? inDollars : product);
    if (isPortOne(row) && row.method !== 'paypal') await fillIn(page);
    await chooseMethod(page, row);
    await payInWindow(page, row);
    if (row.method === 'virtual_account') {
      await resultTitle(page).filter({ hasText: titles.pending }).waitFor();
      await stage.deposit(provider, await stage.lastOrderId());
    }
    const payment: PaymentView = await stage.payment(await receipt(page), site);
    expect(payment).toMatchObject({ status: 'paid', provider, method: row.method });
    const { totals } = await stage.books(payment.attempts.at(-1)?.orderId ?? '');
    expect(totals.map(({ net }) => net)).toEqual([payment.amount]);
    expectCleanAddress(page);
  });
});
