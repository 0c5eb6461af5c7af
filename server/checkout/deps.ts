import type { Ids } from '../ops/ids.js';
import type { PaymentDeps } from '../payments/deps.js';
import type { DuePayments } from '../payments/due.js';
import type { Settler } from '../payments/settle.js';
import type { Tokens } from '../secrets/tokens.js';
import type { CustomerCollection } from './customers.js';

/** What the checkout room needs: the payments room, and what opens sessions to browsers. */
export interface CheckoutDeps extends PaymentDeps {
  readonly customers: CustomerCollection;
  readonly ids: Ids;
  readonly tokens: Tokens;
  readonly settler: Settler;
  readonly due: DuePayments;
}
