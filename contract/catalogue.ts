import type { Currency } from './money.js';
import type { Locale, Method } from './status.js';

/** A text in the languages the merchant wrote it in; Korean is always there. */
export interface LocalText {
  ko: string;
  en?: string;
}

/** `GET /catalog/{item}`: what a page may show before anyone wants to pay. Cacheable; the price is a preview, the session's counts. */
export interface CatalogueView {
  id: string;
  kind: 'product';
  name: LocalText;
  /** Price of one, in minor units. */
  price: number;
  currency: Currency;
  /** Absolute URL. */
  image?: string;
  minQuantity: number;
  maxQuantity: number;
  methods: readonly Method[];
  /** The shopper chooses among them in the provider's own widget; absent: on the page. */
  choosesInside?: true;
  locales: readonly Locale[];
  merchant: { name: LocalText };
}
