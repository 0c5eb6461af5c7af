/** Words shared by the element, the API, the database and the docs. One list each; nothing else spells them. */

export const providers = ['portone-v2', 'portone-v1', 'toss'] as const;
export type ProviderName = (typeof providers)[number];

export const methods = [
  'card',
  'kakaopay',
  'naverpay',
  'tosspay',
  'transfer',
  'virtual_account',
  'phone',
  'paypal',
] as const;
export type Method = (typeof methods)[number];

export const locales = ['ko', 'en'] as const;
export type Locale = (typeof locales)[number];

export const paymentStatuses = [
  'open',
  'pending',
  'paid',
  'partially_refunded',
  'refunded',
  'failed',
  'canceled',
  'expired',
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const attemptStates = [
  'prepared',
  'launched',
  'confirming',
  'pending',
  'unknown',
  'paid',
  'failed',
  'canceled',
  'expired',
  'held',
] as const;
export type AttemptState = (typeof attemptStates)[number];

export const refundStates = ['requested', 'sent', 'pending', 'done', 'failed', 'unknown', 'needs_account'] as const;
export type RefundState = (typeof refundStates)[number];

export const refundCauses = ['merchant', 'duplicate', 'mismatch', 'late', 'provider'] as const;
export type RefundCause = (typeof refundCauses)[number];

/** Why a refund that was decided is not sent for now: our credentials are refused, or automatic refunds are paused. */
export const refundBlocks = ['misconfigured', 'refunds_paused'] as const;
export type RefundBlock = (typeof refundBlocks)[number];

export const closingStates = ['requested', 'sent', 'unknown', 'closed', 'declined', 'failed'] as const;
/** How far the closing of an issued account is. `declined`: it no longer waited for a deposit. `failed`: we stopped trying. */
export type ClosingState = (typeof closingStates)[number];

/** Why a person must look at a payment. Absent when nobody must. */
export const attentions = [
  'held',
  'misconfigured',
  'refund_failed',
  'refund_unknown',
  'refunds_paused',
  'unresolved',
  'too_many_refunds',
] as const;
export type Attention = (typeof attentions)[number];

/** Why a page could not load a provider's script: kept from it, or no answer in time. */
export const scriptFailures = ['script_blocked', 'script_timeout'] as const;
export type ScriptFailure = (typeof scriptFailures)[number];
