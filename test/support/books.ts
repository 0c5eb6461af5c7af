import type { Books } from '../../demo/sandbox/record.js';
import { events } from '../../server/events/event.js';
import { createInvariants } from '../../server/invariants/invariants.js';
import type { Instant } from '../../server/ops/clock.js';
import { silentLogger } from '../../server/ops/logging.js';
import { isBusy, type Payment, payments } from '../../server/payments/payment.js';
import { defaultSchedule } from '../../server/payments/schedule.js';
import type { World } from './world.js';

/** Everything there is, by the merchant index. */
export async function allPayments(world: Pick<World, 'store'>, merchants = ['blog', 'other']): Promise<Payment[]> {
  const found: Payment[] = [];
  for (const merchant of merchants) {
    let after: string | undefined;
    do {
      const page = await world.store
        .collection(payments)
        .find({ index: 'by_merchant', equals: { merchant }, limit: 500, ...(after !== undefined && { after }) });
      found.push(...page.docs);
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}

/**
 * Compares our books with the provider's after the due work ran dry. Returns what is wrong, in words; nothing when they agree: every
 * charge is a paid payment exactly once, or went back whole, or waits for the buyer's account; every paid payment has exactly its charge.
 */
export function disagreements(all: readonly Payment[], books: Books): string[] {
  const wrong: string[] = [];
  const received = [...books.charges, ...books.deposits];
  for (const { record, orderId, amount } of received) {
    const owner = all.find((payment) => orderId.startsWith(`${payment.id}_`));
    if (!owner) {
      wrong.push(`${orderId}: money without a payment`);
      continue;
    }
    const back = books.cancellations.filter((one) => one.record === record).reduce((sum, one) => sum + one.amount, 0);
    const pays = owner.paidBy?.record === record;
    const waits = owner.refunds.some((refund) => refund.record === record && refund.state === 'needs_account');
    if (pays && amount !== owner.amount) wrong.push(`${owner.id}: paid ${amount}, price ${owner.amount}`);
    if (pays && back !== owner.refundedAmount)
      wrong.push(`${owner.id}: ${back} went back, we say ${owner.refundedAmount}`);
    if (!pays && back !== amount && !waits)
      wrong.push(`${orderId}: ${amount} taken, ${back} given back, nothing sold for it`);
    if (back > amount) wrong.push(`${orderId}: more given back than taken`);
  }
  for (const payment of all) {
    const { paidBy } = payment;
    const charges = received.filter((one) => one.record === paidBy?.record).length;
    if (paidBy && !paidBy.reversed && charges !== 1)
      wrong.push(`${payment.id}: ${payment.status} with ${charges} charges`);
    if (!paidBy && ['paid', 'partially_refunded', 'refunded'].includes(payment.status)) {
      wrong.push(`${payment.id}: ${payment.status} by nothing`);
    }
    if (payment.attempts.some(isBusy)) wrong.push(`${payment.id}: still busy`);
    if (payment.dueAt !== undefined) wrong.push(`${payment.id}: still due at ${payment.dueAt}`);
    if (payment.refunds.some(({ state }) => !['done', 'failed', 'needs_account'].includes(state))) {
      wrong.push(`${payment.id}: a refund is not finished`);
    }
  }
  return wrong;
}

/**
 * Compares what the merchants heard with what happened. Returns what is wrong, in words: every sale is told once, nothing is told that
 * did not happen, and nothing is left to tell.
 */
export async function mistold(world: Pick<World, 'store'>, all: readonly Payment[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const payment of all) {
    const told = await eventsOf(world, payment);
    const sales = told.filter(({ type }) => type === 'payment.paid').length;
    const sold = payment.transitions.some(({ what, to }) => what === 'payment' && to === 'paid') ? 1 : 0;
    if (sales !== sold) wrong.push(`${payment.id}: sold ${sold} times, told ${sales} times`);
    if (new Set(told.map(({ key }) => key)).size !== told.length) wrong.push(`${payment.id}: a key was told twice`);
    if (payment.outbox.length > 0) wrong.push(`${payment.id}: ${payment.outbox.length} events are still to be told`);
  }
  return wrong;
}

/** Events of one payment, in the order of the feed. */
export async function eventsOf(world: Pick<World, 'store'>, payment: Payment) {
  const found = [];
  let after: string | undefined;
  do {
    const page = await world.store.collection(events).find({
      index: 'by_seq',
      equals: { merchant: payment.merchant },
      limit: 1_000,
      ...(after !== undefined && { after }),
    });
    found.push(...page.docs.filter(({ about }) => about.payment === payment.id));
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Which invariants the stored documents break at that time, each with samples; nothing when all hold. */
export async function brokenInvariants({ store }: Pick<World, 'store'>, now: Instant, merchants = ['blog', 'other']) {
  const { check } = createInvariants({
    ...{ store, clock: { now: () => now }, log: silentLogger, schedule: defaultSchedule },
    merchants: { all: () => merchants.map((id) => ({ id })) },
    due: [payments, events],
  });
  const { invariants } = await check();
  return invariants.filter(({ violations }) => violations > 0);
}
