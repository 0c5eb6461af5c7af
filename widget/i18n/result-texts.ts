import type { Locale } from '../../contract/index.js';
import type { Reason } from '../checkout/outcomes.js';

/** What only a result says; its chunk comes while the provider's window is open. */
export interface ResultTexts {
  paid: string;
  paidNote: string;
  refunded: string;
  partlyRefunded: string;
  declined: string;
  ended: string;
  canceled: string;
  notCharged: string;
  pending: string;
  pendingNote: string;
  checkDeposit: string;
  copy: string;
  copied: string;
  receipt: string;
  print: string;
  left(days: number, clock: string): string;
  timeOver: string;
  refundTitle: string;
  refundNote(amount: string): string;
  refundSend: string;
  refundSent: string;
  refundRefused: string;
  rows: Record<
    | 'order'
    | 'amount'
    | 'refundedAmount'
    | 'method'
    | 'card'
    | 'paidAt'
    | 'payment'
    | 'bank'
    | 'account'
    | 'holder'
    | 'dueAt',
    string
  >;
  months(count: number): string;
  reasons: Record<Reason, string>;
  banks: Readonly<Record<string, string>>;
  issuers: Readonly<Record<string, string>>;
}

const ko: ResultTexts = {
  paid: '결제가 완료됐어요',
  paidNote: '주문해 주셔서 감사해요.',
  refunded: '결제 금액이 환불됐어요',
  partlyRefunded: '결제 금액의 일부가 환불됐어요',
  declined: '결제가 승인되지 않았어요',
  ended: '이 주문은 더 결제할 수 없어요',
  canceled: '결제를 취소했어요',
  notCharged: '결제된 금액은 없어요.',
  pending: '입금을 기다리고 있어요',
  pendingNote: '아직 결제 전이에요. 아래 계좌로 입금하면 결제가 완료돼요.',
  checkDeposit: '입금 확인하기',
  copy: '복사',
  copied: '복사했어요',
  receipt: '영수증 보기',
  print: '인쇄하기',
  left: (days, clock) => (days > 0 ? `${days}일 ${clock} 남음` : `${clock} 남음`),
  timeOver: '입금 기한이 지났어요',
  refundTitle: '환불받을 계좌를 알려 주세요',
  refundNote: (amount) => `${amount}을 돌려받을 계좌가 필요해요.`,
  refundSend: '환불 계좌 보내기',
  refundSent: '환불 계좌를 받았어요. 환불이 끝나면 여기에 표시돼요.',
  refundRefused: '계좌 정보를 다시 확인해 주세요.',
  rows: {
    order: '주문',
    amount: '금액',
    refundedAmount: '환불된 금액',
    method: '결제 수단',
    card: '카드',
    paidAt: '결제 일시',
    payment: '결제 번호',
    bank: '은행',
    account: '계좌번호',
    holder: '예금주',
    dueAt: '입금 기한',
  },
  months: (count) => `${count}개월 할부`,
  reasons: {
    limit: '한도나 잔액이 부족해요. 다른 결제 수단으로 시도해 주세요.',
    tooOften: '시도 횟수를 넘었어요. 다른 결제 수단으로 시도해 주세요.',
    card: '카드 정보를 다시 확인하거나 다른 카드로 시도해 주세요.',
    issuer: '카드사에서 승인을 거절했어요. 카드사에 문의하거나 다른 결제 수단을 써 주세요.',
    installment: '이 카드로는 선택한 할부를 쓸 수 없어요. 할부 개월을 바꿔 주세요.',
    minimum: '결제할 수 있는 최소 금액보다 적어요.',
    account: '이 계좌로는 결제할 수 없어요. 다른 결제 수단으로 시도해 주세요.',
    hours: '은행 점검 시간이에요. 잠시 후 다시 시도하거나 다른 수단을 써 주세요.',
    password: '비밀번호가 맞지 않아요. 다시 시도해 주세요.',
    provider: '결제사에 잠시 문제가 있어요. 잠시 후 다시 시도해 주세요.',
    timeOver: '결제창의 시간이 지났어요. 다시 시도해 주세요.',
    sessionExpired: '주문 시간이 지났어요. 새로 주문해 주세요.',
    sessionCanceled: '취소된 주문이에요.',
    other: '다시 시도하거나 다른 결제 수단을 써 주세요.',
  },
  /** The server names a bank by one word for all providers; one that is not here is shown as it is. */
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
  issuers: {
    KOOKMIN: 'KB국민카드',
    SHINHAN: '신한카드',
    SAMSUNG: '삼성카드',
    HYUNDAI: '현대카드',
    LOTTE: '롯데카드',
    WOORI: '우리카드',
    HANA: '하나카드',
    BC: 'BC카드',
    NONGHYUP: 'NH농협카드',
  },
};

const en: ResultTexts = {
  paid: 'Your payment is complete',
  paidNote: 'Thank you for your order.',
  refunded: 'Your payment was refunded',
  partlyRefunded: 'Part of your payment was refunded',
  declined: 'The payment was not approved',
  ended: 'This order can’t be paid any more',
  canceled: 'You canceled the payment',
  notCharged: 'You have not been charged.',
  pending: 'Waiting for your deposit',
  pendingNote: 'Not paid yet: your order is complete as soon as your deposit arrives in this account.',
  checkDeposit: 'Check my deposit',
  copy: 'Copy',
  copied: 'Copied',
  receipt: 'Receipt',
  print: 'Print',
  left: (days, clock) => (days > 0 ? `${days}d ${clock} left` : `${clock} left`),
  timeOver: 'The time to pay is over',
  refundTitle: 'Where should the refund go?',
  refundNote: (amount) => `We need an account to return ${amount} to.`,
  refundSend: 'Send the account',
  refundSent: 'Thank you. You see here when the refund is done.',
  refundRefused: 'Please check the account.',
  rows: {
    order: 'Order',
    amount: 'Amount',
    refundedAmount: 'Refunded',
    method: 'Method',
    card: 'Card',
    paidAt: 'Paid at',
    payment: 'Payment no.',
    bank: 'Bank',
    account: 'Account number',
    holder: 'Account holder',
    dueAt: 'Pay by',
  },
  months: (count) => `${count} months`,
  reasons: {
    limit: 'The limit or balance is not enough. Please try another payment method.',
    tooOften: 'That was tried too often. Please try another payment method.',
    card: 'Please check the card, or try another one.',
    issuer: 'The card company refused it. Please ask them, or use another payment method.',
    installment: 'This card does not take these installments. Please choose others.',
    minimum: 'The amount is below what can be paid.',
    account: 'This account can’t be used. Please try another payment method.',
    hours: 'The bank is closed for maintenance. Please try later or another way.',
    password: 'The password was wrong. Please try again.',
    provider: 'The payment provider has a problem. Please try again in a moment.',
    timeOver: 'The payment window’s time was over. Please try again.',
    sessionExpired: 'The time to pay this order is over. Please order again.',
    sessionCanceled: 'This order was canceled.',
    other: 'Please try again or use another payment method.',
  },
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
  issuers: {
    KOOKMIN: 'KB Kookmin Card',
    SHINHAN: 'Shinhan Card',
    SAMSUNG: 'Samsung Card',
    HYUNDAI: 'Hyundai Card',
    LOTTE: 'Lotte Card',
    WOORI: 'Woori Card',
    HANA: 'Hana Card',
    BC: 'BC Card',
    NONGHYUP: 'NH Nonghyup Card',
  },
};

export const resultTexts: Readonly<Record<Locale, ResultTexts>> = { ko, en };
