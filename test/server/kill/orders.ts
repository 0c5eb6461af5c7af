import { setTimeout as sleep } from 'node:timers/promises';
import type { EventView, RefundView } from '../../../contract/index.js';
import type { Answer } from '../../support/world.js';
import type { Browser } from './browser.js';
import type { Random } from './random.js';
import type { Shop } from './shops.js';

/** A refund as the merchant's backend ordered it, under one key however often it had to ask. */
export interface Order {
  readonly shop: Shop;
  readonly payment: string;
  readonly key: string;
  /** Absent: all that is left. */
  readonly amount?: number;
  readonly account: boolean;
  /** Sent twice at the same moment. */
  readonly twice: boolean;
  /** What it was told: the refunds by their ids, or the code of a no. */
  readonly refunds: Set<string>;
  readonly refusals: Set<string>;
}

const account = { bank: 'KAKAO', number: '3333011234567', holder: '김하나' };

/** What the merchant gives back of a sale, if anything. */
export function plansFor(shop: Shop, { about, data }: EventView, random: Random): Order[] {
  const payment = about.payment as string;
  const half = Math.floor(Number(data.amount) / 2);
  // Only a deposit goes back to an account; it can also be named later.
  const account = data.method === 'virtual_account' && random.chance(0.5);
  const order = (no: number, amount?: number): Order => ({
    ...{ shop, payment, key: `refund-${payment}-${no}`, account, twice: random.chance(0.3) },
    ...(amount !== undefined && { amount }),
    ...{ refunds: new Set(), refusals: new Set() },
  });
  const dice = random.next();
  if (dice < 0.12) return [order(1)];
  if (dice < 0.24) return [order(1, half)];
  if (dice < 0.3) return [order(1, half), order(2, half)];
  if (dice < 0.36) return [order(1), order(2)];
  return [];
}

/** Asks until there is an answer, and sometimes once more. */
export async function place(order: Order, browser: Browser, random: Random): Promise<void> {
  await sleep(random.between(0, 400));
  await Promise.all(order.twice ? [ask(order, browser), ask(order, browser)] : [ask(order, browser)]);
  if (random.chance(0.4)) await ask(order, browser);
}

async function ask({ shop, payment, key, amount, ...order }: Order, browser: Browser): Promise<void> {
  const { status, body } = (await browser.ask('POST', `/payments/${payment}/cancel`, {
    token: shop.secretKey,
    headers: { 'idempotency-key': key },
    body: { reason: 'The drill', ...(amount !== undefined && { amount }), ...(order.account && { account }) },
  })) as unknown as Answer<RefundView & { code?: string; refund?: string }>;
  if (status === 200 || status === 202) order.refunds.add(body.id);
  else {
    order.refusals.add(`${status} ${body.code}`);
    if (body.refund !== undefined) order.refunds.add(body.refund);
  }
}

/** The backend knows its buyers' accounts. */
export async function giveAccount(shop: Shop, { about, data }: EventView, browser: Browser, random: Random) {
  await sleep(random.between(0, 300));
  const { id } = data.refund as { id: string };
  const path = `/payments/${about.payment}/refunds/${id}/account`;
  const { status, body } = await browser.ask('POST', path, { token: shop.secretKey, body: account });
  const gone = status === 409 && body.code === 'refund_account_not_taken';
  if (status !== 200 && status !== 202 && !gone) throw new Error(`${path}: ${status} ${body.code}`);
}
