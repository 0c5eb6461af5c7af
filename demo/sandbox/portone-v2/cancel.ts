import { bankByWord } from '../banks.js';
import type { Fault } from '../faults.js';
import type { Reply } from '../network.js';
import type { BankRecord, RefundAccount } from '../record.js';
import { balanceOf } from '../record.js';
import { errorReply, pgReply } from './errors.js';
import { cancellationObject } from './payment.js';
import type { PortOneV2 } from './portone-v2.js';
import { note, transactionOf } from './portone-v2.js';

type Body = Record<string, unknown>;

/** `POST /payments/{paymentId}/cancel`. An account that nobody paid into is closed instead. */
export function cancel(v2: PortOneV2, storeId: string, paymentId: string, body: Body, fault: Fault | undefined): Reply {
  if (!wellFormed(body)) return errorReply('INVALID_REQUEST');
  const record = transactionOf(v2, storeId, paymentId);
  if (!record) return errorReply('PAYMENT_NOT_FOUND');
  if (record.state === 'closed') return errorReply('PAYMENT_ALREADY_CANCELLED');
  if (record.state !== 'paid') return errorReply('PAYMENT_NOT_PAID');
  const left = balanceOf(record);
  if (left === 0) return errorReply('PAYMENT_ALREADY_CANCELLED');
  if (body.currentCancellableAmount !== undefined && body.currentCancellableAmount !== left)
    return errorReply('CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN');
  const amount = (body.amount as number | undefined) ?? left;
  if (amount > left) return errorReply('CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT');
  const [taxFree = 0, vat = 0] = [body.taxFreeAmount, body.vatAmount] as (number | undefined)[];
  if (taxFree + vat > amount) return errorReply('SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT');
  if (taxFree > 0) return errorReply('CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT');
  const account = refundAccount(record, body.refundAccount);
  if (account && 'status' in account) return account;

  note(v2, record, { quiet: body.skipWebhook === true });
  const reason = body.reason as string;
  const pending = fault?.kind === 'pending';
  const outcome = v2.bank.cancel(record.id, { amount, reason, by: 'api', pending, ...(account && { account }) });
  note(v2, record, { quiet: false });
  const made = outcome.ok ? outcome.record.cancellations.at(-1) : undefined;
  if (!made) return errorReply('PAYMENT_NOT_PAID');
  return { status: 200, body: { cancellation: cancellationObject(made) } };
}

/** `POST /payments/{paymentId}/virtual-account/close`. */
export function closeAccount(v2: PortOneV2, storeId: string, paymentId: string): Reply {
  const record = transactionOf(v2, storeId, paymentId);
  if (!record) return errorReply('PAYMENT_NOT_FOUND');
  if (record.state !== 'awaiting_deposit') return errorReply('PAYMENT_NOT_WAITING_FOR_DEPOSIT');
  v2.bank.cancel(record.id, { amount: record.amount, reason: '가상계좌 말소', by: 'api' });
  return { status: 200, body: { closedAt: new Date(record.changedAt).toISOString() } };
}

const whole = (value: unknown, least: number): boolean =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= least);

const wellFormed = ({ reason, amount, taxFreeAmount, vatAmount, currentCancellableAmount, refundAccount }: Body) =>
  typeof reason === 'string' &&
  reason !== '' &&
  whole(amount, 1) &&
  [taxFreeAmount, vatAmount, currentCancellableAmount].every((value) => whole(value, 0)) &&
  (refundAccount === undefined || isAccount(refundAccount));

interface GivenAccount {
  readonly bank: string;
  readonly number: string;
  readonly holderName: string;
}

function isAccount(given: unknown): given is GivenAccount {
  if (typeof given !== 'object' || given === null) return false;
  const { bank, number, holderName } = given as Body;
  return (
    typeof bank === 'string' &&
    bankByWord(bank) !== undefined &&
    [number, holderName].every((it) => typeof it === 'string')
  );
}

/** Where the money of a paid virtual account goes; for everything else it is not looked at. */
function refundAccount(record: BankRecord, given: unknown): RefundAccount | Reply | undefined {
  if (!record.account) return undefined;
  const refused = (pgCode: string, pgMessage: string) => pgReply({ pgCode, pgMessage });
  if (!isAccount(given)) return refused('INVALID_REFUND_ACCOUNT_INFO', '환불 계좌 정보가 필요합니다.');
  if (!/^\d{1,20}$/.test(given.number)) return refused('INVALID_REFUND_ACCOUNT_NUMBER', '잘못된 환불 계좌번호입니다.');
  if (given.holderName.trim() === '' || given.holderName.length > 60)
    return refused('INVALID_REFUND_ACCOUNT_INFO', '환불 계좌번호와 예금주명이 일치하지 않습니다.');
  return { bank: given.bank, number: given.number, holder: given.holderName };
}
