import type { OpenedSession } from '../../../contract/index.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import type { Order } from '../orders/order.js';
import { type Site, siteOf } from '../sites.js';
import { codeBox, snippet, tag } from '../tag.js';
import type { Visit } from '../visit.js';

export const walkPrice = 11_000;
export const maxWalkers = 8;
const blog = siteOf('blog') as Site;

const about = ({ texts }: Visit): Markup => html`<div class="about">
<img class="picture large" src="/assets/art/walk.svg" alt="" width="480" height="480">
<h1>${texts.walk.title}</h1><p class="price">${texts.walk.each}</p><p class="story">${texts.walk.intro}</p></div>`;

/** Signing up: a form that the shop's backend answers with an order of its own. */
export function walkPage(visit: Visit): string {
  const { texts, href } = visit;
  const counts = Array.from({ length: maxWalkers }, (_, index) => html`<option>${index + 1}</option>`);
  return pageOf(visit, {
    ...{ title: texts.walk.title, site: blog },
    main: html`<div class="product">${about(visit)}<div class="buy"><form class="card" method="post" action="${href('/walk')}">
<label class="control"><span>${texts.walk.people}</span><select name="people" data-testid="people">${counts}</select></label>
<button class="button" data-testid="order">${texts.walk.order}</button><p class="quiet small">${texts.walk.note}</p></form></div></div>`,
  });
}

/** What the backend asks the server for: the price is the shop's own sum. */
export const walkSession = (visit: Visit, id: string, people: number): Readonly<Record<string, unknown>> => ({
  ...{ amount: walkPrice * people, currency: 'KRW', reference: id, locale: visit.language },
  orderName: `${visit.texts.walk.title} × ${people}`,
  returnUrls: { cancel: `${visit.origin}${visit.href('/cancel')}`, fail: `${visit.origin}${visit.href('/fail')}` },
});

/** The order's own page: whoever opens it again finds the same session. */
export function orderPage(visit: Visit, _order: Order, session: OpenedSession): string {
  const { texts } = visit;
  const all = { session: session.id, 'client-secret': session.clientSecret };
  return pageOf(visit, {
    ...{ title: texts.walk.title, site: blog, checkout: true, scripts: ['copy'] },
    main: html`<div class="product">${about(visit)}<div class="buy">${tag(all)}
<p class="quiet small">${texts.walk.note}</p>${codeBox(visit, snippet(visit, { session: session.id, 'client-secret': '…' }))}</div></div>`,
  });
}
