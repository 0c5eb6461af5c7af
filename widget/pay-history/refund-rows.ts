import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { MyPaymentRow, MyRefundView, RefundAccount } from '../../contract/index.js';
import type { ApiFailure } from '../checkout/api.js';
import type { RefundAnswer } from '../checkout/inquirer.js';
import { css } from '../element.js';
import { money } from '../i18n/format.js';
import { historyRefundTexts } from '../i18n/history-refund-texts.js';
import type { RowView } from './row-view.js';

const refundStyles = css`
  [part='refund'] { padding-inline-start: 10px; border-inline-start: 3px solid var(--_border); }
  li .refund { margin-block-start: 12px; padding-block: 0; border-block: 0; }
`;

/** What asks for an account: there where a refund waits for one. */
let forms: typeof import('../pay-checkout/results/refunds.js') | undefined;

/** What went back of a payment, or is on its way; a deposit's account is asked for. A chunk of its own. */
export function refundRows(view: RowView, row: MyPaymentRow): TemplateResult {
  const { locale, adopt } = view;
  adopt(refundStyles);
  const { amount, currency, refundedAmount, refunds = [] } = row;
  const words = historyRefundTexts[locale];
  const sum = (minor: number) => money(minor, currency, locale);
  const isPart = refundedAmount > 0 && refundedAmount < amount;
  return html`
    ${refunds.map((refund) => refundRow(view, row, refund))}
    ${isPart ? html`<p part="remaining">${words.sums(sum(refundedAmount), sum(amount - refundedAmount))}</p>` : nothing}
  `;
}

function refundRow(view: RowView, { id }: MyPaymentRow, refund: MyRefundView): TemplateResult {
  const { locale } = view;
  const words = historyRefundTexts[locale];
  const { state, amount, currency, extra, requestedAt, needsAccount } = refund;
  const said = state === 'done' || state === 'failed' || state === 'needs_account' ? state : 'underWay';
  return html`
    <p part="refund">
      <b>${words[said]}</b>${extra ? html`<span>${words.extra}</span>` : nothing}<span>${money(amount, currency, locale)}</span><time datetime=${requestedAt}>${new Date(requestedAt).toLocaleDateString(locale, { dateStyle: 'medium' })}</time>
    </p>
    ${state === 'failed' ? html`<p>${words.askSeller}</p>` : nothing}
    ${needsAccount ? formView(view, id, refund) : nothing}
  `;
}

function formView(view: RowView, id: string, refund: MyRefundView) {
  const { redraw, adopt, locale } = view;
  if (!forms) {
    // One that can't be had now is asked for again with the next change.
    void import('../pay-checkout/results/refunds.js').then(
      (module) => {
        forms = module;
        redraw();
      },
      () => undefined,
    );
    return nothing;
  }
  adopt(forms.refundStyles + forms.inputStyles);
  return forms.refundView(refund, locale, (account) => give(view, id, refund.id, account));
}

/** Where a deposit goes back to. */
async function give(view: RowView, payment: string, refund: string, body: RefundAccount): Promise<RefundAnswer> {
  const upkeep = await view.upkeep();
  if (!upkeep) return 'unavailable';
  const path = `/payments/${encodeURIComponent(payment)}/refunds/${encodeURIComponent(refund)}/account`;
  try {
    await upkeep.call({ method: 'POST', path, body, repeats: 2 });
    return 'taken';
  } catch (error) {
    const { isPassing, status } = error as ApiFailure;
    return isPassing || status === 401 ? 'unavailable' : 'refused';
  } finally {
    upkeep.renew();
  }
}
