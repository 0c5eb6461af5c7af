import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bankOfName, bankOfToss, banks, interbankCode, isBank, tossBankCode } from '../../../server/providers/banks.js';

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

test('every bank has a code among the banks, of three digits and its own', () => {
  expect(new Set(banks.map(interbankCode)).size).toBe(banks.length);
  for (const word of banks) expect(interbankCode(word)).toMatch(/^\d{3}$/);
  expect([interbankCode('KOOKMIN'), interbankCode('SHINHAN')]).toEqual(['004', '088']);
  expect(interbankCode('NO_BANK')).toBeUndefined();
});

test.each([
  ['신한은행', 'SHINHAN'],
  ['KB국민은행', 'KOOKMIN'],
  ['국민은행', 'KOOKMIN'],
  ['국민', 'KOOKMIN'],
  ['IBK기업은행', 'IBK'],
  ['NH농협은행', 'NONGHYUP'],
  ['지역농축협', 'LOCAL_NONGHYUP'],
  ['SC제일은행', 'STANDARD_CHARTERED'],
  ['한국씨티은행', 'CITI'],
  ['iM뱅크(대구)', 'DAEGU'],
  ['대구은행', 'DAEGU'],
  ['케이뱅크', 'K_BANK'],
  ['K뱅크', 'K_BANK'],
  ['HSBC은행', 'HSBC'],
  ['우체국', 'POST'],
  ['외계은행', '외계은행'],
  ['constructor', 'constructor'],
])('the bank %s is our %s', (name, word) => {
  expect(bankOfName(name)).toBe(word);
});
