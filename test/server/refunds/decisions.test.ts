import { describe, expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import { conclude } from '../../../server/payments/conclude.js';
import type { Payment, Refund, SealedAccount } from '../../../server/payments/payment.js';
import {
  accountRefused,
  giveAccount,
  type RefundRequest,
  requestRefund,
} from '../../../server/payments/refund-requests.js';
import { adjusted, cancellable, countCancellations, goneBack, refundSent } from '../../../server/payments/refunds.js';
import type { Cancellation, ProviderRecord } from '../../../server/providers/provider.js';
import { launchedAttempt, payment, record, t0, terms } from '../../support/payments.js';

/** The pure decisions about refunds, each at its edge. */

const at = t0 + 60 * second;
const account: SealedAccount = { bank: 'KAKAO', last4: '4567', sealed: 'v1.…' };
const otherAccount: SealedAccount = { bank: 'SHINHAN', last4: '6789', sealed: 'v1.……' };
const deposit = { account: { bank: 'KAKAO', number: 'X1' } };

const refund = (more: Partial<Refund> = {}): Refund => ({
  id: 'rf_1',
  attempt: 1,
  record: 'key-1',
  amount: 4_000,
  currency: 'KRW',
  cause: 'merchant',
  state: 'requested',
  requestedAt: t0,
  nextStepAt: t0,
  try: 0,
  calls: 0,
  ...more,
});
const cancellation = (more: Partial<Cancellation> = {}): Cancellation => ({
  id: 'c-1',
  amount: 4_000,
  state: 'done',
  reason: 'Refund [rf_1]',
  ...more,
});
const paid = (facts: Partial<ProviderRecord> = {}, ...refunds: Refund[]): Payment =>
  payment([launchedAttempt(1, { state: 'paid', records: [record(1, facts)] })], {
    paidBy: { attempt: 1, record: 'key-1', at: t0 },
    status: 'paid',
    refunds,
  });
const wanted = (more: Partial<RefundRequest> = {}): RefundRequest => ({ id: 'rf_9', fingerprint: 'sealed', ...more });
const ask = (before: Payment, request: RefundRequest) => requestRefund(before, request, () => false, at);
const made = (before: Payment, request: RefundRequest) => {
  const decided = ask(before, request);
  if (!decided.ok) throw new Error(decided.why.code);
  return decided.payment.refunds.at(-1) as Refund;
};

describe('a refund that is asked for', () => {
  test('is of the paying record, up to the last unit that is free', () => {
    expect(made(paid(), wanted())).toMatchObject({ record: 'key-1', amount: 9_000, everything: true, nextStepAt: at });
    const reserved = paid({ cancelled: 1_000, cancellations: [cancellation({ amount: 1_000, reason: '' })] }, refund());
    expect(made(reserved, wanted({ amount: 4_000 })).amount).toBe(4_000);
    expect(ask(reserved, wanted({ amount: 4_001 }))).toEqual({
      ok: false,
      why: { code: 'refund_exceeds_balance', left: 4_000 },
    });
  });

  test('leaves the payment as it is where it is a repeat', () => {
    const before = paid({}, refund());
    expect(requestRefund(before, wanted({ id: 'rf_1' }), () => true, at)).toEqual({ ok: true, payment: before });
    expect(ask(before, wanted({ id: 'rf_1' }))).toEqual({ ok: false, why: { code: 'idempotency_key_reused' } });
  });

  test('of a deposit waits for an account, unless it brings one', () => {
    const waiting = made(paid(deposit), wanted());
    expect([waiting.state, waiting.nextStepAt]).toEqual(['needs_account', undefined]);
    expect(made(paid(deposit), wanted({ account })).state).toBe('requested');
    expect(ask(paid(), wanted({ account }))).toEqual({ ok: false, why: { code: 'account_not_needed' } });
  });
});

describe('an account', () => {
  const give = (before: Refund, same = false) =>
    giveAccount(paid(deposit, before), 'rf_1', otherAccount, () => same, at);
  const given = (before: Refund) => {
    const decided = give(before);
    return decided.ok ? decided.payment.refunds[0] : decided.why.code;
  };

  test.each(['needs_account', 'requested'] as const)('is taken by a refund that is %s', (state) => {
    const before = refund({ state, ...(state === 'requested' && { account }) });
    expect(given(before)).toMatchObject({ state: 'requested', account: otherAccount });
  });

  test.each(['sent', 'unknown', 'pending', 'done', 'failed'] as const)('comes too late for one that is %s', (state) => {
    expect(given(refund({ state, account }))).toBe('account_too_late');
    expect(give(refund({ state, account }), true).ok).toBe(true);
    expect(given(refund({ state }))).toBe('account_not_needed');
  });

  test('after a call takes a new key', () => {
    const tried = refund({ state: 'needs_account', try: 1 });
    const next = given(tried) as Refund;
    expect(refundSent(paid(deposit, next), next, at, terms.schedule).refunds[0]?.try).toBe(2);
  });

  test('that was refused is forgotten; what the provider lists of it does not fail the refund later', () => {
    const failed = cancellation({ state: 'failed' });
    const facts = record(1, { ...deposit, cancellations: [failed] });
    const sent = refund({ state: 'sent', try: 1, account });
    const waiting = accountRefused(paid(facts, sent), 'rf_1', { code: 'NO_SUCH_ACCOUNT', retryable: false }, facts);
    expect(waiting.refunds[0]).toMatchObject({ state: 'needs_account', refused: ['c-1'] });
    expect(waiting.refunds[0]?.account).toBeUndefined();
    const again = giveAccount(waiting, 'rf_1', otherAccount, () => false, at);
    if (!again.ok) throw new Error(again.why.code);
    const attempt = again.payment.attempts[0];
    if (!attempt) throw new Error('no attempt');
    expect(countCancellations(again.payment, attempt, facts, at)).toEqual(again.payment);
    // A later one that fails is news.
    const both = { ...facts, cancellations: [failed, cancellation({ id: 'c-2', state: 'failed' })] };
    expect(countCancellations(again.payment, attempt, both, at).refunds[0]?.state).toBe('failed');
  });
});

describe('balances', () => {
  test('what is only requested can’t be given back again, whether the provider counts it or not', () => {
    const pending = cancellation({ state: 'pending' });
    expect(cancellable(record(1, { cancellations: [pending] }))).toBe(5_000);
    expect(cancellable(record(1, { cancellations: [pending], cancelled: 4_000 }))).toBe(5_000);
    expect(cancellable(record(1, { cancellations: [cancellation({ state: 'failed' })] }))).toBe(9_000);
  });

  test('what is only requested has not gone back yet, whether the provider counts it or not', () => {
    const pending = cancellation({ state: 'pending' });
    expect(goneBack(record(1, { cancellations: [pending] }))).toBe(0);
    expect(goneBack(record(1, { cancellations: [pending], cancelled: 4_000 }))).toBe(0);
    const both = [cancellation({ id: 'c-0', amount: 1_000 }), pending];
    expect(goneBack(record(1, { cancellations: both, cancelled: 5_000 }))).toBe(1_000);
    expect(goneBack(record(1, { cancellations: [cancellation()], cancelled: 4_000 }))).toBe(4_000);
  });

  test.each([
    ['an amount that is still there', { amount: 4_000 }, 5_000, 'requested', 4_000],
    ['an amount that is not', { amount: 4_000 }, 5_001, 'failed', 4_000],
    ['everything', { amount: 9_000, everything: true as const }, 5_001, 'requested', 3_999],
    ['everything, and nothing is left', { amount: 9_000, everything: true as const }, 9_000, 'failed', 9_000],
  ])('after somebody gave back a part: %s', (_what, more, cancelled, state, amount) => {
    const facts = record(1, { cancelled, cancellations: [cancellation({ amount: cancelled, reason: 'console' })] });
    const one = refund(more);
    expect(adjusted(paid(facts, one), one, facts).refunds[0]).toMatchObject({ state, amount });
  });
});

test('a refund of the merchant’s that failed is a person’s matter until it is asked for again, or nothing is left', () => {
  const attention = (facts: Partial<ProviderRecord>, ...refunds: Refund[]) =>
    conclude(paid(), { ...paid(facts, ...refunds) }, { now: at, trigger: 'due', schedule: terms.schedule }).attention;
  const failed = refund({ state: 'failed' });
  expect(attention({}, failed)).toBe('refund_failed');
  expect(attention({}, failed, refund({ id: 'rf_2', state: 'done' }))).toBeUndefined();
  expect(attention({}, refund({ id: 'rf_2', state: 'done' }), failed)).toBe('refund_failed');
  expect(attention({}, refund({ state: 'failed', cause: 'late' }), refund({ id: 'rf_2' }))).toBe('refund_failed');
  const all = { cancelled: 9_000, cancellations: [cancellation({ amount: 9_000, reason: 'console' })] };
  expect(attention(all, failed)).toBeUndefined();
});
