import { setTimeout as sleep } from 'node:timers/promises';
import type { EventView } from '../../../contract/index.js';
import type { MerchantId } from '../../config/keys.js';
import { type Backend, BackendError } from '../backend.js';
import type { Orders } from './orders.js';

export interface Following {
  readonly site: MerchantId;
  readonly backend: Pick<Backend, 'events' | 'payment'>;
  readonly orders: Orders;
  readonly signal: AbortSignal;
  /** After a failure. */
  readonly pauseMs?: number;
}

/** Reads one merchant's feed until the signal ends it, from where it was read to before. Whatever fails is tried again; nothing is skipped. */
export async function followFeed({ site, backend, orders, signal, pauseMs = 1_000 }: Following): Promise<void> {
  while (!signal.aborted) {
    try {
      const page = await backend.events(site, orders.cursor(site), signal);
      await meetAll(page.data);
      await orders.count(site, page.data, page.next);
    } catch (error) {
      if (signal.aborted) return;
      // A cursor of another life of the server, or one from before what is kept.
      if (error instanceof BackendError && (error.status === 400 || error.status === 410)) orders.forgetCursor(site);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** An event names its payment, no more: what was bought is asked for, where it is not known. */
  async function meetAll(events: readonly EventView[]): Promise<void> {
    for (const { about } of events) {
      if (about.payment === undefined || orders.ofPayment(about.payment)) continue;
      const payment = await backend.payment(site, about.payment);
      if (payment) await orders.meet(site, payment);
    }
  }
}
