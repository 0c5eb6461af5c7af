import type { DueSource } from '../ops/worker.js';
import type { PaymentDeps } from '../payments/deps.js';
import { backoff } from '../payments/due-times.js';
import { createOutages } from '../payments/outages.js';
import { attemptOf, parseOrderId } from '../payments/payment.js';
import type { Settled, Settler } from '../payments/settle.js';
import { noteDoubt } from './doubt.js';
import {
  giveUpAfterMs,
  type InboxCollection,
  type InboxEntry,
  keepMs,
  lookAgainMs,
  type NewEntry,
  processed,
} from './entry.js';
import { isKnown } from './known.js';

export interface WorkDeps extends PaymentDeps {
  readonly inbox: InboxCollection;
  readonly settler: Settler;
  /** This process, as no other is called. */
  readonly owner: string;
}

/**
 * Works the inbox off: each entry brings its attempt to the provider's truth, and is removed long after. It counts as processed only once the
 * provider has answered a lookup that began after it came. Repeated, reordered, or stopped anywhere, an entry is looked at again, never lost.
 */
export function createInboxWork(deps: WorkDeps): DueSource {
  const { inbox, clock } = deps;
  const outages = createOutages(clock);
  /** As `find` read them: what is written tells whether they are still so. */
  const found = new Map<string, InboxEntry>();
  return {
    name: 'provider_webhooks',
    async find(limit) {
      const { docs } = await inbox.find({ index: 'due', range: { to: clock.now() }, limit });
      found.clear();
      // An unsigned one may be another one by then.
      for (const entry of docs) if (entry.signed) found.set(entry.id, entry);
      return docs.map(({ id }) => id);
    },
    async work(id) {
      const read = found.get(id);
      found.delete(id);
      const entry = read ?? (await inbox.get(id));
      if (!entry || entry.dueAt > clock.now()) return false;
      if (entry.state !== 'waiting') return inbox.remove(entry.id, entry.rev);
      // A provider that just left another one unanswered is not asked for each of them.
      if (outages.isOut(entry)) return (await inbox.replace(postponed(deps, entry))).ok;
      const early = await withoutAsking(deps, entry);
      if (early) return (await inbox.replace(early)).ok;
      const leased = await (entry.becomes === undefined ? lease(deps, entry) : takenOver(deps, entry, entry.becomes));
      if (!leased) return false;
      const settled = await settle(deps, leased);
      outages.note(leased, settled);
      if (settled && settled.lookup === undefined) await noteDoubt(deps, leased, settled.payment);
      // Stale: the lease ran out, or a later webhook took its place. Either way somebody else has it.
      await inbox.replace(after(deps, leased, settled));
      return true;
    },
  };
}

const leaseOf = ({ owner, clock, schedule }: WorkDeps) => ({ owner, until: clock.now() + schedule.leaseMs });

/** What becomes of a signed entry for which the provider is not asked, now or at all. */
async function withoutAsking(deps: WorkDeps, entry: InboxEntry): Promise<InboxEntry | undefined> {
  const parsed = entry.orderId === undefined ? undefined : parseOrderId(entry.orderId);
  const payment = entry.signed && parsed && (await deps.payments.get(parsed.payment));
  if (!payment) return undefined;
  const now = deps.clock.now();
  if (isKnown(entry, payment)) return processed(entry, now);
  const heard = deps.settler.heard(payment.id, parsed.attempt, entry.heardAt);
  if (heard === 'not_asked') return { ...entry, dueAt: now + lookAgainMs };
  // Whoever says that a window was opened launches the attempt all the same.
  const isLaunched = attemptOf(payment, parsed.attempt)?.state !== 'prepared';
  return heard === 'known' && isLaunched && !entry.needsSecret ? processed(entry, now) : undefined;
}

/** One compare-and-set: of two servers that found the same entry, the loser does nothing. */
async function lease(deps: WorkDeps, entry: InboxEntry): Promise<InboxEntry | undefined> {
  const mine = leaseOf(deps);
  const written = await deps.inbox.replace({ ...entry, lease: mine, dueAt: mine.until });
  return written.ok ? written.doc : undefined;
}

/**
 * The waiting entry becomes the lasting one of its order, and is removed before anybody is asked: what comes from now on waits anew. The
 * lasting one is written first, so that a stop in between leaves both, and nothing unasked.
 */
async function takenOver(
  deps: WorkDeps,
  { becomes: _, rev, v, ...waiting }: InboxEntry,
  id: string,
): Promise<InboxEntry> {
  for (;;) {
    const before = await deps.inbox.get(id);
    const mine = leaseOf(deps);
    const tries = before?.state === 'waiting' ? Math.max(before.tries, waiting.tries) : waiting.tries;
    // Others may have been folded into it until now: a lookup must begin after this moment.
    const next: NewEntry = { ...waiting, id, tries, heardAt: deps.clock.now(), lease: mine, dueAt: mine.until };
    const written = await (before
      ? deps.inbox.replace({ ...next, rev: before.rev, v: before.v })
      : deps.inbox.insert(next));
    if (!written.ok) continue;
    await deps.inbox.remove(waiting.id, rev);
    return written.doc;
  }
}

async function settle(deps: WorkDeps, { orderId, heardAt, signed }: InboxEntry): Promise<Settled | undefined> {
  const parsed = orderId === undefined ? undefined : parseOrderId(orderId);
  return (
    parsed && deps.settler.settle({ ...parsed, trigger: 'webhook', heardAt, ...(signed && { opened: true as const }) })
  );
}

/** What becomes of the entry. */
function after(deps: WorkDeps, leased: InboxEntry, settled: Settled | undefined): InboxEntry {
  const now = deps.clock.now();
  const { lease: _lease, ...entry } = leased;
  const { secret: _secret, ...done } = entry;
  if (!settled) return { ...done, state: 'unknown_order', dueAt: now + keepMs };
  if (settled.lookup === undefined) return processed(entry, now);
  if (settled.lookup === 'not_asked') return { ...entry, dueAt: now + lookAgainMs };
  if (now - entry.receivedAt >= giveUpAfterMs) return { ...done, state: 'given_up', dueAt: now + keepMs };
  return postponed(deps, entry);
}

function postponed({ schedule, clock }: Pick<WorkDeps, 'schedule' | 'clock'>, entry: InboxEntry): InboxEntry {
  const tries = entry.tries + 1;
  return { ...entry, tries, dueAt: clock.now() + backoff(schedule.unknownBackoffMs, tries) };
}
