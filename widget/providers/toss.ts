import type {
  TossPaymentsSDK,
  TossPaymentsWidgets,
  WidgetAgreementWidget,
  WidgetPaymentMethodWidget,
} from '@tosspayments/tosspayments-sdk';
import type { Buyer, Launch, TossLaunch, TossRequest } from '../../contract/index.js';
import { onPhone } from './browser.js';
import type {
  Launcher,
  LaunchResult,
  Mounted,
  MountHandlers,
  MountPlaces,
  OpenContext,
  Unavailable,
} from './launcher.js';
import { loadedScript, loadScript } from './load-script.js';
import { readFailure, scriptMissing, whyUnavailable } from './toss-errors.js';

/** What `requestPayment` of the payment window and of the widget take and give, as far as we use it. */
interface Opener {
  requestPayment(request: TossRequest & { windowTarget?: 'self' }): Promise<Answer | undefined>;
}
interface Answer {
  paymentKey: string;
  orderId: string;
  amount: { value: number };
  paymentType?: string;
}

const sdkOf = ({ script, clientKey }: TossLaunch): TossPaymentsSDK | undefined =>
  (loadedScript(script) as ((clientKey: string) => TossPaymentsSDK) | undefined)?.(clientKey);

const isToss = (launch: Launch): launch is TossLaunch => launch.provider === 'toss';
const wrongLaunch: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'wrong_launch' };

/** Toss Payments, SDK v2: the payment window and the payment widget. */
export const toss: Launcher = {
  preload: ({ script }, options) => loadScript(script, 'TossPayments', options),
  isReady: ({ script }) => loadedScript(script) !== undefined,

  async open(launch, context) {
    if (!isToss(launch)) return wrongLaunch;
    return request(launch, context, () => {
      const { customerKey } = launch;
      return sdkOf(launch)?.payment({ customerKey }) as Opener | undefined;
    });
  },

  async mount(launch, places, handlers) {
    if (!isToss(launch)) return wrongLaunch;
    try {
      const widgets = sdkOf(launch)?.widgets({ customerKey: launch.customerKey });
      return widgets ? await draw(widgets, launch, places, handlers) : scriptMissing;
    } catch (error) {
      return whyUnavailable(error);
    }
  },
};

/** Both parts of the widget; where one can't be drawn, the other goes away again. */
async function draw(
  widgets: TossPaymentsWidgets,
  launch: TossLaunch,
  places: MountPlaces,
  { onReady }: MountHandlers,
): Promise<Mounted> {
  const drawn: (WidgetPaymentMethodWidget | WidgetAgreementWidget)[] = [];
  const unmount = () => {
    // A widget that can't be destroyed is gone with its element.
    for (const each of drawn.splice(0)) each.destroy().catch(() => {});
  };
  let { amount } = launch;
  const setAmount = async (next: TossLaunch['amount']) => {
    await widgets.setAmount(next);
    amount = next;
  };
  try {
    await setAmount(amount);
    // One after the other: Toss runs one command at a time. The variants are those that every merchant has.
    const methods = await widgets.renderPaymentMethods({ selector: `#${places.methods.id}`, variantKey: 'DEFAULT' });
    drawn.push(methods);
    const terms = await widgets.renderAgreement({ selector: `#${places.agreement.id}`, variantKey: 'AGREEMENT' });
    drawn.push(terms);
    let agreed: boolean | undefined;
    terms.on('agreementStatusChange', ({ agreedRequiredTerms }) => {
      agreed = agreedRequiredTerms;
      onReady(agreed);
    });
    // Where the terms have nothing to say, nothing is in the way: `requestPayment` itself refuses without them.
    if (agreed === undefined) onReady(true);
  } catch (error) {
    unmount();
    throw error;
  }
  return {
    unmount,
    async open(next, context) {
      if (!isToss(next)) return wrongLaunch;
      const late = next.amount.value !== amount.value || next.amount.currency !== amount.currency;
      try {
        if (late) await setAmount(next.amount);
      } catch (error) {
        return whyUnavailable(error);
      }
      return request(next, context, () => widgets as unknown as Opener);
    },
    async update(next) {
      if (!isToss(next)) return wrongLaunch;
      try {
        await setAmount(next.amount);
        return undefined;
      } catch (error) {
        return whyUnavailable(error);
      }
    },
  };
}

/**
 * Asks for the window, before the first `await`. Without return URLs the SDK answers by promise, which only computers have; with them
 * the page always leaves.
 */
async function request(
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
    return readFailure(error, order.orderId, clicked);
  }
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
