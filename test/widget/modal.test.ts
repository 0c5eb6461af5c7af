import { aTimeout } from '@open-wc/testing';
import type { PayCheckout } from '../../widget/index.js';
import {
  button,
  click,
  dialog,
  expect,
  find,
  finds,
  focused,
  form,
  inState,
  listen,
  pay,
  payButton,
  place,
  press,
  server,
  shadow,
  stay,
  text,
  until,
  windows,
} from './support/page.js';
import { instead } from './support/scenes.js';

const isOpen = (element: PayCheckout) => shadow(element).querySelector('dialog')?.matches(':modal') === true;
const isClosed = (element: PayCheckout) => !shadow(element).querySelector('dialog')?.open;
const isPageLocked = () => getComputedStyle(document.documentElement).overflowY === 'hidden';

async function opened(attributes = {}): Promise<PayCheckout> {
  const element = await form({ presentation: 'modal', ...attributes });
  element.open();
  await until(() => isOpen(element), 'an open dialog');
  return element;
}

function opener(): HTMLButtonElement {
  const shop = document.createElement('button');
  shop.textContent = 'Buy';
  document.body.prepend(shop);
  shop.focus();
  return shop;
}

/** As a redirect leaves the page's address. */
const returnTo = (session: string) =>
  history.replaceState(null, '', `?pc_session=${session}&pc_return=rt_1&orderId=pay_1`);

describe('the dialog when a redirect brings the shopper back', () => {
  for (const presentation of ['modal', 'button'])
    it(`opens by itself and shows what became of it; loaded again it stays closed (${presentation})`, async () => {
      server.found = { status: 'paid' };
      returnTo(server.add().id);
      const element = await inState(place({ presentation }), 'success');
      await until(() => isOpen(element), 'an open dialog');
      await until(() => text(element).includes('결제가 완료됐어요'), 'the receipt');
      element.remove();
      await aTimeout(10);
      const again = await inState(place({ presentation }), 'success');
      await aTimeout(100);
      expect(isClosed(again)).to.equal(true);
    });

  it('is open while the payment is still asked about', async () => {
    instead('POST /payments/verify', 'never');
    returnTo(server.add().id);
    const element = await inState(place({ presentation: 'modal' }), 'verifying');
    await until(() => isOpen(element), 'an open dialog');
    expect(text(element)).to.contain('결제를 확인하고 있어요');
  });

  it('and the site has pages of its own, still leads there', async () => {
    const failure = { code: 'REJECT_CARD_COMPANY', message: '거절', retryable: false };
    for (const [found, destination] of [
      [{ status: 'paid' }, 'success-url'],
      [{ failure }, 'fail-url'],
    ] as const) {
      const { id } = server.add();
      const went = stay();
      server.found = found;
      returnTo(id);
      const element = place({ presentation: 'modal', [destination]: '/next' });
      await until(() => went.length > 0, destination);
      expect(went).to.deep.equal([new URL(`/next?pc_session=${id}`, document.baseURI).href]);
      element.remove();
    }
  });
});

