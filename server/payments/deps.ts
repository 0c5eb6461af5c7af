import type { ProviderName } from '../../contract/index.js';
import type { Merchant, Merchants } from '../merchants/merchant.js';
import type { Clock } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { Channel, Provider } from '../providers/provider.js';
import type { Vault } from '../secrets/vault.js';
import type { Collection } from '../store/store.js';
import type { Attempt, OutboxEntry, Payment, payments } from './payment.js';
import type { RefundGuard } from './refund-guard.js';
import type { Schedule } from './schedule.js';
import type { Watch } from './watch.js';

export type PaymentCollection = Collection<Payment, (typeof payments)['indexes']>;

/** What the payments room needs from outside. */
export interface PaymentDeps {
  readonly payments: PaymentCollection;
  readonly merchants: Merchants;
  readonly providers: ReadonlyMap<ProviderName, Provider>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly vault: Vault;
  readonly watch: Watch;
  readonly refundGuard: RefundGuard;
  /** Puts an event into the merchant's feed, once, however often it is called with the same key. */
  readonly publish: (payment: Payment, entry: OutboxEntry) => Promise<unknown>;
  readonly log: Logger;
}

/** Where an attempt was made: its own merchant, contract and adapter, whatever is preferred by now. */
export interface Place {
  readonly merchant: Merchant;
  readonly channel: Channel;
  readonly provider: Provider;
}

/**
 * Undefined when the configuration no longer has that channel, or has it for another store, which knows nothing of the attempt: a person must
 * put it back before the payment can be settled.
 */
export function placeOf(deps: PaymentDeps, payment: Payment, attempt: Attempt): Place | undefined {
  const merchant = deps.merchants.byId(payment.merchant);
  const channel = merchant?.channels.find((one) => one.id === attempt.channel && one.provider === attempt.provider);
  const provider = deps.providers.get(attempt.provider);
  if (!merchant || !channel || !provider) return undefined;
  const store = attempt.identity?.store;
  return store === undefined || store === provider.identity(channel).store
    ? { merchant, channel, provider }
    : undefined;
}
