import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { AttemptState, PaymentView } from '../../contract/index.js';
import { openDatabase } from '../../demo/item-shop/database.js';
import { createItemShop, type ItemShop } from '../../demo/item-shop/item-shop.js';

const id = '01M7Z80W6Q3N5X9T2C4B7E8RFA';

/** An open payment of Sora's whose last attempt stands like this. */
const payment = (state: AttemptState) =>
  ({
    ...{ id: `pay_${id}`, status: 'open', customer: 'sora', amount: 2_400, currency: 'KRW', refundedAmount: 0 },
    lines: [{ item: 'potion', name: { ko: '별빛 물약' }, quantity: 1, price: 2_400 }],
    attempts: [{ state, ...(state === 'failed' && { failure: { code: 'failed', message: '잔액이 부족합니다' } }) }],
  }) as unknown as PaymentView;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The shop, and who is signed in there. `answer`: what the pay-checkout server says of every payment; nothing: it is not there. */
async function shopWith(answer?: PaymentView): Promise<(path: string) => Promise<{ status: number; text: string }>> {
  const server = createServer((_req, res) =>
    res.setHeader('content-type', 'application/json').end(JSON.stringify(answer)),
  );
  const at = await listening(server);
  if (!answer) await closing.pop()?.();
  const database = openDatabase(':memory:');
  const shop: ItemShop = createItemShop({
    ...{ places: { server: at, sandbox: at }, server: at, database },
    ...{ secretKey: 'sk_items', publishableKey: 'pk_items', tokenSecret: 'x'.repeat(32) },
  });
  const url = await listening(createServer(shop.app));
  closing.push(async () => database.close());
  const signedIn = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ person: 'sora' }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path) => {
    const response = await fetch(`${url}${path}`, { headers: { cookie } });
    return { status: response.status, text: await response.text() };
  };
}

describe('the result of a payment', () => {
  test.each(['launched', 'confirming', 'unknown'] as const)(
    'nobody knows it yet (%s): it is not said that nothing was paid, nor asked to pay again',
    async (state) => {
      const get = await shopWith(payment(state));
      const { text } = await get(`/failure?pc_session=cs_${id}`);
      expect(text).toContain('결제 결과를 확인하고 있어요');
      expect(text).not.toContain('결제된 금액은 없습니다');
      expect(text).not.toContain('다시 결제하기');
    },
  );

  test('declined: why, that nothing was paid, and that it can be paid again', async () => {
    const get = await shopWith(payment('failed'));
    const { text } = await get(`/success?pc_session=cs_${id}`);
    expect(text).toContain('결제가 승인되지 않았어요');
    expect(text).toContain('잔액이 부족합니다');
    expect(text).toContain('다시 결제하기');
  });

  test('the server is away: that is said to who is signed in, and nobody is asked to sign in again', async () => {
    const get = await shopWith();
    const { status, text } = await get(`/success?pc_session=cs_${id}`);
    expect(status).toBe(503);
    expect(text).toContain('결제 결과는 사라지지 않습니다');
    expect(text).toContain('김소라');
    expect(text).not.toContain('data-testid="sign-in"');
  });
});
