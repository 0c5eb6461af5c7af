import type { Locale } from '../../contract/index.js';
import type { BuyerField } from '../checkout/buyer-fields.js';
import type { FieldProblem } from '../checkout/buyer-problems.js';
import type { Checkout } from '../checkout/checkout.js';
import type { Snapshot } from '../checkout/snapshot.js';
import type { Texts } from '../i18n/texts.js';
import type { Modal } from './modal.js';
import type { Underway } from './underway.js';

/** What a view is given: what is to be shown, in which words, and what can be done. */
export interface View {
  now: Snapshot;
  texts: Texts;
  locale: Locale;
  /** May the shopper change the quantity? */
  quantityEditable: boolean;
  collect: readonly BuyerField[];
  /** The page has a search for addresses. */
  addressSearch: boolean;
  /** Around it, where there is one. */
  modal: Modal | undefined;
  /** What draws fields and quantity; there where the page asks for any. */
  inputs: typeof import('./inputs.js') | undefined;
  /** What is said from the first press on; there before anything can be under way. */
  underway: Underway | undefined;
  /** Said to the shopper since the last press. */
  problems: Partial<Record<BuyerField, FieldProblem>>;
  debug: boolean;
  checkout: Checkout;
  actions: Actions;
}

/** What takes more than the checkout. */
export interface Actions {
  type(field: BuyerField, value: string): void;
  pay(event: Event): void;
}
