import type { Locale } from '../../contract/index.js';

export interface AccountTexts {
  pending: string;
  pendingNote: string;
  checkDeposit: string;
  copy: string;
  copied: string;
  left(days: number, clock: string): string;
  timeOver: string;
  afterwards: string;
  otherMethod: string;
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
  afterwards: '기한까지 입금하지 않으면 주문이 자동으로 취소돼요.',
  otherMethod: '다른 결제 수단으로 결제하기',
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
  afterwards: 'Without a deposit by then, the order is canceled by itself.',
  otherMethod: 'Pay another way',
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
