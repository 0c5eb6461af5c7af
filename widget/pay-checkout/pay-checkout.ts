import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Buyer, Locale, Method } from '../../contract/index.js';
import { methods } from '../../contract/index.js';
import type { BuyerField } from '../checkout/buyer-fields.js';
import type { FieldProblem } from '../checkout/buyer-problems.js';
import { Checkout } from '../checkout/checkout.js';
import { browserEnvironment } from '../checkout/environment.js';
import { busy, type State } from '../checkout/machine.js';
import type { Plan } from '../checkout/plan.js';
import { present } from '../checkout/present.js';
import type { Snapshot } from '../checkout/snapshot.js';
import { attributesOf, type Changes, PayElement, type PropertyOptions } from '../element.js';
import { money } from '../i18n/format.js';
import { loadTexts, type Texts, textsOf } from '../i18n/texts.js';
import type { MountPlaces } from '../providers/launcher.js';
import {
  fieldsOf,
  localeOf,
  methodsOf,
  oneOf,
  type Presentation,
  presentations,
  type Theme,
  themes,
} from './attributes.js';
import { formView } from './form-view.js';
import type { Modal } from './modal.js';
import type { ProviderPlace } from './provider-place.js';
import { scriptServer } from './script-server.js';
import { styles } from './styles.js';
import { tell } from './tell.js';
import type { Underway } from './underway.js';
import type { Actions, View } from './view.js';
import { skeletonView, unavailableView } from './waiting-views.js';

/** How it ended. */
const results: readonly State[] = ['success', 'pending', 'failed', 'canceled'];

const text = { type: String };

