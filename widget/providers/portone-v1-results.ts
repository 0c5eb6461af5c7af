import type { Hints, LaunchResult } from './launcher.js';

/**
 * What V1's callback is given. All of it comes from outside, and `imp_uid` is null where it refused before a window opened. `success` is
 * not read: it is deprecated, new scripts leave it out, and it may be false of a payment that was made.
 */
interface Said {
  imp_uid?: unknown;
  error_code?: unknown;
  error_msg?: unknown;
}

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

/** Whoever closed a window of Toss's: V1 has no code of its own for it, and hands on the payment company's, each with another one. */
const closings = /^(USER_CANCEL|PAY_PROCESS_CANCELED|PAYMENT_REQUEST_ABORTED)$/;

/**
 * The callback's word: an `error_code` means that it was not paid, as far as V1 knows. `clicked`: the browser still counted the shopper's
 * click when V1 was called.
 */
export function readResponse(given: unknown, orderId: string, clicked: boolean): LaunchResult {
  const said = (given ?? {}) as Said;
  const impUid = text(said.imp_uid);
  const message = text(said.error_msg);
  const failed = said.error_code !== undefined && said.error_code !== null;
  const code = failed ? (text(said.error_code) ?? 'UnknownError') : undefined;
  const hints: Hints = {
    orderId,
    ...(impUid && { impUid }),
    ...(code && { code, ...(message && { message }) }),
  };
  if (!code) return { outcome: 'returned', hints };
  // There is no record of it: nothing opened.
  if (!clicked && !impUid) return { outcome: 'unavailable', why: 'window_blocked', code, ...(message && { message }) };
  if (closings.test(code)) return { outcome: 'canceled', code, hints };
  // Some payment companies want their own words to be shown unchanged (Naver Pay).
  return { outcome: 'failed', code, ...(message && { message }), hints };
}

/** V1 broke off without a word of its own. Its text is not for the shopper; whether a window opened before, the server finds out. */
export const readThrown = (orderId: string, clicked: boolean): LaunchResult =>
  clicked
    ? { outcome: 'failed', code: 'UnknownError', hints: { orderId } }
    : { outcome: 'unavailable', why: 'window_blocked', code: 'UnknownError' };
