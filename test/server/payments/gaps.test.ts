import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { silentLogger } from '../../../server/ops/logging.js';
import { createWorker } from '../../../server/ops/worker.js';
import {
  cancelPayment,
  launch,
  observe,
  type Preparation,
  prepareAttempt,
  unanswered,
} from '../../../server/payments/attempts.js';
import { conclude, statusOf } from '../../../server/payments/conclude.js';
import { applyConfirm, confirmKey, firstConfirm, resumeConfirm, type Step } from '../../../server/payments/confirm.js';
import { attemptDeadline, expiryOf, nextLookup } from '../../../server/payments/due-times.js';
import { applyFacts } from '../../../server/payments/facts.js';
import {
  type Attempt,
  type Intent,
  maxAttempts,
  maxObservations,
  maxRecords,
  maxRefunds,
  type Payment,
  payments,
  type Refund,
} from '../../../server/payments/payment.js';
import { createRefundGuard, refundGuards } from '../../../server/payments/refund-guard.js';
import {
  countCancellations,
  nextRefundStep,
  refundable,
  refundKey,
  refundReason,
  refundSent,
} from '../../../server/payments/refunds.js';
import type { Cancellation, ConfirmOutcome, ProviderRecord } from '../../../server/providers/provider.js';
import { openStore } from '../../../server/store/open.js';
import { attempt, launchedAttempt, payment, paymentId, record, t0, terms } from '../../support/payments.js';
import { control, openSession } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { createWorld, type World } from '../../support/world.js';

/** The guards of the money core one by one, each at its edge: what a walk through the whole server does not reach. */

const { schedule } = terms;
const deadline = t0 + schedule.attemptDeadlineMs;
const agreed = (more: Partial<ProviderRecord> = {}) => record(1, { state: 'authenticated', ...more });

const intent = (more: Partial<Intent> = {}): Intent => ({
  record: 'key-1',
  try: 1,
  since: t0,
  askedAt: t0,
  holdUntil: t0 + schedule.confirmHoldMs,
  calls: 0,
  ...more,
});
const asked = (more: Partial<Intent> = {}, state: Attempt['state'] = 'confirming'): Attempt =>
  launchedAttempt(1, { state, intent: intent(more), records: [agreed()] });
const unknownAfter = (why: NonNullable<Intent['unanswered']>, more: Partial<Intent> = {}): Attempt =>
  asked({ unanswered: why, answeredAt: t0, holdUntil: t0, calls: 1, ...more }, 'unknown');

describe('a first confirm', () => {
  const first = (before: Payment, facts = agreed(), now = t0 + minute) => firstConfirm(before, 1, facts, now, schedule);

  test('is made for what was agreed to, and its intent is to be stored', () => {
    const step = first(payment([launchedAttempt(1)]));
    expect(step).toMatchObject({ do: 'ask', intent: { record: 'key-1', try: 1, calls: 0 } });
    expect((step as Extract<Step, { do: 'ask' }>).payment.attempts[0]).toMatchObject({ state: 'confirming' });
  });

  test.each<[string, Payment]>([
    ['another attempt is being confirmed', payment([launchedAttempt(1), launchedAttempt(2, { state: 'confirming' })])],
    ['another attempt is unknown', payment([launchedAttempt(1), launchedAttempt(2, { state: 'unknown' })])],
    ['another attempt waits for the provider', payment([launchedAttempt(1), launchedAttempt(2, { state: 'pending' })])],
    ['something paid', payment([launchedAttempt(1)], { paidBy: { attempt: 2, record: 'key-2', at: t0 } })],
    [
      'what paid was taken back',
      payment([launchedAttempt(1)], { paidBy: { attempt: 2, record: 'key-2', at: t0, reversed: true } }),
    ],
    ['the payment was canceled', payment([launchedAttempt(1)], { canceledAt: t0 })],
    ['the attempt was superseded', payment([launchedAttempt(1, { superseded: true })])],
    ['the attempt failed', payment([launchedAttempt(1, { state: 'failed' })])],
    ['the attempt is held', payment([launchedAttempt(1, { state: 'held' })])],
  ])('is withheld when %s', (_why, before) => {
    expect(first(before)).toEqual({ do: 'nothing' });
  });

  test('is not withheld because of an issued account', () => {
    const account = { bank: '06', number: 'X1' };
    const other = launchedAttempt(2, { state: 'pending', account });
    expect(first(payment([launchedAttempt(1), other])).do).toBe('ask');
  });

  test('is made up to the deadline, not at it', () => {
    const before = payment([launchedAttempt(1)]);
    expect(first(before, agreed(), deadline - 1).do).toBe('ask');
    expect(first(before, agreed(), deadline).do).toBe('nothing');
  });

  test.each(['ready', 'approving', 'awaiting_deposit', 'paid', 'failed', 'expired', 'canceled'] as const)(
    'is not made for a record that is %s',
    (state) => expect(first(payment([launchedAttempt(1)]), agreed({ state }))).toEqual({ do: 'nothing' }),
  );

  test.each([{ amount: 8_999 }, { amount: 9_001 }, { currency: 'USD' }])('is refused for a window of %o', (other) => {
    expect(first(payment([launchedAttempt(1)]), agreed(other))).toEqual({ do: 'refuse', why: 'amount_mismatch' });
  });
});

describe('a first confirm by a token', () => {
  const token = { digest: 'd-1', sealed: 'v1.sealed' };
  const first = (one = launchedAttempt(1), facts = agreed({ state: 'ready' })) =>
    firstConfirm(payment([one]), 1, facts, t0 + minute, schedule, token);

  test('is made for a record that waits, and the token is stored with the intent', () => {
    expect(first()).toMatchObject({ do: 'ask', intent: { record: 'key-1', token, try: 1 } });
    expect(first(undefined, agreed({ state: 'authenticated' }))).toMatchObject({ do: 'ask', intent: { token } });
  });

  test.each(['approving', 'awaiting_deposit', 'paid', 'failed', 'expired', 'canceled'] as const)(
    'is not made for a record that is %s',
    (state) => expect(first(undefined, agreed({ state }))).toEqual({ do: 'nothing' }),
  );

  test('is refused for a window of another amount, a token refused before, and after eight of them', () => {
    expect(first(undefined, agreed({ state: 'ready', amount: 100 }))).toEqual({ do: 'refuse', why: 'amount_mismatch' });
    const refused = (...digests: string[]) => first(launchedAttempt(1, { refused: digests }));
    expect(refused('d-1')).toEqual({ do: 'refuse', why: 'mismatch' });
    // The record is not what was refused.
    expect(refused('key-1', 'd-2')).toMatchObject({ do: 'ask' });
    expect(refused('1', '2', '3', '4', '5', '6', '7')).toMatchObject({ do: 'ask' });
    expect(refused('1', '2', '3', '4', '5', '6', '7', '8')).toEqual({ do: 'refuse', why: 'mismatch' });
  });
});

