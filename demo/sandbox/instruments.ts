import type { Method } from '../../contract/index.js';
import { bankByWord } from './banks.js';

/** What a shopper pays with. Banks by our word for them. */
export type Instrument =
  | { readonly method: 'card'; readonly card: string }
  | { readonly method: 'kakaopay' | 'naverpay' | 'tosspay' | 'paypal' }
  | { readonly method: 'transfer'; readonly bank: string }
  | { readonly method: 'virtual_account'; readonly bank: string }
  | { readonly method: 'phone'; readonly carrier: string };

export type Decline = 'insufficient_funds' | 'over_limit' | 'stopped_card';

export interface TestCard {
  readonly number: string;
  readonly decline?: Decline;
}

/** Every card the bank knows; no other number is taken, so that nobody types a real one. */
export const testCards: readonly TestCard[] = [
  { number: '4300000000000001' },
  { number: '4300000000000002', decline: 'insufficient_funds' },
  { number: '4300000000000003', decline: 'over_limit' },
  { number: '4300000000000004', decline: 'stopped_card' },
];

export const carriers = ['SKT', 'KT', 'LGU'] as const;

export const testCard = (number: string): TestCard | undefined => testCards.find((card) => card.number === number);

export const cardGroups = (number: string): string => number.replace(/(\d{4})(?=\d)/g, '$1-');

/** What was typed or posted → an instrument, or why not. Missing details get the first choice, for callers without a window. */
export function readInstrument(input: Record<string, unknown>): Instrument | { refused: 'method' | 'card' | 'bank' } {
  const method = (input.method ?? 'card') as Method;
  const bank = typeof input.bank === 'string' ? input.bank : 'KOOKMIN';
  switch (method) {
    case 'card': {
      const card = String(input.card ?? '4300000000000001').replace(/[\s-]/g, '');
      return testCard(card) ? { method, card } : { refused: 'card' };
    }
    case 'transfer':
    case 'virtual_account':
      return bankByWord(bank) ? { method, bank } : { refused: 'bank' };
    case 'phone':
      return { method, carrier: carriers.find((each) => each === input.carrier) ?? 'SKT' };
    case 'kakaopay':
    case 'naverpay':
    case 'tosspay':
    case 'paypal':
      return { method };
    default:
      return { refused: 'method' };
  }
}
