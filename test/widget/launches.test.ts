import { portOneV1Window, portOneWindow, tossWindow } from '../support/shop-server.js';
import {
  button,
  click,
  expect,
  find,
  form,
  inState,
  listen,
  pay,
  payButton,
  ready,
  server,
  text,
  until,
  windows,
} from './support/page.js';
import { saying } from './support/scenes.js';

const providers = {
  toss: { launch: tossWindow, order: 'orderId', hint: { paymentKey: 'key-1' }, name: 'customerName' },
  'portone-v2': { launch: portOneWindow, order: 'paymentId', hint: { txId: 'tx-1' }, name: 'customer.fullName' },
  'portone-v1': { launch: portOneV1Window, order: 'merchant_uid', hint: { impUid: 'imp_1' }, name: 'buyer_name' },
} as const;

for (const [provider, { launch, order, hint, name }] of Object.entries(providers))
  describe(`a window of ${provider}`, () => {
    beforeEach(() => {
      server.launch = (session) => launch(server.script, session);
    });

    it('is asked for before the click is over, with what was typed last; what it says is given on as a hint', async () => {
      const element = await ready(await form({ collect: 'name' }));
      const heard = listen(element);
      const field = find<HTMLInputElement>(element, '#name');
      field.value = '김민지';
      field.dispatchEvent(new Event('input'));
      payButton(element).click();
      expect(windows.opened).to.have.length(1);
      expect(windows.last.request).to.have.nested.property(name, '김민지');
      expect(windows.last.request[order]).to.equal('pay_1_1');
      windows.last.end();
      await inState(element, 'success');
      expect(server.requests('POST /payments/verify')[0]?.body).to.deep.include({ orderId: 'pay_1_1', ...hint });
      expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
    });

    it('that refuses is told in plain words, and the next one is another attempt', async () => {
      server.found = { failure: { code: 'REJECT_CARD_PAYMENT', message: '잔액 부족', retryable: true } };
      const element = await pay(await form());
      windows.last.refuse('REJECT_CARD_PAYMENT', '잔액 부족');
      await inState(element, 'failed');
      await saying(element, '한도나 잔액이 부족해요.');
      server.found = { status: 'paid' };
      await click(find(element, '[part=result] [part=button]'));
      await pay(await inState(element, 'form'));
      expect(windows.last.request[order]).to.equal('pay_1_2');
      windows.last.end();
      await inState(element, 'success');
    });

    it('that the shopper closed is no failure', async () => {
      server.found = {};
      const element = await pay(await form());
      windows.last.refuse('PAY_PROCESS_CANCELED', '사용자가 결제를 취소하셨습니다');
      await inState(element, 'canceled');
      // What draws it is a chunk of its own.
      await until(() => text(element).includes('이어서 결제하기'), 'the way on');
      await click(button(element, '이어서 결제하기'));
      await inState(element, 'form');
    });

    it('that never answers is asked about by hand', async () => {
      const element = await pay(await form());
      await click(button(element, '결제 상태 확인하기'));
      await inState(element, 'success');
      expect(server.requests('POST /payments/verify')).to.have.length(1);
    });

    it('pressed twice opens once', async () => {
      const element = await ready(await form());
      payButton(element).click();
      payButton(element).click();
      await until(() => element.state === 'paying', 'the window');
      expect(windows.opened).to.have.length(1);
    });
  });
