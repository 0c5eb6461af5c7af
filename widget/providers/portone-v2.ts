import type { LoadPaymentUIRequest, PaymentError, PaymentRequest, PaymentResponse } from '@portone/browser-sdk/v2';
import type { Buyer, Launch, PortOneV2Customer, PortOneV2Launch } from '../../contract/index.js';
import type { Launcher, Mounted, MountHandlers, Unavailable } from './launcher.js';
import { loadedScript, loadScript } from './load-script.js';
import { readRefusal, readResponse, whyNotDrawn } from './portone-v2-results.js';

/** What we use of `window.PortOne`. */
interface PortOne {
  requestPayment(request: PaymentRequest): Promise<PaymentResponse | undefined>;
  loadPaymentUI(
    request: LoadPaymentUIRequest,
    callbacks: { onPaymentSuccess(response: PaymentResponse): void; onPaymentFail(error: PaymentError): void },
  ): Promise<void>;
  updateLoadPaymentUIRequest(request: LoadPaymentUIRequest): Promise<void>;
}

type WindowLaunch = Extract<PortOneV2Launch, { kind: 'window' }>;
type UILaunch = Extract<PortOneV2Launch, { kind: 'ui' }>;

const sdkOf = ({ script }: Launch) => loadedScript(script) as PortOne | undefined;
const isWindow = (launch: Launch): launch is WindowLaunch =>
  launch.provider === 'portone-v2' && launch.kind === 'window';
const isUI = (launch: Launch): launch is UILaunch => launch.provider === 'portone-v2' && launch.kind === 'ui';

const wrongLaunch: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'wrong_launch' };
const scriptMissing: Unavailable = { outcome: 'unavailable', why: 'script_timeout', code: 'not_loaded_yet' };
const anotherDrawn: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'another_ui_is_drawn' };

/**
 * PortOne keeps one request for the page: with two buttons, each would pay what the other one sells. So there is one at a time, and
 * it is found by its class.
 */
let drawn: HTMLElement | undefined;
const marker = 'portone-ui-container';

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
      return response ? readResponse(response, request.paymentId) : { outcome: 'redirecting' };
    } catch (error) {
      return readRefusal(error, request.paymentId, clicked);
    }
  },

  async mount(launch, { methods }, handlers) {
    if (!isUI(launch)) return wrongLaunch;
    const sdk = sdkOf(launch);
    if (!sdk) return scriptMissing;
    if (drawn) return anotherDrawn;
    drawn = methods;
    const mounted = controls(sdk, methods, handlers, launch);
    try {
      await sdk.loadPaymentUI(requestOf(launch), mounted.callbacks);
      return mounted;
    } catch (error) {
      mounted.unmount();
      return whyNotDrawn(error);
    }
  },
};

interface Controls extends Mounted {
  readonly callbacks: Parameters<PortOne['loadPaymentUI']>[1];
}

/** PayPal's button in its place, from before it is drawn until it is taken away. */
function controls(sdk: PortOne, place: HTMLElement, handlers: MountHandlers, first: UILaunch): Controls {
  let launch = first;
  place.classList.add(marker);
  place.dataset.portoneUiType = 'paypal-spb';
  // The button is in a frame of PayPal's, whose clicks don't come here: the page's focus going into it is all there is to see.
  const opening = () => handlers.onOpening();
  const entered = () => {
    if (place.contains(document.activeElement)) opening();
  };
  place.addEventListener('click', opening);
  window.addEventListener('blur', entered);
  return {
    callbacks: {
      // Also when the button is gone by now: it is about money.
      onPaymentSuccess: (response) => handlers.onResult(readResponse(response, launch.request.paymentId)),
      onPaymentFail: (error) => handlers.onResult(readRefusal(error, launch.request.paymentId, true)),
    },
    async update(next) {
      if (!isUI(next)) return wrongLaunch;
      try {
        await sdk.updateLoadPaymentUIRequest(requestOf(next));
        launch = next;
        return undefined;
      } catch (error) {
        return whyNotDrawn(error);
      }
    },
    unmount() {
      if (drawn !== place) return;
      drawn = undefined;
      place.removeEventListener('click', opening);
      window.removeEventListener('blur', entered);
      place.classList.remove(marker);
      place.replaceChildren();
    },
  };
}

const requestOf = ({ request }: UILaunch) => request as LoadPaymentUIRequest;

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
