import type { SessionView } from '../../contract/index.js';

/** Why a payment was declined or can't be made any more, in a shopper's terms. Each has a text in every language. */
export const reasons = [
  'limit',
  'tooOften',
  'card',
  'issuer',
  'installment',
  'minimum',
  'account',
  'hours',
  'password',
  'provider',
  'timeOver',
  'sessionExpired',
  'sessionCanceled',
  'other',
] as const;
export type Reason = (typeof reasons)[number];

/** Why nothing can be opened or asked just now. */
export const obstacles = ['offline', 'server', 'script_blocked', 'script_timeout', 'window_blocked'] as const;
export type Obstacle = (typeof obstacles)[number];
/** Those that only come after a press, or the preparing for one. */
export type WindowObstacle = 'script_blocked' | 'window_blocked';

/** How a payment stands. Closed: paid, pending, declined, canceled, over for good (`ended`), still to be paid, or being decided. */
export type Outcome =
  | { kind: 'paid' | 'pending' | 'canceled' | 'open' | 'processing' }
  | { kind: 'declined' | 'ended'; reason: Reason; code: string; message?: string; retryable: boolean };

/** What the provider's window said on the way back. A hint: it only names what the server finds nothing about. */
export interface Told {
  code?: string;
  message?: string;
  canceled?: boolean;
}

/** Codes of both providers (PortOne passes on those of the payment company behind it). What is not listed is `other`. */
const groups: Readonly<Partial<Record<Reason, string>>> = {
  limit:
    'REJECT_CARD_PAYMENT EXCEED_MAX_AMOUNT EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_ONE_DAY_AMOUNT EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT',
  tooOften: 'EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_AUTH_COUNT',
  card: 'INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_EXPIRATION INVALID_CARD_NUMBER INVALID_CARD_LOST_OR_STOLEN',
  issuer: 'REJECT_CARD_COMPANY FDS_ERROR',
  installment: 'NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT INVALID_CARD_INSTALLMENT_PLAN',
  minimum: 'BELOW_MINIMUM_AMOUNT',
  account: 'RESTRICTED_TRANSFER_ACCOUNT REJECT_ACCOUNT_PAYMENT REJECT_TOSSPAY_INVALID_ACCOUNT',
  hours: 'NOT_AVAILABLE_PAYMENT NOT_AVAILABLE_BANK',
  password: 'INVALID_PASSWORD',
  provider: 'PROVIDER_ERROR CARD_PROCESSING_ERROR PROVIDER_STATUS_UNHEALTHY PAY_PROCESS_ABORTED',
  timeOver: 'NOT_FOUND_PAYMENT_SESSION EXPIRED TIMEOUT',
};
/** By the first code that says something. */
const reasonOf = ([code, ...others]: (string | undefined)[]): Reason =>
  (Object.keys(groups) as Reason[]).find((reason) => code && groups[reason]?.split(' ').includes(code)) ??
  (others.length > 0 ? reasonOf(others) : 'other');

const closings = new Set(['USER_CANCEL', 'PAY_PROCESS_CANCELED', 'PAYMENT_REQUEST_ABORTED']);

/** Did the shopper close the window? PortOne V2 has no code for it: the company's words are all there is. */
export const isClosing = ({ code = '', message = '', canceled }: Told): boolean =>
  canceled === true || closings.has(code) || /사용자.*취소|취소(하|되)|cancel+ed by/i.test(message);

/** How a session stands, and why. `told` counts only where the server knows of no failure of its own. */
export function outcomeOf(session: SessionView, told: Told = {}): Outcome {
  const { status, failure, attempt } = session;
  // PortOne V1's records have words and no code: only its window has one.
  const reason = reasonOf([failure?.code, told.code]);
  const why = { code: failure?.code ?? told.code ?? '', ...withMessage(failure?.message ?? told.message) };
  if (status === 'paid' || status === 'partially_refunded' || status === 'refunded') return { kind: 'paid' };
  if (session.processing) return { kind: 'processing' };
  switch (status) {
    case 'pending':
      return { kind: 'pending' };
    case 'expired':
      return { kind: 'ended', reason: 'sessionExpired', retryable: false, ...why, code: 'session_expired' };
    case 'canceled':
      return { kind: 'ended', reason: 'sessionCanceled', retryable: false, ...why, code: 'session_canceled' };
    case 'failed':
      return { kind: 'ended', reason, retryable: false, ...why };
    default:
  }
  if (!failure && !told.code && !told.canceled) return { kind: attempt?.state === 'canceled' ? 'canceled' : 'open' };
  if (isClosing({ ...told, ...failure })) return { kind: 'canceled' };
  return { kind: 'declined', reason, retryable: failure?.retryable ?? true, ...why };
}

const withMessage = (message: string | undefined) => (message ? { message } : {});
