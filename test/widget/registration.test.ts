import { aTimeout } from '@open-wc/testing';
import { PayCheckout } from '../../widget/index.js';
import { item } from '../support/shop-server.js';
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
  press,
  ready,
  said,
  server,
  serverUrl,
  until,
  windows,
} from './support/page.js';
import { scenes } from './support/scenes.js';

/** A module of the server's once more, as a second tag would bring it. */
const again = (module: string): Promise<Record<string, unknown>> => import(`${module}?again=${Math.random()}`);

describe('registration', () => {
  it('a second time in the same version is silent, and nothing is registered twice', async () => {
    await again('/widget/define.ts');
    await again('/widget/define.ts');
    expect(said).to.deep.equal([]);
    expect(customElements.get('pay-checkout')).to.equal(PayCheckout);
  });

  it('an element made by script, by markup and by cloning is the same', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    host.innerHTML = `<pay-checkout server="${serverUrl}" merchant="pk_1" product="coffee"></pay-checkout>`;
    const [parsed] = host.children as unknown as [PayCheckout];
    const cloned = parsed.cloneNode(true) as PayCheckout;
    host.append(cloned, new PayCheckout());
    await inState(parsed, 'form');
    await inState(cloned, 'form');
  });

  it("works in templates of another Lit, the page's own", async () => {
    const { html, render } = (await again('/node_modules/lit-html/lit-html.js')) as unknown as typeof import('lit');
    const host = document.createElement('div');
    document.body.append(host);
    const paid: Event[] = [];
    const template = (quantity: number) => html`
      <pay-checkout server=${serverUrl} merchant="pk_1" product="coffee" .quantity=${quantity} .buyer=${{ name: 'Kim' }}
        @pay-success=${(event: Event) => paid.push(event)}></pay-checkout>`;
    render(template(1), host);
    const element = host.querySelector('pay-checkout') as PayCheckout;
    await inState(element, 'form');
    render(template(2), host);
    await until(() => payButton(element).innerText === '25,800원 결제하기', 'the price of two');
    await pay(element);
    windows.last.end();
    await inState(element, 'success');
    expect(paid).to.have.length(1);
    expect(said).to.deep.equal([]);
  });
});

describe('several elements on one page', () => {
  it('each pays its own order, also two of the same product', async () => {
    server.items.set('tea', { ...item, id: 'tea', price: 30_000 });
    const [one, two, tea] = [await form(), await form(), await form({ product: 'tea' })];
    const heard = [one, two, tea].map((each) => listen(each));
    await pay(two);
    expect([one.state, tea.state]).to.deep.equal(['form', 'form']);
    windows.last.end();
    await inState(two, 'success');
    await pay(tea);
    expect(windows.last.request.amount).to.deep.equal({ currency: 'KRW', value: 30_000 });
    windows.last.end();
    await inState(tea, 'success');
    await pay(one);
    windows.last.end();
    await inState(one, 'success');
    expect(heard.map((events) => events.map(({ type, detail }) => [type, detail.session]))).to.deep.equal([
      [['pay-success', 'cs_3']],
      [['pay-success', 'cs_1']],
      [['pay-success', 'cs_2']],
    ]);
    expect(said).to.deep.equal([]);
  });

  it('a hundred of them write nothing before somebody means it', async () => {
    for (let count = 0; count < 100; count += 1) place({ presentation: 'button' });
    await until(
      () => [...document.querySelectorAll('pay-checkout')].every(({ state }) => state === 'form'),
      'a hundred forms',
    );
    expect(server.sent.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
  });
});

describe('an element that is taken away', () => {
  it('and put back is where it was, with what was typed', async () => {
    const element = await ready(await form({ collect: 'name' }));
    const field = find<HTMLInputElement>(element, '#name');
    field.value = '김민지';
    field.dispatchEvent(new Event('input'));
    element.remove();
    await aTimeout(20);
    document.body.append(element);
    await inState(element, 'form');
    expect(find<HTMLInputElement>(element, '#name').value).to.equal('김민지');
    await pay(element);
    expect(server.sessions.size).to.equal(1);
  });

  it('while the window is open still hears how it ended, and says it', async () => {
    const element = await pay(await form());
    const heard = listen(element);
    element.remove();
    await aTimeout(20);
    windows.last.end();
    await inState(element, 'success');
    expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
    document.body.append(element);
    await until(() => finds(element, '[part=result-title]').length === 1, 'the receipt');
  });

  it('while the window is open, and made anew by a framework, finds the payment again', async () => {
    const first = await pay(await form());
    first.remove();
    await aTimeout(20);
    server.change('cs_1', { status: 'paid' });
    const second = place();
    const heard = listen(second);
    await inState(second, 'success');
    expect(heard.map(({ type, detail }) => [type, detail.session])).to.deep.equal([['pay-success', 'cs_1']]);
  });

  it('for good asks nothing of the server any more', async () => {
    const element = await scenes.account?.show({ locale: 'ko' });
    element?.remove();
    await aTimeout(20);
    const asked = server.sent.length;
    server.change('cs_1', {});
    await aTimeout(100);
    expect(server.sent).to.have.length(asked);
  });
});

describe("inside of another component's shadow root", () => {
  function nested(): ShadowRoot {
    const outer = document.createElement('div');
    document.body.append(outer);
    const inner = document.createElement('section');
    outer.attachShadow({ mode: 'open' }).append(inner);
    return inner.attachShadow({ mode: 'open' });
  }

  it('it pays by keyboard, and the events come out', async () => {
    const element = place({}, nested());
    const heard = listen(document);
    await inState(element, 'form');
    await ready(element);
    payButton(element).focus();
    await press('Enter');
    await inState(element, 'paying');
    windows.last.end();
    await inState(element, 'success');
    expect(heard.map(({ type }) => type)).to.deep.equal(['pay-ready', 'pay-success']);
  });

  it("the provider's widget is in the document, is seen in the checkout, and goes with it", async () => {
    const { launch } = server;
    server.launch = (session) => ({ ...launch(session), kind: 'widget' }) as ReturnType<typeof launch>;
    const element = place({}, nested());
    await inState(element, 'form');
    await ready(element);
    const places = () => [...document.querySelectorAll<HTMLElement>('[id^=pay-checkout-]')];
    await until(() => places().length === 2 && places().every(({ innerText }) => innerText), 'the widget');
    const checkout = element.getBoundingClientRect();
    for (const each of places()) {
      const { top, bottom, height } = each.getBoundingClientRect();
      expect(height).to.be.greaterThan(0);
      expect(top).to.be.at.least(checkout.top);
      expect(bottom).to.be.at.most(checkout.bottom);
    }
    expect(finds(element, 'input[type=radio]')).to.deep.equal([]);
    element.remove();
    await aTimeout(20);
    expect(places()).to.deep.equal([]);
  });

  it('a closed one is no obstacle', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const element = place({}, host.attachShadow({ mode: 'closed' }));
    await inState(element, 'form');
    await pay(element);
    windows.last.end();
    await inState(element, 'success');
  });
});
