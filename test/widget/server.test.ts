import { aTimeout } from '@open-wc/testing';
import { type Answer, type Instead, problem } from '../support/shop-server.js';
import {
  advance,
  button,
  click,
  expect,
  find,
  finds,
  form,
  goOnline,
  holdTime,
  inState,
  listen,
  pay,
  payButton,
  place,
  releaseTime,
  resize,
  said,
  server,
  text,
  until,
  windows,
} from './support/page.js';
import { instead, saying } from './support/scenes.js';

const html: Answer = { status: 200, html: '<!doctype html><h1>Welcome to nginx</h1>' };
const troubles: Record<string, Instead> = {
  'an answer that never comes': 'never',
  'a lost connection': 'lost',
  'an HTML page': html,
  'an HTML page of an error': { ...html, status: 502 },
  'JSON of somebody else': { body: { error: 'no such route' } },
  'JSON null': { body: null },
  'half of a JSON text': { html: '{"id":"coff' },
  'an empty answer': { html: '' },
  'an error of ours': problem(500, 'internal'),
  'a restart': { ...problem(503, 'shutting_down'), retryAfter: 1 },
  'too many requests': { ...problem(429, 'rate_limited'), retryAfter: 60 },
};

/** Time goes by until it is so. */
async function wait(isSo: () => unknown): Promise<void> {
  for (let round = 0; round < 40 && !isSo(); round += 1) await advance(5_000);
  await until(isSo, 'what was waited for');
}

/** The next answer of this kind comes when the test wants it. */
function hold(what: string): () => void {
  let answer: () => void = () => undefined;
  const answered = new Promise<Instead>((resolve) => {
    answer = () => resolve(undefined);
  });
  server.instead = ({ method, path }) => (`${method} ${path}`.startsWith(what) ? answered : undefined);
  return answer;
}

for (const [name, trouble] of Object.entries(troubles)) {
  describe(`${name}`, () => {
    it('for the catalogue: it is said, with a way on that works', async () => {
      instead('GET /catalog', trouble);
      holdTime();
      const element = place();
      await wait(() => finds(element, 'h2').length === 1);
      expect(text(element)).to.contain('결제 서버에 연결하지 못했어요');
      server.instead = () => undefined;
      find(element, '[part=button]').click();
      await inState(element, 'form');
      expect(said).to.deep.equal([]);
    });

    it('for the session: the form stays as it is, and the next press pays', async () => {
      instead('POST /payments/sessions', trouble);
      const element = await form({ collect: 'name', 'buyer-name': '김민지' });
      holdTime();
      await click(payButton(element));
      await wait(() => text(element).includes('결제 서버에 연결하지 못했어요'));
      expect(element.state).to.equal('form');
      server.instead = () => undefined;
      releaseTime();
      await click(payButton(element));
      await inState(element, 'paying');
      expect(find<HTMLInputElement>(element, '#name').value).to.equal('김민지');
    });

    it('for the question how it stands: nothing is lost, and nothing is charged again', async () => {
      const element = await pay(await form());
      const heard = listen(element);
      instead('POST /payments/verify', trouble);
      holdTime();
      windows.last.end();
      await inState(element, 'verifying');
      for (let round = 0; round < 10; round += 1) await advance(10_000);
      expect(element.state).to.equal('verifying');
      expect(text(element)).to.contain('다시 결제하지 말고');
      server.instead = () => undefined;
      await wait(() => element.state === 'success');
      expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
      expect(windows.opened).to.have.length(1);
    });
  });
}

describe('a slow server', () => {
  for (const width of [320, 360, 800])
    for (const attributes of [
      {},
      { collect: 'name email phone postcode address', 'address-search': true, 'quantity-editable': true },
    ])
      it(`shows the room for the form meanwhile, then the form in the same room: ${width} pixels, ${Object.keys(attributes).length} wishes`, async () => {
        await resize(width);
        const [[id, item] = []] = [...server.items];
        const image = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
        if (id && item) server.items.set(id, { ...item, image });
        const answer = hold('GET /catalog');
        const element = place(attributes);
        await until(() => server.sent.length === 1, 'a question');
        await aTimeout(50);
        const { height } = element.getBoundingClientRect();
        answer();
        await inState(element, 'form');
        await until(() => payButton(element), 'the form');
        expect(element.getBoundingClientRect().height).to.equal(height);
        const total = find(element, '[part=total]').getBoundingClientRect();
        const above = find(element, '[part=methods]').getBoundingClientRect();
        expect(total.top - above.bottom, 'the gap in the form').to.be.below(90);
      });

  it('for the session lets the shopper press again when it is there', async () => {
    const answer = hold('POST /payments/sessions');
    const element = await form();
    holdTime();
    await click(payButton(element));
    await inState(element, 'opening');
    await advance(1_100);
    await inState(element, 'form');
    releaseTime();
    answer();
    await saying(element, '결제창 열기');
    await click(button(element, '결제창 열기'));
    await inState(element, 'paying');
  });
});

describe('no network', () => {
  it('at first: the checkout comes by itself when it is back', async () => {
    goOnline(false);
    const element = place();
    await saying(element, '인터넷에 연결되어 있지 않아요');
    goOnline(true);
    await inState(element, 'form');
  });

  it('in the form: no window opens, and the word goes when it is back', async () => {
    const element = await form();
    goOnline(false);
    await click(payButton(element));
    await saying(element, '인터넷에 연결되어 있지 않아요');
    expect(windows.opened).to.have.length(0);
    goOnline(true);
    await until(() => !text(element).includes('인터넷에 연결되어 있지 않아요'), 'no word of it');
    await pay(element);
  });

  it('while it is asked how it stands: goes on by itself when it is back', async () => {
    const element = await pay(await form());
    goOnline(false);
    windows.last.end();
    await inState(element, 'verifying');
    await saying(element, '인터넷이 끊겼어요');
    goOnline(true);
    await inState(element, 'success');
  });

  it('for the script: pressed again, it is loaded again', async () => {
    const { script } = server;
    server.script = `${script}-gone`;
    const element = await form();
    await click(payButton(element));
    await saying(element, '광고 차단');
    server.script = script;
    element.quantity = 2;
    await until(() => payButton(element).innerText.includes('25,800원'), 'the price of two');
    await pay(element);
  });
});