/**
 * A checkout in one tag: shows what is bought, opens the provider's window (Toss Payments, PortOne V2 or V1) in the shopper's click, and
 * shows the receipt. The server decides the price and asks the provider what happened; the events only say what it found out.
 *
 * @tag pay-checkout
 * @tagname pay-checkout
 * @summary A checkout for PortOne and Toss Payments.
 *
 * @attr {string} server - URL of the pay-checkout server. Default: where the script came from.
 * @attr {string} merchant - The merchant's publishable key, `pk_…`.
 * @attr {string} product - The catalogue item that is sold.
 * @attr {number} quantity - How many. Default: 1.
 * @attr {boolean} quantity-editable - The shopper may change the quantity.
 * @attr {string} session - A session that the merchant's backend made, instead of `merchant` and `product`.
 * @attr {string} client-secret - That session's client secret.
 * @attr {string} method - The payment method that is chosen at first. Default: the first one that is offered.
 * @attr {string} methods - Only these methods, in this order, between spaces. Default: all that the merchant offers.
 * @attr {inline | modal | button} presentation - In the page, in a dialog opened by `open()`, or in a dialog behind a pay button. Default: `inline`.
 * @attr {ko | en} locale - Default: the page's language, then the browser's.
 * @attr {auto | light | dark} theme - Default: `auto`, as the shopper's system is set.
 * @attr {string} success-url - Where a paid shopper goes, with `pc_session` in the query. Default: the receipt is shown here.
 * @attr {string} fail-url - Where a declined shopper goes. Default: the reason is shown here, with another try.
 * @attr {string} cancel-url - Where a shopper goes who closed the window. Default: it is said here, with another try.
 * @attr {string} customer-token - The signed-in shopper's JWT, signed by the merchant. A new one takes no result away: it counts from the next order on.
 * @attr {string} buyer-name - Known already: the shopper's name.
 * @attr {string} buyer-email - Known already: the shopper's e-mail address.
 * @attr {string} buyer-phone - Known already: the shopper's phone number.
 * @attr {string} collect - Fields that are asked for, between spaces: `name email phone postcode address`; `address` brings a line for flat and floor, which may stay empty. Default: none. With PayPal's own button (PortOne) they may stay empty: it does not wait for them.
 * @attr {boolean} address-search - Shows a button that asks the page for an address, by `pay-address`. With `postcode` or `address` in `collect`.
 * @attr {string} script-nonce - CSP nonce for the provider's script.
 * @attr {boolean} debug - Mistakes of the site are shown in the page, too.
 *
 * @fires {PayReadyEvent} pay-ready - What is sold is shown, and can be paid. No default action.
 * @fires {PaySuccessEvent} pay-success - Paid, as the server found out. Default action: goes to `success-url`, if set.
 * @fires {PayPendingEvent} pay-pending - An account waits for a deposit: not paid yet. No default action.
 * @fires {PayFailEvent} pay-fail - Declined, or over. Default action: goes to `fail-url`, if set.
 * @fires {PayCancelEvent} pay-cancel - The shopper closed the provider's window. Default action: goes to `cancel-url`, if set.
 * @fires {PayAddressEvent} pay-address - The shopper asks for a search of addresses (`address-search`). Default action: the focus goes to the field, to type in.
 * @fires {PayErrorEvent} pay-error - A mistake that only the site can mend, or something that could not be reached. Default action of a mistake: it is written to the console.
 *
 * @slot - Shown below the checkout: terms, a word about delivery.
 * @slot header - Shown above the checkout.
 * @slot trigger - What opens the dialog (`presentation="button"`), instead of our button.
 * @slot provider-methods - Used by the element itself: the provider's own methods.
 * @slot provider-agreement - Used by the element itself: the provider's own terms.
 *
 * @csspart card - The whole checkout.
 * @csspart header - Merchant, products and quantity.
 * @csspart merchant - The merchant's name.
 * @csspart product - One line of the order.
 * @csspart image - A product's picture.
 * @csspart price - A product's price.
 * @csspart quantity - The quantity with its buttons.
 * @csspart fields - The buyer's fields.
 * @csspart field - One field with its label.
 * @csspart input - One field's input.
 * @csspart find-address - The button for a search of addresses.
 * @csspart error - What is wrong with a field.
 * @csspart methods - The payment methods.
 * @csspart method - One payment method.
 * @csspart notice - What is said above the pay button.
 * @csspart total - The total with its label.
 * @csspart amount - The total.
 * @csspart button - The main button.
 * @csspart secondary-button - Other buttons and links.
 * @csspart status - What is shown while there is no form.
 * @csspart result - Receipt, account, decline.
 * @csspart result-title - Its heading.
 * @csspart rows - Its table.
 * @csspart countdown - The time left for a deposit.
 * @csspart refund - A refund that is under way, and the account that it asks for.
 * @csspart debug - A mistake of the site, with `debug`.
 * @csspart dialog - The dialog of the presentations `modal` and `button`.
 * @csspart close - The dialog's close button.
 * @csspart trigger - The button of the presentation `button`.
 *
 * @cssprop [--pay-accent=#1768e5] - Main button and selection.
 * @cssprop [--pay-accent-text=#fff] - Text on the accent.
 * @cssprop [--pay-background=#fff] - Behind everything.
 * @cssprop [--pay-surface=#f4f6f8] - Tiles and tables.
 * @cssprop [--pay-text=#191f28] - Text.
 * @cssprop [--pay-muted=#5b6573] - Secondary text.
 * @cssprop [--pay-border=#dde2e8] - Lines.
 * @cssprop [--pay-danger=#c9252d] - What went wrong.
 * @cssprop [--pay-radius=16px] - Corners.
 * @cssprop [--pay-font] - Font family.
 * @cssprop [--pay-max-width=30rem] - Width.
 * @cssprop [--pay-min-height] - Height that is reserved before anything is known (inline). Default: 35rem, on phones 39rem, which hold seven methods.
 */
export class PayCheckout extends PayElement {
  static override readonly styles = styles;

  static override readonly properties: Readonly<Record<string, PropertyOptions>> = {
    server: text,
    merchant: text,
    product: text,
    quantity: { type: Number },
    quantityEditable: { type: Boolean },
    session: text,
    clientSecret: text,
    method: text,
    methods: text,
    presentation: { type: String, reflect: true },
    locale: text,
    theme: { type: String, reflect: true },
    successUrl: text,
    failUrl: text,
    cancelUrl: text,
    customerToken: text,
    buyerName: text,
    buyerEmail: text,
    buyerPhone: text,
    buyer: { attribute: false },
    collect: text,
    addressSearch: { type: Boolean },
    scriptNonce: text,
    debug: { type: Boolean },
    _now: { attribute: false },
  };

  static readonly observedAttributes = attributesOf(PayCheckout.properties);

