import type { Currency, Method } from '../../../contract/index.js';
import { toMinor } from '../amount.js';
import type { Fault } from '../faults.js';
import type { BankRecord } from '../record.js';
import type { TossCode } from './errors.js';
import type { TossMerchant } from './merchants.js';
import { declineCode } from './payment.js';
import type { Toss } from './toss.js';
import { isApproved } from './toss.js';

const paymentKeyPattern = /^[A-Za-z0-9_-]{1,200}$/;

/** The smallest amounts in won: by account 200, by card and everything else 100. */
const minimumOf = (method: Method | undefined): number =>
  method === 'transfer' || method === 'virtual_account' ? 200 : 100;

/** `POST /v1/payments/confirm`: the one call of this provider that takes money. */
export function confirm(
  toss: Toss,
  merchant: TossMerchant,
  body: Record<string, unknown>,
  fault: Fault | undefined,
): BankRecord | TossCode {
  const { paymentKey, orderId, amount } = body;
  if (typeof paymentKey !== 'string' || typeof orderId !== 'string' || typeof amount !== 'number')
    return 'INVALID_REQUEST';
  if (!paymentKeyPattern.test(paymentKey)) return 'INVALID_PAYMENT_KEY';
  const record = toss.bank.get(paymentKey);
  if (record?.provider !== 'toss') return 'NOT_FOUND_PAYMENT';
  if (record.merchant !== merchant.clientKey) return 'INVALID_API_KEY';
  if (record.orderId !== orderId) return 'UNAPPROVED_ORDER_ID';
  if (toMinor(amount, record.currency) !== record.amount) return 'INVALID_REQUEST';
  const others = toss.bank.ofOrder('toss', merchant.clientKey, orderId).filter((each) => each.id !== record.id);
  if (others.some(isApproved) && fault?.kind !== 'duplicate_order') return 'DUPLICATED_ORDER_ID';
  if (record.state === 'authenticated' && record.currency === 'KRW') {
    if (record.amount < minimumOf(record.instrument?.method)) return 'BELOW_MINIMUM_AMOUNT';
  }
  const outcome = toss.bank.charge(record.id, changedBy(fault, record));
  if (outcome.ok) return outcome.record;
  if (outcome.why === 'declined') return declineCode[record.declined ?? 'insufficient_funds'];
  // Not authenticated yet looks the same to Toss as too late: there is no session to approve.
  if (outcome.why === 'expired' || record.state === 'opened') return 'NOT_FOUND_PAYMENT_SESSION';
  return 'ALREADY_PROCESSED_PAYMENT';
}

function changedBy(fault: Fault | undefined, record: BankRecord): { amount?: number; currency?: Currency } {
  if (fault?.kind === 'wrong_amount') return { amount: fault.amount ?? record.amount + 1000 };
  if (fault?.kind === 'wrong_currency') return { currency: record.currency === 'USD' ? 'KRW' : 'USD' };
  return {};
}
