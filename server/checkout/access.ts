import type { Caller } from '../http/caller.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import { day } from '../ops/clock.js';
import { attemptDeadline } from '../payments/due-times.js';
import { type Payment, paymentIdOf, type Refund } from '../payments/payment.js';
import type { CheckoutDeps } from './deps.js';

export type SessionCaller = Extract<Caller, { kind: 'session' | 'return' | 'secret' }>;

/** How long a client secret still reads and verifies after the last moment anything could be paid. */
const secretLifeMs = 7 * day;

/**
 * The payment behind a session, for a caller who may see it: the holder of this very session's token, or its merchant. Others hear what
 * they would hear if there were none.
 */
export async function openFor(
  deps: CheckoutDeps,
  caller: SessionCaller,
  session: string,
): Promise<{ payment: Payment; merchant: Merchant }> {
  if (caller.kind !== 'secret' && caller.session !== session) throw notFound();
  const payment = await deps.payments.get(paymentIdOf(session));
  const merchant = payment && deps.merchants.byId(payment.merchant);
  if (!payment || !merchant || (caller.kind === 'secret' && caller.merchant.id !== payment.merchant)) throw notFound();
  if (caller.kind === 'session') checkSecretLife(deps, payment);
  return { payment, merchant };
}

/** Until the account that was named is known to be good, the shopper may have to name another. */
const waitsForAccount = ({ state, account }: Refund): boolean =>
  state === 'needs_account' || (account !== undefined && state !== 'done' && state !== 'failed');

const notFound = () => new ApiError('session_not_found', 'No session of this id belongs to the token that was sent.');

function checkSecretLife(deps: CheckoutDeps, payment: Payment): void {
  const deadlines = payment.attempts.map((attempt) => attemptDeadline(payment, attempt, deps.schedule) ?? 0);
  const waits = payment.refunds.some(waitsForAccount);
  if (waits || deps.clock.now() < Math.max(payment.openUntil, ...deadlines) + secretLifeMs) return;
  throw new ApiError(
    'unauthorized',
    "This session's client secret has expired: it works until 7 days after the last payment could end.",
  );
}
