import { toMajor } from '../amount.js';
import type { BankRecord } from '../record.js';
import type { WindowResult } from '../window/windows.js';
import type { ResultShape } from './accounts.js';
import { accountOf } from './accounts.js';
import { userCancel } from './approve.js';
import { statusOf } from './payment.js';
import type { PortOneV1, V1Extras } from './portone-v1.js';

/** What the callback gets, and where a phone goes back to. Says nothing that a server may believe. */
export function resultOf(v1: PortOneV1, record: BankRecord, redirectUrl: string | undefined): WindowResult {
  const extras = v1.extras.get(record.id);
  const shape = accountOf(v1.accounts, record.merchant)?.results ?? 'new';
  const lost = record.state === 'failed' || record.state === 'expired' || record.state === 'opened';
  const failure = lost ? (extras?.failure ?? userCancel) : undefined;
  const said: Record<string, string> = {
    ...(shape !== 'no_imp_uid' && { imp_uid: record.id }),
    merchant_uid: record.orderId,
    ...(failure && { error_code: failure.code, error_msg: failure.message }),
  };
  const success = failure === undefined && shape !== 'legacy_wrong';
  const detail = shape.startsWith('legacy') ? { ...said, ...legacyOf(record, extras, success) } : said;
  if (redirectUrl === undefined) return { detail };
  const target = new URL(redirectUrl);
  const back = shape.startsWith('legacy') ? { ...said, imp_success: String(success) } : said;
  for (const [name, value] of Object.entries(back)) target.searchParams.set(name, value);
  return { detail, redirect: target.href };
}

const legacyOf = (record: BankRecord, extras: V1Extras | undefined, success: boolean): object => ({
  success,
  status: statusOf(record, extras),
  name: record.orderName,
  paid_amount: toMajor(record.amount, record.currency),
  currency: record.currency,
  pay_method: extras?.payMethod,
  pg_provider: extras?.channel.pg,
  pg_tid: extras?.pgTid,
});

/** A window that does not open: there is no `imp_uid` for it. */
export const earlyFailure = (shape: ResultShape, merchantUid: unknown, code: string, message: string) => ({
  ...(shape !== 'no_imp_uid' && { imp_uid: null }),
  merchant_uid: merchantUid,
  error_code: code,
  error_msg: message,
  ...(shape.startsWith('legacy') && { success: false, status: 'failed' }),
});
export type EarlyFailure = ReturnType<typeof earlyFailure>;
