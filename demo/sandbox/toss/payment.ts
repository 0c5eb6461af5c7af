import type { Method } from '../../../contract/index.js';
import { toMajor } from '../amount.js';
import { bankByWord } from '../banks.js';
import type { Decline } from '../instruments.js';
import type { BankRecord, Cancellation } from '../record.js';
import { balanceOf } from '../record.js';
import type { TossCode } from './errors.js';
import { errorMessage } from './errors.js';
import type { Toss } from './toss.js';
import { isApproved, methodWords, seoulTime } from './toss.js';

export type TossStatus =
  | 'READY'
  | 'IN_PROGRESS'
  | 'WAITING_FOR_DEPOSIT'
  | 'DONE'
  | 'PARTIAL_CANCELED'
  | 'CANCELED'
  | 'ABORTED'
  | 'EXPIRED';

export function statusOf(record: BankRecord): TossStatus {
  switch (record.state) {
    case 'opened':
      return 'READY';
    case 'authenticated':
    case 'pending':
      return 'IN_PROGRESS';
    case 'awaiting_deposit':
      return 'WAITING_FOR_DEPOSIT';
    case 'closed':
      return 'CANCELED';
    case 'failed':
      return 'ABORTED';
    case 'expired':
      return 'EXPIRED';
    case 'paid':
      if (record.cancelled === 0) return 'DONE';
      return record.cancelled < record.amount ? 'PARTIAL_CANCELED' : 'CANCELED';
  }
}

/** Limit and balance are one code at Toss. */
export const declineCode: Readonly<Record<Decline, TossCode>> = {
  insufficient_funds: 'REJECT_CARD_PAYMENT',
  over_limit: 'REJECT_CARD_PAYMENT',
  stopped_card: 'INVALID_STOPPED_CARD',
};

const easyPays: Partial<Record<Method, readonly [ko: string, en: string]>> = {
  kakaopay: ['카카오페이', 'KAKAOPAY'],
  naverpay: ['네이버페이', 'NAVERPAY'],
  tosspay: ['토스페이', 'TOSSPAY'],
};

const bankCode = (word: string): string => bankByWord(word)?.toss ?? word;

/** The Payment object of API version 2022-11-16, in full. */
export function paymentObject(toss: Toss, record: BankRecord, mId: string, english: boolean, base: string): unknown {
  const { currency } = record;
  const major = (minor: number) => toMajor(minor, currency);
  const vat = Math.round(record.amount / 11);
  const at = (instant: number | undefined) => (instant === undefined ? null : seoulTime(instant));
  const extras = toss.extras.get(record.id);
  const method = record.instrument?.method;
  return {
    mId,
    version: '2022-11-16',
    paymentKey: record.id,
    lastTransactionKey: record.lastEntry ?? null,
    orderId: record.orderId,
    orderName: record.orderName,
    type: 'NORMAL',
    status: statusOf(record),
    method: method ? methodWords[method][english ? 1 : 0] : null,
    currency,
    country: 'KR',
    totalAmount: major(record.amount),
    balanceAmount: major(balanceOf(record)),
    suppliedAmount: major(record.amount - vat),
    vat: major(vat),
    taxFreeAmount: 0,
    taxExemptionAmount: 0,
    requestedAt: at(record.openedAt),
    approvedAt: at(record.paidAt),
    isPartialCancelable: true,
    useEscrow: false,
    cultureExpense: false,
    secret: extras?.secret ?? null,
    metadata: extras?.metadata ?? null,
    ...methodObjects(toss, record, english),
    cancels: record.cancellations.length > 0 ? record.cancellations.map((each) => cancelObject(record, each)) : null,
    failure: failureOf(record, english),
    discount: null,
    giftCertificate: null,
    cashReceipt: null,
    cashReceipts: null,
    receipt: record.paidAt === undefined ? null : { url: `${base}/window/${record.id}/receipt` },
    checkout: { url: `${base}/window/${record.id}` },
  };
}

