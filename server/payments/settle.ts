import type { Instant } from '../ops/clock.js';
import { second } from '../ops/clock.js';
import type { ConfirmOutcome, ProviderRecord } from '../providers/provider.js';
import { launched, lookedUp, observe, unanswered } from './attempts.js';
import { change, write } from './change.js';
import { applyConfirm, firstConfirm, resumeConfirm, type Step } from './confirm.js';
import { confirm, consentOf, digestOf } from './consent.js';
import { type PaymentDeps, type Place, placeOf } from './deps.js';
import { lookUp, sealed, termsOf } from './evidence.js';
import { applyFacts, type Terms } from './facts.js';
import { createFlights } from './flights.js';
import { type Attempt, attemptOf, type Intent, isBusy, type Payment, type Trigger } from './payment.js';

/** "Bring this attempt to the provider's truth." */
export interface SettleRequest {
  readonly payment: string;
  readonly attempt: number;
  readonly trigger: Trigger;
  /** A record that the browser named: looked up, never believed. */
  readonly hint?: string;
  /** What the browser was given for the shopper's consent. A verify starts a confirm only with a hint or, where the provider has such, a token. */
  readonly token?: string;
  /** The code with which the provider's window came back: written into the timeline, no more. */
  readonly code?: string;
  /**
   * A webhook's: when it came. What a lookup begun after it found is known already; one begun just before puts this off (`not_asked`), so
   * that a flood of them costs one lookup in two seconds and the last of them is looked at all the same.
   */
  readonly heardAt?: Instant;
  /** Somebody we believe says that the provider's window was opened: the attempt counts as launched, whatever the lookup finds. */
  readonly opened?: true;
}

export interface Settled {
  readonly payment: Payment;
  /**
   * `processing`: we asked for money, or the provider is deciding, and it is not known yet. `unreachable`: the lookup got no answer,
   * nothing changed. `misconfigured`: the provider refuses our credentials, or the channel is gone from the configuration.
   * `mismatch`, `amount_mismatch`: the hint belongs to another order, or its window was for another amount; nothing changed.
   */
  readonly outcome: 'settled' | 'processing' | 'unreachable' | 'misconfigured' | 'mismatch' | 'amount_mismatch';
  /**
   * Absent: the provider told how the order stands. `unanswered`: it was asked in vain. `not_asked`: it was asked too short a time ago.
   * Either way what is said here was known before.
   */
  readonly lookup?: 'unanswered' | 'not_asked';
}

export interface Settler {
  /** Undefined: there is no such payment or attempt. Throws only what the store throws; whatever was begun is then found by due work. */
  settle(request: SettleRequest): Promise<Settled | undefined>;
  /** What would become of a webhook's request without asking: answered from a lookup begun since (`known`), or put off (`not_asked`). */
  heard(payment: string, attempt: number, heardAt: Instant): 'known' | 'not_asked' | undefined;
  /** Resolves when nothing is under way here. */
  idle(): Promise<void>;
}

/** The same question about an order is asked at most this often on one server. */
const lookupGapMs = 2 * second;
/** These ask the provider again, however short a time ago it was asked. */
const asksAnew: readonly Trigger[] = ['due', 'cancel', 'comparison'];
/** A race lost this often in a row leaves the rest to due work. */
const maxRounds = 12;

/**
 * The one routine that brings a payment to the provider's truth: verify, webhooks and due work all come here, repeated, reordered or raced.
 * One at a time for each payment on this server; other servers are met by the compare-and-set.
 */
export function createSettler(deps: PaymentDeps): Settler {
  const flights = createFlights<Settled['outcome']>();
  /** When a lookup about an attempt last began, whoever asked for it. */
  const looks = createFlights<'answered' | 'unanswered'>();
  const since = () => deps.clock.now() - lookupGapMs;
  const heard = (about: string, heardAt: Instant, busy: boolean) => {
    if (looks.recent(about, heardAt) === 'answered') return 'known';
    return busy || looks.recent(about, since()) ? 'not_asked' : undefined;
  };
  return {
    heard: (payment, attempt, heardAt) => heard(`${payment} ${attempt}`, heardAt, flights.isBusy(payment)),
    settle: (request) =>
      flights.alone(request.payment, async () => {
        const about = `${request.payment} ${request.attempt}`;
        const startedAt = deps.clock.now();
        const early = request.heardAt === undefined ? undefined : heard(about, request.heardAt, false);
        if (early === 'known') return repeated(deps, request, 'settled');
        if (early === 'not_asked') return notAsked(await repeated(deps, request, 'settled'));
        const token = request.token === undefined ? '' : ` ${digestOf(request.token)}`;
        const key = `${about} ${request.hint ?? ''}${token}`;
        const mustLook = asksAnew.includes(request.trigger) || request.heardAt !== undefined;
        // After a key that was not ours, the next one waits its turn like any repeat.
        const recent = flights.recent(key, since()) ?? (flights.recent(`${about} refused`, since()) && 'unreachable');
        if (recent && !mustLook) return notAsked(await repeated(deps, request, recent));
        // A webhook was quicker than the shopper's page.
        if (looks.recent(about, since()) === 'answered' && (await isPaidAsSaid(deps, request)))
          return repeated(deps, request, 'settled');
        const settled = await settleOnce(deps, request);
        if (settled) looks.remember(about, startedAt, isTold(settled) ? 'answered' : 'unanswered');
        // Only a browser's own repeats are spared a lookup. What a webhook or due work found just before a shopper came back, as when the
        // window had only been opened, says nothing of what the shopper did since.
        if (settled && request.trigger === 'verify') flights.remember(key, deps.clock.now(), settled.outcome);
        if (settled?.outcome === 'mismatch') flights.remember(`${about} refused`, deps.clock.now(), 'mismatch');
        return settled;
      }),
    idle: () => flights.idle(),
  };
}

