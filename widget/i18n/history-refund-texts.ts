import type { Locale } from '../../contract/index.js';

export interface HistoryRefundTexts {
  underWay: string;
  done: string;
  failed: string;
  needs_account: string;
  /** Of money that came beside the payment. */
  extra: string;
  askSeller: string;
  sums(refunded: string, left: string): string;
}

const ko: HistoryRefundTexts = {
  underWay: '환불 진행 중',
  done: '환불 완료',
  failed: '환불 실패',
  needs_account: '환불 계좌 필요',
  extra: '추가로 결제된 금액',
  askSeller: '환불하지 못했어요. 판매자에게 문의해 주세요.',
  sums: (refunded, left) => `환불된 금액 ${refunded} · 남은 결제 금액 ${left}`,
};

const en: HistoryRefundTexts = {
  underWay: 'Refund on its way',
  done: 'Refunded',
  failed: 'Refund failed',
  needs_account: 'Refund needs your account',
  extra: 'Paid beside the order',
  askSeller: 'The refund failed. Please contact the seller.',
  sums: (refunded, left) => `${refunded} refunded · ${left} remains`,
};

export const historyRefundTexts: Readonly<Record<Locale, HistoryRefundTexts>> = { ko, en };
