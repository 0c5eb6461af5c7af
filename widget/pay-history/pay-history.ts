import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Locale, MyPayments } from '../../contract/index.js';
import type { ApiFailure, Call } from '../checkout/api.js';
import { browserEnvironment } from '../checkout/environment.js';
import { attributesOf, type Changes, PayElement, type PropertyOptions } from '../element.js';
import { type HistoryPlan, type HistorySnapshot, readPage, standingOf } from '../history/page.js';
import { type HistoryTexts, historyTexts } from '../i18n/history-texts.js';
import { loadTexts, type Texts, textsOf } from '../i18n/texts.js';
import { localeOf, type Theme } from '../pay-checkout/attributes.js';
import { scriptServer } from '../pay-checkout/script-server.js';
import { type Extras, rowView } from './row-view.js';
import { styles } from './styles.js';
import type { Upkeep } from './upkeep.js';

/** `signed-out`: nobody gave a good token. `error`: nothing could be loaded yet. */
export type HistoryState = 'loading' | 'list' | 'empty' | 'signed-out' | 'error';

/**
 * The signed-in shopper's payments in one tag, newest first: how each stands, what went back, the receipt, and an account that still waits
 * for a deposit. It renews itself when a payment changes. Whose payments they are, a token says that the merchant's backend signed.
 *
 * @tag pay-history
 * @tagname pay-history
 * @summary A shopper's payments, kept up to date.
 *
 * @attr {string} server - URL of the pay-checkout server. Default: where the script came from.
 * @attr {string} merchant - The merchant's publishable key, `pk_…`: a token of another merchant's shopper is then refused. May be left out.
 * @attr {string} customer-token - The signed-in shopper's JWT, signed by the merchant. A new one of the same person keeps what is shown; another person's, or none, clears it at once. Sent in a header only; better set as a property, where other scripts do not see it.
 * @attr {number} limit - Payments that are shown at first, and that each "more" adds: 1 to 100. Default: 10.
 * @attr {ko | en} locale - Default: the page's language, then the browser's.
 * @attr {auto | light | dark} theme - Default: `auto`, as the shopper's system is set.
 *
 * @fires {PayTokenEvent} pay-token - The token is missing, has expired or is refused (`detail.reason`). `event.respondWith(token or promise)` gives a new one; or cancel the event, and set `customerToken` when it is there. Default action: it is said to the shopper, with a button that asks again. What was shown stays.
 * @fires {PayErrorEvent} pay-error - A mistake that only the site can mend, or a server that could not be reached. Default action of a mistake: it is written to the console.
 *
 * @slot - Shown below the list.
 * @slot header - Shown above the list.
 * @slot empty - Shown where there are no payments yet, instead of our words.
 *
 * @csspart card - The whole list.
 * @csspart payment - One payment.
 * @csspart order - The name of its order.
 * @csspart amount - Its amount.
 * @csspart standing - How it stands, in words.
 * @csspart method - How it was paid.
 * @csspart refund - A refund of it.
 * @csspart remaining - What was refunded, and what remains.
 * @csspart receipt - The link to its receipt.
 * @csspart deposit - The account that waits for a deposit.
 * @csspart rows - That account's table.
 * @csspart countdown - The time left for the deposit.
 * @csspart field - One field of a refund's account, with its label.
 * @csspart input - That field's input.
 * @csspart error - What is wrong with a refund's account.
 * @csspart notice - Why there is no list, or why it may be old.
 * @csspart button - The button that sends a refund's account.
 * @csspart secondary-button - More, and another try.
 *
 * @cssprop [--pay-accent=#1768e5] - Main button, links, what waits.
 * @cssprop [--pay-accent-text=#fff] - Text on the accent.
 * @cssprop [--pay-background=#fff] - Behind everything.
 * @cssprop [--pay-surface=#f4f6f8] - Tiles and tables.
 * @cssprop [--pay-text=#191f28] - Text.
 * @cssprop [--pay-muted=#5b6573] - Secondary text.
 * @cssprop [--pay-border=#dde2e8] - Lines.
 * @cssprop [--pay-danger=#c9252d] - What went wrong.
 * @cssprop [--pay-radius=16px] - Corners.
 * @cssprop [--pay-font] - Font family.
 * @cssprop [--pay-max-width=40rem] - Width.
 */
export class PayHistory extends PayElement {
  static override readonly styles = styles;

  static override readonly properties: Readonly<Record<string, PropertyOptions>> = {
    server: {},
    merchant: {},
    customerToken: {},
    limit: { type: Number },
    locale: {},
    theme: { reflect: true },
    _now: { attribute: false },
  };

