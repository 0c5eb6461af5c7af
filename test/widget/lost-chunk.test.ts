import { aTimeout } from '@open-wc/testing';
import {
  button,
  chrome,
  click,
  expect,
  find,
  finds,
  focused,
  form,
  inState,
  pay,
  ready,
  server,
  text,
  until,
  windows,
} from './support/page.js';

const block = (...urls: string[]) => chrome('Network.setBlockedURLs', { urls });

before(() => chrome('Network.enable'));
// The tests of other files run in the same tab.
after(async () => {
  await block();
  await chrome('Network.disable');
});

it('a decline whose words can not be had is no payment that is still being checked: there is a way on', async () => {
  await block('*results/stopped*');
  const element = await ready(await form());
  server.found = { failure: { code: 'REJECT_CARD_COMPANY', message: '거절', retryable: true } };
  await pay(element);
  windows.last.refuse('REJECT_CARD_COMPANY');
  await inState(element, 'failed');
  await until(() => text(element).includes('결제 화면을 불러오지 못했어요'), 'that it can not be shown');
  expect(focused()).to.equal(find(element, 'h2'));
  await click(button(element, '다시 시도하기'));
  await inState(element, 'form');
});

for (const presentation of ['button', 'modal']) {
  it(`a dialog that can not be had (${presentation}): the checkout opens in the page, when it is asked for`, async () => {
    await block('*pay-checkout/modal*');
    const element = await form({ presentation });
    await aTimeout(50);
    expect(finds(element, '[part=card]')).to.have.length(0);
    if (presentation === 'button') await click(find(element, '[part=trigger]'));
    else element.open();
    await until(() => finds(element, '[part=card]').length === 1, 'the checkout');
    expect(element.shadowRoot?.activeElement).to.equal(find(element, 'input:checked'));
    await pay(await ready(element));
    windows.last.end();
    await inState(element, 'success');
  });
}
