import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventType, EventView, PaymentView } from '../../contract/index.js';
import { openDatabase, type ShopDatabase } from '../../demo/item-shop/database.js';
import { followFeed } from '../../demo/item-shop/grants/follow.js';
import { keptOf } from '../../demo/item-shop/grants/grants.js';
import { createLedger, type Ledger } from '../../demo/item-shop/grants/ledger.js';
import { PayServerError } from '../../demo/item-shop/pay-server.js';

let directory: string;
let file: string;
let open: ShopDatabase[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'item-shop-'));
  file = join(directory, 'shop.db');
  open = [];
});
afterEach(async () => {
  for (const database of open) database.close();
  await rm(directory, { recursive: true, force: true });
});

/** The shop as a process that has just started: all it knows is in the file. */
function started(): Ledger {
  const database = openDatabase(file);
  open.push(database);
  return createLedger(database);
}

interface Told {
  readonly payment: string;
  readonly type: EventType;
  readonly refunded?: number;
  readonly quantity?: number;
  readonly customer?: string | undefined;
}
const price = 2_500;
/** A feed: each event at its place. */
const feed = (...told: readonly Told[]): EventView[] =>
  told.map(({ payment, type, refunded = 0, quantity = 4, customer = `buyer-of-${payment}` }, index) => ({
    ...{ id: `evt_items_${String(index + 1).padStart(12, '0')}`, key: `${payment}:${index}:${type}`, type },
    createdAt: '2026-03-02T03:00:00.000Z',
    about: { payment, ...(customer !== '' && { customer }) },
    data: { lines: [{ item: 'potion', quantity, price }], amount: quantity * price, refundedAmount: refunded },
  }));
const paid: Told = { payment: 'a', type: 'payment.paid' };
const part = (refunded: number): Told => ({ payment: 'a', type: 'payment.partially_refunded', refunded });
const back: Told = { payment: 'a', type: 'payment.refunded', refunded: 10_000 };
const reversed: Told = { payment: 'a', type: 'payment.reversed' };

const page = (events: readonly EventView[], from?: string, next = 'end') => ({ from, events, next });
const counts = (ledger: Ledger, customer = 'buyer-of-a') =>
  ledger.holdings(customer).map(({ item, count }) => [item, count]);

describe('a payment gives and takes', () => {
  test.each([
    [[paid], 4],
    [[paid, part(2_499)], 4],
    [[paid, part(2_500), part(7_500)], 1],
    [[paid, back], 0],
    [[paid, reversed], 0],
    [[paid, reversed, paid], 4],
    [[paid, part(2_500), reversed, paid], 4],
  ])('%j leaves %i', (told, left) => {
    const ledger = started();
    ledger.count(page(feed(...told)));
    expect(counts(ledger)).toEqual(left > 0 ? [['potion', left]] : []);
    expect(ledger.all()).toEqual(left > 0 ? [{ customer: 'buyer-of-a', item: 'potion', count: left }] : []);
  });

  test('to its buyer alone, with where it came from', () => {
    const ledger = started();
    ledger.count(page(feed(paid, { payment: 'b', type: 'payment.paid', quantity: 1 })));
    expect(ledger.holdings('buyer-of-b')).toEqual([
      { item: 'potion', payment: 'b', count: 1, at: '2026-03-02T03:00:00.000Z' },
    ]);
    expect(ledger.ofPayment('a')).toEqual({ potion: 4 });
    expect(ledger.holdings('somebody')).toEqual([]);
  });

  test('nobody was signed in: nobody gets anything', () => {
    const ledger = started();
    ledger.count(page(feed({ ...paid, customer: '' }, { ...back, customer: '' })));
    expect(ledger.all()).toEqual([]);
    expect(ledger.agrees({ id: 'a', status: 'refunded', refundedAmount: 10_000 })).toBe(true);
  });

  test('whoever waits hears of it, and what changed for them alone moves their number', async () => {
    const ledger = started();
    const before = ledger.changes('buyer-of-a');
    const news = ledger.changed(AbortSignal.timeout(20_000));
    ledger.count(page(feed(paid)));
    await news;
    expect(ledger.changes('buyer-of-a')).toBeGreaterThan(before);
    expect(ledger.changes('buyer-of-b')).toBe(0);
  });
});

