import { describe, expect, test } from 'vitest';
import type { OpenedSession } from '../../contract/index.js';
import { api } from '../support/world.js';
import { demoKeys, eventually, expectCleanAddress, inWindow, payButton, row, title, useStage } from './stage.js';

const stage = useStage();

describe("the item shop, with the provider's widget", () => {
  test('the shopper chooses the method in the widget and pays', async () => {
    const page = await stage.open('desktop', '/items?item=potion');
    await page.getByTestId('widget-method-kakaopay').check();
    await page.getByTestId('more').click();
    await eventually(() => payButton(page).innerText()).toBe('4,800원 결제하기');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
    expect(await row(page, 'amount')).toBe('4,800원');
    expect(await row(page, 'method')).toBe('카카오페이');
  });

  test('without the terms no window opens, and the page says why', async () => {
    const page = await stage.open('desktop', '/items?item=shield');
    await page.getByTestId('widget-agreement').uncheck();
    await eventually(() => page.getByTestId('notice').innerText()).toBe('필수 약관에 동의해 주세요.');
    await payButton(page).click();
    await eventually(() => payButton(page).isEnabled()).toBe(true);
    expect(await page.getByTestId('payment-frame').count()).toBe(0);
    await page.getByTestId('widget-agreement').check();
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
  });

  test('on a phone it pays by redirect', async () => {
    const page = await stage.open('phone', '/items?item=ruby-1200');
    await page.getByTestId('widget-agreement').waitFor();
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('pay').tap();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
    expectCleanAddress(page);
  });
});

describe("a session that the merchant's backend made", () => {
  const made = async () => {
    const { body } = await api<OpenedSession>(stage.demo.server, 'POST', '/payments/sessions', {
      token: demoKeys.blog.secret,
      body: { amount: 33_000, currency: 'KRW', orderName: '오름 산책 모임 참가비', reference: `walk-${Math.random()}` },
    });
    return body;
  };

  test('is paid on the page for payment links, whose address keeps no secret', async () => {
    const { id, payment, clientSecret } = await made();
    const page = await stage.open('desktop', `/pay#session=${id}&secret=${clientSecret}`);
    await payButton(page).waitFor();
    expectCleanAddress(page);
    await page.reload();
    expect(await page.getByTestId('total').innerText()).toBe('33,000원');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    expect((await stage.payment(payment)).status).toBe('paid');
  });

  test('is paid on a phone as well', async () => {
    const { id, payment, clientSecret } = await made();
    const page = await stage.open('phone', `/pay#session=${id}&secret=${clientSecret}`);
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('pay').tap();
    await page.getByTestId('result').waitFor();
    expect((await stage.payment(payment)).status).toBe('paid');
  });

  test('a link with a wrong secret shows nothing of the order', async () => {
    const { id, clientSecret } = await made();
    const wrong = `${clientSecret?.slice(0, -6)}AAAAAA`;
    const page = await stage.open('desktop', `/pay#session=${id}&secret=${wrong}`);
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toContain('주문을 찾을 수 없습니다');
    expect(await page.locator('main').innerText()).not.toContain('오름 산책');
  });
});

describe('when an answer is lost', () => {
  test('a charge whose answer never came is found, and the shopper sees the receipt', async () => {
    const page = await stage.open('desktop', '/?item=coffee');
    await payButton(page).waitFor();
    await stage.control('faults', { on: 'confirm', kind: 'charge_then_drop' });
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await eventually(() => title(page)).toBe('결제가 완료되었습니다');
    const payment = await stage.payment(await row(page, 'payment'));
    expect((await stage.books(`${payment.id}_1`)).charges).toHaveLength(1);
  });
});

describe("the sandbox's control page", () => {
  test('shows the books', async () => {
    const { session, orderId } = await stage.session('calendar');
    await stage.control('toss/pay', {
      clientKey: 'test_ck_demo_blog',
      orderId,
      amount: session.amount,
      method: 'card',
    });
    const page = await stage.open('desktop', stage.demo.sandbox);
    await eventually(() => page.getByTestId(`record-${orderId}`).innerText()).toContain('18,000');
  });
});
