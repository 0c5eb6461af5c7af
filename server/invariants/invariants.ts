import { eventFloors, events } from '../events/event.js';
import type { Job } from '../http/jobs.js';
import { type Clock, hour, type Instant, minute } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { DueSource } from '../ops/worker.js';
import { payments } from '../payments/payment.js';
import type { Schedule } from '../payments/schedule.js';
import { type Collection, type Definition, type Doc, define, type Store } from '../store/store.js';
import { type CheckDeps, checkDue, checkFeeds, checkPayments, type DueIndex } from './checks.js';
import type { Bounds, Finding } from './finding.js';

/** When the books are checked next, and who is at it: one document for all servers. */
interface CheckDoc extends Doc {
  readonly dueAt: Instant;
}

const invariantChecks = define<CheckDoc>()({
  name: 'invariant_checks',
  version: 1,
  indexes: { due: { keys: ['dueAt'] } },
});

/** Every collection of this room. */
export const invariantDefinitions = [invariantChecks];

export interface InvariantDeps {
  readonly store: Store;
  /** Whose payments and feeds are looked at. */
  readonly merchants: { all(): readonly { readonly id: string }[] };
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Logger;
  /** Collections with due work: each has an index `due` over `dueAt`. */
  readonly due: readonly DueDefinition[];
}

type DueDefinition = Definition<
  Doc & { readonly dueAt?: Instant },
  { readonly due: { readonly keys: readonly ['dueAt'] } }
>;

export interface InvariantReport {
  readonly ok: boolean;
  readonly checkedAt: string;
  readonly invariants: readonly Finding[];
}

export interface Invariants {
  /** Looks at everything, within bounds. Callers at the same time share one look. */
  check(): Promise<InvariantReport>;
  /** Checks now and logs what is broken. Returns how many violations there are. */
  readonly job: Job;
  /** The same once an hour, over all servers. */
  readonly source: DueSource;
}

const everyMs = hour;
/** If the server that checks dies, another does it after so long. */
const leaseMs = 5 * minute;
/** Of real time, for one check. */
const budgetMs = 5_000;
const maxDocuments = 5_000;
const checkId = 'hourly';

/** What must always hold, looked at in the stored documents themselves: changes nothing, mends nothing. */
export function createInvariants(deps: InvariantDeps): Invariants {
  const { store, merchants, clock, schedule, log } = deps;
  const checkDeps: CheckDeps = {
    payments: store.collection(payments),
    events: store.collection(events),
    floors: store.collection(eventFloors),
    due: deps.due.map((definition) => dueIndex(definition.name, store.collection(definition))),
    ...{ clock, schedule },
  };
  const checks = store.collection(invariantChecks);
  let looking: Promise<InvariantReport> | undefined;
  let isPlanned = false;

  const check = async (): Promise<InvariantReport> => {
    const at = clock.now();
    const end = performance.now() + budgetMs;
    const bounds: Bounds = { documents: maxDocuments, isOver: () => performance.now() > end };
    const all = rotated(merchants.all(), Math.floor(at / everyMs));
    const invariants = [
      ...(await checkDue(checkDeps)),
      ...(await checkPayments(checkDeps, all, bounds)),
      ...(await checkFeeds(checkDeps, all, bounds)),
    ];
    const ok = invariants.every(({ violations }) => violations === 0);
    return { ok, checkedAt: new Date(at).toISOString(), invariants };
  };
  const shared = () => {
    looking ??= check().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const job = async (): Promise<number> => {
    const { invariants } = await shared();
    const broken = invariants.filter(({ violations }) => violations > 0);
    for (const { name, violations, samples } of broken) {
      log.error('invariant_violated', { invariant: name, count: violations, reason: samples.join(', ') });
    }
    return broken.reduce((sum, { violations }) => sum + violations, 0);
  };
  return {
    check: shared,
    job,
    source: {
      name: 'invariants',
      async find(limit) {
        if (!isPlanned) await checks.insert({ id: checkId, dueAt: clock.now() + everyMs });
        isPlanned = true;
        const { docs } = await checks.find({ index: 'due', range: { to: clock.now() }, limit });
        return docs.map(({ id }) => id);
      },
      async work(id) {
        const found = await checks.get(id);
        const now = clock.now();
        if (!found || found.dueAt > now) return false;
        const taken = await checks.replace({ ...found, dueAt: now + leaseMs });
        if (!taken.ok) return false;
        await job();
        await checks.replace({ ...taken.doc, dueAt: now + everyMs });
        return true;
      },
    },
  };
}

/** With more merchants than there is time for, each is looked at first once in a while. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => {
  const start = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
};

const dueIndex = (
  name: string,
  collection: Collection<Doc & { readonly dueAt?: Instant }, DueDefinition['indexes']>,
): DueIndex => ({
  name,
  async overdue(before, limit) {
    const { docs } = await collection.find({ index: 'due', range: { to: before }, limit });
    return docs.map(({ id }) => id);
  },
});