describe('each event counts once', () => {
  test('told twice, in one page and in two, before and after a restart', () => {
    const [sale] = feed(paid) as [EventView];
    const ledger = started();
    ledger.count(page([sale, sale]));
    ledger.count(page([sale], 'end', 'end-2'));
    started().count(page([sale], 'end-2', 'end-3'));
    expect(counts(started())).toEqual([['potion', 4]]);
  });

  test('by two processes of the shop, each with the same page in hand', () => {
    const [one, other] = [started(), started()];
    const events = feed(paid, part(5_000));
    one.count(page(events.slice(0, 1), undefined, 'c1'));
    other.count(page(events.slice(0, 1), undefined, 'c1'));
    one.count(page(events.slice(1), 'c1', 'c2'));
    // The slower one does not take the place in the feed back.
    other.count(page(events.slice(0, 1), undefined, 'c1'));
    expect([counts(one), counts(other), other.cursor()]).toEqual([[['potion', 2]], [['potion', 2]], 'c2']);
  });

  test('an event that is not understood is written neither by half nor passed over', () => {
    const ledger = started();
    const [sale, broken] = feed(paid, { payment: 'b', type: 'payment.paid' }) as [EventView, EventView];
    expect(() => ledger.count(page([sale, { ...broken, data: {} }]))).toThrow(broken.key);
    expect([started().all(), started().cursor()]).toEqual([[], undefined]);
  });
});

/** Any life of a few payments: what each one's newest event says, and what its buyer must have by it. */
const lives = fc.array(
  fc.record({
    payment: fc.constantFrom('a', 'b', 'c'),
    type: fc.constantFrom<EventType>(
      'payment.pending',
      'payment.paid',
      'payment.partially_refunded',
      'payment.refunded',
      'payment.reversed',
    ),
    refunded: fc.integer({ min: 1, max: 9_999 }),
  }),
  { maxLength: 12 },
);
const says = ['payment.paid', 'payment.partially_refunded', 'payment.refunded', 'payment.reversed'];

function owed(events: readonly EventView[]) {
  const owes = new Map<string, number>();
  for (const { type, about, data } of events) {
    if (!says.includes(type)) continue;
    const isSold = type === 'payment.paid' || type === 'payment.partially_refunded';
    const { potion = 0 } = isSold ? keptOf(data as never) : {};
    owes.set(`buyer-of-${about.payment}`, potion);
  }
  return [...owes].filter(([, count]) => count > 0).sort();
}

test('in any order, any number of times, over any number of restarts: what the payments say, and no more', () => {
  fc.assert(
    fc.property(lives, fc.array(fc.nat(), { maxLength: 40 }), fc.nat(3), (told, order, restarts) => {
      const database = openDatabase(':memory:');
      const events = feed(...told);
      const ledger = createLedger(database);
      const mixed = order.map((at) => events[at % Math.max(events.length, 1)]).filter((event) => event !== undefined);
      let at = 0;
      for (const some of [...chunks(mixed, restarts + 1), events]) {
        ledger.count(page(some, ledger.cursor(), `c${at++}`));
      }
      expect(ledger.all().map(({ customer, count }) => [customer, count])).toEqual(owed(events));
      database.close();
    }),
    { numRuns: 150 },
  );
});

