import { aTimeout } from '@open-wc/testing';
import { PayHistory } from '../../../widget/index.js';
import { deposit, refund, row } from '../../support/history-rows.js';
import { problem } from '../../support/shop-server.js';
import {
  advance,
  click,
  emulate,
  expect,
  focused,
  holdTime,
  press,
  resize,
  said,
  server,
  type,
} from '../support/page.js';
import { instead } from '../support/scenes.js';
import {
  ada,
  asked,
  button,
  find,
  finds,
  inState,
  list,
  place,
  queryOf,
  rowsOf,
  saying,
  shadow,
  spoken,
  text,
  until,
} from './support.js';

const paidAt = '2026-03-02T03:04:05.000Z';
const receiptAt = (url: string) => row({ receipt: { paidAt, url } });

describe('a receipt’s link', () => {
  it('goes to the provider in a tab of its own, and says whose receipt it is', async () => {
    const element = await list([row()]);
    const link = find(element, 'a') as HTMLAnchorElement;
    expect([link.href, link.target, link.rel]).to.deep.equal([
      'https://receipt.example/1',
      '_blank',
      'noopener noreferrer',
    ]);
    const described = shadow(element).getElementById(link.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).to.equal('드립백 커피 세트');
  });

  it('goes to a provider in one’s own network too, as the checkout’s receipt does', async () => {
    const element = await list([receiptAt('http://receipt.example/1')]);
    expect((find(element, 'a') as HTMLAnchorElement).href).to.equal('http://receipt.example/1');
  });

  for (const url of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '//receipt.example/1',
    '/receipt',
    'blob:https://receipt.example/1',
    '',
  ])
    it(`is not there for ${JSON.stringify(url)}`, async () => {
      const element = await list([receiptAt(url)]);
      expect(finds(element, 'a')).to.deep.equal([]);
    });
});

describe('texts of others', () => {
  it('are text: an order’s name, a bank, a holder can be no markup', async () => {
    const markup = '<img src=x onerror="throw new Error()">';
    const account = { bank: markup, number: markup, holder: markup };
    const element = await list([
      row({ orderName: markup, receipt: { paidAt, card: { issuer: markup, last4: markup } } }),
      deposit(60_000, { orderName: markup, account }),
    ]);
    await saying(element, '자동으로 취소돼요');
    expect(finds(element, 'img')).to.deep.equal([]);
    expect(text(element).split(markup)).to.have.length(8);
  });

  it('that nobody knows yet do no harm: a bank, an issuer, a currency', async () => {
    const element = await list([
      row({ receipt: { paidAt, method: 'card', card: { issuer: 'NEW_CARD' } }, currency: 'EUR' as 'KRW' }),
    ]);
    expect(text(element)).to.contain('NEW_CARD');
  });
});

describe('an account that waits', () => {
  it('counts down by the second, which is not read out, and says when its time is over', async () => {
    holdTime();
    const element = await list([deposit(3_000)]);
    await until(() => finds(element, '[role=timer]').length === 1, 'a countdown');
    const timer = find(element, '[role=timer]');
    expect(timer.innerText).to.match(/^00:00:0[23] 남음$/);
    expect([timer.ariaLive, timer.closest('[aria-live], [role=status], [role=alert]')]).to.deep.equal([null, null]);
    const quiet = spoken(element);
    for (let second = 0; second < 5; second += 1) {
      await advance(1_000);
      await element.updateComplete;
    }
    expect(timer.innerText).to.equal('입금 기한이 지났어요');
    expect(spoken(element)).to.equal(quiet);
  });

  it('gives its number to the clipboard', async () => {
    const element = await list([deposit(3_600_000)]);
    await saying(element, '복사');
    const copied: string[] = [];
    const { clipboard } = navigator;
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: async (words: string) => copied.push(words) },
    });
    await click(button(element, '복사'));
    await saying(element, '복사했어요');
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
    expect(copied).to.deep.equal(['56211105951234']);
  });

  it('is drawn no more when the element is gone', async () => {
    holdTime();
    const element = await list([deposit(3_600_000)]);
    await until(() => finds(element, '[role=timer]').length === 1, 'a countdown');
    const before = find(element, '[role=timer]').innerText;
    element.remove();
    for (let second = 0; second < 5; second += 1) await advance(1_000);
    expect(find(element, '[role=timer]').textContent).to.equal(before);
  });
});

