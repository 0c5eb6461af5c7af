import type { Locale } from '../../contract/index.js';

export interface RefundTexts {
  waiting: string;
  underWay: string;
  why(amount: string): string;
  bank: string;
  chooseBank: string;
  number: string;
  holder: string;
  send: string;
  incomplete: string;
  refused: string;
  unavailable: string;
}

const ko: RefundTexts = {
  waiting: '환불받을 계좌를 알려 주세요',
  underWay: '환불을 진행하고 있어요',
  why: (amount) => `입금한 ${amount}을 돌려드릴 본인 계좌가 필요해요.`,
  bank: '은행',
  chooseBank: '은행을 선택해 주세요',
  number: '계좌번호',
  holder: '예금주',
  send: '환불 계좌 보내기',
  incomplete: '은행, 계좌번호(6~20자리), 예금주를 모두 입력해 주세요.',
  refused: '이 계좌로는 환불할 수 없어요. 계좌 정보를 다시 확인해 주세요.',
  unavailable: '지금은 보내지 못했어요. 잠시 후 다시 시도해 주세요.',
};

const en: RefundTexts = {
  waiting: 'Where should your refund go?',
  underWay: 'Your refund is on its way',
  why: (amount) => `We need an account of yours to return your deposit of ${amount} to.`,
  bank: 'Bank',
  chooseBank: 'Choose your bank',
  number: 'Account number',
  holder: 'Account holder',
  send: 'Send the account',
  incomplete: 'Please give the bank, the account number (6 to 20 digits) and the holder.',
  refused: 'The refund can’t go to this account. Please check it.',
  unavailable: 'That could not be sent. Please try again in a moment.',
};

export const refundTexts: Readonly<Record<Locale, RefundTexts>> = { ko, en };
