import { aTimeout } from '@open-wc/testing';
import type { PayHistory, PayTokenEvent } from '../../../widget/index.js';
import { row, tokenOf } from '../../support/history-rows.js';
import { problem } from '../../support/shop-server.js';
import { expect, said, server } from '../support/page.js';
import { ada, asked, button, inState, list, place, rowsOf, saying, text, until } from './support.js';

const second = tokenOf('ada', 2);
const bob = tokenOf('bob');

/** Each token that was asked for, and what the page does about it. */
function answering(answer: (event: PayTokenEvent) => void = () => undefined): PayTokenEvent[] {
  const heard: PayTokenEvent[] = [];
  const hear = (event: Event) => {
    heard.push(event as PayTokenEvent);
    answer(event as PayTokenEvent);
  };
  document.addEventListener('pay-token', hear);
  afterThis.push(() => document.removeEventListener('pay-token', hear));
  return heard;
}
const afterThis: (() => void)[] = [];
afterEach(() => {
  for (const end of afterThis.splice(0)) end();
});

/** Only these tokens are good from now on; others have expired. */
const onlyGood = (...tokens: string[]) => {
  server.instead = ({ path, token }) =>
    path.startsWith('/me/') && !tokens.includes(token ?? '') ? problem(401, 'customer_token_expired') : undefined;
};

const one = () => [row({ orderName: '에이다의 주문' })];

describe('<pay-history> without a good token asks the page', () => {
  it('by one event that leaves shadow roots, can be canceled, and says why', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const heard = answering();
    const element = place({}, '', host.attachShadow({ mode: 'open' }));
    await inState(element, 'signed-out');
    const [event] = heard;
    expect(heard).to.have.length(1);
    expect([event?.type, event?.bubbles, event?.composed, event?.cancelable]).to.deep.equal([
      'pay-token',
      true,
      true,
      true,
    ]);
    expect(event?.detail).to.deep.equal({ reason: 'missing', detail: '' });
    expect(asked()).to.deep.equal([]);
  });

  for (const [name, give] of Object.entries<(token: string) => string | Promise<string>>({
    'a text': (token) => token,
    'a promise': async (token) => {
      await aTimeout(30);
      return token;
    },
  }))
    it(`and takes ${name} by respondWith; nothing is said meanwhile`, async () => {
      server.histories.set(ada, one());
      answering((event) => event.respondWith(give(ada)));
      const element = place({}, '');
      await inState(element, 'list');
      expect(text(element)).not.to.contain('로그인');
    });

  it('and takes one by the property, after preventDefault', async () => {
    server.histories.set(ada, one());
    answering((event) => {
      event.preventDefault();
      setTimeout(() => {
        (event.target as PayHistory).customerToken = ada;
      }, 50);
    });
    const element = place({}, '');
    await aTimeout(30);
    expect(element.state).to.equal('loading');
    await inState(element, 'list');
  });

  for (const [name, answer] of Object.entries<(event: PayTokenEvent) => void>({
    'a promise that fails': (event) => event.respondWith(Promise.reject(new Error('no session'))),
    'a promise of nothing': (event) => event.respondWith(Promise.resolve(undefined)),
    'an empty text': (event) => event.respondWith(''),
    'something that is no text': (event) => event.respondWith({} as string),
    'the refused one once more': (event) => event.respondWith(ada),
  }))
    it(`and says so where it gives ${name}`, async () => {
      onlyGood();
      answering(answer);
      const element = await inState(place(), 'signed-out');
      expect(text(element)).to.contain('로그인이 만료됐어요');
    });

  it('with the reason that the server gave: expired, or not believed', async () => {
    const heard = answering();
    onlyGood();
    await inState(place(), 'signed-out');
    server.instead = () => problem(401, 'customer_token_invalid', '`aud` must be "pay-checkout".');
    await inState(place(), 'signed-out');
    expect(heard.map(({ detail }) => detail)).to.deep.equal([
      { reason: 'expired', detail: 'about customer_token_expired' },
      { reason: 'refused', detail: '`aud` must be "pay-checkout".' },
    ]);
  });

  it('three times in a row at most, however many bad ones it brings; then when the shopper wants it', async () => {
    onlyGood();
    let no = 1;
    const heard = answering((event) => {
      no += 1;
      event.respondWith(tokenOf('ada', no));
    });
    const element = await inState(place(), 'signed-out');
    await aTimeout(300);
    expect(asked().length).to.be.at.most(4);
    expect(heard.length).to.be.at.most(3);
    const before = heard.length;
    onlyGood(tokenOf('ada', no + 1));
    server.histories.set(tokenOf('ada', no + 1), one());
    button(element, '다시 시도하기').click();
    await inState(element, 'list');
    expect(heard).to.have.length(before + 1);
  });
});

