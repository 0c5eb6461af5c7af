import type { LaunchResult, Unavailable } from './launcher.js';
import { hintsOf, type Said, text } from './portone-v2-hints.js';

/**
 * PortOne has no code for a shopper who left: it comes as a failure of the payment company's, whose code or text says so. That only
 * chooses the words: whether anything was paid, the server finds out.
 */
const left = (...said: (string | undefined)[]) =>
  said.some(
    (each) => each && /user.?cancel|process_cancel|payment_request_aborted|사용자.{0,12}취소|취소하(셨|였)/i.test(each),
  );

/** Refused before a window opened, for a reason in the merchant's settings. Codes of `@portone/browser-sdk` 0.1.11. */
const ownersMistakes =
  /^(BadRequest|RequestParseFailed|InvalidArgument|NotFound|StoreNotFound|ChannelNotFound|ConfirmUrlRequired|Unauthenticated|PermissionDenied|Unimplemented|AllChannelsNotSatisfied)$/;

/** The result of a window, or of PayPal's button: a `code` means that it was not paid. */
export function readResponse(said: Said, orderId: string): LaunchResult {
  const code = text(said.code);
  return code ? refused(code, said, orderId) : { outcome: 'returned', hints: hintsOf(said, orderId) };
}

function refused(code: string, said: Said, orderId: string): LaunchResult {
  const hints = hintsOf(said, orderId);
  const [pgCode, message] = [text(said.pgCode), text(said.pgMessage) ?? text(said.message)];
  if (left(pgCode, code, message)) return { outcome: 'canceled', code: pgCode ?? code, hints };
  // Some payment companies want their own words to be shown unchanged (Naver Pay).
  return { outcome: 'failed', code: pgCode ?? code, ...(message && { message }), hints };
}

/** What a call rejected with. `clicked`: the browser still counted the shopper's click when it was called. */
export function readRefusal(error: unknown, orderId: string, clicked: boolean): LaunchResult {
  const said = (error ?? {}) as Said;
  const code = text(said.code);
  // An error of the network or of a broken script: its text is not for the shopper.
  if (!code) return { outcome: 'failed', code: 'UnknownError', hints: { orderId } };
  // Paid in another tab, or at an earlier try whose answer was lost: the server knows.
  if (code === 'PaymentAlreadyPaid') return { outcome: 'returned', hints: { orderId } };
  if (!clicked && code === 'UnknownError') return unavailable('window_blocked', said, code);
  if (ownersMistakes.test(code) && !text(said.pgCode)) return unavailable('misconfigured', said, code);
  return refused(code, said, orderId);
}

/** PayPal's button could not be drawn. */
export const whyNotDrawn = (error: unknown): Unavailable =>
  unavailable('misconfigured', (error ?? {}) as Said, text((error as Said | undefined)?.code) ?? 'UnknownError');

function unavailable(why: Unavailable['why'], said: Said, code: string): Unavailable {
  const message = text(said.pgMessage) ?? text(said.message);
  return { outcome: 'unavailable', why, code, ...(message && { message }) };
}
