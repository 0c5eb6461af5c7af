import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from '../../../server/events/feed.js';

/** An event as a reader met it. */
export interface Met {
  readonly seq: number;
  readonly key: string;
}

/** Reads a feed from its beginning, while it is written, until the end is reached after `written`. */
export async function follow(feed: Feed, merchant: string, written: Promise<unknown>): Promise<readonly Met[]> {
  const met: Met[] = [];
  let over = false;
  const end = () => {
    over = true;
  };
  written.then(end, end);
  for (let after: string | undefined; ; ) {
    const last = over;
    const page = await feed.read({ merchant, limit: 500, ...(after !== undefined && { after }) });
    met.push(...page.events.map(({ seq, key }) => ({ seq, key })));
    after = page.next;
    if (page.events.length > 0) continue;
    if (last) return met;
    await sleep(5);
  }
}

/** What a reader met that breaks the feed's promises, in words: a gap, a key lost or told twice, a payment's events in another order. */
export function brokenPromises(met: readonly Met[], payments: readonly (readonly string[])[]): string[] {
  const broken: string[] = [];
  for (const [index, { seq }] of met.entries()) if (seq !== index + 1) broken.push(`place ${index + 1} was ${seq}`);
  const places = new Map<string, number[]>();
  for (const { seq, key } of met) places.set(key, [...(places.get(key) ?? []), seq]);
  for (const keys of payments) {
    const first = keys.map((key) => places.get(key)?.[0] ?? 0);
    for (const key of keys) {
      const times = places.get(key)?.length ?? 0;
      if (times !== 1) broken.push(`${key} was told ${times} times`);
    }
    if (first.some((place, index) => place < (first[index - 1] ?? 0))) broken.push(`${keys[0]}: the order is another`);
  }
  if (places.size > payments.flat().length) broken.push('there are events that nobody published');
  return broken;
}
