import { randomBytes, randomInt } from 'node:crypto';
import type { Currency } from '../../contract/index.js';
import type { Clock } from '../../server/ops/clock.js';
import { hour } from '../../server/ops/clock.js';
import { booksOf } from './books.js';
import type { Instrument } from './instruments.js';
import { testCard } from './instruments.js';
import type { BankRecord, Books, Cancellation, Change, Entry, RefundAccount } from './record.js';
import { balanceOf } from './record.js';

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
  /**
   * Takes the money, or issues the account. `changed` makes the record another amount or currency than agreed, and `pending` leaves
   * the decision to `settle`: faults.
   */
  charge(id: string, changed?: { amount?: number; currency?: Currency; pending?: boolean }): Outcome;
  /** Decides a pending charge. */
  settle(id: string, to: 'paid' | 'failed'): Outcome;
  /** Ends a record that no money has moved for. */
  fail(id: string): Outcome;
  deposit(id: string): Outcome;
  /** The deposit was an error: the money is taken back and the account waits again. */
  reverseDeposit(id: string): Outcome;
  /** Gives money back, or gives up an account that nobody paid into. `pending`: once `settleCancel` says so. */
  cancel(id: string, how: CancelOrder): Outcome;
  settleCancel(id: string, key: string, to: 'done' | 'failed'): Outcome;
  get(id: string): BankRecord | undefined;
  /** Every record of a merchant's order, oldest first. */
  ofOrder(provider: string, merchant: string, orderId: string): readonly BankRecord[];
  ofMerchant(provider: string, merchant: string): readonly BankRecord[];
  /** Every record under an order id, whoever's. */
  byOrderId(orderId: string): readonly BankRecord[];
  entries(): readonly Entry[];
  books(orderId?: string): Books;
  /** Told of every change, in the same turn, after it happened. */
  watch(listener: (change: Change) => void): void;
  /** Lets every record notice the time that has passed. */
  sweep(): void;
  reset(): void;
}

export interface CancelOrder {
  readonly amount: number;
  readonly reason: string;
  readonly by: 'api' | 'console';
  readonly account?: RefundAccount;
  readonly pending?: boolean;
}

type Mutable = { -readonly [K in keyof BankRecord]: BankRecord[K] } & { cancellations: Cancellation[] };
interface Row {
  record: Mutable;
  opening: Opening;
}

const newKey = (): string => randomBytes(16).toString('hex').toUpperCase();

