import type { Merchant } from '../merchants/merchant.js';
import type { Instant } from '../ops/clock.js';

/** Who sent a request, as its bearer token proves. */
export type Caller =
  /** A page of the merchant (`pk_…`), on an allowed origin. */
  | { readonly kind: 'publishable'; readonly merchant: Merchant }
  /** The merchant's backend (`sk_…`). */
  | { readonly kind: 'secret'; readonly merchant: Merchant }
  /** Whoever holds one session's client secret. */
  | { readonly kind: 'session'; readonly session: string }
  /** A browser that came back from a provider, with one session's return token. */
  | { readonly kind: 'return'; readonly session: string; readonly expiresAt: Instant }
  /** A shopper the merchant vouches for with a signed token. */
  | { readonly kind: 'shopper'; readonly merchant: Merchant; readonly customer: string }
  | { readonly kind: 'cron' }
  | { readonly kind: 'operator' };

export type CallerKind = Caller['kind'];

/** How each kind's token is called in messages and in the API description. */
export const callerNames: Readonly<Record<CallerKind, string>> = {
  publishable: 'a publishable key (pk_…)',
  secret: 'a secret key (sk_…)',
  session: "a session's client secret",
  return: "a session's return token",
  shopper: "a shopper's token (JWT)",
  cron: 'the CRON_SECRET',
  operator: 'the OPERATOR_SECRET',
};