describe('a stored intent', () => {
  const resume = (one: Attempt, now: number, own?: Pick<Intent, 'askedAt' | 'try'>, more: Partial<Payment> = {}) =>
    resumeConfirm(payment([one], more), 1, now, schedule, own);
  const intentOf = (step: Step) => (step.do === 'ask' ? step.intent : undefined);
  const late = t0 + schedule.confirmHoldMs;

  test('belongs to whoever stored it until its hold is over', () => {
    expect(resume(asked(), late - 1).do).toBe('nothing');
    expect(resume(asked(), late).do).toBe('ask');
  });

  test('is asked again at once by the one whose answer could not be written, and by nobody else', () => {
    expect(resume(asked(), t0 + 1, { askedAt: t0, try: 1 }).do).toBe('ask');
    expect(resume(asked(), t0 + 1, { askedAt: t0, try: 2 }).do).toBe('nothing');
    expect(resume(asked(), t0 + 1, { askedAt: t0 - 1, try: 1 }).do).toBe('nothing');
    expect(resume(unknownAfter('no_reply', { holdUntil: late }), t0 + 1, { askedAt: t0, try: 1 }).do).toBe('nothing');
  });

  test('waits for its next lookup', () => {
    const one = { ...unknownAfter('no_reply'), nextLookupAt: t0 + minute };
    expect(resume(one, t0 + minute - 1).do).toBe('nothing');
    expect(resume(one, t0 + minute).do).toBe('ask');
  });

  test.each([undefined, 'no_reply', 'in_progress'] as const)('keeps its key after %s', (why) => {
    const one = why ? unknownAfter(why) : asked();
    const again = intentOf(resume(one, late));
    expect(again?.try).toBe(1);
    expect(confirmKey(one, again as Intent)).toBe(confirmKey(one, one.intent as Intent));
  });

  test('that nobody answered for counts as a call: its refusal is no proof that nothing moved', () => {
    expect(intentOf(resume(asked(), late))?.calls).toBe(1);
    expect(intentOf(resume(unknownAfter('no_reply', { calls: 3 }), late))?.calls).toBe(3);
  });

  describe('after a received error', () => {
    const then = t0 + schedule.newTryAfterMs;
    test('takes a new key once the wait is over, not before', () => {
      const one = unknownAfter('temporary');
      expect(resume(one, then - 1).do).toBe('nothing');
      const next = intentOf(resume(one, then));
      expect(next?.try).toBe(2);
      expect(confirmKey(one, next as Intent)).not.toBe(confirmKey(one, one.intent as Intent));
    });

    test.each(['ready', 'approving', 'paid', 'failed', 'expired'] as const)(
      'takes none while the record is %s',
      (state) => {
        const one = { ...unknownAfter('temporary'), records: [agreed({ state })] };
        expect(resume(one, then).do).toBe('nothing');
      },
    );

    test('takes none when its record is gone', () => {
      expect(resume({ ...unknownAfter('temporary'), records: [] }, then).do).toBe('nothing');
    });

    test('takes none outside the provider’s ten minutes, counted from the shopper’s consent', () => {
      const end = t0 + 10 * minute;
      expect(resume(unknownAfter('temporary'), end - 1).do).toBe('ask');
      expect(resume(unknownAfter('temporary'), end).do).toBe('nothing');
      const early = { ...unknownAfter('temporary'), records: [agreed({ authenticatedAt: t0 - minute })] };
      expect(resume(early, end - minute).do).toBe('nothing');
    });

    test('takes at most ten', () => {
      expect(resume(unknownAfter('temporary', { try: 9 }), then).do).toBe('ask');
      expect(resume(unknownAfter('temporary', { try: 10 }), then).do).toBe('nothing');
    });
  });

  test.each<[string, Partial<Payment>, number]>([
    ['something paid', { paidBy: { attempt: 2, record: 'key-2', at: t0 } }, late],
    ['the payment was canceled', { canceledAt: t0 }, late],
    ['its deadline is past', {}, deadline],
  ])('is no more asked for when %s, but stays to be looked up', (_why, more, now) => {
    const step = resume(asked(), now, undefined, more);
    expect(step).toMatchObject({ do: 'note', payment: { attempts: [{ state: 'unknown' }] } });
    expect(resume(unknownAfter('no_reply'), now, undefined, more)).toEqual({ do: 'nothing' });
  });

  test('has a key of its own per order, record and try', () => {
    const one = asked();
    const keys = [
      confirmKey(one, intent()),
      confirmKey(one, intent({ try: 2 })),
      confirmKey(one, intent({ record: 'key-2' })),
      confirmKey({ ...one, orderId: 'pay_x_2' }, intent()),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(confirmKey(one, intent({ askedAt: t0 + 1, calls: 4, holdUntil: 0 }))).toBe(keys[0]);
  });

  test('keeps its key from release to release: a resumed call is the same request', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const one = asked();
    expect(confirmKey(one, intent())).toBe(sha256(`confirm:${paymentId}_1:key-1:1`));
    const token = { digest: 'd-1', sealed: 'v1.sealed' };
    expect(confirmKey(one, intent({ token }))).toBe(sha256(`confirm:${paymentId}_1:key-1:d-1:1`));
    expect(confirmKey(one, intent({ token: { digest: 'd-1' } }))).toBe(confirmKey(one, intent({ token })));
    expect(confirmKey(one, intent({ token: { digest: 'd-2' } }))).not.toBe(confirmKey(one, intent({ token })));
  });

  test('with a token is asked anew for a record that still waits; without one that shows nothing', () => {
    const waits = (more: Partial<Intent>) => ({
      ...unknownAfter('temporary', more),
      records: [agreed({ state: 'ready' })],
    });
    const token = { digest: 'd-1', sealed: 'v1.sealed' };
    expect(resume(waits({ token }), t0 + minute)).toMatchObject({ do: 'ask', intent: { token, try: 2 } });
    expect(resume(waits({}), t0 + minute)).toEqual({ do: 'nothing' });
  });
});

