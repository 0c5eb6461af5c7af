import { embedJson, escapeHtml, type Language } from '../sandbox/html.js';

export type View = 'blog' | 'items' | 'theatre' | 'pay';

/** What the page's script is told. */
export interface ShopConfig {
  readonly view: View;
  readonly language: Language;
  /** Base URL of the server, as browsers reach it. */
  readonly server: string;
  readonly publishableKey?: string;
  readonly items?: readonly string[];
}

const texts = {
  ko: {
    blog: '오름을 걷는 블로그',
    items: '별빛 원정대 아이템샵',
    theatre: '오름 소극장',
    pay: '결제',
    navBlog: '블로그',
    navItems: '아이템샵',
    navTheatre: '소극장',
    blogIntro: '걷고, 마시고, 쓰는 이야기. 글을 읽고 마음에 드셨다면 작은 가게도 둘러보세요.',
    itemsIntro: '원정을 떠나기 전에 필요한 것들을 준비하세요.',
    theatreIntro: '이번 달 공연을 예매하세요. 좌석은 입장 순서대로 안내해 드립니다.',
    payIntro: '주문 내용을 확인하고 결제해 주세요.',
    demo: '데모 – 실제 결제가 이루어지지 않습니다',
    shops: '가게',
    noScript: '이 페이지를 보려면 JavaScript를 켜 주세요.',
    other: 'English',
  },
  en: {
    blog: 'Walking the hills, a blog',
    items: 'Starlight Expedition item shop',
    theatre: 'Little theatre on the hill',
    pay: 'Payment',
    navBlog: 'Blog',
    navItems: 'Item shop',
    navTheatre: 'Theatre',
    blogIntro: 'Stories of walking, brewing and writing. If you liked what you read, have a look at the little shop.',
    itemsIntro: 'Everything you need before the expedition leaves.',
    theatreIntro: 'Book this month’s play. You are seated as you arrive.',
    payIntro: 'Please check your order and pay.',
    demo: 'Demo – no real money moves',
    shops: 'Shops',
    noScript: 'This page needs JavaScript.',
    other: '한국어',
  },
} as const;

/** The one page of the shop; its content is filled in by its script. */
export function page(config: ShopConfig): string {
  const { view, language } = config;
  const text = texts[language];
  const other = language === 'ko' ? 'en' : 'ko';
  const query = language === 'ko' ? '' : '?lang=en';
  const link = (to: View, path: string, name: string) =>
    `<a href="${path}${query}"${to === view ? ' aria-current="page"' : ''}>${escapeHtml(name)}</a>`;
  const intro = { blog: text.blogIntro, items: text.itemsIntro, theatre: text.theatreIntro, pay: text.payIntro }[view];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(text[view])}</title>
<link rel="icon" href="/assets/art.svg">
<link rel="stylesheet" href="/assets/shop.css">
</head>
<body data-view="${view}">
<p class="banner">${escapeHtml(text.demo)}</p>
<header>
<nav aria-label="${escapeHtml(text.shops)}">${link('blog', '/', text.navBlog)}${link('items', '/items', text.navItems)}${link('theatre', '/theatre', text.navTheatre)}</nav>
<a id="language" href="?lang=${other}" lang="${other}" hreflang="${other}">${text.other}</a>
</header>
<main>
<div class="intro"><h1>${escapeHtml(text[view])}</h1><p>${escapeHtml(intro)}</p></div>
<div id="content"></div>
<noscript><p class="card">${escapeHtml(text.noScript)}</p></noscript>
</main>
<script type="application/json" id="config">${embedJson(config)}</script>
<script type="module" src="/assets/main.js"></script>
</body>
</html>`;
}
