import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../ops/clock.js';
import { idPattern } from '../ops/ids.js';

/** What a return token says: which session's outcome its holder may see, and until when. */
export interface ReturnToken {
  /** `cs_…` */
  readonly session: string;
  readonly expiresAt: Instant;
}

/**
 * The tokens we make ourselves. They are MACs, not records: each can be rendered again and read by any server that knows the secrets.
 * Reading proves only that we made the token; expiry is the reader's to check.
 */
export interface Tokens {
  /** `cs_<26>_secret_<mac>` for a session id `cs_<26>`. */
  clientSecret(session: string): string;
  /** The session id, if the secret is one of ours. */
  readClientSecret(token: string): string | undefined;
  /** `rt_<26>_<expiry>_<mac>` */
  returnToken(session: string, expiresAt: Instant): string;
  readReturnToken(token: string): ReturnToken | undefined;
}

const macPattern = '[A-Za-z0-9_-]{43}';
const sessionId = new RegExp(`^cs_${idPattern}$`);
const clientSecret = new RegExp(`^(cs_${idPattern})_secret_(${macPattern})$`);
const returnToken = new RegExp(`^rt_(${idPattern})_([0-9a-z]{1,9})_(${macPattern})$`);

type Purpose = 'client-secret' | 'return-token';

/** A key of its own for each purpose, so that no MAC made for one is good for another. */
const purposeKey = (appSecret: string, purpose: Purpose): Buffer =>
  createHmac('sha256', appSecret).update(`pay-checkout/v1/${purpose}`).digest();

const mac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

/** `appSecrets`: the first signs, all verify. Rotate by putting the new one first and dropping the old one when its tokens are spent. */
export function createTokens(options: { readonly appSecrets: readonly string[] }): Tokens {
  if (options.appSecrets.length === 0) throw new Error('createTokens needs at least one secret');
  const keysFor = (purpose: Purpose) => options.appSecrets.map((secret) => purposeKey(secret, purpose));
  const clientKeys = keysFor('client-secret');
  const returnKeys = keysFor('return-token');

  // The text is compared, not the bytes: two spellings of one MAC (base64url has spare bits) must not both be good.
  const good = (keys: readonly Buffer[], text: string, given: string): boolean => {
    const bytes = Buffer.from(given);
    return keys.some((key) => timingSafeEqual(Buffer.from(mac(key, text)), bytes));
  };
  const checkedSession = (session: string): string => {
    if (!sessionId.test(session)) throw new Error('not a session id');
    return session;
  };

  return {
    clientSecret: (session) => `${session}_secret_${mac(clientKeys[0] as Buffer, checkedSession(session))}`,
    readClientSecret(token) {
      const [, session, given] = clientSecret.exec(token) ?? [];
      return session && given && good(clientKeys, session, given) ? session : undefined;
    },
    returnToken(session, expiresAt) {
      const until = expiresAt.toString(36);
      return `rt_${checkedSession(session).slice(3)}_${until}_${mac(returnKeys[0] as Buffer, `${session}.${until}`)}`;
    },
    readReturnToken(token) {
      const [, id, until, given] = returnToken.exec(token) ?? [];
      if (!id || !until || !given) return undefined;
      const session = `cs_${id}`;
      if (!good(returnKeys, `${session}.${until}`, given)) return undefined;
      return { session, expiresAt: Number.parseInt(until, 36) };
    },
  };
}

/** Equal, in time that does not depend on where they differ. For opaque secrets of any length. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
