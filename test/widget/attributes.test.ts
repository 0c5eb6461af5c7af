import { aTimeout } from '@open-wc/testing';
import type { CatalogueView } from '../../contract/index.js';
import type { PayCheckout } from '../../widget/index.js';
import { item, problem } from '../support/shop-server.js';
import {
  expect,
  find,
  finds,
  form,
  inState,
  listen,
  pay,
  payButton,
  place,
  ready,
  said,
  server,
  serverUrl,
  stay,
  text,
  until,
  windows,
} from './support/page.js';
import { instead, saying } from './support/scenes.js';

const methodsOf = (element: PayCheckout) =>
  finds(element, 'input[type=radio]').map((each) => (each as HTMLInputElement).value);
const chosen = (element: PayCheckout) => find<HTMLInputElement>(element, 'input[type=radio]:checked').value;
const created = () => server.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions');
const sell = (more: Partial<CatalogueView>) => server.items.set(more.id ?? item.id, { ...item, ...more });

describe('each attribute', () => {
  it('has a typed property beside it', async () => {
    const element = place({
      product: 'coffee',
      quantity: 2,
      'quantity-editable': true,
      'client-secret': 'secret',
      method: 'kakaopay',
      methods: 'card kakaopay',
      presentation: 'modal',
      locale: 'en',
      theme: 'dark',
      'success-url': '/thanks',
      'fail-url': '/sorry',
      'cancel-url': '/cart',
      'customer-token': 'jwt',
      'buyer-name': 'Kim',
      'buyer-email': 'kim@example.com',
      'buyer-phone': '010',
      collect: 'name',
      'address-search': true,
      'script-nonce': 'n1',
      debug: true,
    });
    const { server: at, merchant, product, quantity, quantityEditable, clientSecret, method, methods } = element;
    expect({ at, merchant, product, quantity, quantityEditable, clientSecret, method, methods }).to.deep.equal({
      at: serverUrl,
      merchant: 'pk_1',
      product: 'coffee',
      quantity: 2,
      quantityEditable: true,
      clientSecret: 'secret',
      method: 'kakaopay',
      methods: 'card kakaopay',
    });
    const { presentation, locale, theme, successUrl, failUrl, cancelUrl, customerToken, buyerName } = element;
    expect([presentation, locale, theme, successUrl, failUrl, cancelUrl, customerToken, buyerName]).to.deep.equal([
      'modal',
      'en',
      'dark',
      '/thanks',
      '/sorry',
      '/cart',
      'jwt',
      'Kim',
    ]);
    const { buyerEmail, buyerPhone, collect, addressSearch, scriptNonce, debug } = element;
    expect([buyerEmail, buyerPhone, collect, addressSearch, scriptNonce, debug]).to.deep.equal([
      'kim@example.com',
      '010',
      'name',
      true,
      'n1',
      true,
    ]);
  });

  it('works as a property that is set before the element is on the page', async () => {
    const element = document.createElement('pay-checkout');
    Object.assign(element, { server: serverUrl, merchant: 'pk_1', product: 'coffee', quantity: 2, locale: 'en' });
    element.buyer = { name: 'Kim', address: 'Seoul', addressDetail: '2F' };
    element.collect = 'name address';
    document.body.append(element);
    await inState(element, 'form');
    expect(payButton(element).innerText).to.equal('Pay ₩25,800');
    expect(finds(element, '.field input').map((each) => (each as HTMLInputElement).value)).to.deep.equal([
      'Kim',
      'Seoul',
      '2F',
    ]);
  });

  it('is sent to the server as far as it is its business', async () => {
    const element = await form({
      quantity: 2,
      method: 'kakaopay',
      locale: 'en',
      'customer-token': 'jwt',
      'buyer-name': 'Kim',
      'buyer-email': 'no address',
    });
    await ready(element);
    const [first] = created();
    expect(first?.token).to.equal('pk_1');
    const { prepare, ...body } = (first?.body ?? {}) as Record<string, unknown>;
    expect(body).to.deep.equal({
      items: [{ item: 'coffee', quantity: 2 }],
      locale: 'en',
      buyer: { name: 'Kim' },
      customerToken: 'jwt',
    });
    expect(prepare).to.include({ method: 'kakaopay' });
  });

  it("gives the provider's script its nonce", async () => {
    const element = await form({ 'script-nonce': 'n1' });
    await ready(element);
    const script = [...document.scripts].find(({ src }) => src === windows.script);
    expect(script?.nonce).to.equal('n1');
  });

  it('narrows and orders the methods', async () => {
    expect(methodsOf(await form({ methods: 'phone, card' }))).to.deep.equal(['phone', 'card']);
    expect(chosen(await form({ methods: 'phone card', method: 'card' }))).to.equal('card');
    expect(said).to.deep.equal([]);
  });

  it("shows the page's language: its own, else the element around it, else the page", async () => {
    document.documentElement.lang = 'en-GB';
    expect(payButton(await form()).innerText).to.equal('Pay ₩12,900');
    const part = document.createElement('div');
    part.lang = 'ko-KR';
    document.body.append(part);
    const element = place({}, part);
    await inState(element, 'form');
    expect(payButton(element).innerText).to.equal('12,900원 결제하기');
  });
});

