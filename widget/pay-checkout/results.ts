import { css, html, nothing, type TemplateResult } from 'lit';
import type { Locale, SessionView } from '../../contract/index.js';
import { money, time } from '../i18n/format.js';
import { type ResultTexts, resultTexts } from '../i18n/result-texts.js';
import { noticeView } from './form-view.js';
import type { View } from './view.js';

/** Views of how it ended: a chunk of its own, fetched while the provider's window is open. */
export const resultStyles = css`
  .result { display: grid; gap: 20px; }
  .result > header { display: grid; gap: 6px; justify-items: center; text-align: center; padding-block-start: 8px; }
  .result header p { color: var(--_muted); }
  .mark { display: grid; place-items: center; inline-size: 56px; block-size: 56px; border-radius: 50%; margin-block-end: 8px; background: var(--_surface); color: var(--_muted); }
  .mark.good { background: var(--_accent); color: var(--_on-accent); }
  .mark.bad { color: var(--_danger); }
  .mark svg { inline-size: 28px; block-size: 28px; fill: none; stroke: currentcolor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
  dl { display: grid; gap: 10px; padding: 16px; background: var(--_surface); border-radius: var(--_radius); font-size: 0.9375rem; }
  dl > div { display: flex; justify-content: space-between; gap: 16px; }
  dt { color: var(--_muted); flex: none; }
  dd { text-align: end; font-variant-numeric: tabular-nums; min-inline-size: 0; }
  dd.strong { font-weight: 700; }
  .copy { margin-inline-start: 8px; min-block-size: 24px; color: var(--_link); font-weight: 600; }
  .buttons { display: grid; gap: 8px; margin-block-start: auto; padding-block-start: 20px; }
  .pair { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 8px; }
  [role='timer'] { text-align: center; font-weight: 600; font-variant-numeric: tabular-nums; }
  @media print {
    .buttons, .copy, .bar { display: none; }
    .card { border: 0; }
  }
`;

const marks = {
  good: 'M5 12.5 10 17.5 19 7.5',
  wait: 'M12 7v5.5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  bad: 'M12 6.5v7M12 17v.5',
  calm: 'M7 7l10 10M17 7 7 17',
} as const;

const head = (mark: keyof typeof marks, title: string, ...notes: (string | undefined)[]) => html`
  <header>
    <span class="mark ${mark}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d=${marks[mark]} /></svg></span>
    <h2 tabindex="-1" part="result-title">${title}</h2>
    ${notes.map((note) => (note ? html`<p dir="auto">${note}</p>` : nothing))}
  </header>
`;

type Row = [name: keyof ResultTexts['rows'], value: unknown, strong?: boolean];
const rows = (words: ResultTexts, all: Row[]) => html`
  <dl part="rows">
    ${all.map(([name, value, strong]) =>
      value
        ? html`<div><dt>${words.rows[name]}</dt><dd class=${strong ? 'strong' : ''} dir="auto">${value}</dd></div>`
        : nothing,
    )}
  </dl>
`;

export function resultView(view: View): TemplateResult {
  const words = resultTexts[view.locale];
  const { session, state } = view.now;
  const result =
    state === 'success' && session
      ? receiptView(view, session, words)
      : state === 'pending' && session
        ? accountView(view, session, words)
        : stoppedView(view, words);
  return html`<div class="result" part="result">${result}</div>`;
}

