import { expect, form, inState, listen, pay, windows } from './support/page.js';

describe('a payment', () => {
  it('goes from the form to the receipt', async () => {
    const element = await form();
    const heard = listen(element);
    await pay(element);
    windows.last.end();
    await inState(element, 'success');
    expect(heard.map(({ type }) => type)).to.deep.equal(['pay-success']);
  });
});
