import { html, nothing, type TemplateResult } from 'lit/html.js';
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
    <button class="main" part="button" type="button" @click=${view.actions.refresh}>${view.texts.retry}</button>
  </div>
`;

/** A payment is asked about, and there is nothing else to show: after a redirect, a reload. */
export const verifyingView = ({ now, texts }: View): TemplateResult => html`
  <div class="panel" part="status" role="status">
    <span class="spinner large"></span>
    <h2 tabindex="-1">${texts.verifying}</h2>
    <p>${now.online ? (now.slow ? texts.verifyingSlow : nothing) : texts.offlineWait}</p>
  </div>
`;

/** The site owner's mistake: the shopper is told calmly, the owner only with `debug`. */
export const mistakeView = ({ now, texts, debug, actions }: View): TemplateResult => html`
  <div class="panel" part="status">
    <h2 tabindex="-1">${texts.mistake}</h2>
    <p>${texts.mistakeNote}</p>
    ${debug && now.mistake ? html`<pre part="debug">${now.mistake.code}: ${now.mistake.detail}</pre>` : nothing}
    <button class="secondary" part="secondary-button" type="button" @click=${actions.refresh}>${texts.retry}</button>
  </div>
`;
