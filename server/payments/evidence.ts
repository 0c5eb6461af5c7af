import type { LookupOutcome, ProviderRecord } from '../providers/provider.js';
import type { PaymentDeps, Place } from './deps.js';
import type { Terms } from './facts.js';
import type { Attempt, Payment } from './payment.js';

/** Asks the provider about our order id, and about one record of it. What comes back may be stored: secrets in it are sealed. */
export async function lookUp(
  deps: PaymentDeps,
  { provider, channel }: Place,
  payment: Payment,
  { orderId }: Attempt,
  record: string | undefined,
): Promise<LookupOutcome> {
  const looked = await provider.lookup(channel, { orderId, ...(record !== undefined && { record }) });
  if (looked.outcome !== 'done') return looked;
  const [first, ...others] = looked.records;
  return { ...looked, records: [sealed(deps, payment, first), ...others.map((one) => sealed(deps, payment, one))] };
}

/**
 * A record as it may be stored. Sealing comes out different every time; `applyFacts` keeps the copy that is stored already, so that a
 * lookup is not news for that alone.
 */
export function sealed(deps: PaymentDeps, payment: Payment, record: ProviderRecord): ProviderRecord {
  if (record.webhookSecret === undefined) return record;
  const secret = deps.vault.seal(record.webhookSecret, `${payment.id}:${record.record}:webhook`);
  return { ...record, webhookSecret: secret };
}

/** What the attempt's records are compared with. */
export function termsOf(deps: PaymentDeps, { provider, channel, merchant }: Place): Terms {
  return {
    ...provider.identity(channel),
    environment: channel.environment,
    lateMoney: merchant.lateMoney,
    schedule: deps.schedule,
  };
}
