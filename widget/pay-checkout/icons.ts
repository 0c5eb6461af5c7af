import { html, type TemplateResult } from 'lit/html.js';
import type { Method } from '../../contract/index.js';

const lines: Readonly<Partial<Record<Method | 'lock', string>>> = {
  card: 'M3 7h18v11H3zM3 11h18M6.5 15h3',
  transfer: 'M4 10 12 5l8 5M5 19h14M7 11v6M12 11v6M17 11v6',
  virtual_account: 'M4 6h16v9H4zM12 15v5M8.5 17 12 20.5 15.5 17M8 10.5h8',
  phone: 'M8 3.5h8v17H8zM11 17.5h2',
  lock: 'M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3',
};
const letters: Readonly<Partial<Record<Method | 'lock', string>>> = {
  kakaopay: 'K',
  naverpay: 'N',
  tosspay: 'T',
  paypal: 'P',
};

/** Decoration: the word beside it says it all. */
export function icon(name: Method | 'lock'): TemplateResult {
  const path = lines[name];
  return path
    ? html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`
    : html`<span class="icon letter ${name}" aria-hidden="true">${letters[name]}</span>`;
}
