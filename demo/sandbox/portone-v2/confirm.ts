import type { Fault } from '../faults.js';
import type { Reply } from '../network.js';
import type { BankRecord } from '../record.js';
import { approve, taken } from './approve.js';
import { errorReply, pgReply } from './errors.js';
import type { PortOneV2 } from './portone-v2.js';
import { note, transactionsOf } from './portone-v2.js';

/** `POST /payments/{paymentId}/confirm`: takes the money on channels with manual approval. The reply carries no amount. */
export function confirm(
  v2: PortOneV2,
  storeId: string,
  paymentId: string,
  body: Record<string, unknown>,
  fault: Fault | undefined,
): Reply {
  const { paymentToken } = body;
  if (typeof paymentToken !== 'string' || !wellFormed(body)) return errorReply('INVALID_REQUEST');
  const all = transactionsOf(v2, storeId, paymentId);
  if (all.length === 0) return errorReply('PAYMENT_NOT_FOUND');
  const record = all.find((each) => v2.extras.get(each.id)?.paymentToken === paymentToken);
  const extras = record && v2.extras.get(record.id);
  if (record && taken(v2, record, record.state === 'authenticated' ? fault : undefined))
    return errorReply('ALREADY_PAID');
  // Before the shopper agreed nobody has been given the token.
  if (!record || !extras || record.state === 'opened' || record.state === 'failed')
    return errorReply('INVALID_PAYMENT_TOKEN');
  const different = differing(record, extras.channel.type === 'TEST', body);
  if (different) return errorReply('INFORMATION_MISMATCH', `${different}: another value`);

  note(v2, record, { quiet: body.skipWebhook === true });
  const result = approve(v2, record, fault);
  note(v2, record, { quiet: false });
  if ('pgCode' in result) return pgReply(result);
  const paidAt = new Date(result.paidAt ?? v2.clock.now()).toISOString();
  return { status: 200, body: { pgTxId: extras.pgTxId, paidAt } };
}

const optional = (value: unknown, type: string): boolean => value === undefined || typeof value === type;

const wellFormed = (body: Record<string, unknown>): boolean =>
  (body.totalAmount === undefined || Number.isSafeInteger(body.totalAmount)) &&
  (body.taxFreeAmount === undefined || Number.isSafeInteger(body.taxFreeAmount)) &&
  optional(body.currency, 'string') &&
  optional(body.txId, 'string') &&
  optional(body.isTest, 'boolean');

/** The optional values are checks: the first one that does not match. */
function differing(record: BankRecord, isTest: boolean, body: Record<string, unknown>): string | undefined {
  const held: Record<string, unknown> = {
    txId: record.id,
    totalAmount: record.amount,
    currency: record.currency,
    taxFreeAmount: 0,
    isTest,
  };
  return Object.keys(held).find((name) => body[name] !== undefined && body[name] !== held[name]);
}
