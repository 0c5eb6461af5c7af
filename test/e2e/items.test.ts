import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
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
  titles,
  useStage,
} from './stage.js';

const stage = useStage();
type Device = 'desktop' | 'phone';
type Who = 'sora' | 'haneul';

/** Each test has things of its own, since nobody's inventory is emptied between them. */
async function signedIn(who: Who, path: string, device: Device = 'desktop', shop = stage.demo.items): Promise<Page> {
  const page = await stage.open(device, `${shop}/sign-in?to=${encodeURIComponent(path)}`);
  await page.getByTestId(`sign-in-${who}`).click();
  await page.waitForURL(`${shop}${path}`);
  return page;
}

const address = '제주특별자치도 제주시 첨단로 242';

async function openDialog(page: Page, quantity = 1): Promise<void> {
  await page.getByTestId('quantity').selectOption(String(quantity));
  await page.getByTestId('buy').click();
  await page.getByRole('textbox', { name: '우편번호', exact: true }).fill('63309');
  await page.getByRole('textbox', { name: '주소', exact: true }).fill(address);
}

/** The window over the page, or on a phone in its place. */
const inPlace = (page: Page, device: Device) =>
  device === 'desktop' ? inWindow(page) : page.getByTestId('payment-window');

async function buy(page: Page, item: string, { quantity = 1, method = 'card', device = 'desktop' as Device } = {}) {
  await page.goto(`${stage.demo.items}/items/${item}`);
  await openDialog(page, quantity);
  if (method !== 'card') await choose(page, method);
  await payButton(page).click();
  await inPlace(page, device).getByTestId('pay').click();
}

/** What the inventory page shows: `{potion: 2}`. */
async function owned(page: Page): Promise<Record<string, number>> {
  const all = await page.locator('[data-count]').evaluateAll((each) =>
    each.map((one) => {
      const { testid = '', count } = (one as HTMLElement).dataset;
      return [testid.replace('owned-', ''), Number(count)] as const;
    }),
  );
  return Object.fromEntries(all);
}
const inventory = (page: Page) => stage.tabBeside(page, `${stage.demo.items}/inventory`);

const token = demoKeys.items.secret;
async function giveBack(payment: string, amount?: number): Promise<void> {
  const { status } = await api(stage.demo.server, 'POST', `/payments/${payment}/cancel`, {
    token,
    headers: { 'idempotency-key': randomUUID() },
    body: { reason: '고객 요청', ...(amount !== undefined && { amount }) },
  });
  expect([200, 202]).toContain(status);
}

