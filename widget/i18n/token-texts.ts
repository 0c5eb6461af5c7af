import type { Locale } from '../../contract/index.js';

export interface TokenTexts {
  signIn: string;
  signInAgain: string;
}

const ko: TokenTexts = {
  signIn: '로그인하면 결제 내역을 볼 수 있어요',
  signInAgain: '로그인이 만료됐어요. 다시 로그인해 주세요.',
};

const en: TokenTexts = {
  signIn: 'Sign in to see your payments',
  signInAgain: 'Your sign-in has expired. Please sign in again.',
};

export const tokenTexts: Readonly<Record<Locale, TokenTexts>> = { ko, en };
