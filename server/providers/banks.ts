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

/**
 * The codes that banks have among themselves, which many payment companies use as they are. Except for KB's, Toss's are their last two
 * digits. `undefined` for a word that is none of ours.
 */
export function interbankCode(word: string): string | undefined {
  const code = tossBankCode(word);
  return code === undefined ? undefined : `0${word === 'KOOKMIN' ? '04' : code}`;
}

/** How banks are called in Korean, without what they add to it or leave away. */
const names: Readonly<Record<string, string>> = {
  산업: 'KDB',
  기업: 'IBK',
  국민: 'KOOKMIN',
  수협: 'SUHYUP',
  농협: 'NONGHYUP',
  지역농축협: 'LOCAL_NONGHYUP',
  단위농협: 'LOCAL_NONGHYUP',
  우리: 'WOORI',
  제일: 'STANDARD_CHARTERED',
  씨티: 'CITI',
  대구: 'DAEGU',
  iM뱅크: 'DAEGU',
  부산: 'BUSAN',
  광주: 'KWANGJU',
  제주: 'JEJU',
  전북: 'JEONBUK',
  경남: 'KYONGNAM',
  새마을금고: 'KFCC',
  신협: 'SHINHYUP',
  저축: 'SAVINGS_BANK',
  산림조합: 'NFCF',
  우체국: 'POST',
  하나: 'HANA',
  신한: 'SHINHAN',
  케이뱅크: 'K_BANK',
  K뱅크: 'K_BANK',
  HSBC: 'HSBC',
  카카오뱅크: 'KAKAO',
  토스뱅크: 'TOSS',
};

/** Our word for a bank's Korean name (`신한은행`, `KB국민은행`, `iM뱅크(대구)`); a name that we don't know stays as it is. */
export function bankOfName(name: string): string {
  const bare = name
    .replace(/\(.*?\)|\s/g, '')
    .replace(/^(KB|IBK|KDB|NH|Sh|SC|BNK|KEB|한국)(?=.)/, '')
    .replace(/은행$/, '');
  return Object.hasOwn(names, bare) ? (names[bare] as string) : name;
}
