import { randomBytes } from 'node:crypto';
import type { Clock, Instant } from '../../../server/ops/clock.js';
import { minute } from '../../../server/ops/clock.js';

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** One token per key, valid for half an hour: asking again gives the same one, with five minutes more if less than one is left. */
export interface Tokens {
  issue(apiKey: string): AccessToken;
  /** The key that it was issued for, unless it has expired. */
  keyOf(token: string): string | undefined;
  reset(): void;
}

export function createTokens(clock: Clock): Tokens {
  const tokens = new Map<string, AccessToken>();
  return {
    issue(apiKey) {
      const now = clock.now();
      const known = tokens.get(apiKey);
      const valid = known !== undefined && known.expiresAt > now;
      if (valid && known.expiresAt - now >= minute) return known;
      const issued = valid
        ? { ...known, expiresAt: known.expiresAt + 5 * minute }
        : { token: randomBytes(20).toString('hex'), expiresAt: now + 30 * minute };
      tokens.set(apiKey, issued);
      return issued;
    },
    keyOf(token) {
      for (const [apiKey, each] of tokens) {
        if (each.token === token && each.expiresAt > clock.now()) return apiKey;
      }
      return undefined;
    },
    reset: () => tokens.clear(),
  };
}
