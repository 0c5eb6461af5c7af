import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { OpenedSession } from '../../contract/index.js';
import { faultKinds } from '../../demo/sandbox/faults.js';
import { controlNames } from '../../demo/shop/pages/playground.js';
import { api } from '../support/world.js';
import {
  choose,
  demoKeys,
  eventually,
  expectCleanAddress,
  inWindow,
  payButton,
  receipt,
  resultTitle,
  stateOf,
  titles,
  useStage,
} from './stage.js';

const stage = useStage();
const pay = (page: Page) => inWindow(page).getByTestId('pay').click();
const seat = '/theatre/products/seat';

async function book(page: Page): Promise<void> {
  await page.getByLabel('이름').fill('김바다');
  await page.getByLabel('휴대폰 번호').fill('010-1234-5678');
  await payButton(page).click();
}

describe('the shops', () => {
  test('from the shelf to the receipt, two of it; a reload shows the receipt again', async () => {
    const page = await stage.open('desktop', '/');
    await page.getByTestId('buy-coffee').click();
    await page.getByRole('button', { name: '하나 늘리기' }).click();
    await eventually(() => payButton(page).innerText()).toBe('25,800원 결제하기');
    await payButton(page).click();
    await pay(page);
    const payment = await stage.payment(await receipt(page));
    expect(payment).toMatchObject({ status: 'paid', amount: 25_800 });
    await page.reload();
    expect(await receipt(page)).toBe(payment.id);
  });

  test('English is one link away, and HTML in a name is text', async () => {
    const page = await stage.open('desktop', '/products/calendar');
    await payButton(page).waitFor();
    await page.locator('#language').click();
    await eventually(() => payButton(page).innerText()).toBe('Pay ₩18,000');
    expect(await page.locator('main').innerText()).toContain('<limited edition>');
  });

  test('a deposit turns the account into a receipt without a reload', async () => {
    const page = await stage.open('desktop', '/products/support');
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await pay(page);
    await resultTitle(page).filter({ hasText: titles.pending }).waitFor();
    await page.getByText('KB국민은행').waitFor();
    await stage.control('toss/deposit', { orderId: await stage.lastOrderId() });
    await receipt(page);
  });

  test('without the terms of the widget no window opens', async () => {
    const page = await stage.open('desktop', '/souvenirs/products/lantern');
    await payButton(page).hover();
    await page.getByTestId('widget-agreement').uncheck();
    await payButton(page).click();
    await page.getByText('필수 약관을 확인해 주세요').waitFor();
    expect(await page.getByTestId('payment-frame').count()).toBe(0);
  });
});

describe('where the tag sends a shopper on to', () => {
  test('paid: the page says so because the server does, and the order becomes paid by the feed', async () => {
    const page = await stage.open('desktop', seat);
    await book(page);
    await pay(page);
    const id = await receipt(page);
    expect(new URL(page.url()).pathname).toBe('/theatre/success');
    await page.getByTestId('row-state').filter({ hasText: '결제 완료' }).waitFor();
    await page.goto(`${stage.demo.shop}/theatre/fail${new URL(page.url()).search}`);
    expect(await receipt(page)).toBe(id);
  });

  test.each([
    ['declined', 'card-0002', '/theatre/fail', titles.declined],
    ['left', 'cancel', '/theatre/cancel', '결제를 멈추셨어요'],
  ])('%s: not paid, on whatever page it is looked at', async (_name, press, path, title) => {
    const page = await stage.open('desktop', seat);
    await book(page);
    await inWindow(page).getByTestId(press).click();
    if (press !== 'cancel') await pay(page);
    await page.waitForURL((url) => url.pathname === path);
    await eventually(() => resultTitle(page).innerText()).toBe(title);
    expect(await page.getByTestId('row-state').innerText()).toBe('결제 대기');
    await page.goto(`${stage.demo.shop}/theatre/success${new URL(page.url()).search}`);
    expect(await resultTitle(page).innerText()).toBe(title);
    await page.getByRole('link', { name: '다시 결제하기' }).click();
    await payButton(page).waitFor();
  });

  test.each(['', '?pc_session=cs_00000000000000000000000000', "?pc_session=cs_1'%3Cscript%3E"])(
    'an address that names no payment of theirs (%s) is no success',
    async (query) => {
      const page = await stage.open('desktop', `/theatre/success${query}`);
      expect(await resultTitle(page).innerText()).toBe('주문을 찾을 수 없어요');
    },
  );
});

