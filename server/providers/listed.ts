import type { Instant } from '../ops/clock.js';
import type { ListedPayment, ProviderRecord } from './provider.js';
import { present } from './reading.js';

/** What a list tells of a record, where its lines are whole records. */
export const listedOf = (record: ProviderRecord, at: Instant): ListedPayment => ({
  record: record.record,
  orderId: record.orderId,
  state: record.state,
  amount: record.amount,
  currency: record.currency,
  cancelled: record.cancelled,
  cancellations: record.cancellations.filter(({ state }) => state === 'done').map(({ id }) => id),
  environment: record.environment,
  ...present({ store: record.store, channel: record.channel }),
  at,
});
