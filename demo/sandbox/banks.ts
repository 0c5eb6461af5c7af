/** Banks as the providers spell them: our word (PortOne V2's), Toss's two digits, and the three digits that banks use among themselves (V1's). */
export interface BankName {
  readonly word: string;
  readonly toss: string;
  readonly interbank: string;
  readonly ko: string;
  readonly en: string;
}

/** Toss's codes are the last two digits of the banks' own, but for KB. */
const bank = (word: string, toss: string, ko: string, en: string): BankName => ({
  ...{ word, toss, ko, en },
  interbank: word === 'KOOKMIN' ? '004' : `0${toss}`,
});

export const banks: readonly BankName[] = [
  bank('KOOKMIN', '06', 'KB국민은행', 'KB Kookmin'),
  bank('SHINHAN', '88', '신한은행', 'Shinhan'),
  bank('WOORI', '20', '우리은행', 'Woori'),
  bank('HANA', '81', '하나은행', 'Hana'),
  bank('NONGHYUP', '11', 'NH농협은행', 'NH Nonghyup'),
  bank('IBK', '03', 'IBK기업은행', 'IBK'),
  bank('KDB', '02', 'KDB산업은행', 'KDB'),
  bank('SUHYUP', '07', 'Sh수협은행', 'Sh Suhyup'),
  bank('LOCAL_NONGHYUP', '12', '지역농축협', 'Local Nonghyup'),
  bank('STANDARD_CHARTERED', '23', 'SC제일은행', 'SC First'),
  bank('CITI', '27', '한국씨티은행', 'Citi Korea'),
  bank('DAEGU', '31', 'iM뱅크(대구)', 'iM Bank (Daegu)'),
  bank('BUSAN', '32', '부산은행', 'Busan'),
  bank('KWANGJU', '34', '광주은행', 'Kwangju'),
  bank('JEJU', '35', '제주은행', 'Jeju'),
  bank('JEONBUK', '37', '전북은행', 'Jeonbuk'),
  bank('KYONGNAM', '39', '경남은행', 'Kyongnam'),
  bank('KFCC', '45', '새마을금고', 'KFCC'),
  bank('SHINHYUP', '48', '신협', 'Shinhyup'),
  bank('SAVINGS_BANK', '50', '저축은행', 'Savings Bank'),
  bank('HSBC', '54', 'HSBC은행', 'HSBC'),
  bank('NFCF', '64', '산림조합', 'NFCF'),
  bank('POST', '71', '우체국', 'Korea Post'),
  bank('K_BANK', '89', '케이뱅크', 'K bank'),
  bank('KAKAO', '90', '카카오뱅크', 'Kakao Bank'),
  bank('TOSS', '92', '토스뱅크', 'Toss Bank'),
];

/** The ones the payment window offers. */
export const windowBanks: readonly BankName[] = banks.slice(0, 6);

export const bankByWord = (word: string): BankName | undefined => banks.find((each) => each.word === word);
