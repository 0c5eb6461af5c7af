import type { ProviderName } from '../../contract/index.js';
import type { Ids } from '../ops/ids.js';
import type { RefundingDeps } from '../payments/refunding.js';
import type { Settler } from '../payments/settle.js';
import type { Tokens } from '../secrets/tokens.js';
import type { ChannelHealth } from './channel-health.js';
import type { CustomerCollection } from './customers.js';

/** What the checkout room needs: the payments room, and what opens sessions to browsers. */
export interface CheckoutDeps extends RefundingDeps {
  readonly customers: CustomerCollection;
  readonly ids: Ids;
  readonly tokens: Tokens;
  readonly settler: Settler;
  readonly health: ChannelHealth;
  /** Where the provider's webhooks about this merchant's payments come to. */
  readonly noticeUrl: (provider: ProviderName, merchant: string) => string;
}