  static readonly observedAttributes = attributesOf(PayHistory.properties);

  declare server: string | undefined;
  declare merchant: string | undefined;
  declare customerToken: string | undefined;
  declare limit: number;
  declare locale: Locale | undefined;
  declare theme: Theme;
  /** @internal */
  declare _now: HistorySnapshot;

  readonly #extras: Extras = {};
  #english: HistoryTexts | undefined;
  #plan: HistoryPlan | undefined;
  #upkeep: Upkeep | undefined;
  /** The row that has to get the focus, as soon as it is there: the first one that "more" brings, or the first of all. */
  #focusRow: number | undefined;
  #leave: (() => void) | undefined;

  constructor() {
    super();
    this.limit = 10;
    this.theme = 'auto';
    this._now = {};
  }

  /** What is shown. */
  get state(): HistoryState {
    const { rows, next, trouble } = this._now;
    if (rows) return rows.length || next ? 'list' : 'empty';
    return !trouble ? 'loading' : trouble === 'token' ? 'signed-out' : 'error';
  }

  /** Looks whether anything has changed. It does so by itself, too. */
  refresh(): void {
    void this.#kept().then((upkeep) => upkeep?.renew());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#leave) return;
    const env = browserEnvironment(window);
    const stop = new AbortController();
    const look = () => (env.isVisible() ? this.#plan && this.refresh() : this.#upkeep?.rest());
    // What a checkout in the same page tells of. Before any other listener, which could end it.
    for (const happening of ['success', 'pending', 'fail', 'cancel'])
      document.addEventListener(`pay-${happening}`, look, { capture: true, signal: stop.signal });
    const unwatch = env.watch(look);
    this.#leave = () => {
      stop.abort();
      unwatch();
      this.#upkeep?.rest();
      this.#leave = undefined;
    };
    look();
  }

  disconnectedCallback(): void {
    // A move is a removal and an insertion in one task: nothing has to end for it.
    setTimeout(() => this.isConnected || this.#leave?.());
  }

  protected override update(changed: Changes): void {
    if ([...changed].some((name) => name !== '_now')) this.#sync();
    const isInside = this.matches(':focus-within');
    super.update(changed);
    // What had the focus is gone: the shopper's place is what comes instead.
    if (isInside && !this.matches(':focus-within')) this.#focusRow ??= 0;
    const isFree = this.matches(':focus-within') || document.activeElement === document.body;
    const next = this.renderRoot.querySelectorAll('h3')[this.#focusRow ?? -1];
    if (!next || this._now.more) return;
    if (isFree) next.focus();
    this.#focusRow = undefined;
  }

  protected override render(): TemplateResult {
    const { label, loading } = this.#words;
    const isLoading = this.state === 'loading';
    return html`
      <slot name="header"></slot>
      <section class="card" part="card" aria-labelledby="label" aria-busy=${isLoading}>
        <h2 class="hidden" id="label">${label}</h2>
        <p class="hidden" role="status">${isLoading ? loading : this.#upkeep?.news}</p>
        <div role="alert">${this.#noticeView()}</div>
        ${this.#view()}
      </section>
      <slot></slot>
    `;
  }

  #view() {
    const { rows, next, more } = this._now;
    const words = this.#words;
    const bones = ['', 'short', 'short'].map((kind) => html`<div class="bone ${kind}"></div>`);
    const view = {
      words,
      texts: this.#texts,
      locale: this.#locale,
      extras: this.#extras,
      redraw: this.#redraw,
      adopt: (styles: string) => this.adoptStyles(styles),
      upkeep: () => this.#kept(),
    };
    switch (this.state) {
      case 'loading':
        return html`<div class="bones" aria-hidden="true">${bones}${bones}${bones}</div>`;
      case 'empty':
        return html`<slot name="empty"><h3 class="panel" tabindex="-1">${words.empty}</h3></slot>`;
      default:
        return html`
          <ul>${rows?.map((row) => rowView(view, row))}</ul>
          ${
            next
              ? html`<button class="secondary" part="secondary-button" type="button" aria-disabled=${more === 'loading'} @click=${this.#more}>
                  ${more === 'loading' ? html`<span class="spinner"></span>` : nothing}${words.more}
                </button>`
              : nothing
          }
        `;
    }
  }

  /** What keeps the list from being there, or from being new. */
  #noticeView() {
    const { rows, trouble, more } = this._now;
    if (!trouble && more !== 'failed') return nothing;
    const { obstacles, retry } = this.#texts;
    const { mistake, offline } = this.#words;
    const said = {
      token: this.#upkeep?.signIn,
      mistake,
      offline,
      server: obstacles.server,
    };
    return html`
      <div class=${rows ? 'notice' : 'panel'} part="notice">
        <p>${said[trouble ?? 'server']}</p>
        <button class=${rows ? 'link' : 'secondary'} part="secondary-button" type="button" @click=${trouble ? this.#retry : this.#more}>${retry}</button>
      </div>
    `;
  }

  readonly #redraw = (): void => {
    if (this.isConnected) this.requestUpdate();
  };

