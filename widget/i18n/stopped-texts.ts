import type { Locale } from '../../contract/index.js';
import type { Reason } from '../checkout/outcomes.js';

export interface StoppedTexts {
  declined: string;
  ended: string;
  canceled: string;
  notCharged: string;
  payAgain: string;
  otherMethod: string;
  orderAgain: string;
  continuePaying: string;
  reasons: Record<Reason, string>;
}

const ko: StoppedTexts = {
  declined: '결제가 승인되지 않았어요',
  ended: '이 주문은 더 결제할 수 없어요',
  canceled: '결제를 취소했어요',
  notCharged: '결제된 금액은 없어요.',
  payAgain: '다시 결제하기',
  otherMethod: '다른 결제 수단으로 결제하기',
  orderAgain: '새로 주문하기',
  continuePaying: '이어서 결제하기',
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
};

const en: StoppedTexts = {
  declined: 'The payment was not approved',
  ended: 'This order can’t be paid any more',
  canceled: 'You canceled the payment',
  notCharged: 'You have not been charged.',
  payAgain: 'Pay again',
  otherMethod: 'Pay another way',
  orderAgain: 'Order again',
  continuePaying: 'Go on paying',
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
};

export const stoppedTexts: Readonly<Record<Locale, StoppedTexts>> = { ko, en };