describe('a value that is not known', () => {
  const mistakes: Record<string, { value: string; isUsable: (element: PayCheckout) => boolean }> = {
    presentation: { value: 'popup', isUsable: (element) => payButton(element).offsetHeight > 0 },
    theme: { value: 'pink', isUsable: (element) => payButton(element).offsetHeight > 0 },
    locale: { value: 'fr', isUsable: (element) => payButton(element).innerText === '12,900원 결제하기' },
    method: { value: 'cash', isUsable: (element) => chosen(element) === 'card' },
    methods: { value: 'cash card', isUsable: (element) => methodsOf(element).join() === 'card' },
    collect: { value: 'name shoe-size', isUsable: (element) => finds(element, '.field').length === 1 },
  };
  for (const [name, { value, isUsable }] of Object.entries(mistakes))
    it(`of ${name} falls back, and is said once in the console`, async () => {
      const [one, two] = [await form({ [name]: value }), await form({ [name]: value })];
      expect([isUsable(one), isUsable(two)]).to.deep.equal([true, true]);
      const [warning, ...more] = said;
      expect(warning).to.contain(name).and.to.contain('expected');
      expect(more).to.deep.equal([]);
    });

  it('of methods that names none of ours shows all of them', async () => {
    expect(methodsOf(await form({ methods: 'barter' }))).to.have.length(7);
  });

  for (const [quantity, price] of [
    ['many', '12,900원 결제하기'],
    ['-3', '12,900원 결제하기'],
    ['0', '12,900원 결제하기'],
    ['2.7', '25,800원 결제하기'],
    ['1e99', '64,500원 결제하기'],
    ['', '12,900원 결제하기'],
  ] as const)
    it(`quantity="${quantity}" is brought into the range of the item`, async () => {
      const element = await form({ quantity });
      expect(payButton(element).innerText).to.equal(price);
    });

  it('typed as a quantity is put right where it was typed', async () => {
    const element = await form({ 'quantity-editable': true });
    const input = find<HTMLInputElement>(element, '[part=quantity] input');
    for (const [typed, right] of [
      ['9999999', '5'],
      ['two', '1'],
      ['-2', '1'],
      ['3', '3'],
    ] as const) {
      input.value = typed;
      input.dispatchEvent(new Event('change'));
      await element.updateComplete;
      expect(input.value).to.equal(right);
    }
  });

  it('of server never throws', async () => {
    for (const address of ['not an address', 'javascript:alert(1)', 'https://', '//']) {
      const element = place({ server: address });
      await until(() => finds(element, 'h2').length === 1, 'a word about it');
      element.remove();
    }
  });
});

describe('what is missing', () => {
  for (const [attributes, words] of [
    [{ merchant: undefined }, 'merchant'],
    [{ product: undefined }, 'product'],
    [{ merchant: undefined, product: undefined }, 'merchant and product'],
    [{ session: 'cs_1' }, 'client-secret'],
  ] as const)
    it(`${words}: a quiet placeholder and a pay-error, nothing is asked of the server`, async () => {
      const heard: CustomEvent[] = [];
      const listener = (event: Event) => heard.push(event as CustomEvent);
      document.addEventListener('pay-error', listener);
      const element = place(attributes);
      await inState(element, 'error');
      document.removeEventListener('pay-error', listener);
      expect(heard.map(({ detail }) => [detail.kind, detail.code])).to.deep.equal([['mistake', 'missing_attributes']]);
      expect(heard[0]?.detail.detail).to.contain(words);
      expect(find(element, 'h2').innerText).to.equal('지금은 결제할 수 없어요');
      expect(text(element)).not.to.contain(words);
      expect(said).to.have.length(1);
      expect(server.sent).to.deep.equal([]);
    });

  it('comes later, and the checkout with it', async () => {
    const element = await inState(place({ merchant: undefined }), 'error');
    element.merchant = 'pk_1';
    await inState(element, 'form');
  });

  it('is shown in the page with debug, and only told to the page when it wants to say it itself', async () => {
    const quiet = (event: Event) => event.preventDefault();
    document.addEventListener('pay-error', quiet);
    const element = await inState(place({ product: undefined, debug: true }), 'error');
    document.removeEventListener('pay-error', quiet);
    expect(find(element, '[part=debug]').innerText).to.contain('missing_attributes');
    expect(said).to.deep.equal([]);
  });

  it("is the site's origin on the merchant's list: the code and what to mend reach the site", async () => {
    instead('POST /payments/sessions', problem(403, 'origin_not_allowed', 'Add https://shop.example to the origins.'));
    const element = await form();
    const heard = listen(element);
    payButton(element).click();
    await inState(element, 'error');
    expect(heard.map(({ type, detail }) => [type, detail.code, detail.detail])).to.deep.equal([
      ['pay-error', 'origin_not_allowed', 'Add https://shop.example to the origins.'],
    ]);
  });
});