describe('a refund that waits for an account', () => {
  const waiting = () => row({ refunds: [refund({ state: 'needs_account', needsAccount: true })] });

  it('is sent where the shopper says, by hand, with their token; then it is on its way', async () => {
    const element = await list([waiting()]);
    await saying(element, '환불받을 계좌를 알려 주세요');
    (find(element, 'select') as HTMLSelectElement).value = 'KAKAO';
    await click(find(element, 'input[name=number]'));
    await type('3333-01-1234567');
    await press('Tab');
    await type('김하나');
    await press('Enter');
    await saying(element, '환불 진행 중');
    const [sent] = server.requests('POST /payments/');
    expect([sent?.path, sent?.token, sent?.body]).to.deep.equal([
      `/payments/${rowId(element)}/refunds/rf_1/account`,
      ada,
      { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' },
    ]);
  });

  for (const [name, answer, words] of [
    ['refuses it', problem(422, 'refund_account_refused'), '이 계좌로는 환불할 수 없어요'],
    ['can’t be reached', { html: '', status: 502 }, '지금은 보내지 못했어요'],
  ] as const)
    it(`says so where the server ${name}, and keeps what was typed`, async () => {
      const element = await list([waiting()]);
      await saying(element, '환불받을 계좌를 알려 주세요');
      instead('POST /payments/', answer);
      (find(element, 'select') as HTMLSelectElement).value = 'KAKAO';
      (find(element, 'input[name=number]') as HTMLInputElement).value = '333301';
      (find(element, 'input[name=holder]') as HTMLInputElement).value = '김하나';
      find(element, 'button[type=submit]').click();
      await saying(element, words);
      expect((find(element, 'input[name=number]') as HTMLInputElement).value).to.equal('333301');
    });

  const rowId = (element: PayHistory) => find(element, 'h3').id;
});

describe('by keyboard', () => {
  it('every link and button is reached in order, and is seen when it has the focus', async () => {
    const rows = [deposit(3_600_000), ...Array.from({ length: 11 }, () => row())];
    const element = await list(rows);
    await saying(element, '복사');
    document.body.tabIndex = -1;
    document.body.focus();
    const reached: string[] = [];
    for (let no = 0; no < 11; no += 1) {
      await press('Tab');
      const at = focused() as HTMLElement;
      reached.push(at.innerText.trim());
      expect(getComputedStyle(at).outlineStyle, at.outerHTML).to.equal('solid');
    }
    document.body.removeAttribute('tabindex');
    expect(reached).to.deep.equal(['복사', ...Array.from({ length: 9 }, () => '영수증 보기'), '더 보기']);
  });

  it('"more" leads to the first payment that it brought', async () => {
    const rows = Array.from({ length: 25 }, (_, no) => row({ orderName: `주문 ${no + 1}` }));
    const element = await list(rows);
    button(element, '더 보기').focus();
    await press('Enter');
    await saying(element, '주문 20');
    await until(() => focused()?.textContent === '주문 11', 'the focus on the eleventh');
    await press('Tab');
    expect((focused() as HTMLElement).innerText).to.equal('영수증 보기');
  });

  it('"more" takes the focus from nobody who has gone on', async () => {
    const rows = Array.from({ length: 25 }, () => row());
    const element = await list(rows);
    const field = document.createElement('input');
    document.body.append(field);
    button(element, '더 보기').click();
    field.focus();
    await until(() => rowsOf(element).length === 20, 'twenty');
    await element.updateComplete;
    expect(document.activeElement).to.equal(field);
  });

  it('another try that succeeds leads to the first payment', async () => {
    server.instead = () => problem(401, 'customer_token_expired');
    const element = await inState(place(), 'signed-out');
    button(element, '다시 시도하기').focus();
    server.instead = () => undefined;
    server.histories.set('a.b.c', [row()]);
    document.addEventListener('pay-token', (event) => event.respondWith('a.b.c'), { once: true });
    await press('Enter');
    await inState(element, 'list');
    await until(() => focused()?.localName === 'h3', 'the focus on the order');
  });
});

describe('for a screen reader', () => {
  it('it is a named region with headings in order, and a list', async () => {
    const element = await list([row(), row()]);
    const region = find(element, 'section');
    expect(shadow(element).getElementById(region.getAttribute('aria-labelledby') ?? '')?.textContent).to.equal(
      '결제 내역',
    );
    expect(finds(element, 'h1, h2, h3, h4').map(({ localName }) => localName)).to.deep.equal(['h2', 'h3', 'h3']);
    expect(finds(element, 'ul > li')).to.have.length(2);
  });

  it('what came anew is said in one go, what stayed as it was is not', async () => {
    const [one, two] = [row({ orderName: '하나' }), deposit(3_600_000, { orderName: '둘' })];
    const element = await list([one, two]);
    expect(spoken(element)).to.equal('');
    const { account: _account, ...rest } = two;
    const paid = { ...rest, status: 'paid' as const };
    server.tellHistory(ada, [{ ...row({ orderName: '셋' }), createdAt: '2030-01-01T00:00:00.000Z' }, one, paid]);
    await until(() => spoken(element) !== '', 'news');
    expect(spoken(element)).to.equal('셋: 결제 완료. 둘: 결제 완료');
  });
});

describe('the page', () => {
  it('may set everything as attributes or properties, before or after the element is known', async () => {
    server.histories.set(ada, [row()]);
    const element = place({ 'customer-token': ada, limit: 3, theme: 'dark', locale: 'en' }, ada);
    await inState(element, 'list');
    expect([element.limit, element.theme, element.locale, element.merchant]).to.deep.equal([3, 'dark', 'en', 'pk_1']);
    expect(queryOf(asked()[0] ?? { path: '' }).get('limit')).to.equal('3');
    await saying(element, 'Paid');
    element.locale = 'ko';
    await saying(element, '결제 완료');
  });

  for (const limit of ['0', '-1', '101', 'many', '', '2.5'])
    it(`may say nonsense: limit="${limit}"`, async () => {
      server.histories.set(ada, [row()]);
      await inState(place({ limit }), 'list');
      const asking = Number(queryOf(asked()[0] ?? { path: '' }).get('limit'));
      expect(Number.isInteger(asking) && asking >= 1 && asking <= 100).to.equal(true);
    });

  for (const token of [42, {}, [], true, null] as unknown as string[])
    it(`may give what is no token: ${JSON.stringify(token)}`, async () => {
      const element = place({}, '');
      element.customerToken = token;
      await inState(element, 'signed-out');
      expect(asked()).to.deep.equal([]);
    });

  it('may have styles, prototypes and handlers of its own that change nothing here', async () => {
    const style = document.createElement('style');
    style.textContent = '* { display: none !important } li, ul, button { all: unset }';
    const names = ['map', 'filter', 'find'] as const;
    (Object.prototype as Record<string, unknown>).polluted = 'by the page';
    (Array.prototype as unknown as Record<string, unknown>).last = () => 'by the page';
    try {
      const element = await list([row(), deposit(3_600_000)]);
      await saying(element, '자동으로 취소돼요');
      expect(text(element)).not.to.contain('by the page');
      expect(asked().every(({ path }) => !path.includes('polluted'))).to.equal(true);
    } finally {
      delete (Object.prototype as Record<string, unknown>).polluted;
      delete (Array.prototype as unknown as Record<string, unknown>).last;
    }
    expect(names).to.have.length(3);
  });

  it('may show its own words where there are no payments, and around the list', async () => {
    server.histories.set(ada, []);
    const element = place();
    element.innerHTML = '<p slot="empty">Nothing yet</p><h1 slot="header">Mine</h1><p>Questions?</p>';
    await inState(element, 'empty');
    for (const child of element.children) expect(child.getBoundingClientRect().height).to.be.above(0);
  });

  it('may colour it', async () => {
    const element = await list([deposit(3_600_000)]);
    element.style.setProperty('--pay-accent', 'rgb(1, 2, 3)');
    element.style.setProperty('--pay-max-width', '300px');
    expect(getComputedStyle(find(element, '[part=standing]')).color).to.equal('rgb(1, 2, 3)');
    expect(element.getBoundingClientRect().width).to.equal(300);
  });

  it('may be in forced colours', async () => {
    await emulate({ 'forced-colors': 'active' });
    await resize(360);
    const element = await list(Array.from({ length: 12 }, () => row()));
    expect(getComputedStyle(button(element, '더 보기')).borderStyle).to.equal('solid');
  });

  it('may have many of them, each with its own person', async () => {
    const tokens = ['one.two.three', 'four.five.six'];
    for (const token of tokens) server.histories.set(token, [row({ orderName: token })]);
    const elements = tokens.map((token) => place({}, token));
    for (const element of elements) await inState(element, 'list');
    expect(elements.map((element) => find(element, 'h3').textContent)).to.deep.equal(tokens);
  });

  it('hears of the class by its name, once, however often it is defined', async () => {
    await import(`/widget/define-history.ts?again=${Math.random()}`);
    expect(customElements.get('pay-history')).to.equal(PayHistory);
    expect(said).to.deep.equal([]);
    await aTimeout(0);
  });
});
