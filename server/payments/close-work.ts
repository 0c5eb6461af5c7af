import { change, write } from './change.js';
import { accountRecord, closingAnswered, closingKey, closingSent, nextClosing } from './closing.js';
import { type PaymentDeps, placeOf } from './deps.js';
import { attemptOf, type Closing, withAttempt } from './payment.js';
import type { Settler } from './settle.js';

/**
 * Works on the closing of one attempt's account if it is due: one call, its outcome, and then a look at what became of the account. Dying
 * anywhere in between leaves a closing that is due again, or an attempt that is looked up in its turn.
 */
export async function closeStep(deps: PaymentDeps, settler: Settler, id: string, no: number): Promise<void> {
  const { clock, schedule } = deps;
  const payment = await deps.payments.get(id);
  const attempt = payment && attemptOf(payment, no);
  if (!payment || !attempt?.closing || (nextClosing(attempt) ?? Number.POSITIVE_INFINITY) > clock.now()) return;
  const place = placeOf(deps, payment, attempt);
  const record = accountRecord(attempt);
  if (!place || !record)
    return answered(deps, id, no, attempt.closing, { outcome: 'misconfigured', code: 'no_channel' });

  const closing = closingSent(attempt.closing, clock.now(), schedule);
  const sent = await write(deps, payment, withAttempt(payment, { ...attempt, closing }), 'due');
  if (!sent) return;
  const outcome = await place.provider.close(place.channel, {
    orderId: attempt.orderId,
    record: record.record,
    idempotencyKey: closingKey(attempt, record.record, closing),
  });
  await answered(deps, id, no, closing, outcome);
  if (outcome.outcome !== 'unknown' && outcome.outcome !== 'misconfigured') {
    await settler.settle({ payment: id, attempt: no, trigger: 'due' });
  }
}

/** Written onto whatever the payment is by now: news of others does not change what this call came to. */
async function answered(
  deps: PaymentDeps,
  id: string,
  no: number,
  closing: Closing,
  outcome: Parameters<typeof closingAnswered>[1],
): Promise<void> {
  const reason = 'code' in outcome ? outcome.code : outcome.outcome === 'unknown' ? outcome.detail : outcome.outcome;
  const level = outcome.outcome === 'misconfigured' ? 'error' : 'info';
  deps.log[level]('account_closing', { payment: id, attempt: no, outcome: outcome.outcome, reason });
  const next = closingAnswered(closing, outcome, deps.clock.now(), deps.schedule);
  await change<never>(deps, id, 'due', (payment) => {
    const attempt = attemptOf(payment, no);
    // Somebody else went on with it after our hold.
    if (!attempt?.closing || attempt.closing.try !== closing.try || attempt.closing.state !== closing.state) {
      return { ok: true, payment };
    }
    return { ok: true, payment: withAttempt(payment, { ...attempt, closing: next }) };
  });
}
