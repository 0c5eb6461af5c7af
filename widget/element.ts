import { render, type TemplateResult } from 'lit/html.js';

/** A property that causes an update, and the attribute that sets it. */
export interface PropertyOptions {
  /** What the attribute's text is read as. */
  readonly type?: typeof String | typeof Number | typeof Boolean;
  /** `false`: it has no attribute. Else the attribute has the property's name, with hyphens. */
  readonly attribute?: false;
  /** The property (a text) is written to the attribute. */
  readonly reflect?: boolean;
}

/** The properties that changed since the last update. */
export type Changes = ReadonlySet<string>;

/** A style sheet's text. */
export const css = String.raw;

const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(text: string): CSSStyleSheet {
  let sheet = sheets.get(text);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    sheets.set(text, sheet);
  }
  return sheet;
}

const attributeOf = (property: string) => property.replace(/[A-Z]/g, '-$&').toLowerCase();
const propertyOf = (attribute: string) => attribute.replace(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());

/** What a class has to have as its `observedAttributes`. */
export const attributesOf = (properties: Readonly<Record<string, PropertyOptions>>): string[] =>
  Object.keys(properties)
    .filter((name) => properties[name]?.attribute !== false)
    .map(attributeOf);

/** A server has no elements; there, a class can be imported and asked for its attributes. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * An element in a shadow root, drawn by a Lit template: what our elements use of `LitElement`, under the same names. All that changes within a
 * task is one update. Properties are declared by `declare`; their defaults are set in the constructor, their attributes named once more in
 * `observedAttributes`.
 */
export abstract class PayElement extends Base {
  static readonly styles: string = '';
  static readonly properties: Readonly<Record<string, PropertyOptions>> = {};

  declare renderRoot: ShadowRoot;
  readonly #values: Record<string, unknown> = {};
  readonly #sheets = new Set<CSSStyleSheet>();
  #changes = new Set<string>();
  #isPending = false;
  #isReflecting = false;
  /** Set on the element before its class was there: they count more than attributes and defaults. */
  #early: Record<string, unknown> = {};
  /** Nothing is drawn before the element is on a page. */
  #appear: () => void = () => undefined;
  #done: Promise<unknown> = new Promise<void>((resolve) => {
    this.#appear = resolve;
  });

  constructor() {
    super();
    const { prototype, properties } = new.target;
    const fields = this as unknown as Record<string, unknown>;
    for (const name of Object.keys(properties)) {
      if (Object.hasOwn(fields, name)) {
        this.#early[name] = fields[name];
        delete fields[name];
      }
      if (Object.hasOwn(prototype, name)) continue;
      Object.defineProperty(prototype, name, {
        get(this: PayElement) {
          return this.#values[name];
        },
        set(this: PayElement, value: unknown) {
          if (Object.is(value, this.#values[name])) return;
          this.#values[name] = value;
          this.requestUpdate(name);
        },
      });
    }
    this.requestUpdate();
  }

  connectedCallback(): void {
    this.renderRoot ??= this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.adoptStyles((this.constructor as typeof PayElement).styles);
    const early = this.#early;
    this.#early = {};
    Object.assign(this, early);
    this.#appear();
  }

  /** Styles that came later, with what needs them, too. Another document takes none of this one's; whoever comes back from there has none. */
  adoptStyles(text: string): void {
    this.#sheets.add(sheetOf(text));
    const { renderRoot } = this;
    if (renderRoot.adoptedStyleSheets.length < this.#sheets.size && this.ownerDocument === document)
      renderRoot.adoptedStyleSheets = [...this.#sheets];
  }

  attributeChangedCallback(attribute: string, _before: string | null, text: string | null): void {
    if (this.#isReflecting) return;
    const name = propertyOf(attribute);
    const type = (this.constructor as typeof PayElement).properties[name]?.type;
    const value = type === Boolean ? text !== null : type === Number && text !== null ? Number(text) : text;
    Object.assign(this, { [name]: value });
  }

  /** Draws again soon. May be called as often as one likes. */
  requestUpdate(property?: string): void {
    if (property) this.#changes.add(property);
    if (this.#isPending) return;
    this.#isPending = true;
    const perform = () => this.#perform();
    // An update that failed doesn't stand in the way of the next.
    this.#done = this.#done.then(perform, perform);
  }

  #perform(): void {
    try {
      this.update(this.#changes);
    } catch (error) {
      this.#settle();
      throw error;
    }
    this.updated();
  }

  /** What changes from here on is another update. */
  #settle(): void {
    this.#changes = new Set();
    this.#isPending = false;
  }

  /** Draws. What is set before or by `render` belongs to this update. */
  protected update(changes: Changes): void {
    const view = this.render();
    this.#reflect(changes);
    this.#settle();
    render(view, this.renderRoot, { host: this });
  }

  protected abstract render(): TemplateResult;

  /** It is drawn. */
  protected updated(): void {}

  #reflect(changes: Changes): void {
    const { properties } = this.constructor as typeof PayElement;
    this.#isReflecting = true;
    for (const name of changes) {
      if (!properties[name]?.reflect) continue;
      const value = this.#values[name];
      if (value) this.setAttribute(attributeOf(name), String(value));
      else this.removeAttribute(attributeOf(name));
    }
    this.#isReflecting = false;
  }

  /** Resolves when what has changed so far is drawn; with `false` if more has changed meanwhile. */
  get updateComplete(): Promise<boolean> {
    return this.getUpdateComplete();
  }

  protected async getUpdateComplete(): Promise<boolean> {
    await this.#done;
    return !this.#isPending;
  }
}
