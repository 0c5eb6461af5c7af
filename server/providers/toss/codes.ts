import type { Declined, Misconfigured, Refused, Unknown, UnknownWhy } from '../provider.js';
import { asObject, asText, present } from '../reading.js';

/**
 * What every error code of the core API (2022-11-16) means for us, per call. The code decides, never the HTTP status: Toss answers a
 * decline with 400 or 403, a passing error with 400 or 500. A code that is not in here is `unknown`, to be looked up.
 *
 * `retryable` of a decline: can the same shopper succeed with the same means by waiting, topping up or typing it right? `false` where something
 * must first be settled with the bank or with Toss, or another card, account or method is needed. For a cancel: can the very same refund succeed later?
 */
export type Verdict =
  | { readonly as: 'declined'; readonly retryable: boolean; readonly accountRefused?: true }
  | { readonly as: 'refused'; readonly hint: Refused['hint'] }
  | { readonly as: 'not_found' }
  | { readonly as: 'misconfigured' }
  | { readonly as: 'unknown'; readonly why: Exclude<UnknownWhy, 'no_reply'> };

type Table<V extends Verdict['as']> = Readonly<Record<string, Extract<Verdict, { as: V }>>>;

const retryable = { as: 'declined', retryable: true } as const;
const final = { as: 'declined', retryable: false } as const;
/** All that was wrong is where the money should go. */
const otherAccount = { as: 'declined', retryable: false, accountRefused: true } as const;
const misconfigured = { as: 'misconfigured' } as const;
const notFound = { as: 'not_found' } as const;
/** It answered, and a lookup must tell what happened: a passing error, or "that was done before". */
const lookUp = { as: 'unknown', why: 'temporary' } as const;
const stillRunning = { as: 'unknown', why: 'in_progress' } as const;

/** Refused before anything was worked on: our keys, our contract, or a call that we made wrongly. */
const everyCall = {
  INVALID_API_KEY: misconfigured,
  UNAUTHORIZED_KEY: misconfigured,
  INCORRECT_BASIC_AUTH_FORMAT: misconfigured,
  FORBIDDEN_REQUEST: misconfigured,
  API_VERSION_UPDATE_NEEDED: misconfigured,
  // A wrong URL or verb (a wrong base URL): not "the payment does not exist".
  NOT_FOUND_HTTP_METHOD: misconfigured,
  FORBIDDEN_CONSECUTIVE_REQUEST: lookUp,
  COMMON_ERROR: lookUp,
  FAILED_INTERNAL_SYSTEM_PROCESSING: lookUp,
  FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING: lookUp,
  UNKNOWN_PAYMENT_ERROR: lookUp,
  PROVIDER_ERROR: lookUp,
} as const;

const everyPost = {
  ...everyCall,
  IDEMPOTENT_REQUEST_PROCESSING: stillRunning,
  INVALID_IDEMPOTENCY_KEY: misconfigured,
} as const;

const confirm: Table<'declined' | 'refused' | 'misconfigured' | 'unknown'> = {
  ...everyPost,
  // Says nothing of how much was paid by whom.
  ALREADY_PROCESSED_PAYMENT: lookUp,
  DUPLICATED_ORDER_ID: lookUp,
  CARD_PROCESSING_ERROR: lookUp,

  // The payment key is not what the browser said it was.
  NOT_FOUND_PAYMENT: { as: 'refused', hint: 'unknown_record' },
  INVALID_PAYMENT_KEY: { as: 'refused', hint: 'unknown_record' },
  UNAPPROVED_ORDER_ID: { as: 'refused', hint: 'other_order' },
  // Amount or order id differ from what the window was opened with.
  INVALID_REQUEST: { as: 'refused', hint: 'other_amount' },
  // Confirmed too late (10 minutes): final for this key, a new window may follow at once.
  NOT_FOUND_PAYMENT_SESSION: retryable,

  // Typed wrongly, or another choice in the window helps.
  INVALID_CARD_EXPIRATION: retryable,
  INVALID_CARD_NUMBER: retryable,
  INVALID_PASSWORD: retryable,
  NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT: retryable,
  INVALID_CARD_INSTALLMENT_PLAN: retryable,
  // Limits, balances and opening hours pass.
  EXCEED_MAX_AMOUNT: retryable,
  EXCEED_MAX_PAYMENT_AMOUNT: retryable,
  EXCEED_MAX_ONE_DAY_AMOUNT: retryable,
  EXCEED_MAX_DAILY_PAYMENT_COUNT: retryable,
  EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT: retryable,
  EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT: retryable,
  REJECT_CARD_PAYMENT: retryable,
  REJECT_CARD_COMPANY: retryable,
  REJECT_ACCOUNT_PAYMENT: retryable,
  RESTRICTED_TRANSFER_ACCOUNT: retryable,
  NOT_AVAILABLE_PAYMENT: retryable,
  NOT_AVAILABLE_BANK: retryable,
  // The means itself is out of use, locked, or too small for its kind.
  INVALID_REJECT_CARD: final,
  INVALID_STOPPED_CARD: final,
  INVALID_CARD_LOST_OR_STOLEN: final,
  BELOW_MINIMUM_AMOUNT: final,
  REJECT_TOSSPAY_INVALID_ACCOUNT: final,
  EXCEED_MAX_AUTH_COUNT: final,
  FDS_ERROR: final,
};

