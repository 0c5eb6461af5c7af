import type { AttemptState, PaymentStatus, PaymentView } from '../../../contract/index.js';
import { money, time } from '../format.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import type { Order } from '../orders/order.js';
import { goodsOf, type Site } from '../sites.js';
import type { Visit } from '../visit.js';
import { productPath } from './shelf.js';

type Tone = 'good' | 'wait' | 'calm' | 'bad';

interface Said {
  readonly tone: Tone;
  readonly title: string;
  readonly note: string;
}

/** At PortOne a closed window is a failure, by the payment company's code. */
const closings = ['PAY_PROCESS_CANCELED', 'USER_CANCEL'];

/** What is said comes from the server's answer alone: an address that says "success" proves nothing. */
function saidOf({ texts: { result } }: Visit, payment: PaymentView): Said {
  const { state, failure } = payment.attempts.at(-1) ?? {};
  const last = failure && closings.includes(failure.code) ? 'canceled' : state;
  // Nobody knows yet whether money moved: no word of having paid nothing.
  const asking: Said = { tone: 'wait', title: result.asking, note: result.askingNote };
  const open: Partial<Record<AttemptState, Said>> = {
    ...{ confirming: asking, unknown: asking },
    failed: { tone: 'bad', title: result.declined, note: result.openNote },
    canceled: { tone: 'calm', title: result.left, note: result.openNote },
  };
  const all: Record<PaymentStatus, Said> = {
    open: (last && open[last]) ?? { tone: 'calm', title: result.open, note: result.openNote },
    pending: { tone: 'wait', title: result.pending, note: result.pendingNote },
    paid: { tone: 'good', title: result.paid, note: result.paidNote },
    partially_refunded: { tone: 'good', title: result.partlyRefunded, note: result.paidNote },
    refunded: { tone: 'calm', title: result.refunded, note: '' },
    failed: { tone: 'bad', title: result.over, note: result.overNote },
    canceled: { tone: 'bad', title: result.over, note: result.overNote },
    expired: { tone: 'bad', title: result.over, note: result.overNote },
  };
  return all[payment.status];
}

export type RowName = keyof Visit['texts']['rows'];

export const rows = ({ texts }: Visit, all: readonly (readonly [RowName, string | undefined])[]): Markup =>
  html`<dl>${all.map(
    ([name, value]) =>
      value !== undefined &&
      value !== '' &&
      html`<div><dt>${texts.rows[name]}</dt><dd data-testid="row-${name}">${value}</dd></div>`,
  )}</dl>`;

function details(visit: Visit, payment: PaymentView, order: Order): Markup {
  const { language, texts } = visit;
  const { amount, currency, refundedAmount, receipt, method } = payment;
  const account = payment.status === 'pending' ? payment.attempts.findLast((each) => each.account)?.account : undefined;
  const failure = payment.status === 'open' ? payment.attempts.at(-1)?.failure : undefined;
  return rows(visit, [
    ['order', payment.orderName],
    ['number', order.id],
    ['state', texts.states[order.state]],
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
  ]);
}

/** Where it can be paid again: the order's own page, or the product's. */
function payAgain(visit: Visit, site: Site, payment: PaymentView, order: Order): Markup | false {
  if (payment.status !== 'open') return false;
  const item = payment.lines[0]?.item;
  const good = goodsOf(site).find(({ id }) => id === item);
  const path = order.session ? `/orders/${order.id}` : good && productPath(site, good.id);
  return path !== undefined && html`<a class="button" href="${visit.href(path)}">${visit.texts.result.again}</a>`;
}

export function resultPage(visit: Visit, site: Site, payment: PaymentView, order: Order, changes: number): string {
  const { texts, href } = visit;
  const { tone, title, note } = saidOf(visit, payment);
  const receipt = payment.receipt?.url;
  return pageOf(visit, {
    ...{ title, site, scripts: ['live'], live: changes },
    main: html`<section class="result card" data-testid="result" data-status="${payment.status}">
<span class="mark ${tone}" aria-hidden="true"></span>
<h1 data-testid="result-title">${title}</h1>
${note && html`<p class="quiet">${note}</p>`}
${details(visit, payment, order)}
<p class="buttons">${tone !== 'wait' && payAgain(visit, site, payment, order)}
${receipt !== undefined && /^https?:/.test(receipt) && html`<a class="button quiet" href="${receipt}" rel="noopener" target="_blank">${texts.result.receipt}</a>`}
<a class="button quiet" href="${href('/orders')}">${texts.result.orders}</a></p>
</section>`,
  });
}

/** A page that says one thing and leads on. */
export const messagePage = (visit: Visit, title: string, note: string, site?: Site): string =>
  pageOf(visit, {
    ...{ title, ...(site && { site }) },
    main: html`<section class="result card" data-testid="result"><span class="mark bad" aria-hidden="true"></span>
<h1 data-testid="result-title">${title}</h1><p class="quiet">${note}</p>
<p class="buttons"><a class="button" href="${visit.href('/orders')}">${visit.texts.result.orders}</a>
<a class="button quiet" href="${visit.href('/')}">${visit.texts.home}</a></p></section>`,
  });
