import type { PayCheckout } from '../../widget/index.js';
import { card, emulate, expect, find, finds, form, payButton, resize, server, text } from './support/page.js';
import { scenes } from './support/scenes.js';

const show = async (name: string, attributes: Record<string, string> = {}): Promise<PayCheckout> => {
  const element = await scenes[name]?.show({ locale: 'ko', ...attributes });
  if (!element) throw new Error(`no scene ${name}`);
  await element.updateComplete;
  return element;
};

/** Nothing is wider than its place, and no word of a button is cut. */
function expectToFit(element: PayCheckout): void {
  const page = document.documentElement;
  expect(page.scrollWidth, 'the page scrolls sideways').to.be.at.most(page.clientWidth);
  for (const each of finds(element, '[part=card], button, a, label, dd, p:not(.hidden), h2')) {
    expect(each.scrollWidth, `${each.outerHTML.slice(0, 80)} is cut`).to.be.at.most(
      each.clientWidth + 1 || Number.MAX_VALUE,
    );
  }
}

describe('at 320 pixels', () => {
  for (const name of Object.keys(scenes))
    it(name, async () => {
      await resize(320, 640);
      expectToFit(await show(name, { locale: 'en' }));
    });

  it('an order of long names and a large sum', async () => {
    await resize(320, 640);
    const [[id, item] = []] = [...server.items];
    if (!id || !item) throw new Error('no item');
    const name = { ko: `${'아주긴이름'.repeat(20)} ${'https://example.com/'.repeat(10)}` };
    server.items.set(id, { ...item, name, price: 99_999_999_999, merchant: { name } });
    expectToFit(await form({ 'quantity-editable': '' }));
  });
});

describe('with letters of twice the size', () => {
  for (const name of Object.keys(scenes))
    it(name, async () => {
      await resize(640, 800);
      document.documentElement.style.fontSize = '200%';
      const element = await show(name);
      expectToFit(element);
      const size = Number.parseFloat(getComputedStyle(card(element)).fontSize);
      expect(size).to.equal(32);
    });
});

describe('the look', () => {
  const background = (element: PayCheckout) => getComputedStyle(card(element)).backgroundColor;

  it("follows the system's dark look, unless the page wants another", async () => {
    await emulate({ 'prefers-color-scheme': 'dark' });
    const dark = background(await form());
    expect(background(await form({ theme: 'dark' }))).to.equal(dark);
    expect(background(await form({ theme: 'light' }))).to.equal('rgb(255, 255, 255)');
    await emulate({ 'prefers-color-scheme': 'light' });
    expect(background(await form())).to.equal('rgb(255, 255, 255)');
    expect(background(await form({ theme: 'dark' }))).to.equal(dark);
  });

  it("takes the site's colours and corners", async () => {
    const element = await form();
    element.style.cssText = '--pay-accent: rgb(1, 2, 3); --pay-radius: 5px; --pay-max-width: 300px';
    const style = getComputedStyle(payButton(element));
    expect([style.backgroundColor, style.borderRadius]).to.deep.equal(['rgb(1, 2, 3)', '5px']);
    expect(card(element).getBoundingClientRect().width).to.equal(300);
  });

  it('does not blink or slide for those who asked for less motion', async () => {
    await emulate({ 'prefers-reduced-motion': 'reduce' });
    const skeleton = await show('skeleton');
    expect(skeleton.shadowRoot?.getAnimations()).to.deep.equal([]);
    skeleton.remove();
    server.instead = () => undefined;
    const element = await show('paying');
    const moving = element.shadowRoot?.getAnimations() ?? [];
    for (const each of moving) expect(each.effect?.getComputedTiming().duration).to.be.at.least(3_000);
    expect(getComputedStyle(payButton(element)).transitionDuration).to.equal('0s');
  });

  it('in forced colours each button has a border, and the chosen method another one', async () => {
    await emulate({ 'forced-colors': 'active' });
    const element = await form({ 'quantity-editable': '' });
    expect(getComputedStyle(payButton(element)).borderTopStyle).to.equal('solid');
    const [chosen, other] = finds(element, '[part=method]').map((each) => getComputedStyle(each).outlineStyle);
    expect([chosen, other]).to.deep.equal(['solid', 'none']);
  });

  it('every target is large enough for a finger', async () => {
    const element = await form({ 'quantity-editable': '', collect: 'name' });
    for (const each of finds(element, 'button, input:not([type=radio]), [part=method]')) {
      const { height } = each.getBoundingClientRect();
      expect(height, each.outerHTML.slice(0, 80)).to.be.at.least(44);
    }
    const result = await show('account');
    for (const each of finds(result, 'button')) expect(each.getBoundingClientRect().height).to.be.at.least(24);
  });

  it('on a page from right to left everything has its place', async () => {
    document.documentElement.dir = 'rtl';
    await resize(320, 640);
    const [[id, item] = []] = [...server.items];
    if (id && item) server.items.set(id, { ...item, name: { ko: 'قهوة مقطرة "12" ₩' } });
    const element = await form({ collect: 'name email' });
    expectToFit(element);
    expect(find(element, '[part=product] .name').dir).to.equal('auto');
    expect(text(element)).to.contain('قهوة مقطرة');
  });
});