const query: Table<'not_found' | 'misconfigured' | 'unknown'> = {
  ...everyCall,
  NOT_FOUND_PAYMENT: notFound,
  NOT_FOUND: notFound,
};

const list: Table<'misconfigured' | 'unknown'> = { ...everyCall, INVALID_REQUEST: misconfigured };

const cancel: Table<'declined' | 'not_found' | 'misconfigured' | 'unknown'> = {
  ...everyPost,
  NOT_FOUND_PAYMENT: notFound,
  // By our own earlier call, or by someone in the console: the list of cancellations tells.
  ALREADY_CANCELED_PAYMENT: lookUp,
  ALREADY_REFUND_PAYMENT: lookUp,
  ALREADY_REFUNDING_PAYMENT: lookUp,
  FAILED_REFUND_PROCESS: lookUp,
  FAILED_PARTIAL_REFUND: lookUp,
  FAILED_METHOD_HANDLING_CANCEL: lookUp,

  // Nothing was done, and the same request will not do better.
  NOT_CANCELABLE_AMOUNT: final,
  NOT_CANCELABLE_PAYMENT: final,
  NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER: final,
  EXCEED_MAX_REFUND_DUE: final,
  EXCEED_MAX_REFUND_AMOUNT: final,
  EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT: final,
  NOT_ALLOWED_PARTIAL_REFUND: final,
  NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT: final,
  NOT_MATCHES_REFUNDABLE_AMOUNT: final,
  INVALID_REFUND_ACCOUNT_INFO: otherAccount,
  INVALID_REFUND_ACCOUNT_NUMBER: otherAccount,
  INVALID_BANK: otherAccount,
  FORBIDDEN_BANK_REFUND_REQUEST: otherAccount,
  REFUND_REJECTED: final,
  EXCEED_CANCEL_LIMIT: final,
};

export const tossCodes = { confirm, query, list, cancel } as const;
export type TossCall = keyof typeof tossCodes;

/** What `code` means for `call`; one that is not listed is to be looked up. */
export function verdict(call: TossCall, code: string): Verdict {
  const table: Readonly<Record<string, Verdict>> = tossCodes[call];
  // `Object.hasOwn`: a code named `constructor` is not in the table.
  return (Object.hasOwn(table, code) ? table[code] : undefined) ?? lookUp;
}

export interface TossError {
  readonly code: string;
  readonly message?: string;
}

/** `{code, message}`, or `{error: {code, message}}` as newer resources write it. */
export function readError(json: unknown): TossError | undefined {
  const body = asObject(json);
  const error = asObject(body?.error) ?? body;
  const code = asText(error?.code);
  // Codes are short words of capitals; anything else is not one, and what it says belongs in no log.
  if (!code || !/^[A-Z][A-Z0-9_]{1,79}$/.test(code)) return undefined;
  return { code, ...present({ message: asText(error?.message)?.slice(0, 500) }) };
}

/** What an error reply can come to, per call; the tables' types see to it. */
interface ErrorOutcomes {
  confirm: Declined | Refused | Misconfigured | Unknown;
  query: NotFound | Misconfigured | Unknown;
  list: Misconfigured | Unknown;
  cancel: Declined | NotFound | Misconfigured | Unknown;
}
type NotFound = { readonly outcome: 'not_found' };

/** The port's outcome for an error reply. */
export const outcomeOf = <C extends TossCall>(call: C, error: TossError): ErrorOutcomes[C] =>
  toOutcome(verdict(call, error.code), error) as ErrorOutcomes[C];

function toOutcome(
  verdict: Verdict,
  { code, message }: TossError,
): Declined | Refused | NotFound | Misconfigured | Unknown {
  switch (verdict.as) {
    case 'declined':
      return {
        outcome: 'declined',
        code,
        ...present({ message, accountRefused: verdict.accountRefused }),
        retryable: verdict.retryable,
      };
    case 'refused':
      return { outcome: 'refused', hint: verdict.hint, detail: code };
    case 'not_found':
      return { outcome: 'not_found' };
    case 'misconfigured':
      return { outcome: 'misconfigured', code };
    case 'unknown':
      return { outcome: 'unknown', why: verdict.why, detail: code };
  }
}
