import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Method } from '../../contract/index.js';
import { busy } from '../checkout/machine.js';
import { money } from '../i18n/format.js';
import { local } from '../i18n/texts.js';
import { icon } from './icons.js';
import type { View } from './view.js';

/** What is bought, who buys it, how it is paid: the state `form`, and behind the provider's window too. */
export function formView(view: View): TemplateResult {
  const { now, checkout, actions, inputs } = view;
  return html`
    <form novalidate @submit=${actions.pay}>
      <div class="body" ?inert=${busy(now.state)}>
        ${orderView(view)} ${inputs?.buyerView(view)} ${methodsView(view)}
        <slot name="provider-methods" @slotchange=${() => checkout.intent()}></slot>
        <slot name="provider-agreement"></slot>
      </div>
      ${payView(view)}
    </form>
  `;
}

export function orderView(view: View): TemplateResult {
  const { now, locale, quantityEditable, inputs } = view;
  const { lines, currency = 'KRW', item, merchant, minQuantity, maxQuantity } = now;
  const isEditable = quantityEditable && item !== undefined && maxQuantity > minQuantity;
  return html`
    <header part="header">
      ${merchant ? html`<p class="merchant" part="merchant" dir="auto">${local(merchant, locale)}</p>` : nothing}
      ${lines.map(
        (line) => html`
          <div class="line" part="product">
            ${
              item?.image && item.id === line.item
                ? html`<img part="image" src=${item.image} alt="" width="56" height="56" loading="lazy" />`
                : nothing
            }
            <p class="name" dir="auto">${local(line.name, locale)}</p>
            <p class="price" part="price">
              ${money(line.price, currency, locale)}${line.quantity > 1 && !isEditable ? html` <small>× ${line.quantity}</small>` : nothing}
            </p>
          </div>
        `,
      )}
      ${isEditable ? inputs?.quantityView(view) : nothing}
    </header>
  `;
}

function methodsView({ now, texts, checkout }: View) {
  const { methods, method, controls } = now;
  if (controls === 'widget' || methods.length === 0) return nothing;
  return html`
    <fieldset part="methods">
      <legend>${texts.methodsTitle}</legend>
      <div class="methods">
        ${methods.map(
          (each: Method) => html`
          <label class="method ${each === method ? 'chosen' : ''}" part="method">
            <input type="radio" name="method" value=${each} .checked=${each === method} @change=${() => checkout.choose(each)} />
            ${icon(each)}<span>${texts.methods[each]}</span>
          </label>
        `,
        )}
      </div>
    </fieldset>
  `;
}

function payView(view: View): TemplateResult {
  const { now, texts, locale, checkout, underway } = view;
  const { amount, currency = 'KRW', state, pressAgain, controls, mounted } = now;
  const words = underway?.textsOf(texts);
  const price = amount === undefined ? '' : money(amount, currency, locale);
  const wait =
    state === 'opening' ? texts.preparing : state === 'paying' || state === 'verifying' ? words?.[state] : undefined;
  return html`
    <div class="pay">
      ${noticeView(view)}
      <p class="total" part="total"><span>${texts.total}</span> <strong part="amount">${price}</strong></p>
      ${
        controls === 'ui' && mounted && state === 'form'
          ? nothing
          : html`
            <button class="main" part="button" type="submit" aria-disabled=${busy(state)} @pointerenter=${() => checkout.intent()}>
              ${wait ? html`<span class="spinner"></span>${wait}` : pressAgain ? words?.openWindow : texts.pay(price)}
            </button>
          `
      }
      ${underway?.note(view)}
      ${state === 'form' ? html`<p class="safe">${icon('lock')}${texts.safe}</p>` : nothing}
    </div>
  `;
}

/** The live region is always there: what comes into it is read out. */
export function noticeView(view: View): TemplateResult {
  const { now, texts, underway } = view;
  const { notice } = now;
  const words: Readonly<Record<string, string>> = { ...texts.obstacles, ...underway?.textsOf(texts).notices };
  const text = notice && words[notice.kind === 'obstacle' ? notice.obstacle : notice.kind];
  const bad = notice?.kind === 'obstacle' || notice?.kind === 'mismatch';
  return html`
    <div role="alert">
      ${text ? html`<p class="notice ${bad ? 'bad' : ''}" part="notice">${text}</p>` : nothing}
    </div>
    ${underway?.outside(view)}
  `;
}
