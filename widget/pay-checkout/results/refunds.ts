import { html, type TemplateResult } from 'lit/html.js';
import type { Locale, RefundAccount, ShopperRefundView } from '../../../contract/index.js';
import type { RefundAnswer } from '../../checkout/inquirer.js';
import { css } from '../../element.js';
import { bankNames } from '../../i18n/banks.js';
import { money } from '../../i18n/format.js';
import { refundTexts } from '../../i18n/refund-texts.js';
import type { View } from '../view.js';

export const refundStyles = css`
  h3 { margin: 0; font-size: 1.0625rem; }
  .refund { display: grid; gap: 8px; padding-block-start: 20px; border-block-start: 1px solid var(--_border); }
  .refund .main { margin-block-start: 12px; }
  .error:empty { display: none; }
`;

export { inputStyles } from '../input-styles.js';

/** Money that is on its way back; what a deposit goes back to is asked for. */
export function refundsView(view: View): TemplateResult[] {
  const open = view.now.session?.refunds?.filter(({ state }) => state !== 'done' && state !== 'failed') ?? [];
  const { locale, checkout } = view;
  return open.map((refund) => refundView(refund, locale, (account) => checkout.refundAccount(refund.id, account)));
}

type Give = (account: RefundAccount) => Promise<RefundAnswer>;

/** One refund that is under way; one that waits for an account asks for it. */
export function refundView(refund: ShopperRefundView, locale: Locale, give: Give): TemplateResult {
  const words = refundTexts[locale];
  const { amount, currency, needsAccount } = refund;
  const sum = money(amount, currency, locale);
  return html`
    <section class="refund" part="refund" aria-labelledby=${refund.id}>
      <h3 id=${refund.id}>${needsAccount ? words.waiting : words.underWay}</h3>
      ${needsAccount ? html`<p>${words.why(sum)}</p>${accountForm(refund, locale, give)}` : html`<p><strong>${sum}</strong></p>`}
    </section>
  `;
}

function accountForm({ id, failure }: ShopperRefundView, locale: Locale, give: Give): TemplateResult {
  const words = refundTexts[locale];
  const field = (name: string, label: string, control: TemplateResult) => html`
    <div class="field" part="field"><label for="${id}-${name}">${label}</label>${control}</div>
  `;
  const said = `${id}-said`;
  return html`
    <form novalidate @input=${mended} @submit=${(event: SubmitEvent) => send(event, give, words)}>
      ${field(
        'bank',
        words.bank,
        html`
        <select id="${id}-bank" part="input" name="bank" required aria-describedby=${said}>
          <option value="">${words.chooseBank}</option>
          ${Object.entries(bankNames[locale]).map(([bank, name]) => html`<option value=${bank}>${name}</option>`)}
        </select>
      `,
      )}
      ${field('number', words.number, html`<input id="${id}-number" part="input" name="number" inputmode="numeric" autocomplete="off" maxlength="30" required aria-describedby=${said} />`)}
      ${field('holder', words.holder, html`<input id="${id}-holder" part="input" name="holder" autocomplete="name" maxlength="60" required aria-describedby=${said} />`)}
      <p class="error" part="error" id=${said} role="alert" .textContent=${failure ? words.refused : ''}></p>
      <button class="main" part="button" type="submit">${words.send}</button>
    </form>
  `;
}

/** What is being put right is not wrong any more. */
function mended({ target }: Event): void {
  (target as HTMLInputElement).ariaInvalid = 'false';
}

/** The account goes to the server and is kept nowhere here. */
async function send(event: SubmitEvent, give: Give, words: (typeof refundTexts)['ko']): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const button = form.querySelector('button');
  const said = form.querySelector('[role=alert]');
  const data = new FormData(form);
  const [bank = '', number = '', holder = ''] = ['bank', 'number', 'holder'].map((name) =>
    String(data.get(name)).trim(),
  );
  if (!button || !said || button.ariaDisabled === 'true') return;
  const isNumber = /^[\d\s-]+$/.test(number) && /^\d{6,20}$/.test(number.replace(/\D/g, ''));
  const isSound: Readonly<Record<string, boolean>> = { bank: bank !== '', number: isNumber, holder: holder !== '' };
  const wrong = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')].filter((field) => {
    field.ariaInvalid = String(!isSound[field.name]);
    return !isSound[field.name];
  });
  said.textContent = wrong.length > 0 ? words.incomplete : '';
  if (wrong.length > 0) {
    wrong[0]?.focus();
    return;
  }
  button.ariaDisabled = 'true';
  const answer = await give({ bank, number, holder });
  button.ariaDisabled = 'false';
  said.textContent = answer === 'taken' ? '' : words[answer];
}