function methodObjects(toss: Toss, record: BankRecord, english: boolean) {
  const { instrument, currency } = record;
  const amount = toMajor(record.amount, currency);
  const easyPay = instrument && easyPays[instrument.method];
  const approved = record.paidAt !== undefined;
  return {
    card:
      instrument?.method === 'card'
        ? {
            issuerCode: '11',
            acquirerCode: '11',
            number: `${instrument.card.slice(0, 8)}****${instrument.card.slice(12, 15)}*`,
            installmentPlanMonths: 0,
            approveNo: approved ? '00000000' : null,
            useCardPoint: false,
            cardType: english ? 'Credit' : '신용',
            ownerType: english ? 'Personal' : '개인',
            acquireStatus: 'READY',
            isInterestFree: false,
            interestPayer: null,
            amount,
          }
        : null,
    virtualAccount: record.account && instrument ? accountObject(toss, record, english) : null,
    transfer:
      instrument?.method === 'transfer'
        ? { bankCode: bankCode(instrument.bank), settlementStatus: 'INCOMPLETED' }
        : null,
    mobilePhone:
      instrument?.method === 'phone'
        ? {
            customerMobilePhone: '01000000000',
            settlementStatus: 'INCOMPLETED',
            receiptUrl: null,
            carrier: instrument.carrier,
          }
        : null,
    easyPay: easyPay ? { provider: easyPay[english ? 1 : 0], amount, discountAmount: 0 } : null,
    foreignEasyPay: instrument?.method === 'paypal' ? { provider: 'PAYPAL' } : null,
  };
}

/** A number is issued at approval; before that there is nothing to pay into. */
function accountObject(toss: Toss, record: BankRecord, english: boolean) {
  const { account } = record;
  if (!account || !isApproved(record)) return null;
  const refund = record.cancellations.findLast((each) => each.account)?.account;
  return {
    accountType: english ? 'General' : '일반',
    accountNumber: account.number,
    bankCode: bankCode(account.bank),
    customerName: record.customerName ?? null,
    depositorName: record.paidAt === undefined ? null : (record.customerName ?? '샌드박스'),
    dueDate: seoulTime(account.dueAt),
    expired: record.state === 'awaiting_deposit' && toss.clock.now() > account.dueAt,
    settlementStatus: 'INCOMPLETED',
    refundStatus: refundStatusOf(record),
    refundReceiveAccount: refund
      ? { bankCode: bankCode(refund.bank), accountNumber: refund.number, holderName: refund.holder }
      : null,
  };
}

/** How far the bank is with giving a deposit back; an account given up before one has nothing to give back. */
function refundStatusOf(record: BankRecord): 'NONE' | 'PENDING' | 'FAILED' | 'COMPLETED' {
  const last = record.cancellations.at(-1);
  if (record.state !== 'paid' || !last) return 'NONE';
  return refundStatus[last.state];
}

const refundStatus = { requested: 'PENDING', failed: 'FAILED', done: 'COMPLETED' } as const;

const cancelStatus: Readonly<Record<Cancellation['state'], string>> = {
  requested: 'IN_PROGRESS',
  failed: 'ABORTED',
  done: 'DONE',
};

export const cancelObject = (record: BankRecord, each: Cancellation): unknown => ({
  transactionKey: each.key,
  cancelReason: each.reason,
  cancelAmount: toMajor(each.amount, record.currency),
  refundableAmount: toMajor(each.left, record.currency),
  taxFreeAmount: 0,
  taxExemptionAmount: 0,
  easyPayDiscountAmount: 0,
  canceledAt: seoulTime(each.at),
  receiptKey: null,
  cancelStatus: cancelStatus[each.state],
  cancelRequestId: null,
});

function failureOf(record: BankRecord, english: boolean) {
  const code: TossCode | undefined =
    record.state === 'expired' ? 'EXPIRED_PAYMENT' : record.declined && declineCode[record.declined];
  return code ? { code, message: errorMessage(code, english) } : null;
}
