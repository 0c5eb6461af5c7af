import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bankOfToss, banks, isBank, tossBankCode } from '../../../server/providers/banks.js';

const schema = JSON.parse(readFileSync(new URL('../../support/portone-v2.openapi.json', import.meta.url), 'utf8')) as {
  components: { schemas: { Bank: { enum: string[] } } };
};

test('our words for banks are PortOne V2’s', () => {
  expect(banks.length).toBeGreaterThan(20);
  expect(banks.filter((word) => !schema.components.schemas.Bank.enum.includes(word))).toEqual([]);
});

test('every bank has a code of its own at Toss, and comes back from it', () => {
  for (const word of banks) expect(bankOfToss(tossBankCode(word) as string)).toBe(word);
  expect(tossBankCode('KOOKMIN')).toBe('06');
});

test('what nobody knows stays as it is, and is no bank to pay back to', () => {
  expect(bankOfToss('ZZ')).toBe('ZZ');
  for (const word of ['ZZ', '06', 'constructor', '__proto__', '']) {
    expect(isBank(word)).toBe(false);
    expect(tossBankCode(word)).toBeUndefined();
  }
});