describe('the answer to a confirm', () => {
  const answer = (one: Attempt, outcome: ConfirmOutcome) =>
    applyConfirm(payment([one]), 1, outcome, t0 + minute).attempts[0] as Attempt;
  const refused: ConfirmOutcome = { outcome: 'refused', hint: 'unknown_record', detail: 'X' };
  const misconfigured: ConfirmOutcome = { outcome: 'misconfigured', code: 'UNAUTHORIZED_KEY' };

  test('a refused key puts the first call back to launched', () => {
    const after = answer(asked(), refused);
    expect(after.state).toBe('launched');
    expect(after.intent).toBeUndefined();
  });

  test('what was refused is remembered: the record, or where there was one the token', () => {
    expect(answer(asked(), refused).refused).toEqual(['key-1']);
    const token = { digest: 'd-1', sealed: 'v1.sealed' };
    const before = { ...asked({ token }), refused: ['d-0'] };
    expect(answer(before, refused).refused).toEqual(['d-0', 'd-1']);
  });

  test('a token is kept while it may be asked with, and not longer', () => {
    const token = { digest: 'd-1', sealed: 'v1.sealed' };
    const kept = (one: Attempt) =>
      conclude(payment([launchedAttempt(1)]), payment([one]), { now: t0 + minute, trigger: 'verify', schedule })
        .attempts[0]?.intent?.token;
    const { state } = asked({ token });
    expect([state, kept(asked({ token }))]).toEqual(['confirming', token]);
    expect(kept(asked({ token }, 'unknown'))).toEqual(token);
    for (const over of ['paid', 'failed', 'pending', 'expired', 'canceled', 'held'] as const)
      expect(kept(asked({ token }, over))).toEqual({ digest: 'd-1' });
  });

  test.each([
    ['an earlier call', { calls: 1 }],
    ['an earlier try', { try: 2 }],
  ])('a refusal after %s proves nothing: unknown', (_what, more) => {
    for (const outcome of [refused, misconfigured]) {
      expect(answer(asked(more), outcome)).toMatchObject({
        state: 'unknown',
        intent: { record: 'key-1', unanswered: 'temporary' },
      });
    }
  });

  test('wrong credentials fail a first call', () => {
    expect(answer(asked(), misconfigured)).toMatchObject({ state: 'failed', failure: { code: 'misconfigured' } });
  });

  test.each(['no_reply', 'in_progress', 'temporary'] as const)('%s is never a decline', (why) => {
    const after = answer(asked(), { outcome: 'unknown', why, detail: 'X' });
    expect(after).toMatchObject({ state: 'unknown', intent: { unanswered: why, calls: 1, answeredAt: t0 + minute } });
    expect(after.failure).toBeUndefined();
  });

  test('“done” without a record is looked up under the same key, not taken for an error', () => {
    expect(answer(asked(), { outcome: 'done' })).toMatchObject({
      state: 'unknown',
      intent: { unanswered: 'in_progress' },
    });
  });

  test.each(['launched', 'paid', 'failed', 'unknown'] as const)('means nothing to an attempt that is %s', (state) => {
    const before = payment([asked({}, state)]);
    for (const outcome of [refused, misconfigured, { outcome: 'declined', code: 'X', retryable: true } as const])
      expect(applyConfirm(before, 1, outcome, t0 + minute)).toBe(before);
  });
});

describe('money', () => {
  const at = t0 + 5 * minute;
  const apply = (before: Payment, records: readonly ProviderRecord[], now = at, more = terms, no = 1) =>
    applyFacts(before, no, { askedAt: now, records }, more);

  test('of an old price goes back, even where attempt and record agree', () => {
    const after = apply(payment([launchedAttempt(1)], { amount: 13_500 }), [record(1)]);
    expect(after.paidBy).toBeUndefined();
    expect(after.refunds).toMatchObject([{ cause: 'mismatch', amount: 9_000 }]);
  });

  test('of the right figure in another currency goes back', () => {
    const after = apply(payment([launchedAttempt(1)]), [record(1, { currency: 'JPY' })]);
    expect(after.paidBy).toBeUndefined();
    expect(after.refunds).toMatchObject([{ cause: 'mismatch', currency: 'JPY' }]);
  });

  test('found twice under one order pays once and goes back once', () => {
    const both = [record(1), record(1, { record: 'key-1b' })];
    const after = apply(payment([launchedAttempt(1)]), both);
    expect(after.paidBy?.record).toBe('key-1');
    expect(after.refunds).toMatchObject([{ cause: 'duplicate', record: 'key-1b', amount: 9_000 }]);
    expect(apply(after, both.toReversed())).toEqual(after);
  });

  test('after the deposit was taken back, the same record pays again and another goes back', () => {
    const awaiting = record(1, { state: 'awaiting_deposit', account: { bank: '06', number: 'X', dueAt: t0 + day } });
    const paid = apply(payment([launchedAttempt(1)]), [record(1)]);
    const reversed = apply(paid, [awaiting]);
    expect(reversed.paidBy?.reversed).toBe(true);
    expect(statusOf(reversed, at)).toBe('pending');
    expect(statusOf(apply(reversed, [record(1)]), at)).toBe('paid');
    const other = apply(reversed, [record(1, { record: 'key-1b' })]);
    expect(other.refunds).toMatchObject([{ record: 'key-1b', cause: 'duplicate' }]);
  });

  test('is late by the clock, and by the stored status where another server’s clock was ahead', () => {
    const expired = launchedAttempt(1, { state: 'expired' });
    const past = { openUntil: t0 + minute };
    expect(apply(payment([expired], past), [record(1)]).refunds).toMatchObject([{ cause: 'late' }]);
    const ahead = payment([expired], { status: 'expired', openUntil: at + minute });
    expect(apply(ahead, [record(1)]).refunds).toMatchObject([{ cause: 'late' }]);
    expect(apply(payment([expired], past), [record(1)], at, { ...terms, lateMoney: 'accept' }).paidBy).toBeDefined();
  });

  test('into an issued account is welcome after the end, but not into a canceled order', () => {
    const issued = launchedAttempt(1, { state: 'expired', account: { bank: '06', number: 'X' } });
    expect(apply(payment([issued], { openUntil: t0 }), [record(1)]).paidBy).toBeDefined();
    const canceled = apply(payment([issued], { canceledAt: t0 }), [record(1)], at, { ...terms, lateMoney: 'accept' });
    expect(canceled.paidBy).toBeUndefined();
    expect(canceled.refunds).toMatchObject([{ cause: 'late' }]);
  });

  test('that came through an account waits for the buyer’s own, and nothing is due', () => {
    const account = { bank: '06', number: 'X' };
    const after = apply(payment([launchedAttempt(1)], { canceledAt: t0 }), [record(1, { account })]);
    expect(after.refunds).toMatchObject([{ state: 'needs_account' }]);
    expect(after.refunds[0]?.nextStepAt).toBeUndefined();
    expect(nextRefundStep(after, schedule)).toBeUndefined();
  });

  test.each([
    ['test/live', { environment: 'live' }, terms],
    ['store', { store: 'theirs' }, { ...terms, store: 'ours' }],
    ['channel', { channel: 'theirs' }, { ...terms, channel: 'ours' }],
  ] as const)('of another %s is held, and neither sold for nor given back', (_what, more, mine) => {
    const after = apply(payment([launchedAttempt(1)]), [record(1, more)], at, mine);
    expect(after.attempts[0]?.state).toBe('held');
    expect([after.paidBy, after.refunds]).toEqual([undefined, []]);
    const again = apply(after, [record(1)], at, mine);
    expect([again.paidBy, again.refunds]).toEqual([undefined, []]);
  });

  test('in one record outranks the record we asked for', () => {
    const one = unknownAfter('no_reply');
    const after = apply(payment([one]), [record(1, { state: 'failed' }), record(1, { record: 'key-1b' })]);
    expect(after.attempts[0]?.state).toBe('paid');
    expect(after.paidBy?.record).toBe('key-1b');
  });

  test('that we asked for is followed by its own record, not by the one that got furthest', () => {
    const after = apply(payment([unknownAfter('no_reply')]), [
      record(1, { state: 'failed' }),
      record(1, { record: 'key-1b', state: 'authenticated' }),
    ]);
    expect(after.attempts[0]?.state).toBe('failed');
  });
});

