import { expect } from '@open-wc/testing';

describe('another version that is on the page already', () => {
  it('stays, and is told of by one warning', async () => {
    const said: string[] = [];
    const { warn } = console;
    console.warn = (...words) => said.push(words.join(' '));
    const Old = class extends HTMLElement {};
    customElements.define('pay-checkout', Object.assign(Old, { [Symbol.for('pay-checkout.version')]: '0.0.9' }));
    await import('../../widget/define.js');
    await import('../../widget/script.js');
    console.warn = warn;
    expect(customElements.get('pay-checkout')).to.equal(Old);
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('0.0.9').and.to.contain('not used');
  });
});
