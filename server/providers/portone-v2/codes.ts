import type { Declined, Misconfigured, Refused, Unknown, UnknownWhy } from '../provider.js';
import { asObject, asText, present } from '../reading.js';

/**
 * What every error type of the V2 API means for us, per call. The type decides, never the HTTP status: a decline of the payment company is a
 * 502. A type that is not in here is `unknown`, to be looked up.
 */
export type Verdict =
  | { readonly as: 'declined'; readonly retryable: boolean }
  | { readonly as: 'refused'; readonly hint: Refused['hint'] }
  | { readonly as: 'not_found' }
  | { readonly as: 'misconfigured' }
  | { readonly as: 'unknown'; readonly why: Exclude<UnknownWhy, 'no_reply'> };

type Table<V extends Verdict['as']> = Readonly<Record<string, Extract<Verdict, { as: V }>>>;

const retryable = { as: 'declined', retryable: true } as const;
const final = { as: 'declined', retryable: false } as const;
const misconfigured = { as: 'misconfigured' } as const;
const notFound = { as: 'not_found' } as const;
const unknownRecord = { as: 'refused', hint: 'unknown_record' } as const;
/** It answered, and a lookup must tell what happened. */
const lookUp = { as: 'unknown', why: 'temporary' } as const;
const stillRunning = { as: 'unknown', why: 'in_progress' } as const;

const everyCall = {
  UNAUTHORIZED: misconfigured,
  // Another store's: the secret is not for the store that we name.
  FORBIDDEN: misconfigured,
} as const;

/** Documented beside the schema: a call under the same key is still being worked on. */
const everyPost = { ...everyCall, IDEMPOTENCY_OUTSTANDING_REQUEST: stillRunning } as const;

const preRegister: Table<'misconfigured' | 'unknown'> = {
  ...everyPost,
  INVALID_REQUEST: misconfigured,
  ALREADY_PAID: lookUp,
};

const query: Table<'not_found' | 'misconfigured' | 'unknown'> = {
  ...everyCall,
  INVALID_REQUEST: misconfigured,
  PAYMENT_NOT_FOUND: notFound,
};

const list: Table<'misconfigured' | 'unknown'> = { ...everyCall, INVALID_REQUEST: misconfigured };

const confirm: Table<'refused' | 'misconfigured' | 'unknown'> = {
  ...everyPost,
  // The token came through a browser: all else in the body is ours and well formed.
  INVALID_REQUEST: unknownRecord,
  INVALID_PAYMENT_TOKEN: unknownRecord,
  PAYMENT_NOT_FOUND: unknownRecord,
  // The window was opened for another amount or currency, or it is another attempt's token.
  INFORMATION_MISMATCH: { as: 'refused', hint: 'other_amount' },
  ALREADY_PAID: lookUp,
  ALREADY_PAID_OR_WAITING: lookUp,
  // A decline, or a failure on the way to the payment company: the record's status tells which.
  PG_PROVIDER: lookUp,
};

const cancel: Table<'declined' | 'not_found' | 'misconfigured' | 'unknown'> = {
  ...everyPost,
  PAYMENT_NOT_FOUND: notFound,
  // By our own earlier call, or by someone in the console: the list of cancellations tells.
  PAYMENT_ALREADY_CANCELLED: lookUp,
  // The balance is not what we read: nothing was done, and what is there now has to be read again.
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: lookUp,

  // Nothing was done, and the same request will not do better.
  INVALID_REQUEST: final,
  PAYMENT_NOT_PAID: final,
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: final,
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT: final,
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: final,
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: final,
  NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT: final,
  PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED: final,
  MAX_CANCEL_COUNT_REACHED: final,
  // The payment company said no (too late, account not fit for it, …). Callers believe a no only after a look.
  PG_PROVIDER: retryable,
};

const close: Table<'declined' | 'not_found' | 'misconfigured' | 'unknown'> = {
  ...everyPost,
  PAYMENT_NOT_FOUND: notFound,
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: final,
  INVALID_REQUEST: final,
  PG_PROVIDER: lookUp,
};

export const portOneV2Codes = { preRegister, query, list, confirm, cancel, close } as const;
export type PortOneV2Call = keyof typeof portOneV2Codes;

/** What an error type means for `call`; one that is not listed is to be looked up. */
export function verdict(call: PortOneV2Call, type: string): Verdict {
  const table: Readonly<Record<string, Verdict>> = portOneV2Codes[call];
  // `Object.hasOwn`: a type named `constructor` is not in the table.
  return (Object.hasOwn(table, type) ? table[type] : undefined) ?? lookUp;
}

/**
 * What payment companies say of a refund account, as PortOne passes it on (Toss's words; others' are not known). Any other code is a plain
 * no.
 */
const accountCodes: ReadonlySet<string> = new Set([
  'INVALID_REFUND_ACCOUNT_INFO',
  'INVALID_REFUND_ACCOUNT_NUMBER',
  'INVALID_BANK',
  'FORBIDDEN_BANK_REFUND_REQUEST',
]);

export interface PortOneV2Error {
  readonly type: string;
  /** The payment company's own code, of any form. */
  readonly pgCode?: string;
  readonly message?: string;
}

/** `{type, message}`; `PG_PROVIDER` adds what the payment company said, which is what the shopper can be told. */
export function readError(json: unknown): PortOneV2Error | undefined {
  const body = asObject(json);
  const type = asText(body?.type);
  // Types are short words of capitals; anything else is not one, and what it says belongs in no log.
  if (!body || !type || !/^[A-Z][A-Z0-9_]{1,79}$/.test(type)) return undefined;
  const pgCode = asText(body.pgCode);
  return {
    type,
    ...present({
      pgCode: pgCode && /^[\w.-]{1,80}$/.test(pgCode) ? pgCode : undefined,
      message: (asText(body.pgMessage) ?? asText(body.message))?.slice(0, 500),
    }),
  };
}

/** What an error reply can come to, per call; the tables' types see to it. */
interface ErrorOutcomes {
  preRegister: Misconfigured | Unknown;
  query: NotFound | Misconfigured | Unknown;
  list: Misconfigured | Unknown;
  confirm: Refused | Misconfigured | Unknown;
  cancel: Declined | NotFound | Misconfigured | Unknown;
  close: Declined | NotFound | Misconfigured | Unknown;
}
type NotFound = { readonly outcome: 'not_found' };

/** The port's outcome for an error reply. */
export const outcomeOf = <C extends PortOneV2Call>(call: C, error: PortOneV2Error): ErrorOutcomes[C] =>
  toOutcome(verdict(call, error.type), error) as ErrorOutcomes[C];

function toOutcome(
  verdict: Verdict,
  { type, pgCode, message }: PortOneV2Error,
): Declined | Refused | NotFound | Misconfigured | Unknown {
  switch (verdict.as) {
    case 'declined':
      return {
        outcome: 'declined',
        code: pgCode ?? type,
        ...present({ message }),
        retryable: verdict.retryable,
        ...(pgCode !== undefined && accountCodes.has(pgCode) && { accountRefused: true }),
      };
    case 'refused':
      return { outcome: 'refused', hint: verdict.hint, detail: type };
    case 'not_found':
      return { outcome: 'not_found' };
    case 'misconfigured':
      return { outcome: 'misconfigured', code: type };
    case 'unknown':
      return { outcome: 'unknown', why: verdict.why, detail: pgCode ? `${type} ${pgCode}` : type };
  }
}
