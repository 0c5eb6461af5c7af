import type { LocalText } from '../../contract/index.js';
import type { MerchantId } from '../config/keys.js';
import { catalogues } from '../config/merchants.js';

/** One merchant's site. */
export interface Site {
  readonly id: MerchantId;
  /** Where its pages begin: '' for the blog, which is the front page. */
  readonly path: string;
  readonly intro: LocalText;
  /** How it takes payments, for who looks behind the scenes. */
  readonly by: LocalText;
}

export const sites: readonly Site[] = [
  {
    id: 'blog',
    path: '',
    intro: {
      ko: '걷고, 마시고, 쓰는 이야기. 글을 읽고 마음에 드셨다면 작은 가게도 둘러보세요.',
      en: 'Stories of walking, brewing and writing. If you liked what you read, have a look at the little shop.',
    },
    by: { ko: '토스페이먼츠 결제창', en: 'Toss payment window' },
  },
  {
    id: 'souvenirs',
    path: '/souvenirs',
    intro: {
      ko: '오름을 걷고 돌아가는 길에, 하나쯤 챙겨 가세요.',
      en: 'Something small to take home from the hills.',
    },
    by: { ko: '토스페이먼츠 결제위젯', en: 'Toss payment widget' },
  },
  {
    id: 'theatre',
    path: '/theatre',
    intro: {
      ko: '이번 달 공연을 예매하세요. 좌석은 입장 순서대로 안내해 드립니다.',
      en: 'Book this month’s play. You are seated as you arrive.',
    },
    by: { ko: '포트원 V2', en: 'PortOne V2' },
  },
];

/** With the item shop, which has an origin of its own: here its wares are only tried out. */
export const allSites: readonly Site[] = [
  ...sites,
  {
    id: 'items',
    path: '',
    intro: { ko: '자기 주소가 있는 가게입니다.', en: 'A shop on an origin of its own.' },
    by: { ko: '포트원 V1', en: 'PortOne V1' },
  },
];

export const siteOf = (id: unknown): Site | undefined => allSites.find((site) => site.id === id);

export interface Good {
  readonly id: string;
  readonly name: LocalText;
  /** Minor units. The server's catalogue decides; this is the same list. */
  readonly price: number;
  readonly currency: 'KRW' | 'USD';
  readonly maxQuantity: number;
}

export const goodsOf = (site: Site): readonly Good[] => catalogues[site.id];

/** What the product pages tell of each item. */
export const stories: Readonly<Record<string, LocalText>> = {
  coffee: {
    ko: '새벽 산책에서 돌아와 내리는 한 잔. 제주 로스터리에서 볶은 원두를 한 봉지씩 담았습니다. 산미는 낮고 끝맛은 고소해요.',
    en: 'The cup after an early walk: beans from a roastery on Jeju, one bag at a time. Low in acid, nutty at the end.',
  },
  essay: {
    ko: '이달의 글 한 편을 조용한 판형에 담은 전자책입니다. 결제하면 바로 읽을 수 있어요.',
    en: 'One essay of this month, set quietly as an e-book. Yours to read right after paying.',
  },
  calendar: {
    ko: '열두 오름의 사계절을 담은 탁상 달력. 뒷면에는 걷기 좋은 길과 시간, 만난 꽃 이름을 적어 두었습니다.',
    en: 'Twelve hills through the seasons. On the back: good paths, how long they take, and the flowers we met.',
  },
  support: {
    ko: '글을 계속 쓸 수 있도록 커피 한 잔 값을 보태 주세요. 원하는 만큼 수량을 고르시면 됩니다.',
    en: 'The price of a coffee, so that there will be more to read. Choose as many as you like.',
  },
  postcards: {
    ko: '해외로 보내 드리는 엽서 여섯 장. 미국 달러로 결제합니다.',
    en: 'Six postcards, sent abroad. Paid in US dollars.',
  },
  magnet: {
    ko: '냉장고 위에 펼쳐지는 작은 능선. 한 줄로 이어 붙일 수 있어요.',
    en: 'A small ridge for your fridge. Several make a range.',
  },
  badge: { ko: '오름에서 만난 들꽃 네 송이를 칠보로 구웠습니다.', en: 'Four flowers of the hills, in enamel.' },
  towel: { ko: '바람에 눕는 억새를 무늬로 옮긴 면 손수건.', en: 'Grass lying down in the wind, printed on cotton.' },
  lantern: {
    ko: '연극 〈오름의 밤〉의 등대지기가 들고 나온 등을 작게 만들었습니다. 한 분께 하나씩만 팝니다.',
    en: 'The lamp from “Night on the hill”, made small. One for each guest.',
  },
  seat: {
    ko: '연극 〈오름의 밤〉은 섬의 마지막 등대지기와 길을 잃은 여행자의 하룻밤 이야기입니다. 110분, 인터미션 없음.',
    en: 'One night of the island’s last lighthouse keeper and a traveller who lost the way. 110 minutes, no interval.',
  },
  programme: {
    ko: '배우와 연출의 글, 무대 스케치를 담은 48쪽 책자.',
    en: '48 pages of sketches, and words by the cast.',
  },
  'online-seat': {
    ko: '해외에서 보는 온라인 관람권. 미국 달러로, PayPal로 결제합니다.',
    en: 'Watch from abroad. Paid in US dollars, with PayPal.',
  },
};
