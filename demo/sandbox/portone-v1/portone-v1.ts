import { randomInt } from 'node:crypto';
import type { Currency } from '../../../contract/index.js';
import type { Clock } from '../../../server/ops/clock.js';
import type { Bank } from '../bank.js';
import type { Faults } from '../faults.js';
import type { BankRecord } from '../record.js';
import { balanceOf } from '../record.js';
import type { Webhooks } from '../webhooks/webhooks.js';
import type { Windows } from '../window/windows.js';
import type { V1Accounts, V1Channel } from './accounts.js';
import type { PgFailure } from './errors.js';
import type { Tokens } from './tokens.js';

export const provider = 'portone-v1';

/** What every part of the V1 facade works with. A bank record is an `imp_uid`, an order id a `merchant_uid`. */
export interface PortOneV1 {
  readonly clock: Clock;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly windows: Windows;
  readonly accounts: V1Accounts;
  readonly tokens: Tokens;
  readonly webhooks: Webhooks;
  /** V1's own fields of a payment, which the bank need not know. */
  readonly extras: Map<string, V1Extras>;
  /** By merchant and `merchant_uid`: what a browser may ask for. */
  readonly prepared: Map<string, Prepared>;
}

export interface Prepared {
  /** Major units. */
  readonly amount: number;
  /** Absent: not compared. */
  readonly currency?: Currency;
}

export interface V1Extras {
  readonly channel: V1Channel;
  readonly pgTid: string;
  readonly device: 'pc' | 'mobile';
  readonly payMethod: string;
  readonly buyer: Readonly<Record<string, string>>;
  /** As V1 keeps it: a JSON text. */
  readonly customData?: string;
  readonly noticeUrls?: readonly string[];
  readonly failure?: PgFailure;
  /** `enable_webhook` of the cancel call that is being made. */
  readonly tellsCancel?: boolean;
  /** Cancellations that were asked for with it, and are settled later. */
  readonly toldCancels?: readonly string[];
}

export const preparedKey = (merchant: string, merchantUid: string): string => JSON.stringify([merchant, merchantUid]);

export const newImpUid = (): string => `imp_${String(randomInt(1e12)).padStart(12, '0')}`;

export const note = (v1: PortOneV1, record: BankRecord, more: Partial<V1Extras>): void => {
  const extras = v1.extras.get(record.id);
  if (extras) v1.extras.set(record.id, { ...extras, ...more });
};

/** A success, whatever became of it. */
export const isApproved = (record: BankRecord): boolean =>
  record.state === 'paid' ||
  record.state === 'awaiting_deposit' ||
  record.state === 'pending' ||
  record.state === 'closed';

export const recordsOf = (v1: PortOneV1, merchant: string, merchantUid: string): readonly BankRecord[] =>
  v1.bank.ofOrder(provider, merchant, merchantUid);

/** The one that a `merchant_uid` alone means: a success that is not given back, any success, else the newest. */
export function recordOf(v1: PortOneV1, merchant: string, merchantUid: string): BankRecord | undefined {
  const all = recordsOf(v1, merchant, merchantUid);
  const approved = all.filter(isApproved);
  return approved.find((record) => record.state !== 'closed' && balanceOf(record) > 0) ?? approved[0] ?? all.at(-1);
}