describe('what is kept of facts', () => {
  const at = t0 + minute;
  test('a webhook secret survives a record that comes without one', () => {
    const known = launchedAttempt(1, { records: [record(1, { state: 'ready', webhookSecret: 'sealed' })] });
    const after = applyFacts(payment([known]), 1, { askedAt: at, records: [record(1)] }, terms);
    expect(after.attempts[0]?.records[0]?.webhookSecret).toBe('sealed');
  });

  test('records are bounded, and the one that holds money is never the one to go', () => {
    const junk = Array.from({ length: maxRecords + 3 }, (_, n) => record(1, { record: `junk-${n}`, state: 'ready' }));
    const full = applyFacts(payment([launchedAttempt(1)]), 1, { askedAt: at, records: junk }, terms);
    expect(full.attempts[0]?.records).toHaveLength(maxRecords);
    const after = applyFacts(full, 1, { askedAt: at, records: [record(1)] }, terms);
    expect(after.attempts[0]?.records).toHaveLength(maxRecords);
    expect(after.attempts[0]?.records.map((one) => one.record)).toContain('key-1');
  });

  test('nor is one that money may still come by, and the next look changes nothing', () => {
    const junk = Array.from({ length: maxRecords }, (_, n) => record(1, { record: `junk-${n}`, state: 'failed' }));
    const full = payment([launchedAttempt(1, { records: junk })]);
    const waits = record(1, { state: 'awaiting_deposit', account: { bank: 'KAKAO', number: 'X1' } });
    const look = (before: Payment) => applyFacts(before, 1, { askedAt: at, records: [...junk, waits] }, terms);
    const after = look(full).attempts[0]?.records;
    expect(after).toHaveLength(maxRecords);
    expect(after).toContainEqual(waits);
    expect(look(look(full)).attempts[0]?.records).toEqual(after);
  });

  test('codes of returned windows are kept once, and bounded', () => {
    let seen = payment([launchedAttempt(1)]);
    for (let n = 0; n < 100; n++) seen = observe(observe(seen, 1, `C${n}`, at), 1, `C${n}`, at + n);
    expect(seen.observations).toHaveLength(maxObservations);
  });
});

describe('an attempt’s end', () => {
  const look = (one: Attempt, askedAt: number, records: ProviderRecord[] = []) =>
    applyFacts(payment([one]), 1, { askedAt, records }, terms).attempts[0] as Attempt;

  test('is at its deadline, not before', () => {
    expect(look(launchedAttempt(1), deadline - 1).state).toBe('launched');
    expect(look(launchedAttempt(1), deadline).state).toBe('expired');
  });

  test('of one that we asked money from is told to a person', () => {
    const one = look(unknownAfter('no_reply'), deadline, [agreed()]);
    expect(one).toMatchObject({ state: 'expired', failure: { code: 'unresolved' } });
    const before = payment([unknownAfter('no_reply')]);
    const after = conclude(before, payment([one]), { now: deadline, trigger: 'due', schedule });
    expect(after.attention).toBe('unresolved');
    expect(look(launchedAttempt(1), deadline).failure).toBeUndefined();
  });

  test('of an issued account is its date and the grace', () => {
    const account = { bank: '06', number: 'X', dueAt: t0 + day };
    const one = launchedAttempt(1, { state: 'pending', account });
    const end = t0 + day + schedule.accountGraceMs;
    expect(attemptDeadline(payment([one]), one, schedule)).toBe(end);
    const awaiting = record(1, { state: 'awaiting_deposit', account });
    expect(look(one, end - 1, [awaiting]).state).toBe('pending');
    expect(look(one, end, [awaiting]).state).toBe('expired');
  });
});

