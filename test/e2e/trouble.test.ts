import { describe, expect, test } from 'vitest';
import type { OpenedSession } from '../../contract/index.js';
import { api } from '../support/world.js';
import { choose, demoKeys, eventually, inWindow, payButton, row, title, useStage } from './stage.js';

const stage = useStage();

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

describe('when time passes', () => {
  test('an order that waited too long says so, and that nothing was paid', async () => {
    const page = await stage.open('desktop', '/?item=coffee');
    await payButton(page).waitFor();
    await stage.control('clock', { advanceMs: 31 * 60_000 });
    await choose(page, 'transfer');
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제 시간이 지났습니다');
  });

  test('an order that was paid in another tab shows its receipt', async () => {
    const page = await stage.open('desktop', '/');
    const created = page.waitForResponse(
      (response) => response.url().endsWith('/payments/sessions') && response.request().method() === 'POST',
    );
    await page.getByTestId('buy-coffee').click();
    const { id, payment, clientSecret } = (await (await created).json()) as OpenedSession;
    await payButton(page).waitFor();
    await stage.control('toss/pay', {
      clientKey: demoKeys.blog.tossClient,
      orderId: `${payment}_1`,
      amount: 12_900,
      method: 'card',
    });
    const { records } = await stage.books(`${payment}_1`);
    await api(stage.demo.server, 'POST', '/payments/verify', {
      token: clientSecret as string,
      body: { session: id, paymentKey: records[0]?.id },
    });
    await choose(page, 'transfer');
    await page.getByTestId('result').waitFor();
    expect(await row(page, 'payment')).toBe(payment);
  });

  test('a script that could not be loaded is loaded again at the next click', async () => {
    const page = await stage.open('desktop', '/');
    await page.route(`${stage.demo.sandbox}/toss/v2/standard`, (route) => route.abort(), { times: 2 });
    await page.getByTestId('buy-coffee').click();
    await payButton(page).click();
    await eventually(() => page.getByTestId('notice').innerText()).toContain('결제창을 불러오지 못했습니다');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await page.getByTestId('result').waitFor();
    expect(await title(page)).toBe('결제가 완료되었습니다');
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
