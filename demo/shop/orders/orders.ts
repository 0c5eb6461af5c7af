import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { EventView, PaymentView } from '../../../contract/index.js';
import type { MerchantId } from '../../config/keys.js';
import { afterEvent, type Order } from './order.js';

/** The file: orders and how far each merchant's feed was read, always written together. */
interface Kept {
  readonly orders: readonly Order[];
  readonly cursors: Readonly<Partial<Record<MerchantId, string>>>;
}

/** What an order needs to know of a payment. */
export type PaymentFacts = Pick<PaymentView, 'id' | 'orderName' | 'amount' | 'currency' | 'createdAt' | 'reference'>;

export interface Orders {
  /** Newest first. */
  all(): readonly Order[];
  get(id: string): Order | undefined;
  ofPayment(payment: string): Order | undefined;
  /** An order that the shop's backend takes, before there is a payment. */
  open(order: Order): Promise<void>;
  /** The order of a payment; a new one where the shop did not know of it. */
  meet(site: MerchantId, payment: PaymentFacts): Promise<Order>;
  cursor(site: MerchantId): string | undefined;
  /** Counts a page of events and moves the cursor, in one write. Every payment in it has been met. May be repeated. */
  count(site: MerchantId, events: readonly EventView[], cursor: string): Promise<void>;
  /** The feed can't go on from where it was read to: it is read anew, and what was counted is not counted again. */
  forgetCursor(site: MerchantId): void;
  /** Moves with every change. */
  readonly changes: number;
  /** Resolves at the next change, or when the signal says so. */
  changed(signal: AbortSignal): Promise<void>;
}

/** In memory, and in one small file. A file that can't be read is an error: orders are not to be lost silently. */
export function openOrders(file: string): Orders {
  let { orders, cursors } = read(file);
  let changes = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const news = new EventEmitter().setMaxListeners(0);

  /** One write after the other, each of all there is by then. */
  const save = () => {
    const written = writing.then(() => write(file, { orders, cursors }));
    writing = written.catch(() => undefined);
    return written;
  };
  const put = (order: Order) => {
    const at = orders.findIndex(({ id }) => id === order.id);
    orders = at < 0 ? [order, ...orders] : orders.with(at, order);
    changes += 1;
    news.emit('change');
  };
  const ofPayment = (payment: string) => orders.find((order) => order.payment === payment);

  return {
    all: () => orders,
    get: (id) => orders.find((order) => order.id === id),
    ofPayment,
    async open(order) {
      put(order);
      await save();
    },
    async meet(site, payment) {
      const { id, orderName, amount, currency, createdAt, reference } = payment;
      const known = ofPayment(id);
      if (known) return known;
      const own = orders.find((order) => order.site === site && order.id === reference);
      const order: Order = own
        ? { ...own, payment: id }
        : {
            ...{ id: `order-${id.slice(-8).toLowerCase()}`, site, payment: id, name: orderName },
            ...{ amount, currency, state: 'pending', createdAt, events: [] },
          };
      put(order);
      await save();
      // An event may have come meanwhile.
      return ofPayment(id) ?? order;
    },
    cursor: (site) => cursors[site],
    async count(site, events, cursor) {
      for (const event of events) {
        const order = event.about.payment && ofPayment(event.about.payment);
        if (!order) continue;
        const after = afterEvent(order, event);
        if (after !== order) put(after);
      }
      if (cursors[site] === cursor && events.length === 0) return;
      cursors = { ...cursors, [site]: cursor };
      await save();
    },
    forgetCursor(site) {
      const { [site]: _gone, ...others } = cursors;
      cursors = others;
    },
    get changes() {
      return changes;
    },
    async changed(signal) {
      await once(news, 'change', { signal }).catch(() => undefined);
    },
  };
}

function read(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { orders: [], cursors: {} };
    throw error;
  }
}

/** All of it or nothing: a crash in the middle leaves the file as it was. */
async function write(file: string, kept: Kept): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
