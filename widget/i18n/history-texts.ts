import type { PaymentStatus } from '../../contract/index.js';
import type { ReceiptTexts } from './receipt-texts.js';

/** What a shopper's list says; the rest is the checkout's words. */
export interface HistoryTexts {
  label: string;
  loading: string;
  empty: string;
  mistake: string;
  offline: string;
  more: string;
  standing: Readonly<Record<PaymentStatus | 'checking', string>>;
}

/** Korean; English is a chunk of its own. */
export const historyTexts: HistoryTexts = {
  label: '결제 내역',
  loading: '결제 내역을 불러오고 있어요',
  empty: '아직 결제한 내역이 없어요',
  mistake: '지금은 결제 내역을 볼 수 없어요',
  offline: '인터넷에 연결되어 있지 않아요',
  more: '더 보기',
  standing: {
    open: '결제 전',
    pending: '입금 대기',
    paid: '결제 완료',
    partially_refunded: '부분 환불',
    refunded: '환불 완료',
    failed: '결제 실패',
    canceled: '결제 취소',
    expired: '기한 만료',
    checking: '결제 확인 중',
  },
};

/**
 * Words of the receipt, as a list needs them in Korean; in English they are there with the checkout's. Written once more since a chunk that
 * both share would make each payment larger; a test compares them.
 */
export const listedReceiptTexts: Pick<ReceiptTexts, 'receipt' | 'months' | 'issuers'> = {
  receipt: '영수증 보기',
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
};
