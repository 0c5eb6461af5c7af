import { describe, expect, test } from 'vitest';
import { choose, eventually, expectCleanAddress, inWindow, payButton, row, title, useStage } from './stage.js';

const stage = useStage();

describe('on a computer, with the payment window', () => {
  test('a card pays in the overlay, and the page stays where it is', async () => {
    const page = await stage.open('desktop', '/');
    await page.getByTestId('buy-coffee').click();
    await page.getByTestId('more').click();
    await eventually(() => payButton(page).innerText()).toBe('25,800원 결제하기');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();

    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
    expect(await row(page, 'amount')).toBe('25,800원');
    const payment = await stage.payment(await row(page, 'payment'));
    expect(payment.status).toBe('paid');
    expect(payment.amount).toBe(25_800);
    expect(page.url()).toBe(`${stage.demo.shop}/?item=coffee`);

    await page.reload();
    await page.getByTestId('result').waitFor();
    expect(await row(page, 'payment')).toBe(payment.id);
  });

  test('a refused card says why, and another card then pays the same order', async () => {
    const page = await stage.open('desktop', '/?item=coffee');
    await payButton(page).click();
    await inWindow(page).getByTestId('card-0002').click();
    await inWindow(page).getByTestId('pay').click();
    await eventually(() => page.getByTestId('notice').innerText()).toContain('잔액부족');

    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    const payment = await stage.payment(await row(page, 'payment'));
    expect(payment.attempts.map(({ state }) => state)).toEqual(['failed', 'paid']);
  });

  test('a canceled window says that nothing was paid, and can be opened again', async () => {
    const page = await stage.open('desktop', '/?item=essay');
    await payButton(page).click();
    await inWindow(page).getByTestId('cancel').click();
    await eventually(() => page.getByTestId('notice').innerText()).toBe(
      '결제를 취소하셨습니다. 결제된 금액은 없습니다.',
    );
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').waitFor();
  });

  test('two quick presses open one window and make one attempt', async () => {
    const page = await stage.open('desktop', '/?item=essay');
    await payButton(page).dblclick();
    await inWindow(page).getByTestId('pay').waitFor();
    expect(await page.getByTestId('payment-frame').count()).toBe(1);
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    const payment = await stage.payment(await row(page, 'payment'));
    expect(payment.attempts).toHaveLength(1);
    expect((await stage.books(`${payment.id}_1`)).charges).toHaveLength(1);
  });

  test('an account is issued, and the deposit that the bank reports on its page completes the order', async () => {
    const page = await stage.open('desktop', '/?item=support');
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('check-deposit').waitFor();
    expect(await row(page, 'bank')).toBe('KB국민은행');

    const bank = await page.context().newPage();
    await bank.goto(stage.demo.sandbox);
    await bank.locator('[data-testid^="deposit-"]').first().click();
    await bank.locator('[data-testid^="deposit-reverse-"]').first().waitFor();
    // Nobody tells the server of it yet: it looks by itself every hour.
    await bank.getByTestId('advance-3600000').click();
    await bank.close();

    await eventually(() => title(page)).toBe('결제가 완료되었습니다');
  });

  test('the shopper can ask whether the deposit has come', async () => {
    const page = await stage.open('desktop', '/?item=support');
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('check-deposit').click();
    await eventually(() => page.getByTestId('said').innerText()).toBe('아직 입금이 확인되지 않았습니다.');
    const orderId = (await lastRecord()).orderId;
    await stage.control('toss/deposit', { orderId });
    await stage.control('clock', { advanceMs: 3_000 });
    await page.getByTestId('check-deposit').click();
    await eventually(() => title(page)).toBe('결제가 완료되었습니다');
  });

  test('English is one link away', async () => {
    const page = await stage.open('desktop', '/?item=calendar');
    await payButton(page).waitFor();
    await page.locator('#language').click();
    await eventually(() => payButton(page).innerText()).toBe('Pay ₩18,000');
    // HTML in a name is text.
    expect(await page.locator('main').innerText()).toContain('<limited edition>');
  });
});

describe('on a phone, where the window takes the whole page', () => {
  test('a card pays, and the address is clean again', async () => {
    const page = await stage.open('phone', '/?item=coffee');
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('pay').tap();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
    expectCleanAddress(page);
  });

  test('a canceled window comes back to an order that can be paid', async () => {
    const page = await stage.open('phone', '/?item=coffee');
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('cancel').tap();
    await eventually(() => page.getByTestId('notice').innerText()).toContain('취소');
    expectCleanAddress(page);
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.getByTestId('pay').tap();
    await page.getByTestId('result').waitFor();
    expect((await stage.payment(await row(page, 'payment'))).status).toBe('paid');
  });

  test('Back from the window shows an order that can still be paid', async () => {
    const page = await stage.open('phone', '/?item=coffee');
    await payButton(page).tap();
    await page.getByTestId('payment-window').waitFor();
    await page.goBack();
    await eventually(() => page.getByTestId('notice').innerText()).toContain('아직 결제가 끝나지 않았습니다');
    await eventually(() => payButton(page).isEnabled()).toBe(true);
  });
});

describe('coming back with a return address', () => {
  const agreed = async () => {
    const { session, orderId, successUrl } = await stage.session();
    const { paymentKey } = await stage.control('toss/pay', {
      clientKey: 'test_ck_demo_blog',
      orderId,
      amount: session.amount,
      method: 'card',
    });
    const address = (amount: number) => {
      const url = new URL(successUrl);
      for (const [name, value] of Object.entries({ paymentKey, orderId, amount })) {
        url.searchParams.set(name, String(value));
      }
      return url.href;
    };
    return { session, orderId, address };
  };

  test('a reload in the middle, and a second visit from another browser, charge once', async () => {
    const { session, orderId, address } = await agreed();
    await stage.control('latency', { ms: 700 });
    const page = await stage.open('phone', address(session.amount));
    expectCleanAddress(page);
    await page.reload();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
    await stage.control('latency', { ms: 0 });

    const elsewhere = await stage.open('desktop', address(session.amount));
    await elsewhere.getByTestId('result').waitFor();
    expect(await title(elsewhere)).toBe('결제가 완료되었습니다');
    expect((await stage.books(orderId)).charges).toHaveLength(1);
  });

  test('another price in it is refused, and nothing is charged', async () => {
    const { session, orderId, address } = await agreed();
    const page = await stage.open('desktop', address(100));
    await page.getByTestId('result').waitFor();
    expect(await page.getByTestId('result').innerText()).toContain('주문 내용과 달라');
    expect((await stage.books(orderId)).charges).toEqual([]);
    expect((await stage.payment(session.payment)).status).toBe('open');
  });
});

async function lastRecord() {
  const response = await fetch(`${stage.demo.sandbox}/control/books`);
  const { records } = (await response.json()) as { records: { orderId: string }[] };
  return records.at(-1) as { orderId: string };
}
