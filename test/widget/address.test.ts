import { aTimeout } from '@open-wc/testing';
import type { FoundAddress, PayAddressEvent, PayCheckout } from '../../widget/index.js';
import {
  click,
  dialog,
  expect,
  find,
  finds,
  focused,
  form,
  inState,
  pay,
  payButton,
  press,
  ready,
  said,
  server,
  type,
  until,
  windows,
} from './support/page.js';

const input = (element: PayCheckout, id: string) => find<HTMLInputElement>(element, `#${id}`);
const values = (element: PayCheckout) =>
  ['postcode', 'address', 'addressDetail'].map((id) => input(element, id).value).join(' | ');
const search = (element: PayCheckout) => find(element, '[part=find-address]');
const isOpen = (element: PayCheckout) => finds(element, 'dialog:modal').length === 1;
const focusOn = (element: PayCheckout, id: string) =>
  until(() => focused() === find(element, `#${id}`), `the focus on ${id}`);

const collect = 'name postcode address';
const tower: FoundAddress = { postcode: '06236', address: '서울 강남구 테헤란로 152' };

/** A page with a search of its own, which answers when the test says so. */
function searching(on: EventTarget = document): PayAddressEvent[] {
  const questions: PayAddressEvent[] = [];
  const hear = (event: Event) => {
    event.preventDefault();
    questions.push(event as PayAddressEvent);
  };
  on.addEventListener('pay-address', hear);
  endings.push(() => on.removeEventListener('pay-address', hear));
  return questions;
}
const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

const withSearch = (attributes = {}) => form({ collect, 'address-search': true, ...attributes });

async function opened(attributes = {}): Promise<PayCheckout> {
  const element = await withSearch({ presentation: 'modal', ...attributes });
  element.open();
  await until(() => isOpen(element), 'an open dialog');
  return element;
}

