import type { Instant } from '../../ops/clock.js';
import { hour, second } from '../../ops/clock.js';
import { toMinor } from '../money.js';
import type { ListedPayment, ListOutcome, ListQuery } from '../provider.js';
import { asObject, asText, type Fields } from '../reading.js';
import { instantOf } from './record.js';

/** Toss takes times of day without a zone for Seoul's; it reads whole seconds. */
const seoul = (at: Instant): string => new Date(at + 9 * hour).toISOString().slice(0, 19);

/** `GET /v1/transactions`: approvals and cancellations, each a line of its own. The range in whole seconds, and the last of them to its end. */
export function listPath({ from, until, limit, after }: ListQuery): string {
  const query = new URLSearchParams({
    startDate: seoul(from),
    endDate: seoul(until + second),
    limit: String(limit),
    ...(after !== undefined && { startingAfter: after }),
  });
  return `transactions?${query}`;
}

/** One page; `undefined` if it is none, or if nobody can tell where the next one starts. */
export function readList(
  json: unknown,
  environment: 'test' | 'live',
  { limit }: ListQuery,
): Extract<ListOutcome, { outcome: 'done' }> | undefined {
  if (!Array.isArray(json)) return undefined;
  const lines = json.map((line) => readLine(line, environment));
  const payments = lines.filter((line): line is ListedPayment => line !== undefined);
  const last = asText(asObject(json.at(-1))?.transactionKey);
  const more = json.length >= limit;
  if (more && last === undefined) return undefined;
  return {
    outcome: 'done',
    payments,
    unread: lines.length - payments.length,
    ...(more && last !== undefined && { next: last }),
  };
}

function readLine(line: unknown, environment: 'test' | 'live'): ListedPayment | undefined {
  const fields = asObject(line);
  const record = asText(fields?.paymentKey);
  const orderId = asText(fields?.orderId);
  const currency = asText(fields?.currency);
  const at = instantOf(fields?.transactionAt);
  const told = fields && currency && toldBy(fields, currency);
  if (!record || !orderId || !currency || at === undefined || !told) return undefined;
  return { record, orderId, currency, environment, at, ...told };
}

/** What became of the payment. A cancellation's amount is not documented well enough to be added up: it is told by its key. */
function toldBy(
  fields: Fields,
  currency: string,
): Pick<ListedPayment, 'state' | 'amount' | 'cancellations'> | undefined {
  switch (asText(fields.status)) {
    case 'DONE': {
      const amount = toMinor(fields.amount, currency);
      return amount === undefined ? undefined : { state: 'paid', amount, cancellations: [] };
    }
    case 'PARTIAL_CANCELED':
    case 'CANCELED': {
      const key = asText(fields.transactionKey);
      return key === undefined ? undefined : { cancellations: [key] };
    }
    // Also what a deposit goes back to that the bank found faulty.
    case 'WAITING_FOR_DEPOSIT':
      return { state: 'awaiting_deposit', cancellations: [] };
    case 'ABORTED':
      return { state: 'failed', cancellations: [] };
    case 'EXPIRED':
      return { state: 'expired', cancellations: [] };
    default:
      return undefined;
  }
}
