import { setTimeout as sleep } from 'node:timers/promises';
import type { EventView } from '../../../contract/index.js';
import { openDatabase, type ShopDatabase } from '../../../demo/item-shop/database.js';
import type { Payment } from '../../../server/payments/payment.js';
import { type Started, startProcess } from './process.js';
import type { Shop } from './shops.js';

/** The item shop's backend: a process that reads the feed, grants and takes back, on one file that several of it may share. */
export interface ItemShopOptions {
  readonly shop: Shop;
  readonly file: string;
  /** Where it finds a server that lives. */
  readonly server: string;
}

export function startItemShop({ shop, file, server }: ItemShopOptions): Started {
  const env = {
    ...{ PAY_SERVER: server, DATA_FILE: file },
    ...{ PAY_SECRET_KEY: shop.secretKey, PAY_PUBLISHABLE_KEY: shop.publishableKey },
  };
  return startProcess('demo/item-shop/main.ts', env, (line) => /^ready: (http\S+)/.exec(line)?.[1]);
}

/** Far longer than reading on from wherever the last one was killed takes. */
const patienceMs = 60_000;

/** A fresh one reads on to `last`, the feed's last event, and is killed too. */
export async function readToTheEnd(options: ItemShopOptions, last: string): Promise<void> {
  const process = startItemShop(options);
  try {
    await process.ready;
    for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(100)) {
      const [reading] = inDatabase(options.file, (database) =>
        database.all<{ place: string; compared: number }>('SELECT place, compared FROM reading'),
      );
      if (reading?.place === last && reading.compared === 1) return;
    }
    throw new Error('The item shop does not come to the end of its feed');
  } finally {
    await process.kill();
  }
}

interface Movement {
  readonly event: string;
  readonly payment: string;
  readonly customer: string;
  readonly item: string;
  readonly change: number;
}

/** What the shop's database holds once nobody writes in it. */
export interface Ownership {
  readonly movements: readonly Movement[];
  /** Keys of the events that were counted, and what was found by comparing payments. */
  readonly counted: readonly string[];
}

export const ownership = (file: string): Ownership =>
  inDatabase(file, (database) => ({
    movements: database.all<Movement>('SELECT event, payment, customer, item, change FROM movements ORDER BY id'),
    counted: database.all<{ key: string }>('SELECT key FROM counted ORDER BY key').map(({ key }) => key),
  }));

function inDatabase<T>(file: string, read: (database: ShopDatabase) => T): T {
  const database = openDatabase(file);
  try {
    return read(database);
  } finally {
    database.close();
  }
}

const sold = ['paid', 'partially_refunded', 'refunded'];
/** What an event that changes what somebody owns is called. */
const telling = ['payment.paid', 'payment.partially_refunded', 'payment.refunded', 'payment.reversed'];

/** What is wrong with what the shop gave, in words: the items of every sale, once, to whoever bought them, less what was given back for. */
export function misgranted(payments: readonly Payment[], feed: readonly EventView[], owned: Ownership): string[] {
  const wrong: string[] = [];
  const left = new Map<string, Movement[]>();
  for (const movement of owned.movements) {
    left.set(movement.payment, [...(left.get(movement.payment) ?? []), movement]);
  }
  for (const payment of payments) {
    const { id, status, customer, lines, amount, refundedAmount } = payment;
    const movements = left.get(id) ?? [];
    left.delete(id);
    const [{ item, quantity, price } = { item: '', quantity: 0, price: 1 }] = lines;
    const isSold = sold.includes(status);
    // Whole items go for the money that went back.
    const due = !isSold || refundedAmount >= amount ? 0 : quantity - Math.floor(refundedAmount / price);
    const has = movements.reduce((sum, { change }) => sum + change, 0);
    if (has !== due) wrong.push(`${id}: ${status}, ${refundedAmount} of ${amount} went back: ${has} of ${due} items`);
    const grants = movements.filter(({ change }) => change > 0);
    if (grants.length > 1) wrong.push(`${id}: granted ${grants.length} times`);
    if (grants.some(({ change }) => change > quantity)) wrong.push(`${id}: more was granted than was bought`);
    if (!isSold && movements.length > 0) wrong.push(`${id}: ${status}, and something was granted`);
    if (movements.some((one) => one.customer !== customer || one.item !== item))
      wrong.push(`${id}: granted to another shopper, or something else`);
  }
  for (const payment of left.keys()) wrong.push(`${payment}: granted for no payment`);
  const told = new Set(feed.filter(({ type }) => telling.includes(type)).map(({ key }) => key));
  const counted = new Set(owned.counted);
  for (const key of told) if (!counted.has(key)) wrong.push(`the item shop never counted ${key}`);
  for (const key of counted)
    if (!told.has(key) && !key.includes(':compared:')) wrong.push(`the item shop counted ${key}, which nobody told`);
  return wrong;
}
