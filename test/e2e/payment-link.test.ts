import { describe, expect, test } from 'vitest';
import type { OpenedSession } from '../../contract/index.js';
import { api } from '../support/world.js';
import { demoKeys, expectCleanAddress, inWindow, payButton, title, useStage } from './stage.js';

const stage = useStage();

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
