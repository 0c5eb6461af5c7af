import type { BankRecord, Books, Entry } from './record.js';

const sign: Readonly<Record<Entry['kind'], 1 | -1>> = { charge: 1, deposit: 1, reversal: -1, cancellation: -1 };

/** The books as they stand, of everything or of one order id. */
export function booksOf(records: readonly BankRecord[], entries: readonly Entry[], orderId?: string): Books {
  const mine = <T extends { orderId: string }>(all: readonly T[]): T[] =>
    all.filter((each) => orderId === undefined || each.orderId === orderId);
  const chosen = mine(entries);
  const kind = (wanted: Entry['kind']): Entry[] => chosen.filter((entry) => entry.kind === wanted);
  const totals = [...new Set(chosen.map((entry) => entry.currency))].map((currency) => {
    const same = chosen.filter((entry) => entry.currency === currency);
    const sum = (list: readonly Entry[]) => list.reduce((total, entry) => total + sign[entry.kind] * entry.amount, 0);
    return { currency, received: sum(same.filter((entry) => sign[entry.kind] > 0)), net: sum(same) };
  });
  return {
    records: mine(records).map((record) => ({ ...record, cancellations: [...record.cancellations] })),
    charges: kind('charge'),
    deposits: kind('deposit'),
    reversals: kind('reversal'),
    cancellations: kind('cancellation'),
    totals,
  };
}
