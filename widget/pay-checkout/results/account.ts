import { html, nothing, type TemplateResult } from 'lit/html.js';
import { css } from '../../element.js';
import { type AccountTexts, accountTexts } from '../../i18n/account-texts.js';
import { bankNames } from '../../i18n/banks.js';
import { money } from '../../i18n/format.js';
import { noticeView } from '../form-view.js';
import type { View } from '../view.js';
import { head, rows, time } from './parts.js';

export const resultStyles = css`
  .copy { margin-inline-start: 8px; min-block-size: 24px; color: var(--_link); font-weight: 600; }
  [role='timer'] { text-align: center; font-weight: 600; font-variant-numeric: tabular-nums; }
`;

/** An account that waits for a deposit: not paid, and it says so. Drawn anew each second, for the countdown. */
export function resultView(view: View): TemplateResult {
  const { now, locale, checkout } = view;
  const words = accountTexts[locale];
  const { session } = now;
  if (!session) return html``;
  const { amount, currency, account } = session;
  const number =
    account &&
    html`<span class="number">${account.number}</span>
    <button class="copy" type="button" @click=${(event: Event) => copy(event, account.number, words)}>${words.copy}</button>`;
  return html`
    ${head('wait', words.pending, words.pendingNote)}
    ${account?.dueAt ? countdown(account.dueAt, words) : nothing}
    ${rows([
      [words.rows.bank, account && (bankNames[locale][account.bank] ?? account.bank)],
      [words.rows.account, number, true],
      [words.rows.holder, account?.holder],
      [words.rows.amount, money(amount, currency, locale), true],
      [words.rows.dueAt, account?.dueAt && time(account.dueAt, locale)],
      [words.rows.order, session.orderName],
    ])}
    <div class="buttons">
      ${noticeView(view)}
      <button class="main" part="button" type="button" @click=${() => checkout.check()}>${words.checkDeposit}</button>
      <button class="secondary" part="secondary-button" type="button" @click=${() => checkout.again()}>${words.otherMethod}</button>
    </div>
  `;
}

/** Read out only when asked for: `role=timer` is quiet by itself. */
function countdown(dueAt: string, words: AccountTexts): TemplateResult {
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