describe('due lookups', () => {
  const due = (one: Attempt) => nextLookup(payment([one]), one, schedule);
  const openUntil = t0 + schedule.openForMs;

  test('a window of a provider that charges by itself is looked up once, though nobody reported it', () => {
    const one = attempt(1, { selfCharging: true });
    const last = openUntil + schedule.attemptDeadlineMs;
    expect(due(one)).toBe(last);
    expect(due({ ...one, lookedUpAt: last })).toBeUndefined();
    expect(due(attempt(1))).toBeUndefined();
  });

  test('no answer is asked for again soon, whatever the schedule says', () => {
    const before = payment([launchedAttempt(1, { lookedUpAt: t0 + minute })]);
    const after = unanswered(before, 1, t0 + 10 * minute).attempts[0] as Attempt;
    expect(due(after)).toBe(t0 + 10 * minute + 5 * second);
    const ended = { ...launchedAttempt(1, { state: 'expired' as const }), lookedUpAt: t0 + 9 * day, unanswered: 2 };
    expect(due(ended)).toBe(t0 + 9 * day + 15 * second);
  });

  test('what ended without money is looked at once more a day later, and then no more', () => {
    const one = launchedAttempt(1, { state: 'expired', lookedUpAt: deadline });
    expect(due(one)).toBe(deadline + day);
    expect(due({ ...one, lookedUpAt: deadline + day })).toBeUndefined();
  });

  test('a decline is looked at once more where an earlier try, or the provider by itself, may have charged', () => {
    const failed = launchedAttempt(1, { state: 'failed', intent: intent() });
    expect(due(failed)).toBeUndefined();
    expect(due({ ...failed, intent: intent({ try: 2 }) })).toBe(deadline + day);
    expect(due({ ...failed, selfCharging: true })).toBe(deadline + day);
  });

  test('every state that waits moves on when it is looked up: nothing stays due', () => {
    for (const state of ['prepared', 'launched', 'pending', 'unknown', 'expired', 'failed'] as const)
      for (const selfCharging of [true, false])
        for (const now of [t0 + minute, deadline, openUntil + schedule.attemptDeadlineMs, t0 + 3 * day]) {
          const asks = state === 'unknown' ? { intent: intent() } : {};
          const one = attempt(1, {
            selfCharging,
            state,
            ...(state !== 'prepared' && { launchedAt: t0, deadline }),
            ...asks,
          });
          const looked = applyFacts(payment([one]), 1, { askedAt: now, records: [] }, terms);
          const after = { ...(looked.attempts[0] as Attempt), lookedUpAt: now };
          const next = nextLookup(looked, after, schedule);
          expect(next ?? Number.POSITIVE_INFINITY, `${state} at ${now - t0}`).toBeGreaterThan(now);
        }
  });

  test('an open window holds the payment open; the clock alone ends it otherwise', () => {
    expect(expiryOf(payment([launchedAttempt(1)]))).toBeUndefined();
    expect(expiryOf(payment([attempt(1, { selfCharging: true })]))).toBeUndefined();
    expect(expiryOf(payment([attempt(1)]))).toBe(openUntil);
    expect(statusOf(payment([attempt(1)]), openUntil - 1)).toBe('open');
    expect(statusOf(payment([attempt(1)]), openUntil)).toBe('expired');
  });

  test('a window that nobody reported may be confirmed as long as one opened at the last moment', () => {
    const last = openUntil + schedule.attemptDeadlineMs;
    expect(firstConfirm(payment([attempt(1)]), 1, agreed(), last - 1, schedule).do).toBe('ask');
    expect(firstConfirm(payment([attempt(1)]), 1, agreed(), last, schedule).do).toBe('nothing');
  });

  test('a launch that is heard of after the session closed cannot have happened later than that', () => {
    const late = launch(payment([attempt(1)]), attempt(1), openUntil + hour, schedule);
    expect(late).toMatchObject({ launchedAt: openUntil, deadline: openUntil + schedule.attemptDeadlineMs });
  });
});

describe('prepare', () => {
  const wanted: Preparation = { channel: 'toss', provider: 'toss', selfCharging: false };
  const prepare = (before: Payment, more: Partial<Preparation> = {}, now = t0 + minute) =>
    prepareAttempt(before, { ...wanted, ...more }, now);
  const noOf = (result: ReturnType<typeof prepare>) => (result.ok ? result.attempt.no : result.why);

  test('uses what was not launched again', () => expect(noOf(prepare(payment([attempt(1)])))).toBe(1));

  test.each<[string, Payment, Partial<Preparation>]>([
    ['was superseded', payment([attempt(1, { superseded: true })]), {}],
    ['is of another channel', payment([attempt(1)]), { channel: 'other' }],
    ['is of another amount', payment([attempt(1)], { amount: 13_500 }), {}],
    ['is of another currency', payment([attempt(1)], { currency: 'USD' }), {}],
    ['was launched', payment([launchedAttempt(1)]), {}],
  ])('makes a new attempt where the last %s', (_why, before, more) => {
    const result = prepare(before, more);
    expect(noOf(result)).toBe(2);
    if (result.ok) expect(result.payment.attempts[0]?.superseded).toBe(true);
  });

  test.each(['confirming', 'unknown', 'pending'] as const)('is refused while an attempt is %s', (state) => {
    const busy = payment([launchedAttempt(1, { state })]);
    expect(noOf(prepare(busy))).toBe('payment_in_progress');
    expect(cancelPayment(busy, t0)).toEqual({ ok: false, why: 'payment_in_progress' });
  });

  test('is refused at the end, not before, and for what is paid or canceled', () => {
    const one = payment([attempt(1)]);
    expect(noOf(prepare(one, {}, one.openUntil - 1))).toBe(1);
    expect(noOf(prepare(one, {}, one.openUntil))).toBe('session_expired');
    const paid = payment([launchedAttempt(1, { state: 'paid' })], { paidBy: { attempt: 1, record: 'key-1', at: t0 } });
    expect(noOf(prepare(paid))).toBe('payment_already_paid');
    expect(cancelPayment(paid, t0)).toEqual({ ok: false, why: 'payment_already_paid' });
    expect(noOf(prepare(payment([], { canceledAt: t0 })))).toBe('session_canceled');
  });

  test('makes twenty attempts and no more', () => {
    const many = (count: number) => payment(Array.from({ length: count }, (_, n) => launchedAttempt(n + 1)));
    expect(noOf(prepare(many(maxAttempts - 1)))).toBe(maxAttempts);
    expect(noOf(prepare(many(maxAttempts)))).toBe('too_many_attempts');
  });

  test('a superseded account does not make the payment pending', () => {
    const one = launchedAttempt(1, { state: 'pending', account: { bank: '06', number: 'X' } });
    expect(statusOf(payment([one]), t0)).toBe('pending');
    expect(statusOf(payment([{ ...one, superseded: true }]), t0)).toBe('open');
  });
});

