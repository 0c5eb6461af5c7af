import { day } from '../../../server/ops/clock.js';
import type { Reply } from '../network.js';
import type { BankRecord } from '../record.js';
import { errorReply } from './errors.js';
import { paymentObject, statusOf } from './payment.js';
import type { PortOneV2 } from './portone-v2.js';
import { transactionOf } from './portone-v2.js';

type Body = Record<string, unknown>;

const methodTypes: Readonly<Record<string, string>> = {
  card: 'CARD',
  transfer: 'TRANSFER',
  virtual_account: 'VIRTUAL_ACCOUNT',
  phone: 'MOBILE',
};

const typeOf = (record: BankRecord): string | undefined =>
  record.instrument && (methodTypes[record.instrument.method] ?? 'EASY_PAY');

/** `GET /payments`: the payments of a store in a range of time (by default the past 90 days), newest first, by pages. */
export function listPayments(v2: PortOneV2, storeId: string, asked: unknown, base: string): Reply {
  const { page = {}, filter = {} } = (asked ?? {}) as { page?: Body; filter?: Body };
  const { number = 0, size = 10 } = page as { number?: number; size?: number };
  if (!Number.isInteger(number) || !Number.isInteger(size) || number < 0 || size < 1 || (number + 1) * size > 60_000)
    return errorReply('INVALID_REQUEST');
  const until = filter.until === undefined ? v2.clock.now() : Date.parse(String(filter.until));
  const from = filter.from === undefined ? until - 90 * day : Date.parse(String(filter.from));
  if (Number.isNaN(until) || Number.isNaN(from)) return errorReply('INVALID_REQUEST');

  const timeOf = (record: BankRecord) =>
    filter.timestampType === 'STATUS_CHANGED_AT' ? record.changedAt : record.openedAt;
  const orderOf = (record: BankRecord) => (filter.sortBy === 'STATUS_CHANGED_AT' ? record.changedAt : record.openedAt);
  const wanted = (record: BankRecord): boolean => {
    const extras = v2.extras.get(record.id);
    // Lists spell the pending status in another way than payments do.
    const status = statusOf(record, extras).replace('PAY_PENDING', 'PENDING');
    const at = timeOf(record);
    return (
      at >= from &&
      at <= until &&
      among(filter.status, status) &&
      among(filter.methods, typeOf(record)) &&
      among(filter.pgProvider, extras?.channel.pg) &&
      (filter.isTest === undefined || filter.isTest === (extras?.channel.type === 'TEST')) &&
      (filter.currency === undefined || filter.currency === record.currency) &&
      (filter.version === undefined || filter.version === 'V2')
    );
  };
  const sign = filter.sortOrder === 'ASC' ? 1 : -1;
  const all = paymentsOf(v2, storeId)
    .filter(wanted)
    .sort((a, b) => sign * (orderOf(a) - orderOf(b)));
  const items = all.slice(number * size, (number + 1) * size).map((record) => paymentObject(v2, record, base));
  return { status: 200, body: { items, page: { number, size, totalCount: all.length } } };
}

const among = (list: unknown, value: string | undefined): boolean =>
  !Array.isArray(list) || (value !== undefined && list.includes(value));

function paymentsOf(v2: PortOneV2, storeId: string): BankRecord[] {
  const found: BankRecord[] = [];
  for (const record of v2.bank.ofMerchant('portone-v2', storeId)) {
    if (transactionOf(v2, storeId, record.orderId)?.id === record.id) found.push(record);
  }
  return found;
}