function receiptView({ texts, locale }: View, session: SessionView, words: ResultTexts) {
  const { amount, currency, refundedAmount, receipt } = session;
  const isRefunded = refundedAmount >= amount;
  const title = isRefunded ? words.refunded : refundedAmount > 0 ? words.partlyRefunded : words.paid;
  const { issuer, last4, installmentMonths = 0 } = receipt?.card ?? {};
  const card = [
    issuer && (words.issuers[issuer] ?? issuer),
    last4 && `•••• ${last4}`,
    installmentMonths > 1 && words.months(installmentMonths),
  ];
  return html`
    ${head('good', title, refundedAmount > 0 ? undefined : words.paidNote)}
    ${rows(words, [
      ['order', session.orderName],
      ['amount', money(amount, currency, locale), true],
      ['refundedAmount', refundedAmount > 0 && money(refundedAmount, currency, locale)],
      ['method', receipt?.method && texts.methods[receipt.method]],
      ['card', card.filter(Boolean).join(' ')],
      ['paidAt', receipt && time(receipt.paidAt, locale)],
      ['payment', session.payment],
    ])}
    <div class="buttons"><div class="pair">
      ${
        receipt?.url && /^https?:/.test(receipt.url)
          ? html`<a class="secondary" part="secondary-button" href=${receipt.url} target="_blank" rel="noopener noreferrer">${words.receipt}</a>`
          : nothing
      }
      <button class="secondary" part="secondary-button" type="button" @click=${() => window.print()}>${words.print}</button>
    </div></div>
  `;
}

function accountView(view: View, session: SessionView, words: ResultTexts) {
  const { texts, locale, actions } = view;
  const { amount, currency, account } = session;
  const number =
    account &&
    html`<span class="number">${account.number}</span>
    <button class="copy" type="button" @click=${(event: Event) => copy(event, account.number, words)}>${words.copy}</button>`;
  return html`
    ${head('wait', words.pending, words.pendingNote)}
    ${account?.dueAt ? countdown(account.dueAt, words) : nothing}
    ${rows(words, [
      ['bank', account && (words.banks[account.bank] ?? account.bank)],
      ['account', number, true],
      ['holder', account?.holder],
      ['amount', money(amount, currency, locale), true],
      ['dueAt', account?.dueAt && time(account.dueAt, locale)],
      ['order', session.orderName],
    ])}
    <div class="buttons">
      ${noticeView(view)}
      <button class="main" part="button" type="button" @click=${actions.check}>${words.checkDeposit}</button>
      <button class="secondary" part="secondary-button" type="button" @click=${actions.again}>${texts.otherMethod}</button>
    </div>
  `;
}

/** Drawn anew each second; read out only when asked for. */
function countdown(dueAt: string, words: ResultTexts) {
  const left = Math.max(0, Math.floor((Date.parse(dueAt) - Date.now()) / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(left / 3_600) % 24, Math.floor(left / 60) % 60, left % 60].map(two).join(':');
  return html`<p role="timer" part="countdown">${left > 0 ? words.left(Math.floor(left / 86_400), clock) : words.timeOver}</p>`;
}

async function copy(event: Event, text: string, words: ResultTexts): Promise<void> {
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

function stoppedView(view: View, words: ResultTexts) {
  const { now, texts, locale, actions } = view;
  const { outcome } = now;
  const canceled = now.state === 'canceled' || !outcome || !('reason' in outcome);
  const ended = !canceled && outcome.kind === 'ended';
  const title = canceled ? words.canceled : ended ? words.ended : words.declined;
  const way = canceled
    ? texts.continuePaying
    : ended
      ? texts.orderAgain
      : outcome.retryable
        ? texts.payAgain
        : texts.otherMethod;
  return html`
    ${canceled ? head('calm', title, words.notCharged) : head('bad', title, reasonText(view, words, locale), words.notCharged)}
    <div class="buttons">
      ${
        ended && now.item === undefined
          ? nothing
          : html`<button class="main" part="button" type="button" @click=${actions.again}>${way}</button>`
      }
    </div>
  `;
}

/** A reason that we have no words for is told in the provider's own, which are Korean. */
function reasonText({ now }: View, words: ResultTexts, locale: Locale): string | undefined {
  const { outcome } = now;
  if (!outcome || !('reason' in outcome)) return undefined;
  if (outcome.reason === 'other' && outcome.message && locale === 'ko') return outcome.message;
  return words.reasons[outcome.reason];
}
