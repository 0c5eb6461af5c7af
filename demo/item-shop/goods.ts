import type { LocalText } from '../../contract/index.js';
import { catalogues } from '../config/merchants.js';

export interface Good {
  readonly id: string;
  readonly name: LocalText;
  /** Minor units. The server's catalogue decides; this is the same list. */
  readonly price: number;
  readonly currency: 'KRW' | 'USD';
  readonly maxQuantity: number;
}

export const goods: readonly Good[] = catalogues.items;

export const goodOf = (id: unknown): Good | undefined => goods.find((good) => good.id === id);

/** What each item does in the game. */
export const stories: Readonly<Record<string, LocalText>> = {
  potion: {
    ko: '밤하늘에서 길어 올린 물약 한 병. 쓰러진 동료를 일으키고 밤길을 밝혀 줍니다.',
    en: 'A bottle drawn from the night sky. Wakes a fallen friend and lights the way.',
  },
  'ruby-100': { ko: '첫 원정에 넉넉한 루비 100개.', en: '100 rubies: plenty for a first expedition.' },
  'ruby-1200': {
    ko: '오래 걷는 원정대를 위한 상자. 보너스 루비 150개가 들어 있어요.',
    en: 'A chest for those who walk far, with 150 rubies on top.',
  },
  shield: {
    ko: '새벽빛이 스민 방패. 영웅 한 명이 하나씩 들 수 있어요.',
    en: 'Dawn’s light in a shield. One for each of your heroes.',
  },
  moonstone: {
    ko: '달의 뒷면에서 온 돌. 미국 달러로, PayPal로 결제합니다.',
    en: 'From the far side of the moon. Paid in US dollars, with PayPal.',
  },
};
