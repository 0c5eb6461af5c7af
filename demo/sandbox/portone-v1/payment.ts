import { toMajor } from '../amount.js';
import { bankByWord } from '../banks.js';
import type { BankRecord, Cancellation } from '../record.js';
import type { PortOneV1, V1Extras } from './portone-v1.js';

export const statuses = ['ready', 'paid', 'cancelled', 'failed'] as const;
export type V1Status = (typeof statuses)[number];

/** `ready` is everything that is not paid yet: a window, an account, an approval that the company has not decided. */
export function statusOf(record: BankRecord, extras: V1Extras | undefined): V1Status {
  switch (record.state) {
    case 'opened':
    case 'authenticated':
    case 'pending':
    case 'awaiting_deposit':
      return 'ready';
    // Time alone changes nothing that V1 shows; an approval that was tried too late does.
    case 'expired':
      return extras?.failure ? 'failed' : 'ready';
    case 'failed':
      return 'failed';
    case 'closed':
      return 'cancelled';
    case 'paid':
      return record.cancelled < record.amount ? 'paid' : 'cancelled';
  }
}

/** V1's times: 0 for "not". */
export const seconds = (instant: number | undefined): number => Math.floor((instant ?? 0) / 1000);

/** When a record came to be cancelled, in whole or in part; 0 if it was not. */
export function cancelledAt(record: BankRecord): number {
  if (record.state === 'closed') return seconds(record.changedAt);
  return seconds(record.cancellations.findLast((each) => each.state === 'done')?.at);
}

/** The Payment object. */
export function paymentObject(v1: PortOneV1, record: BankRecord, base: string): object {
  const extras = v1.extras.get(record.id);
  const status = statusOf(record, extras);
  const money = (minor: number) => toMajor(minor, record.currency);
  const paid = record.paidAt !== undefined;
  const given = record.cancellations.filter((each) => each.state === 'done' && paid);
  const { buyer = {}, channel } = extras ?? {};
  return {
    imp_uid: record.id,
    merchant_uid: record.orderId,
    pay_method: extras?.payMethod ?? null,
    channel: extras?.device ?? 'pc',
    pg_provider: channel?.pg ?? null,
    emb_pg_provider: embedded(record),
    pg_tid: extras?.pgTid ?? null,
    pg_id: channel?.mid ?? null,
    channel_key: channel?.key ?? null,
    sandbox: channel?.test ?? true,
    escrow: false,
    cash_receipt_issued: false,
    ...cardOf(record),
    ...bankOf(record),
    ...accountObject(record),
    name: record.orderName,
    amount: money(record.amount),
    cancel_amount: paid ? money(record.cancelled) : 0,
    currency: record.currency,
    buyer_name: buyer.buyer_name ?? null,
    buyer_email: buyer.buyer_email ?? null,
    buyer_tel: buyer.buyer_tel ?? null,
    buyer_addr: buyer.buyer_addr ?? null,
    buyer_postcode: buyer.buyer_postcode ?? null,
    custom_data: extras?.customData ?? null,
    user_agent: 'sorry_not_supported_anymore',
    status,
    started_at: seconds(record.openedAt),
    paid_at: seconds(record.paidAt),
    failed_at: status === 'failed' ? seconds(record.changedAt) : 0,
    cancelled_at: cancelledAt(record),
    fail_reason: status === 'failed' ? (extras?.failure?.message ?? '결제에 실패했습니다.') : null,
    cancel_reason: given.at(-1)?.reason ?? null,
    receipt_url: paid ? `${base}/window/${record.id}/receipt` : null,
    cancel_history: given.map((each) => cancellationObject(record, each, extras, base)),
    cancel_receipt_urls: given.map(() => `${base}/window/${record.id}/receipt`),
    customer_uid: null,
    customer_uid_usage: null,
  };
}

const cancellationObject = (
  record: BankRecord,
  each: Cancellation,
  extras: V1Extras | undefined,
  base: string,
): object => ({
  pg_tid: extras?.pgTid ?? null,
  amount: toMajor(each.amount, record.currency),
  cancelled_at: seconds(each.at),
  reason: each.reason,
  cancellation_id: each.key,
  receipt_url: `${base}/window/${record.id}/receipt`,
});

/** An easy pay inside a company that takes other methods too. */
const embedded = ({ instrument }: BankRecord): string | null =>
  instrument && ['kakaopay', 'naverpay', 'tosspay'].includes(instrument.method) ? instrument.method : null;

const cardOf = ({ instrument, paidAt }: BankRecord): object => {
  const card = instrument?.method === 'card' ? instrument.card : undefined;
  return {
    apply_num: card && paidAt !== undefined ? '00000000' : null,
    card_code: card ? '366' : null,
    card_name: card ? '신한카드' : null,
    card_issuer_code: card ? '366' : null,
    card_issuer_name: card ? '신한카드' : null,
    card_publisher_code: card ? '366' : null,
    card_publisher_name: card ? '신한카드' : null,
    card_quota: 0,
    card_number: card ? `${card.slice(0, 8)}****${card.slice(12, 15)}*` : null,
    card_type: card ? 0 : null,
  };
};

const bankOf = ({ instrument }: BankRecord): object => {
  const bank = instrument?.method === 'transfer' ? bankByWord(instrument.bank) : undefined;
  return { bank_code: bank?.interbank ?? null, bank_name: bank?.ko ?? null };
};

/** A number is issued at approval; before that there is nothing to pay into. */
function accountObject({ account, state, authenticatedAt }: BankRecord): object {
  const issued = account && ['awaiting_deposit', 'paid', 'closed'].includes(state) ? account : undefined;
  const bank = issued && bankByWord(issued.bank);
  return {
    vbank_code: bank?.interbank ?? null,
    vbank_name: bank?.ko ?? null,
    vbank_num: issued?.number ?? null,
    vbank_holder: issued ? '샌드박스' : null,
    vbank_date: seconds(issued?.dueAt),
    vbank_issued_at: issued ? seconds(authenticatedAt) : 0,
  };
}
