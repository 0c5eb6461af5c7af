import { describe, expect, test } from 'vitest';
import { choose, eventually, expectCleanAddress, inWindow, payButton, row, title, useStage } from './stage.js';

/** The site on PortOne V2: cards and easy pays are charged by PortOne, the rest when our server says so. */
const stage = useStage();

const paid = async (page: Parameters<typeof row>[0]) => {
  await page.getByTestId('result').waitFor();
  expect(await title(page)).toBe('결제가 완료되었습니다');
  return stage.payment(await row(page, 'payment'), 'theatre');
};

describe('on a computer', () => {
  test.each(['card', 'transfer'])('%s pays in the overlay, once', async (method) => {
    const page = await stage.open('desktop', '/theatre?item=seat');
    await choose(page, method);
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    const payment = await paid(page);
    expect(payment).toMatchObject({ status: 'paid', amount: 45_000, provider: 'portone-v2', method });
    expect((await stage.books(`${payment.id}_${payment.attempts.length}`)).charges).toHaveLength(1);
  });

  test('Naver Pay opens a window of its own', async () => {
    const page = await stage.open('desktop', '/theatre?item=programme');
    await choose(page, 'naverpay');
    const [popup] = await Promise.all([page.waitForEvent('popup'), payButton(page).click()]);
    await popup.getByTestId('pay').click();
    expect((await paid(page)).method).toBe('naverpay');
  });

  test('an account is issued at our word', async () => {
    const page = await stage.open('desktop', '/theatre?item=programme');
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('check-deposit').waitFor();
    expect(await row(page, 'amount')).toBe('8,000원');
  });

  test('a closed window says that nothing was paid, and the next one pays', async () => {
    const page = await stage.open('desktop', '/theatre?item=seat');
    await payButton(page).click();
    await inWindow(page).getByTestId('cancel').click();
    await eventually(() => page.getByTestId('notice').innerText()).toBe(
      '결제를 취소하셨습니다. 결제된 금액은 없습니다.',
    );
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    expect((await paid(page)).attempts.map(({ state }) => state)).toEqual(['failed', 'paid']);
  });
});

describe('on a phone, by redirects that name no transaction', () => {
  test.each(['card', 'transfer'])('%s pays, and the address is clean again', async (method) => {
    const page = await stage.open('phone', '/theatre?item=seat');
    await choose(page, method);
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('pay').tap();
    expect(await paid(page)).toMatchObject({ status: 'paid', method });
    expectCleanAddress(page);
  });

  test('a declined card says why, and the address is clean again', async () => {
    const page = await stage.open('phone', '/theatre?item=seat');
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('card-0002').tap();
    await page.getByTestId('pay').tap();
    await eventually(() => page.getByTestId('notice').innerText()).toContain('잔액부족');
    expectCleanAddress(page);
  });
});
