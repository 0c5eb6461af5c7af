import { describe, expect, test } from 'vitest';
import { eventually, expectCleanAddress, inWindow, payButton, row, title, useStage } from './stage.js';

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