describe('text of others', () => {
  const evil = '<img src=x onerror="window.hacked=1"><b>bold</b>&amp;"\'';

  it('in names of products, merchants and buyers stays text', async () => {
    sell({ name: { ko: evil }, merchant: { name: { ko: evil } } });
    const element = await form({ collect: 'name', 'buyer-name': evil });
    expect(find(element, '.name').textContent).to.equal(evil);
    expect(find(element, '[part=merchant]').textContent).to.equal(evil);
    expect(find<HTMLInputElement>(element, '#name').value).to.equal(evil);
    expect(finds(element, 'b, img[src=x]')).to.deep.equal([]);
  });

  it('of the provider and of the server stays text', async () => {
    server.found = { failure: { code: 'ODD', message: evil, retryable: true } };
    const element = await pay(await form());
    windows.last.refuse('ODD', evil);
    await inState(element, 'failed');
    await saying(element, evil);
    instead('GET /catalog/tea', problem(404, 'item_not_found', evil));
    const other = await inState(place({ product: 'tea', debug: true }), 'error');
    expect(find(other, '[part=debug]').textContent).to.contain(evil);
    expect(finds(element, 'b').concat(finds(other, 'b'))).to.deep.equal([]);
    await aTimeout(20);
    expect((window as { hacked?: unknown }).hacked).to.equal(undefined);
  });

  it('of five hundred characters, emoji and letters from right to left are shown whole or shortened, never broken', async () => {
    const long = '👩‍👩‍👧‍👦 مرحبا 커피 '.repeat(40).slice(0, 500);
    sell({ name: { ko: long } });
    const element = await form();
    const name = find(element, '.name');
    expect(name.textContent).to.equal(long);
    expect(name.getBoundingClientRect().height).to.be.below(100);
    expect(name.getBoundingClientRect().right).to.be.at.most(payButton(element).getBoundingClientRect().right);
  });

  it('a picture of a product is only ever a picture', async () => {
    sell({ image: 'javascript:window.hacked=1//' });
    const element = await form();
    expect(find<HTMLImageElement>(element, '[part=image]').alt).to.equal('');
    await aTimeout(20);
    expect((window as { hacked?: unknown }).hacked).to.equal(undefined);
  });
});

describe('where the shopper goes afterwards', () => {
  for (const address of [
    'javascript:window.hacked=1//',
    'data:text/html,hello',
    'JaVaScRiPt:window.hacked=1//',
    'http://[',
    'file:///etc/passwd',
  ])
    it(`success-url="${address}" is refused, and the receipt is shown here`, async () => {
      const wanted = stay();
      const element = await pay(await form({ 'success-url': address }));
      windows.last.end();
      await inState(element, 'success');
      await saying(element, '결제가 완료됐어요');
      expect(wanted).to.deep.equal([]);
      expect(said.join()).to.contain('success-url').and.to.contain('refused');
      expect((window as { hacked?: unknown }).hacked).to.equal(undefined);
    });

  it('the page that is open already is not gone to again: its receipt stays', async () => {
    const before = location.href;
    const here = new URL(before);
    here.searchParams.set('pc_session', 'cs_1');
    history.replaceState(null, '', here);
    const wanted = stay();
    server.found = { status: 'paid' };
    const element = await pay(await form({ 'success-url': before }));
    windows.last.end();
    await inState(element, 'success');
    await saying(element, '결제가 완료됐어요');
    await aTimeout(20);
    expect(wanted).to.deep.equal([]);
    history.replaceState(null, '', before);
  });

  it("a session's own addresses are looked at in the same way", async () => {
    const wanted = stay();
    server.found = { status: 'paid', returnUrls: { success: 'javascript:window.hacked=1//' } };
    const element = await pay(await form());
    windows.last.end();
    await inState(element, 'success');
    await aTimeout(20);
    expect(wanted).to.deep.equal([]);
    expect((window as { hacked?: unknown }).hacked).to.equal(undefined);
  });
});