describe('the search for an address', () => {
  it('is offered where the page says that it has one, beside the first field that it fills', async () => {
    expect(finds(await form({ collect }), '[part=find-address]')).to.have.length(0);
    expect(finds(await withSearch({ collect: 'name' }), '[part=find-address]')).to.have.length(0);
    const both = await withSearch();
    expect(search(both).parentElement?.contains(input(both, 'postcode'))).to.equal(true);
    const one = await withSearch({ collect: 'address', locale: 'en' });
    expect(search(one).parentElement?.contains(input(one, 'address'))).to.equal(true);
    expect([search(both).innerText, search(one).innerText]).to.deep.equal(['우편번호 찾기', 'Find address']);
  });

  it('that nobody answers leaves the shopper in the field, to type; nothing is loaded', async () => {
    const element = await withSearch();
    const foreign = () =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => !/^(blob|data):/.test(name) && !name.startsWith(location.origin));
    const before = foreign().length;
    await click(search(element));
    await focusOn(element, 'postcode');
    await type('06236');
    expect(values(element)).to.equal('06236 |  | ');
    expect(foreign().length).to.equal(before);
  });

  it('is heard anywhere in the page, inside of the click, with what was typed so far', async () => {
    const element = await withSearch();
    const questions = searching();
    let isClick: boolean | undefined;
    document.addEventListener('pay-address', () => (isClick = navigator.userActivation.isActive), { once: true });
    input(element, 'address').focus();
    await type('테헤란로');
    await click(search(element));
    const [event] = questions;
    expect(questions).to.have.length(1);
    expect([event?.target, event?.composed, event?.cancelable, isClick]).to.deep.equal([element, true, true, true]);
    expect([event?.detail.postcode, event?.detail.address]).to.deep.equal(['', '테헤란로']);
  });

  it('by its answer fills the fields, saves them, and leads to the detail line', async () => {
    const element = await ready(await withSearch({ 'buyer-name': '김민지' }));
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill(tower);
    await focusOn(element, 'addressDetail');
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | ');
    await type('9층');
    await press('Enter');
    await inState(element, 'paying');
    const saved = [...server.sessions.values()].at(-1)?.buyer;
    expect(saved).to.deep.equal({ name: '김민지', ...tower, addressDetail: '9층' });
  });

  it('works by the keyboard alone, and takes away what was said about empty fields', async () => {
    const element = await ready(await withSearch({ 'buyer-name': '김민지' }));
    const questions = searching();
    await click(payButton(element));
    await element.updateComplete;
    expect(finds(element, '[part=error]')).to.have.length(2);
    expect(focused()).to.equal(input(element, 'postcode'));
    await press('Tab', 'Enter');
    expect(questions).to.have.length(1);
    expect(windows.opened).to.have.length(0);
    questions[0]?.detail.fill(tower);
    await focusOn(element, 'addressDetail');
    expect(finds(element, '[part=error]')).to.have.length(0);
  });

  it('may answer by a promise, and much later', async () => {
    const element = await withSearch();
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill(aTimeout(100).then(() => ({ ...tower, detail: '9층' })));
    await focusOn(element, 'addressDetail');
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | 9층');
  });

  for (const [how, answer] of [
    ['nothing', undefined],
    ['null', null],
    ['a promise of nothing', Promise.resolve(undefined)],
  ] as const)
    it(`closed by the shopper (${how}) changes nothing, and gives the focus back`, async () => {
      const element = await withSearch({ 'buyer-name': '김민지' });
      const questions = searching();
      input(element, 'postcode').focus();
      await type('04');
      await click(search(element));
      (focused() as HTMLElement).blur();
      questions[0]?.detail.fill(answer);
      await until(() => focused() === search(element), 'the focus on the button');
      expect(values(element)).to.equal('04 |  | ');
    });

  it('that fails is one that was closed, and the console hears of it', async () => {
    const element = await withSearch();
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill(Promise.reject(new Error('no such service')));
    await until(() => said.length > 0, 'a word in the console');
    expect(said.join()).to.contain('no such service');
    await click(search(element));
    questions[1]?.detail.fill(tower);
    await focusOn(element, 'addressDetail');
  });

  it('that says it was closed after it answered takes nothing back', async () => {
    const element = await withSearch();
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill(tower);
    questions[0]?.detail.fill();
    await focusOn(element, 'addressDetail');
    await aTimeout(20);
    expect(focused()).to.equal(input(element, 'addressDetail'));
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | ');
  });

  it('of before is not heard any more when another was asked for', async () => {
    const element = await withSearch();
    const questions = searching();
    await click(search(element));
    await click(search(element));
    questions[1]?.detail.fill(tower);
    await focusOn(element, 'addressDetail');
    questions[0]?.detail.fill({ postcode: '99999', address: 'somewhere else' });
    await aTimeout(20);
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | ');
  });

  it('empties the detail line of another address, and keeps that of the same', async () => {
    const element = await withSearch();
    const questions = searching();
    for (const [found, detail] of [
      [{ ...tower, detail: '9층' }, '9층'],
      [tower, '9층'],
      [{ postcode: '03187', address: '서울 종로구 종로 1' }, ''],
    ] as const) {
      await click(search(element));
      questions.at(-1)?.detail.fill(found);
      await until(() => input(element, 'address').value === found.address, found.address ?? '');
      await aTimeout(20);
      expect(input(element, 'addressDetail').value).to.equal(detail);
    }
  });

  it('takes nobody’s place away when it answers late', async () => {
    const coupon = document.createElement('input');
    document.body.append(coupon);
    const element = await withSearch();
    const questions = searching();
    for (const place of [coupon, input(element, 'name')]) {
      await click(search(element));
      place.focus();
      questions.at(-1)?.detail.fill(tower);
      await until(() => input(element, 'postcode').value === '06236', 'an answer');
      await aTimeout(20);
      expect(focused()).to.equal(place);
    }
  });

  it('changes nothing while money moves', async () => {
    const element = await withSearch({ 'buyer-name': '김민지' });
    Object.assign(element, { buyer: { ...tower, addressDetail: '9층' } });
    const questions = searching();
    await click(search(element));
    server.found = {};
    await pay(element);
    questions[0]?.detail.fill({ postcode: '99999', address: 'somewhere else' });
    await aTimeout(20);
    windows.last.refuse('USER_CANCEL');
    await inState(element, 'canceled');
    await until(() => finds(element, '[part=result] .main').length === 1, 'another try');
    await click(find(element, '[part=result] .main'));
    await inState(element, 'form');
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | 9층');
  });

  it('that hands over something odd is taken as text, and checked like what is typed', async () => {
    const element = await ready(await withSearch({ 'buyer-name': '김민지' }));
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill({ postcode: 6236, address: ' 서울\n강남구 ', detail: null } as never);
    await focusOn(element, 'addressDetail');
    expect(values(element)).to.equal('6236 | 서울 강남구 | ');
    await click(payButton(element));
    await element.updateComplete;
    expect(focused()).to.equal(input(element, 'postcode'));
    expect(find(element, '#postcode-error').innerText).to.contain('06236');
    expect(windows.opened).to.have.length(0);
  });

  it('fills what the checkout asks for, and nothing else', async () => {
    const element = await withSearch({ collect: 'postcode' });
    const questions = searching();
    await click(search(element));
    questions[0]?.detail.fill({ ...tower, detail: '9층' });
    await until(() => input(element, 'postcode').value === '06236', 'an answer');
    await pay(element);
    expect([...server.sessions.values()].at(-1)?.buyer).to.deep.equal({ postcode: '06236' });
  });

  it('finds its way out of the shadow roots of a site', async () => {
    const outer = document.createElement('div');
    document.body.append(outer);
    const element = await withSearch();
    outer.attachShadow({ mode: 'open' }).append(element);
    const questions = searching();
    await until(() => search(element), 'the button');
    await click(search(element));
    questions[0]?.detail.fill(tower);
    await focusOn(element, 'addressDetail');
  });
});

