import type { SessionView, ShopperRefundView } from '../../../contract/index.js';
import type { PayCheckout } from '../../../widget/index.js';
import { item, problem, type Sent } from '../../support/shop-server.js';
import {
  advance,
  button,
  card,
  click,
  find,
  form,
  goOnline,
  holdTime,
  inState,
  pay,
  payButton,
  place,
  ready,
  server,
  text,
  until,
  windows,
} from './page.js';

type Attributes = NonNullable<Parameters<typeof place>[0]>;

export interface Scene {
  state: PayCheckout['state'];
  /** Words that must be there, in Korean and English. */
  says: { ko: string; en: string };
  show(attributes: Attributes): Promise<PayCheckout>;
}

const fields = 'name email phone postcode address';

const given = (more: Partial<SessionView>, attributes: Attributes): PayCheckout => {
  const { id } = server.add({ orderName: orderName(attributes), ...more });
  return place({ ...attributes, session: id, 'client-secret': 'secret' });
};

/** Answers a request otherwise from now on. */
export function instead(what: string, answer: Awaited<ReturnType<typeof server.instead>>): void {
  const before = server.instead;
  server.instead = async (sent: Sent) => (`${sent.method} ${sent.path}`.startsWith(what) ? answer : await before(sent));
}

/** A line of text that is on the page. */
export const saying = (element: PayCheckout, words: string): Promise<void> =>
  until(() => text(element).includes(words), `"${words}"`);

const receipt = {
  paidAt: '2026-03-02T03:04:05.000Z',
  method: 'card',
  card: { issuer: 'SHINHAN', last4: '1234', installmentMonths: 3 },
  url: 'https://receipt.example/1',
} as const;

const paid: Partial<SessionView> = { status: 'paid', receipt };

/** In the language in which the order was made. */
const orderName = ({ locale }: Attributes) => (locale === 'en' ? item.name.en : item.name.ko) ?? '';

const refunding = (more: Partial<ShopperRefundView>): Partial<SessionView> => ({
  ...paid,
  receipt: { paidAt: receipt.paidAt, method: 'virtual_account' },
  refunds: [
    {
      id: 'rf_1',
      amount: 12_900,
      currency: 'KRW',
      state: 'needs_account',
      needsAccount: true,
      requestedAt: '2026-03-03T03:04:05.000Z',
      ...more,
    },
  ],
});

const account = (dueAt: number): Partial<SessionView> => ({
  status: 'pending',
  attempt: { no: 1, orderId: 'pay_1_1', provider: 'toss', method: 'virtual_account', state: 'pending' },
  account: {
    bank: 'SHINHAN',
    number: '56211105951234',
    holder: 'Slow Morning Co.',
    dueAt: new Date(Date.now() + dueAt).toISOString(),
  },
});

const declined = (code: string, retryable: boolean) => async (attributes: Attributes) => {
  server.found = { failure: { code, message: '카드사 거절', retryable } };
  const element = await pay(await form(attributes));
  windows.last.refuse(code);
  return inState(element, 'failed');
};

async function verifying(attributes: Attributes): Promise<PayCheckout> {
  instead('POST /payments/verify', { status: 202, retryAfter: 2, body: server.sessions.get('cs_1') ?? {} });
  const element = await form(attributes);
  await pay(element);
  instead('POST /payments/verify', { status: 202, retryAfter: 2, body: server.sessions.get('cs_1') ?? {} });
  holdTime();
  windows.last.end();
  return inState(element, 'verifying');
}

