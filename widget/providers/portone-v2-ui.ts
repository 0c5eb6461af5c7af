import type { LoadPaymentUIRequest } from '@portone/browser-sdk/v2';
import type { Mounted, MountHandlers, Unavailable } from './launcher.js';
import { anotherDrawn, occupy } from './portone-place.js';
import { readRefusal, readResponse, whyNotDrawn } from './portone-v2-results.js';
import { isUI, type PortOne, type UILaunch, wrongLaunch } from './portone-v2-sdk.js';

/** PayPal's own button: a chunk of its own, which no other method needs. */
export async function draw(
  sdk: PortOne,
  place: HTMLElement,
  handlers: MountHandlers,
  first: UILaunch,
): Promise<Mounted | Unavailable> {
  const unmount = occupy(place, () => handlers.onOpening());
  if (!unmount) return anotherDrawn;
  let launch = first;
  try {
    await sdk.loadPaymentUI(requestOf(first), {
      // Also when the button is gone by now: it is about money.
      onPaymentSuccess: (response) => handlers.onResult(readResponse(response, launch.request.paymentId)),
      onPaymentFail: (error) => handlers.onResult(readRefusal(error, launch.request.paymentId, true)),
    });
  } catch (error) {
    unmount();
    return whyNotDrawn(error);
  }
  return {
    unmount,
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
  };
}

const requestOf = ({ request }: UILaunch) => request as LoadPaymentUIRequest;
