import type { Locale } from '../../contract/index.js';

export interface MistakeTexts {
  mistake: string;
  mistakeNote: string;
}

export const mistakeTexts: Readonly<Record<Locale, MistakeTexts>> = {
  ko: {
    mistake: '지금은 결제할 수 없어요',
    mistakeNote: '잠시 후 다시 시도하거나 판매자에게 문의해 주세요.',
  },
  en: {
    mistake: 'Payment isn’t possible right now',
    mistakeNote: 'Please try again later or contact the seller.',
  },
};
