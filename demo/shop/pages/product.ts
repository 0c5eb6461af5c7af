import { money } from '../format.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import { type Good, type Site, stories } from '../sites.js';
import { codeBox, snippet, sold, type TagAttributes, tag } from '../tag.js';
import type { Visit } from '../visit.js';

/** What is sold, told on the left and paid on the right. */
export function article(visit: Visit, site: Site, good: Good, rest: Markup): Markup {
  const { href, local, language, texts } = visit;
  const story = stories[good.id];
  return html`<p class="back"><a href="${href(site.path || '/')}">← ${texts.back}</a></p>
<div class="product">
<div class="about">
<img class="picture large" src="/assets/art/${good.id}.svg" alt="" width="480" height="480">
<h1>${local(good.name)}</h1>
<p class="price">${money(good.price, good.currency, language)}</p>
${story && html`<p class="story">${local(story)}</p>`}
</div>
<div class="buy">${rest}</div>
</div>`;
}

/** The theatre has to know who comes, and sends its shoppers on to pages of its own; elsewhere the result is shown in place. */
function tagOf({ href, origin }: Visit, site: Site, good: Good): TagAttributes {
  const quantity = { 'quantity-editable': good.maxQuantity > 1 };
  if (site.id !== 'theatre') return { ...sold(site, good.id), ...quantity };
  const to = (name: string) => `${origin}${href(`${site.path}/${name}`)}`;
  return {
    ...{ ...sold(site, good.id), ...quantity },
    // Who pays at PayPal has said there who they are.
    collect: good.currency === 'KRW' ? 'name phone' : undefined,
    ...{ 'success-url': to('success'), 'fail-url': to('fail'), 'cancel-url': to('cancel') },
  };
}

export function productPage(visit: Visit, site: Site, good: Good): string {
  const { local, texts } = visit;
  const all = tagOf(visit, site, good);
  return pageOf(visit, {
    ...{ title: local(good.name), site, checkout: true, scripts: ['copy'] },
    main: article(
      visit,
      site,
      good,
      html`${tag(all, html`<p class="terms">${texts.terms}</p>`)}${codeBox(visit, snippet(visit, all))}`,
    ),
  });
}
