import type { Request } from 'express';
import type { LocalText } from '../../contract/index.js';
import { type Language, languageOf } from '../sandbox/html.js';
import type { Person } from './accounts/people.js';
import { type ItemShopTexts, itemShopTexts } from './texts.js';

/** How a browser reaches the others. */
export interface Places {
  readonly server: string;
  /** Where the payment companies' scripts and windows come from; here, all from the sandbox. */
  readonly sandbox: string;
}

/** One request for a page, as the pages need it. */
export interface Visit {
  readonly language: Language;
  readonly texts: ItemShopTexts;
  readonly places: Places;
  /** The shop as this browser reaches it. */
  readonly origin: string;
  /** With the query. */
  readonly here: string;
  readonly query: URLSearchParams;
  readonly person: Person | undefined;
  /** An address of the shop in the language of this visit. */
  href(path: string): string;
  /** What a text says in the language of this visit. */
  local(text: LocalText): string;
}

export function visitOf(req: Request, places: Places, person: Person | undefined): Visit {
  // A Korean shop: English is asked for by its link, not guessed from the browser.
  const language = req.query.lang === undefined ? 'ko' : languageOf(req);
  const origin = `${req.protocol}://${req.get('host')}`;
  return {
    ...{ language, places, origin, person, here: req.originalUrl },
    query: new URL(req.originalUrl, origin).searchParams,
    texts: itemShopTexts[language],
    href: (path) => (language === 'ko' ? path : `${path}${path.includes('?') ? '&' : '?'}lang=en`),
    local: (text) => (language === 'en' ? (text.en ?? text.ko) : text.ko),
  };
}
