import type { AttemptState, PaymentStatus, PaymentView } from '../../../contract/index.js';
import { money, time } from '../../shop/format.js';
import { html, type Markup } from '../../shop/markup.js';
import { goodOf } from '../goods.js';
import type { Goods } from '../grants/grants.js';
import { pageOf } from '../layout.js';
import type { Visit } from '../visit.js';

interface Said {
  readonly tone: 'good' | 'wait' | 'calm' | 'bad';
  readonly title: string;
  readonly note: string;
}

/** What is said comes from the server's answer alone: an address that says "success" proves nothing. */
function saidOf({ texts: { result } }: Visit, payment: PaymentView): Said {
  const last = payment.attempts.at(-1)?.state;
  // Nobody knows yet whether money moved: no word of having paid nothing. PortOne V1 takes it in the window, which may be open still.
  const asking: Said = { tone: 'wait', title: result.asking, note: result.askingNote };
  const open: Partial<Record<AttemptState, Said>> = {
    ...{ launched: asking, confirming: asking, unknown: asking },
    failed: { tone: 'bad', title: result.declined, note: result.openNote },
    canceled: { tone: 'calm', title: result.left, note: result.openNote },
  };
  const over: Said = { tone: 'bad', title: result.over, note: result.overNote };
  const all: Record<PaymentStatus, Said> = {
    open: (last && open[last]) ?? { tone: 'calm', title: result.open, note: result.openNote },
    pending: { tone: 'wait', title: result.pending, note: result.pendingNote },
    paid: { tone: 'good', title: result.paid, note: result.paidNote },
    partially_refunded: { tone: 'good', title: result.partlyRefunded, note: '' },
    refunded: { tone: 'calm', title: result.refunded, note: '' },
    ...{ failed: over, canceled: over, expired: over },
  };
  return all[payment.status];
}

type RowName = keyof Visit['texts']['rows'];

function details(visit: Visit, payment: PaymentView, given: Goods): Markup {
  const { language, texts } = visit;
  const { amount, currency, refundedAmount, receipt, method, status } = payment;
  const account = status === 'pending' ? payment.attempts.findLast((each) => each.account)?.account : undefined;
  const failure = status === 'open' ? payment.attempts.at(-1)?.failure : undefined;
  const isSold = status === 'paid' || status === 'partially_refunded';
  const here = Object.keys(given).length > 0 ? texts.result.granted : texts.result.waiting;
  const rows: readonly (readonly [RowName, string | undefined])[] = [
    ['order', wanted(visit, payment)],
    ['items', isSold ? here : texts.result.nothing],
    ['amount', money(amount, currency, language)],
    ['refunded', refundedAmount > 0 ? money(refundedAmount, currency, language) : undefined],
    ['bank', account?.bank],
    ['account', account?.number],
    ['dueAt', account?.dueAt && time(account.dueAt, language)],
    ['method', receipt && method && texts.methods[method]],
    ['card', receipt?.card?.last4 && `•••• ${receipt.card.last4}`],
    ['paidAt', receipt && time(receipt.paidAt, language)],
    ['reason', failure?.message ?? failure?.code],
    ['payment', payment.id],
  ];
  return html`<dl>${rows.map(
    ([name, value]) =>
      value && html`<div><dt>${texts.rows[name]}</dt><dd data-testid="row-${name}">${value}</dd></div>`,
  )}</dl>`;
}

const wanted = ({ local, texts }: Visit, { lines }: PaymentView): string =>
  lines.map(({ name, quantity }) => `${local(name)} ${texts.inventory.count(quantity)}`).join(', ');

/** Success and failure alike. `given`: what came of it so far. */
export function resultPage(visit: Visit, payment: PaymentView, given: Goods, changes: number): string {
  const { texts, href } = visit;
  const { tone, title, note } = saidOf(visit, payment);
  const receipt = payment.receipt?.url;
  const good = goodOf(payment.lines[0]?.item);
  return pageOf(visit, {
    ...{ title, scripts: ['live'], live: changes },
    main: html`<section class="result card" data-testid="result" data-status="${payment.status}">
<span class="mark ${tone}" aria-hidden="true"></span>
<h1 data-testid="result-title">${title}</h1>
${note && html`<p class="quiet">${note}</p>`}
${details(visit, payment, given)}
<p class="buttons">${payment.status === 'open' && tone !== 'wait' && good && html`<a class="button" href="${href(`/items/${good.id}`)}">${texts.result.again}</a>`}
${tone === 'good' && html`<a class="button" href="${href('/inventory')}">${texts.result.toInventory}</a>`}
${receipt !== undefined && /^https?:/.test(receipt) && html`<a class="button quiet" href="${receipt}" rel="noopener" target="_blank">${texts.result.receipt}</a>`}
<a class="button quiet" href="${href('/payments')}">${texts.nav.payments}</a></p>
</section>`,
  });
}
