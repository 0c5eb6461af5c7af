import type { PatchSession } from '../../contract/index.js';
import { maxAmount } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import { type Instant, second } from '../ops/clock.js';
import { inTime } from '../ops/in-time.js';
import { cancelPayment, launched } from '../payments/attempts.js';
import { change } from '../payments/change.js';
import { attemptOf, currentAttempt, isBusy, type Payment } from '../payments/payment.js';
import { mergedBuyer } from './buyer.js';
import type { CheckoutDeps } from './deps.js';
import { checkQuantity } from './price.js';
import { refusal } from './refusals.js';

/** How often a waiter looks by itself: other servers' writes are not heard here. */
const lookAgainMs = 1 * second;

/** The payment as it stands; what its clock already owes is done first, so that a status never refuses or lies because of expiry. */
export async function currentPayment(deps: CheckoutDeps, payment: Payment): Promise<Payment> {
  // What is only to be told is the worker's: nobody needs to wait for it.
  if (payment.dueAt === undefined || payment.dueAt > deps.clock.now() || payment.outbox.length > 0) return payment;
  await inTime(deps.due.work(payment.id));
  return (await deps.payments.get(payment.id)) ?? payment;
}

/** Long poll: resolves at the first revision after `after`, or with the current one when the time is up or the server stops. */
export async function waitForNews(
  deps: CheckoutDeps,
  payment: Payment,
  { after, seconds, signal }: { after: number | undefined; seconds: number; signal: AbortSignal },
): Promise<Payment> {
  // Waiting is measured in real time, whatever the clock says that dates payments.
  const until = performance.now() + seconds * second;
  let current = payment;
  while (after !== undefined && current.rev <= after && !signal.aborted) {
    const left = until - performance.now();
    if (left <= 0) break;
    await deps.watch.next(current.id, Math.min(left, lookAgainMs), signal);
    current = (await deps.payments.get(current.id)) ?? current;
  }
  return current;
}

/** The shopper opened the window, says the page. Only starts the clock of that attempt. */
export async function reportLaunched(deps: CheckoutDeps, payment: Payment, no: number): Promise<void> {
  if (!attemptOf(payment, no)) throw new ApiError('invalid_request', `This session has no attempt ${no}.`);
  await change<never>(deps, payment.id, 'launched', (current) => ({
    ok: true,
    payment: launched(current, no, deps.clock.now(), deps.schedule),
  }));
}

/**
 * Ends an unpaid session. Looks first: money that is there can't be canceled away. Where money is being asked for there is nothing to wait
 * for: it can't be canceled now.
 */
export async function cancelSession(deps: CheckoutDeps, payment: Payment): Promise<Payment> {
  const attempt = currentAttempt(payment);
  const canMove = attempt && (attempt.state !== 'prepared' || attempt.selfCharging) && !payment.attempts.some(isBusy);
  if (canMove && payment.canceledAt === undefined) {
    await inTime(deps.settler.settle({ payment: payment.id, attempt: attempt.no, trigger: 'cancel' }));
  }
  const canceled = await change(deps, payment.id, 'cancel', (current) => cancelPayment(current, deps.clock.now()));
  if (!canceled) throw new ApiError('session_not_found');
  if (!canceled.ok) throw refusal(canceled.why);
  return canceled.payment;
}

/** Until the end, buyer data is merged; the quantity may change until a window was opened. */
export async function patchSession(
  deps: CheckoutDeps,
  merchant: Merchant,
  payment: Payment,
  patch: PatchSession,
): Promise<Payment> {
  const { buyer, quantity } = patch;
  const patched = await change(deps, payment.id, 'patch', (current) => {
    const known = buyer ? { ...current, buyer: mergedBuyer(current.buyer, buyer) } : current;
    if (current.paidBy) return { ok: false as const, why: 'payment_already_paid' as const };
    if (current.canceledAt !== undefined) return { ok: false as const, why: 'session_canceled' as const };
    if (quantity === undefined) return { ok: true as const, payment: known };
    return requantified(merchant, known, quantity, deps.clock.now());
  });
  if (!patched) throw new ApiError('session_not_found');
  if (!patched.ok) throw refusal(patched.why);
  return patched.payment;
}

function requantified(merchant: Merchant, payment: Payment, quantity: number, now: Instant) {
  const [line, ...others] = payment.lines;
  const item = line?.item === undefined ? undefined : merchant.catalogue.get(line.item);
  if (!line || others.length > 0 || !item || payment.madeBy !== 'publishable') {
    throw new ApiError(
      'invalid_request',
      'Only a session that a page made, of one catalogue item, can change its quantity.',
    );
  }
  if (line.quantity === quantity) return { ok: true as const, payment };
  const live = ['launched', 'confirming', 'pending', 'unknown'];
  if (payment.attempts.some(({ state }) => live.includes(state))) {
    return { ok: false as const, why: 'payment_in_progress' as const };
  }
  if (now >= payment.openUntil) return { ok: false as const, why: 'session_expired' as const };
  checkQuantity(item, quantity, 'quantity');
  const amount = line.price * quantity;
  if (amount > maxAmount) throw new ApiError('amount_out_of_range', `The total must be at most ${maxAmount}.`);
  // What was handed out for the old total is never asked for any more.
  const attempts = payment.attempts.map((attempt) =>
    attempt.state === 'prepared' ? { ...attempt, superseded: true as const } : attempt,
  );
  return { ok: true as const, payment: { ...payment, lines: [{ ...line, quantity }], amount, attempts } };
}
