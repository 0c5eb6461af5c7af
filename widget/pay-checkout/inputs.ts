import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { BuyerField } from '../checkout/buyer-fields.js';
import { inputTexts } from '../i18n/input-texts.js';
import type { View } from './view.js';

// What a shopper types, on pages that ask for it: a chunk of its own.

export { buyerProblems } from '../checkout/buyer.js';
export { inputStyles } from './input-styles.js';

export function quantityView({ now, locale, actions }: View): TemplateResult {
  const words = inputTexts[locale];
  const { quantity, minQuantity, maxQuantity } = now;
  return html`
    <div class="line quantity" part="quantity">
      <span id="quantity">${words.quantity}</span>
      <div class="stepper" role="group" aria-labelledby="quantity">
        <button type="button" aria-label=${words.less} aria-disabled=${quantity <= minQuantity}
          @click=${() => actions.quantity(quantity - 1)}>−</button>
        <input inputmode="numeric" autocomplete="off" maxlength="7" aria-labelledby="quantity" .value=${String(quantity)}
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            actions.quantity(Number(input.value));
            // What was out of range is put right where it was typed.
            input.value = String(now.quantity);
          }} />
        <button type="button" aria-label=${words.more} aria-disabled=${quantity >= maxQuantity}
          @click=${() => actions.quantity(quantity + 1)}>+</button>
      </div>
    </div>
  `;
}

const kinds: Readonly<Record<BuyerField, readonly [type: string, autocomplete: string, inputmode: string]>> = {
  name: ['text', 'name', 'text'],
  email: ['email', 'email', 'email'],
  phone: ['tel', 'tel', 'tel'],
  postcode: ['text', 'postal-code', 'numeric'],
  address: ['text', 'street-address', 'text'],
};

export function buyerView({ collect, now, locale, problems, actions }: View): TemplateResult | typeof nothing {
  if (collect.length === 0) return nothing;
  const words = inputTexts[locale];
  return html`
    <fieldset part="fields">
      <legend>${words.buyerTitle}</legend>
      ${collect.map((field) => {
        const problem = problems[field];
        const [type, autocomplete, inputmode] = kinds[field];
        return html`
          <div class="field" part="field">
            <label for=${field}>${words.fields[field]}</label>
            <input id=${field} part="input" name=${field} type=${type} autocomplete=${autocomplete} inputmode=${inputmode} required
              maxlength="200" .value=${now.buyer[field] ?? ''} aria-invalid=${problem ? 'true' : 'false'}
              aria-describedby=${problem ? `${field}-error` : nothing}
              @input=${(event: Event) => actions.type(field, (event.target as HTMLInputElement).value)}
              @blur=${actions.saveBuyer} />
            ${problem ? html`<p class="error" part="error" id="${field}-error">${words[problem][field]}</p>` : nothing}
          </div>
        `;
      })}
    </fieldset>
  `;
}
