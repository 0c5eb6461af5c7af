import type { ProviderName } from './status.js';

/**
 * `waiting`: the provider is still to be asked what it is about. `processed`: it was asked since, or told this before. `unknown_order`: no payment of this
 * merchant. `given_up`: the provider could not be asked for a day; the payment's own schedule goes on.
 */
export const providerWebhookStates = ['waiting', 'processed', 'unknown_order', 'given_up'] as const;
export type ProviderWebhookState = (typeof providerWebhookStates)[number];

/** What a provider told us. Of one order, unsigned ones that came before we looked are one row. */
export interface ProviderWebhookView {
  id: string;
  provider: ProviderName;
  /** The provider's name of the event. */
  event: string;
  /** By the provider, and checked. Not signed: anybody may have sent it; it only makes us ask. */
  signed: boolean;
  receivedAt: string;
  state: ProviderWebhookState;
  /** The order id it names, as it was sent. */
  orderId?: string;
  payment?: string;
  /** Lookups in a row that got no answer. */
  tries: number;
  /** When the provider is asked (again). */
  nextAt?: string;
}
