import type {
  AccountView,
  AttemptView,
  FailureView,
  MyPaymentRow,
  MyRefundView,
  PaymentRow,
  PaymentView,
  ReceiptView,
  RefundView,
  ShopperRefundView,
} from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { payingRecord, statusOf } from './conclude.js';
import {
  type Account,
  type Attempt,
  currentAttempt,
  type Failure,
  isBusy,
  type Payment,
  type Refund,
  sessionId,
  without,
} from './payment.js';
import { cancelable, type ShopperCancels } from './shopper-cancels.js';

export const instant = (at: Instant): string => new Date(at).toISOString();

export function paymentRow(payment: Payment, now: Instant): PaymentRow {
  const { id, amount, currency, refundedAmount, orderName, reference, customer, provider, method, attention } = payment;
  return {
    id,
    session: sessionId(id),
    status: statusOf(payment, now),
    amount,
    currency,
    refundedAmount,
    orderName,
    ...(reference !== undefined && { reference }),
    ...(customer !== undefined && { customer }),
    ...(provider && { provider }),
    ...(method && { method }),
    createdAt: instant(payment.createdAt),
    ...(payment.paidAt !== undefined && { paidAt: instant(payment.paidAt) }),
    ...(attention && { attention }),
  };
}

export function myPaymentRow(payment: Payment, now: Instant, cancels?: ShopperCancels): MyPaymentRow {
  const row = without(paymentRow(payment, now), 'attention', 'reference', 'customer');
  const receipt = receiptView(payment);
  const account = currentAttempt(payment)?.account;
  const mayCancel = cancelable(payment, cancels, now);
  return {
    ...row,
    // Where a person decides about money that came, "not paid" would be untrue.
    processing: payment.attempts.some((attempt) => isBusy(attempt) || attempt.state === 'held'),
    ...(receipt && { receipt }),
    ...(account && row.status === 'pending' && { account: accountView(account) }),
    ...(mayCancel && { cancelable: { ...mayCancel, until: instant(mayCancel.until) } }),
    ...(payment.refunds.length > 0 && { refunds: payment.refunds.map((refund) => myRefundView(payment, refund)) }),
  };
}

const myRefundView = ({ paidBy }: Payment, refund: Refund): MyRefundView => ({
  ...shopperRefundView(refund),
  ...(refund.record !== paidBy?.record && { extra: true }),
});

export function paymentView(payment: Payment, now: Instant): PaymentView {
  const receipt = receiptView(payment);
  return {
    ...paymentRow(payment, now),
    lines: payment.lines,
    locale: payment.locale,
    ...(payment.buyer && { buyer: payment.buyer }),
    ...(payment.metadata && { metadata: payment.metadata }),
    openUntil: instant(payment.openUntil),
    attempts: payment.attempts.map((attempt) => ({
      ...attemptView(attempt),
      amount: attempt.amount,
      ...(attempt.superseded && { superseded: attempt.superseded }),
      ...recordOf(payment, attempt),
      ...(attempt.failure && { failure: failureView(attempt.failure) }),
      ...(attempt.account && { account: accountView(attempt.account) }),
      ...(attempt.closing && { closing: attempt.closing.state }),
      ...(attempt.launchedAt !== undefined && { launchedAt: instant(attempt.launchedAt) }),
      ...(attempt.deadline !== undefined && { deadline: instant(attempt.deadline) }),
    })),
    ...(receipt && { receipt }),
    refunds: payment.refunds.map(refundView),
    timeline: timeline(payment),
  };
}

export function refundView(refund: Refund): RefundView {
  const { cause, by, attempt, reason, blocked } = refund;
  return {
    ...shopperRefundView(refund),
    cause,
    ...(by && { by }),
    attempt,
    ...(reason !== undefined && { reason }),
    ...(blocked && { blocked }),
  };
}

export const shopperRefundView = ({ id, amount, currency, state, account, ...refund }: Refund): ShopperRefundView => ({
  id,
  amount,
  currency,
  state,
  needsAccount: state === 'needs_account',
  ...(account && { account: { bank: account.bank, last4: account.last4 } }),
  requestedAt: instant(refund.requestedAt),
  ...(refund.failure && { failure: failureView(refund.failure) }),
});

const seenBy = {
  window: 'window returned',
  webhook: 'webhook doubted',
  page: 'script not loaded',
  launch: 'nothing to open',
} as const;

/** Transitions, and what was seen without changing anything, in the order of time. */
function timeline(payment: Payment): PaymentView['timeline'] {
  const seen = payment.observations.map(({ at, attempt, code, by }) => ({
    at,
    what: `attempt ${attempt}`,
    to: seenBy[by ?? 'window'],
    trigger: by === 'webhook' ? by : by ? ('prepare' as const) : ('verify' as const),
    note: code,
  }));
  return [...payment.transitions, ...seen].sort((a, b) => a.at - b.at).map((one) => ({ ...one, at: instant(one.at) }));
}

function recordOf(payment: Payment, attempt: Attempt): { record?: string } {
  const paid = payment.paidBy?.attempt === attempt.no ? payment.paidBy.record : undefined;
  const record = paid ?? attempt.intent?.record ?? attempt.records.at(-1)?.record;
  return record === undefined ? {} : { record };
}

export function attemptView({ no, orderId, provider, method, state }: Attempt): AttemptView {
  return { no, orderId, provider, ...(method && { method }), state };
}

export const accountView = ({ dueAt, ...account }: Account): AccountView => ({
  ...account,
  ...(dueAt !== undefined && { dueAt: instant(dueAt) }),
});

export const failureView = ({ code, message, retryable }: Failure): FailureView => ({
  code,
  ...(message !== undefined && { message }),
  retryable,
});

export function receiptView(payment: Payment): ReceiptView | undefined {
  const { paidBy } = payment;
  if (!paidBy || paidBy.reversed) return undefined;
  const record = payingRecord(payment);
  return {
    paidAt: instant(paidBy.at),
    ...(payment.method && { method: payment.method }),
    ...(record?.card && { card: record.card }),
    ...(record?.receiptUrl !== undefined && { url: record.receiptUrl }),
  };
}
