/**
 * A dialog that leaves the top layer while a provider's window is open: under `showModal()` nothing else in the page can be hit or
 * focused, whatever its z-index. It stays where it is meanwhile, behind.
 */
export class Modal {
  readonly #find: () => HTMLDialogElement | null;
  /** Where the focus goes when it closes. */
  #opener: HTMLElement | undefined;
  /** Where it was inside when the window opened. */
  #inside: HTMLElement | undefined;
  #isOpen = false;

  constructor(find: () => HTMLDialogElement | null) {
    this.#find = find;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    const dialog = this.#find();
    if (!dialog || this.#isOpen) return;
    this.#isOpen = true;
    this.#opener = deepFocus(document);
    if (!dialog.open) dialog.showModal();
    lockScroll(1);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#find()?.close();
    lockScroll(-1);
    this.#opener?.focus?.();
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
    if (!this.#isOpen || !dialog || dialog.matches(':modal')) return;
    if (dialog.open) dialog.close();
    dialog.showModal();
    this.#inside?.focus?.();
  }
}

function deepFocus(root: DocumentOrShadowRoot): HTMLElement | undefined {
  const active = root.activeElement;
  const inner = active?.shadowRoot && deepFocus(active.shadowRoot);
  return inner ?? (active instanceof HTMLElement ? active : undefined);
}

let locks = 0;
let overflow = '';
/** The page behind doesn't scroll while any of our dialogs is open. */
function lockScroll(by: 1 | -1): void {
  const { style } = document.documentElement;
  if (locks === 0) overflow = style.overflow;
  locks += by;
  style.overflow = locks > 0 ? 'hidden' : overflow;
}
