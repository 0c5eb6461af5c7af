import type { TossPaymentsSDK } from '@tosspayments/tosspayments-sdk';
import type { Buyer, Launch, TossLaunch, TossRequest } from '../../contract/index.js';
import { onPhone } from './browser.js';
import type { LaunchResult, OpenContext, Unavailable } from './launcher.js';
import { loadedScript } from './load-script.js';

/** What `requestPayment` of the payment window and of the widget take and give, as far as we use it. */
export interface Opener {
  requestPayment(request: TossRequest & { windowTarget?: 'self' }): Promise<Answer | undefined>;
}
interface Answer {
  paymentKey: string;
  orderId: string;
  amount: { value: number };
  paymentType?: string;
}

export const sdkOf = ({ script, clientKey }: TossLaunch): TossPaymentsSDK | undefined =>
  (loadedScript(script) as ((clientKey: string) => TossPaymentsSDK) | undefined)?.(clientKey);

export const isToss = (launch: Launch): launch is TossLaunch => launch.provider === 'toss';

export const wrongLaunch: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'wrong_launch' };
/** Asked for before it is there. */
export const scriptMissing: Unavailable = { outcome: 'unavailable', why: 'script_timeout', code: 'not_loaded_yet' };

/**
 * Asks for the window, before the first `await`. Without return URLs the SDK answers by promise, which only computers have; with them
 * the page always leaves.
 */
export async function request(
  launch: TossLaunch,
  { buyer, redirect }: OpenContext,
  openerOf: () => Opener | undefined,
): Promise<LaunchResult> {
  const { successUrl, failUrl, ...order } = withBuyer(launch.request, buyer);
  const leaving: TossRequest | undefined = successUrl && failUrl ? { ...order, successUrl, failUrl } : undefined;
  const byRedirect = redirect === 'always' || onPhone(navigator.userAgent) || order.method === 'FOREIGN_EASY_PAY';
  const clicked = navigator.userActivation?.isActive ?? true;
  try {
    const opener = openerOf();
    if (!opener) return scriptMissing;
    if (byRedirect && leaving) return await left(opener, leaving);
    try {
      return resultOf(await opener.requestPayment(order), order.orderId);
    } catch (error) {
      // A tablet that calls itself a computer.
      if (leaving && (error as { code?: unknown }).code === 'NOT_SUPPORTED_PROMISE') return await left(opener, leaving);
      throw error;
    }
  } catch (error) {
    return failed(error, order.orderId, clicked);
  }
}

/** What Toss says no with is read in a chunk that no paid order needs. Without it the server finds out all the same. */
async function failed(error: unknown, orderId: string, clicked: boolean): Promise<LaunchResult> {
  const errors = await import('./toss-errors.js').catch(() => undefined);
  return errors?.readFailure(error, orderId, clicked) ?? { outcome: 'failed', code: 'UNKNOWN', hints: { orderId } };
}

async function left(opener: Opener, wanted: TossRequest): Promise<LaunchResult> {
  // In its own frame on a computer too, whose in-app browsers lose overlays; on phones this is the only way.
  await opener.requestPayment({ ...wanted, windowTarget: 'self' });
  return { outcome: 'redirecting' };
}

function resultOf(answer: Answer | undefined, orderId: string): LaunchResult {
  if (!answer) return { outcome: 'returned', hints: { orderId } };
  const { paymentKey, amount, paymentType } = answer;
  const hints = { orderId: answer.orderId, paymentKey, amount: amount.value };
  return { outcome: 'returned', hints: paymentType ? { ...hints, paymentType } : hints };
}

/** What the shopper typed last. What the SDK would refuse (an odd number, a very long name) is left out, as the server does. */
function withBuyer(request: TossRequest, buyer: Buyer | undefined): TossRequest {
  if (!buyer) return request;
  const { customerName, customerEmail, customerMobilePhone, ...rest } = request;
  const { name = customerName, email = customerEmail, phone = customerMobilePhone } = buyer;
  const digits = phone?.replace(/^\+820?/, '0').replace(/\D/g, '');
  return {
    ...rest,
    ...(name && { customerName: [...name].slice(0, 100).join('') }),
    ...(email && email.length <= 100 && { customerEmail: email }),
    ...(digits && /^\d{8,15}$/.test(digits) && { customerMobilePhone: digits }),
  };
}
