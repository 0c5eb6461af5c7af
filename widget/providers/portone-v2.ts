import type { PaymentRequest } from '@portone/browser-sdk/v2';
import type { Buyer, PortOneV2Customer } from '../../contract/index.js';
import type { Launcher, LaunchResult } from './launcher.js';
import { loadedScript, loadScript } from './load-script.js';
import { hintsOf, text } from './portone-v2-hints.js';
import { isUI, isWindow, scriptMissing, sdkOf, wrongLaunch } from './portone-v2-sdk.js';

/** PortOne, browser SDK V2: its windows, and PayPal's own button. */
export const portOneV2: Launcher = {
  preload: ({ script }, options) => loadScript(script, 'PortOne', options),
  isReady: ({ script }) => loadedScript(script) !== undefined,

  async open(launch, { buyer, redirect }) {
    if (!isWindow(launch)) return wrongLaunch;
    const sdk = sdkOf(launch);
    if (!sdk) return scriptMissing;
    const { request } = launch;
    const clicked = navigator.userActivation?.isActive ?? true;
    try {
      const response = await sdk.requestPayment({
        ...request,
        ...customer(request.customer, buyer),
        // Without it the SDK decides: a promise on computers, a redirect on phones.
        ...(redirect === 'always' && request.redirectUrl && { forceRedirect: true }),
      } as PaymentRequest);
      if (!response) return { outcome: 'redirecting' };
      const { paymentId } = request;
      if (!text(response.code)) return { outcome: 'returned', hints: hintsOf(response, paymentId) };
      return await refused(paymentId, ({ readResponse }) => readResponse(response, paymentId));
    } catch (error) {
      return refused(request.paymentId, ({ readRefusal }) => readRefusal(error, request.paymentId, clicked));
    }
  },

  async mount(launch, { methods }, handlers) {
    if (!isUI(launch)) return wrongLaunch;
    const sdk = sdkOf(launch);
    if (!sdk) return scriptMissing;
    const ui = await import('./portone-v2-ui.js').catch(() => undefined);
    if (!ui) return { outcome: 'unavailable', why: 'script_blocked', code: 'chunk_not_loaded' };
    return ui.draw(sdk, methods, handlers, launch);
  },
};

/** What PortOne says no with is read in a chunk that no paid order needs. Without it the server finds out all the same. */
async function refused(
  orderId: string,
  read: (results: typeof import('./portone-v2-results.js')) => LaunchResult,
): Promise<LaunchResult> {
  const results = await import('./portone-v2-results.js').catch(() => undefined);
  return results ? read(results) : { outcome: 'failed', code: 'UnknownError', hints: { orderId } };
}

/** What the shopper typed last goes over what the launch has; what would be refused is left out, as the server does. */
function customer(of: PortOneV2Customer | undefined, buyer: Buyer | undefined): { customer?: PortOneV2Customer } {
  if (!buyer) return of ? { customer: of } : {};
  const { fullName, email: known, phoneNumber, ...rest } = of ?? {};
  const { name = fullName, email = known, phone = phoneNumber } = buyer;
  const digits = phone?.replace(/^\+820?/, '0').replace(/\D/g, '');
  const merged: PortOneV2Customer = {
    ...rest,
    ...(name && { fullName: [...name].slice(0, 100).join('') }),
    ...(email && email.length <= 100 && { email }),
    ...(digits && /^\d{8,15}$/.test(digits) && { phoneNumber: digits }),
  };
  return Object.keys(merged).length > 0 ? { customer: merged } : {};
}
