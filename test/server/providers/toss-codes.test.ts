import { describe, expect, test } from 'vitest';
import { outcomeOf, readError, type TossCall, tossCodes, verdict } from '../../../server/providers/toss/codes.js';

/** The error tables of Toss's documentation for the three calls, as they stand there, with what each must come to. */
const documented: Record<TossCall, Record<string, string>> = {
  confirm: {
    lookUp: `ALREADY_PROCESSED_PAYMENT PROVIDER_ERROR CARD_PROCESSING_ERROR FAILED_INTERNAL_SYSTEM_PROCESSING
      FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR COMMON_ERROR`,
    inProgress: 'IDEMPOTENT_REQUEST_PROCESSING',
    unknownRecord: 'NOT_FOUND_PAYMENT INVALID_PAYMENT_KEY',
    otherOrder: 'UNAPPROVED_ORDER_ID',
    otherAmount: 'INVALID_REQUEST',
    misconfigured: `INVALID_API_KEY UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT FORBIDDEN_REQUEST
      API_VERSION_UPDATE_NEEDED INVALID_IDEMPOTENCY_KEY NOT_FOUND_HTTP_METHOD`,
    retryable: `NOT_FOUND_PAYMENT_SESSION INVALID_CARD_EXPIRATION INVALID_CARD_NUMBER INVALID_PASSWORD
      EXCEED_MAX_AMOUNT EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT
      EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT EXCEED_MAX_ONE_DAY_AMOUNT NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT
      INVALID_CARD_INSTALLMENT_PLAN RESTRICTED_TRANSFER_ACCOUNT NOT_AVAILABLE_PAYMENT REJECT_CARD_PAYMENT
      REJECT_CARD_COMPANY REJECT_ACCOUNT_PAYMENT NOT_AVAILABLE_BANK`,
    final: `INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_LOST_OR_STOLEN BELOW_MINIMUM_AMOUNT
      REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT FDS_ERROR`,
  },
  query: {
    notFound: 'NOT_FOUND_PAYMENT NOT_FOUND',
    lookUp: 'FORBIDDEN_CONSECUTIVE_REQUEST',
    misconfigured: 'INVALID_API_KEY UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT NOT_FOUND_HTTP_METHOD',
  },
  list: {
    lookUp: 'FORBIDDEN_CONSECUTIVE_REQUEST COMMON_ERROR',
    misconfigured: 'INVALID_REQUEST INVALID_API_KEY UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT NOT_FOUND_HTTP_METHOD',
  },
  cancel: {
    notFound: 'NOT_FOUND_PAYMENT',
    lookUp: `ALREADY_CANCELED_PAYMENT ALREADY_REFUND_PAYMENT ALREADY_REFUNDING_PAYMENT PROVIDER_ERROR FAILED_REFUND_PROCESS
      FAILED_PARTIAL_REFUND FAILED_METHOD_HANDLING_CANCEL COMMON_ERROR FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING
      FORBIDDEN_CONSECUTIVE_REQUEST`,
    inProgress: 'IDEMPOTENT_REQUEST_PROCESSING',
    misconfigured:
      'INVALID_API_KEY UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT FORBIDDEN_REQUEST INVALID_IDEMPOTENCY_KEY',
    final: `NOT_CANCELABLE_AMOUNT NOT_CANCELABLE_PAYMENT EXCEED_MAX_REFUND_DUE EXCEED_CANCEL_LIMIT EXCEED_MAX_REFUND_AMOUNT
      NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER NOT_ALLOWED_PARTIAL_REFUND NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT
      NOT_MATCHES_REFUNDABLE_AMOUNT INVALID_REFUND_ACCOUNT_INFO INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK
      FORBIDDEN_BANK_REFUND_REQUEST REFUND_REJECTED EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT`,
  },
};

const expected: Record<string, object> = {
  lookUp: { outcome: 'unknown', why: 'temporary' },
  inProgress: { outcome: 'unknown', why: 'in_progress' },
  unknownRecord: { outcome: 'refused', hint: 'unknown_record' },
  otherOrder: { outcome: 'refused', hint: 'other_order' },
  otherAmount: { outcome: 'refused', hint: 'other_amount' },
  misconfigured: { outcome: 'misconfigured' },
  retryable: { outcome: 'declined', retryable: true },
  final: { outcome: 'declined', retryable: false },
  notFound: { outcome: 'not_found' },
};

const calls = ['confirm', 'query', 'list', 'cancel'] as const;

describe.each(calls)('%s – every documented code', (call) => {
  const rows = Object.entries(documented[call]).flatMap(([meaning, codes]) =>
    codes.split(/\s+/).map((code) => [code, meaning] as const),
  );

  test.each(rows)('%s → %s', (code, meaning) => {
    expect(Object.keys(tossCodes[call])).toContain(code);
    expect(outcomeOf(call, { code, message: 'why' })).toMatchObject(expected[meaning]!);
  });
});

describe('a code that nobody documented', () => {
  test.each(calls)('%s – is looked up', (call) => {
    for (const code of ['BRAND_NEW_ERROR', 'constructor', '__proto__', 'toString', '']) {
      expect(verdict(call, code)).toEqual({ as: 'unknown', why: 'temporary' });
    }
  });
});

describe('an error body', () => {
  test('is read in the old and in the new form', () => {
    const error = { code: 'REJECT_CARD_PAYMENT', message: '한도초과' };
    expect(readError(error)).toEqual(error);
    expect(readError({ version: '2022-11-16', traceId: 't', error })).toEqual(error);
  });

  test('without a message it still has its code', () => {
    expect(readError({ code: 'COMMON_ERROR', message: null })).toEqual({ code: 'COMMON_ERROR' });
  });

  test.each([
    undefined,
    null,
    'text',
    7,
    [],
    {},
    { code: 7 },
    { code: '' },
    { code: 'kim@example.com' },
    { error: 'no' },
  ])('%j is no error that we know', (body) => {
    expect(readError(body)).toBeUndefined();
  });

  test('a decline keeps its code and text for the shopper', () => {
    expect(outcomeOf('confirm', { code: 'REJECT_CARD_PAYMENT', message: '한도초과' })).toEqual({
      outcome: 'declined',
      code: 'REJECT_CARD_PAYMENT',
      message: '한도초과',
      retryable: true,
    });
  });
});