describe('orders of the backend', () => {
  test('pending, then paid, in front of who looks at them', async () => {
    const page = await stage.open('desktop', '/walk');
    await page.getByTestId('people').selectOption('3');
    await page.getByTestId('order').click();
    await eventually(() => payButton(page).innerText()).toBe('33,000원 결제하기');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const orders = await stage.tabBeside(page, '/orders');
    const order = orders.locator('.order').filter({ hasText: id });
    await expect.poll(() => order.getAttribute('data-state')).toBe('pending');
    await page.bringToFront();
    await page.reload();
    await payButton(page).click();
    await pay(page);
    const payment = await stage.payment(await receipt(page));
    expect(payment.reference).toBe(id);
    await eventually(() => order.getAttribute('data-state')).toBe('paid');
  });
});

describe('a payment link', () => {
  const made = async () => {
    const { body } = await api<OpenedSession>(stage.demo.server, 'POST', '/payments/sessions', {
      token: demoKeys.blog.secret,
      body: { amount: 33_000, currency: 'KRW', orderName: '오름 산책 모임 참가비' },
    });
    return body;
  };

  test('keeps no secret in the address, and outlives a reload', async () => {
    const { id, payment, clientSecret } = await made();
    const page = await stage.open('desktop', `/pay#session=${id}&secret=${clientSecret}`);
    await payButton(page).waitFor();
    expectCleanAddress(page);
    await page.reload();
    await payButton(page).click();
    await pay(page);
    expect(await receipt(page)).toBe(payment);
  });

  test('is paid on a phone; the way back works in another browser as well', async () => {
    const { id, payment, clientSecret } = await made();
    const page = await stage.open('phone', `/pay#session=${id}&secret=${clientSecret}`);
    const back = page.waitForRequest((request) => request.url().includes('pc_return='));
    await payButton(page).tap();
    await page.getByTestId('payment-window').getByTestId('pay').tap();
    const { pathname, search } = new URL((await back).url());
    expect(await receipt(page)).toBe(payment);
    expectCleanAddress(page);
    const elsewhere = await stage.open('desktop', pathname + search);
    expect(await receipt(elsewhere)).toBe(payment);
    expect((await stage.books(`${payment}_1`)).charges).toHaveLength(1);
  });

  test('with a wrong secret shows nothing of the order', async () => {
    const { id, clientSecret } = await made();
    const page = await stage.open('desktop', `/pay#session=${id}&secret=${clientSecret?.slice(0, -6)}AAAAAA`);
    await eventually(() => stateOf(page)).toBe('error');
    expect(await page.locator('main').innerText()).not.toContain('오름 산책');
  });
});

describe('the examples', () => {
  test('under a strict policy only what carries the nonce runs, and it pays', async () => {
    const page = await stage.open('desktop', '/examples/strict');
    await payButton(page).click();
    await pay(page);
    await receipt(page);
  });

  test('in the shadow root of another component the widget is drawn, and it pays', async () => {
    const page = await stage.open('desktop', '/examples/shadow');
    await payButton(page).hover();
    await page.getByTestId('widget-method-tosspay').check();
    await payButton(page).click();
    await pay(page);
    expect((await stage.payment(await receipt(page), 'souvenirs')).method).toBe('tosspay');
  });

  test('two on one page pay one after the other, each its own', async () => {
    const page = await stage.open('desktop', '/examples/two');
    for (const [product, site, amount] of [
      ['programme', 'theatre', 8_000],
      ['coffee', 'blog', 12_900],
    ] as const) {
      const one = page.getByTestId(`checkout-${product}`);
      await one.locator('[part=button][type=submit]').click();
      await pay(page);
      const id = await one.getByText(/^pay_[0-9A-Z]{26}$/).innerText();
      expect(await stage.payment(id, site)).toMatchObject({ status: 'paid', amount });
    }
  });

  test('on a phone, one of two comes back, and the other is left as it was', async () => {
    const page = await stage.open('phone', '/examples/two');
    await page.getByTestId('checkout-programme').locator('[part=button][type=submit]').tap();
    await page.getByTestId('payment-window').getByTestId('pay').tap();
    await page
      .getByTestId('checkout-programme')
      .locator('[part=result-title]')
      .filter({ hasText: titles.paid })
      .waitFor();
    await page.getByTestId('checkout-coffee').locator('[part=button][type=submit]').waitFor();
  });

  test('one button in a text opens the dialog', async () => {
    const page = await stage.open('desktop', '/examples/button');
    await page.getByRole('button', { name: '4,500원 결제하기' }).click();
    await payButton(page).click();
    await pay(page);
    await receipt(page);
  });

  test('dark is dark, whatever the system says', async () => {
    const page = await stage.open('desktop', '/examples/dark');
    await payButton(page).waitFor();
    const scheme = await page.locator('pay-checkout').evaluate((element) => getComputedStyle(element).colorScheme);
    expect(scheme).toBe('dark');
  });
});

