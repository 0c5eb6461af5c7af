import { merchantNames } from '../config/merchants.js';
import { html, type Markup } from './markup.js';
import { type Site, sites } from './sites.js';
import type { Visit } from './visit.js';

export interface PageContent {
  readonly title: string;
  /** Whose page it is: gives it its colours and its name above. */
  readonly site?: Site;
  readonly main: Markup;
  /** Scripts of the page itself, by name. */
  readonly scripts?: readonly string[];
  /** The page has the tag: its script is loaded. */
  readonly checkout?: boolean;
  /** On its scripts, under a policy that wants one. */
  readonly nonce?: string;
  readonly dark?: boolean;
  /** Shown again, where it differs, when the shop's orders change. The number of the last change that it shows. */
  readonly live?: number;
}

/** The tag's script, as a site owner pastes it. */
export const tagScript = ({ places }: Visit): string =>
  `<script async src="${places.server}/pay-checkout.js"></script>`;

export function pageOf(visit: Visit, content: PageContent): string {
  const { texts, language, places, href, local } = visit;
  const { title, site, main, scripts = [], checkout = false, nonce, dark = false, live } = content;
  const other = language === 'ko' ? 'en' : 'ko';
  const here = new URLSearchParams(visit.query);
  here.set('lang', other);
  const key = nonce === undefined ? undefined : html` nonce="${nonce}"`;
  const link = (path: string, name: string, current: boolean) =>
    html`<a href="${href(path)}"${current && html` aria-current="page"`}>${name}</a>`;
  const name = site ? local(merchantNames[site.id]) : texts.name;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${dark ? 'dark' : 'light dark'}">
<title>${title === name ? name : `${title} – ${name}`}</title>
<link rel="icon" href="/assets/art/coffee.svg">
<link rel="stylesheet" href="/assets/shop.css">
${scripts.map((script) => html`<script src="/assets/${script}.js"${key} ${script === 'pay' ? '' : 'defer'}></script>`)}
${checkout && html`<script async src="${places.server}/pay-checkout.js"${key}></script>`}
</head>
<body data-site="${site?.id ?? 'none'}"${dark && html` class="dark"`}>
<a class="skip" href="#main">${texts.skip}</a>
<p class="banner">${texts.demo}</p>
<header class="top">
<a class="brand" href="${href(site?.path || '/')}">${name}</a>
<nav aria-label="${texts.shops}">
${sites.map(({ id, path }) => link(path || '/', texts.nav[id], site?.id === id))}
<a href="${places.items}/${language === 'en' && '?lang=en'}">${texts.nav.items}</a>
${link('/examples', texts.nav.examples, !site && visit.path === '/examples')}
${link('/orders', texts.nav.orders, !site && visit.path === '/orders')}
</nav>
<a id="language" href="?${here.toString()}" lang="${other}" hreflang="${other}">${texts.other}</a>
</header>
<main id="main"${live !== undefined && html` data-live="${live}"`}>
${main}
</main>
<footer><p>${texts.footer}</p></footer>
</body>
</html>`;
  return page.markup;
}