describe('<pay-history> when a token expires', () => {
  it('keeps the old rows, and goes on with the new token', async () => {
    const element = await list(one());
    onlyGood(second);
    server.histories.set(second, [row({ orderName: '새 주문' }), ...one()]);
    let isAnswered: (token: string) => void = () => undefined;
    answering((event) =>
      event.respondWith(
        new Promise((resolve) => {
          isAnswered = resolve;
        }),
      ),
    );
    element.refresh();
    await until(() => asked().length === 2, 'a refusal');
    await aTimeout(100);
    expect(rowsOf(element)).to.have.length(1);
    expect(text(element)).not.to.contain('로그인이 만료');
    isAnswered(second);
    await saying(element, '새 주문');
    expect(element.customerToken).to.equal(second);
  });

  it('says so above the old rows where nobody cares', async () => {
    const element = await list(one());
    onlyGood(second);
    element.refresh();
    await saying(element, '로그인이 만료됐어요');
    expect(rowsOf(element)).to.have.length(1);
    server.histories.set(second, one());
    element.customerToken = second;
    await until(() => !text(element).includes('로그인이 만료'), 'no word of it');
    expect(rowsOf(element)).to.have.length(1);
  });
});

describe('<pay-history> of another person', () => {
  it('shows nothing of the one before, not for a moment', async () => {
    const element = await list(one());
    server.instead = ({ token }) => (token === bob ? 'never' : undefined);
    element.customerToken = bob;
    await element.updateComplete;
    expect(text(element)).not.to.contain('에이다');
    expect(element.state).to.equal('loading');
  });

  it('keeps the rows of the same person, whose token is only newer', async () => {
    const element = await list(one());
    element.refresh();
    await until(() => asked().length === 2, 'what comes after the first page');
    await aTimeout(50);
    server.instead = ({ token }) => (token === second ? 'never' : undefined);
    element.customerToken = second;
    await element.updateComplete;
    await aTimeout(10);
    expect(text(element)).to.contain('에이다');
  });

  for (const [name, token] of Object.entries({ nothing: undefined, 'an empty text': '', 'no token at all': 'abc' }))
    it(`who signed out (${name}) leaves nothing behind`, async () => {
      const element = await list(one());
      element.customerToken = token;
      await element.updateComplete;
      expect(text(element)).not.to.contain('에이다');
      await inState(element, 'signed-out');
    });

  it('or another shop, or another server: nothing of the one before is shown', async () => {
    const element = await list(one());
    server.instead = () => 'never';
    element.merchant = 'pk_2';
    await element.updateComplete;
    expect(text(element)).not.to.contain('에이다');
  });

  it('a late answer for the one before is not shown', async () => {
    let answer: () => void = () => undefined;
    server.histories.set(ada, one());
    server.histories.set(bob, [row({ orderName: '밥의 주문' })]);
    server.instead = ({ token }) =>
      token === ada
        ? new Promise((resolve) => {
            answer = () => resolve(undefined);
          })
        : undefined;
    const element = place();
    await until(() => asked().length === 1, 'a question');
    element.customerToken = bob;
    await saying(element, '밥의 주문');
    answer();
    await aTimeout(50);
    expect(text(element)).not.to.contain('에이다');
  });
});

it('<pay-history> writes its token nowhere: no attribute, no address, no storage, no console', async () => {
  const element = await list(one());
  onlyGood();
  element.refresh();
  await saying(element, '로그인이 만료됐어요');
  const secret = ada.split('.')[1] ?? '';
  const places = [
    element.outerHTML,
    text(element),
    location.href,
    JSON.stringify(history.state),
    JSON.stringify({ ...sessionStorage }),
    JSON.stringify({ ...localStorage }),
    said.join('\n'),
    ...server.sent.map(({ path, body }) => `${path}${JSON.stringify(body)}`),
    ...performance.getEntries().map(({ name }) => name),
  ];
  for (const where of places) expect(where).not.to.contain(secret);
});
