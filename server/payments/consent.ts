import { createHash } from 'node:crypto';
import type { ProviderRecord } from '../providers/provider.js';
import { VaultError } from '../secrets/vault.js';
import type { PaymentDeps } from './deps.js';
import type { Intent, Payment, StoredToken } from './payment.js';

/**
 * A token that the provider gave the browser for the shopper's consent. Whoever has it can have the money taken, so that it is stored
 * sealed, and told apart by its digest alone.
 */
export const digestOf = (token: string): string => createHash('sha256').update(`consent:${token}`).digest('hex');

export const sealedToken = (
  { vault }: Pick<PaymentDeps, 'vault'>,
  payment: Payment,
  record: string,
  token: string,
): StoredToken => ({ digest: digestOf(token), sealed: vault.seal(token, place(payment, record)) });

/** `lost`: sealed under a key that is no longer configured, or not for this record. Undefined: the intent has none. */
export function openedToken(
  { vault }: Pick<PaymentDeps, 'vault'>,
  payment: Payment,
  { record, token }: Intent,
): string | 'lost' | undefined {
  if (!token) return undefined;
  try {
    return token.sealed === undefined ? 'lost' : vault.open(token.sealed, place(payment, record));
  } catch (error) {
    if (error instanceof VaultError) return 'lost';
    throw error;
  }
}

const place = (payment: Payment, record: string): string => `${payment.id}:${record}:token`;

/**
 * The record that a token is for: the one that the browser named, else (a redirect need not name one) the newest that waits for our
 * confirm. The provider compares it with the token once more.
 */
export const agreedRecord = (
  records: readonly ProviderRecord[],
  hint: string | undefined,
): ProviderRecord | undefined =>
  hint === undefined
    ? records.findLast(({ state }) => state === 'ready' || state === 'authenticated')
    : records.find(({ record }) => record === hint);
