import { describe, expect, test } from 'vitest';
import type { RefundView } from '../../contract/index.js';
import { api } from '../support/world.js';
import { choose, demoKeys, inWindow, payButton, receipt, resultTitle, titles, useStage } from './stage.js';

const stage = useStage();
type Who = 'blog' | 'theatre' | 'items';

/** As the merchant's backend does. */
async function refund(who: Who, payment: string, key: string, body: object = {}) {
  const { secret: token } = demoKeys[who];
  const headers = { 'idempotency-key': `${key}-${payment}` };
  return api<RefundView>(stage.demo.server, 'POST', `/payments/${payment}/cancel`, { token, headers, body });
}

describe('a receipt that is looked at again', () => {
  test.each([
    ['toss', 'blog', '/products/support'],
    ['portone-v2', 'theatre', `/playground?merchant=${demoKeys.theatre.publishable}&product=programme`],
    ['portone-v1', 'items', `/playground?merchant=${demoKeys.items.publishable}&product=potion`],
  ] as const)('%s: asks for the account that a deposit goes back to', async (provider, who, path) => {
    const page = await stage.open('desktop', path);
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    await resultTitle(page).filter({ hasText: titles.pending }).waitFor();
    await stage.deposit(provider, await stage.lastOrderId());
    const payment = await receipt(page);

    const { status, body } = await refund(who, payment, 'part', { amount: 1_000 });
    expect([status, body.state]).toEqual([202, 'needs_account']);
    await page.reload();
    const form = page.locator('pay-checkout [part=refund]');
    await form.locator('select').selectOption('KAKAO');
    await form.locator('[name=number]').fill('12');
    await form.locator('[name=holder]').fill('김바다');
    await form.locator('button').click();
    await form.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await form.locator('[name=number]').fill('3333-01-2345678');
    await form.locator('button').click();
    await resultTitle(page).filter({ hasText: '결제 금액의 일부가 환불됐어요' }).waitFor();
    await form.waitFor({ state: 'detached' });
  });

  test('shows money that went back, and the order is cancelled when all of it did', async () => {
    const page = await stage.open('desktop', '/products/coffee');
    await payButton(page).click();
    await inWindow(page).getByTestId('pay').click();
    const payment = await receipt(page);
    expect((await refund('blog', payment, 'part', { amount: 900 })).status).toBe(200);
    await page.reload();
    await resultTitle(page).filter({ hasText: '결제 금액의 일부가 환불됐어요' }).waitFor();
    await refund('blog', payment, 'rest');
    const orders = await stage.tabBeside(page, '/orders');
    await orders.locator(`[data-testid=order-${payment}][data-state=cancelled]`).waitFor();
    await page.reload();
    await resultTitle(page).filter({ hasText: '결제 금액이 환불됐어요' }).waitFor();
  });
});
