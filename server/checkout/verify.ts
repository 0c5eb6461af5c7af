import { minorDigits } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import { inTime } from '../ops/in-time.js';
import { attemptOf, currentAttempt, isBusy, type Payment, parseOrderId } from '../payments/payment.js';
import type { Settled } from '../payments/settle.js';
import type { CheckoutDeps } from './deps.js';
import type { VerifyInput } from './schema.js';

/** `done`: this is how it stands. `later`: ask again in `retryAfter` seconds. */
export type Verified = { readonly payment: Payment; readonly retryAfter?: number };

/**
 * "Look now": brings the named attempt to the provider's truth, and asks for the money if the shopper agreed to pay and nothing speaks
 * against it. Everything the browser says is a hint. May be repeated, reordered or raced: the end is the same.
 */
export async function verifySession(deps: CheckoutDeps, payment: Payment, input: VerifyInput): Promise<Verified> {
  const no = attemptFor(payment, input);
  if (no === undefined) return { payment };
  checkAmount(payment, no, input);
  const hint = input.txId ?? input.impUid ?? input.paymentKey;
  const settling = deps.settler.settle({
    payment: payment.id,
    attempt: no,
    trigger: 'verify',
    ...(hint !== undefined && { hint }),
    ...(input.paymentToken !== undefined && { token: input.paymentToken }),
    ...(input.code !== undefined && { code: input.code }),
  });
  const settled = await inTime(settling);
  if (!settled) return { payment: (await deps.payments.get(payment.id)) ?? payment, retryAfter: 2 };
  return answerOf(settled);
}

function answerOf({ payment, outcome }: Settled): Verified {
  switch (outcome) {
    case 'settled':
      return { payment };
    case 'processing':
    case 'unreachable':
      return { payment, retryAfter: 2 };
    case 'mismatch':
      throw new ApiError('payment_reference_mismatch', 'The key is not of this payment; nothing was charged with it.');
    case 'amount_mismatch':
      throw new ApiError('amount_mismatch', 'The window was opened for another amount; nothing was charged.');
    case 'misconfigured':
      throw new ApiError(
        'provider_misconfigured',
        'The merchant was told. Nothing is lost: the payment is looked up again.',
      );
  }
}

/** By the order id if there is one, which must be of this payment; else the newest attempt. Undefined: nothing was prepared yet. */
function attemptFor(payment: Payment, { orderId }: VerifyInput): number | undefined {
  if (orderId === undefined) return (payment.attempts.find(isBusy) ?? currentAttempt(payment))?.no;
  const parsed = parseOrderId(orderId);
  if (parsed?.payment === payment.id && attemptOf(payment, parsed.attempt)) return parsed.attempt;
  throw new ApiError(
    'payment_reference_mismatch',
    'The order id does not belong to this session; nothing was changed.',
  );
}

/** The amount in a return URL is anyone's to change. It decides nothing, but one that differs is not to be passed over. */
function checkAmount(payment: Payment, no: number, { amount }: VerifyInput): void {
  const attempt = attemptOf(payment, no);
  if (amount === undefined || !attempt) return;
  if (Math.abs(amount * 10 ** minorDigits[attempt.currency] - attempt.amount) < 1e-6) return;
  throw new ApiError(
    'amount_mismatch',
    'The amount in the return URL is not the amount of this payment; nothing was changed.',
  );
}
