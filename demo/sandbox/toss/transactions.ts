import { toMajor } from '../amount.js';
import type { TossCode } from './errors.js';
import type { TossMerchant } from './merchants.js';
import type { Toss } from './toss.js';
import { methodWords, seoulTime } from './toss.js';

/** A time of day without a zone is Seoul's. */
function readTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}+09:00`);
  return Number.isNaN(at) ? undefined : at;
}

/** `GET /v1/transactions`: approvals and cancellations of a merchant in a range of time, oldest first, for the daily comparison. */
export function transactions(
  toss: Toss,
  merchant: TossMerchant,
  query: Record<string, unknown>,
  english: boolean,
): unknown[] | TossCode {
  const from = readTime(query.startDate);
  const to = readTime(query.endDate);
  const limit = query.limit === undefined ? 100 : Number(query.limit);
  if (from === undefined || to === undefined || from > to) return 'INVALID_REQUEST';
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) return 'INVALID_REQUEST';

  const all = toss.bank
    .entries()
    .filter((entry) => entry.provider === 'toss' && entry.merchant === merchant.clientKey)
    .filter((entry) => entry.at >= from && entry.at <= to);
  const after =
    query.startingAfter === undefined ? -1 : all.findIndex((entry) => entry.key === String(query.startingAfter));
  if (query.startingAfter !== undefined && after < 0) return 'INVALID_REQUEST';

  return all.slice(after + 1, after + 1 + limit).map((entry) => {
    const record = toss.bank.get(entry.record);
    const cancellation = record?.cancellations.find((each) => each.key === entry.key);
    const canceled = cancellation?.left === 0 ? 'CANCELED' : 'PARTIAL_CANCELED';
    const method = record?.instrument?.method;
    return {
      mId: merchant.mId,
      transactionKey: entry.key,
      paymentKey: entry.record,
      orderId: entry.orderId,
      method: method ? methodWords[method][english ? 1 : 0] : null,
      customerKey: null,
      useEscrow: false,
      receiptUrl: null,
      status: entry.kind === 'cancellation' ? canceled : entry.kind === 'reversal' ? 'WAITING_FOR_DEPOSIT' : 'DONE',
      transactionAt: seoulTime(entry.at),
      currency: entry.currency,
      amount: toMajor(entry.amount, entry.currency),
    };
  });
}
