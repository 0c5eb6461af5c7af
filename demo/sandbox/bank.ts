import { randomBytes, randomInt } from 'node:crypto';
import type { Currency } from '../../contract/index.js';
import type { Clock } from '../../server/ops/clock.js';
import { hour } from '../../server/ops/clock.js';
import { booksOf } from './books.js';
import type { Instrument } from './instruments.js';
import { testCard } from './instruments.js';
import type { BankRecord, Books, Cancellation, Entry, RefundAccount } from './record.js';

export interface Opening {
  readonly id: string;
  readonly provider: string;
  readonly merchant: string;
  readonly orderId: string;
  readonly orderName: string;
  readonly customerName?: string;
  readonly amount: number;
  readonly currency: Currency;
  /** How long the shopper may take, and then how long the merchant may take to have it charged. */
  readonly authenticateWithinMs: number;
  readonly chargeWithinMs: number;
  readonly accountValidHours?: number;
}

export type Refusal = 'not_found' | 'wrong_state' | 'expired' | 'over_balance';
export type Outcome = { ok: true; record: BankRecord } | { ok: false; why: Refusal | 'declined'; record?: BankRecord };

/**
 * One small bank behind every provider: it opens records, authenticates shoppers, moves money and keeps the books. It knows no wire
 * format. Each verb happens in one turn of the event loop, so two callers never see half of it. In memory; gone with the process.
 */
export interface Bank {
  open(opening: Opening): BankRecord;
  /** The shopper agreed. Repeating it changes nothing. */
  authenticate(id: string, instrument: Instrument): Outcome;
  /** Takes the money, or issues the account. `changed` makes the record another amount or currency than agreed: a fault. */
  charge(id: string, changed?: { amount?: number; currency?: Currency }): Outcome;
  deposit(id: string): Outcome;
  /** The deposit was an error: the money is taken back and the account waits again. */
  reverseDeposit(id: string): Outcome;
  /** Gives money back, or gives up an account that nobody paid into. */
  cancel(id: string, how: { amount: number; reason: string; by: 'api' | 'console'; account?: RefundAccount }): Outcome;
  get(id: string): BankRecord | undefined;
  /** Every record of a merchant's order, oldest first. */
  ofOrder(provider: string, merchant: string, orderId: string): readonly BankRecord[];
  /** Every record under an order id, whoever's. */
  byOrderId(orderId: string): readonly BankRecord[];
  entries(): readonly Entry[];
  books(orderId?: string): Books;
  reset(): void;
}

type Mutable = { -readonly [K in keyof BankRecord]: BankRecord[K] } & { cancellations: Cancellation[] };
interface Row {
  record: Mutable;
  opening: Opening;
}

