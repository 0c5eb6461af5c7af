import type { Unavailable } from './launcher.js';

/**
 * PortOne keeps one request for the page: with two buttons, each would pay what the other one sells. So there is one at a time, and
 * it is found by its class.
 */
let drawn: HTMLElement | undefined;
const marker = 'portone-ui-container';

/** Another button is on the page. */
export const anotherDrawn: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'another_ui_is_drawn' };

/**
 * Makes an element the place of PayPal's button, before it is drawn; the answer takes it away again, and may be called twice. `undefined`
 * where another one is drawn.
 */
export function occupy(place: HTMLElement, onOpening: () => void): (() => void) | undefined {
  if (drawn) return undefined;
  drawn = place;
  place.classList.add(marker);
  place.dataset.portoneUiType = 'paypal-spb';
  // The button is in a frame of PayPal's, whose clicks don't come here: the page's focus going into it is all there is to see.
  const opening = () => onOpening();
  const entered = () => {
    if (place.contains(document.activeElement)) onOpening();
  };
  place.addEventListener('click', opening);
  window.addEventListener('blur', entered);
  return () => {
    if (drawn !== place) return;
    drawn = undefined;
    place.removeEventListener('click', opening);
    window.removeEventListener('blur', entered);
    place.classList.remove(marker);
    place.replaceChildren();
  };
}
