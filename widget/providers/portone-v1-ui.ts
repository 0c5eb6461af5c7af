import type { Mounted, MountHandlers, Unavailable } from './launcher.js';
import { anotherDrawn, occupy } from './portone-place.js';
import { readResponse } from './portone-v1-results.js';
import { type IMP, isUI, misconfigured, type UILaunch, wrongLaunch } from './portone-v1-sdk.js';

/** PayPal's own button: a chunk of its own, which no other method needs. */
export async function draw(
  sdk: IMP,
  place: HTMLElement,
  handlers: MountHandlers,
  first: UILaunch,
): Promise<Mounted | Unavailable> {
  let pressed = false;
  const unmount = occupy(place, () => {
    pressed = true;
    handlers.onOpening();
  });
  if (!unmount) return anotherDrawn;
  let launch = first;
  try {
    await sdk.loadUI(first.uiType, first.request, (said) => {
      const result = readResponse(said, launch.request.merchant_uid, true);
      // Nobody could pay with it yet: V1 tells by the callback, too, why it draws no button.
      const isDrawn = pressed || result.outcome !== 'failed' || result.hints.impUid;
      // Also when the button is gone by now: it is about money.
      handlers.onResult(isDrawn ? result : misconfigured(result.code, result.message));
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
        await sdk.updateLoadUIRequest(next.uiType, next.request);
        launch = next;
        return undefined;
      } catch (error) {
        return whyNotDrawn(error);
      }
    },
  };
}

const whyNotDrawn = (error: unknown): Unavailable => misconfigured('ui_not_drawn', String(error));
