import { SignJWT } from 'jose';
import type { Person } from './people.js';

export interface TokenKeys {
  /** Names this merchant: the token's issuer. */
  readonly publishableKey: string;
  /** What the merchant's `shopperTokens` are checked with: at least 32 bytes. */
  readonly tokenSecret: string;
}

/** At most an hour is allowed; the page asks for a new one well before. */
const lastsSeconds = 30 * 60;

/** What tells the pay-checkout server who is signed in here. `now`: by the server's clock, in ms. */
export function customerToken(
  { publishableKey, tokenSecret }: TokenKeys,
  { id }: Person,
  now: number,
): Promise<string> {
  const seconds = Math.floor(now / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(publishableKey)
    .setAudience('pay-checkout')
    .setSubject(id)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + lastsSeconds)
    .sign(new TextEncoder().encode(tokenSecret));
}
