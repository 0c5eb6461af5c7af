import type { LaunchResult, Unavailable } from './launcher.js';

type Kind = 'canceled' | 'incomplete' | 'window_blocked' | 'misconfigured';

/**
 * What the SDK's codes mean; the others are Toss's or the bank's "no". From the classes in `@tosspayments/tosspayments-sdk` 2.8.1 and
 * Toss's error tables. A cancellation is only worded as one: whether anything was paid, the server finds out.
 */
const kinds: Readonly<Record<Kind, string>> = {
  canceled: 'USER_CANCEL PAY_PROCESS_CANCELED PAYMENT_REQUEST_ABORTED',
  incomplete:
    'NEED_AGREEMENT_WITH_REQUIRED_TERMS NOT_SELECTED_PAYMENT_METHOD NEED_CARD_PAYMENT_DETAIL NEED_REFUND_ACCOUNT_DETAIL',
  // Another call is still running: the next click comes after it.
  window_blocked: 'INVALID_METHOD_TRANSACTION',
  misconfigured: `INVALID_CLIENT_KEY INVALID_CUSTOMER_KEY INSECURE_KEY_USAGE INVALID_PARAMETERS INVALID_AMOUNT_VALUE
INVALID_AMOUNT_CURRENCY BELOW_ZERO_AMOUNT NOT_SETUP_AMOUNT INVALID_SELECTOR INVALID_VARIANT_KEY INCORRECT_SUCCESS_URL_FORMAT
INCORRECT_FAIL_URL_FORMAT NOT_SUPPORTED_PROMISE NOT_SUPPORTED_METHOD INVALID_METADATA V1_METHOD_NOT_SUPPORTED
NOT_SUPPORTED_WIDGET_KEY NOT_SUPPORTED_API_INDIVIDUAL_KEY PAYMENT_METHODS_WIDGET_ALREADY_RENDERED
AGREEMENT_WIDGET_ALREADY_RENDERED INVALID_API_KEY UNAUTHORIZED_KEY`,
};

const kindOf = (code: string): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind].split(/\s/).includes(code));

/** An error of ours or of the network has no code of Toss's, and its text is not for the shopper. */
function codeOf(error: unknown): { code?: string; message?: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return {};
  return typeof message === 'string' && message ? { code, message } : { code };
}

/** Nothing could be drawn. */
export function whyUnavailable(error: unknown): Unavailable {
  return { outcome: 'unavailable', why: 'misconfigured', code: 'UNKNOWN', ...codeOf(error) };
}

/** What a rejection of `requestPayment` says. `clicked`: the browser still counted the shopper's click when it was called. */
export function readFailure(error: unknown, orderId: string, clicked: boolean): LaunchResult {
  const said = codeOf(error);
  const { code = 'UNKNOWN' } = said;
  const blocked = !clicked && said.code === 'UNKNOWN';
  const kind = blocked ? 'window_blocked' : kindOf(code);
  switch (kind) {
    case 'canceled':
      return { outcome: kind, code, hints: { orderId, ...said } };
    case 'incomplete':
      return { outcome: kind, code, ...said };
    case 'window_blocked':
    case 'misconfigured':
      return { outcome: 'unavailable', why: kind, code, ...said };
    case undefined:
      return { outcome: 'failed', code, ...said, hints: { orderId, ...said } };
  }
}