describe('the search for an address out of a dialog', () => {
  it('as a layer of the page can be seen, pressed and typed into; afterwards the dialog is modal again', async () => {
    const layer = document.createElement('div');
    layer.style.cssText = 'position: fixed; inset: 0; z-index: 10; background: white';
    layer.innerHTML = '<input id="words"><button id="found">테헤란로 152</button>';
    const element = await opened();
    document.addEventListener(
      'pay-address',
      (event) => {
        event.preventDefault();
        document.body.append(layer);
        layer.querySelector('button')?.addEventListener('click', () => {
          layer.remove();
          event.detail.fill(tower);
        });
      },
      { once: true },
    );
    await click(search(element));
    expect(isOpen(element)).to.equal(false);
    expect(dialog(element).open).to.equal(true);
    const words = layer.querySelector('input') as HTMLInputElement;
    await click(words);
    await type('테헤란로');
    expect(words.value).to.equal('테헤란로');
    await click(layer.querySelector('button') as HTMLElement);
    await focusOn(element, 'addressDetail');
    expect(isOpen(element)).to.equal(true);
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | ');
  });

  it('as a dialog of the page lies over ours, and gives the focus back when it answers and closes', async () => {
    const own = document.createElement('dialog');
    own.innerHTML = '<input>';
    document.body.append(own);
    const element = await opened();
    const questions = searching();
    document.addEventListener('pay-address', () => own.showModal(), { once: true });
    await click(search(element));
    expect(own.contains(focused())).to.equal(true);
    await type('테헤란로');
    questions[0]?.detail.fill(tower);
    own.close();
    await focusOn(element, 'addressDetail');
    expect(isOpen(element)).to.equal(true);
  });

  it('as a dialog that is closed by Escape, without a word, leaves ours as it was', async () => {
    const own = document.createElement('dialog');
    own.innerHTML = '<input>';
    document.body.append(own);
    const element = await opened();
    searching();
    document.addEventListener('pay-address', () => own.showModal(), { once: true });
    await click(search(element));
    await press('Escape');
    await until(() => !own.open, 'a closed search');
    await until(() => isOpen(element), 'our dialog, modal again');
    expect(focused()).to.equal(search(element));
    await press('Escape');
    await until(() => !dialog(element).open, 'a closed dialog');
  });

  it('that is left alone is over when the shopper is back in the dialog', async () => {
    const element = await opened();
    searching();
    await click(search(element));
    expect(isOpen(element)).to.equal(false);
    await click(input(element, 'name'));
    expect(isOpen(element)).to.equal(true);
    await until(() => document.activeElement === element, 'the focus inside');
  });

  it('keeps its place over news of the checkout meanwhile', async () => {
    const element = await opened();
    const questions = searching();
    await click(search(element));
    await ready(element).catch(() => undefined);
    await click(search(element));
    element.quantity = 2;
    await until(() => payButton(element).innerText === '25,800원 결제하기', 'the price of two');
    await aTimeout(20);
    expect(isOpen(element)).to.equal(false);
    questions.at(-1)?.detail.fill(tower);
    await until(() => isOpen(element), 'our dialog, modal again');
  });

  it('that nobody answers never leaves the top layer', async () => {
    const element = await opened();
    await click(search(element));
    await focusOn(element, 'postcode');
    expect(isOpen(element)).to.equal(true);
  });

  it('that answers after the dialog was closed opens nothing', async () => {
    const element = await opened();
    const questions = searching();
    await click(search(element));
    element.close();
    questions[0]?.detail.fill(tower);
    await aTimeout(50);
    expect(dialog(element).open).to.equal(false);
    element.open();
    await until(() => isOpen(element), 'an open dialog');
    expect(values(element)).to.equal('06236 | 서울 강남구 테헤란로 152 | ');
  });
});
