import { aTimeout } from '@open-wc/testing';
import type { Launch } from '../../contract/index.js';
import type { PayCheckout } from '../../widget/index.js';
import { item } from '../support/shop-server.js';
import {
  expect,
  find,
  finds,
  form,
  inState,
  listen,
  pay,
  ready,
  server,
  serverUrl,
  shadow,
  until,
  windows,
} from './support/page.js';
import { saying } from './support/scenes.js';

const created = () => server.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions');
const chosen = (element: PayCheckout) => find<HTMLInputElement>(element, 'input[type=radio]:checked').value;
const price = (element: PayCheckout, words: string) =>
  until(() => finds(element, 'button[type=submit]')[0]?.innerText === words, words);

beforeEach(() => {
  server.items.set('tea', { ...item, id: 'tea', name: { ko: '보이차' }, price: 30_000 });
});

describe('an attribute that changes in the form', () => {
  it('another product is shown with its price, and what was typed stays', async () => {
    const element = await ready(await form({ collect: 'name' }));
    const field = find<HTMLInputElement>(element, '#name');
    field.value = '김민지';
    field.dispatchEvent(new Event('input'));
    element.product = 'tea';
    await until(() => shadow(element).textContent?.includes('보이차'), 'the other product');
    await price(element, '30,000원 결제하기');
    expect(find<HTMLInputElement>(element, '#name').value).to.equal('김민지');
    await pay(element);
    expect(windows.last.request.amount).to.deep.equal({ currency: 'KRW', value: 30_000 });
  });

  it('another quantity changes the same session', async () => {
    const element = await ready(await form());
    element.quantity = 3;
    await price(element, '38,700원 결제하기');
    await pay(element);
    expect(windows.last.request.amount).to.deep.equal({ currency: 'KRW', value: 38_700 });
    expect(created()).to.have.length(1);
  });

  it('another method, other methods, other fields', async () => {
    const element = await form();
    element.method = 'phone';
    await until(() => chosen(element) === 'phone', 'the method');
    element.methods = 'transfer card';
    await until(() => finds(element, 'input[type=radio]').length === 2, 'two methods');
    expect(chosen(element)).to.equal('transfer');
    element.collect = 'email';
    await element.updateComplete;
    expect(finds(element, '.field input').map(({ id }) => id)).to.deep.equal(['email']);
  });

  it("the buyer's data, but not what the shopper typed", async () => {
    const element = await form({ collect: 'name email', 'buyer-name': 'A' });
    const name = find<HTMLInputElement>(element, '#name');
    name.value = '김민지';
    name.dispatchEvent(new Event('input'));
    element.buyerName = 'B';
    element.buyerEmail = 'b@example.com';
    await element.updateComplete;
    expect(name.value).to.equal('김민지');
    expect(find<HTMLInputElement>(element, '#email').value).to.equal('b@example.com');
  });

  it('language and look, without a question to the server', async () => {
    const element = await form();
    const asked = server.sent.length;
    element.locale = 'en';
    element.theme = 'dark';
    await price(element, 'Pay ₩12,900');
    element.locale = 'ko';
    await price(element, '12,900원 결제하기');
    expect(server.sent).to.have.length(asked);
  });

  it('twenty changes in one task are one change', async () => {
    const element = await form();
    for (let round = 0; round < 10; round += 1) {
      element.product = round % 2 ? 'coffee' : 'tea';
      element.quantity = round + 1;
    }
    element.product = 'tea';
    element.quantity = 2;
    await price(element, '60,000원 결제하기');
    expect(server.requests('GET /catalog/tea')).to.have.length(1);
  });

  it('a change while the catalogue is asked shows what was asked for last', async () => {
    const element = await form();
    element.product = 'tea';
    await element.updateComplete;
    element.product = 'coffee';
    await element.updateComplete;
    element.product = 'tea';
    await price(element, '30,000원 결제하기');
  });
});

