import type { Reply } from '../network.js';

/** The error types a server branches on, with the status that the schema gives each. */
const statuses = {
  INVALID_REQUEST: 400,
  INVALID_PAYMENT_TOKEN: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  PAYMENT_NOT_FOUND: 404,
  ALREADY_PAID: 409,
  INFORMATION_MISMATCH: 409,
  PAYMENT_NOT_PAID: 409,
  PAYMENT_ALREADY_CANCELLED: 409,
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: 409,
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: 409,
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: 409,
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: 409,
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: 409,
  MAX_TRANSACTION_COUNT_REACHED: 400,
  IDEMPOTENCY_OUTSTANDING_REQUEST: 409,
  PG_PROVIDER: 502,
  /** Not in the schema, as a broken server's answers never are. */
  INTERNAL_SERVER_ERROR: 500,
} as const;
export type V2Type = keyof typeof statuses;

/** What the payment company said. */
export interface PgFailure {
  readonly pgCode: string;
  readonly pgMessage: string;
}

export function errorReply(type: V2Type, message?: string): Reply {
  return { status: statuses[type], body: { type, ...(message !== undefined && { message }) } };
}

export const pgReply = (failure: PgFailure): Reply => ({
  status: statuses.PG_PROVIDER,
  body: { type: 'PG_PROVIDER', message: '결제대행사 오류', ...failure },
});

/** Any type that a fault asks for. */
export function faultReply(type: string, status: number | undefined): Reply {
  if (type === 'PG_PROVIDER')
    return pgReply({ pgCode: 'PROVIDER_ERROR', pgMessage: '일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.' });
  const known = Object.hasOwn(statuses, type) ? statuses[type as V2Type] : 400;
  return { status: status ?? known, body: { type, message: 'error asked for' } };
}
