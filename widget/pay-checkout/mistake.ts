import { html, nothing, type TemplateResult } from 'lit/html.js';
import { css } from '../element.js';
import { mistakeTexts } from '../i18n/mistake-texts.js';
import type { View } from './view.js';

export const mistakeStyles = css`
  pre { inline-size: 100%; margin: 0; padding: 12px; overflow: auto; font-size: 0.8125rem; text-align: start; white-space: pre-wrap; background: var(--_surface); border-radius: 12px; }
`;

/** The site owner's mistake, a chunk of its own: the shopper is told calmly, the owner only with `debug`. */
export function mistakeView({ now, texts, locale, debug, checkout }: View): TemplateResult {
  const words = mistakeTexts[locale];
  return html`
    <div class="panel" part="status">
      <h2 tabindex="-1">${words.mistake}</h2>
      <p>${words.mistakeNote}</p>
      ${debug && now.mistake ? html`<pre part="debug">${now.mistake.code}: ${now.mistake.detail}</pre>` : nothing}
      <button class="secondary" part="secondary-button" type="button" @click=${() => checkout.refresh()}>${texts.retry}</button>
    </div>
  `;
}
