import type { Instant } from '../ops/clock.js';
import type { PaymentDeps } from '../payments/deps.js';
import { type Account, accountsOf } from './accounts.js';
import { comparisonHour, dayOf, hourOf, nextComparison } from './calendar.js';
import type { Comparisons } from './hold.js';
import { type Comparison, comparisonId } from './report.js';

export interface Plan {
  /** Sees to it that every account's next comparison is planned. Asks the store once a day. */
  ahead(): Promise<void>;
  /** Today's comparisons, planned for now if they did not begin yet. Returns their ids. */
  today(): Promise<readonly string[]>;
}

/**
 * Comparisons are planned before their time, so that one which was missed (no server ran) is found like all due work, once, however many days
 * were missed.
 */
export function createPlan(
  comparisons: Comparisons,
  deps: Pick<PaymentDeps, 'merchants' | 'providers' | 'clock'>,
): Plan {
  /** By merchant: until when everything is planned. */
  const planned = new Map<string, Instant>();

  const insert = (account: Account, date: string, scheduledFor: Instant, dueAt: Instant) => {
    const { merchant, provider, channels } = account;
    return comparisons.insert({
      id: comparisonId(merchant.id, provider.name, channels[0].id, date),
      merchant: merchant.id,
      provider: provider.name,
      channels: channels.map(({ id }) => id),
      day: date,
      scheduledFor,
      state: 'waiting',
      findings: [],
      todo: [],
      tries: 0,
      dueAt,
    });
  };

  /** Taken: planned or compared already. */
  const now = async (account: Account): Promise<string> => {
    const { merchant, provider, channels } = account;
    const at = deps.clock.now();
    const date = dayOf(at, merchant.timeZone);
    const id = comparisonId(merchant.id, provider.name, channels[0].id, date);
    const inserted = await insert(account, date, hourOf(date, comparisonHour, merchant.timeZone), at);
    if (inserted.ok) return id;
    const found: Comparison | undefined = await comparisons.get(id);
    // Stale: another server has begun with it.
    if (found && found.state !== 'done' && !found.lease && found.dueAt > at)
      await comparisons.replace({ ...found, dueAt: at });
    return id;
  };

  return {
    async ahead() {
      const at = deps.clock.now();
      for (const merchant of deps.merchants.all()) {
        if ((planned.get(merchant.id) ?? Number.NEGATIVE_INFINITY) > at) continue;
        const next = nextComparison(at, merchant.timeZone);
        for (const account of accountsOf(deps, merchant)) await insert(account, next.day, next.at, next.at);
        planned.set(merchant.id, next.at);
      }
    },
    async today() {
      const accounts = deps.merchants.all().flatMap((merchant) => accountsOf(deps, merchant));
      return Promise.all(accounts.map(now));
    },
  };
}
