import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { Method, OpenedSession } from '../../contract/index.js';
import type { FaultPoint } from '../../demo/sandbox/faults.js';
import { demoAccount } from '../../demo/sandbox/portone-v1/accounts.js';
import { api } from '../support/world.js';
import {
  choose,
  demoKeys,
  eventually,
  expectCleanAddress,
  inWindow,
  notice,
  payButton,
  receipt,
  resultTitle,
  stateOf,
  titles,
  useStage,
} from './stage.js';

/** One method of each provider through everything that goes wrong between the first look and the receipt. */
const stage = useStage();

interface Shop {
  readonly site: keyof typeof demoKeys;
  /** Results are shown in place. */
  readonly path: string;
  readonly script: RegExp;
  /** The provider does not answer the server after the charge: at the call for the money, or where it charges by itself, at the look. */
  readonly silence: { readonly method: Method; readonly on: FaultPoint; readonly kind: string };
  readonly modal: string;
}
const atPlayground = (more = '', site: 'theatre' | 'items' = 'theatre', product = 'programme') =>
  `/playground?merchant=${demoKeys[site].publishable}&product=${product}&quantity-editable=${more}`;
const shops: readonly (readonly [string, Shop])[] = [
  [
    'Toss',
    {
      site: 'blog',
      path: '/products/coffee',
      script: /\/toss\/v2\/standard/,
      silence: { method: 'card', on: 'confirm', kind: 'charge_then_timeout' },
      modal: '/examples/modal',
    },
  ],
  [
    'PortOne',
    {
      ...{ site: 'theatre', path: atPlayground(), script: /\/browser-sdk\.js/ },
      silence: { method: 'transfer', on: 'confirm', kind: 'charge_then_timeout' },
      modal: atPlayground('&presentation=modal'),
    },
  ],
  [
    'PortOne V1',
    {
      ...{ site: 'items', path: atPlayground('', 'items', 'potion'), script: /\/iamport\.js/ },
      silence: { method: 'card', on: 'lookup', kind: 'timeout' },
      modal: atPlayground('&presentation=modal', 'items', 'potion'),
    },
  ],
];

const pay = (page: Page) => inWindow(page).getByTestId('pay').click();
const button = (page: Page, name: string) => page.locator('pay-checkout').getByRole('button', { name });

/** The payment behind a receipt, which is to be paid once. */
async function paidOnce(page: Page, { site }: Shop) {
  const payment = await stage.payment(await receipt(page), site);
  expect(payment.status).toBe('paid');
  const books = await Promise.all(payment.attempts.map(({ orderId }) => stage.books(orderId)));
  expect(books.flatMap(({ charges }) => charges)).toHaveLength(1);
  return payment;
}

