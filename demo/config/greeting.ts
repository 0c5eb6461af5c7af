import { demoKeys } from './keys.js';
import type { Part, Settings } from './settings.js';

/** What is where, for the person at the terminal. */
export function greeting(urls: Readonly<Record<Part, string>>, settings: Settings): string {
  const { blog, souvenirs, items, theatre } = demoKeys;
  return `
  pay-checkout demo – no real money moves

  Blog           ${urls.shop}/           Toss payment window
  Souvenirs      ${urls.shop}/souvenirs  Toss payment widget
  Theatre        ${urls.shop}/theatre    PortOne V2, automatic and manual approval
  Item shop      ${urls.items}/           PortOne V1, a site of its own: sign in, buy, own
  Examples       ${urls.shop}/examples   a dialog, a button, two on one page, a playground, faults to try…
  Orders         ${urls.shop}/orders     as the shops' backends hear of them
  Server         ${urls.server}            API: /api/v1, described at /docs
  Sandbox        ${urls.sandbox}            the pretended bank: its books, faults and clock

  Keys           publishable                   secret
    blog         ${blog.publishable}       ${blog.secret}
    souvenirs    ${souvenirs.publishable}  ${souvenirs.secret}
    theatre      ${theatre.publishable}    ${theatre.secret}
    item shop    ${items.publishable}      ${items.secret}

  Data           ${settings.directory}  (start afresh: npm run demo -- --fresh)
  ${settings.lan ? `Phone          open ${urls.shop}/ in the same network` : 'Phone          npm run demo -- --host'}
  Stop           Ctrl-C

ready: shop ${urls.shop} · server ${urls.server} · sandbox ${urls.sandbox} · items ${urls.items}`;
}
