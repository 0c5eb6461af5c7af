import { type Method, methods } from '../../contract/index.js';
import { demoAccount } from '../sandbox/portone-v1/accounts.js';
import { demoStore } from '../sandbox/portone-v2/stores.js';
import { demoKeys, type MerchantId, shopperTokenSecret } from './keys.js';

const won = (id: string, ko: string, en: string, price: number, maxQuantity = 10) => ({
  id,
  name: { ko, en },
  price,
  currency: 'KRW' as const,
  maxQuantity,
});

const dollars = (id: string, ko: string, en: string, price: number, maxQuantity = 5) =>
  ({ ...won(id, ko, en, price, maxQuantity), currency: 'USD' }) as const;

/** What each merchant sells, as its catalogue is written in a merchants file. */
export const catalogues = {
  blog: [
    won('coffee', '드립백 커피 10개입', 'Drip bag coffee, box of 10', 12_900),
    won('essay', '이달의 에세이 (전자책)', 'Essay of the month (e-book)', 4_500, 1),
    won(
      'calendar',
      '2027년 제주 오름 산책 탁상 달력 – 계절마다 다시 걷고 싶은 길 열두 곳 <한정판>',
      '2027 desk calendar – twelve walks over the hills of Jeju, one for each month <limited edition>',
      18_000,
      5,
    ),
    won('support', '블로그 후원하기', 'Support the blog', 5_000, 20),
    dollars('postcards', '오름 엽서 세트 (해외 배송)', 'Postcards of the hills, sent abroad', 12_50),
  ],
  souvenirs: [
    won('magnet', '오름 능선 자석', 'Fridge magnet of the hills', 2_400, 30),
    won('badge', '들꽃 배지 세트', 'Wild flower badges, set of 4', 7_000),
    won('towel', '바람무늬 손수건', 'Handkerchief with the wind on it', 11_000),
    won('lantern', '등대지기의 작은 등', 'The lighthouse keeper’s little lamp', 59_000, 1),
  ],
  items: [
    won('potion', '별빛 물약', 'Starlight potion', 2_400, 30),
    won('ruby-100', '루비 주머니', 'Pouch of rubies', 1_100),
    won('ruby-1200', '루비 상자', 'Chest of rubies', 11_000),
    won('shield', '새벽빛 방패', 'Shield of dawn', 5_900, 5),
    dollars('moonstone', '달의 뒷면에서 온 돌 (해외)', 'Stone from the far side of the moon', 4_99),
  ],
  theatre: [
    won('seat', '연극 〈오름의 밤〉 R석', 'A seat for “Night on the hill”', 45_000, 6),
    won('programme', '공연 프로그램북', 'Programme book', 8_000, 4),
    dollars('online-seat', '〈오름의 밤〉 온라인 관람권 (해외)', '“Night on the hill”, watched from abroad', 14_20),
  ],
} as const satisfies Record<MerchantId, readonly object[]>;

export const merchantNames = {
  blog: { ko: '오름을 걷는 블로그', en: 'Walking the hills, a blog' },
  souvenirs: { ko: '오름 기념품 가게', en: 'Souvenirs of the hills' },
  items: { ko: '별빛 원정대 상점', en: 'Starlight Expedition shop' },
  theatre: { ko: '오름 소극장', en: 'Little theatre on the hill' },
} as const satisfies Record<MerchantId, object>;

/** Environment variables that the merchants file refers to. */
export const merchantVariables: Readonly<Record<string, string>> = {
  BLOG_SECRET_KEY: demoKeys.blog.secret,
  BLOG_TOSS_SECRET_KEY: demoKeys.blog.tossSecret,
  SOUVENIRS_SECRET_KEY: demoKeys.souvenirs.secret,
  SOUVENIRS_TOSS_SECRET_KEY: demoKeys.souvenirs.tossSecret,
  ITEMS_SECRET_KEY: demoKeys.items.secret,
  ITEMS_PORTONE_API_KEY: demoAccount.apiKey,
  ITEMS_PORTONE_API_SECRET: demoAccount.apiSecret,
  THEATRE_SECRET_KEY: demoKeys.theatre.secret,
  SHOPPER_TOKEN_SECRET: shopperTokenSecret,
  THEATRE_PORTONE_API_SECRET: demoStore.apiSecret,
  THEATRE_PORTONE_WEBHOOK_SECRET: demoStore.webhookSecret,
};

const toss = (id: 'blog' | 'souvenirs') => ({
  id: 'toss',
  provider: 'toss',
  clientKey: demoKeys[id].tossClient,
  secretKey: { env: `${id.toUpperCase()}_TOSS_SECRET_KEY` },
  currencies: id === 'blog' ? ['KRW', 'USD'] : ['KRW'],
});

/** One of the sandbox's own channels at PortOne; each is for its own methods. */
const portOne = (name: string, methods: readonly string[], approval: 'automatic' | 'manual' = 'automatic') => ({
  id: `portone-${name}`,
  provider: 'portone-v2',
  environment: 'test',
  approval,
  storeId: demoStore.storeId,
  channelKey: `channel-key-demo-${name}`,
  apiSecret: { env: 'THEATRE_PORTONE_API_SECRET' },
  webhookSecrets: [{ env: 'THEATRE_PORTONE_WEBHOOK_SECRET' }],
  methods,
});

const theatreChannels = [
  portOne('card', ['card']),
  portOne('kakaopay', ['kakaopay']),
  portOne('naverpay', ['naverpay']),
  portOne('tosspay', ['tosspay']),
  portOne('manual', ['transfer', 'virtual_account', 'phone'], 'manual'),
  { ...portOne('paypal', ['paypal']), currencies: ['USD'] },
];

/** V1 opens a window for one method at a time: a channel for each, as its console has them. */
const portOneV1 = (method: Method) => ({
  id: `portone-v1-${method}`,
  provider: 'portone-v1',
  environment: 'test',
  userCode: demoAccount.userCode,
  channelKey: `channel-key-v1-demo-${method}`,
  apiKey: { env: 'ITEMS_PORTONE_API_KEY' },
  apiSecret: { env: 'ITEMS_PORTONE_API_SECRET' },
  methods: [method],
  // Phone bills ask what is sold.
  ...(method === 'phone' && { digital: true }),
  currencies: method === 'paypal' ? ['USD'] : ['KRW'],
});

/** Where the sites are, the first one as browsers reach its pictures. */
interface Origins {
  readonly shop: readonly string[];
  readonly items: readonly string[];
}

/**
 * The merchants file of the demo: a blog on Toss's payment window, a souvenir shop on its payment widget, a theatre on PortOne V2, where
 * transfers, accounts and phone bills are approved by our server and the rest by PortOne, and an item shop on V1, on an origin of its own;
 * it may be tried out on the others' pages, too.
 */
export function merchantsFile({ shop, items }: Origins) {
  const merchant = (id: MerchantId, channels: readonly object[], origins = shop) => ({
    id,
    name: merchantNames[id],
    publishableKey: demoKeys[id].publishable,
    secretKey: { env: `${id.toUpperCase()}_SECRET_KEY` },
    origins,
    channels,
    catalogue: catalogues[id].map((item) => ({ ...item, image: `${origins[0]}/assets/art/${item.id}.svg` })),
    shopperTokens: { algorithm: 'HS256', secret: { env: 'SHOPPER_TOKEN_SECRET' } },
  });
  return {
    merchants: [
      merchant('blog', [toss('blog')]),
      merchant('souvenirs', [toss('souvenirs')]),
      merchant('theatre', theatreChannels),
      merchant('items', methods.map(portOneV1), [...items, ...shop]),
    ],
  };
}