export function createBank(clock: Clock): Bank {
  const rows = new Map<string, Row>();
  const orders = new Map<string, Row[]>();
  const entries: Entry[] = [];
  const listeners: ((change: Change) => void)[] = [];
  /** Those that time alone can end. */
  const young = new Set<Row>();

  function tell(kind: Change['kind'], record: Mutable, about: Omit<Change, 'kind' | 'record'> = {}): Outcome {
    record.changedAt = clock.now();
    for (const listener of listeners) listener({ kind, record, ...about });
    return { ok: true, record };
  }

  /** Time passes by being looked at: no timers, so that a moved clock needs no waiting. */
  function find(id: string): Row | undefined {
    const row = rows.get(id);
    if (row) age(row);
    return row;
  }

  function age(row: Row): void {
    const { record, opening } = row;
    const now = clock.now();
    const late =
      (record.state === 'opened' && now - record.openedAt > opening.authenticateWithinMs) ||
      (record.state === 'authenticated' && now - (record.authenticatedAt ?? 0) > opening.chargeWithinMs);
    if (late) record.state = 'expired';
    if (record.state !== 'opened' && record.state !== 'authenticated') young.delete(row);
    if (late) tell('expired', record);
  }

  function enter(kind: Entry['kind'], record: Mutable, amount: number, key = newKey()): string {
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

  const aged = (row: Row): BankRecord => {
    age(row);
    return row.record;
  };

  const pay = (record: Mutable, kind: 'charge' | 'deposit'): Outcome => {
    enter(kind, record, record.amount);
    record.state = 'paid';
    record.paidAt = clock.now();
    return tell(kind === 'charge' ? 'paid' : 'deposited', record);
  };

  const fail = (record: Mutable): Outcome => {
    record.state = 'failed';
    return tell('failed', record);
  };

  function giveBack(record: Mutable, { amount, reason, by, account, pending }: CancelOrder): Outcome {
    const left = balanceOf(record);
    if (amount <= 0 || amount > left) return { ok: false, why: 'over_balance', record };
    const moves = record.state === 'paid' && !pending;
    const key = moves ? enter('cancellation', record, amount) : newKey();
    const cancellation: Cancellation = {
      key,
      state: pending ? 'requested' : 'done',
      amount,
      reason,
      at: clock.now(),
      by,
      left: left - amount,
      ...(account && { account }),
    };
    record.cancellations.push(cancellation);
    if (pending) return tell('cancel_requested', record, { cancellation });
    record.cancelled += amount;
    record.lastEntry = key;
    if (record.state === 'paid') return tell('cancelled', record, { cancellation });
    record.state = 'closed';
    return tell('closed', record, { cancellation });
  }

  return {
    open(opening) {
      const { authenticateWithinMs: _a, chargeWithinMs: _c, accountValidHours: _v, ...said } = opening;
      const now = clock.now();
      const state = 'opened';
      const record: Mutable = { ...said, state, openedAt: now, changedAt: now, cancellations: [], cancelled: 0 };
      const row = { record, opening };
      rows.set(record.id, row);
      young.add(row);
      const list = orders.get(record.orderId);
      if (list) list.push(row);
      else orders.set(record.orderId, [row]);
      tell('opened', record);
      return record;
    },

    authenticate: (id, instrument) =>
      change(id, ['opened', 'authenticated'], ({ record, opening }) => {
        if (record.state === 'authenticated') return { ok: true, record };
        record.state = 'authenticated';
        record.authenticatedAt = clock.now();
        record.changedAt = clock.now();
        record.instrument = instrument;
        if (instrument.method === 'virtual_account') {
          const dueAt = clock.now() + (opening.accountValidHours ?? 168) * hour;
          record.account = { bank: instrument.bank, number: `X${randomInt(1e12, 1e13)}`, dueAt };
        }
        return { ok: true, record };
      }),

    charge: (id, { amount, currency, pending } = {}) =>
      change(id, ['authenticated'], ({ record }) => {
        const { instrument } = record;
        const declined = instrument?.method === 'card' ? testCard(instrument.card)?.decline : undefined;
        if (declined) {
          record.declined = declined;
          fail(record);
          return { ok: false, why: 'declined', record };
        }
        record.amount = amount ?? record.amount;
        record.currency = currency ?? record.currency;
        if (instrument?.method === 'virtual_account') {
          record.state = 'awaiting_deposit';
          return tell('issued', record);
        }
        if (!pending) return pay(record, 'charge');
        record.state = 'pending';
        return tell('pending', record);
      }),

    settle: (id, to) => change(id, ['pending'], ({ record }) => (to === 'paid' ? pay(record, 'charge') : fail(record))),

    fail: (id) => change(id, ['opened', 'authenticated'], ({ record }) => fail(record)),

    deposit: (id) =>
      change(id, ['awaiting_deposit'], ({ record }) => {
        if (clock.now() > (record.account?.dueAt ?? 0)) return { ok: false, why: 'expired', record };
        return pay(record, 'deposit');
      }),

    reverseDeposit: (id) =>
      change(id, ['paid'], ({ record }) => {
        if (!record.account || balanceOf(record) < record.amount) return { ok: false, why: 'wrong_state', record };
        enter('reversal', record, record.amount);
        record.state = 'awaiting_deposit';
        delete record.paidAt;
        return tell('reversed', record);
      }),

    cancel: (id, how) => change(id, ['paid', 'awaiting_deposit'], ({ record }) => giveBack(record, how)),

    settleCancel: (id, key, to) =>
      change(id, ['paid'], ({ record }) => {
        const at = record.cancellations.findIndex((each) => each.key === key && each.state === 'requested');
        const asked = record.cancellations[at];
        if (!asked) return { ok: false, why: 'not_found', record };
        const settled: Cancellation = { ...asked, state: to };
        record.cancellations[at] = settled;
        if (to === 'failed') return tell('cancel_failed', record, { cancellation: settled, settled: true });
        enter('cancellation', record, asked.amount, key);
        record.cancelled += asked.amount;
        return tell('cancelled', record, { cancellation: settled, settled: true });
      }),

    get: (id) => find(id)?.record,
    ofOrder: (provider, merchant, orderId) =>
      (orders.get(orderId) ?? [])
        .map(aged)
        .filter((record) => record.provider === provider && record.merchant === merchant),
    ofMerchant: (provider, merchant) =>
      [...rows.values()].map(aged).filter((record) => record.provider === provider && record.merchant === merchant),
    byOrderId: (orderId) => (orders.get(orderId) ?? []).map(aged),
    entries: () => entries,
    books: (orderId) => booksOf([...rows.values()].map(aged), entries, orderId),
    watch: (listener) => void listeners.push(listener),
    sweep: () => [...young].forEach(age),
    reset() {
      rows.clear();
      young.clear();
      orders.clear();
      entries.length = 0;
    },
  };
}
