import type { MyPaymentRow } from '../../../contract/index.js';
import type { PayHistory } from '../../../widget/index.js';
import { deposit, refund, row, unpaid } from '../../support/history-rows.js';
import { problem } from '../../support/shop-server.js';
import { advance, emulate, expect, goOnline, holdTime, resize, server } from '../support/page.js';
import { instead } from '../support/scenes.js';
import { ada, button, find, inState, list, place, saying, shadow, text, until } from './support.js';

type Attributes = NonNullable<Parameters<typeof place>[0]>;
type Show = (attributes: Attributes) => Promise<PayHistory>;
interface Scene {
  state: PayHistory['state'];
  says: { ko: string; en: string };
  show: Show;
}

const hour = 3_600_000;
const orderName = ({ locale }: Attributes) => (locale === 'en' ? 'Drip bag coffee set' : '드립백 커피 세트');
const holder = ({ locale }: Attributes) => (locale === 'en' ? 'Slow Morning Co.' : '느린아침');

/** A list of one payment, in the language in which it was made. */
const one =
  (make: () => MyPaymentRow): Show =>
  (attributes) => {
    const made = make();
    const account = made.account && { account: { ...made.account, holder: holder(attributes) } };
    return list([{ ...made, ...account, orderName: orderName(attributes) }], attributes);
  };

/** Everything a shopper can come to see. */
const scenes: Record<string, Scene> = {
  skeleton: {
    state: 'loading',
    says: { ko: '결제 내역을 불러오고 있어요', en: 'Loading your payments' },
    async show(attributes) {
      instead('GET /me/payments', 'never');
      return place(attributes);
    },
  },
  'no payments': {
    state: 'empty',
    says: { ko: '아직 결제한 내역이 없어요', en: 'No payments yet' },
    show: (attributes) => list([], attributes),
  },
  paid: {
    state: 'list',
    says: { ko: '카드 · 신한카드 · •••• 1234 · 3개월 할부', en: 'Card · Shinhan Card · •••• 1234 · 3 months' },
    show: one(() => row()),
  },
  'paid by an agreement of the shopper’s': {
    state: 'list',
    says: { ko: '카카오페이', en: 'KakaoPay' },
    show: one(() => row({ method: 'kakaopay', receipt: { paidAt: '2026-03-02T03:04:05.000Z', method: 'kakaopay' } })),
  },
  'a part refunded': {
    state: 'list',
    says: { ko: '환불된 금액 3,000원 · 남은 결제 금액 9,900원', en: '₩3,000 refunded · ₩9,900 remains' },
    show: one(() => row({ status: 'partially_refunded', refundedAmount: 3_000, refunds: [refund()] })),
  },
  refunded: {
    state: 'list',
    says: { ko: '환불 완료', en: 'Refunded' },
    show: one(() => row({ status: 'refunded', refundedAmount: 12_900, refunds: [refund({ amount: 12_900 })] })),
  },
  'a refund on its way': {
    state: 'list',
    says: { ko: '환불 진행 중', en: 'Refund on its way' },
    show: one(() => row({ refunds: [refund({ state: 'pending' })] })),
  },
  'a refund that failed': {
    state: 'list',
    says: { ko: '환불하지 못했어요', en: 'The refund failed' },
    show: one(() => row({ refunds: [refund({ state: 'failed' })] })),
  },
  'a refund of money beside the payment': {
    state: 'list',
    says: { ko: '추가로 결제된 금액', en: 'Paid beside the order' },
    show: one(() => row({ refunds: [refund({ extra: true })] })),
  },
  'a refund that waits for an account': {
    state: 'list',
    says: { ko: '환불받을 계좌를 알려 주세요', en: 'Where should your refund go?' },
    show: one(() => row({ refunds: [refund({ state: 'needs_account', needsAccount: true })] })),
  },
  'an account that waits': {
    state: 'list',
    says: { ko: '주문이 자동으로 취소돼요', en: 'the order is canceled by itself' },
    show: one(() => deposit(26 * hour)),
  },
  'an account after its time': {
    state: 'list',
    says: { ko: '입금 기한이 지났어요', en: 'The time to pay is over' },
    show: one(() => deposit(-hour)),
  },
  'not known yet': {
    state: 'list',
    says: { ko: '결제 확인 중', en: 'Being checked' },
    show: one(() => unpaid({ status: 'open', processing: true, method: 'card' })),
  },
  expired: {
    state: 'list',
    says: { ko: '기한 만료', en: 'Expired' },
    show: one(() => unpaid({ status: 'expired', method: 'virtual_account' })),
  },
  canceled: {
    state: 'list',
    says: { ko: '결제 취소', en: 'Canceled' },
    show: one(() => unpaid({ status: 'canceled', method: 'transfer' })),
  },
  failed: {
    state: 'list',
    says: { ko: '결제 실패', en: 'Failed' },
    show: one(() => unpaid({ status: 'failed' })),
  },
  more: {
    state: 'list',
    says: { ko: '더 보기', en: 'Show more' },
    show: (attributes) =>
      list(
        Array.from({ length: 12 }, () => row({ orderName: orderName(attributes) })),
        attributes,
      ),
  },
  'more that does not come': {
    state: 'list',
    says: { ko: '결제 서버에 연결하지 못했어요', en: 'The payment server can’t be reached' },
    async show(attributes) {
      const element = await scenes.more?.show(attributes);
      if (!element) throw new Error('no list');
      await saying(element, attributes.locale === 'en' ? 'Show more' : '더 보기');
      instead('GET /me/payments', { html: '<h1>502</h1>', status: 502 });
      holdTime();
      button(element, attributes.locale === 'en' ? 'Show more' : '더 보기').click();
      for (let wait = 0; wait < 5; wait += 1) await advance(5_000);
      return element;
    },
  },
  'no token': {
    state: 'signed-out',
    says: { ko: '로그인하면 결제 내역을 볼 수 있어요', en: 'Sign in to see your payments' },
    show: (attributes) => inState(place(attributes, ''), 'signed-out'),
  },
  'a token that has expired': {
    state: 'signed-out',
    says: { ko: '로그인이 만료됐어요', en: 'Your sign-in has expired' },
    async show(attributes) {
      instead('GET /me/payments', problem(401, 'customer_token_expired'));
      return inState(place(attributes), 'signed-out');
    },
  },
  'a token that expires later': {
    state: 'list',
    says: { ko: '로그인이 만료됐어요', en: 'Your sign-in has expired' },
    async show(attributes) {
      const element = await one(() => row())(attributes);
      instead('GET /me/payments', problem(401, 'customer_token_expired'));
      element.refresh();
      return element;
    },
  },
  'no server': {
    state: 'error',
    says: { ko: '결제 서버에 연결하지 못했어요', en: 'The payment server can’t be reached' },
    async show(attributes) {
      instead('GET /me/payments', { html: '<h1>502 Bad Gateway</h1>', status: 502 });
      holdTime();
      const element = place(attributes);
      for (let wait = 0; wait < 5; wait += 1) await advance(5_000);
      return inState(element, 'error');
    },
  },
  'no network': {
    state: 'error',
    says: { ko: '인터넷에 연결되어 있지 않아요', en: 'You are offline' },
    async show(attributes) {
      goOnline(false);
      return inState(place(attributes), 'error');
    },
  },
  'mistake of the site': {
    state: 'error',
    says: { ko: '지금은 결제 내역을 볼 수 없어요', en: 'Your payments can’t be shown right now' },
    async show(attributes) {
      instead('GET /me/payments', problem(403, 'forbidden'));
      return inState(place(attributes), 'error');
    },
  },
};

