import { money } from '../../shop/format.js';
import { html, type Markup } from '../../shop/markup.js';
import { goods } from '../goods.js';
import { pageOf } from '../layout.js';
import type { Visit } from '../visit.js';

export const picture = (item: string): Markup =>
  html`<img class="picture" src="/assets/art/${item}.svg" alt="" width="96" height="96">`;

/** What there is to buy. */
export function shopPage(visit: Visit): string {
  const { texts, href, local, language } = visit;
  const cards = goods.map(
    ({ id, name, price, currency }) => html`<li><a class="good" href="${href(`/items/${id}`)}" data-testid="item-${id}">
${picture(id)}<span class="name">${local(name)}</span><span class="price">${money(price, currency, language)}</span></a></li>`,
  );
  return pageOf(visit, {
    ...{ title: texts.name, current: 'shop' },
    main: html`<div class="intro"><h1>${texts.shop.title}</h1><p>${texts.shop.intro}</p></div><ul class="shelf">${cards}</ul>`,
  });
}
