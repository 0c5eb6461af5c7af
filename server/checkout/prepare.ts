import type { Launch, PrepareSession } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import { prepareAttempt } from '../payments/attempts.js';
import { change } from '../payments/change.js';
import { type Attempt, type Payment, sessionId } from '../payments/payment.js';
import type { CheckoutDeps } from './deps.js';
import { chooseOffer, type Offer } from './offers.js';
import { refusal } from './refusals.js';
import { checkReturnUrl, returnTokenExpiry, returnUrl } from './return-urls.js';

/** The attempt that a prepare would make or use, as the payments room wants to hear it. */
export const preparation = ({ channel, provider, method }: Offer) => ({
  channel: channel.id,
  provider: provider.name,
  selfCharging: !provider.needsConfirm(channel),
  identity: provider.identity(channel),
  ...(method && { method }),
});

/**
 * Makes (or uses again) an attempt and hands out what the browser needs to open the provider's window. Repeating it before the launch
 * gives the same attempt. Moves no money.
 */
export async function prepareSession(
  deps: CheckoutDeps,
  merchant: Merchant,
  payment: Payment,
  { method, returnUrl: page }: PrepareSession,
): Promise<{ payment: Payment; launch: Launch }> {
  if (page !== undefined) checkReturnUrl(merchant, page, 'returnUrl');
  const offer = chooseOffer(deps.providers, merchant, payment.currency, method);
  const prepared = await change(deps, payment.id, 'prepare', (current) =>
    prepareAttempt(withPage(current, page), preparation(offer), deps.clock.now()),
  );
  if (!prepared) throw new ApiError('session_not_found');
  if (!prepared.ok) throw refusal(prepared.why);
  const attempt = prepared.payment.attempts.at(-1) as Attempt;
  return { payment: prepared.payment, launch: await launchOf(deps, offer, prepared.payment, attempt) };
}

/** The page that prepared is the page to come back to. */
export const withPage = (payment: Payment, page: string | undefined): Payment =>
  page === undefined || payment.returnUrls?.page === page
    ? payment
    : { ...payment, returnUrls: { ...payment.returnUrls, page } };

export async function launchOf(
  deps: CheckoutDeps,
  { channel, provider, method }: Offer,
  payment: Payment,
  attempt: Attempt,
): Promise<Launch> {
  const back = backUrl(deps, payment);
  const outcome = await provider.launch(channel, {
    orderId: attempt.orderId,
    orderName: payment.orderName,
    amount: attempt.amount,
    currency: attempt.currency,
    ...(method && { method }),
    customerKey: payment.customerKey,
    ...(payment.buyer && { buyer: payment.buyer }),
    locale: payment.locale,
    ...(back !== undefined && { successUrl: back, failUrl: back }),
    noticeUrl: deps.noticeUrl(provider.name, payment.merchant),
  });
  if (outcome.outcome === 'done') return outcome.launch;
  const about = { payment: payment.id, merchant: payment.merchant, channel: channel.id, provider: provider.name };
  const reason = outcome.outcome === 'unknown' ? outcome.detail : outcome.code;
  deps.log.error('launch_failed', { ...about, outcome: outcome.outcome, reason });
  if (outcome.outcome === 'misconfigured') throw new ApiError('provider_misconfigured');
  if (outcome.outcome === 'declined')
    throw new ApiError('method_not_available', `The provider refused: ${outcome.code}.`);
  throw new ApiError('provider_unavailable', 'Nothing was charged. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });
}

function backUrl(deps: CheckoutDeps, payment: Payment): string | undefined {
  const page = payment.returnUrls?.page;
  if (page === undefined) return undefined;
  const session = sessionId(payment.id);
  const expiresAt = returnTokenExpiry(payment.openUntil, deps.schedule.attemptDeadlineMs);
  return returnUrl(page, session, deps.tokens.returnToken(session, expiresAt));
}
