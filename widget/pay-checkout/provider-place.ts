import type { MountPlaces } from '../providers/launcher.js';

let count = 0;

/**
 * Elements for a provider's own controls. Providers look them up in the document, where nothing inside of a shadow root is found: each
 * is a child of the outermost host, and is shown here through a slot in every shadow root between. Gone with `clear`, or with the host.
 */
export class ProviderPlace {
  readonly #host: Element;
  readonly #isInUse: () => boolean;
  #made: Element[] = [];

  /** `isInUse`: a payment is under way in them, so that they outlive a host that was taken off the page. */
  constructor(host: Element, isInUse: () => boolean) {
    this.#host = host;
    this.#isInUse = isInUse;
  }

  /** The host was taken off the page. */
  leave(): void {
    if (!this.#isInUse()) this.clear();
  }

  /** New ones each time. */
  places(): MountPlaces {
    this.clear();
    return { methods: this.#place('provider-methods'), agreement: this.#place('provider-agreement') };
  }

  clear(): void {
    for (const element of this.#made.splice(0)) element.remove();
  }

  #place(ownSlot: string): HTMLElement {
    count += 1;
    const id = `pay-checkout-${count}`;
    const place = document.createElement('div');
    place.id = id;
    let slot = ownSlot;
    let host: Element = this.#host;
    for (let root = host.getRootNode(); root instanceof ShadowRoot; root = host.getRootNode()) {
      const through = document.createElement('slot');
      through.name = id;
      through.slot = slot;
      host.append(through);
      this.#made.push(through);
      slot = id;
      host = root.host;
    }
    place.slot = slot;
    host.append(place);
    this.#made.push(place);
    return place;
  }
}