/** A verify names the very record that is known to have paid. */
async function isPaidAsSaid(
  { payments }: PaymentDeps,
  { trigger, payment, attempt, hint }: SettleRequest,
): Promise<boolean> {
  if (trigger !== 'verify' || hint === undefined) return false;
  const paidBy = (await payments.get(payment))?.paidBy;
  return paidBy?.attempt === attempt && paidBy.record === hint;
}

/** After a key that was not ours, what the provider knows of the order was not written. */
const isTold = ({ outcome, lookup }: Settled): boolean =>
  lookup === undefined && (outcome === 'settled' || outcome === 'processing');

const notAsked = (settled: Settled | undefined): Settled | undefined => settled && { ...settled, lookup: 'not_asked' };

async function repeated(
  deps: PaymentDeps,
  request: SettleRequest,
  outcome: Settled['outcome'],
): Promise<Settled | undefined> {
  const { code, attempt, trigger } = request;
  const now = deps.clock.now();
  const noted = await change<never>(deps, request.payment, trigger, (current) => {
    const opened = request.opened ? launched(current, attempt, now, deps.schedule) : current;
    return { ok: true, payment: code === undefined ? opened : observe(opened, attempt, code, now) };
  });
  if (!noted?.ok) return undefined;
  const { payment } = noted;
  const isKnown = outcome === 'settled' || outcome === 'processing' || (outcome === 'unreachable' && payment.paidBy);
  return isKnown ? verdict(payment) : { payment, outcome };
}

const verdict = (payment: Payment): Settled => ({
  payment,
  outcome: payment.attempts.some(isBusy) ? 'processing' : 'settled',
});

/** An intent of this very call whose answer could not be written: it may be asked again at once. */
type Own = Pick<Intent, 'askedAt' | 'try'> | undefined;

async function settleOnce(deps: PaymentDeps, request: SettleRequest): Promise<Settled | undefined> {
  let own: Own;
  for (let round = 0; ; round++) {
    const payment = await deps.payments.get(request.payment);
    const attempt = payment && attemptOf(payment, request.attempt);
    if (!payment || !attempt) return undefined;
    const place = placeOf(deps, payment, attempt);
    if (!place) return misconfigured(deps, payment, attempt, request, 'channel_not_configured');
    if (round === maxRounds) return { payment, outcome: 'processing', lookup: 'unanswered' };

    const askedAt = deps.clock.now();
    // While we wait for the record that we asked money from, it is the one to look at, whatever the browser names.
    const named = (isBusy(attempt) ? attempt.intent?.record : undefined) ?? request.hint ?? attempt.intent?.record;
    const looked = await lookUp(deps, place, payment, attempt, named);
    if (looked.outcome === 'misconfigured') return misconfigured(deps, payment, attempt, request, looked.code);
    if (looked.outcome === 'refused' && request.hint !== undefined && named === request.hint) {
      note(deps, payment, attempt, 'hint_refused', looked.detail);
      return { payment, outcome: 'mismatch' };
    }
    if (looked.outcome === 'unknown') {
      const told = await postponed(deps, payment, attempt, request, askedAt);
      if (!told) continue;
      const lookup = 'unanswered';
      if (isBusy(attempt)) return { payment: told, outcome: 'processing', lookup };
      // What was paid is known; that it may have been refunded since can wait.
      return { payment: told, outcome: told.paidBy ? 'settled' : 'unreachable', lookup };
    }

    const records = looked.outcome === 'done' ? looked.records : [];
    const terms = termsOf(deps, place);
    const facts = applyFacts(payment, attempt.no, { askedAt, records }, terms);
    const seen = witnessed(deps, facts, attempt, request, askedAt);
    const step = nextStep(deps, place, seen, attempt.no, request, records, own);
    if (step.do === 'refuse') return { payment, outcome: step.why };
    const written = await write(deps, payment, step.do === 'nothing' ? seen : step.payment, request.trigger);
    if (!written) continue;
    if (step.do !== 'ask') return verdict(written);

    const asking = attemptOf(written, attempt.no) as Attempt;
    const outcome = await confirm(deps, place, written, asking, step.intent);
    const answered = await writeAnswer(deps, written, asking, outcome, terms, request);
    own = answered ? undefined : step.intent;
    if (answered && !isBusy(attemptOf(answered, attempt.no) as Attempt)) return afterConfirm(answered, outcome);
  }
}

