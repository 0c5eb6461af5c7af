import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EventType, type EventView, eventTypes, type PaymentView } from '../../contract/index.js';
import { type Backend, BackendError } from '../../demo/shop/backend.js';
import { followFeed } from '../../demo/shop/orders/feed.js';
import { afterEvent, type Order, type OrderState, orderStates } from '../../demo/shop/orders/order.js';
import { type Orders, openOrders } from '../../demo/shop/orders/orders.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-orders-'));
  file = join(directory, 'orders.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const payment = (id: string) =>
  ({ id, orderName: '커피', amount: 12_900, currency: 'KRW', createdAt: '2026-03-02T03:00:00.000Z' }) as PaymentView;
const event = (id: string, type: EventType, key = `${id}:${type}`): EventView => ({
  ...{ id: `evt_${key}`, key, type, createdAt: '2026-03-02T03:00:00.000Z', about: { payment: id }, data: {} },
});

describe('an order moves by events alone', () => {
  const moves: Partial<Record<`${OrderState} ${EventType}`, OrderState>> = {
    'pending payment.paid': 'paid',
    'pending payment.expired': 'failed',
    'pending payment.canceled': 'cancelled',
    'paid payment.refunded': 'cancelled',
    'paid payment.reversed': 'pending',
    'failed payment.paid': 'paid',
    'cancelled payment.paid': 'paid',
  };
  const pairs = orderStates.flatMap((state) => eventTypes.map((type) => [state, type] as const));

  test.each(pairs)('%s, %s', (state, type) => {
    const order = { id: 'o', state, events: [] } as unknown as Order;
    const after = afterEvent(order, { key: 'k', type });
    expect(after.state).toBe(moves[`${state} ${type}`] ?? state);
    expect(afterEvent({ ...after, state: 'pending' }, { key: 'k', type }).state).toBe('pending');
  });
});

/** A feed of so many pages; what it was asked with. It ends the following when it has no more. */
function feedOf(pages: readonly (readonly EventView[] | BackendError)[], done: AbortController) {
  const asked: (string | undefined)[] = [];
  const backend: Pick<Backend, 'events' | 'payment'> = {
    async events(_site, after) {
      const page = pages[asked.length];
      asked.push(after);
      if (!page) {
        done.abort();
        throw new Error('over');
      }
      if (page instanceof BackendError) throw page;
      return { data: page, next: `after-${asked.length}` };
    },
    payment: async (_site, id) => payment(id),
  };
  return { asked, backend };
}

async function follow(orders: Orders, pages: Parameters<typeof feedOf>[0]) {
  const done = new AbortController();
  const { asked, backend } = feedOf(pages, done);
  await followFeed({ site: 'blog', backend, orders, signal: done.signal, pauseMs: 1 });
  return asked;
}

describe('the feed', () => {
  test('tells of payments that the shop knew nothing of; after a restart it goes on where it was', async () => {
    const asked = await follow(openOrders(file), [
      [event('pay_1', 'payment.paid')],
      [event('pay_2', 'payment.pending')],
    ]);
    expect(asked).toEqual([undefined, 'after-1', 'after-2']);
    const again = openOrders(file);
    expect(again.all().map(({ payment: id, state }) => [id, state])).toEqual([
      ['pay_2', 'pending'],
      ['pay_1', 'paid'],
    ]);
    expect(await follow(again, [[event('pay_2', 'payment.paid')]])).toEqual(['after-2', 'after-1']);
    expect(openOrders(file).ofPayment('pay_2')?.state).toBe('paid');
  });

  test('an order of the backend is found by its reference, and is one', async () => {
    const orders = openOrders(file);
    const order: Order = {
      ...{ id: 'walk-1', site: 'blog', name: '산책', amount: 11_000, currency: 'KRW' },
      ...{ state: 'pending', createdAt: '2026-03-02T03:00:00.000Z', events: [] },
    };
    await orders.open(order);
    await orders.meet('blog', { ...payment('pay_3'), reference: 'walk-1' });
    expect(orders.all()).toEqual([{ ...order, payment: 'pay_3' }]);
  });

  test('an event that comes twice counts once; a lost cursor reads the feed anew and changes nothing', async () => {
    const orders = openOrders(file);
    const all = [event('pay_1', 'payment.paid'), event('pay_1', 'payment.refunded')];
    const asked = await follow(orders, [all, all, new BackendError(410, 'cursor_expired'), all]);
    expect(asked).toEqual([undefined, 'after-1', 'after-2', undefined, 'after-4']);
    expect(orders.all().map(({ state, events }) => [state, events.length])).toEqual([['cancelled', 2]]);
  });

  test('a server that does not answer is asked again with the same cursor', async () => {
    const down = new BackendError(0, 'unreachable');
    const asked = await follow(openOrders(file), [[event('pay_1', 'payment.paid')], down, down]);
    expect(asked).toEqual([undefined, 'after-1', 'after-1', 'after-1']);
  });
});
