/** RFC 9457 problem, `application/problem+json`. `code` is stable; `detail` says what was expected and may change. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  /** Mistakes in the body or query: `path` as in `items[0].quantity`. */
  errors?: readonly { path: string; message: string }[];
  /** With `refund_failed`: the refund, to be read at `GET /payments/{id}/refunds/{refund}`. */
  refund?: string;
  requestId?: string;
}

interface Meaning {
  status: number;
  title: string;
}

/** Every code the API can answer with. The docs' table is made from this list. */
export const errorCodes = {
  invalid_request: { status: 400, title: 'The request is not what this endpoint expects' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key header is not usable' },
  return_url_not_allowed: { status: 400, title: "A return URL is not on one of the merchant's origins" },
  currency_mixed: { status: 400, title: 'The items are not all in one currency' },
  unauthorized: { status: 401, title: 'The bearer token is missing, wrong or expired' },
  customer_token_expired: { status: 401, title: "The shopper's token has expired" },
  customer_token_invalid: { status: 401, title: "The shopper's token is not valid" },
  webhook_not_authentic: { status: 401, title: 'The webhook is not signed by the provider, or too old' },
  forbidden: { status: 403, title: 'This kind of key may not do that' },
  cancel_not_allowed: { status: 403, title: 'The merchant does not let the shopper cancel this' },
  origin_not_allowed: { status: 403, title: "The page's origin is not on the merchant's list" },
  not_found: { status: 404, title: 'There is nothing here' },
  item_not_found: { status: 404, title: "The item is not in the merchant's catalogue" },
  session_not_found: { status: 404, title: 'There is no such session' },
  payment_not_found: { status: 404, title: 'There is no such payment' },
  refund_not_found: { status: 404, title: 'There is no such refund' },
  event_not_found: { status: 404, title: 'There is no such event' },
  comparison_not_found: { status: 404, title: 'There is no such comparison' },
  endpoint_not_found: { status: 404, title: 'There is no such webhook endpoint' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  amount_mismatch: { status: 409, title: 'The amount that came back is not the amount of this payment' },
  idempotency_key_reused: { status: 409, title: 'The Idempotency-Key was used with another body' },
  reference_reused: { status: 409, title: 'The reference was used with another body' },
  payment_in_progress: { status: 409, title: 'A payment is under way' },
  payment_already_paid: { status: 409, title: 'This is paid already' },
  payment_not_paid: { status: 409, title: 'This is not paid: there is nothing to give back' },
  payment_reference_mismatch: { status: 409, title: "The provider's key belongs to another order" },
  refund_account_not_taken: { status: 409, title: 'The refund takes no account now' },
  refund_exceeds_balance: { status: 409, title: 'There is less left to give back' },
  refund_failed: { status: 409, title: 'The provider refused the refund' },
  session_canceled: { status: 409, title: 'The session was canceled' },
  session_expired: { status: 409, title: 'The session has expired' },
  too_many_attempts: { status: 409, title: 'Too many attempts were made on this payment' },
  too_many_refunds: { status: 409, title: 'Too many refunds were made on this payment' },
  cursor_expired: { status: 410, title: 'The events after this cursor are no longer kept' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  quantity_out_of_range: { status: 422, title: 'The quantity is out of range' },
  amount_out_of_range: { status: 422, title: 'The amount is out of range' },
  method_not_available: { status: 422, title: 'The payment method is not offered' },
  refund_account_refused: { status: 422, title: 'The provider refused the refund account' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  provider_misconfigured: { status: 502, title: 'The payment provider refused our keys' },
  provider_unavailable: { status: 503, title: 'The payment provider can not be reached' },
  store_unavailable: { status: 503, title: 'The database can not be reached' },
  shutting_down: { status: 503, title: 'The server is shutting down' },
} as const satisfies Record<string, Meaning>;

export type ErrorCode = keyof typeof errorCodes;
