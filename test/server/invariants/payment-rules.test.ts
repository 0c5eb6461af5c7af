import { describe, expect, test } from 'vitest';
import { paymentRules } from '../../../server/invariants/payment-rules.js';
import { day, hour, minute } from '../../../server/ops/clock.js';
import type { Attempt, Payment, Refund } from '../../../server/payments/payment.js';
import { defaultSchedule } from '../../../server/payments/schedule.js';
import { attempt, launchedAttempt, payment, record, t0 } from '../../support/payments.js';

const now = t0 + 3 * day;
const broken = (one: Payment): string[] =>
  paymentRules.filter((rule) => rule.isBroken(one, { now, schedule: defaultSchedule })).map(({ name }) => name);

const by1 = { attempt: 1, record: 'key-1', at: t0 };
const paidAttempt = (more: Partial<Attempt> = {}) =>
  launchedAttempt(1, { state: 'paid', records: [record(1)], ...more });
const paid = (attempts: readonly Attempt[] = [paidAttempt()], more: Partial<Payment> = {}) =>
  payment(attempts, { status: 'paid', paidBy: by1, paidAt: t0, ...more });
const refund = (more: Partial<Refund>): Refund => ({
  ...{ id: 'rf_1', attempt: 2, record: 'key-2', amount: 9_000, currency: 'KRW', cause: 'duplicate' },
  ...{ state: 'done', requestedAt: t0, try: 1, calls: 0 },
  ...more,
});
const intent = { record: 'key-1', try: 1, since: t0, askedAt: t0, holdUntil: t0 + minute, calls: 1 };
const expired = { status: 'expired' } as const;

describe('the rules of a payment', () => {
  test('have a name of their own and say what they promise', () => {
    expect(new Set(paymentRules.map(({ name }) => name)).size).toBe(paymentRules.length);
    for (const { description } of paymentRules) expect(description).toMatch(/^[A-Z].*\.$/);
  });

  test.each<[string, Payment]>([
    ['an open one that is due', payment([launchedAttempt(1)], { dueAt: now + minute })],
    ['a paid one', paid()],
    ['an expired one', payment([attempt(1, { state: 'expired' })], expired)],
    [
      'one that was paid twice, and the second is on its way back',
      paid([paidAttempt(), launchedAttempt(2, { state: 'paid', records: [record(2)] })], {
        refunds: [refund({ state: 'failed' })],
      }),
    ],
    [
      'one whose second money went back in the console',
      paid([paidAttempt(), launchedAttempt(2, { state: 'paid', records: [record(2, { cancelled: 9_000 })] })]),
    ],
    [
      'a record of somebody else’s, for a person to decide',
      payment([launchedAttempt(1, { state: 'held', records: [record(1)] })], expired),
    ],
    [
      'a deposit that the bank took back',
      payment([launchedAttempt(1, { state: 'pending', records: [record(1, { state: 'awaiting_deposit' })] })], {
        ...{ status: 'pending', paidBy: { ...by1, reversed: true }, dueAt: now + hour },
      }),
    ],
    [
      'one that somebody is at',
      payment([launchedAttempt(1)], { dueAt: now, lease: { owner: 'a', fence: 1, until: now } }),
    ],
  ])('hold for %s', (_what, one) => {
    expect(broken(one)).toEqual([]);
  });

  test.each<[string, string, Payment]>([
    ['paid_by_one_record', 'paid by nothing', payment([attempt(1, { state: 'expired' })], { status: 'paid' })],
    ['paid_by_one_record', 'paid, and not told so', { ...paid(), status: 'expired' }],
    ['paid_by_one_record', 'paid by an attempt that failed', paid([paidAttempt({ state: 'failed' })])],
    ['paid_by_one_record', 'paid by an attempt that is not there', { ...paid(), paidBy: { ...by1, attempt: 3 } }],
    ['paid_by_one_record', 'paid by another sum', paid([paidAttempt({ records: [record(1, { amount: 8_999 })] })])],
    [
      'paid_by_one_record',
      'paid in another currency',
      paid([paidAttempt({ records: [record(1, { currency: 'USD' })] })]),
    ],
    [
      'paid_by_one_record',
      'one record on two attempts',
      paid([paidAttempt(), launchedAttempt(2, { state: 'failed', records: [record(1)] })]),
    ],
    ['refunds_within_paid', 'more back than paid', paid([paidAttempt()], { refundedAmount: 9_001 })],
    [
      'refunds_within_paid',
      'more back of a record',
      paid([paidAttempt({ records: [record(1, { cancelled: 9_001 })] })]),
    ],
    [
      'other_money_goes_back',
      'second money and no refund',
      paid([paidAttempt(), launchedAttempt(2, { state: 'paid', records: [record(2)] })]),
    ],
    [
      'other_money_goes_back',
      'second money, and a refund of the first',
      paid([paidAttempt(), launchedAttempt(2, { state: 'paid', records: [record(2)] })], {
        refunds: [refund({ record: 'key-1' })],
      }),
    ],
    ['other_money_goes_back', 'money that paid nothing', payment([paidAttempt()], expired)],
    [
      'unknown_for_a_day_at_most',
      'a charge',
      payment([launchedAttempt(1, { state: 'unknown', intent })], { dueAt: now }),
    ],
    [
      'unknown_for_a_day_at_most',
      'a refund',
      paid([paidAttempt()], { refunds: [refund({ state: 'unknown', sentAt: now, unknownSince: t0 })], dueAt: now }),
    ],
    ['confirming_is_resumed', 'nobody comes', payment([launchedAttempt(1, { state: 'confirming', intent })])],
    ['unfinished_is_due', 'a lookup', payment([launchedAttempt(1, { nextLookupAt: t0 })])],
    ['unfinished_is_due', 'a lease', paid([paidAttempt()], { lease: { owner: 'a', fence: 1, until: now } })],
    [
      'unfinished_is_due',
      'a refund',
      paid([paidAttempt()], {
        refunds: [refund({ record: 'key-1', cause: 'merchant', state: 'requested', nextStepAt: t0 })],
      }),
    ],
    ['unfinished_is_due', 'the end', payment([attempt(1)])],
    [
      'told_within_an_hour',
      'news of yesterday',
      paid([paidAttempt()], {
        outbox: [{ key: 'k', type: 'payment.paid', at: now - hour - 1, data: { status: 'paid', refundedAmount: 0 } }],
        dueAt: now,
      }),
    ],
  ])('%s is broken by %s', (name, _what, one) => {
    expect(broken(one)).toContain(name);
  });

  test('a charge may be unknown for a day, and news be an hour old', () => {
    const fresh = { ...intent, since: now - day + 1 };
    const entry = {
      key: 'k',
      type: 'payment.paid',
      at: now - hour,
      data: { status: 'paid', refundedAmount: 0 },
    } as const;
    expect(broken(payment([launchedAttempt(1, { state: 'unknown', intent: fresh })], { dueAt: now }))).toEqual([]);
    expect(broken(paid([paidAttempt()], { outbox: [entry], dueAt: now }))).toEqual([]);
  });
});
