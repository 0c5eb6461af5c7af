import type { OpenedSession, ResultView, SessionView } from '../../contract/index.js';
import type { Merchant } from '../merchants/merchant.js';
import type { Instant } from '../ops/clock.js';
import { statusOf } from '../payments/conclude.js';
import { currentAttempt, isBusy, type Payment, sessionId, without } from '../payments/payment.js';
import { accountView, attemptView, failureView, instant, receiptView, shopperRefundView } from '../payments/views.js';
import type { CheckoutDeps } from './deps.js';
import { methodsOf } from './offers.js';

/** The shopper's view of a payment. */
export function sessionView(deps: CheckoutDeps, merchant: Merchant, payment: Payment): SessionView {
  const now: Instant = deps.clock.now();
  const status = statusOf(payment, now);
  const attempt = payment.paidBy ? payment.attempts[payment.paidBy.attempt - 1] : currentAttempt(payment);
  const receipt = receiptView(payment);
  const urls = payment.returnUrls && without(payment.returnUrls, 'page');
  return {
    id: sessionId(payment.id),
    payment: payment.id,
    mode: 'payment',
    status,
    processing: payment.attempts.some(isBusy),
    amount: payment.amount,
    currency: payment.currency,
    refundedAmount: payment.refundedAmount,
    orderName: payment.orderName,
    lines: payment.lines,
    locale: payment.locale,
    merchant: { name: merchant.name },
    methods: methodsOf(deps.providers, merchant, payment.currency),
    openUntil: instant(payment.openUntil),
    ...(payment.buyer && { buyer: payment.buyer }),
    ...(urls && Object.keys(urls).length > 0 && { returnUrls: urls }),
    ...(attempt && { attempt: attemptView(attempt) }),
    ...(attempt?.account && status === 'pending' && { account: accountView(attempt.account) }),
    ...(attempt?.failure && attempt.state === 'failed' && { failure: failureView(attempt.failure) }),
    ...(receipt && { receipt }),
    ...(payment.refunds.length > 0 && { refunds: payment.refunds.map(shopperRefundView) }),
    rev: payment.rev,
  };
}

/** For whoever holds only a return token. The name on an issued account is the buyer's, and the provider's receipt shows who paid. */
export const resultView = (view: SessionView): ResultView => ({
  ...without(view, 'buyer', 'account', 'receipt', 'refunds'),
  ...(view.receipt && { receipt: without(view.receipt, 'url') }),
  ...(view.account && { account: without(view.account, 'holder') }),
});

export const withSecret = (deps: CheckoutDeps, view: SessionView): OpenedSession => ({
  ...view,
  clientSecret: deps.tokens.clientSecret(view.id),
});
