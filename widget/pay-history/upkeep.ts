import type { MyPaymentRow } from '../../contract/index.js';
import type { ApiFailure } from '../checkout/api.js';
import { History, type HistoryDeps, type TokenReason } from '../history/history.js';
import type { HistorySnapshot } from '../history/page.js';
import { tokenTexts } from '../i18n/token-texts.js';
import { PayErrorEvent } from '../pay-checkout/events.js';
import { PayTokenEvent } from './events.js';
import type { PayHistory } from './pay-history.js';

/** What the element lends. */
export interface Host extends Omit<HistoryDeps, 'onLack'> {
  element: PayHistory;
  /** How a payment stands, in words. */
  standing(row: MyPaymentRow): string;
  locale(): keyof typeof tokenTexts;
}

/** All that comes after the first page, a chunk of its own: news, more, troubles, and what is said of them to page and shopper. */
export class Upkeep extends History {
  readonly #host: Host;
  /** What changed last, for those who don't see it. */
  news = '';
  /** What is said where no token is good. */
  signIn = '';

  constructor(host: Host) {
    super({ ...host, onLack: (...what) => void this.#ask(...what) });
    this.#host = host;
  }

  /** Called with each change. */
  heed(before: HistorySnapshot, { rows, failure, trouble }: HistorySnapshot): void {
    if (failure && failure !== before.failure) this.#tell(failure, trouble === 'mistake');
    if (!rows || !before.rows || rows === before.rows || before.more === 'loading') return;
    const { standing } = this.#host;
    const known = new Map(before.rows.map((row) => [row.id, standing(row)]));
    const news = rows.filter((row) => known.get(row.id) !== standing(row));
    if (news.length > 0) this.news = news.map((row) => `${row.orderName}: ${standing(row)}`).join('. ');
  }

  #tell({ code, message: detail }: ApiFailure, isMistake: boolean): void {
    const event = new PayErrorEvent({ kind: isMistake ? 'mistake' : 'unavailable', code, detail });
    const { element } = this.#host;
    if (element.dispatchEvent(event) && isMistake) console.error(`<${element.localName}> ${code}: ${detail}`);
  }

  /** The page may answer at once, later, or by the property. */
  async #ask(reason: TokenReason, detail: string, isTooOften: boolean): Promise<void> {
    const { element, locale, now, show } = this.#host;
    const before = element.customerToken;
    this.signIn = tokenTexts[locale()][reason === 'missing' ? 'signIn' : 'signInAgain'];
    const event = new PayTokenEvent({ reason, detail });
    const isLeft = isTooOften || element.dispatchEvent(event);
    if (!isLeft && !event.answer) return;
    const token = isLeft ? undefined : await event.answer?.catch(() => undefined);
    // Somebody else was faster.
    if (element.customerToken !== before) return;
    if (typeof token === 'string' && token && token !== before) element.customerToken = token;
    else show({ ...now(), trouble: 'token' });
  }
}
