import { aTimeout } from '@open-wc/testing';
import type { SessionView } from '../../contract/index.js';
import {
  PayCancelEvent,
  type PayCheckout,
  PayErrorEvent,
  PayFailEvent,
  PayPendingEvent,
  PayReadyEvent,
  PaySuccessEvent,
} from '../../widget/index.js';
import {
  expect,
  form,
  goOnline,
  inState,
  listen,
  pay,
  payButton,
  place,
  said,
  server,
  stay,
  windows,
} from './support/page.js';
import { instead, saying } from './support/scenes.js';

const site = 'https://shop.example';
const urls = { 'success-url': `${site}/thanks?a=1#top`, 'fail-url': '/sorry', 'cancel-url': 'cart' };
const detail = { session: 'cs_1', payment: 'pay_1', amount: 12_900, currency: 'KRW', resumed: false };

type Kind = new (detail: never) => Event;
type End = (element: PayCheckout) => Promise<unknown>;
const endings: Record<string, { found: Partial<SessionView>; end: End; type: Kind; more: object; goes?: string }> = {
  paid: {
    found: { status: 'paid' },
    end: async () => windows.last.end(),
    type: PaySuccessEvent,
    more: {},
    goes: `${site}/thanks?a=1&pc_session=cs_1#top`,
  },
  'an account to pay into': {
    found: { status: 'pending', account: { bank: 'SHINHAN', number: '562111', dueAt: '2999-01-01T00:00:00.000Z' } },
    end: async () => windows.last.end(),
    type: PayPendingEvent,
    more: { account: { bank: 'SHINHAN', number: '562111', dueAt: '2999-01-01T00:00:00.000Z' } },
  },
  declined: {
    found: { failure: { code: 'REJECT_CARD_COMPANY', message: '거절', retryable: false } },
    end: async () => windows.last.refuse('REJECT_CARD_COMPANY'),
    type: PayFailEvent,
    more: { reason: 'issuer', code: 'REJECT_CARD_COMPANY', message: '거절', retryable: false },
    goes: new URL('/sorry?pc_session=cs_1', document.baseURI).href,
  },
  'closed by the shopper': {
    found: {},
    end: async () => windows.last.refuse('USER_CANCEL'),
    type: PayCancelEvent,
    more: {},
    goes: new URL('cart?pc_session=cs_1', document.baseURI).href,
  },
};

for (const [name, { found, end, type, more, goes }] of Object.entries(endings)) {
  describe(`a payment that ended: ${name}`, () => {
    beforeEach(() => {
      server.found = found;
    });

    it('is told by one typed event that leaves shadow roots and can be prevented', async () => {
      const outer = document.createElement('div');
      document.body.append(outer);
      const element = place({}, outer.attachShadow({ mode: 'open' }));
      const heard = listen(document.body);
      await inState(element, 'form');
      await pay(element);
      await end(element);
      await aTimeout(100);
      const [ready, event, ...others] = heard;
      expect(ready?.type).to.equal('pay-ready');
      expect(others).to.deep.equal([]);
      expect(event).to.be.instanceOf(type);
      expect([event?.bubbles, event?.composed, event?.cancelable]).to.deep.equal([true, true, true]);
      expect(event?.detail).to.deep.equal({ ...detail, ...more });
    });

    it(goes ? 'then the shopper goes where the page wants' : 'then the shopper stays', async () => {
      const wanted = stay();
      const element = await pay(await form(urls));
      await end(element);
      await aTimeout(100);
      expect(wanted).to.deep.equal(goes ? [goes] : []);
    });

    it('and stays here when the page prevented it', async () => {
      const wanted = stay();
      const element = await form(urls);
      for (const each of ['pay-success', 'pay-fail', 'pay-cancel', 'pay-pending'])
        element.addEventListener(each, (event) => event.preventDefault());
      await pay(element);
      await end(element);
      await aTimeout(100);
      expect(wanted).to.deep.equal([]);
      expect(element.state).not.to.equal('paying');
    });

    it('a listener that throws stops nothing', async () => {
      const element = await pay(await form());
      const failing = () => {
        throw new Error('of the site');
      };
      for (const each of ['pay-success', 'pay-fail', 'pay-cancel', 'pay-pending'])
        element.addEventListener(each, failing);
      const quiet = (event: ErrorEvent) => event.preventDefault();
      const { onerror } = window;
      window.onerror = null;
      window.addEventListener('error', quiet);
      await end(element);
      await aTimeout(100);
      window.removeEventListener('error', quiet);
      window.onerror = onerror;
      expect(window.errorsOutside.splice(0)).to.have.length(1);
      expect(['success', 'pending', 'failed', 'canceled']).to.include(element.state);
    });
  });
}

describe('pay-ready', () => {
  it('says once what is sold and how it can be paid', async () => {
    const heard = listen(document.body);
    const element = await form({ methods: 'card kakaopay' });
    element.refresh();
    element.locale = 'en';
    await aTimeout(50);
    expect(heard[0]?.detail).to.deep.equal({ amount: 12_900, currency: 'KRW', methods: ['card', 'kakaopay'] });
    expect(heard[0]).to.be.instanceOf(PayReadyEvent);
  });
});

describe('pay-error', () => {
  it('of something that could not be reached is told once, and the console is left alone', async () => {
    const element = await form();
    const heard = listen(element);
    goOnline(false);
    payButton(element).click();
    payButton(element).click();
    await saying(element, '인터넷에 연결되어 있지 않아요');
    expect(heard.map(({ type, detail: { kind, code } }) => [type, kind, code])).to.deep.equal([
      ['pay-error', 'unavailable', 'offline'],
    ]);
    expect(heard[0]).to.be.instanceOf(PayErrorEvent);
    expect(said).to.deep.equal([]);
  });

  it('of a mistake that the page mends as it hears of it: the order is shown', async () => {
    const mend = (event: Event) => {
      (event.target as PayCheckout).merchant = 'pk_1';
    };
    document.body.addEventListener('pay-error', mend, { once: true });
    await inState(place({ merchant: undefined }), 'form');
  });

  it('of a mistake is written to the console, unless the page prevented it', async () => {
    await inState(place({ product: 'tea' }), 'error');
    expect(said).to.deep.equal(['<pay-checkout> item_not_found: There is no item "tea".']);
  });
});

describe('a paid session that is opened again', () => {
  it('is told as what it is: seen before', async () => {
    const { id } = server.add();
    server.found = { status: 'paid' };
    history.replaceState(null, '', `?pc_session=${id}&pc_return=rt_1&orderId=pay_1_1`);
    const element = place();
    const heard = listen(element);
    await inState(element, 'success');
    expect(heard.map(({ type, detail: { resumed } }) => [type, resumed])).to.deep.equal([['pay-success', true]]);
    expect(location.search).not.to.contain('pc_');
    instead('POST /payments/verify', 'never');
  });
});
