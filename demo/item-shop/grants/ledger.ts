import { EventEmitter, once } from 'node:events';
import type { EventView, PaymentView } from '../../../contract/index.js';
import type { ShopDatabase } from '../database.js';
import { changesOf, type Goods, markOf, nothingSold, type Statement, statementAfter, statementOf } from './grants.js';

/** A page of the merchant's feed, and the cursor that it was asked for with. */
export interface ReadPage {
  readonly from: string | undefined;
  readonly events: readonly EventView[];
  readonly next: string;
}

/** What one buyer has from one payment. */
export interface Holding {
  readonly item: string;
  readonly payment: string;
  readonly count: number;
  /** When it was first given, RFC 3339. */
  readonly at: string;
}

export interface Held {
  readonly customer: string;
  readonly item: string;
  readonly count: number;
}

/**
 * Who owns what, by the events that were counted. Each event counts once, by its key; what is given and taken back is written in the same
 * transaction as the key and the place that was read to, so that no crash, no repetition and no second process grants twice or forgets.
 * What a payment's buyer has is what the newest of its events says, in whatever order they were counted.
 */
export interface Ledger {
  cursor(): string | undefined;
  /** May be repeated. The cursor moves on only from where this page was read. Throws, with nothing written, for what it does not understand. */
  count(page: ReadPage): void;
  /** The feed can't go on from `cursor`: it is read anew, and what was counted is not counted again. */
  forget(cursor: string | undefined): void;
  /** Since when the payments are to be compared: the place in the feed that was read to. `undefined`: they have been since the feed was begun. */
  toCompare(): string | undefined;
  /** Does the newest event of this payment say what the payment says? */
  agrees(payment: Pick<PaymentView, 'id' | 'status' | 'refundedAmount'>): boolean;
  /** What no event told: the payment stands like this after everything up to `after`. */
  state(after: string, payment: PaymentView): void;
  /** All payments were compared after `after`. */
  compared(after: string): void;
  /** What this buyer has, newest first. */
  holdings(customer: string): readonly Holding[];
  /** What came of one payment, for its buyer. */
  ofPayment(payment: string): Goods;
  /** Everybody's, for the books. */
  all(): readonly Held[];
  /** Moves with everything that this buyer is given or loses. */
  changes(customer: string): number;
  /** Resolves when somebody was given or lost something, here or soon after it was written by another process. */
  changed(signal: AbortSignal): Promise<void>;
}

/** What another process wrote is looked for this often. */
const lookAgainMs = 1_000;

export function createLedger(database: ShopDatabase): Ledger {
  const news = new EventEmitter().setMaxListeners(0);
  const reading = () => {
    const [row] = database.all<{ cursor: string | null; place: string; compared: number }>('SELECT * FROM reading');
    return row ?? { cursor: null, place: '', compared: 0 };
  };
  const change = (work: () => void) => {
    database.atomically(work);
    news.emit('change');
  };
  return {
    cursor: () => reading().cursor ?? undefined,
    count({ from, events, next }) {
      if (events.length === 0 && from === next) return;
      change(() => {
        for (const event of events) {
          const statement = statementOf(event);
          if (statement) countOne(database, statement);
        }
        const place = events.at(-1)?.id ?? reading().place;
        database.run('UPDATE reading SET cursor = ?, place = ? WHERE cursor IS ?', next, place, from ?? null);
      });
    },
    forget(cursor) {
      database.run("UPDATE reading SET cursor = NULL, place = '', compared = 0 WHERE cursor IS ?", cursor ?? null);
    },
    toCompare() {
      const { place, compared } = reading();
      return compared === 0 ? place : undefined;
    },
    agrees(payment) {
      return (newest(database, payment.id)?.mark ?? nothingSold) === markOf(payment);
    },
    state(after, payment) {
      change(() => countOne(database, statementAfter(after, payment, new Date().toISOString())));
    },
    compared(after) {
      database.run('UPDATE reading SET compared = 1 WHERE place >= ? AND cursor IS NOT NULL', after);
    },
    holdings: (customer) =>
      database.all<Holding>(
        'SELECT item, payment, SUM(change) AS count, MIN(at) AS at FROM movements WHERE customer = ? GROUP BY payment, item HAVING SUM(change) > 0 ORDER BY MIN(id) DESC',
        customer,
      ),
    ofPayment: (payment) => heldOf(database, payment),
    all: () =>
      database.all<Held>(
        'SELECT customer, item, SUM(change) AS count FROM movements GROUP BY customer, item HAVING SUM(change) <> 0 ORDER BY customer, item',
      ),
    changes: (customer) =>
      database.all<{ last: number | null }>('SELECT MAX(id) AS last FROM movements WHERE customer = ?', customer)[0]
        ?.last ?? 0,
    async changed(signal) {
      await once(news, 'change', { signal: AbortSignal.any([signal, AbortSignal.timeout(lookAgainMs)]) }).catch(
        () => undefined,
      );
    },
  };
}

/** In a transaction: the key first, and nothing more if it was counted before. */
function countOne(database: ShopDatabase, { key, place, payment, customer, at, kept, mark }: Statement): void {
  const isNew = database.run(
    'INSERT INTO counted VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[key, place, payment, customer ?? null, at, JSON.stringify(kept), mark],
  );
  if (isNew === 0 || customer === undefined) return;
  const { kept: due } = newest(database, payment) ?? { kept: {} };
  for (const { item, change } of changesOf(heldOf(database, payment), due)) {
    database.run(
      'INSERT INTO movements (event, payment, customer, item, change, at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[key, payment, customer, item, change, at],
    );
  }
}

function newest(database: ShopDatabase, payment: string): { kept: Goods; mark: string } | undefined {
  const [row] = database.all<{ kept: string; mark: string }>(
    'SELECT kept, mark FROM counted WHERE payment = ? ORDER BY place DESC LIMIT 1',
    payment,
  );
  return row && { kept: JSON.parse(row.kept) as Goods, mark: row.mark };
}

function heldOf(database: ShopDatabase, payment: string): Goods {
  const rows = database.all<{ item: string; count: number }>(
    'SELECT item, SUM(change) AS count FROM movements WHERE payment = ? GROUP BY item HAVING SUM(change) <> 0',
    payment,
  );
  return Object.fromEntries(rows.map(({ item, count }) => [item, count]));
}
