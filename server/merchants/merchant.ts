import type { Currency, Locale, LocalText, Method } from '../../contract/index.js';
import type { Channel } from '../providers/provider.js';

/** Whoever is paid: a site owner. Comes from configuration; held in memory, never in the store. */
export interface Merchant {
  /** Lower-case letters, digits, `-`, `_`: part of every stored key. */
  readonly id: string;
  readonly name: LocalText;
  /** `pk_…`, public. */
  readonly publishableKey: string;
  /** SHA-256 of the `sk_…`, hex. The key itself is not kept. */
  readonly secretKeyHash: string;
  /** `scheme://host[:port]`, exactly as a browser sends it. */
  readonly origins: readonly string[];
  readonly locale: Locale;
  /** IANA zone: billing dates are reckoned in it. */
  readonly timeZone: string;
  /** What happens to money that arrives after a payment ended. */
  readonly lateMoney: 'refund' | 'accept';
  /** In order of preference: the first that has a method wins. */
  readonly channels: readonly Channel[];
  readonly catalogue: ReadonlyMap<string, CatalogueItem>;
  readonly shopperTokens?: ShopperTokens;
  /** What signed-in shoppers may cancel by themselves. Absent: nothing. */
  readonly shopperCancels?: ShopperCancels;
  /** Where this merchant's backend hears of its events. */
  readonly webhooks?: readonly WebhookEndpoint[];
}

/** A URL of the merchant's backend that events are sent to. */
export interface WebhookEndpoint {
  /** Stands in stored records. */
  readonly id: string;
  readonly url: string;
  /** One key, or two while the merchant rotates: every delivery is signed with each. */
  readonly secrets: readonly Uint8Array[];
  /** Addresses and ranges that are not public and may be called all the same; for them http will do. */
  readonly allowPrivate: readonly string[];
}

export interface CatalogueItem {
  readonly id: string;
  readonly kind: 'product';
  readonly name: LocalText;
  /** Price of one, minor units. */
  readonly price: number;
  readonly currency: Currency;
  readonly image?: string;
  readonly minQuantity: number;
  readonly maxQuantity: number;
}

/** Which of their own payments shoppers may cancel without asking the merchant. */
export interface ShopperCancels {
  /** Counted from the moment it was paid. */
  readonly withinMs: number;
  /** A part may be given back too; else the whole of an untouched payment, or nothing. */
  readonly partial: boolean;
  /** Paid by one of these only; absent: by any. */
  readonly methods?: readonly Method[];
  /** Only where every line is one of these items of the catalogue; absent: whatever was bought. */
  readonly items?: readonly string[];
}

/** How this merchant signs its shoppers' tokens. */
export type ShopperTokens =
  | { readonly algorithm: 'HS256'; readonly secret: Uint8Array }
  | { readonly algorithm: 'RS256' | 'ES256' | 'EdDSA'; readonly publicKey: string }
  | { readonly algorithm: 'RS256' | 'ES256' | 'EdDSA'; readonly jwksUrl: string };

export interface Merchants {
  all(): readonly Merchant[];
  byId(id: string): Merchant | undefined;
  byPublishableKey(key: string): Merchant | undefined;
  /** Compares hashes in constant time. */
  bySecretKey(key: string): Merchant | undefined;
}