describe('refunds', () => {
  const at = t0 + minute;
  const refund = (more: Partial<Refund> = {}): Refund => ({
    id: 'rf_1',
    attempt: 1,
    record: 'key-1',
    amount: 9_000,
    currency: 'KRW',
    cause: 'late',
    state: 'requested',
    requestedAt: t0,
    nextStepAt: t0,
    try: 0,
    calls: 0,
    ...more,
  });
  const cancellation = (more: Partial<Cancellation> = {}): Cancellation => ({
    id: 'c-1',
    amount: 9_000,
    state: 'done',
    reason: 'Paid after the order ended [rf_1]',
    ...more,
  });
  const withRefunds = (...refunds: Refund[]) => payment([launchedAttempt(1, { state: 'paid' })], { refunds });

  test('two of 6,000 on 9,000: what is reserved can’t be reserved again', () => {
    expect(refundable(withRefunds(), record(1))).toBe(9_000);
    expect(refundable(withRefunds(refund({ amount: 6_000 })), record(1))).toBe(3_000);
    expect(refundable(withRefunds(), record(1, { cancelled: 6_000 }))).toBe(3_000);
    for (const state of ['done', 'failed'] as const)
      expect(refundable(withRefunds(refund({ state })), record(1))).toBe(9_000);
    expect(refundable(withRefunds(refund({ record: 'key-2' })), record(1))).toBe(9_000);
  });

  test('a reservation that the provider counts already is not taken off twice', () => {
    const counted = record(1, { cancelled: 6_000, cancellations: [cancellation({ amount: 6_000 })] });
    expect(refundable(withRefunds(refund({ amount: 6_000, state: 'sent' })), counted)).toBe(3_000);
  });

  const count = (before: Payment, one: Cancellation) =>
    countCancellations(
      before,
      before.attempts[0] as Attempt,
      record(1, { cancellations: [one], cancelled: one.amount }),
      at,
    );

  test.each([
    ['done', 'done'],
    ['pending', 'pending'],
    ['failed', 'failed'],
  ] as const)('a cancellation with our id that is %s makes our refund %s, and no second entry', (state, ends) => {
    const after = count(withRefunds(refund({ state: 'sent' })), cancellation({ state }));
    expect(after.refunds).toHaveLength(1);
    expect(after.refunds[0]?.state).toBe(ends);
  });

  test('what went back is what the provider says, not what we asked for', () => {
    const after = count(withRefunds(refund({ state: 'sent' })), cancellation({ amount: 5_000 }));
    expect(after.refunds[0]).toMatchObject({ state: 'done', amount: 5_000, cancellation: 'c-1' });
  });

  test('done stays done, whatever older news says', () => {
    const done = withRefunds(refund({ state: 'done', cancellation: 'c-1' }));
    for (const state of ['pending', 'failed', 'done'] as const)
      expect(count(done, cancellation({ state }))).toEqual(done);
  });

  test('a cancellation without our id is somebody else’s', () => {
    const after = count(withRefunds(refund({ state: 'sent' })), cancellation({ reason: 'console', amount: 100 }));
    expect(after.refunds.map((one) => [one.cause, one.state, one.amount])).toEqual([
      ['late', 'sent', 9_000],
      ['provider', 'done', 100],
    ]);
  });

  test('are bounded; what does not fit is told', () => {
    const full = Array.from({ length: maxRefunds }, (_, n) => refund({ id: `rf_${n}`, record: 'other' }));
    const late = payment([launchedAttempt(1)], { refunds: full, canceledAt: t0 });
    const after = applyFacts(late, 1, { askedAt: at, records: [record(1)] }, terms);
    expect(after.refunds).toHaveLength(maxRefunds);
    expect(conclude(late, after, { now: at, trigger: 'due', schedule }).attention).toBe('too_many_refunds');
  });

  test('one at a time: what was sent comes before what waits, and a second apart', () => {
    const waits = refund({ id: 'rf_0' });
    const sent = refund({ state: 'sent', sentAt: t0, nextStepAt: t0 + 20 * second });
    expect(nextRefundStep(withRefunds(waits, sent), schedule)?.refund.id).toBe('rf_1');
    const done = refund({ state: 'done', sentAt: t0 });
    expect(nextRefundStep(withRefunds(done, waits), schedule)).toMatchObject({ at: t0 + schedule.refundGapMs });
  });

  test.each([
    ['nothing', { try: 0 }, 1],
    ['no reply', { try: 1, state: 'unknown', unanswered: 'no_reply' }, 1],
    ['“still running”', { try: 1, state: 'unknown', unanswered: 'in_progress' }, 1],
    ['a stop', { try: 1, state: 'sent' }, 1],
    ['a received error', { try: 1, state: 'unknown', unanswered: 'temporary' }, 2],
  ] as const)('after %s the key is the one of try %s', (_what, more, tries) => {
    const before = refund({ id: 'rf_1', ...more });
    const sent = refundSent(withRefunds(before), before, at, schedule).refunds[0] as Refund;
    expect(sent.try).toBe(tries);
    expect(refundKey(sent)).toBe(refundKey({ ...before, try: tries }));
    expect(refundKey(sent) === refundKey(before)).toBe(before.try === tries);
  });

  test('the reason carries the refund’s id', () => expect(refundReason(refund())).toContain('rf_1'));

  test('one that stays unknown is told after five calls', () => {
    const attention = (calls: number) =>
      conclude(withRefunds(), withRefunds(refund({ state: 'unknown', calls })), { now: at, trigger: 'due', schedule })
        .attention;
    expect([attention(4), attention(5)]).toEqual([undefined, 'refund_unknown']);
  });

  test('automatic ones of a channel are counted once each, and stopped at the limit', async () => {
    const store = await openStore({ file: ':memory:', definitions: [refundGuards] });
    try {
      let now = t0;
      const guard = createRefundGuard(store.collection(refundGuards), { now: () => now }, 2);
      const admitted = async (channel: string, ...ids: string[]) => {
        const all: boolean[] = [];
        for (const id of ids) all.push(await guard.admits('blog', channel, id));
        return all;
      };
      expect(await admitted('toss', 'a', 'a', 'b', 'c', 'a')).toEqual([true, true, true, false, true]);
      expect(await admitted('other', 'c')).toEqual([true]);
      now += hour;
      expect(await admitted('toss', 'c')).toEqual([true]);
      now += 2 * day;
      const swept = async () =>
        (await Promise.all((await guard.find(100)).map((id) => guard.work(id)))).filter(Boolean);
      expect(await swept()).toHaveLength(3);
      expect(await swept()).toEqual([]);
    } finally {
      await store.close();
    }
  });
});

