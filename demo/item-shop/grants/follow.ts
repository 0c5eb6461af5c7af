import { setTimeout as sleep } from 'node:timers/promises';
import { type PayServer, PayServerError } from '../pay-server.js';
import type { Ledger } from './ledger.js';

export interface Following {
  readonly server: Pick<PayServer, 'events' | 'payments' | 'payment'>;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  /** After a failure. */
  readonly pauseMs?: number;
  /** Hears of what did not work; it is tried again all the same. */
  readonly report?: (error: unknown) => void;
}

/**
 * Reads the merchant's feed until the signal ends it, from where this shop, or another process of it, has read to. Whatever fails is tried
 * again, and nothing is skipped: an event that can't be counted holds up those after it.
 */
export async function followFeed({ server, ledger, signal, pauseMs = 1_000, report }: Following): Promise<void> {
  while (!signal.aborted) {
    try {
      await readOn({ server, ledger, signal });
    } catch (error) {
      if (signal.aborted) return;
      report?.(error);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Counts one page; at the feed's end, compares the payments if the feed was begun anew. */
async function readOn({ server, ledger, signal }: Pick<Following, 'server' | 'ledger' | 'signal'>): Promise<void> {
  const from = ledger.cursor();
  const due = ledger.toCompare();
  // With a comparison to make, the end of the feed is not waited for.
  const page = await server.events(from, { wait: due === undefined ? 25 : 0, signal }).catch((error: unknown) => {
    // A cursor from before what is kept, or of another life of the server.
    if (error instanceof PayServerError && (error.status === 410 || error.status === 400)) ledger.forget(from);
    throw error;
  });
  ledger.count({ from, events: page.data, next: page.next });
  if (page.data.length === 0 && due !== undefined) await compare({ server, ledger, signal }, due);
}

/**
 * What the feed no longer tells: every payment is looked at, and one that stands otherwise than was counted is counted as it stands. `after`:
 * where the feed was read to before; what it tells from there on counts over this.
 */
async function compare(
  { server, ledger, signal }: Pick<Following, 'server' | 'ledger' | 'signal'>,
  after: string,
): Promise<void> {
  let next: string | undefined;
  do {
    const page = await server.payments(next, signal);
    for (const row of page.data) {
      if (ledger.agrees(row)) continue;
      const payment = await server.payment(row.id, signal);
      if (payment && !ledger.agrees(payment)) ledger.state(after, payment);
    }
    next = page.next;
  } while (next !== undefined);
  ledger.compared(after);
}
