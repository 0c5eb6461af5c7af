import { html, nothing, type TemplateResult } from 'lit/html.js';
import { money } from '../../i18n/format.js';
import { noticeView } from '../form-view.js';
import type { View } from '../view.js';
import { accountTexts, bankNames, countdown, numberView } from './deposit.js';
import { head, rows, time } from './parts.js';

export { depositStyles as resultStyles } from './deposit.js';

/** An account that waits for a deposit: not paid, and it says so. Drawn anew each second, for the countdown. */
export function resultView(view: View): TemplateResult {
  const { now, locale, checkout } = view;
  const words = accountTexts[locale];
  const { session } = now;
  if (!session) return html``;
  const { amount, currency, account } = session;
  return html`
    ${head('wait', words.pending, words.pendingNote)}
    ${account ? countdown(account, words) : nothing}
    ${rows([
      [words.rows.bank, account && (bankNames[locale][account.bank] ?? account.bank)],
      [words.rows.account, account && numberView(account, words), true],
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
