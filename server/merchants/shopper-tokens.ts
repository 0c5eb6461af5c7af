import type { CryptoKey, JWTPayload, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, decodeJwt, errors, importSPKI, jwtVerify } from 'jose';
import type { Clock } from '../ops/clock.js';
import type { Merchant, Merchants, ShopperTokens } from './merchant.js';

export interface Shopper {
  readonly merchant: Merchant;
  /** The token's `sub`: the merchant's own id of this person. */
  readonly customer: string;
}

/** Every token names us, so that one made for another service is not good here. */
export const shopperAudience = 'pay-checkout';

/** A merchant's id of a shopper: 1 to 200 visible characters. */
export const customerPattern = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,200}$/u;

/** How far a merchant's clock may be off, in seconds. */
const leeway = 30;
const longest = 3_600;

type Key = Uint8Array | CryptoKey | JWTVerifyGetKey;
const keys = new WeakMap<ShopperTokens, Promise<Key>>();

/** The merchant's key, imported once; a JWKS is fetched when first needed and kept as long as jose keeps it. */
function keyOf(settings: ShopperTokens): Promise<Key> {
  let key = keys.get(settings);
  if (!key) {
    key =
      'secret' in settings
        ? Promise.resolve(settings.secret)
        : 'publicKey' in settings
          ? importSPKI(settings.publicKey, settings.algorithm)
          : Promise.resolve(createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: 5_000 }));
    keys.set(settings, key);
  }
  return key;
}

/** The message is safe to show: it says which rule failed, nothing of the key or of the token's content. */
export class InvalidShopperToken extends Error {
  override readonly name = 'InvalidShopperToken';
  /** It was good once: another one of the same making will do. */
  readonly expired: boolean;

  constructor(detail: string, expired = false) {
    super(detail);
    this.expired = expired;
  }
}

/** Why a good token is refused where another merchant's shopper is expected. */
export const othersToken = "The token's issuer is another merchant's key.";

const invalid = (detail: string) => new InvalidShopperToken(detail);

/** Safe to show: says which rule failed, nothing of the key or of the token's content. */
function explain(error: unknown, algorithm: string): InvalidShopperToken {
  if (error instanceof errors.JWTExpired) return new InvalidShopperToken('The token has expired.', true);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const expected: Readonly<Record<string, string>> = {
      aud: `\`aud\` must be "${shopperAudience}".`,
      iss: "`iss` must be the merchant's publishable key.",
      exp: '`exp` must be there, in seconds since 1970.',
      nbf: 'The token is not valid yet (`nbf`).',
      iat: '`iat` must be a time in seconds since 1970.',
      sub: '`sub` must be there.',
    };
    return invalid(expected[error.claim] ?? 'A claim of the token is not usable.');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid(`The token must be signed with ${algorithm}.`);
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return invalid("The token is not signed with the merchant's key.");
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return invalid('The token is not a signed JWT.');
  if (error instanceof errors.JOSEError) return invalid('The token could not be checked.');
  return invalid("The merchant's keys can not be fetched now; try again.");
}

function checkClaims(payload: JWTPayload, now: number): string {
  const { sub, exp = 0, iat } = payload;
  if (exp > now + longest + leeway || (iat !== undefined && exp > iat + longest)) {
    throw invalid('`exp` must be at most one hour after the token was made.');
  }
  if (iat !== undefined && iat > now + leeway) throw invalid('`iat` is in the future.');
  if (typeof sub !== 'string' || !customerPattern.test(sub))
    throw invalid('`sub` must be 1 to 200 visible characters.');
  return sub;
}

/**
 * Who a merchant says its shopper is. `iss` is read before the signature is checked, only to pick the key; the algorithm is the
 * merchant's, never the token's. Throws `InvalidShopperToken` saying which rule failed.
 */
export async function verifyShopperToken(token: string, merchants: Merchants, clock: Clock): Promise<Shopper> {
  let issuer: unknown;
  try {
    issuer = decodeJwt(token).iss;
  } catch {
    throw invalid('The token is not a signed JWT.');
  }
  const merchant = typeof issuer === 'string' ? merchants.byPublishableKey(issuer) : undefined;
  if (!merchant) throw invalid("`iss` must be the merchant's publishable key.");
  const settings = merchant.shopperTokens;
  if (!settings) throw invalid('This merchant has no key for shopper tokens configured.');

  const now = clock.now();
  const options = {
    algorithms: [settings.algorithm],
    issuer: merchant.publishableKey,
    audience: shopperAudience,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: leeway,
    currentDate: new Date(now),
  };
  try {
    const key = await keyOf(settings);
    const { payload } =
      typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    return { merchant, customer: checkClaims(payload, Math.floor(now / 1_000)) };
  } catch (error) {
    throw error instanceof InvalidShopperToken ? error : explain(error, settings.algorithm);
  }
}
