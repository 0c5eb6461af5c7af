import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Locale, MyPaymentRow } from '../../contract/index.js';
import { standingOf } from '../history/page.js';
import { money } from '../i18n/format.js';
import { type HistoryTexts, listedReceiptTexts } from '../i18n/history-texts.js';
import type { Texts } from '../i18n/texts.js';
import type { Upkeep } from './upkeep.js';

/** What some rows need, and most lists do not: chunks of their own. */
export interface Extras {
  deposits?: typeof import('./deposits.js') | undefined;
  refunds?: typeof import('./refund-rows.js') | undefined;
}

/** What a row is given: in which words, and what can be done. */
export interface RowView {
  words: HistoryTexts;
  texts: Texts;
  locale: Locale;
  extras: Extras;
  /** Draws again soon. */
  redraw(): void;
  /** Styles that came later. */
  adopt(styles: string): void;
  /** What comes after the first page. */
  upkeep(): Promise<Upkeep | undefined>;
}

/** One payment: what, how much, how it stands, when, how, what went back, and what is still to be done. */
export function rowView(view: RowView, row: MyPaymentRow): TemplateResult {
  const { words, texts, locale, extras } = view;
  const { id, orderName, amount, currency, method, receipt, account, refunds } = row;
  const { receipt: link, issuers, months } = texts.receipt ?? listedReceiptTexts;
  const { issuer, last4, installmentMonths = 0 } = receipt?.card ?? {};
  const standing = standingOf(row);
  const at = row.paidAt ?? row.createdAt;
  const how = [
    method && texts.methods[method],
    issuer && (issuers[issuer] ?? issuer),
    last4 && `•••• ${last4}`,
    installmentMonths > 1 && months(installmentMonths),
  ];
  return html`
    <li class=${standing} part="payment">
      <div>
        <h3 id=${id} part="order" tabindex="-1" dir="auto">${orderName}</h3>
        <strong part="amount">${money(amount, currency, locale)}</strong>
      </div>
      <p><b part="standing">${words.standing[standing]}</b><time datetime=${at}>${new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })}</time></p>
      <p part="method">${how.filter(Boolean).join(' · ')}</p>
      ${refunds && extras.refunds?.refundRows(view, row)}
      ${
        // Only an address that runs nothing, as on the checkout's receipt.
        /^https?:/.test(receipt?.url ?? '')
          ? html`<a class="link" part="receipt" href=${receipt?.url} target="_blank" rel="noopener noreferrer" aria-describedby=${id}>${link}</a>`
          : nothing
      }
      ${account && extras.deposits?.depositView(view, row)}
    </li>
  `;
}
