import { html, nothing, type TemplateResult } from 'lit/html.js';
import { money } from '../../i18n/format.js';
import { receiptTexts } from '../../i18n/receipt-texts.js';
import type { View } from '../view.js';
import { head, rows, time } from './parts.js';

export { resultStyles } from './parts.js';

/** Paid: what, how much, when, how. Can be printed. */
export function resultView({ now, texts, locale }: View): TemplateResult {
  const words = texts.receipt ?? receiptTexts;
  const { session } = now;
  if (!session) return html``;
  const { amount, currency, refundedAmount, receipt } = session;
  const title = refundedAmount >= amount ? words.refunded : refundedAmount > 0 ? words.partlyRefunded : words.paid;
  const { issuer, last4, installmentMonths = 0 } = receipt?.card ?? {};
  const card = [
    issuer && (words.issuers[issuer] ?? issuer),
    last4 && `•••• ${last4}`,
    installmentMonths > 1 && words.months(installmentMonths),
  ];
  const url = receipt?.url;
  return html`
    ${head('good', title, refundedAmount > 0 ? undefined : words.paidNote)}
    ${rows([
      [words.rows.order, session.orderName],
      [words.rows.amount, money(amount, currency, locale), true],
      [words.rows.refundedAmount, refundedAmount > 0 && money(refundedAmount, currency, locale)],
      [words.rows.method, receipt?.method && texts.methods[receipt.method]],
      [words.rows.card, card.filter(Boolean).join(' ')],
      [words.rows.paidAt, receipt && time(receipt.paidAt, locale)],
      [words.rows.payment, session.payment],
    ])}
    <div class="buttons"><div class="pair">
      ${
        url && /^https?:/.test(url)
          ? html`<a class="secondary" part="secondary-button" href=${url} target="_blank" rel="noopener noreferrer">${words.receipt}</a>`
          : nothing
      }
      <button class="secondary" part="secondary-button" type="button" @click=${() => window.print()}>${words.print}</button>
    </div></div>
  `;
}