  readonly #retry = async (): Promise<void> => (await this.#kept())?.retry();

  readonly #more = async (): Promise<void> => {
    const { rows, more } = this._now;
    if (more === 'loading') return;
    this.#focusRow = rows?.length;
    this._now = { ...this._now, more: 'loading' };
    const upkeep = await this.#kept();
    if (upkeep) await upkeep.more();
    else this._now = { ...this._now, more: 'failed' };
  };

  // Keeping up

  #sync(): void {
    if (this.#locale === 'en' && !this.#english) void this.#bringEnglish();
    const { server, merchant, customerToken, limit } = this;
    const plan: HistoryPlan = {
      server: server || scriptServer() || '/',
      merchant: merchant || undefined,
      // Whatever a page's own script put there.
      token: typeof customerToken === 'string' ? customerToken : undefined,
      limit: Math.min(Math.max(Math.trunc(limit) || 10, 1), 100),
    };
    if (JSON.stringify(this.#plan) !== JSON.stringify(plan)) void this.#begin(plan);
  }

  /** Nothing of one person is shown to another, not for a moment: whether it is another, the chunk knows that comes after the first page. */
  async #begin(plan: HistoryPlan): Promise<void> {
    const [before, shown] = [this.#plan, this._now];
    this.#plan = plan;
    this._now = {};
    const { token, limit } = plan;
    if (!token || before) return (await this.#kept())?.replan(before, shown);
    try {
      const page = await this.#read({ limit: `${limit}` });
      if (plan !== this.#plan || this._now.rows) return;
      this.#show({ rows: page.data, next: page.next, seen: page.version });
      if (page.data.length > 0) (await this.#kept())?.follow();
    } catch (error) {
      const upkeep = await this.#kept();
      if (plan === this.#plan) upkeep?.fail(error as ApiFailure, token);
    }
  }

  #read(query: Record<string, string>, more?: Partial<Call>): Promise<MyPayments> {
    return readPage(browserEnvironment(window), this.#plan as HistoryPlan, query, more);
  }

  #show(now: HistorySnapshot): void {
    const before = this._now;
    this._now = now;
    this.#upkeep?.heed(before, now);
    if (now.rows?.some(({ account }) => account)) void this.#bring('deposits', () => import('./deposits.js'));
    if (now.rows?.some(({ refunds }) => refunds)) void this.#bring('refunds', () => import('./refund-rows.js'));
  }

  /** What comes after the first page; where it can't be had, there is no server to ask either. */
  async #kept(): Promise<Upkeep | undefined> {
    const module = this.#upkeep ? undefined : await import('./upkeep.js').catch(() => undefined);
    if (module)
      this.#upkeep ??= new module.Upkeep({
        element: this,
        env: browserEnvironment(window),
        isOn: () => this.#leave !== undefined,
        plan: () => this.#plan as HistoryPlan,
        read: (...asked) => this.#read(...asked),
        now: () => this._now,
        show: (now) => this.#show(now),
        standing: (row) => this.#words.standing[standingOf(row)],
        locale: () => this.#locale,
      });
    if (!this.#upkeep) this.#show({ ...this._now, trouble: 'server' });
    return this.#upkeep;
  }

  /** A chunk that can't be had now is asked for again with the next change. */
  async #bring<Name extends keyof Extras>(name: Name, load: () => Promise<Extras[Name]>): Promise<void> {
    if (this.#extras[name]) return;
    this.#extras[name] = await load().catch(() => undefined);
    this.requestUpdate();
  }

  async #bringEnglish(): Promise<void> {
    const [module] = await Promise.all([import('../i18n/history-texts-en.js').catch(() => undefined), loadTexts('en')]);
    this.#english = module?.historyTexts;
    this.requestUpdate();
  }

  get #locale(): Locale {
    return localeOf(this.locale, this);
  }

  get #words(): HistoryTexts {
    return (this.#locale === 'en' && this.#english) || historyTexts;
  }

  get #texts(): Texts {
    return textsOf(this.#locale) ?? (textsOf('ko') as Texts);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pay-history': PayHistory;
  }
}
