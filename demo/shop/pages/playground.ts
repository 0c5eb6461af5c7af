import { locales, methods } from '../../../contract/index.js';
import { demoKeys } from '../../config/keys.js';
import { merchantNames } from '../../config/merchants.js';
import { embedJson } from '../../sandbox/html.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import { allSites, goodsOf, type Site, sites } from '../sites.js';
import { type TagAttributes, tag } from '../tag.js';
import type { Visit } from '../visit.js';

type Kind =
  | { readonly kind: 'text'; readonly example?: string }
  | { readonly kind: 'number' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'one' | 'many'; readonly of: readonly string[] };

const text = (example?: string): Kind => ({ kind: 'text', ...(example && { example }) });
const one = (...of: readonly string[]): Kind => ({ kind: 'one', of });
const many = (...of: readonly string[]): Kind => ({ kind: 'many', of });

/** A control for every attribute of the element. */
export const controls: Readonly<Record<'what' | 'how' | 'who' | 'where' | 'more', Readonly<Record<string, Kind>>>> = {
  what: {
    merchant: text('pk_…'),
    product: text('coffee'),
    quantity: { kind: 'number' },
    'quantity-editable': { kind: 'switch' },
    session: text('cs_…'),
    'client-secret': text(),
  },
  how: {
    presentation: one('inline', 'modal', 'button'),
    theme: one('auto', 'light', 'dark'),
    locale: one(...locales),
    method: one(...methods),
    methods: many(...methods),
    collect: many('name', 'email', 'phone', 'postcode', 'address'),
    'address-search': { kind: 'switch' },
  },
  who: {
    'buyer-name': text('김바다'),
    'buyer-email': text('bada@example.com'),
    'buyer-phone': text('010-1234-5678'),
    'customer-token': text(),
  },
  where: {
    'success-url': text('/success'),
    'fail-url': text('/fail'),
    'cancel-url': text('/cancel'),
  },
  more: {
    server: text('https://pay.example.com'),
    'script-nonce': text(),
    debug: { kind: 'switch' },
  },
};

export const controlNames: readonly string[] = Object.values(controls).flatMap((group) => Object.keys(group));

/** Not for an address, which is shared and logged. */
export const privateAttributes = ['session', 'client-secret', 'customer-token'] as const;

/** What the address says, over what is shown at first. */
function chosen({ query }: Visit): TagAttributes {
  const [blog] = sites as [Site, ...Site[]];
  const said = controlNames
    .filter((name) => !(privateAttributes as readonly string[]).includes(name) && query.has(name))
    .map((name) => [name, query.get(name) ?? ''] as const);
  if (said.length === 0) return { merchant: demoKeys[blog.id].publishable, product: goodsOf(blog)[0]?.id };
  const switches = new Set(['quantity-editable', 'address-search', 'debug']);
  return Object.fromEntries(said.map(([name, value]) => [name, switches.has(name) ? true : value]));
}

function control({ texts }: Visit, name: string, kind: Kind, value: string | undefined): Markup {
  const data = html`data-attribute="${name}" data-testid="set-${name}"`;
  const label = html`<code>${name}</code>`;
  switch (kind.kind) {
    case 'switch':
      return html`<label class="control switch"><input type="checkbox" ${data}${value !== undefined && html` checked`}>${label}</label>`;
    case 'one':
      return html`<label class="control">${label}<select ${data}><option value="">${texts.playground.none}</option>${kind.of.map(
        (each) => html`<option${each === value && html` selected`}>${each}</option>`,
      )}</select></label>`;
    case 'many': {
      const given = value?.split(' ') ?? [];
      return html`<fieldset class="control" data-list="${name}" data-testid="set-${name}"><legend>${label}</legend><div class="chips">${kind.of.map(
        (each) =>
          html`<label class="chip"><input type="checkbox" value="${each}"${given.includes(each) && html` checked`}>${each}</label>`,
      )}</div></fieldset>`;
    }
    default:
      return html`<label class="control">${label}<input ${data} type="${kind.kind}" value="${value ?? ''}" autocomplete="off" spellcheck="false"${
        kind.kind === 'text' && kind.example !== undefined && html` placeholder="${kind.example}"`
      }${kind.kind === 'number' && html` min="1"`}${name === 'product' && html` list="products"`}></label>`;
  }
}

export function playgroundPage(visit: Visit): string {
  const { texts, local, href, places, language } = visit;
  const words = texts.playground;
  const all = chosen(visit);
  const current = allSites.find(({ id }) => demoKeys[id].publishable === all.merchant);
  const shops = allSites.map(({ id }) => ({
    ...{ id, merchant: demoKeys[id].publishable, name: local(merchantNames[id]) },
    products: goodsOf({ id } as Site).map((good) => good.id),
  }));
  const site = html`<label class="control"><span>${words.site}</span><select id="site" data-testid="set-site">${shops.map(
    (shop) => html`<option value="${shop.id}"${shop.id === current?.id && html` selected`}>${shop.name}</option>`,
  )}</select></label>
<datalist id="products">${shops.flatMap((shop) => (shop.id === current?.id ? shop.products.map((id) => html`<option value="${id}">`) : []))}</datalist>`;
  const made = (id: string, name: string) =>
    html`<button type="button" class="button quiet small" id="${id}" data-testid="${id}">${name}</button>`;
  const group = (name: keyof typeof controls, before?: Markup, after?: Markup) =>
    html`<details class="card group"${(name === 'what' || name === 'how') && html` open`}><summary>${words[name]}</summary>${before}${Object.entries(
      controls[name],
    ).map(([attribute, kind]) => {
      const value = all[attribute];
      return control(visit, attribute, kind, value === undefined || value === false ? undefined : String(value));
    })}${after}</details>`;
  const said = { shops, server: places.server, private: privateAttributes, language, prevented: words.prevented };
  return pageOf(visit, {
    ...{ title: words.title, checkout: true, scripts: ['copy', 'playground'] },
    main: html`<div class="intro"><h1>${words.title}</h1><p>${words.intro}</p><p><a href="${href('/playground')}">${words.reset}</a></p></div>
<div class="playground">
<form class="controls" id="controls">
${group('what', site, made('make-session', words.makeSession))}
${group('how')}
${group('who', undefined, made('make-token', words.makeToken))}
${group('where')}
${group('more')}
</form>
<div class="stage">
<div class="tools" role="group">${Object.entries(words.methods).map(
      ([name, label]) =>
        html`<button type="button" class="button quiet small" data-call="${name}" data-testid="call-${name}">${label}</button>`,
    )}</div>
${tag(all)}
<section class="card"><div class="bar"><h2>${words.snippet}</h2></div>
<div class="copyable"><pre><code id="snippet" data-testid="snippet"></code></pre>
<button type="button" class="button quiet small" data-copy data-copied="${texts.examples.copied}">${texts.examples.copy}</button></div></section>
<section class="card"><div class="bar"><h2>${words.events}</h2><button type="button" class="button quiet small" id="clear">${words.clear}</button></div>
<label class="control switch"><input type="checkbox" id="prevent" data-testid="prevent"><span>${words.prevent}</span></label>
<ol id="events" data-testid="events" aria-live="polite"></ol><p class="quiet" id="no-events">${words.noEvents}</p></section>
</div></div>
<script type="application/json" id="said">${{ markup: embedJson(said) }}</script>`,
  });
}
