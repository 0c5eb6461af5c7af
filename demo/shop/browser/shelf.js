import { itemOf } from './catalogue.js';
import { config, h, picture, show } from './dom.js';
import { local, money } from './format.js';
import { texts } from './texts.js';

function orderLink(item) {
  const url = new URL(window.location.pathname, window.location.href);
  if (config.language === 'en') url.searchParams.set('lang', 'en');
  url.searchParams.set('item', item.id);
  return url.href;
}

function card(item) {
  const name = local(item.name);
  const buy = h('a', { href: orderLink(item), className: 'button', data: { testid: `buy-${item.id}` } }, texts.buy);
  buy.setAttribute('aria-label', `${name} ${texts.buy}`);
  return h(
    'li',
    { className: 'card item' },
    picture(item.id),
    h(
      'div',
      { className: 'words' },
      h('h2', {}, name),
      h('p', { className: 'price' }, money(item.price, item.currency)),
    ),
    buy,
  );
}

/** What the merchant sells, as the server's catalogue says it. */
export async function showShelf() {
  show('shelf', h('p', { className: 'card', role: 'status' }, texts.loading));
  const items = await Promise.all(config.items.map(itemOf));
  show('shelf', h('ul', { className: 'shelf' }, items.map(card)));
}
