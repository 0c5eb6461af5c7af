import type { Currency } from '../../contract/index.js';
import type { Caller } from '../http/caller.js';
import { second } from '../ops/clock.js';
import { fingerprintOf } from '../ops/fingerprint.js';
import { derivedId } from '../ops/ids.js';
import { inTime } from '../ops/in-time.js';
import type { RefundAccount } from '../providers/provider.js';
import { change } from './change.js';
import type { PaymentDeps } from './deps.js';
import type { DuePayments } from './due.js';
import type { Payment, Refund } from './payment.js';
import { isAccount, isFingerprint, openAccount, sealAccount, sealFingerprint } from './refund-account.js';
import { type AccountRefusal, giveAccount, type RefundRefusal, requestRefund } from './refund-requests.js';

export interface RefundingDeps extends PaymentDeps {
  readonly due: DuePayments;
  /** The longest that a caller waits for a refund, in real time. */
  readonly answerWithinMs: number;
}

/** What is asked for; the amount in minor units, absent for everything that is left. */
export interface WantedRefund {
  readonly amount?: number;
  readonly currency?: Currency;
  readonly reason?: string;
  readonly account?: RefundAccount;
}

/** Who asks, under which key. */
export type Refunder = Extract<Caller, { kind: 'secret' | 'shopper' }> & { readonly idempotencyKey: string };

export type Refunded<R> =
  | { readonly ok: true; readonly payment: Payment; readonly refund: Refund }
  | { readonly ok: false; readonly why: R };

/**
 * Gives money of a paid payment back. Reserved in the payment first, then worked on at once, as due work: whatever is cut off goes on by
 * itself, and a repeat under the same key finds it. Nobody is asked before it is reserved: where our facts are old, the provider's balance
 * says so.
 */
export async function refundPayment(
  deps: RefundingDeps,
  payment: Payment,
  wanted: WantedRefund,
  by: Refunder,
  signal: AbortSignal,
): Promise<Refunded<RefundRefusal>> {
  // The shopper's keys are not the merchant's: neither finds what the other made.
  const operation = by.kind === 'shopper' ? 'refund-by-shopper' : 'refund';
  const id = `rf_${derivedId(operation, payment.merchant, payment.id, by.idempotencyKey)}`;
  const fingerprint = fingerprintOf(wanted);
  const { account, ...asked } = wanted;
  const request = {
    ...asked,
    id,
    fingerprint: sealFingerprint(deps.vault, payment.id, id, fingerprint),
    ...(by.kind === 'shopper' && { shopper: { setting: by.merchant.shopperCancels } }),
    ...(account && { account: sealAccount(deps.vault, payment.id, id, account) }),
  };
  const isSameBody = (known: Refund) => isFingerprint(deps.vault, payment.id, known, fingerprint);
  const reserved = await change(deps, payment.id, 'refund', (current) =>
    requestRefund(current, request, isSameBody, deps.clock.now()),
  );
  return workedOn(deps, id, reserved, signal);
}

/** Names the buyer's account of a refund that waits for one, and sends it on its way. Safe to repeat with the same account. */
export async function giveRefundAccount(
  deps: RefundingDeps,
  payment: Payment,
  id: string,
  account: RefundAccount,
  signal: AbortSignal,
): Promise<Refunded<AccountRefusal>> {
  const sealed = sealAccount(deps.vault, payment.id, id, account);
  const isSame = (known: Refund) => isAccount(openAccount(deps.vault, payment.id, known), account);
  const given = await change(deps, payment.id, 'refund', (current) =>
    giveAccount(current, id, sealed, isSame, deps.clock.now()),
  );
  return workedOn(deps, id, given, signal);
}

type Changed<R> = { ok: true; payment: Payment } | { ok: false; why: R } | undefined;

async function workedOn<R>(
  deps: RefundingDeps,
  id: string,
  changed: Changed<R>,
  signal: AbortSignal,
): Promise<Refunded<R>> {
  if (!changed) throw new Error('A payment that was read is gone');
  if (!changed.ok) return changed;
  const payment = await workNow(deps, changed.payment, id, signal);
  return { ok: true, payment, refund: refundOf(payment, id) };
}

function refundOf(payment: Payment, id: string): Refund {
  const refund = payment.refunds.find((one) => one.id === id);
  if (!refund) throw new Error('A refund that was reserved is gone');
  return refund;
}

/** How often a waiter looks by itself: other servers' writes are not heard here. */
const lookAgainMs = 1 * second;

/**
 * Does what is due on the payment, or waits while somebody else is at it, until the refund can get no further just now or the time is up.
 * Only through the lease: two servers never send one refund both.
 */
async function workNow(deps: RefundingDeps, payment: Payment, id: string, signal: AbortSignal): Promise<Payment> {
  const until = performance.now() + deps.answerWithinMs;
  for (let current = payment; ; current = (await deps.payments.get(payment.id)) ?? current) {
    const left = until - performance.now();
    const { dueAt, lease } = current;
    const { state } = refundOf(current, id);
    const isOver = state === 'done' || state === 'failed' || state === 'needs_account';
    if (isOver || left <= 0 || signal.aborted || dueAt === undefined) return current;
    const isDue = dueAt <= deps.clock.now();
    // Behind another refund or too soon after it, or the provider is to be asked again later.
    if (!isDue && !lease) return current;
    if (isDue) await inTime(deps.due.work(current.id), left);
    else await deps.watch.next(current.id, Math.min(left, lookAgainMs), signal);
  }
}
