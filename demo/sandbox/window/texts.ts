import type { Method } from '../../../contract/index.js';
import type { Language } from '../html.js';
import type { Decline } from '../instruments.js';

export interface WindowTexts {
  readonly title: string;
  readonly sandbox: string;
  readonly order: string;
  readonly amount: string;
  readonly choose: string;
  readonly methods: Readonly<Record<Method, string>>;
  readonly card: string;
  readonly cardHint: string;
  readonly cards: Readonly<Record<Decline | 'pays', string>>;
  readonly bank: string;
  readonly dueBy: (time: string) => string;
  readonly carrier: string;
  readonly easyPay: string;
  readonly pay: (amount: string) => string;
  readonly cancel: string;
  readonly busy: string;
  readonly failed: string;
  readonly refusedCard: string;
  readonly expired: string;
  readonly processed: string;
  readonly done: string;
  readonly notFound: string;
  readonly receipt: string;
  readonly paidAt: string;
  readonly canceled: string;
}

export const windowTexts: Readonly<Record<Language, WindowTexts>> = {
  ko: {
    title: '결제하기',
    sandbox: '샌드박스 – 실제 결제가 아닙니다',
    order: '주문',
    amount: '결제 금액',
    choose: '결제 수단',
    methods: {
      card: '카드',
      kakaopay: '카카오페이',
      naverpay: '네이버페이',
      tosspay: '토스페이',
      transfer: '계좌이체',
      virtual_account: '가상계좌',
      phone: '휴대폰',
      paypal: 'PayPal',
    },
    card: '카드 번호',
    cardHint: '테스트 카드만 쓸 수 있습니다. 실제 카드 번호를 입력하지 마세요.',
    cards: {
      pays: '정상 승인',
      insufficient_funds: '잔액 부족',
      over_limit: '한도 초과',
      stopped_card: '정지된 카드',
    },
    bank: '은행',
    dueBy: (time) => `${time}까지 입금하면 결제가 완료됩니다.`,
    carrier: '통신사',
    easyPay: '앱을 열지 않고 바로 승인합니다.',
    pay: (amount) => `${amount} 결제하기`,
    cancel: '취소',
    busy: '처리하고 있습니다…',
    failed: '연결하지 못했습니다. 다시 눌러 주세요.',
    refusedCard: '테스트 카드가 아닙니다. 아래 카드 중에서 골라 주세요.',
    expired: '결제 시간이 지났습니다. 쇼핑몰로 돌아가 다시 시도해 주세요.',
    processed: '이미 처리된 결제입니다.',
    done: '완료되었습니다. 이 창을 닫아도 됩니다.',
    notFound: '없는 결제창입니다.',
    receipt: '영수증',
    paidAt: '결제 시각',
    canceled: '취소 금액',
  },
  en: {
    title: 'Payment',
    sandbox: 'Sandbox – no real money',
    order: 'Order',
    amount: 'Amount',
    choose: 'Payment method',
    methods: {
      card: 'Card',
      kakaopay: 'KakaoPay',
      naverpay: 'Naver Pay',
      tosspay: 'Toss Pay',
      transfer: 'Bank transfer',
      virtual_account: 'Virtual account',
      phone: 'Phone bill',
      paypal: 'PayPal',
    },
    card: 'Card number',
    cardHint: 'Only test cards are taken. Do not type a real card number.',
    cards: {
      pays: 'Pays',
      insufficient_funds: 'Insufficient funds',
      over_limit: 'Over the limit',
      stopped_card: 'Stopped card',
    },
    bank: 'Bank',
    dueBy: (time) => `The payment is complete once you deposit by ${time}.`,
    carrier: 'Carrier',
    easyPay: 'Approved at once, without opening an app.',
    pay: (amount) => `Pay ${amount}`,
    cancel: 'Cancel',
    busy: 'Working…',
    failed: 'Could not connect. Please press again.',
    refusedCard: 'Not a test card. Choose one of the cards below.',
    expired: 'The time to pay is over. Go back to the shop and try again.',
    processed: 'This payment has already been processed.',
    done: 'Done. You may close this window.',
    notFound: 'There is no such payment window.',
    receipt: 'Receipt',
    paidAt: 'Paid at',
    canceled: 'Canceled',
  },
};