export function createBank(clock: Clock): Bank {
  const rows = new Map<string, Row>();
  const orders = new Map<string, Row[]>();
  const entries: Entry[] = [];

  /** Time passes by being looked at: no timers, so that a moved clock needs no waiting. */
  function find(id: string): Row | undefined {
    const row = rows.get(id);
    if (row) age(row);
    return row;
  }

  function age({ record, opening }: Row): void {
    const now = clock.now();
    const late =
      (record.state === 'opened' && now - record.openedAt > opening.authenticateWithinMs) ||
      (record.state === 'authenticated' && now - (record.authenticatedAt ?? 0) > opening.chargeWithinMs);
    if (late) record.state = 'expired';
  }

  function enter(kind: Entry['kind'], record: Mutable, amount: number): string {
    const key = randomBytes(16).toString('hex').toUpperCase();
    const { provider, merchant, id, orderId, currency } = record;
    entries.push({ key, kind, at: clock.now(), provider, merchant, record: id, orderId, amount, currency });
    record.lastEntry = key;
    return key;
  }

  function change(id: string, from: readonly BankRecord['state'][], act: (row: Row) => Outcome): Outcome {
    const row = find(id);
    if (!row) return { ok: false, why: 'not_found' };
    const { record } = row;
    if (!from.includes(record.state))
      return { ok: false, why: record.state === 'expired' ? 'expired' : 'wrong_state', record };
    return act(row);
  }

  const done = (record: Mutable): Outcome => ({ ok: true, record });
  const aged = (row: Row): BankRecord => {
    age(row);
    return row.record;
  };

  return {
    open(opening) {
      const { authenticateWithinMs: _a, chargeWithinMs: _c, accountValidHours: _v, ...said } = opening;
      const record: Mutable = { ...said, state: 'opened', openedAt: clock.now(), cancellations: [], cancelled: 0 };
      const row = { record, opening };
      rows.set(record.id, row);
      const list = orders.get(record.orderId);
      if (list) list.push(row);
      else orders.set(record.orderId, [row]);
      return record;
    },

    authenticate: (id, instrument) =>
      change(id, ['opened', 'authenticated'], ({ record, opening }) => {
        if (record.state === 'authenticated') return done(record);
        record.state = 'authenticated';
        record.authenticatedAt = clock.now();
        record.instrument = instrument;
        if (instrument.method === 'virtual_account') {
          const dueAt = clock.now() + (opening.accountValidHours ?? 168) * hour;
          record.account = { bank: instrument.bank, number: `X${randomInt(1e12, 1e13)}`, dueAt };
        }
        return done(record);
      }),

    charge: (id, changed = {}) =>
      change(id, ['authenticated'], ({ record }) => {
        const { instrument } = record;
        const declined = instrument?.method === 'card' ? testCard(instrument.card)?.decline : undefined;
        if (declined) {
          record.state = 'failed';
          record.declined = declined;
          return { ok: false, why: 'declined', record };
        }
        record.amount = changed.amount ?? record.amount;
        record.currency = changed.currency ?? record.currency;
        if (instrument?.method === 'virtual_account') {
          record.state = 'awaiting_deposit';
          return done(record);
        }
        enter('charge', record, record.amount);
        record.state = 'paid';
        record.paidAt = clock.now();
        return done(record);
      }),

    deposit: (id) =>
      change(id, ['awaiting_deposit'], ({ record }) => {
        if (clock.now() > (record.account?.dueAt ?? 0)) return { ok: false, why: 'expired', record };
        enter('deposit', record, record.amount);
        record.state = 'paid';
        record.paidAt = clock.now();
        return done(record);
      }),

    reverseDeposit: (id) =>
      change(id, ['paid'], ({ record }) => {
        if (!record.account || record.cancelled > 0) return { ok: false, why: 'wrong_state', record };
        enter('reversal', record, record.amount);
        record.state = 'awaiting_deposit';
        delete record.paidAt;
        return done(record);
      }),

    cancel: (id, { amount, reason, by, account }) =>
      change(id, ['paid', 'awaiting_deposit'], ({ record }) => {
        if (amount <= 0 || amount > record.amount - record.cancelled) return { ok: false, why: 'over_balance', record };
        const paid = record.state === 'paid';
        const key = paid ? enter('cancellation', record, amount) : randomBytes(16).toString('hex').toUpperCase();
        record.cancelled += amount;
        record.lastEntry = key;
        const left = record.amount - record.cancelled;
        record.cancellations.push({ key, amount, reason, at: clock.now(), by, left, ...(account && { account }) });
        if (!paid) record.state = 'closed';
        return done(record);
      }),

    get: (id) => find(id)?.record,
    ofOrder: (provider, merchant, orderId) =>
      (orders.get(orderId) ?? [])
        .map(aged)
        .filter((record) => record.provider === provider && record.merchant === merchant),
    byOrderId: (orderId) => (orders.get(orderId) ?? []).map(aged),
    entries: () => entries,
    books: (orderId) => booksOf([...rows.values()].map(aged), entries, orderId),
    reset() {
      rows.clear();
      orders.clear();
      entries.length = 0;
    },
  };
}
