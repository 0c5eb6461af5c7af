import { type Currency, currencies, type RefundBlock } from '../../contract/index.js';
import { hour, type Instant, second } from '../ops/clock.js';
import type { CancelOutcome, Declined, ProviderRecord } from '../providers/provider.js';
import { write } from './change.js';
import { type PaymentDeps, type Place, placeOf } from './deps.js';
import { lookUp, sealed, termsOf } from './evidence.js';
import { applyFacts } from './facts.js';
import type { Outages } from './outages.js';
import { attemptOf, type Failure, type Payment, type Refund, withRefund } from './payment.js';
import { openAccount } from './refund-account.js';
import { accountRefused } from './refund-requests.js';
import {
  adjusted,
  cancellable,
  depositGone,
  goneBack,
  nextRefundStep,
  refundBlocked,
  refundFailed,
  refundHeldUp,
  refundKey,
  refundPutOff,
  refundReason,
  refundSent,
  refundStillPending,
  refundUnknown,
  refundUnseen,
  requeued,
} from './refunds.js';

/**
 * Works on the one refund of a payment that is due: one step, one call. False: nothing was due, or the race was lost; due work comes again.
 *
 * One that was sent and not answered is looked up before anything is sent again.
 */
export async function refundStep(deps: PaymentDeps, outages: Outages, id: string): Promise<boolean> {
  const payment = await deps.payments.get(id);
  const step = payment && nextRefundStep(payment, deps.schedule);
  if (!payment || !step || step.at > deps.clock.now()) return false;
  const attempt = attemptOf(payment, step.refund.attempt);
  const place = attempt && placeOf(deps, payment, attempt);
  if (!place) return block(deps, payment, step.refund, 'misconfigured');
  const { refund } = step;
  const of = { merchant: payment.merchant, provider: place.provider.name };
  if (refund.state !== 'pending' && outages.isMute(of)) {
    // Each of many would wait out its own time-out, and keep whatever else is due from being done.
    await write(deps, payment, refundPutOff(payment, refund, deps.clock.now() + putOffMs), 'due');
    return false;
  }
  const call: Call = (cancel) => outages.calling(of, cancel);
  return refund.state === 'requested'
    ? send(deps, place, call, payment, payment, refund)
    : resume(deps, place, call, payment, refund);
}

/** How a money call is made. */
type Call = (cancel: () => Promise<CancelOutcome>) => Promise<CancelOutcome>;

/** While the provider is out of reach. */
const putOffMs = 15 * second;

/** `seen`: what was stored, with newer facts if somebody looked just now; both are written in one. */
async function send(
  deps: PaymentDeps,
  place: Place,
  call: Call,
  payment: Payment,
  seen: Payment,
  { id }: Refund,
): Promise<boolean> {
  const found = seen.refunds.find((one) => one.id === id) as Refund;
  const record = recordOf(seen, found);
  const current = record ? adjusted(seen, found, record) : seen;
  const refund = current.refunds.find((one) => one.id === id) as Refund;
  if (refund.state === 'failed') return save(deps, payment, current);
  if (!record || !isOurs(refund.currency)) {
    return save(deps, payment, refundFailed(seen, id, { code: 'not_refundable_by_us', retryable: false }));
  }
  // On a deposit that was taken back, the same call would close the account instead.
  if (record.state !== 'paid') return save(deps, payment, depositGone(seen, record, id));
  const { merchant, channel, provider } = place;
  const account = openAccount(deps.vault, payment.id, refund);
  if (refund.account && !account) return block(deps, payment, refund, 'misconfigured');
  const isNew = refund.try === 0;
  if (isNew && refund.cause === 'mismatch' && !(await deps.refundGuard.admits(merchant.id, channel.id, refund.id))) {
    return block(deps, payment, refund, 'refunds_paused');
  }
  const sent = await write(deps, payment, refundSent(current, refund, deps.clock.now(), deps.schedule), 'due');
  const asking = sent?.refunds.find((one) => one.id === id);
  if (!sent || !asking) return false;
  const intent = {
    orderId: record.orderId,
    record: record.record,
    amount: asking.amount,
    currency: refund.currency,
    full: asking.amount === record.amount && cancellable(record) === record.amount,
    expectedBalance: cancellable(record),
    reason: refundReason(asking),
    ...(account && { account }),
    idempotencyKey: refundKey(asking),
  };
  const outcome = await call(() => provider.cancel(channel, intent));
  return answer(deps, place, sent, asking, outcome);
}

const isOurs = (currency: string): currency is Currency => (currencies as readonly string[]).includes(currency);

async function answer(
  deps: PaymentDeps,
  place: Place,
  payment: Payment,
  refund: Refund,
  outcome: CancelOutcome,
): Promise<boolean> {
  const now = deps.clock.now();
  const { log, schedule } = deps;
  const reason = 'code' in outcome ? outcome.code : outcome.outcome === 'unknown' ? outcome.detail : outcome.outcome;
  log.info('refund_answered', { payment: payment.id, refund: refund.id, outcome: outcome.outcome, reason });
  // With no call whose outcome is unknown, refused credentials mean that nothing has moved.
  const isClear = refund.calls === 0;
  switch (outcome.outcome) {
    case 'done': {
      // Some replies carry no record: then it is looked at, since only the provider's own total says what went back.
      const after = outcome.record
        ? applyFacts(
            payment,
            refund.attempt,
            { askedAt: now, records: [sealed(deps, payment, outcome.record)] },
            termsOf(deps, place),
          )
        : ((await factsNow(deps, place, payment, refund)) ?? payment);
      const told = after.refunds.find((one) => one.id === refund.id)?.state !== 'sent';
      return save(deps, payment, told ? after : refundUnknown(after, refund, 'in_progress', now, schedule));
    }
    case 'misconfigured':
      return isClear
        ? block(deps, payment, { ...refund, state: 'requested' }, 'misconfigured')
        : save(deps, payment, refundUnknown(payment, refund, 'temporary', now, schedule));
    case 'unknown':
      return save(deps, payment, refundUnknown(payment, refund, outcome.why, now, schedule));
    case 'declined':
    case 'not_found':
      return declined(deps, place, payment, refund, outcome);
  }
}

