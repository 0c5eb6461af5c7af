import { type Instant, minute } from '../ops/clock.js';
import { payingRecord } from './conclude.js';
import type { Payment } from './payment.js';
import { refundable } from './refunds.js';

/** What a merchant lets shoppers cancel; see the merchant's setting of the same name. */
export interface ShopperCancels {
  readonly withinMs: number;
  readonly partial: boolean;
  readonly methods?: readonly string[];
  readonly items?: readonly string[];
}

export interface Cancelable {
  readonly until: Instant;
  readonly amount: number;
  readonly partial: boolean;
}

/** Refunds that one payment's shopper may ask for: they must not use up the merchant's, or those that this server makes by itself. */
export const maxShopperRefunds = 10;

/**
 * Why the shopper may not cancel this payment by themselves; undefined where they may, as far as the merchant's setting is concerned: a
 * payment that is not paid, or has nothing left, is refused like anybody's.
 */
export function notForShoppers(
  payment: Payment,
  setting: ShopperCancels | undefined,
  now: Instant,
  amount?: number,
): string | undefined {
  if (!setting) return 'Only the merchant cancels payments here.';
  const { paidBy, method, lines } = payment;
  const record = payingRecord(payment);
  if (!paidBy || !record) return undefined;
  if (now >= paidBy.at + setting.withinMs) {
    return `It could be canceled for ${setting.withinMs / minute} minutes after it was paid; ask the merchant.`;
  }
  if (setting.methods && !setting.methods.some((one) => one === method)) {
    return 'A payment by this method is canceled by the merchant alone.';
  }
  if (setting.items && !lines.every(({ item }) => item !== undefined && setting.items?.includes(item))) {
    return 'Something in this order is canceled by the merchant alone.';
  }
  if (setting.partial) return undefined;
  if (refundable(payment, record) < record.amount)
    return 'A part of it went back already: ask the merchant for the rest.';
  return amount === undefined || amount === record.amount
    ? undefined
    : 'It can be canceled as a whole only: leave `amount` out.';
}

/** What the shopper may cancel now; undefined: nothing. */
export function cancelable(
  payment: Payment,
  setting: ShopperCancels | undefined,
  now: Instant,
): Cancelable | undefined {
  const { paidBy, refunds } = payment;
  const record = payingRecord(payment);
  if (!setting || !record || !paidBy || paidBy.reversed) return undefined;
  const amount = refundable(payment, record);
  const tooMany = refunds.filter(({ by }) => by === 'shopper').length >= maxShopperRefunds;
  if (amount <= 0 || tooMany || notForShoppers(payment, setting, now) !== undefined) return undefined;
  return { until: paidBy.at + setting.withinMs, amount, partial: setting.partial };
}