  declare server: string | undefined;
  declare merchant: string | undefined;
  declare product: string | undefined;
  declare quantity: number;
  declare quantityEditable: boolean;
  declare session: string | undefined;
  declare clientSecret: string | undefined;
  declare method: Method | undefined;
  declare methods: string | undefined;
  declare presentation: Presentation;
  declare locale: Locale | undefined;
  declare theme: Theme;
  declare successUrl: string | undefined;
  declare failUrl: string | undefined;
  declare cancelUrl: string | undefined;
  declare customerToken: string | undefined;
  declare buyerName: string | undefined;
  declare buyerEmail: string | undefined;
  declare buyerPhone: string | undefined;
  /** What is known of the shopper already, with the fields that have no attribute. */
  declare buyer: Buyer | undefined;
  declare collect: string | undefined;
  declare addressSearch: boolean;
  declare scriptNonce: string | undefined;
  declare debug: boolean;
  /** @internal */
  declare _now: Snapshot | undefined;

  #checkout: Checkout | undefined;
  #told: Snapshot | undefined;
  #problems: Partial<Record<BuyerField, FieldProblem>> = {};
  /** Comes together with what pays. */
  #underway: Underway | undefined;
  #inputs: typeof import('./inputs.js') | undefined;
  #mistake: typeof import('./mistake.js') | undefined;
  #inputsComing: Promise<void> | undefined;
  #mistakeComing: Promise<void> | undefined;
  /** The focus has to be brought to what is shown next. */
  #focusNext = false;
  /** A result that came while the shopper is elsewhere is read out. */
  #isNews = false;
  #news = '';
  #place: ProviderPlace | undefined;
  #modal: Modal | undefined;
  /** The dialog was asked for; it comes with its chunk. */
  #isWanted = false;
  /** The chunk did not come: what it would hold is shown in the page. */
  #isFlat = false;

  constructor() {
    super();
    this.quantity = 1;
    this.quantityEditable = false;
    this.presentation = 'inline';
    this.theme = 'auto';
    this.addressSearch = false;
    this.debug = false;
  }

  /** Where the checkout stands. */
  get state(): State {
    return this._now?.state ?? 'loading';
  }

