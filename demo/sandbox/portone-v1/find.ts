import { day } from '../../../server/ops/clock.js';
import type { Reply } from '../network.js';
import type { BankRecord } from '../record.js';
import { done, failed, notFound } from './errors.js';
import type { V1Status } from './payment.js';
import { cancelledAt, paymentObject, seconds, statuses, statusOf } from './payment.js';
import type { PortOneV1 } from './portone-v1.js';
import { provider, recordsOf } from './portone-v1.js';

/** Whose records are asked for, and whether those of test channels are among them (by default they are not). */
export interface Asked {
  readonly merchant: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly base: string;
}

const seen = (v1: PortOneV1, { query }: Asked, record: BankRecord): boolean =>
  query.include_sandbox === 'true' || v1.extras.get(record.id)?.channel.test === false;

const statusIn = (v1: PortOneV1, record: BankRecord): V1Status => statusOf(record, v1.extras.get(record.id));

/** The record of an `imp_uid`, if it is this merchant's. */
export function recordById(v1: PortOneV1, merchant: string, impUid: string): BankRecord | undefined {
  const record = v1.bank.get(impUid);
  return record?.provider === provider && record.merchant === merchant ? record : undefined;
}

/** `GET /payments/{imp_uid}`. */
export function findOne(v1: PortOneV1, asked: Asked, impUid: string): Reply {
  const record = recordById(v1, asked.merchant, impUid);
  return record && seen(v1, asked, record) ? done(paymentObject(v1, record, asked.base)) : notFound();
}

const listed = (query: Asked['query'], name: string): string[] =>
  [query[`${name}[]`] ?? query[name] ?? []].flat().map(String);

/** `GET /payments?imp_uid[]=&merchant_uid[]=`: 207 if some of them are missing. */
export function findMany(v1: PortOneV1, asked: Asked): Reply {
  const [ids, orders] = [listed(asked.query, 'imp_uid'), listed(asked.query, 'merchant_uid')];
  if (ids.length + orders.length === 0 || ids.length + orders.length > 100)
    return failed(400, 'imp_uid[] 또는 merchant_uid[]: 1건 이상 100건 이하');
  const found = [
    ...ids.map((id) => recordById(v1, asked.merchant, id)),
    ...orders.map((order) => recordsOf(v1, asked.merchant, order).at(-1)),
  ].filter((record) => record !== undefined && seen(v1, asked, record)) as BankRecord[];
  if (found.length === 0) return notFound();
  const all = found.length === ids.length + orders.length;
  const list = found.map((record) => paymentObject(v1, record, asked.base));
  return done(list, all ? 200 : 207);
}

const timeBy = {
  started: (record: BankRecord) => record.openedAt,
  paid: (record: BankRecord) => record.paidAt ?? 0,
  updated: (record: BankRecord) => record.changedAt,
} as const;

/** Newest window first, if nothing else is asked; of one moment the later made is the newer. */
function sorted(records: readonly BankRecord[], sorting: unknown): BankRecord[] | undefined {
  const [, minus, by] = /^(-?)(started|paid|updated)$/.exec(String(sorting ?? '-started')) ?? [];
  if (by === undefined) return undefined;
  const time = timeBy[by as keyof typeof timeBy];
  const rising = [...records].sort((a, b) => time(a) - time(b));
  return minus ? rising.reverse() : rising;
}

function ofOrder(v1: PortOneV1, asked: Asked, merchantUid: string, status: string | undefined) {
  if (status !== undefined && !(statuses as readonly string[]).includes(status)) return undefined;
  const records = recordsOf(v1, asked.merchant, merchantUid).filter((record) => seen(v1, asked, record));
  const wanted = records.filter((record) => status === undefined || statusIn(v1, record) === status);
  return sorted(wanted, asked.query.sorting);
}

/** `GET /payments/find/{merchant_uid}/{payment_status?}`: the first by order, of possibly several. */
export function findByOrder(v1: PortOneV1, asked: Asked, merchantUid: string, status?: string): Reply {
  const records = ofOrder(v1, asked, merchantUid, status);
  if (!records) return failed(400, 'payment_status 또는 sorting 값이 올바르지 않습니다.');
  const [first] = records;
  return first ? done(paymentObject(v1, first, asked.base)) : notFound();
}

/** `GET /payments/findAll/{merchant_uid}/{payment_status?}`, by pages. */
export function findAllByOrder(v1: PortOneV1, asked: Asked, merchantUid: string, status?: string): Reply {
  const records = ofOrder(v1, asked, merchantUid, status);
  if (!records) return failed(400, 'payment_status 또는 sorting 값이 올바르지 않습니다.');
  return records.length === 0 ? notFound() : paged(v1, asked, records);
}

/** What a range of time is about: when it came to be so; of `all`, when the window was opened. */
const momentOf: Readonly<Record<V1Status | 'all', (record: BankRecord) => number>> = {
  all: (record) => seconds(record.openedAt),
  ready: (record) => seconds(record.openedAt),
  paid: (record) => seconds(record.paidAt),
  cancelled: cancelledAt,
  failed: (record) => seconds(record.changedAt),
};

/** `GET /payments/status/{payment_status}`: everything in a range of at most 90 days, both ends included, by pages. */
export function findByStatus(v1: PortOneV1, asked: Asked, status: string): Reply {
  if (status !== 'all' && !(statuses as readonly string[]).includes(status))
    return failed(400, 'payment_status 값이 올바르지 않습니다.');
  const to = whole(asked.query.to, seconds(v1.clock.now()));
  const from = whole(asked.query.from, to - (90 * day) / 1000);
  if (Number.isNaN(from) || Number.isNaN(to) || from > to || (to - from) * 1000 > 90 * day)
    return failed(400, '조회 기간은 최대 90일입니다.');
  const moment = momentOf[status as V1Status | 'all'];
  const wanted = v1.bank
    .ofMerchant(provider, asked.merchant)
    .filter((record) => seen(v1, asked, record) && (status === 'all' || statusIn(v1, record) === status))
    .filter((record) => moment(record) >= from && moment(record) <= to);
  const records = sorted(wanted, asked.query.sorting);
  return records ? paged(v1, asked, records) : failed(400, 'sorting 값이 올바르지 않습니다.');
}

const whole = (value: unknown, fallback: number): number =>
  value === undefined ? fallback : /^\d{1,10}$/.test(String(value)) ? Number(value) : Number.NaN;

/** Pages are numbered from 1; 0 is no page. */
function paged(v1: PortOneV1, { query, base }: Asked, records: readonly BankRecord[]): Reply {
  const [page, limit] = [whole(query.page, 1), whole(query.limit, 20)];
  if (!(page >= 1) || !(limit >= 1 && limit <= 1000)) return failed(400, 'page는 1 이상, limit은 1000 이하입니다.');
  const list = records.slice((page - 1) * limit, page * limit).map((record) => paymentObject(v1, record, base));
  const next = page * limit < records.length ? page + 1 : 0;
  return done({ total: records.length, previous: page - 1, next, list });
}
