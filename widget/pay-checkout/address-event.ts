import { PayEvent } from './pay-event.js';

/** An address that the page found. What is absent stays as it is. */
export interface FoundAddress {
  postcode?: string;
  address?: string;
  /** Flat, floor, building. Absent: what the shopper typed for another address is emptied. */
  detail?: string;
}

export interface PayAddressDetail {
  /** What the field holds now. */
  postcode: string;
  /** What the field holds now: to begin the search with. */
  address: string;
  /**
   * Gives the answer, now or later, or the promise of one. Nothing (or a promise that fails): the shopper closed the search. Only the
   * newest question is answered; what comes for an older one is left out.
   */
  fill(found?: FoundAddress | null | PromiseLike<FoundAddress | null | undefined>): void;
}

/**
 * The shopper asks for a search of addresses. Default action: the focus goes to the field, to type in. A page with a search of its own
 * prevents it, and answers by `detail.fill`. Inside of the click: a popup may be opened.
 */
export class PayAddressEvent extends PayEvent<PayAddressDetail> {
  constructor(detail: PayAddressDetail) {
    super('pay-address', detail);
  }
}
