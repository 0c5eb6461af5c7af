import type { HistoryTexts } from './history-texts.js';

export const historyTexts: HistoryTexts = {
  label: 'Payments',
  loading: 'Loading your payments',
  empty: 'No payments yet',
  mistake: 'Your payments can’t be shown right now',
  offline: 'You are offline',
  more: 'Show more',
  standing: {
    open: 'Not paid',
    pending: 'Waiting for your deposit',
    paid: 'Paid',
    partially_refunded: 'Partly refunded',
    refunded: 'Refunded',
    failed: 'Failed',
    canceled: 'Canceled',
    expired: 'Expired',
    checking: 'Being checked',
  },
};
