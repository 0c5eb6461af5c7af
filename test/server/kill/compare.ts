import type { EventPage, EventView } from '../../../contract/index.js';
import type { Books } from '../../../demo/sandbox/record.js';
import type { Payment } from '../../../server/payments/payment.js';
import type { Store } from '../../../server/store/store.js';
import { entryId, providerWebhooks } from '../../../server/webhooks/entry.js';
import { api } from '../../support/world.js';
import type { Backend } from './backend.js';
import type { Taken } from './front.js';
import type { Order } from './orders.js';
import { type Shop, shops } from './shops.js';

/** What a merchant's backend reads with a cursor, in small pages. */
export async function readFeed(url: string, { secretKey }: Shop): Promise<EventView[]> {
  const all: EventView[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await api<EventPage>(url, 'GET', `/events?limit=37${after}`, { token: secretKey });
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body)}`);
    if (body.data.length === 0) return all;
    all.push(...body.data);
    after = `&after=${body.next}`;
  }
}

/** Webhooks of providers that a server took as its own and that are in no store: an answered one must never be lost. */
export async function forgotten(store: Store, taken: readonly Taken[]): Promise<string[]> {
  const inbox = store.collection(providerWebhooks);
  const lost: string[] = [];
  for (const { merchant, provider, orderId, id } of taken) {
    const ids =
      id === undefined
        ? [entryId('waiting', merchant, provider, orderId), entryId('order', merchant, provider, orderId)]
        : [entryId('message', merchant, provider, id)];
    const kept = await Promise.all(ids.map((one) => inbox.get(one)));
    if (!kept.some((entry) => entry !== undefined)) lost.push(`${provider} ${orderId}: answered, and not stored`);
  }
  return lost;
}

const sold = ['paid', 'partially_refunded', 'refunded'];

/** What is wrong with a merchant's feed, in words: each sale is told once, without a gap, of each payment in order, and nothing else is. */
export function mistold(shop: Shop, feed: readonly EventView[], payments: readonly Payment[]): string[] {
  const wrong: string[] = [];
  for (const [index, { id }] of feed.entries()) {
    if (Number(id.slice(-12)) !== index + 1) wrong.push(`${shop.id}: place ${index + 1} of the feed is ${id}`);
  }
  if (new Set(feed.map(({ key }) => key)).size !== feed.length) wrong.push(`${shop.id}: a key is told twice`);
  const told = new Map<string, EventView[]>();
  for (const event of feed) {
    const payment = event.about.payment ?? '';
    told.set(payment, [...(told.get(payment) ?? []), event]);
  }
  for (const payment of payments.filter(({ merchant }) => merchant === shop.id)) {
    const events = told.get(payment.id) ?? [];
    const sales = events.filter(({ type }) => type === 'payment.paid').length;
    if (sales !== (sold.includes(payment.status) ? 1 : 0))
      wrong.push(`${payment.id}: ${payment.status}, told ${sales} sales`);
    const places = events.map(({ key }) => Number(key.split(':')[1]));
    if (places.some((place, index) => place <= (places[index - 1] ?? -1)))
      wrong.push(`${payment.id}: told out of order`);
    const last = events.findLast(({ type }) => type.startsWith('payment.') && type !== 'payment.attention');
    if (payment.refundedAmount > 0 && last?.data.refundedAmount !== payment.refundedAmount)
      wrong.push(`${payment.id}: ${payment.refundedAmount} went back, told ${last?.data.refundedAmount}`);
    told.delete(payment.id);
  }
  for (const payment of told.keys()) wrong.push(`${shop.id}: tells of ${payment}, which is none`);
  return wrong;
}

/** What the merchants' own servers counted by key, against their feeds: the same, once each. */
export function miscounted(backend: Backend, feeds: ReadonlyMap<string, readonly EventView[]>): string[] {
  const wrong = backend.refused.map((what) => `the backend refused: ${what}`);
  for (const { id } of shops) {
    const counted = new Set(backend.counted.get(id)?.keys());
    const told = new Set(feeds.get(id)?.map(({ key }) => key));
    for (const key of told) if (!counted.has(key)) wrong.push(`${id}: never heard of ${key}`);
    for (const key of counted) if (!told.has(key)) wrong.push(`${id}: heard of ${key}, which is not in the feed`);
  }
  return wrong;
}

/** Each refund that was ordered was made once, or refused for good; nothing went back that nobody ordered or that the rules give back. */
export function misrefunded(orders: readonly Order[], payments: readonly Payment[], books: Books): string[] {
  const wrong: string[] = [];
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  const ordered = new Map<string, Order>();
  for (const order of orders) {
    const { payment: id, key, amount, refunds, refusals } = order;
    const said = `${id} ${key.slice(-1)}: ${[...refunds, ...refusals].join(', ')}`;
    if (refunds.size + refusals.size === 0) wrong.push(`${said}: never answered`);
    if (refunds.size > 1) wrong.push(`${said}: one order, several refunds`);
    for (const refund of refunds) {
      ordered.set(refund, order);
      const made = byId.get(id)?.refunds.find((one) => one.id === refund);
      if (made?.cause !== 'merchant') wrong.push(`${said}: there is no such refund`);
      else if (amount !== undefined && made.amount !== amount)
        wrong.push(`${said}: ${made.amount} instead of ${amount}`);
    }
  }
  const cancellations = books.records.flatMap((record) => record.cancellations).filter(({ state }) => state === 'done');
  for (const { id, paidBy, refunds, refundedAmount } of payments) {
    for (const refund of refunds.filter(({ cause }) => cause !== 'provider')) {
      // Its id stands in the reason that the provider was given.
      const made = cancellations.filter(({ reason }) => reason.includes(refund.id)).length;
      if (refund.cause === 'merchant' && !ordered.has(refund.id)) wrong.push(`${id}: nobody ordered ${refund.id}`);
      if (made !== (refund.state === 'done' ? 1 : 0))
        wrong.push(`${id}: ${refund.id} is ${refund.state}, made ${made} times`);
    }
    const done = refunds.filter(({ record, state }) => record === paidBy?.record && state === 'done');
    const sum = done.reduce((total, { amount }) => total + amount, 0);
    if (sum !== refundedAmount) wrong.push(`${id}: refunds of ${sum} are done, ${refundedAmount} went back`);
  }
  return wrong;
}
