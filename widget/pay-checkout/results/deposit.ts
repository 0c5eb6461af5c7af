import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { AccountView } from '../../../contract/index.js';
import { css } from '../../element.js';
import { type AccountTexts, accountTexts } from '../../i18n/account-texts.js';

export { bankNames } from '../../i18n/banks.js';
export { accountTexts };

export const depositStyles = css`
  .copy { margin-inline-start: 8px; min-block-size: 24px; color: var(--_link); font-weight: 600; }
  [role='timer'] { text-align: center; font-weight: 600; font-variant-numeric: tabular-nums; }
`;

/** The number of an account, to be copied. */
export const numberView = ({ number }: AccountView, words: AccountTexts): TemplateResult => html`
  <span class="number">${number}</span>
  <button class="copy" type="button" @click=${(event: Event) => copy(event, number, words)}>${words.copy}</button>
`;

/** The time that is left for a deposit, to be drawn anew each second. Read out only when asked for: `role=timer` is quiet by itself. */
export function countdown({ dueAt }: AccountView, words: AccountTexts) {
  if (!dueAt) return nothing;
  const left = Math.max(0, Math.floor((Date.parse(dueAt) - Date.now()) / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(left / 3_600) % 24, Math.floor(left / 60) % 60, left % 60].map(two).join(':');
  return html`<p role="timer" part="countdown">${left > 0 ? words.left(Math.floor(left / 86_400), clock) : words.timeOver}</p>`;
}

async function copy(event: Event, text: string, words: AccountTexts): Promise<void> {
  const button = event.currentTarget as HTMLElement;
  // The clipboard is absent on http, as a phone in the LAN sees it; then the number is at least selected.
  const copied = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  const number = button.previousElementSibling;
  if (!copied && number) getSelection()?.selectAllChildren(number);
  if (!copied && !document.execCommand('copy')) return;
  button.textContent = words.copied;
  setTimeout(() => {
    button.textContent = words.copy;
  }, 2_000);
}
