import { html, type TemplateResult } from 'lit/html.js';
import type { Texts } from '../i18n/texts.js';
import { noticeView } from './form-view.js';
import type { View } from './view.js';

/** Room for what comes, a little too much rather than too little, so that nothing below has to move. */
export function skeletonView({ loading }: Texts, fields: number, quantity: boolean, methods: number): TemplateResult {
  const bars = (count: number, kind: string) =>
    Array.from({ length: count }, () => html`<div class="bone ${kind}"></div>`);
  return html`
    <p class="hidden" role="status">${loading}</p>
    <div class="body" aria-hidden="true">
      ${bars(1, 'short')} ${bars(quantity ? 2 : 1, 'box')} ${bars(fields ? 1 : 0, 'short')} ${bars(fields, 'tall')} ${bars(1, 'short')}
      <div class="methods">${bars(methods, 'box')}</div>
    </div>
    <div class="pay" aria-hidden="true">${bars(1, '')} ${bars(1, 'box')} ${bars(1, 'short')}</div>
  `;
}

/** The first look failed for now: it is tried again when the network is back, or by hand. */
export const unavailableView = (view: View): TemplateResult => html`
  <div class="panel" part="status">
    <h2 tabindex="-1">${view.texts.unavailable}</h2>
    ${noticeView(view)}
    <button class="main" part="button" type="button" @click=${() => view.checkout.refresh()}>${view.texts.retry}</button>
  </div>
`;
