import { html, type Markup } from '../shop/markup.js';
import type { Visit } from './visit.js';

export interface PageContent {
  readonly title: string;
  readonly main: Markup;
  /** Scripts of the page itself, by name. */
  readonly scripts?: readonly string[];
  /** The page has one of the tags: their script is loaded, and the shopper's token is kept fresh. */
  readonly tags?: boolean;
  /** Shown again, where it differs, when the shopper's items change: the number of the last change that it shows. */
  readonly live?: number;
  readonly current?: 'shop' | 'inventory' | 'payments';
}

export function pageOf(visit: Visit, content: PageContent): string {
  const { texts, language, places, href, here, query, local, person } = visit;
  const { title, main, scripts = [], tags = false, live, current } = content;
  const other = language === 'ko' ? 'en' : 'ko';
  const translated = new URLSearchParams(query);
  translated.set('lang', other);
  const link = (path: string, name: 'shop' | 'inventory' | 'payments') =>
    html`<a href="${href(path)}"${name === current && html` aria-current="page"`}>${texts.nav[name]}</a>`;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === texts.name ? title : `${title} – ${texts.name}`}</title>
<link rel="icon" href="/assets/art/shield.svg">
<link rel="stylesheet" href="/assets/item-shop.css">
${[...scripts, ...(tags && person ? ['token'] : [])].map((script) => html`<script src="/assets/${script}.js" defer></script>`)}
${tags && html`<script async src="${places.server}/pay-checkout.js"></script>`}
</head>
<body>
<a class="skip" href="#main">${texts.skip}</a>
<p class="banner">${texts.demo}</p>
<header class="top">
<a class="brand" href="${href('/')}">${texts.name}</a>
<a id="language" href="?${translated.toString()}" lang="${other}" hreflang="${other}">${texts.other}</a>
<nav aria-label="${texts.nav.label}">${link('/', 'shop')}${link('/inventory', 'inventory')}${link('/payments', 'payments')}</nav>
${
  person
    ? html`<form class="me" method="post" action="${href('/sign-out')}"><span data-testid="me">${local(person.name)}</span><button class="plain" data-testid="sign-out">${texts.signIn.out}</button></form>`
    : html`<a class="me" href="${signInPath(visit, here)}" data-testid="sign-in">${texts.signIn.action}</a>`
}
</header>
<main id="main"${live !== undefined && html` data-live="${live}"`}>
${main}
</main>
<footer><p>${texts.footer}</p></footer>
</body>
</html>`;
  return page.markup;
}

/** Signing in leads back to where it was asked for. */
export const signInPath = ({ href }: Visit, to: string): string => href(`/sign-in?${new URLSearchParams({ to })}`);

/** A page that says one thing and leads on. */
export const messagePage = (visit: Visit, title: string, note: string): string =>
  pageOf(visit, {
    title,
    main: html`<section class="result card" data-testid="result"><span class="mark bad" aria-hidden="true"></span>
<h1 data-testid="result-title">${title}</h1><p class="quiet">${note}</p>
<p class="buttons"><a class="button" href="${visit.href('/')}">${visit.texts.home}</a></p></section>`,
  });
