import { unanswered } from './attempts.js';
import { change, write } from './change.js';
import { closeStep } from './close-work.js';
import { nextClosing } from './closing.js';
import type { PaymentDeps } from './deps.js';
import { createOutages, type Outages } from './outages.js';
import type { Attempt, Lease, Payment } from './payment.js';
import { refundStep } from './refund-work.js';
import { nextRefundStep } from './refunds.js';
import type { Settler } from './settle.js';

/** One payment's refunds in one go; what is left waits for its own due time. */
const maxRefundSteps = 5;

export interface DuePayments {
  /** Ids of payments with anything to do now, the longest waiting first. */
  find(limit: number): Promise<readonly string[]>;
  /** Takes the lease and does all that is due. False: another server has it, or there was nothing to do. */
  work(id: string): Promise<boolean>;
  /** Resolves when nothing is under way here. */
  idle(): Promise<void>;
}

/** Everything that a crash, an unreachable provider or a closed window left over is found by one index and finished here. */
export function createDuePayments(deps: PaymentDeps, settler: Settler, owner: string): DuePayments {
  const working = new Set<Promise<boolean>>();
  const outages = createOutages(deps.clock);
  /** As `find` read them: the lease's write tells whether they are still so. */
  const found = new Map<string, Payment>();
  const work = async (id: string): Promise<boolean> => {
    const read = found.get(id);
    found.delete(id);
    const leased = await lease(deps, id, owner, read);
    if (!leased) return false;
    // Whatever throws leaves the lease as it is: its end is the pause before the next try.
    const looked = await lookUpDue(deps, settler, outages, leased);
    // Mostly there is only something to tell. What was just written need not be read again for that.
    const onlyTells =
      !looked && nextRefundStep(leased, deps.schedule) === undefined && !leased.attempts.some(isToClose);
    if (!onlyTells) {
      await closeDue(deps, settler, id);
      for (let step = 0; step < maxRefundSteps; step++) if (!(await refundStep(deps, outages, id))) break;
    }
    const payment = (onlyTells ? undefined : await deps.payments.get(id)) ?? leased;
    const told = await tell(deps, payment);
    await release(deps, payment, leased.lease as Lease, told);
    return true;
  };
  return {
    async find(limit) {
      const { docs } = await deps.payments.find({ index: 'due', range: { to: deps.clock.now() }, limit });
      found.clear();
      for (const payment of docs) found.set(payment.id, payment);
      return docs.map((payment) => payment.id);
    },
    async work(id) {
      const done = work(id);
      working.add(done);
      try {
        return await done;
      } finally {
        working.delete(done);
      }
    },
    async idle() {
      await Promise.allSettled(working);
    },
  };
}

/** One compare-and-set: of two servers that found the same payment, the loser does nothing. It frees itself after `leaseMs`. */
async function lease(
  deps: PaymentDeps,
  id: string,
  owner: string,
  read: Payment | undefined,
): Promise<Payment | undefined> {
  const now = deps.clock.now();
  const isDue = ({ dueAt }: Payment) => dueAt !== undefined && dueAt <= now;
  const leased = (payment: Payment): Payment => ({
    ...payment,
    lease: { owner, fence: payment.rev, until: now + deps.schedule.leaseMs },
  });
  const written = read && isDue(read) ? await write(deps, read, leased(read), 'due') : undefined;
  if (written) return written;
  const taken = await change<'busy'>(deps, id, 'due', (payment) =>
    isDue(payment) ? { ok: true, payment: leased(payment) } : { ok: false, why: 'busy' },
  );
  return taken?.ok ? taken.payment : undefined;
}

/** Publishes what is to be told, in its order. Returns the keys that are in the feed for certain. */
async function tell(deps: PaymentDeps, payment: Payment): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const entry of payment.outbox) {
    await deps.publish(payment, entry);
    told.add(entry.key);
  }
  return told;
}

async function release(
  deps: PaymentDeps,
  read: Payment,
  { owner, fence }: Lease,
  told: ReadonlySet<string>,
): Promise<void> {
  const released = (payment: Payment): Payment => {
    const outbox = payment.outbox.filter((entry) => !told.has(entry.key));
    const lighter = outbox.length === payment.outbox.length ? payment : { ...payment, outbox };
    if (payment.lease?.owner !== owner || payment.lease.fence !== fence) return lighter;
    const { lease: _done, ...free } = lighter;
    return free;
  };
  if (await write(deps, read, released(read), 'due')) return;
  await change<never>(deps, read.id, 'due', (payment) => ({ ok: true, payment: released(payment) }));
}

const isToClose = (attempt: Attempt): boolean => nextClosing(attempt) !== undefined;

async function closeDue(deps: PaymentDeps, settler: Settler, id: string): Promise<void> {
  const payment = await deps.payments.get(id);
  for (const attempt of payment?.attempts ?? []) {
    if (isToClose(attempt)) await closeStep(deps, settler, id, attempt.no);
  }
}

/**
 * True: somebody was asked, and the payment may be another one now. A provider that just left another payment unanswered is not asked for
 * each of them: its time-outs would keep all others waiting.
 */
async function lookUpDue(deps: PaymentDeps, settler: Settler, outages: Outages, payment: Payment): Promise<boolean> {
  const { id, merchant } = payment;
  const now = deps.clock.now();
  const due = payment.attempts.filter(({ nextLookupAt }) => nextLookupAt !== undefined && nextLookupAt <= now);
  for (const { no, provider } of due) {
    if (outages.isOut({ merchant, provider })) {
      await change<never>(deps, id, 'due', (current) => ({ ok: true, payment: unanswered(current, no, now) }));
    } else outages.note({ merchant, provider }, await settler.settle({ payment: id, attempt: no, trigger: 'due' }));
  }
  return due.length > 0;
}