/** Everything a shopper can come to see. */
export const scenes: Readonly<Record<string, Scene>> = {
  skeleton: {
    state: 'loading',
    says: { ko: '불러오고 있어요', en: 'Loading your order' },
    async show(attributes) {
      instead('GET /catalog', 'never');
      const element = place({ ...attributes, collect: fields });
      await element.updateComplete;
      return element;
    },
  },
  'no server': {
    state: 'loading',
    says: { ko: '결제 서버에 연결하지 못했어요', en: 'The payment server can’t be reached' },
    async show(attributes) {
      instead('GET /catalog', { html: '<h1>502 Bad Gateway</h1>', status: 502 });
      holdTime();
      const element = place(attributes);
      for (let wait = 0; wait < 5; wait += 1) await advance(5_000);
      await until(() => find(element, 'h2'), 'a heading');
      return element;
    },
  },
  'no network': {
    state: 'loading',
    says: { ko: '인터넷에 연결되어 있지 않아요', en: 'You are offline' },
    async show(attributes) {
      goOnline(false);
      const element = place(attributes);
      await until(() => shadowHas(element, 'h2'), 'a heading');
      return element;
    },
  },
  form: {
    state: 'form',
    says: { ko: '12,900원 결제하기', en: 'Pay ₩12,900' },
    show: (attributes) => form({ ...attributes, collect: fields, 'address-search': true, 'quantity-editable': true }),
  },
  'mistakes in the form': {
    state: 'form',
    says: { ko: '이름을 입력해 주세요.', en: 'Please enter your name.' },
    async show(attributes) {
      const element = await form({ ...attributes, collect: fields, 'buyer-email': 'not an address' });
      await ready(element);
      await click(payButton(element));
      await element.updateComplete;
      return element;
    },
  },
  opening: {
    state: 'opening',
    says: { ko: '결제를 준비하고 있어요', en: 'Preparing your payment' },
    async show(attributes) {
      instead('POST /payments/sessions', 'never');
      const element = await form(attributes);
      holdTime();
      await click(payButton(element));
      return inState(element, 'opening');
    },
  },
  'a script that was stopped': {
    state: 'form',
    says: { ko: '광고 차단', en: 'An ad blocker' },
    async show(attributes) {
      // No browser connects to this port.
      server.script = `http://127.0.0.1:9/${Math.random()}.js`;
      const element = await form(attributes);
      await click(payButton(element));
      return element;
    },
  },
  'another price': {
    state: 'form',
    says: { ko: '금액이 바뀌었어요', en: 'The price has changed' },
    async show(attributes) {
      const element = await form(attributes);
      const [[id, before] = []] = [...server.items];
      if (id && before) server.items.set(id, { ...before, price: 15_000 });
      // Without a hand on its way there, which would have prepared the payment.
      payButton(element).click();
      return element;
    },
  },
  'a method that is gone': {
    state: 'form',
    says: { ko: '이 결제 수단을 쓸 수 없어요', en: 'not available right now' },
    async show(attributes) {
      instead('POST /payments/sessions', problem(422, 'method_not_available'));
      const element = await form(attributes);
      await click(payButton(element));
      return element;
    },
  },
  paying: {
    state: 'paying',
    says: { ko: '결제창에서 결제를 진행해 주세요', en: 'Please pay in the payment window' },
    show: async (attributes) => pay(await form({ ...attributes, collect: 'name', 'buyer-name': 'Kim Minji' })),
  },
  verifying: {
    state: 'verifying',
    says: { ko: '결제를 확인하고 있어요', en: 'Checking your payment' },
    show: verifying,
  },
  'verifying for long': {
    state: 'verifying',
    says: { ko: '조금 길어지고', en: 'a little longer than usual' },
    async show(attributes) {
      const element = await verifying(attributes);
      await advance(7_000);
      await advance(3_000);
      return element;
    },
  },
  'verifying without a network': {
    state: 'verifying',
    says: { ko: '연결되면', en: 'You are offline' },
    async show(attributes) {
      const element = await verifying(attributes);
      goOnline(false);
      await element.updateComplete;
      return element;
    },
  },
  'verifying after a redirect': {
    state: 'verifying',
    says: { ko: '결제를 확인하고 있어요', en: 'Checking your payment' },
    async show(attributes) {
      const { id } = server.add({ orderName: orderName(attributes) });
      instead('POST /payments/verify', 'never');
      history.replaceState(null, '', `?pc_session=${id}&pc_return=rt_1&paymentKey=k&orderId=pay_1_1&amount=12900`);
      return inState(place(attributes), 'verifying');
    },
  },
  'not finished': {
    state: 'form',
    says: { ko: '끝나지 않았어요', en: 'not finished yet' },
    async show(attributes) {
      const { id } = server.add({ orderName: orderName(attributes) });
      server.found = {};
      history.replaceState(null, '', `?pc_session=${id}&pc_return=rt_1`);
      return inState(place(attributes), 'form');
    },
  },
  receipt: {
    state: 'success',
    says: { ko: '결제가 완료됐어요', en: 'Your payment is complete' },
    show: (attributes) => inState(given(paid, attributes), 'success'),
  },
  'receipt of a part': {
    state: 'success',
    says: { ko: '일부가 환불됐어요', en: 'Part of your payment was refunded' },
    show: (attributes) =>
      inState(given({ ...paid, status: 'partially_refunded', refundedAmount: 3_000 }, attributes), 'success'),
  },
  refunded: {
    state: 'success',
    says: { ko: '결제 금액이 환불됐어요', en: 'Your payment was refunded' },
    show: (attributes) =>
      inState(given({ ...paid, status: 'refunded', refundedAmount: 12_900 }, attributes), 'success'),
  },
  account: {
    state: 'pending',
    says: { ko: '아직 결제 전이에요', en: 'Not paid yet' },
    show: (attributes) => inState(given(account(26 * 3_600_000), attributes), 'pending'),
  },
  'account after its time': {
    state: 'pending',
    says: { ko: '입금 기한이 지났어요', en: 'The time to pay is over' },
    show: (attributes) => inState(given(account(-60_000), attributes), 'pending'),
  },
  'no deposit yet': {
    state: 'pending',
    says: { ko: '아직 입금이 확인되지 않았어요', en: 'Your deposit has not arrived yet' },
    async show(attributes) {
      const element = await inState(given(account(3_600_000), attributes), 'pending');
      const words = attributes.locale === 'ko' ? '입금 확인하기' : 'Check my deposit';
      await saying(element, words);
      await click(button(element, words));
      return element;
    },
  },
  'refund account': {
    state: 'success',
    says: { ko: '환불받을 계좌를 알려 주세요', en: 'Where should your refund go?' },
    show: (attributes) => inState(given(refunding({}), attributes), 'success'),
  },
  'refund account that was refused': {
    state: 'success',
    says: { ko: '이 계좌로는 환불할 수 없어요', en: 'The refund can’t go to this account' },
    show: (attributes) =>
      inState(given(refunding({ failure: { code: 'INVALID_ACCOUNT', retryable: true } }), attributes), 'success'),
  },
  'refund on its way': {
    state: 'success',
    says: { ko: '환불을 진행하고 있어요', en: 'Your refund is on its way' },
    show: (attributes) => inState(given(refunding({ state: 'sent', needsAccount: false }), attributes), 'success'),
  },
  declined: {
    state: 'failed',
    says: { ko: '결제가 승인되지 않았어요', en: 'The payment was not approved' },
    show: declined('INVALID_CARD_EXPIRATION', true),
  },
  'declined for good': {
    state: 'failed',
    says: { ko: '카드사에서 승인을 거절했어요', en: 'The card company refused it' },
    show: declined('REJECT_CARD_COMPANY', false),
  },
  'order over': {
    state: 'failed',
    says: { ko: '이 주문은 더 결제할 수 없어요', en: 'This order can’t be paid any more' },
    show: (attributes) => inState(given({ status: 'expired' }, attributes), 'failed'),
  },
  canceled: {
    state: 'canceled',
    says: { ko: '결제를 취소했어요', en: 'You canceled the payment' },
    async show(attributes) {
      server.found = {};
      const element = await pay(await form(attributes));
      windows.last.refuse('USER_CANCEL');
      return inState(element, 'canceled');
    },
  },
  'mistake of the site': {
    state: 'error',
    says: { ko: '지금은 결제할 수 없어요', en: 'Payment isn’t possible right now' },
    show: (attributes) => inState(place({ ...attributes, product: undefined }), 'error'),
  },
  'mistake of the site, told': {
    state: 'error',
    says: { ko: 'item_not_found', en: 'item_not_found' },
    show: (attributes) => inState(place({ ...attributes, product: 'tea', debug: true }), 'error'),
  },
  "the provider's own widget": {
    state: 'form',
    says: { ko: '결제 금액', en: 'Total' },
    async show(attributes) {
      const { launch } = server;
      server.launch = (session) => ({ ...launch(session), kind: 'widget' }) as ReturnType<typeof launch>;
      const element = await form(attributes);
      await ready(element);
      await until(() => element.textContent?.includes('Toss terms'), 'the terms of the widget');
      await element.updateComplete;
      return element;
    },
  },
  'closed dialog': {
    state: 'form',
    says: { ko: '12,900원 결제하기', en: 'Pay ₩12,900' },
    show: (attributes) => form({ ...attributes, presentation: 'button' }),
  },
  dialog: {
    state: 'form',
    says: { ko: '닫기', en: 'Close' },
    show: (attributes) => opened({ ...attributes, collect: fields }),
  },
  'dialog behind the window': {
    state: 'paying',
    says: { ko: '결제창에서 결제를 진행해 주세요', en: 'Please pay in the payment window' },
    show: async (attributes) => pay(await opened(attributes)),
  },
  'receipt in a dialog': {
    state: 'success',
    says: { ko: '결제가 완료됐어요', en: 'Your payment is complete' },
    async show(attributes) {
      server.found = paid;
      const element = await pay(await opened(attributes));
      windows.last.end();
      return inState(element, 'success');
    },
  },
};

const shadowHas = (element: PayCheckout, selector: string) => element.shadowRoot?.querySelector(selector);

async function opened(attributes: Attributes): Promise<PayCheckout> {
  const element = await form({ ...attributes, presentation: 'modal' });
  element.open();
  await until(() => element.shadowRoot?.querySelector('dialog[open]'), 'an open dialog');
  await until(() => card(element).getBoundingClientRect().height > 0, 'a card');
  return element;
}
