import { busy } from '../checkout/machine.js';
import { type FoundAddress, PayAddressEvent } from './address-event.js';
import type { PayCheckout } from './pay-checkout.js';
import type { View } from './view.js';

/** The newest question of each checkout. */
const asked = new WeakMap<PayCheckout, PayAddressEvent>();

/**
 * Asks the page for an address, inside of the click. Meanwhile a modal is out of the top layer: whatever the page shows can be used, be it
 * a dialog, a layer or a popup.
 */
export function searchAddress(button: HTMLElement, view: View): void {
  const root = button.getRootNode() as ShadowRoot;
  const host = root.host as PayCheckout;
  const { modal, now, collect } = view;
  const { postcode = '', address = '' } = now.buyer;
  const fieldOf = (...names: string[]) => root.querySelector<HTMLElement>(names.map((name) => `#${name}`).join());
  const answer = async (said: Parameters<PayAddressEvent['detail']['fill']>[0]) => {
    const found = await Promise.resolve(said).catch((error: unknown) => {
      console.error('<pay-checkout> the address search failed:', error);
    });
    // A search that answers and then closes has closed by now, and given back its focus.
    await new Promise((resolve) => setTimeout(resolve));
    if (asked.get(host) !== event) return;
    modal?.regain();
    if (!found) {
      if (activeIn(root) === document.body) button.focus();
      return;
    }
    // The window has what was typed before it opened.
    if (busy(host.state)) return;
    fillIn(found, view);
    await host.updateComplete;
    if (!isTypingElsewhere(root)) (fieldOf('addressDetail') ?? button).focus();
  };
  const event = new PayAddressEvent({ postcode, address, fill: (said) => void answer(said) });
  asked.set(host, event);
  // Not every browser gives the focus to a button that is pressed.
  button.focus();
  modal?.lend();
  if (!host.dispatchEvent(event)) return;
  asked.delete(host);
  modal?.regain();
  fieldOf(...collect.filter((field) => field === 'postcode' || field === 'address'))?.focus();
}

function fillIn({ postcode, address, detail }: FoundAddress, { now, collect, checkout, actions }: View): void {
  const lines = {
    postcode: lineOf(postcode),
    address: lineOf(address),
    addressDetail: lineOf(detail) ?? (address && lineOf(address) !== now.buyer.address ? '' : undefined),
  };
  for (const field of ['postcode', 'address', 'addressDetail'] as const) {
    const line = lines[field];
    if (line !== undefined && collect.includes(field)) actions.type(field, line);
  }
  checkout.saveBuyer();
}

/** Whatever a page hands over, as one line of text. */
const lineOf = (said: unknown): string | undefined =>
  said === undefined || said === null ? undefined : String(said).replace(/\s+/g, ' ').trim();

/** What has the focus: here, beside the checkout, or in the document. */
const activeIn = (root: ShadowRoot): Element | null =>
  root.activeElement ?? (root.host.getRootNode() as Document | ShadowRoot).activeElement ?? document.activeElement;

/** In a field that can be seen, and is none of the address's: a late answer takes nobody's place away. */
function isTypingElsewhere(root: ShadowRoot): boolean {
  const active = activeIn(root);
  if (!active?.matches('input, select, textarea, [contenteditable]') || active.getClientRects().length === 0)
    return false;
  return !(root.contains(active) && ['postcode', 'address'].includes(active.id));
}
