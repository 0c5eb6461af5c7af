import { time } from '../../shop/format.js';
import { html, type Markup } from '../../shop/markup.js';
import { goodOf } from '../goods.js';
import type { Holding } from '../grants/ledger.js';
import { pageOf } from '../layout.js';
import type { Visit } from '../visit.js';
import { picture } from './shop.js';

function owned(visit: Visit, item: string, from: readonly Holding[]): Markup {
  const { texts, local, language } = visit;
  const good = goodOf(item);
  const count = from.reduce((sum, each) => sum + each.count, 0);
  return html`<li class="owned card" data-testid="owned-${item}" data-count="${count}">${good && picture(item)}
<div><p class="title"><strong>${good ? local(good.name) : item}</strong> <span class="count">${texts.inventory.count(count)}</span></p>
<p class="quiet small">${texts.inventory.from}</p>
<ul class="from">${from.map(
    ({ payment, count: some, at }) =>
      html`<li class="quiet small">${texts.inventory.count(some)} · ${time(at, language)} <code data-testid="from">${payment}</code></li>`,
  )}</ul></div></li>`;
}

/** What the signed-in user owns, and which payment each came from. */
export function inventoryPage(visit: Visit, holdings: readonly Holding[], changes: number): string {
  const { texts, href } = visit;
  const byItem = new Map<string, Holding[]>();
  for (const holding of holdings) byItem.set(holding.item, [...(byItem.get(holding.item) ?? []), holding]);
  const all = [...byItem].map(([item, from]) => owned(visit, item, from));
  return pageOf(visit, {
    ...{ title: texts.inventory.title, current: 'inventory', scripts: ['live'], live: changes },
    main: html`<div class="intro"><h1>${texts.inventory.title}</h1><p>${texts.inventory.intro}</p></div>
${
  all.length > 0
    ? html`<ul class="inventory" data-testid="inventory">${all}</ul>`
    : html`<div class="card empty" data-testid="no-items"><p>${texts.inventory.empty}</p><a class="button quiet" href="${href('/')}">${texts.inventory.toShop}</a></div>`
}`,
  });
}
