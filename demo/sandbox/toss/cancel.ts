import { second } from '../../../server/ops/clock.js';
import { toMinor } from '../amount.js';
import { banks } from '../banks.js';
import type { Fault } from '../faults.js';
import type { BankRecord, RefundAccount } from '../record.js';
import { balanceOf } from '../record.js';
import type { TossCode } from './errors.js';
import type { Toss } from './toss.js';

/** `POST /v1/payments/{paymentKey}/cancel`, after the payment was found to be this merchant's. */
export function cancel(
  toss: Toss,
  record: BankRecord,
  body: Record<string, unknown>,
  fault: Fault | undefined,
): BankRecord | TossCode {
  const { cancelReason, cancelAmount, refundableAmount } = body;
  if (typeof cancelReason !== 'string' || cancelReason.length === 0 || cancelReason.length > 200)
    return 'INVALID_REQUEST';
  const extras = toss.extras.get(record.id);
  if (extras?.lastCancelAt !== undefined && toss.clock.now() - extras.lastCancelAt < second)
    return 'FORBIDDEN_CONSECUTIVE_REQUEST';

  if (record.state === 'closed') return 'ALREADY_CANCELED_PAYMENT';
  if (record.state !== 'paid' && record.state !== 'awaiting_deposit') return 'NOT_CANCELABLE_PAYMENT';
  const left = balanceOf(record);
  // Measured by integrators: a balance used up in parts is answered differently from one full cancel.
  if (left === 0) return record.cancellations.length > 1 ? 'NOT_CANCELABLE_AMOUNT' : 'ALREADY_CANCELED_PAYMENT';

  const amount = cancelAmount === undefined ? left : toMinor(cancelAmount, record.currency);
  if (amount === undefined || amount === 0) return 'INVALID_REQUEST';
  if (refundableAmount !== undefined && toMinor(refundableAmount, record.currency) !== left)
    return 'NOT_MATCHES_REFUNDABLE_AMOUNT';
  if (amount > left) return 'NOT_CANCELABLE_AMOUNT';
  if (amount < left && record.currency === 'USD' && body.currency !== 'USD') return 'INVALID_REQUEST';
  if (amount < left && record.state === 'awaiting_deposit') return 'NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT';

  const account = refundAccount(record, body.refundReceiveAccount);
  if (typeof account === 'string') return account;
  const outcome = toss.bank.cancel(record.id, {
    amount,
    reason: cancelReason,
    by: 'api',
    ...(account && { account }),
    pending: fault?.kind === 'pending' && record.state === 'paid',
  });
  if (!outcome.ok) return 'NOT_CANCELABLE_PAYMENT';
  if (extras) toss.extras.set(record.id, { ...extras, lastCancelAt: toss.clock.now() });
  return outcome.record;
}

/** Where the money of a *paid* virtual account goes: needed there, and taken nowhere else. */
function refundAccount(record: BankRecord, given: unknown): RefundAccount | TossCode | undefined {
  const paidAccount = record.account !== undefined && record.state === 'paid';
  if (!paidAccount) return given === undefined || given === null ? undefined : 'INVALID_REQUEST';
  if (typeof given !== 'object' || given === null) return 'INVALID_REFUND_ACCOUNT_INFO';
  const { bank, accountNumber, holderName } = given as Record<string, unknown>;
  if (typeof holderName !== 'string' || holderName.trim() === '' || holderName.length > 60)
    return 'INVALID_REFUND_ACCOUNT_INFO';
  if (typeof accountNumber !== 'string' || !/^\d{1,20}$/.test(accountNumber)) return 'INVALID_REFUND_ACCOUNT_NUMBER';
  const known = banks.find((each) => each.toss === bank);
  return known ? { bank: known.word, number: accountNumber, holder: holderName } : 'INVALID_BANK';
}
