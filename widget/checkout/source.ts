import type { Locale } from '../../contract/index.js';

/** How a session comes to be: made by this page from the catalogue, or given by the merchant's backend. */
export type Source =
  | { kind: 'catalogue'; merchant: string; product: string; locale: Locale; customerToken?: string }
  | { kind: 'given'; session: string; secret: string };