  /** Opens the dialog (`presentation` `modal` and `button`). Counts as the shopper's intent: the payment is being prepared. */
  open(): void {
    if (this.#presentation === 'inline') return;
    this.#isWanted = true;
    void this.#dialog().then((modal) => {
      if (modal) return this.#isWanted && modal.open();
      this.#isFlat = this.#focusNext = this.#isWanted;
      return this.requestUpdate();
    });
    this.#checkout?.intent();
  }

  /** Closes the dialog. Not while money moves. */
  close(): void {
    if (busy(this.state)) return;
    this.#isWanted = false;
    this.#modal?.close();
  }

  /** Looks how it stands. What is over begins anew; a payment under way is asked about. */
  refresh(): void {
    this.#checkout?.refresh();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#checkout?.start();
    if (this.state !== 'paying') this.#modal?.comeBack();
  }

  disconnectedCallback(): void {
    // A move is a removal and an insertion in one task: nothing has to end for it.
    setTimeout(() => {
      if (this.isConnected) return;
      this.#place?.leave();
      this.#underway?.rest();
      this.#modal?.leave();
      this.#checkout?.stop();
    });
  }

  protected override update(changed: Changes): void {
    if (changed.has('presentation')) {
      // On its way before anybody presses.
      if (this.#presentation !== 'inline') void this.#dialog();
      else this.#modal?.close();
    }
    if ([...changed].some((name) => name !== '_now')) this.#sync();
    const isInside = this.matches(':focus-within');
    const bones = this.renderRoot.querySelector<HTMLElement>('.inline:has(.bone)');
    // What is shown instead of the skeleton takes its room, so that nothing below moves.
    if (bones) bones.style.minBlockSize = `${bones.offsetHeight}px`;
    super.update(changed);
    // What had the focus is gone: the shopper's place is what came instead.
    if (isInside && !this.matches(':focus-within')) this.#focusNext = true;
  }

  protected override updated(): void {
    const { state } = this;
    // Not before the result itself is there.
    if (results.includes(state) && !this.#underway?.has(state)) return;
    const place = state === 'form' ? 'input:checked, button[type=submit]' : 'h2';
    const next = this.renderRoot.querySelector<HTMLElement>(place);
    if (!next) return;
    if (this.#focusNext) next.focus();
    else if (this.#isNews) {
      this.#news = next.textContent ?? '';
      this.requestUpdate();
    }
    this.#focusNext = this.#isNews = false;
  }

  protected override render(): TemplateResult {
    const presentation = this.#presentation;
    if (presentation === 'inline') return this.#inPage();
    // Nothing of it is seen before it is opened, which waits for its chunk.
    return html`${presentation === 'button' ? this.#trigger() : nothing}${this.#modal?.view(this.#inPage(), this.#texts)}`;
  }

  #inPage(): TemplateResult {
    return html`<slot name="header"></slot>${this.#card()}<slot></slot>`;
  }

  #trigger(): TemplateResult {
    const { amount, currency } = this._now ?? {};
    const price = amount !== undefined && currency ? money(amount, currency, this.#locale) : '';
    return html`
      <slot name="trigger" @click=${this.open}>
        <button class="main" part="trigger" type="button" aria-haspopup="dialog">${price ? this.#texts.pay(price) : this.#texts.label}</button>
      </slot>
    `;
  }

  #card(): TemplateResult {
    return html`
      <section class="card ${this.#presentation}" part="card" aria-label=${this.#texts.label} aria-busy=${busy(this.state) || this.state === 'loading'}
        @focusin=${this.#intent} @pointerdown=${this.#intent}>
        ${this.#presentation === 'inline' ? nothing : this.#modal?.bar(this.#locale)}
        <p class="hidden" role="status">${this.#spoken()}</p>
        ${this.#view()}
      </section>
    `;
  }

  /** What is going on, for those who don't see it. */
  #spoken(): string {
    const { state } = this;
    if (state === 'opening') return this.#texts.opening;
    if (state === 'paying' || state === 'verifying') return this.#underway?.textsOf(this.#texts)[state] ?? '';
    return this.#news;
  }

  #view(): TemplateResult | undefined {
    const view = this.#viewOf();
    if (
      !view ||
      (view.now.state === 'loading' && !view.now.notice) ||
      (view.now.state === 'form' && this.#inputsComing) ||
      (view.now.state === 'error' && this.#mistakeComing)
    ) {
      const fields = fieldsOf(this.collect).length;
      return skeletonView(this.#texts, fields, this.quantityEditable, methodsOf(this.methods).length || 7);
    }
    switch (view.now.state) {
      case 'loading':
        return unavailableView(view);
      case 'error':
        return (this.#mistake?.mistakeView ?? unavailableView)(view);
      case 'form':
      case 'opening':
      case 'paying':
      case 'verifying':
        if (this.#lacksInputs && view.now.state === 'form') return unavailableView(view);
        return view.now.lines.length > 0 && !(view.now.resumed && view.now.state === 'verifying')
          ? formView(view)
          : this.#underway?.verifying(view);
      default:
        return this.#underway?.result(view) ?? unavailableView(view);
    }
  }

  #viewOf(): View | undefined {
    const now = this._now;
    const checkout = this.#checkout;
    if (!now || !checkout) return undefined;
    return {
      now,
      checkout,
      texts: this.#texts,
      locale: this.#locale,
      quantityEditable: this.quantityEditable,
      collect: fieldsOf(this.collect),
      addressSearch: this.addressSearch,
      modal: this.#modal,
      inputs: this.#inputs,
      underway: this.#underway,
      problems: this.#problems,
      debug: this.debug,
      actions: this.#actions,
    };
  }

  readonly #intent = (): void => this.#checkout?.intent();

  readonly #actions: Actions = {
    type: (field, value) => {
      const { [field]: _mended, ...others } = this.#problems;
      this.#problems = others;
      this.#checkout?.setBuyer({ [field]: value });
    },
    pay: (event) => this.#pay(event),
  };

  /** Nothing is awaited here: the provider's window has to be asked for inside of the click. */
  #pay(event: Event): void {
    event.preventDefault();
    const now = this._now;
    if (!now) return;
    this.#problems = this.#inputs?.buyerProblems(fieldsOf(this.collect), now.buyer) ?? {};
    const [first] = Object.keys(this.#problems);
    if (!first) {
      // The fields take no focus while the window is open.
      this.renderRoot.querySelector<HTMLElement>('button[type=submit]')?.focus();
      this.#checkout?.submit();
      return;
    }
    this.requestUpdate();
    this.renderRoot.querySelector<HTMLElement>(`#${first}`)?.focus();
  }

  // Keeping up

  #sync(): void {
    const plan = this.#plan();
    oneOf('theme', this.theme, themes);
    this.#wantInputs();
    if (textsOf(plan.locale) === undefined) void loadTexts(plan.locale).then(() => this.requestUpdate());
    if (this.#checkout) this.#checkout.update(plan);
    else {
      this.#checkout = new Checkout(plan, {
        env: browserEnvironment(window),
        loadLauncher: async (provider) => (await this.#loadUnderway()).launcherOf(provider),
        places: () => this.#places(),
        alongside: () => this.#loadUnderway(),
      });
      this.#checkout.subscribe((now) => this.#onSnapshot(now));
      this.#checkout.start();
    }
    // The page may have heard of a mistake, and mended it: this update takes that along.
    if (JSON.stringify(this.#plan()) !== JSON.stringify(plan)) this.#sync();
  }

  #plan(): Plan {
    const { merchant, product, session, clientSecret, customerToken } = this;
    const wanted = methodsOf(this.methods);
    return present<Plan>({
      server: this.server || scriptServer() || '/',
      merchant,
      product,
      session,
      clientSecret,
      quantity: Number.isFinite(this.quantity) ? this.quantity : 1,
      method: oneOf('method', this.method, methods),
      methods: wanted.length > 0 ? wanted : undefined,
      locale: this.#locale,
      customerToken,
      buyer: present<Buyer>({ name: this.buyerName, email: this.buyerEmail, phone: this.buyerPhone, ...this.buyer }),
      collect: fieldsOf(this.collect),
      nonce: this.scriptNonce,
    });
  }

  /** In the same task as the change, which may be the click: what can't wait for a render. */
  #onSnapshot(now: Snapshot): void {
    const before = this.#told;
    this.#told = now;
    this._now = now;
    const isMoved = before !== undefined && before.state !== now.state;
    if (now.state === 'paying' && now.controls !== 'ui') this.#modal?.stepBack();
    else this.#modal?.comeBack();
    if (isMoved) {
      this.#news = '';
      this.#isNews = results.includes(now.state) && before.state !== 'loading';
      // The provider's window had the focus.
      if (this.#isNews && document.activeElement === document.body) this.#focusNext = true;
    }
    this.#wantInputs();
    if (now.state === 'error' && !this.#mistake) this.#mistakeComing ??= this.#loadMistake();
    tell(this, now, before);
    this.#underway?.hear(now, before);
  }

  /** Rejects where it can't be had. */
  async #loadUnderway(): Promise<Underway> {
    const { Underway } = await import('./underway.js');
    if (!this.#underway) {
      this.#underway = new Underway(this, () => this.#checkout?.forget());
      if (this.#told) this.#underway.hear(this.#told, this.#told);
    }
    return this.#underway;
  }

  get #lacksInputs(): boolean {
    return !this.#inputs && (this.quantityEditable || fieldsOf(this.collect).length > 0);
  }

  /** On its way together with the order; one that did not come is asked for again as the results are. */
  #wantInputs(): void {
    if (this.#lacksInputs) this.#inputsComing ??= this.#loadInputs();
  }

  async #loadInputs(): Promise<void> {
    this.#inputs = await import('./inputs.js').catch(() => undefined);
    this.#inputsComing = undefined;
    this.drawWith(this.#inputs?.inputStyles);
  }

  async #loadMistake(): Promise<void> {
    this.#mistake = await import('./mistake.js').catch(() => undefined);
    this.#mistakeComing = undefined;
    this.drawWith(this.#mistake?.mistakeStyles);
  }

  /**
   * What came late brought styles of its own.
   * @internal
   */
  drawWith(styles: string | undefined): void {
    if (styles) this.adoptStyles(styles);
    this.requestUpdate();
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await super.getUpdateComplete();
    await Promise.all([this.#inputsComing, this.#mistakeComing]);
    return super.getUpdateComplete();
  }

  /** Only for providers that draw something themselves. */
  async #places(): Promise<MountPlaces> {
    const { ProviderPlace } = await import('./provider-place.js');
    this.#place ??= new ProviderPlace(this, () => busy(this.state));
    return this.#place.places();
  }

  /** There, and drawn. */
  async #dialog(): Promise<Modal | undefined> {
    const module = await import('./modal.js').catch(() => undefined);
    if (!module) return undefined;
    if (!this.#modal) {
      this.#modal = new module.Modal(this);
      this.drawWith(module.dialogStyles);
    }
    await this.updateComplete;
    return this.#modal;
  }

  get #presentation(): Presentation {
    const asked = oneOf('presentation', this.presentation, presentations);
    return (!this.#isFlat && asked) || 'inline';
  }

  get #locale(): Locale {
    return localeOf(this.locale, this);
  }

  get #texts(): Texts {
    return textsOf(this.#locale) ?? (textsOf('ko') as Texts);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pay-checkout': PayCheckout;
  }
}
