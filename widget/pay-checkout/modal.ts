import { html, type TemplateResult } from 'lit/html.js';
import type { Locale } from '../../contract/index.js';
import { busy, type State } from '../checkout/machine.js';
import { arrivals } from '../checkout/resume.js';
import type { Snapshot } from '../checkout/snapshot.js';
import { css } from '../element.js';
import { closeTexts } from '../i18n/close-texts.js';
import type { Texts } from '../i18n/texts.js';

export const dialogStyles = css`
  dialog {
    inline-size: min(30rem, 100%);
    max-inline-size: 100%;
    max-block-size: 100%;
    margin: auto;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    overscroll-behavior: contain;
  }
  dialog[open]:not(:modal) { position: fixed; inset: 0; z-index: 1; }
  dialog::backdrop { background: rgb(8 14 24 / 55%); }
  dialog .card { padding-block-start: 12px; border: 0; }
  .bar { display: flex; justify-content: flex-end; }
  .close { inline-size: 44px; block-size: 44px; margin-inline-end: -10px; font-size: 1.5rem; line-height: 1; color: var(--_muted); border-radius: 12px; }
  @media (max-width: 30rem) {
    dialog { margin-block-end: 0; }
    dialog .card { border-end-start-radius: 0; border-end-end-radius: 0; padding-block-end: max(24px, env(safe-area-inset-bottom)); }
  }
`;

/** The element whose dialog it is. */
interface Host {
  readonly state: State;
  readonly _now: Snapshot | undefined;
  readonly renderRoot: ParentNode;
  open(): void;
  close(): void;
}

/**
 * A dialog that leaves the top layer while a provider's window is open: under `showModal()` nothing else in the page can be hit or
 * focused, whatever its z-index. It stays where it is meanwhile, behind.
 */
export class Modal {
  readonly #host: Host;
  /** Where the focus goes when it closes. */
  #opener: HTMLElement | undefined;
  /** Where it was inside when the window opened. */
  #inside: HTMLElement | undefined;
  #isOpen = false;
  #isLocking = false;
  /** The page shows something of its own over it. On the way there the focus moves, which is no return. */
  #lent: 'no' | 'leaving' | 'yes' = 'no';

  constructor(host: Host) {
    this.#host = host;
  }

  view(content: TemplateResult, texts: Texts): TemplateResult {
    if (this.#isReturn()) queueMicrotask(() => this.#host.open());
    return html`
      <dialog part="dialog" aria-label=${texts.label} @cancel=${this.#onEscape} @close=${this.#onClose} @click=${this.#onBackdrop}
        @focusin=${this.regain} @pointerdown=${this.regain}>
        ${content}
      </dialog>
    `;
  }

  /**
   * True once, where a redirect brought the shopper back to this load of the page: what became of the payment would be in a closed dialog.
   * A session that is only remembered, as after a reload, opens nothing.
   */
  #isReturn(): boolean {
    const { resumed, session } = this.#host._now ?? {};
    // Until the server has answered nobody knows the session; what is resumed in such a load is what came back.
    if (!resumed || (session ? !arrivals.has(session.id) : arrivals.size === 0)) return false;
    arrivals.clear();
    return true;
  }

  /** With the close button. */
  bar(locale: Locale): TemplateResult {
    return html`
      <div class="bar">
        <button class="close" part="close" type="button" aria-label=${closeTexts[locale]} ?disabled=${busy(this.#host.state)} @click=${this.#host.close}>×</button>
      </div>
    `;
  }

  readonly #onEscape = (event: Event): void => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    this.#host.close();
  };

  /** Some browsers close a dialog at the second Escape whatever the page says. */
  readonly #onClose = (): void => {
    const dialog = this.#find();
    if (!this.#isOpen || !dialog || dialog.open) return;
    if (busy(this.#host.state)) dialog.showModal();
    else this.close();
  };

  readonly #onBackdrop = (event: Event): void => {
    if (event.target === event.currentTarget && this.#host.state !== 'form') this.#host.close();
  };

  #find(): HTMLDialogElement | null {
    return this.#host.renderRoot.querySelector('dialog');
  }

  open(): void {
    const dialog = this.#find();
    if (!dialog?.isConnected || this.#isOpen) return;
    this.#isOpen = true;
    this.#opener = deepFocus(document);
    if (!dialog.open) dialog.showModal();
    this.#lock(true);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#lent = 'no';
    this.#find()?.close();
    this.#lock(false);
    this.#opener?.focus?.();
  }

  /** The element was taken off the page, its dialog with it; it comes back as it was. */
  leave(): void {
    this.#lock(false);
  }

  /** In the click, before the provider is called. */
  stepBack(): void {
    const dialog = this.#find();
    if (!this.#isOpen || !dialog?.matches(':modal')) return;
    this.#inside = deepFocus(document);
    dialog.close();
    dialog.show();
  }

  comeBack(): void {
    const dialog = this.#find();
    if (!this.#isOpen || this.#lent !== 'no' || !dialog?.isConnected || dialog.matches(':modal')) return;
    this.#lock(true);
    if (dialog.open) dialog.close();
    dialog.showModal();
    this.#inside?.focus?.();
  }

  /** The page shows something of its own, until `regain`. The focus stays where it is. */
  lend(): void {
    if (!this.#isOpen) return;
    this.#lent = 'leaving';
    this.stepBack();
    this.#inside?.focus();
    this.#lent = 'yes';
  }

  /** The page is done with it; or the shopper is back in here, which says so as well. */
  readonly regain = (): void => {
    if (this.#lent !== 'yes') return;
    this.#lent = 'no';
    this.comeBack();
  };

  /** The page behind doesn't scroll meanwhile. */
  #lock(wanted: boolean): void {
    if (this.#isLocking === wanted) return;
    this.#isLocking = wanted;
    lockScroll(wanted ? 1 : -1);
  }
}

function deepFocus(root: DocumentOrShadowRoot): HTMLElement | undefined {
  const active = root.activeElement;
  const inner = active?.shadowRoot && deepFocus(active.shadowRoot);
  return inner ?? (active instanceof HTMLElement ? active : undefined);
}

let locks = 0;
let overflow = '';
/** Counted, since a page can have several of our dialogs. */
function lockScroll(by: 1 | -1): void {
  const { style } = document.documentElement;
  if (locks === 0) overflow = style.overflow;
  locks += by;
  style.overflow = locks > 0 ? 'hidden' : overflow;
}
