import { money } from '../../shop/format.js';
import { attributes, html, type Markup } from '../../shop/markup.js';
import { type Good, stories } from '../goods.js';
import { pageOf, signInPath } from '../layout.js';
import type { Visit } from '../visit.js';

/** What only the backend knows: which merchant this is, and a token of who is signed in. */
export interface Seller {
  readonly publishableKey: string;
  readonly customerToken: string | undefined;
}

function buying(visit: Visit, { id, currency, maxQuantity }: Good, { publishableKey, customerToken }: Seller): Markup {
  const { texts, person, href, here, origin, local } = visit;
  if (!person || customerToken === undefined) {
    return html`<a class="button" href="${signInPath(visit, here)}" data-testid="sign-in-to-buy">${texts.item.signIn}</a>`;
  }
  const counts = Array.from({ length: maxQuantity }, (_, index) => html`<option>${index + 1}</option>`);
  const tag = {
    ...{ id: 'checkout', merchant: publishableKey, product: id, presentation: 'modal' },
    'customer-token': customerToken,
    // Who pays at PayPal has said there who they are.
    ...(currency === 'KRW' && { collect: 'name email phone postcode address', 'address-search': true }),
    ...{ 'buyer-name': local(person.name), 'buyer-email': person.email, 'buyer-phone': person.phone },
    ...{ 'success-url': `${origin}${href('/success')}`, 'fail-url': `${origin}${href('/failure')}` },
  };
  return html`<label class="control"><span>${texts.item.quantity}</span><select id="quantity" data-testid="quantity">${counts}</select></label>
<button type="button" class="button" id="buy" data-testid="buy">${texts.item.buy}</button>
<pay-checkout${attributes(tag)}></pay-checkout>`;
}

/** Where `pay-address` looks: a search of the shop's own. */
const addressSearch = ({
  texts: { address },
}: Visit): Markup => html`<dialog id="address-search" aria-labelledby="address-title">
<form class="search"><div class="bar"><h2 id="address-title">${address.title}</h2>
<button type="button" class="plain" id="address-close" data-testid="address-close">${address.close}</button></div>
<label class="control"><span>${address.question}</span><input id="address-question" type="search" autocomplete="off" placeholder="${address.hint}" data-testid="address-question"></label>
<ul id="address-found" class="found" aria-live="polite"></ul><p id="address-none" class="quiet small" hidden>${address.none}</p></form></dialog>`;

/** One item; the tag's dialog opens over it. */
export function itemPage(visit: Visit, good: Good, seller: Seller): string {
  const { texts, href, local, language } = visit;
  const story = stories[good.id];
  return pageOf(visit, {
    // The tag comes with who is signed in.
    ...{ title: local(good.name), ...(visit.person && { tags: true, scripts: ['buy', 'address'] }) },
    main: html`<p class="back"><a href="${href('/')}">← ${texts.item.back}</a></p>
<div class="product"><img class="picture" src="/assets/art/${good.id}.svg" alt="" width="480" height="480">
<div class="about"><h1>${local(good.name)}</h1><p class="price">${money(good.price, good.currency, language)}</p>
${story && html`<p class="story">${local(story)}</p>`}
<div class="buy">${buying(visit, good, seller)}</div><p class="quiet small">${texts.item.terms}</p></div></div>${visit.person && addressSearch(visit)}`,
  });
}