function* chunks<T>(all: readonly T[], count: number): Generator<readonly T[]> {
  const size = Math.ceil(all.length / count) || 1;
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

/** A server with this feed and these payments, of which it keeps the events from `kept` on. Ends the following once its end was read. */
function serverOf(events: readonly EventView[], payments: readonly Partial<PaymentView>[] = [], kept = 0) {
  const done = new AbortController();
  let ends = 0;
  const asked: string[] = [];
  const server = {
    async events(after: string | undefined) {
      asked.push(`events ${after ?? '–'}`);
      const from = after === undefined ? kept : Number(after);
      if (from < kept) throw new PayServerError(410, 'cursor_expired');
      if (from > events.length) throw new PayServerError(400, 'invalid_request');
      const data = events.slice(from, from + 2);
      if (data.length === 0 && ++ends === 2) done.abort();
      return { data, next: String(from + data.length) };
    },
    async payments() {
      asked.push('payments');
      return { data: payments as PaymentView[] };
    },
    async payment(id: string) {
      asked.push(`payment ${id}`);
      return payments.find((each) => each.id === id) as PaymentView | undefined;
    },
  };
  const follow = (ledger: Ledger, report?: (error: unknown) => void) =>
    followFeed({ server, ledger, signal: done.signal, pauseMs: 1, ...(report && { report }) });
  return { server, asked, follow };
}

describe('the feed', () => {
  test('is read to its end, and on from there after a restart', async () => {
    const first = serverOf(feed(paid, part(2_500), part(5_000)));
    await first.follow(started());
    expect(first.asked).toEqual(['events –', 'events 2', 'events 3', 'payments', 'events 3']);
    const second = serverOf(feed(paid, part(2_500), part(5_000), back));
    const ledger = started();
    await second.follow(ledger);
    expect([second.asked[0], counts(ledger)]).toEqual(['events 3', []]);
  });

  test('a server that is away is asked again, with the same cursor', async () => {
    const { server, asked, follow } = serverOf(feed(paid));
    let failures = 2;
    const { events } = server;
    server.events = async (after) => {
      if (failures-- > 0) throw new PayServerError(0, 'unreachable');
      return events(after);
    };
    const heard: unknown[] = [];
    const ledger = started();
    await follow(ledger, (error) => heard.push(error));
    expect([asked[0], heard.length, counts(ledger)]).toEqual(['events –', 2, [['potion', 4]]]);
  });

  test.each([
    ['of another life of the server', 0, [paid]],
    ['from before what is kept', 1, [part(2_500), part(5_000)]],
  ])('a cursor %s: the feed is read anew, and nothing counts twice', async (_name, kept, told) => {
    const ledger = started();
    ledger.count(page(feed(paid), undefined, kept === 0 ? '7' : '0'));
    await serverOf(feed(...told), [], kept).follow(ledger);
    expect(counts(ledger)).toEqual([['potion', kept === 0 ? 4 : 2]]);
  });

  test('what it no longer tells is found among the payments', async () => {
    const lines = [{ item: 'potion', quantity: 4, price }];
    const payment = (id: string, status: string, refundedAmount: number) =>
      ({ id, status, refundedAmount, amount: 10_000, customer: `buyer-of-${id}`, lines }) as unknown as PaymentView;
    const ledger = started();
    const old = feed(paid, { payment: 'b', type: 'payment.paid' }, { payment: 'c', type: 'payment.paid' });
    ledger.count(page(old, undefined, '0'));
    const payments = [
      payment('a', 'refunded', 10_000),
      payment('b', 'partially_refunded', 5_000),
      payment('c', 'pending', 0),
      payment('d', 'paid', 0),
      payment('e', 'open', 0),
    ];
    // The newest event is never thrown away.
    const { asked, follow } = serverOf(old, payments, 2);
    await follow(ledger);
    const left = { b: 2, d: 4 };
    expect(ledger.all().map(({ customer, count }) => [customer, count])).toEqual(
      Object.entries(left).map(([id, count]) => [`buyer-of-${id}`, count]),
    );
    expect(asked.filter((each) => each.startsWith('payment '))).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => `payment ${id}`),
    );
    // Told after all: the same again.
    ledger.count(page(feed(paid, paid, paid, { payment: 'd', type: 'payment.paid' }).slice(3), ledger.cursor(), '4'));
    expect(counts(ledger, 'buyer-of-d')).toEqual([['potion', 4]]);
  });

  test('a comparison that was cut off is made again', async () => {
    const ledger = started();
    const lines = [{ item: 'potion', quantity: 4, price }];
    const lost = { id: 'd', status: 'paid', refundedAmount: 0, amount: 10_000, customer: 'buyer-of-d', lines };
    const { server, follow } = serverOf([], [lost as unknown as PaymentView]);
    let failures = 1;
    const { payments } = server;
    server.payments = async () => {
      if (failures-- > 0) throw new PayServerError(0, 'unreachable');
      return payments();
    };
    await follow(ledger);
    expect(counts(ledger, 'buyer-of-d')).toEqual([['potion', 4]]);
  });
});
