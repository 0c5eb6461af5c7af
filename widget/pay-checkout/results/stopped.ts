import { html, nothing, type TemplateResult } from 'lit/html.js';
import { stoppedTexts } from '../../i18n/stopped-texts.js';
import type { View } from '../view.js';
import { head } from './parts.js';

/** Declined, over, or closed by the shopper: why, and a way on. */
export function resultView({ now, locale, checkout }: View): TemplateResult {
  const words = stoppedTexts[locale];
  const { outcome, item } = now;
  const way = (text: string) => html`
    <div class="buttons"><button class="main" part="button" type="button" @click=${() => checkout.again()}>${text}</button></div>
  `;
  if (!outcome || !('reason' in outcome)) {
    return html`${head('calm', words.canceled, words.notCharged)} ${way(words.continuePaying)}`;
  }
  const { kind, reason, message, retryable } = outcome;
  // A reason that we have no words for is told in the provider's own, which are Korean.
  const why = reason === 'other' && message && locale === 'ko' ? message : words.reasons[reason];
  if (kind === 'declined') {
    return html`${head('bad', words.declined, why, words.notCharged)} ${way(retryable ? words.payAgain : words.otherMethod)}`;
  }
  // A session that the merchant made can't be made again here.
  return html`${head('bad', words.ended, why, words.notCharged)} ${item ? way(words.orderAgain) : nothing}`;
}
