import type { Request } from 'express';
import type { LocalText } from '../../contract/index.js';
import { type Language, languageOf } from '../sandbox/html.js';
import { type ShopTexts, shopTexts } from './texts.js';

/** How a browser reaches the others. */
export interface Places {
  readonly server: string;
  readonly sandbox: string;
  /** The item shop, which has an origin of its own. */
  readonly items: string;
}

/** One request for a page, as the pages need it. */
export interface Visit {
  readonly language: Language;
  readonly texts: ShopTexts;
  readonly places: Places;
  /** The shop as this browser reaches it. */
  readonly origin: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** An address of the shop in the language of this visit. */
  href(path: string): string;
  /** What a text says in the language of this visit. */
  local(text: LocalText): string;
}

export function visitOf(req: Request, places: Places): Visit {
  // Korean shops: English is asked for by its link, not guessed from the browser.
  const language = req.query.lang === undefined ? 'ko' : languageOf(req);
  const origin = `${req.protocol}://${req.get('host')}`;
  const { pathname, searchParams } = new URL(req.originalUrl, origin);
  return {
    ...{ language, places, origin, path: pathname, query: searchParams },
    texts: shopTexts[language],
    href: (path) => (language === 'ko' ? path : `${path}${path.includes('?') ? '&' : '?'}lang=en`),
    local: (text) => (language === 'en' ? (text.en ?? text.ko) : text.ko),
  };
}
