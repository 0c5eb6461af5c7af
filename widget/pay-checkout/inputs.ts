import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { BuyerField } from '../checkout/buyer-fields.js';
import { fieldProblem } from '../checkout/buyer-problems.js';
import { inputTexts } from '../i18n/input-texts.js';
import { searchAddress } from './address-search.js';
import type { View } from './view.js';

// What a shopper types, on pages that ask for it: a chunk of its own.

export { buyerProblems } from '../checkout/buyer-problems.js';
export { inputStyles } from './input-styles.js';

export function quantityView({ now, locale, checkout }: View): TemplateResult {
  const words = inputTexts[locale];
  const { quantity, minQuantity, maxQuantity } = now;
  return html`
    <div class="line quantity" part="quantity">
      <span id="quantity">${words.quantity}</span>
      <div class="stepper" role="group" aria-labelledby="quantity">
        <button type="button" aria-label=${words.less} aria-disabled=${quantity <= minQuantity}
          @click=${() => checkout.setQuantity(quantity - 1)}>−</button>
        <input inputmode="numeric" autocomplete="off" maxlength="7" aria-labelledby="quantity" .value=${String(quantity)}
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            checkout.setQuantity(Number(input.value));
            // What was out of range is put right where it was typed.
            input.value = String(now.quantity);
          }} />
        <button type="button" aria-label=${words.more} aria-disabled=${quantity >= maxQuantity}
          @click=${() => checkout.setQuantity(quantity + 1)}>+</button>
      </div>
    </div>
  `;
}

interface Kind {
  type: string;
  autocomplete: string;
  inputmode: string;
  /** What the server takes. */
  maxlength: number;
}

const kindOf = (type: string, autocomplete: string, inputmode: string, maxlength: number): Kind => ({
  type,
  autocomplete,
  inputmode,
  maxlength,
});

const kinds: Readonly<Record<BuyerField, Kind>> = {
  name: kindOf('text', 'name', 'text', 100),
  email: kindOf('email', 'email', 'email', 100),
  phone: kindOf('tel', 'tel', 'tel', 40),
  postcode: kindOf('text', 'postal-code', 'text', 12),
  address: kindOf('text', 'address-line1', 'text', 200),
  addressDetail: kindOf('text', 'address-line2', 'text', 100),
};

export function buyerView(view: View): TemplateResult | typeof nothing {
  const { collect, locale, addressSearch } = view;
  if (collect.length === 0) return nothing;
  const place = addressSearch && ['postcode', 'address'].find((field) => collect.includes(field as BuyerField));
  return html`
    <fieldset part="fields" @keydown=${(event: KeyboardEvent) => goOn(event, view)}>
      <legend>${inputTexts[locale].buyerTitle}</legend>
      ${collect.map((field) => fieldView(field, view, field === place))}
    </fieldset>
  `;
}

function fieldView(field: BuyerField, view: View, withSearch: boolean): TemplateResult {
  const { now, locale, problems, checkout, actions } = view;
  const words = inputTexts[locale];
  const problem = problems[field];
  const { type, autocomplete, inputmode, maxlength } = kinds[field];
  // Digits alone are enough for whoever pays in won; other countries' postcodes have letters.
  const isKorean = field === 'postcode' && locale === 'ko' && now.currency === 'KRW';
  const input = html`
    <input id=${field} part="input" name=${field} type=${type} autocomplete=${autocomplete} inputmode=${isKorean ? 'numeric' : inputmode}
      enterkeyhint=${nextOf(field, view) ? 'next' : 'go'} ?required=${field !== 'addressDetail'} maxlength=${maxlength}
      .value=${now.buyer[field] ?? ''} aria-invalid=${problem ? 'true' : 'false'} aria-describedby=${problem ? `${field}-error` : nothing}
      @input=${(event: Event) => actions.type(field, (event.target as HTMLInputElement).value)} @blur=${() => checkout.saveBuyer()} />`;
  return html`
    <div class="field" part="field">
      <label for=${field}>${words.fields[field]}</label>
      ${
        withSearch
          ? html`<div class="search">${input}<button class="find" part="find-address" type="button"
              @click=${(event: Event) => searchAddress(event.currentTarget as HTMLElement, view)}>${words.findAddress}</button></div>`
          : input
      }
      ${problem ? html`<p class="error" part="error" id="${field}-error">${words[problem][field as 'name']}</p>` : nothing}
    </div>
  `;
}

/** The field below that is still empty, or wrong. */
function nextOf(field: BuyerField, { collect, now }: View): BuyerField | undefined {
  return collect.slice(collect.indexOf(field) + 1).find((each) => !now.buyer[each] || fieldProblem(each, now.buyer));
}

/** Enter goes on to the next field that wants something, and pays where none does. */
function goOn(event: KeyboardEvent, view: View): void {
  const input = event.target as HTMLInputElement;
  if (event.key !== 'Enter' || event.isComposing || input.localName !== 'input') return;
  const next = nextOf(input.id as BuyerField, view);
  if (!next) return;
  event.preventDefault();
  input.form?.querySelector<HTMLElement>(`#${next}`)?.focus();
}
