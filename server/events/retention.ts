import { type Clock, day } from '../ops/clock.js';
import type { DueSource } from '../ops/worker.js';
import { claimId, type Floor, type StoredEvent } from './event.js';
import { type FeedCollections, floorOf, runFrom } from './feed.js';

export interface RetentionDeps extends FeedCollections {
  readonly clock: Clock;
  /** Whether something is still to be published under that key: its claim must then stay, or it would be told again. */
  readonly untold: (merchant: string, key: string) => Promise<boolean>;
}

/** How long a claim outlives its event. */
export const keepClaimsMs = 30 * day;
/** What can't be removed when its time has come is looked at again after this. */
const lookAgainMs = day;
const batch = 100;

/**
 * Removes what is old, in an order that a stop anywhere leaves readable: the claims are marked, then the floor rises (from there on the
 * events below it are refused to readers), then the events go, and long after them their claims.
 * Never removed: a merchant's newest event, one with a reaction still waiting, and whatever stands above such a one.
 */
export function retentionSources(deps: RetentionDeps): DueSource[] {
  return [
    { name: 'event-retention', find: () => merchantsWithOld(deps), work: (merchant) => trim(deps, merchant) },
    { name: 'event-claims', find: (limit) => oldClaims(deps, limit), work: (id) => removeClaim(deps, id) },
  ];
}

async function merchantsWithOld({ events, clock }: RetentionDeps): Promise<readonly string[]> {
  const { docs } = await events.find({ index: 'expired', range: { to: clock.now() }, limit: batch });
  return [...new Set(docs.map(({ merchant }) => merchant))];
}

async function trim(deps: RetentionDeps, merchant: string): Promise<boolean> {
  const floor = await floorOf(deps, merchant);
  const below = await deps.events.find({
    index: 'by_seq',
    equals: { merchant },
    range: { to: floor },
    limit: batch,
  });
  for (const event of below.docs) await remove(deps, event);
  if (below.docs.length > 0) return true;

  const now = deps.clock.now();
  // Without the last that can be seen: it may be the newest.
  const oldest = (await runFrom(deps, merchant, floor + 1, batch + 1)).slice(0, -1);
  const kept = oldest.findIndex((event) => event.dueAt !== undefined || event.expiresAt > now);
  const old = kept === -1 ? oldest : oldest.slice(0, kept);
  const top = old.at(-1);
  if (!top) {
    await postpone(deps, merchant, now);
    return false;
  }
  for (const event of old) await mark(deps, event, now);
  await raise(deps, merchant, top.seq);
  for (const event of old) await remove(deps, event);
  return true;
}

/** Out of the way of what can be removed. */
async function postpone({ events }: RetentionDeps, merchant: string, now: number): Promise<void> {
  const { docs } = await events.find({ index: 'expired', range: { to: now }, limit: batch });
  for (const event of docs) {
    if (event.merchant === merchant) await events.replace({ ...event, expiresAt: now + lookAgainMs });
  }
}

async function mark({ claims }: RetentionDeps, event: StoredEvent, now: number): Promise<void> {
  for (;;) {
    const claim = await claims.get(claimId(event.merchant, event.key));
    if (!claim || claim.seq !== undefined) return;
    const written = await claims.replace({ ...claim, seq: event.seq, expiresAt: now + keepClaimsMs });
    if (written.ok) return;
  }
}

async function raise({ floors }: RetentionDeps, merchant: string, floor: number): Promise<void> {
  for (;;) {
    const before: Floor | undefined = await floors.get(merchant);
    if (before && before.floor >= floor) return;
    const written = before ? await floors.replace({ ...before, floor }) : await floors.insert({ id: merchant, floor });
    if (written.ok) return;
  }
}

async function remove({ events }: RetentionDeps, event: StoredEvent): Promise<void> {
  let last: StoredEvent | undefined = event;
  while (last && !(await events.remove(last.id, last.rev))) last = await events.get(event.id);
}

async function oldClaims({ claims, clock }: RetentionDeps, limit: number): Promise<readonly string[]> {
  const { docs } = await claims.find({ index: 'expired', range: { to: clock.now() }, limit });
  return docs.map(({ id }) => id);
}

async function removeClaim(deps: RetentionDeps, id: string): Promise<boolean> {
  const now = deps.clock.now();
  const claim = await deps.claims.get(id);
  if (claim?.seq === undefined || claim.expiresAt === undefined || claim.expiresAt > now) return false;
  const floor = await floorOf(deps, claim.merchant);
  const below = floor >= claim.seq && (await runFrom(deps, claim.merchant, claim.seq, 1)).length === 0;
  if (below && !(await deps.untold(claim.merchant, claim.key))) return deps.claims.remove(id, claim.rev);
  await deps.claims.replace({ ...claim, expiresAt: now + lookAgainMs });
  return false;
}
