import type { Instant } from '../../ops/clock.js';
import { listedOf } from '../listed.js';
import type { ListedPayment, ListOutcome, ListQuery, PortOneV2Channel } from '../provider.js';
import { asList, asObject, type Fields } from '../reading.js';
import { instantOf, readPayment } from './record.js';

/**
 * Pages of PortOne are numbered, and a payment that changes while they are read leaves its place, so that the ones behind it move up: a page
 * starts at the time where the last one ended instead. Only within one millisecond are pages counted.
 */
interface Place {
  readonly from: Instant;
  readonly number: number;
}

/** PortOne lists no further than this: `(number + 1) * size`. */
const reach = 60_000;

/** `undefined` for what is no place of ours. */
export function placeOf({ from, after }: ListQuery): Place | undefined {
  if (after === undefined) return { from, number: 0 };
  const [, time, number] = /^(\d{1,15})\.(\d{1,6})$/.exec(after) ?? [];
  return time === undefined ? undefined : { from: Number(time), number: Number(number) };
}

/** The filter of `GET /payments`, which goes into the query since few clients can send a body with GET. */
export const listPath = (channel: PortOneV2Channel, { until, limit }: ListQuery, { from, number }: Place): string => {
  const filter = {
    storeId: channel.storeId,
    // Payments of V1 have other ids.
    version: 'V2',
    isTest: channel.environment === 'test',
    // Where money moved. Others would be left out by the comparison anyway.
    status: ['PAID', 'PARTIAL_CANCELLED', 'CANCELLED'],
    timestampType: 'STATUS_CHANGED_AT',
    sortBy: 'STATUS_CHANGED_AT',
    sortOrder: 'ASC',
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
  };
  return `payments?requestBody=${encodeURIComponent(JSON.stringify({ page: { number, size: limit }, filter }))}`;
};

/** One page; `undefined` if it is none. */
export function readList(
  body: Fields,
  channel: PortOneV2Channel,
  query: ListQuery,
  place: Place,
): Extract<ListOutcome, { outcome: 'done' }> | undefined {
  if (!Array.isArray(body.items)) return undefined;
  const items = asList(body.items).map((item) => readItem(item, channel));
  const payments = items.filter((item): item is ListedPayment => item !== undefined);
  const last = Math.max(place.from, ...payments.map(({ at }) => at));
  const more = items.length >= query.limit;
  const next = more ? nextPlace(place, last, query.limit) : undefined;
  return {
    outcome: 'done',
    payments,
    unread: items.length - payments.length,
    ...(next && { next: `${next.from}.${next.number}` }),
  };
}

/** A millisecond earlier, whatever the provider rounds: what is listed twice does no harm. */
function nextPlace(place: Place, last: Instant, limit: number): Place | undefined {
  const from = last - 1;
  if (from > place.from) return { from, number: 0 };
  const number = place.number + 1;
  return (number + 1) * limit <= reach ? { from: place.from, number } : { from: last + 1, number: 0 };
}

function readItem(item: unknown, channel: PortOneV2Channel): ListedPayment | undefined {
  const record = readPayment(item, channel.environment);
  const at = instantOf(asObject(item)?.statusChangedAt);
  return record && at !== undefined ? listedOf(record, at) : undefined;
}
