import type { Terms } from '../../server/payments/facts.js';
import type { Attempt, Payment } from '../../server/payments/payment.js';
import { defaultSchedule } from '../../server/payments/schedule.js';
import type { ProviderRecord } from '../../server/providers/provider.js';

/** Plain documents for the tests of pure decisions. */
export const t0 = Date.UTC(2026, 2, 2, 3, 0, 0);
export const paymentId = 'pay_01KJP7T0W01A6QB724ADZGKMWK';

export const terms: Terms = { environment: 'test', lateMoney: 'refund', schedule: defaultSchedule };

export const attempt = (no: number, more: Partial<Attempt> = {}): Attempt => ({
  no,
  orderId: `${paymentId}_${no}`,
  channel: 'toss',
  provider: 'toss',
  selfCharging: false,
  amount: 9_000,
  currency: 'KRW',
  state: 'prepared',
  preparedAt: t0,
  records: [],
  ...more,
});

export const launchedAttempt = (no: number, more: Partial<Attempt> = {}): Attempt =>
  attempt(no, {
    state: 'launched',
    launchedAt: t0,
    deadline: t0 + defaultSchedule.attemptDeadlineMs,
    ...more,
  });

export const payment = (attempts: readonly Attempt[], more: Partial<Payment> = {}): Payment => ({
  id: paymentId,
  rev: 1,
  v: 1,
  merchant: 'blog',
  origin: 'checkout',
  madeBy: 'publishable',
  lines: [],
  amount: 9_000,
  currency: 'KRW',
  orderName: '커피',
  customerKey: '@@ANONYMOUS',
  locale: 'ko',
  openUntil: t0 + defaultSchedule.openForMs,
  attempts,
  refunds: [],
  transitions: [],
  observations: [],
  outbox: [],
  status: 'open',
  refundedAmount: 0,
  createdAt: t0,
  ...more,
});

export const record = (no: number, more: Partial<ProviderRecord> = {}): ProviderRecord => ({
  record: `key-${no}`,
  orderId: `${paymentId}_${no}`,
  state: 'paid',
  amount: 9_000,
  currency: 'KRW',
  cancelled: 0,
  cancellations: [],
  environment: 'test',
  method: 'card',
  paidAt: t0 + 1_000,
  ...more,
});
