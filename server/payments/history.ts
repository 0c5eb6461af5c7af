import type { Method, Page, PaymentStatus, ProviderName } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { derivedId } from '../ops/ids.js';
import { statusOf } from './conclude.js';
import type { PaymentCollection } from './deps.js';
import { type Attempt, isBusy, type Payment } from './payment.js';

export interface HistoryQuery {
  readonly merchant: string;
  readonly customer?: string;
  readonly status?: PaymentStatus;
  readonly provider?: ProviderName;
  readonly method?: Method;
  readonly reference?: string;
  /** Only ones where money moved or may have, or an account was issued: not what was merely looked at. */
  readonly begun?: boolean;
  /** Only ones that a person must look at. */
  readonly attention?: boolean;
  /** Creation, both ends inclusive. */
  readonly from?: Instant;
  readonly to?: Instant;
  readonly limit: number;
  readonly after?: string;
}

/** How many documents one page may look at; a short page then still has a cursor. */
const maxScanned = 1_000;
/** How many are read at once where a filter is sparse. */
const maxPiece = 250;

/** A reference names at most one payment: its id is derived from it. */
export const referenceId = (merchant: string, reference: string): string =>
  `pay_${derivedId('reference', merchant, reference)}`;

/** Payments of a merchant, newest first. One index does the finding; other filters are applied while scanning. */
export async function findPayments(
  payments: PaymentCollection,
  query: HistoryQuery,
  now: Instant,
): Promise<Page<Payment>> {
  if (query.reference !== undefined) {
    const payment = await payments.get(referenceId(query.merchant, query.reference));
    return { data: payment && matches(payment, query, now) ? [payment] : [] };
  }
  const data: Payment[] = [];
  let after = query.after;
  let piece = query.limit;
  for (let scanned = 0; scanned < maxScanned; ) {
    const limit = Math.min(piece, maxScanned - scanned);
    const page = await payments.find({ ...source(query), order: 'desc', limit, ...(after !== undefined && { after }) });
    const found = page.docs.filter((payment) => matches(payment, query, now));
    const wanted = query.limit - data.length;
    if (found.length > wanted) {
      // The piece's cursor would lie behind what this page leaves out: read a smaller one.
      piece = wanted;
      continue;
    }
    data.push(...found);
    scanned += Math.max(page.docs.length, 1);
    after = page.next;
    if (after === undefined || data.length === query.limit) break;
    piece = Math.min(piece * 2, maxPiece);
  }
  return { data, ...(after !== undefined && { next: after }) };
}

function source({ merchant, customer, status, from, to }: HistoryQuery) {
  const range = { range: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) } };
  if (customer !== undefined) return { index: 'by_customer' as const, equals: { merchant, customer }, ...range };
  if (status !== undefined) return { index: 'by_status' as const, equals: { merchant, status }, ...range };
  return { index: 'by_merchant' as const, equals: { merchant }, ...range };
}

const isBegun = ({ paidBy, refunds, attempts }: Payment): boolean =>
  paidBy !== undefined || refunds.length > 0 || attempts.some((attempt) => mayHaveMoved(attempt) || attempt.account);

/** Also where a person decides about it, or where it was never found out. */
const mayHaveMoved = (attempt: Attempt): boolean =>
  isBusy(attempt) || attempt.state === 'held' || attempt.failure?.code === 'unresolved';

/** The stored status can lag behind the clock: what is shown as expired is not found as open. */
const matches = (payment: Payment, query: HistoryQuery, now: Instant): boolean =>
  payment.merchant === query.merchant &&
  (query.customer === undefined || payment.customer === query.customer) &&
  (query.status === undefined || statusOf(payment, now) === query.status) &&
  (query.provider === undefined || payment.provider === query.provider) &&
  (query.method === undefined || payment.method === query.method) &&
  (query.begun !== true || isBegun(payment)) &&
  (query.attention === undefined || (payment.attention !== undefined) === query.attention) &&
  (query.from === undefined || payment.createdAt >= query.from) &&
  (query.to === undefined || payment.createdAt <= query.to);
