export interface ReceiptTexts {
  paid: string;
  paidNote: string;
  refunded: string;
  partlyRefunded: string;
  receipt: string;
  print: string;
  months(count: number): string;
  issuers: Readonly<Record<string, string>>;
  rows: Record<'order' | 'amount' | 'refundedAmount' | 'method' | 'card' | 'paidAt' | 'payment', string>;
}

/** Korean; another language brings its own, since every paid shopper needs them: `Texts.receipt`. */
export const receiptTexts: ReceiptTexts = {
  paid: '결제가 완료됐어요',
  paidNote: '주문해 주셔서 감사해요.',
  refunded: '결제 금액이 환불됐어요',
  partlyRefunded: '결제 금액의 일부가 환불됐어요',
  receipt: '영수증 보기',
  print: '인쇄하기',
  months: (count) => `${count}개월 할부`,
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
  rows: {
    order: '주문',
    amount: '금액',
    refundedAmount: '환불된 금액',
    method: '결제 수단',
    card: '카드',
    paidAt: '결제 일시',
    payment: '결제 번호',
  },
};
