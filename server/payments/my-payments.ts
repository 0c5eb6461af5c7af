import { createHash } from 'node:crypto';
import type { MyPayments } from '../../contract/index.js';
import type { Merchant } from '../merchants/merchant.js';
import { second } from '../ops/clock.js';
import type { PaymentDeps } from './deps.js';
import { findPayments } from './history.js';
import { myPaymentRow } from './views.js';
import { customerOf } from './watch.js';

export interface MyQuery {
  readonly merchant: Merchant;
  readonly customer: string;
  readonly begun?: boolean;
  readonly limit: number;
  readonly after?: string;
}

export interface Waiting {
  /** The `version` that the caller has; absent: the answer comes at once. */
  readonly seen: string | undefined;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** How often a waiter reads by itself: other servers' writes, and what the clock changes, are not heard here. */
const lookAgainMs = 5 * second;

/**
 * A page of a shopper's own payments, newest first: as it stands, or, where the caller has just that already, as soon as it shows anything
 * else, or when the time is up or the server stops. Nothing is kept for whoever waits: the page's name is made of what it shows, so that
 * any server knows whether it is news, and a write that shows nothing (a lease, a lookup without an answer) is none.
 */
export async function myPayments(deps: PaymentDeps, query: MyQuery, waiting: Waiting): Promise<MyPayments> {
  const { seen, seconds, signal } = waiting;
  // Waiting is measured in real time, whatever the clock says that dates payments.
  const until = performance.now() + seconds * second;
  for (;;) {
    const left = until - performance.now();
    if (seen === undefined || left <= 0 || signal.aborted) return pageOf(deps, query);
    // Listens before it reads: what is written in between is heard.
    const enough = new AbortController();
    const news = deps.watch.next(
      customerOf(query.merchant.id, query.customer),
      Math.min(left, lookAgainMs),
      AbortSignal.any([signal, enough.signal]),
    );
    const page = await pageOf(deps, query).catch((error: unknown) => {
      enough.abort();
      throw error;
    });
    if (page.version !== seen) {
      enough.abort();
      return page;
    }
    await news;
  }
}

async function pageOf({ payments, clock }: PaymentDeps, query: MyQuery): Promise<MyPayments> {
  const now = clock.now();
  const { merchant } = query;
  const { data, next } = await findPayments(payments, { ...query, merchant: merchant.id }, now);
  const rows = data.map((payment) => myPaymentRow(payment, now, merchant.shopperCancels));
  const shown = { data: rows, ...(next !== undefined && { next }) };
  const version = createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22);
  return { ...shown, version };
}