const nothing: Step = { do: 'nothing' };

function witnessed(
  deps: PaymentDeps,
  payment: Payment,
  attempt: Attempt,
  request: SettleRequest,
  askedAt: Instant,
): Payment {
  const opened = request.opened ? launched(payment, attempt.no, askedAt, deps.schedule) : payment;
  const noted = request.code === undefined ? opened : observe(opened, attempt.no, request.code, askedAt);
  return request.trigger === 'due' ? lookedUp(noted, attempt.no, askedAt) : noted;
}

function nextStep(
  deps: PaymentDeps,
  { provider }: Place,
  payment: Payment,
  no: number,
  request: SettleRequest,
  records: readonly ProviderRecord[],
  own: Own,
): Step {
  const now = deps.clock.now();
  const attempt = attemptOf(payment, no) as Attempt;
  if (isBusy(attempt)) return resumeConfirm(payment, no, now, deps.schedule, own);
  // Where the provider charges by itself there is nothing to ask for, whatever a browser sends.
  if (request.trigger !== 'verify' || attempt.selfCharging) return nothing;
  const consent = consentOf(deps, provider, payment, records, request);
  return consent ? firstConfirm(payment, no, consent.record, now, deps.schedule, consent.token) : nothing;
}

/** Undefined: the race was lost, the answer is thrown away and the provider asked about it. */
async function writeAnswer(
  deps: PaymentDeps,
  payment: Payment,
  attempt: Attempt,
  outcome: ConfirmOutcome,
  terms: Terms,
  request: SettleRequest,
): Promise<Payment | undefined> {
  const now = deps.clock.now();
  if (outcome.outcome !== 'done') {
    note(deps, payment, attempt, `confirm_${outcome.outcome}`, reasonOf(outcome));
  }
  const after =
    outcome.outcome === 'done' && outcome.record
      ? applyFacts(payment, attempt.no, { askedAt: now, records: [sealed(deps, payment, outcome.record)] }, terms)
      : applyConfirm(payment, attempt.no, outcome, now);
  return write(deps, payment, after, request.trigger);
}

function afterConfirm(payment: Payment, outcome: ConfirmOutcome): Settled {
  if (outcome.outcome === 'refused') {
    return { payment, outcome: outcome.hint === 'other_amount' ? 'amount_mismatch' : 'mismatch' };
  }
  if (outcome.outcome === 'misconfigured') return { payment, outcome: 'misconfigured' };
  return verdict(payment);
}

/** No answer to a plain lookup: nothing of what the provider might say changes. Due work notes when to ask again. */
async function postponed(
  deps: PaymentDeps,
  payment: Payment,
  attempt: Attempt,
  request: SettleRequest,
  askedAt: Instant,
): Promise<Payment | undefined> {
  if (request.opened)
    return write(deps, payment, launched(payment, attempt.no, askedAt, deps.schedule), request.trigger);
  if (request.trigger !== 'due') return payment;
  return write(deps, payment, unanswered(payment, attempt.no, askedAt), 'due');
}

async function misconfigured(
  deps: PaymentDeps,
  payment: Payment,
  attempt: Attempt,
  request: SettleRequest,
  reason: string,
): Promise<Settled> {
  note(deps, payment, attempt, 'provider_misconfigured', reason, 'error');
  const written = await postponed(deps, payment, attempt, request, deps.clock.now());
  const outcome = isBusy(attempt) ? 'processing' : 'misconfigured';
  return { payment: written ?? payment, outcome, lookup: 'unanswered' };
}

const reasonOf = (outcome: Exclude<ConfirmOutcome, { outcome: 'done' }>): string =>
  outcome.outcome === 'declined' || outcome.outcome === 'misconfigured' ? outcome.code : outcome.detail;

function note(
  deps: PaymentDeps,
  payment: Payment,
  attempt: Attempt,
  event: string,
  reason: string,
  level: 'info' | 'error' = 'info',
): void {
  const { provider, channel } = attempt;
  deps.log[level](event, {
    payment: payment.id,
    merchant: payment.merchant,
    attempt: attempt.no,
    provider,
    channel,
    reason,
  });
}