describe('the dialog', () => {
  it('is not there before it is opened, and takes no room', async () => {
    const element = await form({ presentation: 'modal' });
    expect(isClosed(element)).to.equal(true);
    expect(element.getBoundingClientRect().height).to.equal(0);
  });

  it('opens by its own button, takes the focus, and gives it back at Escape', async () => {
    const element = await form({ presentation: 'button' });
    const trigger = find(element, '[part=trigger]');
    await click(trigger);
    await until(() => isOpen(element), 'an open dialog');
    expect(dialog(element).contains(focused())).to.equal(true);
    await press('Escape');
    await until(() => isClosed(element), 'a closed dialog');
    expect(focused()).to.equal(trigger);
  });

  it("opens by the site's own trigger, and gives the focus back to it", async () => {
    const own = document.createElement('button');
    own.slot = 'trigger';
    own.textContent = 'Order now';
    const element = await form({ presentation: 'button' });
    element.append(own);
    await click(own);
    await until(() => isOpen(element), 'an open dialog');
    await press('Escape');
    await until(() => isClosed(element), 'a closed dialog');
    expect(focused()).to.equal(own);
  });

  it('opened by open() gives the focus back to where it was', async () => {
    const shop = opener();
    const element = await opened();
    element.close();
    await until(() => isClosed(element), 'a closed dialog');
    expect(focused()).to.equal(shop);
  });

  it('keeps the focus inside: Tab goes round, forwards and backwards', async () => {
    const shop = opener();
    const element = await opened({ collect: 'name email' });
    const seen = new Set<Element | null>();
    for (const key of [...Array(8).fill('Tab'), ...Array(8).fill('Shift+Tab')]) {
      await press(key);
      seen.add(focused());
    }
    expect(seen.has(shop)).to.equal(false);
    expect(seen.has(payButton(element))).to.equal(true);
  });

  it('the page behind does not scroll, and scrolls again afterwards', async () => {
    const element = await opened();
    expect(isPageLocked()).to.equal(true);
    element.close();
    await until(() => isClosed(element), 'a closed dialog');
    expect(isPageLocked()).to.equal(false);
  });

  it('closes by its close button, which has a name', async () => {
    const element = await opened();
    await click(button(element, '닫기'));
    expect(isClosed(element)).to.equal(true);
  });

  it('leaves the top layer before the window opens, and comes back with its focus', async () => {
    const element = await opened();
    payButton(element).focus();
    await pay(element);
    expect(isOpen(element)).to.equal(false);
    expect(dialog(element).open).to.equal(true);
    windows.last.end();
    await inState(element, 'success');
    await until(() => isOpen(element), 'an open dialog');
    await until(() => focused()?.tagName === 'H2', 'the focus on the result');
  });

  it('neither Escape nor close() closes it while money moves', async () => {
    const element = await pay(await opened());
    await press('Escape', 'Escape', 'Escape');
    element.close();
    await aTimeout(50);
    expect(dialog(element).open).to.equal(true);
    expect(find<HTMLButtonElement>(element, '[part=close]').disabled).to.equal(true);
    windows.last.end();
    await inState(element, 'success');
    await until(() => isOpen(element), 'an open dialog');
    await press('Escape');
    await until(() => isClosed(element), 'a closed dialog');
  });

  it('a click beside it closes it only while nothing typed could be lost', async () => {
    const element = await opened();
    dialog(element).dispatchEvent(new MouseEvent('click'));
    expect(isClosed(element)).to.equal(false);
    await pay(element);
    windows.last.end();
    await inState(element, 'success');
    await until(() => isOpen(element), 'an open dialog');
    dialog(element).dispatchEvent(new MouseEvent('click'));
    expect(isClosed(element)).to.equal(true);
  });

  it('close() right after open() leaves it closed', async () => {
    const element = await form({ presentation: 'modal' });
    element.open();
    element.close();
    await aTimeout(100);
    expect(isClosed(element)).to.equal(true);
    expect(isPageLocked()).to.equal(false);
  });

  it('removed while it is open lets the page scroll, and is open again when it is back', async () => {
    const element = await opened();
    element.remove();
    await aTimeout(10);
    expect(isPageLocked()).to.equal(false);
    document.body.append(element);
    await until(() => isOpen(element), 'an open dialog');
    expect(isPageLocked()).to.equal(true);
  });

  it('removed while the window is open takes the result, and shows it when it is back', async () => {
    const element = await pay(await opened());
    const heard = listen(element);
    element.remove();
    await aTimeout(10);
    windows.last.end();
    await inState(element, 'success');
    expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
    expect(isPageLocked()).to.equal(false);
    document.body.append(element);
    await until(() => isOpen(element), 'an open dialog');
    expect(find(element, 'h2').innerText).to.equal('결제가 완료됐어요');
  });

  it('moved in the page it stays open', async () => {
    const element = await opened();
    const other = document.createElement('main');
    document.body.append(other);
    other.append(element);
    await until(() => isOpen(element), 'an open dialog');
  });

  it('made inline while it is open, the checkout goes on in the page', async () => {
    const element = await opened();
    element.presentation = 'inline';
    await element.updateComplete;
    expect(finds(element, 'dialog')).to.have.length(0);
    expect(isPageLocked()).to.equal(false);
    expect(payButton(element).getBoundingClientRect().height).to.be.greaterThan(40);
  });

  it('open() of an inline checkout does nothing', async () => {
    const element = await form();
    element.open();
    await aTimeout(50);
    expect(finds(element, 'dialog')).to.have.length(0);
    expect(isPageLocked()).to.equal(false);
  });
});
