import { merchantNames } from '../../config/merchants.js';
import { money, time } from '../format.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import type { Order } from '../orders/order.js';
import type { Visit } from '../visit.js';

function line(visit: Visit, order: Order): Markup {
  const { language, local, texts, href } = visit;
  const unpaid = order.state === 'pending' && order.session !== undefined;
  return html`<li class="order card" data-testid="order-${order.payment ?? order.id}" data-state="${order.state}">
<p class="name"><strong>${order.name}</strong> <span class="state ${order.state}">${texts.states[order.state]}</span></p>
<p class="price">${money(order.amount, order.currency, language)}</p>
<p class="quiet small">${local(merchantNames[order.site])} · ${time(order.createdAt, language)} · ${order.id}</p>
${unpaid && html`<a class="button small" href="${href(`/orders/${order.id}`)}">${texts.orders.pay}</a>`}
</li>`;
}

/** The newest fifty. */
export function ordersPage(visit: Visit, orders: readonly Order[], changes: number): string {
  const { texts } = visit;
  const shown = orders.slice(0, 50).map((order) => line(visit, order));
  return pageOf(visit, {
    ...{ title: texts.orders.title, scripts: ['live'], live: changes },
    main: html`<div class="intro"><h1>${texts.orders.title}</h1><p>${texts.orders.intro}</p></div>
${shown.length > 0 ? html`<ul class="orders" data-testid="orders">${shown}</ul>` : html`<p class="card" data-testid="no-orders">${texts.orders.empty}</p>`}`,
  });
}