describe('the playground', () => {
  test('has a control for every attribute', async () => {
    const page = await stage.open('desktop', '/playground');
    await payButton(page).waitFor();
    const known: string[] = await page.evaluate(`customElements.get('pay-checkout').observedAttributes`);
    expect([...controlNames].sort()).toEqual([...known].sort());
    for (const name of known) expect(await page.getByTestId(`set-${name}`).count(), name).toBe(1);
  });

  test('a change is seen at once, in the element, the code and the address', async () => {
    const page = await stage.open('desktop', '/playground');
    await payButton(page).waitFor();
    await page.getByTestId('set-locale').selectOption('en');
    await page.getByTestId('set-site').selectOption('theatre');
    await eventually(() => payButton(page).innerText()).toBe('Pay ₩45,000');
    expect(await page.getByTestId('snippet').innerText()).toContain('product="seat"');
    await page.reload();
    await eventually(() => payButton(page).innerText()).toBe('Pay ₩45,000');
    await page.getByTestId('make-session').click();
    await eventually(() => page.getByTestId('snippet').innerText()).toContain('client-secret="cs_');
    expect(page.url()).not.toContain('client-secret');
    await eventually(() => payButton(page).innerText()).toBe('Pay ₩45,000');
  });

  test('events are shown as they come, and their default action can be prevented', async () => {
    const page = await stage.open(
      'desktop',
      `/playground?merchant=${demoKeys.blog.publishable}&product=coffee&cancel-url=/cancel`,
    );
    await page.getByTestId('event-pay-ready').or(payButton(page)).first().waitFor();
    await page.getByTestId('prevent').check();
    await payButton(page).click();
    await inWindow(page).getByTestId('cancel').click();
    await page.getByTestId('event-pay-cancel').filter({ hasText: '기본 동작을 막음' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/playground');
  });

  test("a signed-in shopper's token is taken", async () => {
    const page = await stage.open('desktop', '/playground');
    await payButton(page).waitFor();
    await page.getByText('누가', { exact: true }).click();
    await page.getByTestId('make-token').click();
    await eventually(() => page.getByTestId('set-customer-token').inputValue()).toMatch(/^eyJ/);
    await payButton(page).click();
    await pay(page);
    expect((await stage.payment(await receipt(page))).customer).toBe('shopper-1');
  });
});

describe('the fault drill', () => {
  test('has every fault of the sandbox; one that is armed there happens at the checkout beside it', async () => {
    const page = await stage.open('desktop', '/faults');
    const all = Object.entries(faultKinds).flatMap(([on, kinds]) =>
      Object.keys(kinds).map((kind) => `fault-${on}-${kind}`),
    );
    for (const id of all) expect(await page.getByTestId(id).count(), id).toBe(1);
    await page.getByTestId('fault-confirm-charge_then_500').click();
    await page.getByTestId('armed').filter({ hasText: 'confirm · charge_then_500 × 1' }).waitFor();
    await payButton(page).click();
    await pay(page);
    const payment = await stage.payment(await receipt(page));
    expect(payment.timeline.map(({ to }) => to)).toContain('unknown');
    await page.reload();
    await page.getByTestId('armed').filter({ hasText: '없음' }).waitFor();
  });

  test('the sandbox shows the books', async () => {
    const { session, orderId } = await stage.session('calendar');
    const order = { clientKey: demoKeys.blog.tossClient, orderId, amount: session.amount, method: 'card' };
    await stage.control('toss/pay', order);
    const page = await stage.open('desktop', stage.demo.sandbox);
    await eventually(() => page.getByTestId(`record-${orderId}`).innerText()).toContain('18,000');
  });
});
