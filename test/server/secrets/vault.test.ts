import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVault, VaultError } from '../../../server/secrets/vault.js';

const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };
const vault = createVault([k1]);

test('what is sealed opens again, for the record it belongs to', () => {
  for (const plain of ['', 'whsec_한글 ✓', 'x'.repeat(10_000)]) {
    expect(vault.open(vault.seal(plain, 'pay_1'), 'pay_1')).toBe(plain);
  }
});

test('the same text is sealed differently each time, and is not readable', () => {
  const sealed = vault.seal('very-secret', 'pay_1');
  expect(sealed).toMatch(/^v1\.k1\.[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(sealed).not.toBe(vault.seal('very-secret', 'pay_1'));
  expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString()).not.toContain('very-secret');
});

test('moved to another record, it does not open', () => {
  expect(() => vault.open(vault.seal('s', 'pay_1'), 'pay_2')).toThrow(VaultError);
});

test('changed in any part, it does not open', () => {
  const parts = vault.seal('a longer secret', 'pay_1').split('.');
  for (const part of [2, 3, 4]) {
    const changed = parts.with(
      part,
      (parts[part] ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    );
    expect(() => vault.open(changed.join('.'), 'pay_1')).toThrow(VaultError);
  }
  for (const text of ['', 'v1', 'v2.k1.a.b.c', `${parts.join('.')}.x`]) {
    expect(() => vault.open(text, 'pay_1')).toThrow(VaultError);
  }
});

test('a cut tag is not taken: it would be easier to guess', () => {
  const parts = vault.seal('s', 'pay_1').split('.');
  const cut = Buffer.from(parts[4] ?? '', 'base64url')
    .subarray(0, 4)
    .toString('base64url');
  expect(() => vault.open(parts.with(4, cut).join('.'), 'pay_1')).toThrow(VaultError);
});

test('while keys rotate, the first seals and all open; a key that is gone is named', () => {
  const old = vault.seal('s', 'pay_1');
  const rotating = createVault([k2, k1]);
  expect(rotating.open(old, 'pay_1')).toBe('s');
  expect(rotating.seal('s', 'pay_1')).toMatch(/^v1\.k2\./);
  expect(() => createVault([k2]).open(old, 'pay_1')).toThrow('"k1", which is not in ENCRYPTION_KEYS');
});
