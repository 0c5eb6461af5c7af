import { randomBytes } from 'node:crypto';
import type { Currency, Method } from '../../../contract/index.js';
import type { Clock, Instant } from '../../../server/ops/clock.js';
import { minute } from '../../../server/ops/clock.js';
import type { Bank } from '../bank.js';
import type { Faults } from '../faults.js';
import type { IdempotencyKeys } from '../idempotency.js';
import type { BankRecord } from '../record.js';
import type { Webhooks } from '../webhooks/webhooks.js';
import type { Windows } from '../window/windows.js';
import type { TossCode } from './errors.js';
import type { TossMerchant, TossMerchants } from './merchants.js';

/** What every part of the Toss facade works with. */
export interface Toss {
  readonly clock: Clock;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly windows: Windows;
  readonly merchants: TossMerchants;
  readonly keys: IdempotencyKeys;
  readonly webhooks: Webhooks;
  /** Where each client key's merchant wants its webhooks. */
  readonly hooks: Map<string, TossHook>;
  /** Toss's own fields of a payment, which the bank need not know. */
  readonly extras: Map<string, TossExtras>;
}

export interface TossHook {
  readonly url: string;
  readonly events: readonly TossEvent[];
}

export const tossEvents = ['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK', 'CANCEL_STATUS_CHANGED'] as const;
export type TossEvent = (typeof tossEvents)[number];

export interface TossExtras {
  readonly secret: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly lastCancelAt?: Instant;
}

export interface TossOrder {
  readonly orderId: string;
  readonly orderName: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly customerName?: string;
  readonly validHours?: number;
  readonly metadata?: Record<string, string>;
}

/** Toss's words: Korean unless English is asked for. */
export const methodWords: Readonly<Record<Method, readonly [ko: string, en: string]>> = {
  card: ['카드', 'Card'],
  kakaopay: ['간편결제', 'Easy pay'],
  naverpay: ['간편결제', 'Easy pay'],
  tosspay: ['간편결제', 'Easy pay'],
  transfer: ['계좌이체', 'Transfer'],
  virtual_account: ['가상계좌', 'Virtual account'],
  phone: ['휴대폰', 'Mobile phone'],
  paypal: ['해외간편결제', 'Foreign easy pay'],
};

/** Seoul has no summer time: a fixed shift is exact. */
export const seoulTime = (at: Instant): string => `${new Date(at + 540 * minute).toISOString().slice(0, 19)}+09:00`;

const digits = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
const random = (length: number): string =>
  Array.from(randomBytes(length), (byte) => digits[byte % digits.length]).join('');

/** What the payment window does when it opens: a new `READY` payment, or why there can be none. */
export function openPayment(toss: Toss, merchant: TossMerchant, order: TossOrder): BankRecord | TossCode {
  const earlier = toss.bank.ofOrder('toss', merchant.clientKey, order.orderId);
  const duplicate = toss.faults.armed().some((fault) => fault.kind === 'duplicate_order');
  if (earlier.some(isApproved) && !duplicate) return 'DUPLICATED_ORDER_ID';
  const stamp = seoulTime(toss.clock.now()).replace(/\D/g, '').slice(0, 14);
  const record = toss.bank.open({
    id: `${merchant.mId}${stamp}${random(8)}`,
    provider: 'toss',
    merchant: merchant.clientKey,
    orderId: order.orderId,
    orderName: order.orderName,
    ...(order.customerName && { customerName: order.customerName }),
    amount: order.amount,
    currency: order.currency,
    authenticateWithinMs: 30 * minute,
    chargeWithinMs: 10 * minute,
    ...(order.validHours && { accountValidHours: order.validHours }),
  });
  toss.extras.set(record.id, { secret: `ps_${random(28)}`, metadata: order.metadata ?? null });
  return record;
}

/** Approved once, whatever became of it: its order id is used up. */
export const isApproved = (record: BankRecord): boolean =>
  record.state === 'paid' || record.state === 'awaiting_deposit' || record.state === 'closed';

/** The payment that an order id stands for: the approved one if there is one, else the newest. */
export function paymentOfOrder(toss: Toss, clientKey: string, orderId: string): BankRecord | undefined {
  const all = toss.bank.ofOrder('toss', clientKey, orderId);
  return all.find(isApproved) ?? all.at(-1);
}
