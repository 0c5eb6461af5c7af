import { day, type Instant, second } from '../../ops/clock.js';
import { listedOf } from '../listed.js';
import type { ListedPayment, ListOutcome, ListQuery, PortOneV1Channel } from '../provider.js';
import { asCount, asList, asObject, type Fields } from '../reading.js';
import { instantOf, readPayment } from './record.js';

/** What is paid, by its approval; then what is cancelled, by its cancellation: whatever changes from the one to the other is met once. */
const lists = ['paid', 'cancelled'] as const;

/** Where a page starts. V1's pages are numbered from 1, in ranges of at most 90 days. `total`: of the page before. */
interface Place {
  readonly list: (typeof lists)[number];
  readonly from: Instant;
  readonly page: number;
  readonly total: number;
}

const rangeMs = 89 * day;
const maxLimit = 1_000;

/** `undefined` for what is no place of ours. */
export function placeOf({ from, after }: ListQuery): Place | undefined {
  if (after === undefined) return { list: 'paid', from, page: 1, total: 0 };
  const [, name, ...numbers] = /^(paid|cancelled)\.(\d{1,15})\.([1-9]\d{0,5})\.(\d{1,9})$/.exec(after) ?? [];
  const list = lists.find((one) => one === name);
  const [start, page, total] = numbers.map(Number);
  return list && start !== undefined && page !== undefined && total !== undefined
    ? { list, from: start, page, total }
    : undefined;
}

const write = ({ list, from, page, total }: Place): string => `${list}.${from}.${page}.${total}`;

/** What was paid in the range may have been given back at any time since. */
const endOf = ({ until }: ListQuery, { list }: Place, now: Instant): Instant =>
  list === 'paid' ? until : Math.max(until, now);

const partEnd = (query: ListQuery, place: Place, now: Instant): Instant =>
  Math.min(place.from + rangeMs, endOf(query, place, now));

export function listPath(query: ListQuery, place: Place, now: Instant): string {
  const parameters = new URLSearchParams({
    from: String(Math.floor(place.from / second)),
    to: String(Math.ceil(partEnd(query, place, now) / second)),
    sorting: 'started',
    page: String(place.page),
    limit: String(Math.min(query.limit, maxLimit)),
    include_sandbox: 'true',
  });
  return `payments/status/${place.list}?${parameters}`;
}

/**
 * One page; `undefined` if it is none. `response` absent: V1 has no such page. Payments of the other environment are another account's.
 *
 * Not told: that part of a payment was given back in the range, if it was paid before it: V1 lists it under its approval.
 */
export function readList(
  response: unknown,
  { environment }: PortOneV1Channel,
  query: ListQuery,
  place: Place,
  now: Instant,
): Extract<ListOutcome, { outcome: 'done' }> | undefined {
  const page = response === undefined ? { list: [] } : asObject(response);
  if (!page || !Array.isArray(page.list)) return undefined;
  const lines = asList(page.list).map((line) => readLine(line, environment));
  const read = lines.filter((line) => line !== undefined);
  const next = nextPlace(page, query, place, now);
  return {
    outcome: 'done',
    payments: read
      .filter(({ payment, moments }) => payment.environment === environment && meets(moments, query))
      .map(({ payment }) => payment),
    unread: lines.length - read.length,
    ...(next && { next: write(next) }),
  };
}

/** Money moved within the range, by V1's whole seconds. */
const meets = (moments: readonly Instant[], { from, until }: ListQuery): boolean =>
  moments.some((at) => at + second > from && at <= until);

/** The next page, the next part of the range, or the next list. */
function nextPlace(page: Fields, query: ListQuery, place: Place, now: Instant): Place | undefined {
  const total = asCount(page.total) ?? 0;
  // One has left the list meanwhile, and those behind it moved up: once more from the first page.
  if (place.page > 1 && total < place.total) return { ...place, page: 1, total };
  if (hasNext(page, place.page)) return { ...place, page: place.page + 1, total };
  const end = partEnd(query, place, now);
  if (end < endOf(query, place, now)) return { ...place, from: end, page: 1, total: 0 };
  return place.list === 'paid' ? { list: 'cancelled', from: query.from, page: 1, total: 0 } : undefined;
}

/** `next` is the next page's number, and on the last one 0, `false` or nothing. */
export const hasNext = ({ next, list }: Fields, page: number): boolean =>
  (asCount(next) ?? 0) > page && asList(list).length > 0;

function readLine(
  line: unknown,
  environment: 'test' | 'live',
): { payment: ListedPayment; moments: Instant[] } | undefined {
  const record = readPayment(line, environment);
  const fields = asObject(line);
  if (!record || !fields) return undefined;
  const moments = [
    ...[fields.paid_at, fields.cancelled_at].map(instantOf),
    ...record.cancellations.map(({ at }) => at),
  ].filter((at) => at !== undefined);
  return moments.length === 0 ? undefined : { payment: listedOf(record, Math.max(...moments)), moments };
}
