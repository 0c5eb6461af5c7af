import type { Reply } from '../network.js';

/** Every answer of V1's is an envelope; `code` 0 alone is success, whatever the HTTP status. */
export const done = (response: unknown, status = 200): Reply => ({
  status,
  body: { code: 0, message: null, response },
});

/** What V1 refuses for the business's sake comes with HTTP 200. The text is for people. */
export const refused = (message: string): Reply => ({ status: 200, body: { code: 1, message, response: null } });

export const failed = (status: number, message: string): Reply => ({
  status,
  body: { code: -1, message, response: null },
});

export const unauthorized = (): Reply => failed(401, 'Unauthorized');
export const notFound = (): Reply => failed(404, '존재하지 않는 결제정보입니다.');

/** What a fault asks for: a `code` of V1's (in HTTP 200, unless another status is named too), else a broken server's answer. */
export function faultReply(code: string | undefined, status: number | undefined): Reply {
  if (code === undefined) return failed(status ?? 500, 'Internal Server Error');
  const number = Number(code);
  return {
    status: status ?? 200,
    body: { code: Number.isInteger(number) ? number : -1, message: 'error asked for', response: null },
  };
}

/** What the payment company said, raw: V1 has no codes of its own for it. */
export interface PgFailure {
  readonly code: string;
  readonly message: string;
}
