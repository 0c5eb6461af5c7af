import { minorDigits } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Reply } from '../http/route.js';
import { maxRefunds, type Payment, type Refund, sessionId } from './payment.js';
import type { AccountRefusal, RefundRefusal } from './refund-requests.js';
import { refundView } from './views.js';

/** 200 done, 202 under way; one that failed is an error, so that nobody takes it for money on its way. */
export function refundReply(refund: Refund, body: unknown = refundView(refund)): Reply {
  if (refund.state === 'failed') throw failed(refund);
  if (refund.state === 'done') return { status: 200, body };
  const wait = retryAfter(refund);
  return { status: 202, body, ...(wait !== undefined && { headers: { 'Retry-After': String(wait) } }) };
}

/** After an account was named: one that the provider does not take is an error, too. */
export function accountReply(refund: Refund, body?: unknown): Reply {
  if (refund.state !== 'needs_account') return refundReply(refund, body);
  const { code, message } = refund.failure ?? { code: 'refused' };
  throw new ApiError('refund_account_refused', `${said(code, message)} Name another account of the buyer's.`);
}

/** Seconds; undefined where only the buyer can move it. */
function retryAfter({ state, blocked }: Refund): number | undefined {
  if (state === 'needs_account') return undefined;
  return state === 'pending' || blocked ? 60 : 2;
}

function failed({ id, failure }: Refund): ApiError {
  const { code, message } = failure ?? { code: 'failed' };
  const detail = `${said(code, message)} Nothing was given back by it; to try again, send a new Idempotency-Key.`;
  return new ApiError('refund_failed', detail, { refund: id });
}

const said = (code: string, message?: string): string =>
  message === undefined ? `The provider's code: ${code}.` : `The provider's code: ${code} (${message}).`;

/** Why no refund was made, as the API says it. */
export function refundRefusal(why: RefundRefusal, payment: Payment): ApiError {
  switch (why.code) {
    case 'idempotency_key_reused':
      return new ApiError(
        why.code,
        'A repeat must send the same body as the first call; use a new key for another refund.',
      );
    case 'cancel_not_allowed':
      return new ApiError(why.code, why.detail);
    case 'payment_not_paid':
      return new ApiError(
        why.code,
        why.reversed
          ? 'The provider took the deposit back by itself: nothing is left here to give back.'
          : `To end an unpaid payment: POST /payments/sessions/${sessionId(payment.id)}/cancel.`,
      );
    case 'other_currency':
      return wrong('currency', `expected ${why.expected}, the currency of the payment`);
    case 'account_not_needed':
      return wrong('account', 'is not taken here: the money goes back the way it came');
    case 'refund_exceeds_balance': {
      const { currency } = payment;
      const left = `${(why.left / 10 ** minorDigits[currency]).toFixed(minorDigits[currency])} ${currency}`;
      const detail = `${why.left} in minor units (${left}) can still be given back, after the refunds made and under way.`;
      return new ApiError(why.code, detail);
    }
    case 'too_many_refunds':
      return new ApiError(why.code, `A payment takes at most ${maxRefunds} refunds, failed ones included.`);
  }
}

/** Why an account was not taken, as the API says it. */
export function accountRefusal(why: AccountRefusal): ApiError {
  switch (why.code) {
    case 'refund_not_found':
      return new ApiError('refund_not_found', 'This payment has no refund of this id.');
    case 'account_not_needed':
      return new ApiError('refund_account_not_taken', 'This refund goes back the way the money came.');
    case 'nothing_there':
      return new ApiError('refund_account_not_taken', 'The bank took the deposit back: there is nothing to give back.');
    case 'account_too_late':
      return new ApiError('refund_account_not_taken', 'The refund was sent to the account that was named before.');
  }
}

const wrong = (path: string, message: string): ApiError =>
  new ApiError('invalid_request', `The body is not as expected: ${path}: ${message}`, { errors: [{ path, message }] });
