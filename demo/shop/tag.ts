import { demoKeys } from '../config/keys.js';
import { escapeHtml } from '../sandbox/html.js';
import { attributes, html, type Markup } from './markup.js';
import type { Site } from './sites.js';
import type { Visit } from './visit.js';

export type TagAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The element as a site owner writes it. */
export const tag = (all: TagAttributes, inside?: Markup): Markup =>
  html`<pay-checkout${attributes(all)}>${inside}</pay-checkout>`;

export const sold = (site: Site, product: string): TagAttributes => ({
  merchant: demoKeys[site.id].publishable,
  product,
});

/** The same as text, to be copied: with the script, an attribute on each line where there are many. */
export function snippet({ places }: Visit, all: TagAttributes, { nonce }: { nonce?: string } = {}): string {
  const written = Object.entries(all)
    .filter(([, value]) => value !== undefined && value !== false && value !== '')
    .map(([name, value]) => (value === true ? name : `${name}="${escapeHtml(String(value))}"`));
  const open = written.length > 3 ? `\n  ${written.join('\n  ')}\n` : ` ${written.join(' ')}`;
  const key = nonce === undefined ? '' : ` nonce="${nonce}"`;
  return `<script async src="${places.server}/pay-checkout.js"${key}></script>\n<pay-checkout${open}></pay-checkout>`;
}

/** A folded box with the code of the page. */
export const codeBox = ({ texts }: Visit, code: string): Markup => html`<details class="code">
<summary>${texts.examples.code}</summary>
<pre><code>${code}</code></pre>
<button type="button" class="small" data-copy data-copied="${texts.examples.copied}">${texts.examples.copy}</button>
</details>`;
