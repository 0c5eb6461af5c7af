import { describe, expect, test } from 'vitest';
import { createTokens, sameSecret } from '../../../server/secrets/tokens.js';

const one = 'the-first-app-secret-of-32-bytes-0001';
const two = 'the-second-app-secret-of-32-bytes-002';
const session = 'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA';
const other = 'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZB';
const tokens = createTokens({ appSecrets: [one] });
const at = Date.UTC(2026, 0, 1);

/** Every text that differs from `token` in one character. */
function* neighbours(token: string): Generator<string> {
  for (let i = 0; i < token.length; i++) {
    yield `${token.slice(0, i)}${token[i] === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`;
  }
}

describe('client secret', () => {
  test('it opens its own session and can be made again', () => {
    const secret = tokens.clientSecret(session);
    expect(secret).toMatch(/^cs_[0-9A-Z]{26}_secret_[\w-]{43}$/);
    expect(tokens.readClientSecret(secret)).toBe(session);
    expect(tokens.clientSecret(session)).toBe(secret);
  });
  test('no neighbour of it opens anything', () => {
    const found = [...neighbours(tokens.clientSecret(session))].filter((text) => tokens.readClientSecret(text));
    expect(found).toEqual([]);
  });
  test('the MAC of one session is not good for another', () => {
    const mac = tokens.clientSecret(session).slice(session.length);
    expect(tokens.readClientSecret(other + mac)).toBeUndefined();
  });
  test.each(['', 'cs_', session, `${session}_secret_`, `${tokens.clientSecret(session)}\n`])('%j is none', (text) => {
    expect(tokens.readClientSecret(text)).toBeUndefined();
  });
  test('it is made of session ids only', () => {
    expect(() => tokens.clientSecret('pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA')).toThrow();
  });
});

describe('return token', () => {
  test('it carries its session and its expiry', () => {
    expect(tokens.readReturnToken(tokens.returnToken(session, at))).toEqual({ session, expiresAt: at });
  });
  test('no neighbour of it is good: neither session nor expiry can be changed', () => {
    const found = [...neighbours(tokens.returnToken(session, at))].filter((text) => tokens.readReturnToken(text));
    expect(found).toEqual([]);
  });
  test('the MAC of a client secret is not good for a return token, nor the other way round', () => {
    const mac = tokens.clientSecret(session).slice(-43);
    expect(tokens.readReturnToken(`rt_${session.slice(3)}_${at.toString(36)}_${mac}`)).toBeUndefined();
    expect(tokens.readClientSecret(`${session}_secret_${tokens.returnToken(session, at).slice(-43)}`)).toBeUndefined();
  });
});

test('while secrets rotate, the first signs and all verify', () => {
  const old = tokens.clientSecret(session);
  const rotating = createTokens({ appSecrets: [two, one] });
  const after = createTokens({ appSecrets: [two] });
  expect(rotating.readClientSecret(old)).toBe(session);
  expect(rotating.clientSecret(session)).toBe(after.clientSecret(session));
  expect(after.readClientSecret(old)).toBeUndefined();
});

test('secrets of any length are compared', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abcd')).toBe(false);
  expect(sameSecret('', 'a')).toBe(false);
});