describe('who is signed in', () => {
  test('nobody: an item leads to signing in and back to itself, and nothing of anybody is shown', async () => {
    const page = await stage.open('desktop', `${stage.demo.items}/inventory`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.goto(`${stage.demo.items}/items/shield`);
    expect(await page.locator('pay-checkout').count()).toBe(0);
    await page.getByTestId('sign-in-to-buy').click();
    await page.getByTestId('sign-in-sora').click();
    expect(new URL(page.url()).pathname).toBe('/items/shield');
    expect(await page.getByTestId('me').innerText()).toBe('김소라');
    const [cookie] = await page.context().cookies(stage.demo.items);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in').waitFor();
    // What was signed out stays out, also for who kept the cookie.
    await page.context().addCookies([cookie as NonNullable<typeof cookie>]);
    await page.goto(`${stage.demo.items}/inventory`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  test.each(['https://evil.example/', '//evil.example/', '/\\evil.example'])(
    'signing in leads to no other site (%s)',
    async (to) => {
      const page = await stage.open('desktop', `${stage.demo.items}/sign-in?to=${encodeURIComponent(to)}`);
      await page.getByTestId('sign-in-sora').click();
      await page.getByTestId('me').waitFor();
      expect(new URL(page.url()).origin).toBe(stage.demo.items);
    },
  );

  test('a form of another site signs nobody in', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${stage.demo.items}/sign-in`, { method: 'POST', headers, body: 'person=sora' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('the token is for who is signed in, and only there', async () => {
    expect((await fetch(`${stage.demo.items}/customer-token`)).status).toBe(401);
    const page = await signedIn('haneul', '/items/potion');
    const { customerToken } = await (await page.request.get(`${stage.demo.items}/customer-token`)).json();
    const claims = JSON.parse(Buffer.from(String(customerToken).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'haneul', iss: demoKeys.items.publishable, aud: 'pay-checkout' });
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(3_600);
  });
});

describe('paid, and granted once', () => {
  test.each(['desktop', 'phone'] as const)('two by card in the dialog, on a %s', async (device) => {
    const item = device === 'desktop' ? 'potion' : 'ruby-100';
    const page = await signedIn('sora', `/items/${item}`, device);
    await buy(page, item, { quantity: 2, device });
    const payment = await stage.payment(await receipt(page), 'items');
    expect(new URL(page.url()).pathname).toBe('/success');
    expectCleanAddress(page);
    expect(payment).toMatchObject({ status: 'paid', customer: 'sora', lines: [{ item, quantity: 2 }] });
    expect(payment.buyer).toEqual({
      ...{ name: '김소라', email: 'sora@example.com', phone: '01012345678' },
      ...{ postcode: '63309', address },
    });
    await page.getByTestId('row-items').filter({ hasText: '보관함에 들어왔어요' }).waitFor();
    const tab = await inventory(page);
    expect(await owned(tab)).toMatchObject({ [item]: 2 });
    expect(await tab.getByTestId(`owned-${item}`).getByTestId('from').innerText()).toBe(payment.id);
  });

  test('an account gives nothing before its deposit, and then without a reload', async () => {
    const page = await signedIn('sora', '/items/shield');
    const tab = await inventory(page);
    await page.bringToFront();
    await buy(page, 'shield', { method: 'virtual_account' });
    await resultTitle(page).filter({ hasText: titles.pending }).waitFor();
    expect(await owned(tab)).not.toHaveProperty('shield');
    await stage.control('portone-v1/deposit', { merchant_uid: await stage.lastOrderId() });
    await eventually(() => owned(tab)).toMatchObject({ shield: 1 });
    await receipt(page);
  });

  test('on a phone, back on a page that was loaded anew: the account is shown, and what was left can be gone on with', async () => {
    const page = await signedIn('haneul', '/items/shield', 'phone');
    await openDialog(page, 2);
    await payButton(page).click();
    await page.getByTestId('payment-window').getByTestId('cancel').click();
    await page.getByRole('button', { name: '이어서 결제하기' }).click();
    await choose(page, 'virtual_account');
    await payButton(page).click();
    await page.getByTestId('payment-window').getByTestId('pay').click();
    await resultTitle(page).filter({ hasText: titles.pending }).waitFor();
    expectCleanAddress(page);
    expect(await page.locator('pay-checkout [part=result]').innerText()).toContain('11,800원');
  });

  test.each(['desktop', 'phone'] as const)(
    'an address of the shop’s own search goes along, on a %s',
    async (device) => {
      const page = await signedIn('haneul', '/items/ruby-100', device);
      await page.getByTestId('buy').click();
      const search = () => page.getByRole('button', { name: '우편번호 찾기' }).click();
      await search();
      await page.getByTestId('address-question').fill('어디에도 없는 길');
      await page.getByText('찾는 주소가 없어요').waitFor();
      await page.getByTestId('address-close').click();
      await search();
      await page.getByTestId('address-question').fill('제주시 첨단로');
      await page.getByTestId('address-63309').click();
      await page.getByRole('textbox', { name: /상세 주소/ }).fill('3층');
      await payButton(page).click();
      await inPlace(page, device).getByTestId('pay').click();
      const { buyer } = await stage.payment(await receipt(page), 'items');
      expect(buyer).toMatchObject({ postcode: '63309', address, addressDetail: '3층' });
    },
  );

  test('in dollars with PayPal’s own button', async () => {
    const page = await signedIn('sora', '/items/moonstone');
    await page.getByTestId('buy').click();
    await page.getByTestId('paypal-button').hover();
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByTestId('paypal-button').click()]);
    await popup.getByTestId('pay').click();
    const payment = await stage.payment(await receipt(page), 'items');
    expect(payment).toMatchObject({ status: 'paid', amount: 499, currency: 'USD', customer: 'sora' });
    await eventually(async () => owned(await inventory(page))).toMatchObject({ moonstone: 1 });
  });

  test('declined: the failure page says so, and nothing is granted', async () => {
    const page = await signedIn('haneul', '/items/ruby-1200');
    await openDialog(page);
    await payButton(page).click();
    await inWindow(page).getByTestId('card-0002').click();
    await inWindow(page).getByTestId('pay').click();
    await page.waitForURL((url) => url.pathname === '/failure');
    expect(await resultTitle(page).innerText()).toBe(titles.declined);
    // Another address says the same.
    await page.goto(page.url().replace('/failure', '/success'));
    expect(await resultTitle(page).innerText()).toBe(titles.declined);
    expect(await owned(await inventory(page))).not.toHaveProperty('ruby-1200');
    await page.getByRole('link', { name: '다시 결제하기' }).click();
    await page.getByTestId('buy').waitFor();
  });

  test('money back takes whole items: half of four, then the rest', async () => {
    const page = await signedIn('haneul', '/items/potion');
    await buy(page, 'potion', { quantity: 4 });
    const { id, amount } = await stage.payment(await receipt(page), 'items');
    const tab = await inventory(page);
    await eventually(() => owned(tab)).toMatchObject({ potion: 4 });
    await giveBack(id, amount / 2);
    await eventually(() => owned(tab)).toMatchObject({ potion: 2 });
    await giveBack(id);
    await expect.poll(() => owned(tab), { timeout: 60_000 }).not.toHaveProperty('potion');
    await page.reload();
    expect(await resultTitle(page).innerText()).toBe('결제 금액을 돌려드렸어요');
  }, 120_000);

  test('what one bought, another neither owns nor sees', async () => {
    const page = await signedIn('sora', '/items/ruby-1200');
    await buy(page, 'ruby-1200');
    const id = await receipt(page);
    await eventually(async () => owned(await inventory(page))).toMatchObject({ 'ruby-1200': 1 });
    const other = await signedIn('haneul', '/inventory');
    expect(await owned(other)).not.toHaveProperty('ruby-1200');
    await other.goto(page.url());
    expect(await resultTitle(other).innerText()).toBe('주문을 찾을 수 없어요');
    expect(await other.content()).not.toContain(id);
  });
});

test('what is owned stays on the page while the shop can’t show it anew', async () => {
  const page = await signedIn('haneul', '/inventory');
  let asked = 0;
  await page.route('**/inventory/changes?*', (route) => route.fulfill({ json: { changes: -1 } }));
  await page.route('**/inventory', (route) => {
    if (route.request().resourceType() !== 'fetch') return route.continue();
    asked += 1;
    return route.fulfill({ status: 503, contentType: 'text/html', body: '<main id="main"><h1>away</h1></main>' });
  });
  await page.reload();
  await eventually(async () => asked).toBeGreaterThan(1);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('보관함');
});

test('an inventory fits a narrow phone', async () => {
  const page = await signedIn('sora', '/items/potion');
  await buy(page, 'potion');
  await receipt(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`${stage.demo.items}/inventory`);
  await page.getByTestId('owned-potion').waitFor();
  const sticksOut = await page.getByTestId('owned-potion').evaluate((card) => {
    const { right } = card.getBoundingClientRect();
    return [...card.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > right).length;
  });
  expect(sticksOut).toBe(0);
});

describe('my payments', () => {
  const lines = (page: Page) => page.locator('pay-history [part=payment]');

  test('all that one paid and nothing of the other; a new token is had when the old one is over', async () => {
    const page = await signedIn('haneul', '/items/ruby-100');
    await buy(page, 'ruby-100', { quantity: 3 });
    const id = await receipt(page);
    await page.getByRole('link', { name: '결제 내역' }).first().click();
    await eventually(() => lines(page).first().innerText()).toMatch(/루비 주머니[\s\S]*3,300원/);
    const other = await signedIn('sora', '/payments');
    await other.locator('pay-history [part=card]').waitFor();
    expect(await other.locator('pay-history').innerText()).not.toContain('3,300원');
    const shop = await stage.tabBeside(page, `${stage.demo.items}/items/ruby-100`);
    await shop.getByTestId('buy').waitFor();
    await stage.control('clock', { advanceMs: 45 * 60_000 });
    await giveBack(id);
    await page.bringToFront();
    // What a browser tells a page that is looked at again.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await eventually(() => lines(page).first().innerText()).toMatch(/환불/);
    // The page of an item that was open meanwhile sells on, too.
    await shop.bringToFront();
    await openDialog(shop);
    await payButton(shop).click();
    await inWindow(shop).getByTestId('pay').click();
    expect((await stage.payment(await receipt(shop), 'items')).customer).toBe('haneul');
  });
});

describe('my payments, by themselves', () => {
  test('an account that waits, its deposit, and the account that the refund of it goes to', async () => {
    const page = await signedIn('haneul', '/items/ruby-100');
    await buy(page, 'ruby-100', { method: 'virtual_account' });
    await eventually(() => resultTitle(page).innerText()).toBe(titles.pending);
    const orderId = await stage.lastOrderId();
    await page.goto(`${stage.demo.items}/payments`);
    const [first, history] = [page.locator('pay-history [part=payment]').first(), page.locator('pay-history')];
    await eventually(() => first.innerText()).toMatch(/입금 대기[\s\S]*남음[\s\S]*계좌번호/);
    await stage.control('portone-v1/deposit', { merchant_uid: orderId });
    await eventually(() => first.innerText()).toMatch(/결제 완료/);
    expect(await history.locator('[role=status]').first().innerText()).toMatch(/결제 완료$/);
    await giveBack(orderId.replace(/_\d+$/, ''));
    await page.reload();
    await history.locator('select').selectOption('KAKAO');
    await history.getByLabel('계좌번호').fill('3333-01-1234567');
    await history.getByLabel('예금주').fill('김하늘');
    await history.getByRole('button', { name: '환불 계좌 보내기' }).click();
    await eventually(() => first.innerText()).toMatch(/환불 완료/);
    expect(await history.innerText()).not.toContain('3333');
  });
});

test('money back shows in the list of payments, without a look at another tab', async () => {
  const page = await signedIn('haneul', '/items/ruby-1200');
  await buy(page, 'ruby-1200', { quantity: 2 });
  const id = await receipt(page);
  await page.getByTestId('row-items').filter({ hasText: '보관함에 들어왔어요' }).waitFor();
  await page.goto(`${stage.demo.items}/payments`);
  const line = page.locator('pay-history [part=payment]').first();
  await eventually(() => line.innerText()).toMatch(/루비 상자[\s\S]*22,000원/);
  await giveBack(id, 11_000);
  await eventually(() => line.innerText()).toMatch(/환불 완료[\s\S]*11,000원/);
});

describe('the shop as a process of its own', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  let running: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(running.map(kill));
    running = [];
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  async function start(name: string): Promise<{ url: string; child: ChildProcess }> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'demo/item-shop/main.ts'], {
      cwd: root,
      env: { ...process.env, PAY_SERVER: stage.demo.server, DATA_FILE: join(stage.demo.directory, name), PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    return { url: String(line).replace('ready: ', '').trim(), child };
  }

  test('killed, and down while it is paid: granted once when it is back, also where two run on one file', async () => {
    const page = await signedIn('sora', '/items/shield');
    const before = await start('another.db');
    const shown = await signedIn('sora', '/inventory', 'desktop', before.url);
    const { shield = 0 } = await (async () => {
      await buy(page, 'shield');
      await receipt(page);
      await eventually(() => owned(shown)).toHaveProperty('shield');
      return owned(shown);
    })();
    await kill(before.child);
    await buy(page, 'shield', { quantity: 3 });
    await receipt(page);
    const [after] = await Promise.all([start('another.db'), start('another.db')]);
    const again = await signedIn('sora', '/inventory', 'desktop', after.url);
    await eventually(() => owned(again)).toMatchObject({ shield: shield + 3 });
    // Read anew, from the first event on: the same.
    const afresh = await start('afresh.db');
    const fresh = await signedIn('sora', '/inventory', 'desktop', afresh.url);
    await eventually(() => owned(fresh)).toEqual(await owned(again));
  });
});
