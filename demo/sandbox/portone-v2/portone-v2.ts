import { randomBytes } from 'node:crypto';
import type { Currency } from '../../../contract/index.js';
import type { Clock } from '../../../server/ops/clock.js';
import type { Bank } from '../bank.js';
import type { Faults } from '../faults.js';
import type { IdempotencyKeys } from '../idempotency.js';
import type { BankRecord } from '../record.js';
import { balanceOf } from '../record.js';
import type { Webhooks } from '../webhooks/webhooks.js';
import type { Windows } from '../window/windows.js';
import type { PgFailure } from './errors.js';
import type { V2Channel, V2Stores } from './stores.js';

export const provider = 'portone-v2';

/** What every part of the V2 facade works with. A bank record is a *transaction*, an order id a `paymentId`. */
export interface PortOneV2 {
  readonly clock: Clock;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly windows: Windows;
  readonly stores: V2Stores;
  readonly keys: IdempotencyKeys;
  readonly webhooks: Webhooks;
  /** PortOne's own fields of a transaction, which the bank need not know. */
  readonly extras: Map<string, V2Extras>;
  /** By store and paymentId: what a browser may open at all. */
  readonly preRegistered: Map<string, PreRegistered>;
}

export interface PreRegistered {
  readonly totalAmount?: number;
  readonly currency?: Currency;
}

export interface V2Extras {
  readonly channel: V2Channel;
  readonly pgTxId: string;
  /** Manual approval: what `confirm` wants. */
  readonly paymentToken: string;
  readonly customer: Readonly<Record<string, string>>;
  readonly customData?: string;
  readonly products?: readonly unknown[];
  readonly noticeUrls?: readonly string[];
  readonly failure?: PgFailure;
  /** `skipWebhook` of the call that is being made. */
  readonly quiet?: boolean;
}

export const paymentKey = (storeId: string, paymentId: string): string => JSON.stringify([storeId, paymentId]);

export const newId = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;

export const note = (v2: PortOneV2, record: BankRecord, more: Partial<V2Extras>): void => {
  const extras = v2.extras.get(record.id);
  if (extras) v2.extras.set(record.id, { ...extras, ...more });
};

/** A success, whatever became of it: there is one per `paymentId`. */
export const isApproved = (record: BankRecord): boolean =>
  record.state === 'paid' ||
  record.state === 'awaiting_deposit' ||
  record.state === 'pending' ||
  record.state === 'closed';

export const transactionsOf = (v2: PortOneV2, storeId: string, paymentId: string): readonly BankRecord[] =>
  v2.bank.ofOrder(provider, storeId, paymentId);

/** The transaction a payment stands for: the success if there is one (of two, by a fault, the one not given back), else the newest. */
export function transactionOf(v2: PortOneV2, storeId: string, paymentId: string): BankRecord | undefined {
  const all = transactionsOf(v2, storeId, paymentId);
  const approved = all.filter(isApproved);
  return approved.find((record) => record.state !== 'closed' && balanceOf(record) > 0) ?? approved[0] ?? all.at(-1);
}
