import { aTimeout } from '@open-wc/testing';
import { deposit, refund, row, tokenOf, unpaid } from '../../support/history-rows.js';
import { advance, expect, goOnline, holdTime, said, server } from '../support/page.js';
import { instead } from '../support/scenes.js';
import { ada, asked, button, inState, list, place, queryOf, rowsOf, saying, spoken, text, until } from './support.js';

const tell = (target: EventTarget, type: string, detail?: unknown) =>
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));

/** Time goes by until it is so. */
async function later(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !isSo(); round += 1) {
    await aTimeout(20);
    await advance(1_000);
  }
  expect(isSo()).to.equal(true);
}

let isHidden = false;
/** The tab is looked at, or not. */
function look(is: boolean): void {
  isHidden = !is;
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    get: () => (isHidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange'));
}
afterEach(() => look(true));

describe('<pay-history> asks', () => {
  it('for one page, with the token in a header alone', async () => {
    await list([row()]);
    expect(asked()).to.have.length(1);
    const [first] = asked();
    expect(first?.token).to.equal(ada);
    expect(first?.path).not.to.contain(ada.slice(0, 12));
    expect(Object.fromEntries(queryOf(first ?? { path: '' }))).to.deep.equal({
      begun: 'true',
      merchant: 'pk_1',
      limit: '10',
    });
    expect(said).to.deep.equal([]);
  });

  it('once in half a minute while nothing is open, without waiting: what is settled may be refunded', async () => {
    holdTime();
    const settled = row();
    const element = await list([settled, row({ refunds: [refund({ state: 'needs_account', needsAccount: true })] })]);
    for (let minute = 0; minute < 10; minute += 1)
      for (let second = 0; second < 60; second += 5) {
        await aTimeout(1);
        await advance(5_000);
      }
    expect(asked().length).to.be.within(10, 21);
    expect(asked().filter((sent) => queryOf(sent).has('wait'))).to.deep.equal([]);
    server.histories.set(ada, [{ ...settled, status: 'refunded', refundedAmount: 12_900 }]);
    await later(() => text(element).includes('환불 완료'));
    await until(() => spoken(element) === '드립백 커피 세트: 환불 완료', `it is read out, not "${spoken(element)}"`);
  });

  it('nothing more where there are no payments, nor while nobody looks', async () => {
    holdTime();
    await list([]);
    for (let no = 0; no < 20; no += 1) {
      await aTimeout(1);
      await advance(10_000);
    }
    expect(asked()).to.have.length(1);
    server.histories.set(ada, [row()]);
    tell(document, 'pay-success');
    await until(() => asked().length === 2, 'a look');
    await aTimeout(100);
    look(false);
    for (let no = 0; no < 20; no += 1) {
      await aTimeout(1);
      await advance(10_000);
    }
    expect(asked()).to.have.length(2);
  });

  for (const [name, live] of Object.entries({
    'a deposit is awaited': () => deposit(3_600_000),
    'a refund is on its way': () => row({ refunds: [refund({ state: 'pending' })] }),
    'nobody knows how it ended': () => unpaid({ status: 'open', processing: true }),
  }))
    it(`for news while ${name}, and shows and reads out what comes`, async () => {
      const before = live();
      const element = await list([before]);
      await until(() => asked().some((sent) => queryOf(sent).get('wait') === '25'), 'a question that waits');
      const { account: _account, refunds: _refunds, ...rest } = before;
      server.tellHistory(ada, [{ ...rest, status: 'refunded', processing: false, refundedAmount: 12_900 }]);
      await saying(element, '환불 완료');
      await until(() => spoken(element) === '드립백 커피 세트: 환불 완료', `it is read out, not "${spoken(element)}"`);
    });

  it('again and again, with a pause, where a proxy answers before there is news', async () => {
    instead('GET /me/payments', { body: { data: [deposit(3_600_000)], version: 'always-this' } });
    holdTime();
    await inState(place(), 'list');
    const count = () => asked().length;
    await until(() => asked().some((sent) => queryOf(sent).get('seen') === 'always-this'), 'a question that waits');
    await aTimeout(50);
    const before = count();
    await advance(1_900);
    expect(count()).to.be.at.most(before + 1);
    await advance(2_100);
    await until(() => count() > before, 'the next question');
    expect(count()).to.be.at.most(before + 2);
  });
});

describe('<pay-history> renews itself', () => {
  for (const happening of ['pay-success', 'pay-pending', 'pay-fail', 'pay-cancel'])
    it(`when a checkout in the page tells of ${happening}, whatever the page's own listeners do`, async () => {
      const element = await list([row()]);
      const checkout = document.createElement('div');
      document.body.append(checkout);
      checkout.addEventListener(happening, (event) => event.stopImmediatePropagation());
      server.histories.set(ada, [row({ orderName: '새 주문' }), row()]);
      tell(checkout, happening);
      await saying(element, '새 주문');
    });

  it('once for events that come in a crowd, also such that are none of ours', async () => {
    await list([row()]);
    for (let no = 0; no < 50; no += 1) tell(document, 'pay-success', no % 2 ? null : { session: {} });
    await aTimeout(400);
    expect(asked()).to.have.length(2);
  });

  it('when the tab is looked at again; unseen it asks nothing', async () => {
    const element = await list([deposit(3_600_000)]);
    await until(() => asked().length === 2, 'a question that waits');
    look(false);
    await aTimeout(50);
    const before = asked().length;
    server.tellHistory(ada, [row({ orderName: '입금된 주문' })]);
    tell(document, 'pay-success');
    await aTimeout(300);
    expect(asked()).to.have.length(before);
    look(true);
    await saying(element, '입금된 주문');
  });

  it('when the network is back', async () => {
    const element = await list([row()]);
    goOnline(false);
    await saying(element, '인터넷에 연결되어 있지 않아요');
    expect(rowsOf(element)).to.have.length(1);
    server.histories.set(ada, [row({ orderName: '새 주문' })]);
    goOnline(true);
    await saying(element, '새 주문');
    await until(() => !text(element).includes('인터넷에'), 'no word of the network');
  });

  it('by refresh()', async () => {
    const element = await list([row()]);
    server.histories.set(ada, [row({ orderName: '새 주문' })]);
    element.refresh();
    await saying(element, '새 주문');
  });

  it('no more when it is gone from the page, and again when it is back; a move ends nothing', async () => {
    const element = await list([deposit(3_600_000)]);
    await until(() => asked().length === 2, 'a question that waits');
    const other = document.createElement('div');
    document.body.append(other);
    other.append(element);
    await aTimeout(20);
    element.remove();
    await aTimeout(200);
    const before = asked().length;
    tell(document, 'pay-success');
    server.tellHistory(ada, [row({ orderName: '입금된 주문' })]);
    await aTimeout(300);
    expect(asked()).to.have.length(before);
    document.body.append(element);
    await saying(element, '입금된 주문');
  });
});

describe('<pay-history> in trouble', () => {
  it('keeps what is shown, says so, and goes on by itself while something can change', async () => {
    const element = await list([deposit(3_600_000)]);
    await until(() => asked().length === 2, 'a question that waits');
    const before = server.instead;
    instead('GET /me/payments', 'lost');
    holdTime();
    element.refresh();
    await later(() => text(element).includes('결제 서버에 연결하지 못했어요'));
    expect(rowsOf(element)).to.have.length(1);
    server.instead = before;
    server.histories.set(ada, [row({ orderName: '입금된 주문' })]);
    await later(() => text(element).includes('입금된 주문'));
    expect(text(element)).not.to.contain('연결하지 못했어요');
  });

  it('tells the page, and the site owner of what only they can mend', async () => {
    const heard: CustomEvent[] = [];
    const hear = (event: Event) => heard.push(event as CustomEvent);
    document.addEventListener('pay-error', hear);
    instead('GET /me/payments', { status: 403, body: { code: 'forbidden', detail: 'It takes a shopper’s token.' } });
    await inState(place(), 'error');
    document.removeEventListener('pay-error', hear);
    expect(heard.map(({ detail }) => detail)).to.deep.equal([
      { kind: 'mistake', code: 'forbidden', detail: 'It takes a shopper’s token.' },
    ]);
    expect(said).to.deep.equal(['<pay-history> forbidden: It takes a shopper’s token.']);
  });

  it('tries again when the shopper asks for it', async () => {
    instead('GET /me/payments', { html: '<h1>502</h1>', status: 502 });
    const element = place();
    await inState(element, 'error');
    server.instead = () => undefined;
    server.histories.set(ada, [row()]);
    button(element, '다시 시도하기').click();
    await inState(element, 'list');
  });
});

describe('<pay-history>: more', () => {
  const many = (count: number) => Array.from({ length: count }, (_, no) => row({ orderName: `주문 ${no + 1}` }));

  it('brings the next page below, once, until there is none', async () => {
    const element = await list(many(25));
    expect(rowsOf(element)).to.have.length(10);
    const more = () => button(element, '더 보기');
    more().click();
    more().click();
    await until(() => rowsOf(element).length === 20, 'twenty');
    expect(asked().filter((sent) => queryOf(sent).has('after'))).to.have.length(1);
    await until(() => more().getAttribute('aria-disabled') === 'false', 'a button');
    more().click();
    await until(() => rowsOf(element).length === 25, 'all');
    await element.updateComplete;
    expect(text(element)).not.to.contain('더 보기');
  });

  it('stays when the newest page is renewed: nothing comes twice, nothing is lost', async () => {
    const rows = many(25);
    const element = await list(rows, { limit: 5 });
    button(element, '더 보기').click();
    await until(() => rowsOf(element).length === 10, 'ten');
    const newer = { ...row({ orderName: '새 주문' }), createdAt: '2030-01-01T00:00:00.000Z' };
    server.histories.set(ada, [newer, ...rows]);
    element.refresh();
    await saying(element, '새 주문');
    const names = rowsOf(element).map((each) => each.querySelector('h3')?.textContent);
    expect(names).to.deep.equal(
      ['새 주문', ...rows.slice(0, 10).map(({ orderName }) => orderName)].slice(0, names.length),
    );
    expect(new Set(names).size).to.equal(names.length);
    button(element, '더 보기').click();
    await saying(element, '주문 14');
    const all = rowsOf(element).map((each) => each.querySelector('h3')?.textContent);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('of a person who is gone never comes', async () => {
    const element = await list(many(25));
    const before = server.instead;
    instead('GET /me/payments', 'never');
    button(element, '더 보기').click();
    await until(() => asked().some((sent) => queryOf(sent).has('after')), 'the question');
    server.instead = before;
    const bob = tokenOf('bob');
    server.histories.set(bob, [row({ orderName: '밥의 주문' })]);
    element.customerToken = bob;
    await saying(element, '밥의 주문');
    expect(rowsOf(element)).to.have.length(1);
  });
});
