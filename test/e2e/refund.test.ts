import { describe, expect, test } from 'vitest';
import type { Page, PaymentRow, RefundView } from '../../contract/index.js';
import { api } from '../support/world.js';
import { choose, demoKeys, eventually, inWindow, payButton, row, title, useStage } from './stage.js';

const stage = useStage();
type Who = 'blog' | 'theatre';

/** As the merchant's backend does. */
async function refund(who: Who, payment: string, key: string, body: object = {}) {
  const { secret: token } = demoKeys[who];
  const headers = { 'idempotency-key': `${key}-${payment}` };
  return api<RefundView>(stage.demo.server, 'POST', `/payments/${payment}/cancel`, { token, headers, body });
}

describe('a page that is left open', () => {
  test.each([
    ['Toss', 'blog', '/?item=support', 'toss/deposit'],
    ['PortOne', 'theatre', '/theatre?item=programme', 'portone-v2/deposit'],
  ] as const)(
    '%s: hears of the deposit by webhook, and gives the account that it goes back to',
    async (_, who, path, deposit) => {
      const page = await stage.open('desktop', path);
      await choose(page, 'virtual_account');
      await payButton(page).click();
      await inWindow(page).getByTestId('pay').click();
      await page.getByTestId('check-deposit').waitFor();
      const orderId = await newestOrder(who);
      await stage.control(deposit, { orderId, paymentId: orderId });
      await eventually(() => title(page)).toBe('결제가 완료되었습니다');

      const payment = await row(page, 'payment');
      const { status, body } = await refund(who, payment, 'part', { amount: 1_000 });
      expect([status, body.state]).toEqual([202, 'needs_account']);
      await page.getByTestId('refund-bank').selectOption('KAKAO');
      await page.getByTestId('refund-number').fill('12');
      await page.getByTestId('refund-holder').fill('김바다');
      await page.getByTestId('refund-send').click();
      await eventually(() => page.getByTestId('refund-said').innerText()).toContain('숫자 6~20자리');
      await page.getByTestId('refund-number').fill('3333-01-2345678');
      await page.getByTestId('refund-send').click();
      await eventually(() => title(page)).toBe('결제 금액의 일부가 환불되었습니다');
      expect(await row(page, 'refunded')).toBe('1,000원');
      expect(await page.getByTestId('refund').count()).toBe(0);
    },
  );

  test('shows money that went back', async () => {
    const page = await stage.open('desktop', '/?item=coffee');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await eventually(() => title(page)).toBe('결제가 완료되었습니다');
    const payment = await row(page, 'payment');
    expect((await refund('blog', payment, 'part', { amount: 900 })).status).toBe(200);
    await eventually(() => title(page)).toBe('결제 금액의 일부가 환불되었습니다');
    await refund('blog', payment, 'rest');
    await eventually(() => title(page)).toBe('결제 금액이 환불되었습니다');
    expect(await row(page, 'refunded')).toBe('12,900원');
  });
});

async function newestOrder(who: Who): Promise<string> {
  const { secret: token } = demoKeys[who];
  const { body } = await api<Page<PaymentRow>>(stage.demo.server, 'GET', '/payments?limit=1', { token });
  const payment = await stage.payment(String(body.data[0]?.id), who);
  return String(payment.attempts.at(-1)?.orderId);
}
