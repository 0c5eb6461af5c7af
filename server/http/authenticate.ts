import type { IncomingHttpHeaders } from 'node:http';
import type { Merchant, Merchants } from '../merchants/merchant.js';
import { verifyShopperToken } from '../merchants/shopper-tokens.js';
import type { Clock } from '../ops/clock.js';
import type { Tokens } from '../secrets/tokens.js';
import { sameSecret } from '../secrets/tokens.js';
import type { Caller, CallerKind } from './caller.js';
import { callerNames } from './caller.js';
import { ApiError } from './problem.js';

export interface AuthenticateDeps {
  readonly merchants: Merchants;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly cronSecret?: string | undefined;
  readonly operatorSecret?: string | undefined;
}

const unauthorized = (detail: string) =>
  new ApiError('unauthorized', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });

function bearerOf(header: string | undefined): string {
  if (header === undefined) throw unauthorized('Send Authorization: Bearer <token>.');
  const [, token] = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(header) ?? [];
  if (token === undefined) throw unauthorized('The Authorization header must be: Bearer <token>.');
  return token;
}

/** Whose token this is. Throws `ApiError unauthorized`, or `customer_token_invalid` for a shopper's token. */
async function callerOf(token: string, deps: AuthenticateDeps): Promise<Caller> {
  const { merchants, tokens, clock } = deps;
  if (token.startsWith('pk_')) {
    const merchant = merchants.byPublishableKey(token);
    if (!merchant) throw unauthorized('There is no such publishable key.');
    return { kind: 'publishable', merchant };
  }
  if (token.startsWith('sk_')) {
    const merchant = merchants.bySecretKey(token);
    if (!merchant) throw unauthorized('There is no such secret key.');
    return { kind: 'secret', merchant };
  }
  if (token.startsWith('cs_')) {
    const session = tokens.readClientSecret(token);
    if (session === undefined) throw unauthorized('The client secret is not one of ours.');
    return { kind: 'session', session };
  }
  if (token.startsWith('rt_')) {
    const read = tokens.readReturnToken(token);
    if (!read) throw unauthorized('The return token is not one of ours.');
    if (read.expiresAt <= clock.now()) throw unauthorized('The return token has expired.');
    return { kind: 'return', ...read };
  }
  if (deps.cronSecret !== undefined && sameSecret(token, deps.cronSecret)) return { kind: 'cron' };
  if (deps.operatorSecret !== undefined && sameSecret(token, deps.operatorSecret)) return { kind: 'operator' };
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) {
    return { kind: 'shopper', ...(await verifyShopperToken(token, merchants, clock)) };
  }
  throw unauthorized('The token is of no kind we know.');
}

/**
 * A publishable key is public, so it counts only on the merchant's own pages. Browsers send `Origin` on every cross-origin request and
 * pages can't change it; on a same-origin GET they leave it out and say so in `Sec-Fetch-Site`, which pages can't write either.
 */
export function checkOrigin(merchant: Merchant, headers: IncomingHttpHeaders): void {
  const { origin } = headers;
  const setting = 'the merchant\'s "origins" (ORIGINS)';
  if (origin === undefined) {
    if (headers['sec-fetch-site'] === 'same-origin') return;
    throw new ApiError(
      'origin_not_allowed',
      `There is no Origin header. A publishable key is for pages in a browser, on an origin in ${setting}; a server uses its secret key.`,
    );
  }
  if (origin === 'null') {
    throw new ApiError(
      'origin_not_allowed',
      'The page has the origin "null": it is in a sandboxed frame, a data: URL or a local file, and could be anyone\'s. Serve it from an http(s) address.',
    );
  }
  if (!merchant.origins.includes(origin)) {
    throw new ApiError('origin_not_allowed', `The origin ${origin.slice(0, 200)} is not in ${setting}.`);
  }
}

/** Who is calling. Throws where the token is missing, wrong or expired. The origin is not looked at. */
export const authenticate = async (headers: IncomingHttpHeaders, deps: AuthenticateDeps): Promise<Caller> =>
  callerOf(bearerOf(headers.authorization), deps);

/** The answer to a good token of a kind that may not do this. */
export function wrongKind(kind: CallerKind, accepted: readonly CallerKind[]): ApiError {
  const names = accepted.map((each) => callerNames[each]).join(' or ');
  return new ApiError('forbidden', `This was sent with ${callerNames[kind]}; it takes ${names}.`);
}