describe('the worker', () => {
  let stop: () => Promise<void> = async () => undefined;

  test('one item that fails stops no other', async () => {
    const worked: string[] = [];
    const items = {
      name: 'items',
      find: async () => ['a', 'b', 'c', 'd'],
      work: async (id: string) => {
        if (id === 'b') throw new Error('b can not be worked on');
        worked.push(id);
        return true;
      },
    };
    const broken = { name: 'broken', find: () => Promise.reject(new Error('no index')), work: async () => true };
    const worker = createWorker({ sources: [broken, items], log: silentLogger, everyMs: hour, lanes: 1 });
    expect(await worker.runOnce()).toBe(3);
    expect(worked).toEqual(['a', 'c', 'd']);
  });

  test('what became due during a pass is looked at right after it', async () => {
    const passes: number[] = [];
    await new Promise<void>((second) => {
      const source = {
        name: 'items',
        find: async () => [`pass-${passes.length}`],
        work: async () => {
          passes.push(passes.length);
          if (passes.length === 1) worker.nudge('items');
          else second();
          return true;
        },
      };
      const worker = createWorker({ sources: [source], log: silentLogger, everyMs: hour, lanes: 1 });
      stop = () => worker.stop();
      worker.start();
    });
    await stop();
    expect(passes).toEqual([0, 1]);
  });

  test('an item that takes long holds up no other kind of work', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = { name: 'slow', find: async () => ['a'], work: () => released.then(() => true) };
    const worked = new Promise<string>((resolve) => {
      const quick = {
        name: 'quick',
        find: async () => ['b'],
        work: async (id: string) => {
          resolve(id);
          return true;
        },
      };
      const worker = createWorker({ sources: [slow, quick], log: silentLogger, everyMs: hour, lanes: 1 });
      stop = () => worker.stop();
      worker.start();
    });
    expect(await worked).toBe('b');
    release();
    await stop();
  });

  test('no other kind of work is looked for than the one that became due', async () => {
    const looked: string[] = [];
    await new Promise<void>((again) => {
      const source = (name: string, found: () => void) => ({
        name,
        async find() {
          looked.push(name);
          found();
          return [];
        },
        work: async () => true,
      });
      const ready = () => looked.length === 2 && worker.nudge('b');
      const worker = createWorker({
        sources: [source('a', ready), source('b', () => (looked.length === 3 ? again() : ready()))],
        log: silentLogger,
        everyMs: hour,
        lanes: 1,
      });
      stop = () => worker.stop();
      worker.start();
    });
    await stop();
    expect(looked).toEqual(['a', 'b', 'b']);
    const none = createWorker({ sources: [], log: silentLogger, everyMs: hour, lanes: 1 });
    expect(() => none.nudge('c')).toThrow('there is no source c');
  });
});

