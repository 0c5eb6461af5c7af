import type { Method } from '../../../contract/index.js';
import type { BankRecord, Cancellation } from '../record.js';
import type { PortOneV2, V2Extras } from './portone-v2.js';
import { pgs } from './stores.js';

export type V2Status =
  | 'READY'
  | 'PAY_PENDING'
  | 'VIRTUAL_ACCOUNT_ISSUED'
  | 'PAID'
  | 'FAILED'
  | 'PARTIAL_CANCELLED'
  | 'CANCELLED';

export function statusOf(record: BankRecord, extras: V2Extras | undefined): V2Status {
  switch (record.state) {
    case 'opened':
    case 'authenticated':
      return 'READY';
    // Time alone changes nothing that PortOne shows; an approval that was tried too late does.
    case 'expired':
      return extras?.failure ? 'FAILED' : 'READY';
    case 'pending':
      return 'PAY_PENDING';
    case 'awaiting_deposit':
      return 'VIRTUAL_ACCOUNT_ISSUED';
    case 'failed':
      return 'FAILED';
    case 'closed':
      return 'CANCELLED';
    case 'paid':
      if (record.cancelled === 0) return 'PAID';
      return record.cancelled < record.amount ? 'PARTIAL_CANCELLED' : 'CANCELLED';
  }
}

const at = (instant: number): string => new Date(instant).toISOString();

/** A transaction as `GET /payments/{paymentId}/transactions` lists it; `id` is the attempt's. */
export function transactionObject(v2: PortOneV2, record: BankRecord, base: string): object {
  const cancelled = record.cancelled > 0 && { cancellations: record.cancellations.map(cancellationObject) };
  return { id: record.id, paymentId: record.orderId, ...common(v2, record, base), ...cancelled, ...givenUp(record) };
}

/** The Payment object; `id` is the merchant's `paymentId`, `transactionId` the attempt it stands for. */
export function paymentObject(v2: PortOneV2, record: BankRecord, base: string): object {
  const paid = record.state === 'paid';
  return {
    id: record.orderId,
    transactionId: record.id,
    ...common(v2, record, base),
    ...(paid && record.cancelled === 0 && { disputes: [] }),
    ...(paid && record.cancellations.length > 0 && { cancellations: record.cancellations.map(cancellationObject) }),
    ...givenUp(record),
  };
}

/** An account that was closed before a deposit: cancelled, and nothing went back. */
const givenUp = (record: BankRecord): object => (record.state === 'closed' ? { cancellations: [] } : {});

function common(v2: PortOneV2, record: BankRecord, base: string): object {
  const extras = v2.extras.get(record.id);
  const status = statusOf(record, extras);
  const vat = Math.round(record.amount / 11);
  const approved = record.state === 'paid' || record.state === 'awaiting_deposit' || record.state === 'pending';
  return {
    status,
    merchantId: 'merchant-sandbox',
    storeId: record.merchant,
    ...methodOf(record),
    ...(extras && { channel: channelObject(extras) }),
    version: 'V2',
    requestedAt: at(record.openedAt),
    updatedAt: at(record.changedAt),
    statusChangedAt: at(record.changedAt),
    orderName: record.orderName,
    amount: {
      total: record.amount,
      taxFree: 0,
      vat,
      supply: record.amount - vat,
      discount: 0,
      paid: record.paidAt === undefined ? 0 : record.amount,
      cancelled: record.paidAt === undefined ? 0 : record.cancelled,
      cancelledTaxFree: 0,
    },
    currency: record.currency,
    customer: extras?.customer ?? {},
    ...(extras?.products && { products: extras.products }),
    ...(extras?.customData !== undefined && { customData: extras.customData }),
    ...(approved && extras && { pgTxId: extras.pgTxId }),
    ...(record.paidAt !== undefined && {
      paidAt: at(record.paidAt),
      receiptUrl: `${base}/window/${record.id}/receipt`,
    }),
    ...(status === 'FAILED' && { failedAt: at(record.changedAt), failure: failureOf(extras) }),
    ...(status.endsWith('CANCELLED') && { cancelledAt: at(record.changedAt) }),
  };
}

const channelObject = ({ channel }: V2Extras): object => ({
  type: channel.type,
  id: channel.key.replace('channel-key-', 'channel-id-'),
  key: channel.key,
  name: pgs[channel.pg],
  pgProvider: channel.pg,
  pgMerchantId: 'sandbox',
});

const failureOf = (extras: V2Extras | undefined): object => {
  const { failure } = extras ?? {};
  return failure ? { reason: failure.pgMessage, ...failure } : { reason: '결제에 실패했습니다.' };
};

export const cancellationObject = (each: Cancellation): object => ({
  status: cancellationStatus[each.state],
  id: each.key,
  pgCancellationId: `pg-${each.key}`,
  totalAmount: each.amount,
  taxFreeAmount: 0,
  vatAmount: Math.round(each.amount / 11),
  reason: each.reason,
  requestedAt: at(each.at),
  ...(each.state === 'done' && { cancelledAt: at(each.at) }),
  trigger: each.by === 'api' ? 'API' : 'CONSOLE',
});

const cancellationStatus = { done: 'SUCCEEDED', requested: 'REQUESTED', failed: 'FAILED' } as const;

const easyPays: Partial<Record<Method, string>> = {
  kakaopay: 'KAKAOPAY',
  naverpay: 'NAVERPAY',
  tosspay: 'TOSSPAY',
  paypal: 'PAYPAL',
};

function methodOf(record: BankRecord): { method?: object } {
  const { instrument } = record;
  if (!instrument) return {};
  switch (instrument.method) {
    case 'card':
      return { method: cardObject(instrument.card, record.paidAt !== undefined) };
    case 'transfer':
      return { method: { type: 'PaymentMethodTransfer', bank: instrument.bank } };
    case 'phone':
      return { method: { type: 'PaymentMethodMobile', phoneNumber: '01000000000' } };
    case 'virtual_account':
      return accountObject(record);
    default:
      return { method: { type: 'PaymentMethodEasyPay', provider: easyPays[instrument.method] } };
  }
}

const cardObject = (number: string, approved: boolean): object => ({
  type: 'PaymentMethodCard',
  card: {
    publisher: 'SHINHAN_CARD',
    issuer: 'SHINHAN_CARD',
    brand: 'VISA',
    type: 'CREDIT',
    ownerType: 'PERSONAL',
    bin: number.slice(0, 6),
    name: '신한카드',
    number: `${number.slice(0, 8)}****${number.slice(12, 15)}*`,
  },
  ...(approved && { approvalNumber: '00000000' }),
  installment: { month: 0, isInterestFree: false },
  pointUsed: false,
});

/** A number is issued at approval; before that there is nothing to pay into. */
function accountObject(record: BankRecord): { method?: object } {
  const { account, state } = record;
  if (!account || !['awaiting_deposit', 'paid', 'closed'].includes(state)) return {};
  const last = record.cancellations.at(-1);
  return {
    method: {
      type: 'PaymentMethodVirtualAccount',
      bank: account.bank,
      accountNumber: account.number,
      accountType: 'NORMAL',
      remitteeName: '샌드박스',
      ...(record.paidAt !== undefined && { remitterName: record.customerName ?? '샌드박스' }),
      expiredAt: at(account.dueAt),
      issuedAt: at(record.authenticatedAt ?? record.openedAt),
      ...(state === 'paid' && last && { refundStatus: refundStatus[last.state] }),
    },
  };
}

const refundStatus = { done: 'COMPLETED', requested: 'PENDING', failed: 'FAILED' } as const;
