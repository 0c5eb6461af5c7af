import type { RefundAccount } from '../providers/provider.js';
import { type Vault, VaultError } from '../secrets/vault.js';
import type { Refund, SealedAccount } from './payment.js';

const placeOf = (payment: string, refund: string, what: 'account' | 'body') => `${payment}:${refund}:${what}`;

/** The account as it is stored: bank and last digits to be shown, the rest for the provider alone. */
export function sealAccount(vault: Vault, payment: string, refund: string, account: RefundAccount): SealedAccount {
  const { bank, number, holder } = account;
  const sealed = vault.seal(JSON.stringify({ number, holder }), placeOf(payment, refund, 'account'));
  return { bank, last4: number.slice(-4), sealed };
}

/** Undefined when the refund has no account, or it was sealed under a key that is no longer configured. */
export function openAccount(vault: Vault, payment: string, { id, account }: Refund): RefundAccount | undefined {
  if (!account) return undefined;
  const text = opened(vault, account.sealed, placeOf(payment, id, 'account'));
  return text === undefined
    ? undefined
    : { bank: account.bank, ...(JSON.parse(text) as { number: string; holder: string }) };
}

export const isAccount = (known: RefundAccount | undefined, { bank, number, holder }: RefundAccount): boolean =>
  known !== undefined && known.bank === bank && known.number === number && known.holder === holder;

/** A plain hash of an account could be guessed back: a fingerprint of a body that may hold one is sealed as well. */
export const sealFingerprint = (vault: Vault, payment: string, refund: string, fingerprint: string): string =>
  vault.seal(fingerprint, placeOf(payment, refund, 'body'));

export const isFingerprint = (vault: Vault, payment: string, { id, fingerprint }: Refund, given: string): boolean =>
  fingerprint !== undefined && opened(vault, fingerprint, placeOf(payment, id, 'body')) === given;

function opened(vault: Vault, sealed: string, aad: string): string | undefined {
  try {
    return vault.open(sealed, aad);
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}
