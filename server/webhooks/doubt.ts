import { observe } from '../payments/attempts.js';
import { change } from '../payments/change.js';
import type { PaymentDeps } from '../payments/deps.js';
import { attemptOf, type Payment, parseOrderId } from '../payments/payment.js';
import { sameSecret } from '../secrets/tokens.js';
import { VaultError } from '../secrets/vault.js';
import { type InboxEntry, secretOf } from './entry.js';

export type Doubt = 'deposit_secret_missing' | 'deposit_secret_wrong';

/**
 * An event that carries its record's secret (Toss's deposit callback) is compared with the one that came with the record. A missing or
 * wrong one is written down, once for each attempt, and changes nothing: the lookup has decided.
 */
export async function noteDoubt(deps: PaymentDeps, entry: InboxEntry, payment: Payment): Promise<void> {
  const parsed = parseOrderId(entry.orderId ?? '');
  const doubt = entry.needsSecret && parsed && doubtOf(deps, entry, payment, parsed.attempt);
  if (!parsed || !doubt) return;
  const { merchant, provider, event } = entry;
  deps.log.warn('provider_webhook_doubtful', {
    merchant,
    provider,
    operation: event,
    payment: payment.id,
    reason: doubt,
  });
  const now = deps.clock.now();
  await change<never>(deps, payment.id, 'webhook', (current) => ({
    ok: true,
    payment: observe(current, parsed.attempt, doubt, now, 'webhook'),
  }));
}

/** Undefined as well where the record told no secret: there is nothing to compare with. */
function doubtOf(deps: PaymentDeps, entry: InboxEntry, payment: Payment, no: number): Doubt | undefined {
  const known = attemptOf(payment, no)?.records.flatMap(({ record, webhookSecret }) =>
    webhookSecret === undefined ? [] : [opened(deps, webhookSecret, `${payment.id}:${record}:webhook`)],
  );
  const readable = known?.filter((secret) => secret !== undefined) ?? [];
  if (readable.length === 0) return undefined;
  if (entry.secret === undefined) return 'deposit_secret_missing';
  const sent = opened(deps, entry.secret, secretOf(entry));
  if (sent === undefined) return undefined;
  return readable.some((secret) => sameSecret(secret, sent)) ? undefined : 'deposit_secret_wrong';
}

/** Undefined: sealed under a key that is no longer configured. */
function opened({ vault }: PaymentDeps, sealed: string, place: string): string | undefined {
  try {
    return vault.open(sealed, place);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}