/** A no is believed only after a look: an earlier call of ours may be the very reason why nothing is left to give back. */
async function declined(
  deps: PaymentDeps,
  place: Place,
  payment: Payment,
  refund: Refund,
  outcome: Extract<CancelOutcome, { outcome: 'declined' | 'not_found' }>,
): Promise<boolean> {
  const looked = await factsNow(deps, place, payment, refund);
  if (!looked) {
    return save(deps, payment, refundUnknown(payment, refund, 'in_progress', deps.clock.now(), deps.schedule));
  }
  const known = looked.refunds.find((one) => one.id === refund.id);
  const record = recordOf(looked, refund);
  if (known && record?.account && outcome.outcome === 'declined' && outcome.accountRefused && isNo(known)) {
    return save(deps, payment, accountRefused(looked, known.id, failureOf(deps, looked, known, outcome), record));
  }
  if (known?.state !== 'sent' || !record) return save(deps, payment, looked);
  const less = adjusted(looked, known, record);
  // Somebody gave back a part meanwhile: what is left is asked for next, under a new key.
  if (less !== looked) return save(deps, payment, requeued(less, known.id, deps.clock.now()));
  if (known.calls > 0 && place.provider.hidesCancellations(record)) {
    return save(deps, payment, refundUnseen(looked, known, deps.clock.now()));
  }
  if (outcome.outcome === 'not_found') {
    return save(deps, payment, refundFailed(looked, refund.id, { code: 'record_not_found', retryable: false }));
  }
  return save(deps, payment, refundFailed(looked, refund.id, failureOf(deps, looked, known, outcome)));
}

/** Not known to have come to anything; some providers list the call that they refused. */
const isNo = ({ state }: Refund): boolean => state === 'sent' || state === 'failed';

/** What the provider says of it, without what we said to it: a message may repeat the account. */
function failureOf(deps: PaymentDeps, payment: Payment, refund: Refund, outcome: Declined): Failure {
  const { code, retryable, message } = outcome;
  const account = openAccount(deps.vault, payment.id, refund);
  const shown = account ? message?.replaceAll(account.number, '…').replaceAll(account.holder, '…') : message;
  return { code, retryable, ...(shown && { message: shown }) };
}

/** One that was sent, or accepted, and is not done: looked up before anything is sent again. */
async function resume(deps: PaymentDeps, place: Place, call: Call, payment: Payment, refund: Refund): Promise<boolean> {
  const now = deps.clock.now();
  const looked = await factsNow(deps, place, payment, refund);
  const known = looked?.refunds.find((one) => one.id === refund.id);
  const record = looked && recordOf(looked, refund);
  if (refund.state === 'pending')
    return save(deps, payment, lookedAfter(looked ?? payment, known ?? refund, record, now));
  if (looked && known?.state !== 'sent' && known?.state !== 'unknown') return save(deps, payment, looked);
  // The provider is out of reach: what is known about the last call stays, only the next look moves.
  if (!looked) {
    return save(deps, payment, refundUnknown(payment, refund, refund.unanswered ?? 'no_reply', now, deps.schedule));
  }
  if (!known || !record || !place.provider.hidesCancellations(record)) {
    return send(deps, place, call, payment, looked, refund);
  }
  // A part could go back twice, the whole can't.
  if (known.amount < record.amount) return save(deps, payment, refundUnseen(looked, known, now));
  // One that nobody answered for was perhaps called by someone who died.
  const counted = known.state === 'sent' ? withRefund(looked, { ...known, calls: known.calls + 1 }) : looked;
  return send(deps, place, call, payment, counted, refund);
}

/** One that is pending, after a look: over if all of the record went back another way. */
function lookedAfter(payment: Payment, refund: Refund, record: ProviderRecord | undefined, now: Instant): Payment {
  if (refund.state !== 'pending') return payment;
  if (record && goneBack(record) >= record.amount) {
    return refundFailed(payment, refund.id, { code: 'already_refunded', retryable: false });
  }
  return refundStillPending(payment, refund, now);
}

const recordOf = (payment: Payment, refund: Refund): ProviderRecord | undefined =>
  attemptOf(payment, refund.attempt)?.records.find((one) => one.record === refund.record);

async function factsNow(
  deps: PaymentDeps,
  place: Place,
  payment: Payment,
  refund: Refund,
): Promise<Payment | undefined> {
  const attempt = attemptOf(payment, refund.attempt);
  if (!attempt) return undefined;
  const askedAt = deps.clock.now();
  const looked = await lookUp(deps, place, payment, attempt, refund.record);
  if (looked.outcome !== 'done') return undefined;
  return applyFacts(payment, attempt.no, { askedAt, records: looked.records }, termsOf(deps, place));
}

async function block(deps: PaymentDeps, payment: Payment, refund: Refund, why: RefundBlock): Promise<boolean> {
  const until = deps.clock.now() + hour;
  const blocked = refund.state === 'requested' ? refundBlocked : refundHeldUp;
  await write(deps, payment, blocked(payment, refund, why, until), 'due');
  return false;
}

const save = async (deps: PaymentDeps, before: Payment, after: Payment): Promise<boolean> =>
  (await write(deps, before, after, 'due')) !== undefined;