describe.each(shops)('%s', (_name, shop) => {
  const open = (device: 'desktop' | 'phone' = 'desktop') => stage.open(device, shop.path);

  test('window closed: nothing was paid, and the next one pays', async () => {
    const page = await open();
    await payButton(page).click();
    await inWindow(page).getByTestId('cancel').click();
    await resultTitle(page).filter({ hasText: titles.canceled }).waitFor();
    await button(page, '이어서 결제하기').click();
    await payButton(page).click();
    await pay(page);
    expect((await paidOnce(page, shop)).attempts.map(({ state }) => state).at(-1)).toBe('paid');
  });

  test('decline: the reason in plain words, and another card pays', async () => {
    const page = await open();
    await payButton(page).click();
    await inWindow(page).getByTestId('card-0002').click();
    await pay(page);
    await resultTitle(page).filter({ hasText: titles.declined }).waitFor();
    await page.getByText('한도나 잔액이 부족해요.').waitFor();
    await page.locator('pay-checkout [part=result] [part=button]').click();
    await payButton(page).click();
    await pay(page);
    expect((await paidOnce(page, shop)).attempts.map(({ state }) => state)).toEqual(['failed', 'paid']);
  });

  test('script blocked: said so, and the next press pays', async () => {
    const page = await open();
    let blocked = 0;
    await page.route(shop.script, (route) => {
      blocked += 1;
      return route.abort('blockedbyclient');
    });
    await payButton(page).click();
    await notice(page).filter({ hasText: '결제창을 막았어요' }).waitFor();
    expect(blocked).toBeGreaterThan(0);
    await page.unroute(shop.script);
    await payButton(page).click();
    await pay(page);
    await paidOnce(page, shop);
  });

  test('script slow: another press opens the window', async () => {
    const page = await open();
    const script = deferred();
    await page.route(shop.script, async (route) => {
      await script.promise;
      await route.continue();
    });
    await payButton(page).click();
    await eventually(() => stateOf(page)).toBe('opening');
    await eventually(() => stateOf(page)).toBe('form');
    script.resolve();
    await button(page, '결제창 열기').click();
    await pay(page);
    await paidOnce(page, shop);
  });

  test('offline during verify: said so, and found out when the network is back', async () => {
    const page = await open();
    await payButton(page).click();
    await page.route('**/payments/verify', async (route) => {
      await page.context().setOffline(true);
      await route.abort('internetdisconnected');
    });
    await pay(page);
    await page.getByText('인터넷이 끊겼어요.').waitFor();
    await page.unroute('**/payments/verify');
    await page.context().setOffline(false);
    await paidOnce(page, shop);
  });

  test('price tampered: what the browser asks for instead is not charged', async () => {
    const page = await open();
    await page.route(/\/(sdk\/open)$/, async (route) => {
      const body = route.request().postDataJSON();
      const less =
        'totalAmount' in body
          ? { totalAmount: 100 }
          : { amount: 'merchant_uid' in body ? 100 : { currency: 'KRW', value: 100 } };
      await route.continue({ postData: JSON.stringify({ ...body, ...less }) });
    });
    const session = page.waitForResponse((answer) => answer.url().endsWith('/payments/sessions'));
    await payButton(page).click();
    const { payment } = (await (await session).json()) as OpenedSession;
    // PortOne knows the price before its window opens; Toss's window opens, and our server asks for no money.
    if (shop.site === 'blog') await pay(page);
    await eventually(() => stateOf(page)).toMatch(/^(error|form|failed)$/);
    expect((await stage.books(`${payment}_1`)).totals.map(({ net }) => net)).toEqual([]);
    expect((await stage.payment(payment, shop.site)).status).toBe('open');
  });

  test('session expired while filling in: a new one takes its place, and pays', async () => {
    const page = await open();
    const first = page.waitForResponse((answer) => answer.url().endsWith('/payments/sessions'));
    await payButton(page).hover();
    const { payment } = (await (await first).json()) as OpenedSession;
    await stage.control('clock', { advanceMs: 31 * 60_000 });
    const second = page.waitForResponse((answer) => answer.url().endsWith('/payments/sessions'));
    await choose(page, 'kakaopay');
    await second;
    await payButton(page).click();
    await pay(page);
    expect((await paidOnce(page, shop)).id).not.toBe(payment);
  });

  test('double click: one window, one attempt', async () => {
    const page = await open();
    await payButton(page).dblclick();
    await inWindow(page).getByTestId('pay').waitFor();
    expect(await page.getByTestId('payment-frame').count()).toBe(1);
    await pay(page);
    expect((await paidOnce(page, shop)).attempts).toHaveLength(1);
  });

  test('two tabs of one session: both show the receipt of one payment', async () => {
    const { body } = await api<OpenedSession>(stage.demo.server, 'POST', '/payments/sessions', {
      token: demoKeys[shop.site].secret,
      body: { amount: 33_000, currency: 'KRW', orderName: '오름 산책 모임 참가비' },
    });
    const link = `/pay#session=${body.id}&secret=${body.clientSecret}`;
    const first = await stage.open('desktop', link);
    const second = await stage.tabBeside(first, link);
    for (const tab of [first, second]) {
      await tab.bringToFront();
      await payButton(tab).click();
      await inWindow(tab).getByTestId('pay').waitFor();
    }
    await pay(second);
    await paidOnce(second, shop);
    await first.bringToFront();
    await paidOnce(first, shop);
  });

  test('reload in the middle: the same order goes on', async () => {
    const page = await open();
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').waitFor();
    await page.reload();
    await notice(page).filter({ hasText: '아직 결제가 끝나지 않았어요' }).waitFor();
    await payButton(page).click();
    await pay(page);
    await paidOnce(page, shop);
  });

  test('back button: the order can still be paid', async () => {
    const page = await open('phone');
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.goBack();
    await notice(page).filter({ hasText: '아직 결제가 끝나지 않았어요' }).waitFor();
    await payButton(page).tap();
    await page.getByTestId('payment-window').getByTestId('pay').tap();
    await paidOnce(page, shop);
  });

  test('webhook first: the server knows before the page asks', async () => {
    const page = await open();
    await stage.control('faults', { on: 'webhook', kind: 'before_reply' });
    const asked = deferred();
    const known = deferred();
    if (shop.site !== 'blog') {
      await page.route('**/payments/verify', async (route) => {
        asked.resolve();
        await known.promise;
        await route.continue();
      });
    } else asked.resolve();
    const session = page.waitForResponse((answer) => answer.url().endsWith('/payments/sessions'));
    await payButton(page).click();
    const { payment } = (await (await session).json()) as OpenedSession;
    await pay(page);
    await asked.promise;
    await eventually(async () => (await stage.payment(payment, shop.site)).status).toBe('paid');
    known.resolve();
    await paidOnce(page, shop);
  });

  test('provider time-out after the charge: it is looked up, and charged once', async () => {
    const { method, ...fault } = shop.silence;
    const page = await open();
    await choose(page, method);
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').waitFor();
    await stage.control('faults', fault);
    await pay(page);
    await paidOnce(page, shop);
  });

  test("modal with the provider's overlay: it steps back, and comes back with the receipt", async () => {
    const page = await stage.open('desktop', shop.modal);
    await page.getByTestId('open').or(page.getByTestId('call-open')).click();
    const dialog = page.locator('pay-checkout dialog');
    const isModal = () => dialog.evaluate((element) => element.matches(':modal'));
    await eventually(isModal).toBe(true);
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').waitFor();
    expect(await isModal()).toBe(false);
    await pay(page);
    await paidOnce(page, shop);
    expect(await isModal()).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => dialog.evaluate((element) => (element as HTMLDialogElement).open)).toBe(false);
  });
});

