import { createHash } from 'node:crypto';
import type { ConfirmOutcome, Provider, ProviderRecord } from '../providers/provider.js';
import { VaultError } from '../secrets/vault.js';
import { confirmKey } from './confirm.js';
import type { PaymentDeps, Place } from './deps.js';
import type { Attempt, Intent, Payment, StoredToken } from './payment.js';

/** What a browser sends to have the money asked for. */
interface Sent {
  readonly hint?: string;
  readonly token?: string;
}

/** What a first confirm may be made of. */
export interface Consent {
  readonly record: ProviderRecord;
  readonly token?: StoredToken;
}

/**
 * A token that the provider gave the browser for the shopper's consent. Whoever has it can have the money taken, so that it is stored
 * sealed, and told apart by its digest alone.
 */
export const digestOf = (token: string): string => createHash('sha256').update(`consent:${token}`).digest('hex');

/**
 * The record that a browser's word is about, among those that were looked up, and its token where the provider gives one: the record that
 * was named; else (V2's redirect need not name one) the first that waits for our confirm, which the provider compares with the token.
 * Undefined: there is nothing to ask for money with.
 */
export function consentOf(
  { vault }: Pick<PaymentDeps, 'vault'>,
  { confirmsBy }: Pick<Provider, 'confirmsBy'>,
  payment: Payment,
  records: readonly ProviderRecord[],
  { hint, token }: Sent,
): Consent | undefined {
  const named = records.find((one) => one.record === hint);
  if (confirmsBy === 'record') return named && { record: named };
  const record = hint === undefined ? records.find(waits) : named;
  if (!record || token === undefined) return undefined;
  return { record, token: { digest: digestOf(token), sealed: vault.seal(token, placeIn(payment, record.record)) } };
}

const waits = ({ state }: ProviderRecord): boolean => state === 'ready' || state === 'authenticated';

/** Asks for the money, as the stored intent says. */
export async function confirm(
  { vault }: Pick<PaymentDeps, 'vault'>,
  { provider, channel }: Place,
  payment: Payment,
  attempt: Attempt,
  intent: Intent,
): Promise<ConfirmOutcome> {
  const token = openedToken(vault, payment, intent);
  if (token === 'lost') return { outcome: 'unknown', why: 'temporary', detail: 'the stored token can not be opened' };
  const { orderId, amount, currency } = attempt;
  return provider.confirm(channel, {
    ...{ orderId, amount, currency },
    record: intent.record,
    idempotencyKey: confirmKey(attempt, intent),
    ...(token !== undefined && { token }),
  });
}

/** `lost`: sealed under a key that is no longer configured, or changed since. Undefined: the intent has none. */
function openedToken(
  vault: PaymentDeps['vault'],
  payment: Payment,
  { record, token }: Intent,
): string | 'lost' | undefined {
  if (!token) return undefined;
  try {
    return token.sealed === undefined ? 'lost' : vault.open(token.sealed, placeIn(payment, record));
  } catch (error) {
    if (error instanceof VaultError) return 'lost';
    throw error;
  }
}

const placeIn = (payment: Payment, record: string): string => `${payment.id}:${record}:token`;
