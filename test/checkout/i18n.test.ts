import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { banks } from '../../server/providers/banks.js';
import { accountTexts } from '../../widget/i18n/account-texts.js';
import { bankNames } from '../../widget/i18n/banks.js';
import { closeTexts } from '../../widget/i18n/close-texts.js';
import { en } from '../../widget/i18n/en.js';
import { money } from '../../widget/i18n/format.js';
import { historyRefundTexts } from '../../widget/i18n/history-refund-texts.js';
import { historyTexts, listedReceiptTexts } from '../../widget/i18n/history-texts.js';
import { historyTexts as englishHistory } from '../../widget/i18n/history-texts-en.js';
import { inputTexts } from '../../widget/i18n/input-texts.js';
import { ko } from '../../widget/i18n/ko.js';
import { mistakeTexts } from '../../widget/i18n/mistake-texts.js';
import { receiptTexts } from '../../widget/i18n/receipt-texts.js';
import { refundTexts } from '../../widget/i18n/refund-texts.js';
import { stoppedTexts } from '../../widget/i18n/stopped-texts.js';
import { tokenTexts } from '../../widget/i18n/token-texts.js';
import { underwayTexts } from '../../widget/i18n/underway-texts.js';
import { version } from '../../widget/pay-checkout/version.js';

type Tree = { [name: string]: string | Tree | ((...values: never[]) => string) };
const words = (texts: object): [string, string][] =>
  Object.entries(texts as Tree).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [[name, value] as [string, string]]
      : typeof value === 'function'
        ? [[name, (value as (...values: unknown[]) => string)('1', '2')] as [string, string]]
        : words(value).map(([inner, text]) => [`${name}.${inner}`, text] as [string, string]),
  );
const names = (texts: object) => words(texts).map(([name]) => name);

/** Of Korean, what is said from the first press on is in a chunk of its own. */
const korean = { ...ko, underway: underwayTexts, receipt: receiptTexts };

const resultTexts = {
  ko: [
    accountTexts.ko,
    stoppedTexts.ko,
    refundTexts.ko,
    mistakeTexts.ko,
    { close: closeTexts.ko },
    bankNames.ko,
    inputTexts.ko,
    historyRefundTexts.ko,
    tokenTexts.ko,
    historyTexts,
  ],
  en: [
    accountTexts.en,
    stoppedTexts.en,
    refundTexts.en,
    mistakeTexts.en,
    { close: closeTexts.en },
    bankNames.en,
    inputTexts.en,
    historyRefundTexts.en,
    tokenTexts.en,
    englishHistory,
  ],
};

describe('texts', () => {
  it('say the same things in both languages', () => {
    expect(names(en)).toEqual(names(korean));
    expect(names(resultTexts.en).sort()).toEqual(names(resultTexts.ko).sort());
  });

  it('are never empty, and Korean ones are Korean', () => {
    for (const texts of [en, resultTexts.en, korean, resultTexts.ko]) {
      expect(words(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
    }
    const foreign = words(korean).filter(([name, text]) => !/[가-힣]/.test(text) && name !== 'methods.paypal');
    expect(foreign).toEqual([]);
    expect([...words(en), ...words(resultTexts.en)].filter(([, text]) => /[가-힣]/.test(text))).toEqual([]);
  });
});

it('a mistake of the site says nothing of money: of a session that could not be read nobody here knows what was paid', () => {
  expect(
    [mistakeTexts.ko.mistakeNote, mistakeTexts.en.mistakeNote].filter((text) => /charged|결제된 금액/.test(text)),
  ).toEqual([]);
});

it('every bank that the server knows has a name, and is offered for refunds', () => {
  expect(Object.keys(bankNames.ko).sort()).toEqual([...banks].sort());
});

it('a list names methods of payment as the receipt does', () => {
  const { receipt, months, issuers } = receiptTexts;
  expect(listedReceiptTexts).toEqual({ receipt, issuers, months: expect.any(Function) });
  expect(listedReceiptTexts.months(3)).toBe(months(3));
});

describe('money', () => {
  it.each([
    [12_900, 'KRW', 'ko', '12,900원'],
    [12_900, 'KRW', 'en', '₩12,900'],
    [1_420, 'USD', 'ko', '$14.20'],
    [1_400, 'USD', 'en', '$14.00'],
    [500, 'JPY', 'en', '¥500'],
  ] as const)('%d %s in %s is %s', (minor, currency, locale, text) => {
    expect(money(minor, currency, locale)).toBe(text);
  });
});

it('the element’s version is the package’s', () => {
  expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});
