import type { Currency, Method, ProviderName } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import type { ChannelIdentity } from '../providers/provider.js';
import {
  type Attempt,
  attemptOf,
  isBusy,
  maxAttempts,
  maxObservations,
  type Observation,
  orderIdOf,
  type Payment,
  withAttempt,
  without,
} from './payment.js';
import type { Schedule } from './schedule.js';

export interface Preparation {
  readonly channel: string;
  readonly provider: ProviderName;
  readonly selfCharging: boolean;
  readonly identity?: ChannelIdentity;
  readonly method?: Method;
}

export type Refusal =
  | 'payment_already_paid'
  | 'session_canceled'
  | 'session_expired'
  | 'payment_in_progress'
  | 'too_many_attempts';

export type Prepared = { ok: true; payment: Payment; attempt: Attempt } | { ok: false; why: Refusal };

/** Why nothing new may be started on this payment; undefined when it may. */
export function notPayable(payment: Payment, now: Instant): Exclude<Refusal, 'too_many_attempts'> | undefined {
  if (payment.paidBy) return 'payment_already_paid';
  if (payment.canceledAt !== undefined) return 'session_canceled';
  if (payment.attempts.some(isBusy)) return 'payment_in_progress';
  return now >= payment.openUntil ? 'session_expired' : undefined;
}

/**
 * Makes the attempt that a launch is for. One that was not launched yet is used again (and its method changed); another channel or amount
 * makes a new one, which supersedes all before it.
 */
export function prepareAttempt(payment: Payment, wanted: Preparation, now: Instant): Prepared {
  const why = notPayable(payment, now);
  if (why) return { ok: false, why };
  const last = payment.attempts.at(-1);
  if (last && isReusable(payment, last, wanted)) {
    if (last.method === wanted.method) return { ok: true, payment, attempt: last };
    const attempt: Attempt = { ...without(last, 'method'), ...(wanted.method && { method: wanted.method }) };
    return { ok: true, payment: withAttempt(payment, attempt), attempt };
  }
  if (payment.attempts.length >= maxAttempts) return { ok: false, why: 'too_many_attempts' };
  const attempt = newAttempt(payment, wanted, now);
  return { ok: true, payment: { ...payment, attempts: [...superseded(payment), attempt] }, attempt };
}

const isReusable = (payment: Payment, last: Attempt, wanted: Preparation): boolean =>
  last.state === 'prepared' &&
  !last.superseded &&
  last.channel === wanted.channel &&
  last.identity?.store === wanted.identity?.store &&
  last.identity?.channel === wanted.identity?.channel &&
  last.amount === payment.amount &&
  last.currency === payment.currency;

function newAttempt(payment: Payment, wanted: Preparation, now: Instant): Attempt {
  const no = payment.attempts.length + 1;
  const amount: { amount: number; currency: Currency } = { amount: payment.amount, currency: payment.currency };
  return {
    no,
    orderId: orderIdOf(payment.id, no),
    channel: wanted.channel,
    provider: wanted.provider,
    selfCharging: wanted.selfCharging,
    ...(wanted.identity && { identity: wanted.identity }),
    ...(wanted.method && { method: wanted.method }),
    ...amount,
    state: 'prepared',
    preparedAt: now,
    records: [],
  };
}

/** Retiring is a flag, not a state: they are settled on, since nobody can close an open window, but never confirmed. */
function superseded(payment: Payment): Attempt[] {
  const live: readonly Attempt['state'][] = ['prepared', 'launched', 'pending'];
  return payment.attempts.map((attempt) => (live.includes(attempt.state) ? { ...attempt, superseded: true } : attempt));
}

/**
 * The provider's window was opened, as far as we know: its deadline runs. A launch that is heard of after the session closed cannot have
 * happened later than that.
 */
export function launch(payment: Payment, attempt: Attempt, now: Instant, schedule: Schedule): Attempt {
  if (attempt.launchedAt !== undefined) return attempt;
  const at = Math.max(attempt.preparedAt, Math.min(now, payment.openUntil));
  return {
    ...attempt,
    state: attempt.state === 'prepared' ? 'launched' : attempt.state,
    launchedAt: at,
    deadline: at + schedule.attemptDeadlineMs,
  };
}

export function launched(payment: Payment, no: number, now: Instant, schedule: Schedule): Payment {
  const attempt = attemptOf(payment, no);
  if (!attempt || attempt.launchedAt !== undefined || attempt.state !== 'prepared') return payment;
  return withAttempt(payment, launch(payment, attempt, now, schedule));
}

/** Ends the shopper's way to this payment. Settle first: money that is there already can't be canceled away. */
export function cancelPayment(
  payment: Payment,
  now: Instant,
): { ok: true; payment: Payment } | { ok: false; why: Refusal } {
  if (payment.canceledAt !== undefined) return { ok: true, payment };
  if (payment.paidBy) return { ok: false, why: 'payment_already_paid' };
  if (payment.attempts.some(isBusy)) return { ok: false, why: 'payment_in_progress' };
  return { ok: true, payment: { ...payment, canceledAt: now, attempts: superseded(payment) } };
}

/** The provider's window came back with a code, or a webhook was odd. For the timeline: it changes no state, and is kept once. */
export function observe(payment: Payment, no: number, code: string, now: Instant, by?: Observation['by']): Payment {
  const known = payment.observations.some((one) => one.attempt === no && one.code === code);
  if (known || payment.observations.length >= maxObservations) return payment;
  return { ...payment, observations: [...payment.observations, { at: now, attempt: no, code, ...(by && { by }) }] };
}

/** Due work asked and got no answer: only the next lookup moves. */
export function unanswered(payment: Payment, no: number, askedAt: Instant): Payment {
  const attempt = attemptOf(payment, no);
  if (!attempt) return payment;
  return withAttempt(payment, { ...attempt, lookedUpAt: askedAt, unanswered: (attempt.unanswered ?? 0) + 1 });
}

/** Due work asked and got an answer: the schedule moves on. */
export function lookedUp(payment: Payment, no: number, askedAt: Instant): Payment {
  const attempt = attemptOf(payment, no);
  return attempt ? withAttempt(payment, { ...attempt, lookedUpAt: askedAt }) : payment;
}
