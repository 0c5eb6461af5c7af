import type { Locale } from '../../contract/index.js';

export interface AccountTexts {
  pending: string;
  pendingNote: string;
  checkDeposit: string;
  copy: string;
  copied: string;
  left(days: number, clock: string): string;
  timeOver: string;
  /** The server names a bank by one word for all providers; one that is not here is shown as it is. */
  banks: Readonly<Record<string, string>>;
  rows: Record<'bank' | 'account' | 'holder' | 'amount' | 'dueAt' | 'order', string>;
}

const ko: AccountTexts = {
  pending: '입금을 기다리고 있어요',
  pendingNote: '아직 결제 전이에요. 아래 계좌로 입금하면 결제가 완료돼요.',
  checkDeposit: '입금 확인하기',
  copy: '복사',
  copied: '복사했어요',
  left: (days, clock) => (days > 0 ? `${days}일 ${clock} 남음` : `${clock} 남음`),
  timeOver: '입금 기한이 지났어요',
  banks: {
    KOOKMIN: 'KB국민은행',
    SHINHAN: '신한은행',
    WOORI: '우리은행',
    HANA: '하나은행',
    NONGHYUP: 'NH농협은행',
    IBK: 'IBK기업은행',
    STANDARD_CHARTERED: 'SC제일은행',
    DAEGU: 'iM뱅크',
    BUSAN: '부산은행',
    KYONGNAM: '경남은행',
    KWANGJU: '광주은행',
    JEONBUK: '전북은행',
    SUHYUP: '수협은행',
    KDB: '산업은행',
    CITI: '한국씨티은행',
    JEJU: '제주은행',
    LOCAL_NONGHYUP: '지역농축협',
    SAVINGS_BANK: '저축은행',
    NFCF: '산림조합',
    HSBC: 'HSBC은행',
    KFCC: '새마을금고',
    SHINHYUP: '신협',
    POST: '우체국',
    K_BANK: '케이뱅크',
    KAKAO: '카카오뱅크',
    TOSS: '토스뱅크',
  },
  rows: {
    bank: '은행',
    account: '계좌번호',
    holder: '예금주',
    amount: '금액',
    dueAt: '입금 기한',
    order: '주문',
  },
};

const en: AccountTexts = {
  pending: 'Waiting for your deposit',
  pendingNote: 'Not paid yet: your order is complete as soon as your deposit arrives in this account.',
  checkDeposit: 'Check my deposit',
  copy: 'Copy',
  copied: 'Copied',
  left: (days, clock) => (days > 0 ? `${days}d ${clock} left` : `${clock} left`),
  timeOver: 'The time to pay is over',
  banks: {
    KOOKMIN: 'KB Kookmin Bank',
    SHINHAN: 'Shinhan Bank',
    WOORI: 'Woori Bank',
    HANA: 'Hana Bank',
    NONGHYUP: 'NH Nonghyup Bank',
    IBK: 'IBK',
    STANDARD_CHARTERED: 'SC First Bank',
    DAEGU: 'iM Bank',
    BUSAN: 'Busan Bank',
    KYONGNAM: 'Kyongnam Bank',
    KWANGJU: 'Kwangju Bank',
    JEONBUK: 'Jeonbuk Bank',
    SUHYUP: 'Suhyup Bank',
    KDB: 'KDB',
    CITI: 'Citibank Korea',
    JEJU: 'Jeju Bank',
    LOCAL_NONGHYUP: 'Local Nonghyup',
    SAVINGS_BANK: 'Savings bank',
    NFCF: 'NFCF',
    HSBC: 'HSBC',
    KFCC: 'KFCC',
    SHINHYUP: 'Shinhyup',
    POST: 'Korea Post',
    K_BANK: 'K Bank',
    KAKAO: 'KakaoBank',
    TOSS: 'Toss Bank',
  },
  rows: {
    bank: 'Bank',
    account: 'Account number',
    holder: 'Account holder',
    amount: 'Amount',
    dueAt: 'Pay by',
    order: 'Order',
  },
};

export const accountTexts: Readonly<Record<Locale, AccountTexts>> = { ko, en };
