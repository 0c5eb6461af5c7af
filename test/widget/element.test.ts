import { html } from 'lit/html.js';
import { attributesOf, css, PayElement, type PropertyOptions } from '../../widget/element.js';
import { expect } from './support/page.js';

class Probe extends PayElement {
  static override readonly styles = css`p { color: rgb(1, 2, 3); }`;
  static override readonly properties: Readonly<Record<string, PropertyOptions>> = {
    word: {},
    count: { type: Number },
    isOn: { type: Boolean },
    kind: { reflect: true },
    inner: { attribute: false },
  };
  static readonly observedAttributes = attributesOf(Probe.properties);

  declare word: string | null | undefined;
  declare count: number | null;
  declare isOn: boolean;
  declare kind: string | undefined;
  declare inner: unknown;
  readonly drawn: string[] = [];
  breaks = false;

  constructor() {
    super();
    this.word = 'default';
    this.count = 1;
    this.isOn = false;
    this.kind = 'plain';
  }

  later(text: string): void {
    this.adoptStyles(text);
  }

  protected override render() {
    if (this.breaks) throw new Error('broken');
    this.drawn.push(`${this.word} ${this.count} ${this.isOn} ${this.kind}`);
    return html`<p @click=${this.pressed}>${this.word}</p>`;
  }

  pressed(): void {
    this.word = 'pressed';
  }
}

function made(markup: string): Probe {
  const host = document.createElement('div');
  host.innerHTML = markup;
  document.body.append(host);
  return host.firstElementChild as Probe;
}
const paragraph = (probe: Probe) => probe.renderRoot.querySelector('p') as HTMLElement;

describe('what our elements are made of', () => {
  it('a property that was set before the class was there counts more than its attribute and its default', async () => {
    const early = made('<pay-probe word="attribute" count="2"></pay-probe>');
    Object.assign(early, { word: 'early' });
    customElements.define('pay-probe', Probe);
    expect(early.word).to.equal('early');
    await early.updateComplete;
    expect(early.drawn).to.deep.equal(['early 2 false plain']);
    expect(Object.hasOwn(early, 'word')).to.equal(false);
  });

  it('what the page sets as soon as the class is there counts more than what it had set before', async () => {
    const early = made('<pay-late-probe></pay-late-probe>');
    Object.assign(early, { word: 'early' });
    const defined = customElements.whenDefined('pay-late-probe').then(() => {
      early.word = 'late';
    });
    customElements.define('pay-late-probe', class extends Probe {});
    await defined;
    await early.updateComplete;
    expect(early.drawn.at(-1)).to.equal('late 1 false plain');
  });

  it('attributes are read as what they are, and without one a text is null', async () => {
    const probe = made('<pay-probe word="one" count="7" is-on></pay-probe>');
    expect([probe.word, probe.count, probe.isOn]).to.deep.equal(['one', 7, true]);
    for (const name of probe.getAttributeNames()) probe.removeAttribute(name);
    expect([probe.word, probe.count, probe.isOn]).to.deep.equal([null, null, false]);
    expect(Probe.observedAttributes).to.deep.equal(['word', 'count', 'is-on', 'kind']);
  });

  it('all changes of a task are one update, and the same value is none', async () => {
    const probe = made('<pay-probe></pay-probe>');
    await probe.updateComplete;
    probe.word = 'a';
    probe.count = 2;
    probe.word = 'b';
    expect(await probe.updateComplete).to.equal(true);
    probe.word = 'b';
    probe.count = 2;
    await probe.updateComplete;
    expect(probe.drawn).to.deep.equal(['default 1 false plain', 'b 2 false plain']);
  });

  it('is drawn when it is on the page, and not before', async () => {
    const probe = document.createElement('pay-probe') as Probe;
    probe.word = 'made';
    await new Promise((go) => setTimeout(go));
    expect(probe.drawn).to.deep.equal([]);
    document.body.append(probe);
    await probe.updateComplete;
    expect(probe.drawn).to.deep.equal(['made 1 false plain']);
  });

  it('a reflected property is an attribute, and one without a value is none', async () => {
    const probe = made('<pay-probe></pay-probe>');
    await probe.updateComplete;
    expect(probe.getAttribute('kind')).to.equal('plain');
    probe.kind = undefined;
    await probe.updateComplete;
    expect([probe.hasAttribute('kind'), probe.kind]).to.deep.equal([false, undefined]);
  });

  it('an update that failed is told, and does not stand in the way of the next', async () => {
    const probe = made('<pay-probe></pay-probe>');
    await probe.updateComplete;
    probe.breaks = true;
    probe.word = 'lost';
    const failure = await probe.updateComplete.catch((error: Error) => error.message);
    expect(failure).to.equal('broken');
    probe.breaks = false;
    probe.word = 'found';
    await probe.updateComplete;
    expect(paragraph(probe).textContent).to.equal('found');
  });

  it('listeners of a template are called as methods of the element', async () => {
    const probe = made('<pay-probe></pay-probe>');
    await probe.updateComplete;
    paragraph(probe).click();
    await probe.updateComplete;
    expect(paragraph(probe).textContent).to.equal('pressed');
  });

  it('styles that come later join those of the class, once', async () => {
    const probe = made('<pay-probe></pay-probe>');
    await probe.updateComplete;
    for (const _twice of [1, 2]) probe.later('p { inline-size: 123px; }');
    const { color, width } = getComputedStyle(paragraph(probe));
    expect([color, width]).to.deep.equal(['rgb(1, 2, 3)', '123px']);
    expect(probe.renderRoot.adoptedStyleSheets).to.have.length(2);
  });

  it('in another document, which takes no sheets of this one, it stands without a look; back in its own it has it again', async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const probe = document.createElement('pay-probe') as Probe;
    frame.contentDocument?.body.append(probe);
    await probe.updateComplete;
    expect(probe.drawn).to.have.length(1);
    probe.later('p { margin: 7px; }');
    document.body.append(probe);
    const { color, marginTop } = getComputedStyle(paragraph(probe));
    expect([color, marginTop]).to.deep.equal(['rgb(1, 2, 3)', '7px']);
  });
});
