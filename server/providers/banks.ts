/**
 * Banks: our word, which is PortOne V2's, and Toss's own two digits (06 for KB is Toss's: the interbank code is 004).
 * Names change and codes are added: one that is not here is shown as the provider writes it.
 */
const tossCodes: Readonly<Record<string, string>> = {
  KDB: '02',
  IBK: '03',
  KOOKMIN: '06',
  SUHYUP: '07',
  NONGHYUP: '11',
  LOCAL_NONGHYUP: '12',
  WOORI: '20',
  STANDARD_CHARTERED: '23',
  CITI: '27',
  DAEGU: '31',
  BUSAN: '32',
  KWANGJU: '34',
  JEJU: '35',
  JEONBUK: '37',
  KYONGNAM: '39',
  KFCC: '45',
  SHINHYUP: '48',
  SAVINGS_BANK: '50',
  HSBC: '54',
  NFCF: '64',
  POST: '71',
  HANA: '81',
  SHINHAN: '88',
  K_BANK: '89',
  KAKAO: '90',
  TOSS: '92',
};
const words = new Map(Object.entries(tossCodes).map(([word, code]) => [code, word]));

/** Our words for the banks that every provider can pay back to. */
export const banks: readonly string[] = Object.keys(tossCodes);

export const isBank = (word: string): boolean => Object.hasOwn(tossCodes, word);

/** `undefined` for a word that is none of ours. */
export const tossBankCode = (word: string): string | undefined => (isBank(word) ? tossCodes[word] : undefined);

/** Our word for Toss's code; a code that we don't know stays as it is. */
export const bankOfToss = (code: string): string => words.get(code) ?? code;
