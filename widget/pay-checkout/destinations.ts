import { warn } from './attributes.js';

/** Where the page wants the shopper to go. */
export interface Destinations {
  success?: string | undefined;
  fail?: string | undefined;
  cancel?: string | undefined;
}

/** An address that a shopper may be sent to: `javascript:` and the like are refused. */
export function addressOf(name: string, value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (URL.canParse(value, document.baseURI)) {
    const { protocol, href } = new URL(value, document.baseURI);
    if (protocol === 'https:' || protocol === 'http:') return href;
  }
  warn(`${name}="${value}" is refused; expected an http or https address`);
  return undefined;
}
