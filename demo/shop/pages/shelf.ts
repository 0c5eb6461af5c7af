import { merchantNames } from '../../config/merchants.js';
import { money } from '../format.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import { type Good, goodsOf, type Site } from '../sites.js';
import type { Visit } from '../visit.js';

export const productPath = (site: Site, id: string): string => `${site.path}/products/${id}`;

const picture = (id: string): Markup =>
  html`<img class="picture" src="/assets/art/${id}.svg" alt="" width="96" height="96">`;

function card(visit: Visit, site: Site, good: Good): Markup {
  const { href, local, language } = visit;
  return html`<li><a class="item" href="${href(productPath(site, good.id))}" data-testid="buy-${good.id}">
${picture(good.id)}
<span class="name">${local(good.name)}</span>
<span class="price">${money(good.price, good.currency, language)}</span>
</a></li>`;
}

/** What a site sells. */
export function shelfPage(visit: Visit, site: Site): string {
  const { local, texts } = visit;
  const name = local(merchantNames[site.id]);
  return pageOf(visit, {
    ...{ title: name, site },
    main: html`<div class="intro"><h1>${name}</h1><p>${local(site.intro)}</p><p class="by">${local(site.by)}</p></div>
<ul class="shelf" aria-label="${texts.shops}">${goodsOf(site).map((good) => card(visit, site, good))}</ul>`,
  });
}