/** Words that are the same in both languages. */
const anywhere = /KB|SC|IBK|HSBC|iM/g;

for (const [name, { state, says, show }] of Object.entries(scenes)) {
  describe(`<pay-history>: ${name}`, () => {
    for (const locale of ['ko', 'en'] as const)
      for (const theme of ['light', 'dark'] as const)
        it(`has its words and no obstacle: ${locale}, ${theme}`, async () => {
          const element = await show({ locale, theme });
          await saying(element, says[locale]);
          expect(element.state).to.equal(state);
          const words = text(element).replace(anywhere, '');
          expect(words).not.to.match(/undefined|null|NaN|Infinity|\[object|Invalid|function|true|false/);
          expect(words).not.to.match(locale === 'en' ? /[가-힣]/ : /[A-Za-z]{3,}/);
          await expect(element).to.be.accessible();
        });
  });
}

describe('<pay-history> fits', () => {
  const longest = '에티오피아예가체프코체레워시드원두일킬로그램분쇄핸드드립용선물포장과손글씨카드포함 외 12건';
  const everything = () => [
    deposit(26 * hour, { orderName: longest }),
    row({
      orderName: longest,
      amount: 1_234_567_890,
      status: 'partially_refunded',
      refundedAmount: 3_000,
      refunds: [refund(), refund({ id: 'rf_2', state: 'needs_account', needsAccount: true, amount: 1_234_567_890 })],
    }),
  ];

  for (const [width, size] of [
    [320, '100%'],
    [320, '200%'],
    [360, '100%'],
    [1_280, '200%'],
  ] as const)
    it(`${width} pixels with text of ${size}: nothing is cut off or wider than the page`, async () => {
      await resize(width);
      document.documentElement.style.fontSize = size;
      const element = await list(everything());
      await saying(element, '주문이 자동으로 취소돼요');
      await saying(element, '환불받을 계좌를 알려 주세요');
      expect(document.documentElement.scrollWidth).to.be.at.most(width);
      const card = find(element, '[part=card]');
      expect(card.scrollWidth).to.be.at.most(card.clientWidth);
      for (const part of shadow(element).querySelectorAll<HTMLElement>('[part], button, dd, h3, strong'))
        expect(part.getBoundingClientRect().right, part.outerHTML.slice(0, 80)).to.be.at.most(width);
    });

  it('holds still where motion is not wanted', async () => {
    await emulate({ 'prefers-reduced-motion': 'reduce' });
    instead('GET /me/payments', 'never');
    const element = place();
    await until(() => shadow(element).querySelector('.bone'), 'a skeleton');
    expect(shadow(element).getAnimations()).to.deep.equal([]);
  });

  it('is read from right to left where the page is', async () => {
    document.documentElement.dir = 'rtl';
    server.histories.set(ada, everything());
    const element = await inState(place(), 'list');
    await saying(element, '환불받을 계좌를 알려 주세요');
    const [name, amount] = [find(element, 'h3'), find(element, '[part=amount]')];
    expect(amount.getBoundingClientRect().left).to.be.below(name.getBoundingClientRect().right);
    expect(document.documentElement.scrollWidth).to.be.at.most(800);
  });
});
