import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { State } from '../checkout/machine.js';
import type { Snapshot } from '../checkout/snapshot.js';
import { css } from '../element.js';
import type { Texts } from '../i18n/texts.js';
import { type UnderwayTexts, underwayTexts } from '../i18n/underway-texts.js';
import { launcherOf } from '../providers/load-launcher.js';
import { addressOf, type Destinations } from './destinations.js';
import * as receipt from './results/receipt.js';
import { tellOutcome } from './tell-outcome.js';
import type { View } from './view.js';

const styles = css`
  .link { color: var(--_link); text-decoration: underline; text-underline-offset: 3px; min-block-size: 24px; }
  .note { text-align: center; }
  .large { inline-size: 36px; block-size: 36px; color: var(--_link); }
`;

interface ResultModule {
  resultView(view: View): TemplateResult;
  resultStyles?: string;
}

/** How it ended, but for the receipt: chunks of their own. */
const resultModules: Readonly<Partial<Record<State, () => Promise<ResultModule>>>> = {
  pending: () => import('./results/account.js'),
  failed: () => import('./results/stopped.js'),
  canceled: () => import('./results/stopped.js'),
};

/** The element whose payment it is. */
interface Host extends Element {
  readonly successUrl: string | undefined;
  readonly failUrl: string | undefined;
  readonly cancelUrl: string | undefined;
  requestUpdate(): void;
  drawWith(styles: string | undefined): void;
}

/**
 * What an element needs from the first press on: what is said while the payment is under way, how it ended, and telling the page. A chunk of its
 * own, which comes together with what pays.
 */
export class Underway {
  readonly #host: Host;
  /** The shopper goes on elsewhere. */
  readonly #forget: () => void;
  /** `undefined`: it can't be had. */
  readonly #results = new Map<State, ResultModule | undefined>([['success', receipt]]);
  #refunds: typeof import('./results/refunds.js') | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  readonly launcherOf = launcherOf;

  constructor(host: Host, forget: () => void) {
    this.#host = host;
    this.#forget = forget;
    host.drawWith(styles + receipt.resultStyles);
  }

  /** In the same task as the change. `before`: what was heard last. */
  hear(now: Snapshot, before: Snapshot | undefined): void {
    void this.#loadResult(now.state);
    if (now.session?.refunds?.length && !this.#refunds) void this.#loadRefunds();
    this.#tick(now.state === 'pending');
    tellOutcome(this.#host, now, before, this.#destinations, this.#leave);
  }

  /** Until it is there the wheel turns. One that can't be had is asked for again with the next change, or by the shopper. */
  async #loadResult(state: State): Promise<void> {
    const load = resultModules[state];
    if (!load || this.#results.get(state)) return;
    const module = await load().catch(() => undefined);
    this.#results.set(state, module);
    this.#host.drawWith(module?.resultStyles);
  }

  async #loadRefunds(): Promise<void> {
    this.#refunds = await import('./results/refunds.js').catch(() => undefined);
    if (this.#refunds) this.#host.drawWith(this.#refunds.inputStyles + this.#refunds.refundStyles);
  }

  /** A countdown is drawn anew each second. */
  #tick(isWanted: boolean): void {
    if (isWanted && this.#host.isConnected) this.#ticking ??= setInterval(() => this.#host.requestUpdate(), 1_000);
    else this.rest();
  }

  /** Nobody looks any more. */
  rest(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  get #destinations(): Destinations {
    const { successUrl, failUrl, cancelUrl } = this.#host;
    return {
      success: addressOf('success-url', successUrl),
      fail: addressOf('fail-url', failUrl),
      cancel: addressOf('cancel-url', cancelUrl),
    };
  }

  readonly #leave = (url: string, session: string | undefined): void => {
    const address = new URL(url, document.baseURI);
    if (!/^https?:$/.test(address.protocol)) return;
    if (session) address.searchParams.set('pc_session', session);
    // The page that it leads to is this one: a receipt that is shown again would lead here again, for ever.
    if (address.href === location.href) return;
    this.#forget();
    location.assign(address.href);
  };

  // Shown

  textsOf({ underway }: Texts): UnderwayTexts {
    return underway ?? underwayTexts;
  }

  /** Can the result of this state be drawn, or only that it can't? */
  has(state: State): boolean {
    return this.#results.has(state);
  }

  /** How it ended. `undefined`: what draws it can't be had. */
  result(view: View): TemplateResult | undefined {
    const { state } = view.now;
    if (!this.has(state)) return this.verifying(view);
    const module = this.#results.get(state);
    return (
      module &&
      html`<div class="result" part="result">${module.resultView(view)}${this.#refunds?.refundsView(view)}</div>`
    );
  }

  /** A payment is asked about, and there is nothing else to show: after a redirect, a reload. */
  verifying({ now, texts }: View): TemplateResult {
    const words = this.textsOf(texts);
    return html`
      <div class="panel" part="status" role="status">
        <span class="spinner large"></span>
        <h2 tabindex="-1">${words.verifying}</h2>
        <p>${now.online ? (now.slow ? words.verifyingSlow : nothing) : words.offlineWait}</p>
      </div>
    `;
  }

  /** Below the pay button. */
  note({ now, texts, checkout }: View): TemplateResult | typeof nothing {
    const words = this.textsOf(texts);
    if (now.state === 'paying') {
      return html`<p class="note">${words.noWindow} <button class="link" type="button" @click=${() => checkout.check()}>${words.check}</button></p>`;
    }
    if (now.state !== 'verifying' || (now.online && !now.slow)) return nothing;
    return html`<p class="note" role="status">${now.online ? words.verifyingSlow : words.offlineWait}</p>`;
  }

  /** The way to the phone's own browser, where that may help. */
  outside({ now: { notice }, texts }: View): TemplateResult | typeof nothing {
    return notice?.kind === 'obstacle' && notice.outside
      ? html`<a class="secondary" part="secondary-button" href=${notice.outside}>${this.textsOf(texts).outside}</a>`
      : nothing;
  }
}
