import type { Clock } from '../ops/clock.js';
import { minute } from '../ops/clock.js';
import { without } from '../payments/payment.js';
import type { Collection } from '../store/store.js';
import type { Comparison, comparisons } from './report.js';

export type Comparisons = Collection<Comparison, (typeof comparisons)['indexes']>;

/** How long a comparison stays with a server that gives no sign of life. */
export const leaseMs = 5 * minute;

/** It is ours no more: our lease was over and somebody else is at it, or this server is stopping. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** A comparison that is this server's to work on. Every write is made on the revision that was read last, so that only one server gets on. */
export interface Hold {
  readonly doc: Comparison;
  /** Throws `Lost`. The lease starts anew. */
  write(next: Comparison): Promise<void>;
  /** Says that we are still at it, when half of the lease is over. Throws `Lost`, also when this server is stopping. */
  keep(): Promise<void>;
  /** The last write: nobody's any more. */
  release(next: Comparison): Promise<void>;
}

/** Undefined: it is not due, or another server was faster. */
export async function take(
  comparisons: Comparisons,
  clock: Clock,
  owner: string,
  id: string,
  isStopping: () => boolean = () => false,
): Promise<Hold | undefined> {
  const found = await comparisons.get(id);
  if (!found || found.dueAt > clock.now()) return undefined;
  const held = (doc: Comparison): Comparison => {
    const until = clock.now() + leaseMs;
    return { ...doc, lease: { owner, until }, dueAt: until };
  };
  const taken = await comparisons.replace(held(found));
  if (!taken.ok) return undefined;
  let doc = taken.doc;
  const replace = async (next: Comparison) => {
    const written = await comparisons.replace({ ...next, rev: doc.rev });
    if (!written.ok) throw new Lost();
    doc = written.doc;
  };
  return {
    get doc() {
      return doc;
    },
    write: (next) => replace(held(next)),
    async keep() {
      if (isStopping()) throw new Lost();
      if (clock.now() > doc.dueAt - leaseMs / 2) await replace(held(doc));
    },
    release: (next) => replace(without(next, 'lease') as Comparison),
  };
}
