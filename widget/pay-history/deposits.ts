import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { MyPaymentRow } from '../../contract/index.js';
import { css } from '../element.js';
import { money, tags } from '../i18n/format.js';
import { accountTexts, bankNames, countdown, depositStyles, numberView } from '../pay-checkout/results/deposit.js';
import type { RowView } from './row-view.js';

const styles = css`
  ${depositStyles}
  .deposit { display: grid; gap: 12px; margin-block-start: 12px; }
  dl { display: grid; gap: 10px; padding: 16px; background: var(--_surface); border-radius: var(--_radius); font-size: 0.9375rem; }
  dl > div { display: flex; justify-content: space-between; gap: 16px; }
  dt { color: var(--_muted); flex: none; }
  dd { text-align: end; font-variant-numeric: tabular-nums; min-inline-size: 0; }
`;

/** An account that still waits for its deposit: where to, how long, and what happens afterwards. A chunk of its own. */
export function depositView({ redraw, adopt, locale }: RowView, { amount, currency, account }: MyPaymentRow) {
  if (!account) return nothing;
  adopt(styles);
  const words = accountTexts[locale];
  const { bank, holder, dueAt } = account;
  if (dueAt) tick(redraw);
  const row = (name: string, value: string | TemplateResult | undefined) =>
    value ? html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>` : nothing;
  return html`
    <div class="deposit" part="deposit">
      ${countdown(account, words)}
      <dl part="rows">
        ${row(words.rows.bank, bankNames[locale][bank] ?? bank)}
        ${row(words.rows.account, html`<strong>${numberView(account, words)}</strong>`)}
        ${row(words.rows.holder, holder)}
        ${row(words.rows.amount, html`<strong>${money(amount, currency, locale)}</strong>`)}
        ${row(words.rows.dueAt, dueAt && new Date(dueAt).toLocaleString(tags[locale], { dateStyle: 'long', timeStyle: 'short' }))}
      </dl>
      <p class="note">${words.afterwards}</p>
    </div>
  `;
}

const ticking = new WeakSet<() => void>();

/** Drawn once more in a second, which ends by itself when there is nothing to draw. */
function tick(redraw: () => void): void {
  if (ticking.has(redraw)) return;
  ticking.add(redraw);
  setTimeout(() => {
    ticking.delete(redraw);
    redraw();
  }, 1_000);
}