test('a price that was changed in the return address is refused, and nothing is charged', async () => {
  const page = await stage.open('phone', '/products/coffee');
  await page.route(/amount=12900/, (route) => {
    const location = route.request().url().replace('amount=12900', 'amount=100');
    return route.fulfill({ status: 302, headers: { location } });
  });
  await payButton(page).tap();
  await page.getByTestId('payment-window').getByTestId('pay').tap();
  await notice(page).filter({ hasText: '주문과 달라' }).waitFor();
  expect((await stage.books(await stage.lastOrderId())).charges).toEqual([]);
});

describe('what PortOne V1 says, and leaves out', () => {
  const shop = shops[2]?.[1] as Shop;
  const account = (more: object) => stage.control('portone-v1/accounts', { ...demoAccount, ...more });
  const noWebhook = () => stage.control('faults', { on: 'webhook', kind: 'never', provider: 'portone-v1' });
  afterEach(() => account({}));

  /** The way back, with its address changed once: `change` says whether there was anything to change. */
  const wayBack = (page: Page, change: (query: URLSearchParams) => boolean) =>
    page.route(/[?&]merchant_uid=/, (route) => {
      const url = new URL(route.request().url());
      if (!change(url.searchParams)) return route.continue();
      return route.fulfill({ status: 302, headers: { location: url.href } });
    });

  async function payOnPhone(page: Page): Promise<void> {
    await payButton(page).tap();
    await page.getByTestId('payment-window').getByTestId('pay').tap();
  }

  test.each([
    ['“no success” of what was paid', 'legacy_wrong'],
    ['nothing of its own id', 'no_imp_uid'],
  ])('%s: the server looks, in the page and after a redirect', async (_what, results) => {
    await account({ results });
    await noWebhook();
    const desk = await stage.open('desktop', shop.path);
    await payButton(desk).click();
    await pay(desk);
    await paidOnce(desk, shop);
    await noWebhook();
    const phone = await stage.open('phone', shop.path);
    await payOnPhone(phone);
    await paidOnce(phone, shop);
    expectCleanAddress(phone);
  });

  test('an address without anything of V1’s is enough', async () => {
    await noWebhook();
    const page = await stage.open('phone', shop.path);
    await wayBack(page, (query) => {
      for (const name of ['imp_uid', 'merchant_uid', 'imp_success']) query.delete(name);
      return true;
    });
    await payOnPhone(page);
    await paidOnce(page, shop);
  });

  test('an error in the address of what was paid is no failure', async () => {
    await noWebhook();
    const page = await stage.open('phone', shop.path);
    await wayBack(page, (query) => {
      if (query.has('error_code')) return false;
      query.set('error_code', 'F400');
      query.set('error_msg', '결제에 실패했습니다');
      return true;
    });
    await payOnPhone(page);
    await paidOnce(page, shop);
    expectCleanAddress(page);
  });

  test('the id of another order in the address is refused; neither order is touched, and the payment is found', async () => {
    const other = { merchant_uid: `another-${Date.now()}`, amount: 2_400 };
    const { imp_uid } = (await stage.control('portone-v1/pay', other)) as { imp_uid: string };
    await noWebhook();
    const page = await stage.open('phone', shop.path);
    await wayBack(page, (query) => {
      if (query.get('imp_uid') === imp_uid) return false;
      query.set('imp_uid', imp_uid);
      return true;
    });
    await payOnPhone(page);
    await notice(page).filter({ hasText: '주문과 달라' }).waitFor();
    const orderId = await stage.lastOrderId();
    const nets = async (order: string) => (await stage.books(order)).totals.map(({ net }) => net);
    expect([await nets(other.merchant_uid), await nets(orderId)]).toEqual([[2_400], [2_400]]);
    await stage.control('clock', { advanceMs: 2 * 60_000 });
    const id = orderId.replace(/_\d+$/, '');
    await eventually(async () => (await stage.payment(id, shop.site)).status).toBe('paid');
    expect(await nets(orderId)).toEqual([2_400]);
  });

  test('an answer of its window that is lost: the webhook is enough', async () => {
    const page = await stage.open('desktop', shop.path);
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').waitFor();
    await stage.control('faults', { on: 'approve', kind: 'charge_then_drop' });
    await pay(page);
    await paidOnce(page, shop);
  });
});

/** A promise and what ends it. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