describe('an attribute that changes while the window is open', () => {
  const changes: Record<string, (element: PayCheckout) => void> = {
    product: (element) => Object.assign(element, { product: 'tea' }),
    merchant: (element) => Object.assign(element, { merchant: 'pk_2' }),
    'product taken away': (element) => element.removeAttribute('product'),
    server: (element) => Object.assign(element, { server: `${serverUrl}/` }),
    session: (element) => Object.assign(element, { session: 'cs_9', clientSecret: 'x' }),
    'customer token': (element) => Object.assign(element, { customerToken: 'jwt' }),
  };
  for (const [name, change] of Object.entries(changes))
    it(`${name}: the payment is told of, then the page's wish is done`, async () => {
      const element = await pay(await form());
      const heard = listen(element);
      change(element);
      await aTimeout(50);
      expect(element.state).to.equal('paying');
      windows.last.end();
      await until(() => heard.length > 0, 'an event');
      expect(heard[0]?.type).to.equal('pay-success');
      expect(heard[0]?.detail).to.include({ session: 'cs_1', amount: 12_900 });
      await until(() => element.state !== 'verifying' && element.state !== 'paying', 'what comes after');
    });

  it('quantity: the open window keeps its own, the next one has the new', async () => {
    server.found = {};
    const element = await pay(await form());
    element.quantity = 2;
    await aTimeout(50);
    expect(element.state).to.equal('paying');
    windows.last.refuse('USER_CANCEL');
    await inState(element, 'canceled');
    await saying(element, '이어서 결제하기');
    find(element, '[part=button]').click();
    await inState(element, 'form');
    await price(element, '25,800원 결제하기');
  });

  for (const [name, change] of Object.entries({
    language: (element: PayCheckout) => Object.assign(element, { locale: 'en' }),
    theme: (element: PayCheckout) => Object.assign(element, { theme: 'dark' }),
    presentation: (element: PayCheckout) => Object.assign(element, { presentation: 'modal' }),
    methods: (element: PayCheckout) => Object.assign(element, { methods: 'phone', method: 'phone' }),
    fields: (element: PayCheckout) => Object.assign(element, { collect: 'name email' }),
    'buyer data': (element: PayCheckout) => Object.assign(element, { buyerName: 'Lee' }),
  }))
    it(`${name}: the payment goes on to its receipt`, async () => {
      const element = await pay(await form());
      const heard = listen(element);
      change(element);
      await aTimeout(50);
      expect(element.state).to.equal('paying');
      windows.last.end();
      await inState(element, 'success');
      expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
      expect(created()).to.have.length(1);
    });

  it('refresh() asks how it stands, and close() and open() change nothing', async () => {
    server.found = {};
    const element = await pay(await form());
    element.close();
    element.open();
    expect(element.state).to.equal('paying');
    server.found = { status: 'paid' };
    element.refresh();
    await inState(element, 'success');
  });
});

const payPal = [
  {
    script: 'globalThis.PortOne = { loadPaymentUI: async () => {}, updateLoadPaymentUIRequest: async () => {} };',
    launch: { provider: 'portone-v2', kind: 'ui', request: { uiType: 'PAYPAL_SPB' } },
  },
  {
    script: 'globalThis.IMP = { init: () => {}, loadUI: () => {}, updateLoadUIRequest: () => {} };',
    launch: { provider: 'portone-v1', kind: 'ui', uiType: 'paypal-spb', userCode: 'imp00000001', request: {} },
  },
] as const;

describe('the provider’s own button', () => {
  for (const { script, launch } of payPal)
    it(`leaves the fields where they are, and what is typed is saved (${launch.provider})`, async () => {
      const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
      server.launch = () => ({ ...launch, script: url }) as unknown as Launch;
      const element = await form({ collect: 'name' });
      const name = find<HTMLInputElement>(element, '#name');
      name.focus();
      await until(() => finds(element, 'button[type=submit]').length === 0, 'the provider’s button');
      expect(find(element, '#name')).to.equal(name);
      name.value = '김민지';
      name.dispatchEvent(new Event('input'));
      name.blur();
      await until(() => server.requests('PATCH').length === 1, 'the name to be saved');
      expect(server.requests('PATCH')[0]?.body).to.deep.equal({ buyer: { name: '김민지' } });
    });
});

describe('an account that waits for a deposit', () => {
  it('stays on the page when the page wants another product', async () => {
    server.found = { status: 'pending', account: { bank: 'SHINHAN', number: '562111' } };
    const element = await pay(await form());
    windows.last.end();
    await inState(element, 'pending');
    element.product = 'tea';
    await aTimeout(50);
    expect(element.state).to.equal('pending');
    await saying(element, '562111');
  });

  it('becomes a receipt when the deposit comes, without a reload', async () => {
    server.found = { status: 'pending', account: { bank: 'SHINHAN', number: '562111' } };
    const element = await pay(await form());
    const heard = listen(element);
    windows.last.end();
    await inState(element, 'pending');
    server.change('cs_1', { status: 'paid' });
    await inState(element, 'success');
    expect(heard.map(({ type }) => type)).to.deep.equal(['pay-pending', 'pay-success']);
  });
});
