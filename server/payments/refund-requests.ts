import type { Instant } from '../ops/clock.js';
import type { ProviderRecord } from '../providers/provider.js';
import { payingRecord } from './conclude.js';
import {
  attemptOf,
  type Failure,
  maxRefunds,
  type Payment,
  type Refund,
  type SealedAccount,
  without,
  withRefund,
} from './payment.js';
import { failedCancellations, refundable, refundFailed } from './refunds.js';
import { maxShopperRefunds, notForShoppers, type ShopperCancels } from './shopper-cancels.js';

/** Accounts that one refund may try: whoever holds the client secret can name them, and each costs lines of the timeline. */
const maxAccounts = 10;

/** What was asked for, checked as far as the request alone can be. */
export interface RefundRequest {
  readonly id: string;
  /** Absent: everything that is left. */
  readonly amount?: number;
  readonly currency?: string;
  readonly reason?: string;
  readonly account?: SealedAccount;
  readonly fingerprint: string;
  /** Asked for by the shopper, who may do so within the merchant's setting. Absent: by the merchant. */
  readonly shopper?: { readonly setting: ShopperCancels | undefined };
}

export type RefundRefusal =
  | { readonly code: 'idempotency_key_reused' }
  | { readonly code: 'cancel_not_allowed'; readonly detail: string }
  | { readonly code: 'payment_not_paid'; readonly reversed: boolean }
  | { readonly code: 'other_currency'; readonly expected: string }
  | { readonly code: 'account_not_needed' }
  | { readonly code: 'refund_exceeds_balance'; readonly left: number }
  | { readonly code: 'too_many_refunds' };

export type AccountRefusal =
  | { readonly code: 'refund_not_found' }
  | { readonly code: 'account_not_needed' }
  /** The bank took the deposit back. */
  | { readonly code: 'nothing_there' }
  /** It was sent to another account, or is over. */
  | { readonly code: 'account_too_late' };

type Decided<R> = { readonly ok: true; readonly payment: Payment } | { readonly ok: false; readonly why: R };
const no = <R>(why: R): { ok: false; why: R } => ({ ok: false, why });

/**
 * Decides and reserves a refund of the paying record, by the facts that are known. A repeat finds what it made; `isSameBody` tells whether
 * it asks for the same. Money that came through a virtual account waits for an account of the buyer's.
 */
export function requestRefund(
  payment: Payment,
  request: RefundRequest,
  isSameBody: (known: Refund) => boolean,
  now: Instant,
): Decided<RefundRefusal> {
  const known = payment.refunds.find((refund) => refund.id === request.id);
  if (known) return isSameBody(known) ? { ok: true, payment } : no({ code: 'idempotency_key_reused' });
  const { paidBy } = payment;
  const { shopper } = request;
  const detail = shopper && notForShoppers(payment, shopper.setting, now, request.amount);
  if (detail !== undefined) return no({ code: 'cancel_not_allowed', detail });
  const record = payingRecord(payment);
  if (!paidBy || !record || paidBy.reversed) return no({ code: 'payment_not_paid', reversed: !!paidBy?.reversed });
  if (request.currency !== undefined && request.currency !== record.currency) {
    return no({ code: 'other_currency', expected: record.currency });
  }
  if (request.account && !record.account) return no({ code: 'account_not_needed' });
  const left = refundable(payment, record);
  const amount = request.amount ?? left;
  if (amount <= 0 || amount > left) return no({ code: 'refund_exceeds_balance', left: Math.max(left, 0) });
  const byShopper = payment.refunds.filter(({ by }) => by === 'shopper').length;
  if (payment.refunds.length >= maxRefunds || (shopper && byShopper >= maxShopperRefunds))
    return no({ code: 'too_many_refunds' });
  const waits = record.account !== undefined && request.account === undefined;
  const refund: Refund = {
    id: request.id,
    attempt: paidBy.attempt,
    record: record.record,
    amount,
    currency: record.currency,
    cause: 'merchant',
    ...(shopper && { by: 'shopper' }),
    state: waits ? 'needs_account' : 'requested',
    fingerprint: request.fingerprint,
    ...(request.amount === undefined && { everything: true }),
    ...(request.reason !== undefined && { reason: request.reason }),
    ...(request.account && { account: request.account }),
    requestedAt: now,
    try: 0,
    calls: 0,
    ...(!waits && { nextStepAt: now }),
  };
  return { ok: true, payment: { ...payment, refunds: [...payment.refunds, refund] } };
}

/**
 * The buyer's account for a refund that waits for one. Until it was sent another may take its place; afterwards only the same one is taken,
 * as a repeat that changes nothing.
 */
export function giveAccount(
  payment: Payment,
  id: string,
  account: SealedAccount,
  isSameAccount: (known: Refund) => boolean,
  now: Instant,
): Decided<AccountRefusal> {
  const refund = payment.refunds.find((one) => one.id === id);
  if (!refund) return no({ code: 'refund_not_found' });
  if (refund.account && isSameAccount(refund)) return { ok: true, payment };
  if (refund.state !== 'needs_account' && !refund.account) return no({ code: 'account_not_needed' });
  if (refund.state !== 'needs_account' && refund.state !== 'requested') return no({ code: 'account_too_late' });
  if (recordOf(payment, refund)?.state !== 'paid') return no({ code: 'nothing_there' });
  const next: Refund = {
    ...without(refund, 'failure'),
    account,
    state: 'requested',
    nextStepAt: refund.state === 'requested' ? (refund.nextStepAt ?? now) : now,
    // Another account is another request: under the old key the provider would only repeat its old answer.
    ...(refund.try > 0 && { unanswered: 'temporary' }),
  };
  return { ok: true, payment: withRefund(payment, next) };
}

const recordOf = (payment: Payment, refund: Refund): ProviderRecord | undefined =>
  attemptOf(payment, refund.attempt)?.records.find((one) => one.record === refund.record);

/** The provider takes the refund, but not this account: it waits for another one, and shows why. */
export function accountRefused(payment: Payment, id: string, failure: Failure, record: ProviderRecord): Payment {
  const refund = payment.refunds.find((one) => one.id === id);
  if (!refund) return payment;
  if (refund.try >= maxAccounts) return refundFailed(payment, id, failure);
  const waiting = without(refund, 'account', 'nextStepAt', 'unanswered', 'unknownSince', 'blocked');
  const refused = failedCancellations(record, refund);
  return withRefund(payment, {
    ...waiting,
    state: 'needs_account',
    failure,
    ...(refused.length > 0 && { refused }),
  });
}
