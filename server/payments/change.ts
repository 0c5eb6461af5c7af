import { conclude } from './conclude.js';
import type { PaymentDeps } from './deps.js';
import type { Payment, Trigger } from './payment.js';

/** A pure decision: the next payment, the same one (nothing to write), or a refusal of the caller's own type. */
export type Decision<R> = { readonly ok: true; readonly payment: Payment } | { readonly ok: false; readonly why: R };

/** Writes a next version made from what was read. Undefined: someone else wrote first; what was decided from is old. */
export async function write(
  deps: PaymentDeps,
  before: Payment,
  after: Payment,
  trigger: Trigger,
): Promise<Payment | undefined> {
  const next = conclude(before, after, { now: deps.clock.now(), trigger, schedule: deps.schedule });
  if (next === before) return before;
  const replaced = await deps.payments.replace(next);
  if (!replaced.ok) return undefined;
  announce(deps, before, replaced.doc, trigger);
  return replaced.doc;
}

/**
 * Read, decide, replace; the loser of a race starts again at the read. Undefined: there is no such payment. Safe to repeat: the decision
 * must see by itself that its work is done.
 */
export async function change<R>(
  deps: PaymentDeps,
  id: string,
  trigger: Trigger,
  decide: (payment: Payment) => Decision<R>,
): Promise<Decision<R> | undefined> {
  for (;;) {
    const payment = await deps.payments.get(id);
    if (!payment) return undefined;
    const decided = decide(payment);
    if (!decided.ok) return decided;
    const written = await write(deps, payment, decided.payment, trigger);
    if (written) return { ok: true, payment: written };
  }
}

function announce({ watch, log }: PaymentDeps, before: Payment, after: Payment, trigger: Trigger): void {
  watch.written(after, trigger);
  const about = { payment: after.id, merchant: after.merchant, trigger };
  if (before.status !== after.status) log.info('payment_changed', { ...about, from: before.status, to: after.status });
  if (after.attention && after.attention !== before.attention)
    log.error('payment_needs_attention', { ...about, attention: after.attention });
}
