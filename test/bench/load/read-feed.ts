import type { EventPage } from '../../../contract/index.js';
import { shop } from '../settings.js';
import type { Http } from './http.js';

export interface ReadFeed {
  readonly url: string;
  /** Events of a page. */
  readonly limit: number;
}

export interface FeedRead {
  readonly count: number;
  readonly perSecond: number;
}

const headers = { authorization: `Bearer ${shop.secretKey}` };

/** One consumer from the oldest event to the end, page after page. Rejects when a place is left out or comes twice. */
export async function readFeed(http: Http, { url, limit }: ReadFeed): Promise<FeedRead> {
  const start = performance.now();
  let count = 0;
  for (let after = ''; ; ) {
    const page = JSON.parse(await http.get(url, `/api/v1/events?limit=${limit}${after}`, headers)) as EventPage;
    for (const { id } of page.data) {
      count++;
      if (Number(id.slice(-12)) !== count) throw new Error(`place ${count} of the feed is ${id}`);
    }
    if (page.data.length === 0) return { count, perSecond: (count * 1_000) / (performance.now() - start) };
    after = `&after=${page.next}`;
  }
}
