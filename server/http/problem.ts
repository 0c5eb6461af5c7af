import type { ErrorRequestHandler } from 'express';
import type { ErrorCode, Problem } from '../../contract/index.js';
import { errorCodes } from '../../contract/index.js';
import { InvalidShopperToken } from '../merchants/shopper-tokens.js';
import type { Logger } from '../ops/logging.js';
import { BadCursor, StoreUnavailable } from '../store/store.js';

export type FieldError = NonNullable<Problem['errors']>[number];

/**
 * An answer that is an error, thrown from anywhere below a route. `detail` is shown to the caller: it says what was expected, and
 * holds no secret and nothing of other people.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly refund: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    detail?: string,
    more: {
      readonly errors?: readonly FieldError[];
      readonly refund?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail ?? errorCodes[code].title);
    this.code = code;
    this.detail = detail;
    this.errors = more.errors;
    this.refund = more.refund;
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** Seconds after which a caller may ask again when we, not they, are the reason. */
const retryAfter = { 'Retry-After': '2' };

/** What the body parser and the router throw, by their `type`. */
function fromExpress(error: object): ApiError | undefined {
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.too.large':
      return new ApiError('body_too_large', 'The body may have at most 64 KB.');
    case 'entity.parse.failed':
      return new ApiError('invalid_json', 'Send one JSON object.');
    case 'encoding.unsupported':
      return new ApiError('unsupported_media_type', 'Send the body uncompressed.');
    case 'charset.unsupported':
      return new ApiError('unsupported_media_type', 'Send the body in UTF-8.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new ApiError('invalid_request', 'The body ended before its Content-Length.');
  }
  // A path that can't be percent-decoded.
  if (error instanceof URIError || status === 400) return new ApiError('invalid_request', 'The URL is malformed.');
  return undefined;
}

/** The answer for anything thrown: an `ApiError` as it is, known failures by their code, all else `internal` without a word of detail. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidShopperToken)
    return new ApiError(error.expired ? 'customer_token_expired' : 'customer_token_invalid', error.message);
  if (error instanceof StoreUnavailable) {
    return new ApiError('store_unavailable', 'Nothing is lost: send the same request again.', { headers: retryAfter });
  }
  if (error instanceof BadCursor) {
    return new ApiError('invalid_request', 'The cursor is not one of this list.', {
      errors: [{ path: 'after', message: 'use the `next` of the page before, with the same filters' }],
    });
  }
  const known = typeof error === 'object' && error !== null ? fromExpress(error) : undefined;
  return known ?? new ApiError('internal');
}

/** The problem document (RFC 9457). Its `type` leads to the table of errors on `/docs`. */
export function problemOf(error: ApiError, requestId: string): Problem {
  const { status, title } = errorCodes[error.code];
  return {
    type: `/docs#${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    ...(error.refund === undefined ? {} : { refund: error.refund }),
    requestId,
  };
}

/** The last middleware: every error becomes a problem document; what was no `ApiError` is a bug or an outage and is logged. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const answer = toApiError(error);
    const requestId = String(res.locals.requestId ?? '');
    res.locals.code = answer.code;
    if (answer.status >= 500 && !(error instanceof ApiError)) {
      log.error('request_failed', { requestId, code: answer.code, error });
    }
    // Too late for an answer: cutting the connection tells the caller that what it has is not whole.
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.status(answer.status).set(answer.headers).set('Cache-Control', 'no-store');
    res.type('application/problem+json').send(JSON.stringify(problemOf(answer, requestId)));
  };
}
