import type { Launch, Method, PrepareAgain } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import { second } from '../ops/clock.js';
import { inTime } from '../ops/in-time.js';
import { observe, prepareAttempt, type Refusal } from '../payments/attempts.js';
import { change } from '../payments/change.js';
import { type Attempt, attemptOf, type Payment, sessionId } from '../payments/payment.js';
import type { CheckoutDeps } from './deps.js';
import { type Offer, offersOf } from './offers.js';
import { choices } from './passing-over.js';
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

/** A channel that gave the browser nothing to open. */
export interface Missed {
  readonly attempt: number;
  readonly channel: string;
  /** For the timeline: the provider's code, or why it is not known. */
  readonly code: string;
  readonly problem: ApiError;
}

/** What a new attempt may be made on, the best first. */
export function offersFor(
  deps: CheckoutDeps,
  merchant: Merchant,
  payment: Pick<Payment, 'currency' | 'attempts' | 'observations'>,
  method: Method | undefined,
): readonly Offer[] {
  const all = offersOf(deps.providers, merchant, payment.currency, method);
  return choices(all, payment, ({ channel }) => deps.health.isFailing(merchant.id, channel));
}

/**
 * Makes (or uses again) an attempt and hands out what the browser needs to open the provider's window. Repeating it before the launch
 * gives the same attempt. Moves no money. Where a channel gives nothing to open, the next one that has the method is tried, with an
 * attempt of its own; not while an attempt is unresolved. `missed`: tried already.
 */
export async function prepareSession(
  deps: CheckoutDeps,
  merchant: Merchant,
  payment: Payment,
  { method, returnUrl: page, unavailable }: PrepareAgain,
  missed: readonly Missed[] = [],
): Promise<{ payment: Payment; launch: Launch }> {
  if (page !== undefined) checkReturnUrl(merchant, page, 'returnUrl');
  // Refused before anything is written.
  offersOf(deps.providers, merchant, payment.currency, method);
  if (unavailable) await reportUnavailable(deps, merchant, payment, unavailable);
  for (const tried = [...missed]; ; ) {
    const next: { offer?: Offer } = {};
    const prepared = await change<Refusal | 'none_left'>(deps, payment.id, 'prepare', (current) => {
      const offers = offersFor(deps, merchant, current, method);
      const offer = offers.find(({ channel }) => !tried.some((one) => one.channel === channel.id));
      if (!offer) return { ok: false, why: 'none_left' };
      next.offer = offer;
      const now = deps.clock.now();
      const noted = tried.reduce((one, { attempt, code }) => observe(one, attempt, code, now, 'launch'), current);
      return prepareAttempt(withPage(noted, page), preparation(offer), now);
    });
    if (!prepared) throw new ApiError('session_not_found');
    if (!prepared.ok) throw prepared.why === 'none_left' ? problemOf(tried) : refusal(prepared.why);
    const attempt = prepared.payment.attempts.at(-1) as Attempt;
    const opened = await launchOf(deps, next.offer as Offer, prepared.payment, attempt);
    if ('launch' in opened) return { payment: prepared.payment, launch: opened.launch };
    tried.push(opened);
    if (payment.attempts.some(({ no }) => no === attempt.no)) await lookBefore(deps, payment.id, attempt);
  }
}

/** Of a provider that may be out of reach: the page waits meanwhile. */
const lookMs = 3 * second;

/**
 * A window was handed out for it before, and nobody said that it was opened: where the provider charges without us, a launch that it refuses
 * now may mean that it is paid. No answer changes nothing.
 */
async function lookBefore(deps: CheckoutDeps, payment: string, { no, selfCharging }: Attempt): Promise<void> {
  if (selfCharging) await inTime(deps.settler.settle({ payment, attempt: no, trigger: 'prepare' }), lookMs);
}

/** The one that may pass by itself, if there is one. */
function problemOf(missed: readonly Missed[]): ApiError {
  const problems = missed.map(({ problem }) => problem);
  return problems.find(({ code }) => code === 'provider_unavailable') ?? problems[0] ?? new ApiError('internal');
}

/**
 * The page could not load a script. Kept with the payment, so that its own choice is the same on every server; for others it is a reason to
 * look, no more. A window that was opened had its script.
 */
async function reportUnavailable(
  deps: CheckoutDeps,
  merchant: Merchant,
  payment: Payment,
  { attempt: no, code }: NonNullable<PrepareAgain['unavailable']>,
): Promise<void> {
  const attempt = attemptOf(payment, no);
  if (!attempt) throw new ApiError('invalid_request', `This session has no attempt ${no}.`);
  if (attempt.launchedAt !== undefined) return;
  const channel = merchant.channels.find(({ id }) => id === attempt.channel);
  if (channel) deps.health.unloadable(channel, payment.id);
  await change<never>(deps, payment.id, 'prepare', (current) => ({
    ok: true,
    payment: observe(current, no, code, deps.clock.now(), 'page'),
  }));
}

/** The page that prepared is the page to come back to. */
export const withPage = (payment: Payment, page: string | undefined): Payment =>
  page === undefined || payment.returnUrls?.page === page
    ? payment
    : { ...payment, returnUrls: { ...payment.returnUrls, page } };

/** Asks the provider for what the browser needs. Throws where another channel would be no help. */
export async function launchOf(
  deps: CheckoutDeps,
  { channel, provider, method }: Offer,
  payment: Payment,
  attempt: Attempt,
): Promise<{ launch: Launch } | Missed> {
  const back = backUrl(deps, payment);
  const { merchant } = payment;
  deps.health.begin(merchant, channel);
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
    noticeUrl: deps.noticeUrl(provider.name, merchant),
  });
  if (outcome.outcome === 'done' || outcome.outcome === 'declined') deps.health.worked(merchant, channel);
  if (outcome.outcome === 'done') return { launch: outcome.launch };
  const about = { payment: payment.id, merchant, channel: channel.id, provider: provider.name };
  const reason = outcome.outcome === 'unknown' ? outcome.detail : outcome.code;
  deps.log.error('launch_failed', { ...about, outcome: outcome.outcome, reason });
  if (outcome.outcome === 'declined')
    throw new ApiError('method_not_available', `The provider refused: ${outcome.code}.`);
  deps.health.failed(merchant, channel, outcome.outcome);
  const missed = { attempt: attempt.no, channel: channel.id };
  return outcome.outcome === 'misconfigured'
    ? { ...missed, code: outcome.code, problem: new ApiError('provider_misconfigured') }
    : { ...missed, code: outcome.why, problem: unreachable() };
}

const unreachable = () =>
  new ApiError('provider_unavailable', 'Nothing was charged. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });

function backUrl(deps: CheckoutDeps, payment: Payment): string | undefined {
  const page = payment.returnUrls?.page;
  if (page === undefined) return undefined;
  const session = sessionId(payment.id);
  const expiresAt = returnTokenExpiry(payment.openUntil, deps.schedule.attemptDeadlineMs);
  return returnUrl(page, session, deps.tokens.returnToken(session, expiresAt));
}
