import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWTPayload } from 'jose';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMerchants } from '../../../server/merchants/registry.js';
import { InvalidShopperToken, verifyShopperToken } from '../../../server/merchants/shopper-tokens.js';
import { merchantOf, movableClock } from '../http/fixture.js';

const secret = new TextEncoder().encode('coffee-shopper-secret-0123456789-abcdef');
const otherSecret = new TextEncoder().encode('another-secret-for-shoppers-0123456789-');
const clock = movableClock();
const now = clock.now() / 1_000;
const claims = { iss: 'pk_coffee_0123456789', aud: 'pay-checkout', sub: 'user-1', iat: now, exp: now + 600 };

const rsa = await generateKeyPair('RS256');
const rsaPem = await exportSPKI(rsa.publicKey);
const ec = await generateKeyPair('ES256');
const keySet = createServer(async (_req, res) => {
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify({ keys: [{ ...(await exportJWK(ec.publicKey)), kid: 'one', alg: 'ES256' }] }));
});
let merchants: ReturnType<typeof createMerchants>;
beforeAll(async () => {
  await new Promise<void>((resolve) => keySet.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(keySet.address() as AddressInfo).port}/jwks`;
  merchants = createMerchants([
    merchantOf('coffee', { shopperTokens: { algorithm: 'HS256', secret } }),
    merchantOf('books', { shopperTokens: { algorithm: 'HS256', secret: otherSecret } }),
    merchantOf('tea', { shopperTokens: { algorithm: 'RS256', publicKey: rsaPem } }),
    merchantOf('flowers', { shopperTokens: { algorithm: 'ES256', jwksUrl } }),
    merchantOf('bare'),
  ]);
});
afterAll(() => void keySet.close());

const signed = (payload: JWTPayload, key: Parameters<SignJWT['sign']>[0] = secret, alg = 'HS256') =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
const check = (token: string) => verifyShopperToken(token, merchants, clock);
async function refusal(token: string): Promise<string> {
  const error: unknown = await check(token).then(
    () => 'it was taken',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidShopperToken)) throw new Error(String(error));
  return error.message;
}
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('taken', () => {
  test('a token signed with the secret', async () => {
    const { merchant, customer } = await check(await signed(claims));
    expect([merchant.id, customer]).toEqual(['coffee', 'user-1']);
  });
  test("a token signed with the merchant's RSA key", async () => {
    const token = await signed({ ...claims, iss: 'pk_tea_0123456789' }, rsa.privateKey, 'RS256');
    expect((await check(token)).merchant.id).toBe('tea');
  });
  test('a token signed with a key of the key set', async () => {
    const token = await signed({ ...claims, iss: 'pk_flowers_0123456789' }, ec.privateKey, 'ES256');
    expect((await check(token)).merchant.id).toBe('flowers');
  });
  test('a token of a clock that is some seconds ahead', async () => {
    expect((await check(await signed({ ...claims, iat: now + 20, exp: now + 3_620 }))).customer).toBe('user-1');
  });
});

describe('refused', () => {
  test('alg none', async () => {
    for (const alg of ['none', 'NONE']) {
      expect(await refusal(`${base64({ alg })}.${base64(claims)}.`)).toMatch(
        /must be signed with HS256|not a signed JWT/,
      );
    }
  });
  test('a wrong key', async () => {
    expect(await refusal(await signed(claims, otherSecret))).toBe("The token is not signed with the merchant's key.");
  });
  test("another merchant's issuer over our key", async () => {
    const token = await signed({ ...claims, iss: 'pk_books_0123456789' });
    expect(await refusal(token)).toBe("The token is not signed with the merchant's key.");
  });
  test('an unknown issuer, and none', async () => {
    for (const iss of ['pk_nobody_0123456789', 'https://coffee.example', undefined]) {
      const { iss: _, ...rest } = claims;
      expect(await refusal(await signed(iss === undefined ? rest : { ...rest, iss }))).toContain('`iss`');
    }
  });
  test('a wrong audience, and none', async () => {
    const { aud: _, ...rest } = claims;
    expect(await refusal(await signed({ ...claims, aud: 'other-service' }))).toContain('`aud`');
    expect(await refusal(await signed(rest))).toContain('`aud`');
  });
  test('a public key used as a secret', async () => {
    const token = await signed({ ...claims, iss: 'pk_tea_0123456789' }, new TextEncoder().encode(rsaPem));
    expect(await refusal(token)).toBe('The token must be signed with RS256.');
  });
  test('another algorithm than the one the merchant set', async () => {
    expect(await refusal(await signed(claims, secret, 'HS512'))).toBe('The token must be signed with HS256.');
  });
  test('an expired token, by the injected clock', async () => {
    const moved = movableClock(clock.now());
    moved.move(700_000);
    const token = await signed(claims);
    await expect(verifyShopperToken(token, merchants, moved)).rejects.toThrow('The token has expired.');
    expect((await check(token)).customer).toBe('user-1');
  });
  test('a token without exp, or good for more than an hour', async () => {
    const { exp: _, ...forever } = claims;
    expect(await refusal(await signed(forever))).toContain('`exp`');
    expect(await refusal(await signed({ ...claims, exp: now + 7_200 }))).toContain('one hour');
    expect(await refusal(await signed({ ...claims, iat: now - 7_200, exp: now + 60 }))).toContain('one hour');
  });
  test('a token of the future', async () => {
    expect(await refusal(await signed({ ...claims, nbf: now + 300 }))).toContain('not valid yet');
    expect(await refusal(await signed({ ...claims, iat: now + 300 }))).toContain('`iat`');
  });
  test.each([undefined, '', 'has space', 'nul\u0000', 'x'.repeat(201)])('the customer %j', async (sub) => {
    const { sub: _, ...rest } = claims;
    expect(await refusal(await signed(sub === undefined ? rest : { ...rest, sub }))).toContain('`sub`');
  });
  test('a merchant without a key for tokens', async () => {
    expect(await refusal(await signed({ ...claims, iss: 'pk_bare_0123456789' }))).toContain('no key');
  });
  test.each(['', 'a.b.c', 'x', `${base64({ alg: 'HS256' })}.${base64([1])}.x`])('%j', async (text) => {
    expect(await refusal(text)).not.toBe('');
  });
  test('a changed payload', async () => {
    const [head, , mac] = (await signed(claims)).split('.');
    expect(await refusal(`${head}.${base64({ ...claims, sub: 'user-2' })}.${mac}`)).toContain('not signed');
  });
  test('nothing of key or token is in what is said', async () => {
    const token = await signed({ ...claims, sub: 'user with spaces' }, secret);
    expect(await refusal(token)).not.toMatch(/user|coffee-shopper/);
  });
});