describe('the whole server', () => {
  const open: World[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });
  async function place(): Promise<{ world: World; spy: Spy }> {
    const spy = createSpy();
    const world = await createWorld({ wrapProviders: spy.wrapProviders });
    open.push(world);
    return { world, spy };
  }
  const lateMoney = async (world: World) => {
    const shopper = await openSession(world);
    const path = `/payments/sessions/${shopper.session.id}`;
    await shopper.call('POST', `${path}/launched`, { attempt: 1 });
    const { paymentKey, orderId } = await shopper.agree();
    await shopper.call('POST', `${path}/cancel`);
    await fetch(`${world.sandboxUrl}/toss/v1/payments/confirm`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ paymentKey, orderId, amount: 9_000 }),
    });
    world.clock.advance(minute);
    return { shopper, orderId };
  };

  test('a webhook secret is stored sealed, and sealed once', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const { paymentKey, orderId } = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify({ paymentKey, orderId });
    const reply = await fetch(`${world.sandboxUrl}/toss/v1/payments/${paymentKey}`, {
      headers: { authorization: `Basic ${Buffer.from('test_sk_blog:').toString('base64')}` },
    });
    const { secret } = (await reply.json()) as { secret: string };
    expect(secret.length).toBeGreaterThan(5);
    const before = await world.payment(shopper.id);
    expect(JSON.stringify(before)).not.toContain(secret);
    expect(before.attempts[0]?.records[0]?.webhookSecret).toBeDefined();
    world.clock.advance(3 * second);
    await shopper.verify();
    expect(await world.payment(shopper.id)).toEqual(before);
  });

  test('a refund is not sent when its reservation could not be written', async () => {
    const { world, spy } = await place();
    const { shopper } = await lateMoney(world);
    let raced = false;
    const real = world.store.collection(payments);
    const wrapped = {
      ...real,
      replace: async (doc: Payment) => {
        if (!raced && doc.refunds.some((one) => one.state === 'sent')) {
          raced = true;
          const now = await real.get(doc.id);
          if (now) await real.replace({ ...now, buyer: { name: '김하나' } });
        }
        return real.replace(doc);
      },
    };
    const otherServer = await createWorld({
      clock: world.clock,
      sandbox: world.sandbox,
      sandboxUrl: world.sandboxUrl,
      store: {
        ...world.store,
        engine: world.store.engine,
        collection: ((definition: { name: string }) =>
          definition.name === 'payments' ? wrapped : world.store.collection(definition as never)) as never,
      },
      wrapProviders: spy.wrapProviders,
    });
    open.unshift(otherServer);
    await otherServer.app.worker.runOnce();
    expect(raced).toBe(true);
    expect(spy.of('cancel')).toEqual([]);
    await otherServer.runDry();
    expect(spy.of('cancel')).toHaveLength(1);
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
  });

  test('a no that our own earlier call may have caused is looked up before it is believed', async () => {
    const { world, spy } = await place();
    const { shopper } = await lateMoney(world);
    spy.change.cancel = async (_intent, ask) => {
      await ask();
      return { outcome: 'declined', code: 'NOT_CANCELABLE_AMOUNT', retryable: false };
    };
    await world.runDry();
    expect(await world.payment(shopper.id)).toMatchObject({ refunds: [{ state: 'done' }] });
    expect((await world.payment(shopper.id)).attention).toBeUndefined();
  });

  test('a refund that another server’s call may have made is looked up before it is sent again', async () => {
    const { world, spy } = await place();
    const { shopper } = await lateMoney(world);
    await control(world, 'faults', { on: 'cancel', kind: 'cancel_then_drop' });
    await world.runDry();
    const lookups = spy.of('lookup').length;
    world.clock.advance(minute);
    await world.runDry();
    expect(spy.of('cancel')).toHaveLength(1);
    expect(spy.of('lookup').length).toBeGreaterThan(lookups);
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'done' }]);
  });

  test('while the provider is out of reach, how a refund’s last call ended is not forgotten', async () => {
    const { world, spy } = await place();
    await lateMoney(world);
    await control(world, 'faults', { on: 'cancel', kind: 'drop' });
    await world.runDry();
    await control(world, 'faults', { on: 'lookup', kind: 'drop' });
    for (let n = 0; n < 6; n++) {
      world.clock.advance(minute);
      await world.runDry();
    }
    expect(spy.of('cancel').length).toBeGreaterThan(1);
    expect(new Set(spy.of('cancel').map((one) => one.with.idempotencyKey)).size).toBe(1);
  });

  test('a whole refund says so; one of what is left says how much', async () => {
    const { world, spy } = await place();
    await lateMoney(world);
    await world.runDry();
    expect(spy.of('cancel')[0]?.with).toMatchObject({ full: true, amount: 9_000, expectedBalance: 9_000 });
    const { shopper, orderId } = await lateMoney(world);
    await control(world, 'toss/cancel', { orderId, amount: 4_000 });
    await shopper.verify({ orderId });
    await world.runDry();
    expect(spy.of('cancel')[1]?.with).toMatchObject({ full: false, amount: 5_000, expectedBalance: 5_000 });
    expect(world.sandbox.bank.books(orderId).cancellations.map((one) => one.amount)).toEqual([4_000, 5_000]);
  });

  test('a stored intent’s own record is looked up, whatever the order’s lookup tells', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const { paymentKey, orderId } = await shopper.agree();
    await control(world, 'faults', { on: 'confirm', kind: 'drop' });
    await shopper.verify({ paymentKey, orderId });
    const before = spy.of('lookup').length;
    world.clock.advance(minute);
    await world.runDry();
    const asked = spy.of('lookup').slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map((one) => one.with.record))).toEqual(new Set([paymentKey]));
  });

  test('who asks at once is answered by one lookup', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await shopper.agree();
    await Promise.all(Array.from({ length: 5 }, () => shopper.verify()));
    expect(spy.of('lookup')).toHaveLength(1);
  });

  test('only what is due is looked up', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const launched = (no: number) =>
      shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: no });
    await launched(1);
    world.clock.advance(30 * second);
    await shopper.prepare();
    await launched(2);
    world.clock.advance(30 * second);
    await world.runDry();
    expect(spy.of('lookup').map((one) => one.with.orderId)).toEqual([`${shopper.id}_1`]);
  });

  test('due work looks, however lately somebody else did', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    world.clock.advance(minute - second);
    await shopper.verify();
    world.clock.advance(second);
    await world.runDry();
    expect(spy.of('lookup')).toHaveLength(2);
    expect((await world.payment(shopper.id)).attempts[0]?.lookedUpAt).toBe(world.clock.now());
  });

  test('another question is not answered from memory: another hint, another attempt', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const first = shopper.orderId;
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    const { body } = await shopper.prepare();
    expect(body.attempt?.no).toBe(2);
    await shopper.verify({ orderId: first });
    const { paymentKey, orderId } = await shopper.agree();
    await shopper.verify({ orderId });
    expect(new Set(spy.of('lookup').map((one) => one.with.orderId))).toEqual(new Set([first, orderId]));
    expect((await shopper.verify({ orderId, paymentKey })).body.status).toBe('paid');
  });

  test('a status does first what the clock owes, without a worker', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    world.clock.advance(minute);
    await shopper.read();
    expect(spy.of('lookup')).toHaveLength(1);
  });

  test('the client secret opens the session as long as a refund waits for the buyer’s account', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const { paymentKey, orderId } = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify({ paymentKey, orderId });
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await control(world, 'toss/deposit', { orderId });
    world.clock.advance(hour);
    await world.runDry();
    world.clock.advance(60 * day);
    await world.runDry();
    const path = `/payments/sessions/${shopper.session.id}`;
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ state: 'needs_account' }]);
    expect((await shopper.call('GET', path)).status).toBe(200);
  });

  test('another payment’s order id is refused, though this payment has an attempt of that number', async () => {
    const { world, spy } = await place();
    const [mine, theirs] = [await openSession(world), await openSession(world)];
    const { status, body } = await mine.verify({ orderId: theirs.orderId });
    expect([status, body.code]).toEqual([409, 'payment_reference_mismatch']);
    expect(spy.of('lookup')).toEqual([]);
  });

  test('a session that nobody used is due at its end, and ends by itself', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const { openUntil, dueAt } = await world.payment(shopper.id);
    expect(dueAt).toBe(openUntil);
    world.clock.advance(30 * minute);
    await world.runDry();
    const ended = await world.payment(shopper.id);
    expect(ended.status).toBe('expired');
    expect(ended.dueAt).toBeUndefined();
  });

  test('a lease that another server took meanwhile is not let go of', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    world.clock.advance(minute);
    spy.change.lookup = async (_query, ask) => {
      const leased = await world.payment(shopper.id);
      const lease = { owner: 'another', fence: leased.rev, until: world.clock.now() + minute };
      await world.store.collection(payments).replace({ ...leased, lease, dueAt: lease.until });
      return ask();
    };
    await world.app.worker.runOnce();
    expect((await world.payment(shopper.id)).lease?.owner).toBe('another');
  });

  test('credentials that are refused prove nothing about a refund that was asked for before', async () => {
    const { world, spy } = await place();
    const { shopper } = await lateMoney(world);
    await control(world, 'faults', { on: 'cancel', kind: 'drop' });
    await control(world, 'faults', { on: 'cancel', kind: 'error', code: 'UNAUTHORIZED_KEY', status: 401 });
    await world.runDry();
    world.clock.advance(minute);
    await world.runDry();
    expect(spy.of('cancel')).toHaveLength(2);
    const { refunds, attention } = await world.payment(shopper.id);
    expect(refunds).toMatchObject([{ state: 'unknown', unanswered: 'temporary' }]);
    expect(attention).toBeUndefined();
  });
});
