import type { Method } from '../../../contract/index.js';
import type { Instant } from '../../ops/clock.js';
import type { Cancellation, ProviderRecord, RecordAccount, RecordFailure, RecordState } from '../provider.js';
import { asCount, asList, asObject, asText, asWebUrl, type Fields, present } from '../reading.js';

/** A Payment: `id` is our order id, `transactionId` the attempt that it stands for. `undefined` as for `readTransaction`. */
export function readPayment(json: unknown, environment: 'test' | 'live'): ProviderRecord | undefined {
  const payment = asObject(json);
  return payment && read(payment, payment.transactionId, payment.id, environment);
}

/**
 * One try under an order id, as the list of transactions has it. `undefined` where something that decides about money can't be read for
 * certain: ids, status, amounts, currency, and for money whether it is real. Everything else is left out when it is missing or odd.
 */
export function readTransaction(json: unknown, environment: 'test' | 'live'): ProviderRecord | undefined {
  const transaction = asObject(json);
  return transaction && read(transaction, transaction.id, transaction.paymentId, environment);
}

/** `environment`: the channel's, for records that name no channel because nothing was asked of one yet. */
function read(fields: Fields, txId: unknown, paymentId: unknown, environment: 'test' | 'live') {
  const record = asText(txId);
  const orderId = asText(paymentId);
  const currency = asText(fields.currency);
  const sums = asObject(fields.amount);
  const amount = asCount(sums?.total);
  const state = stateOf(fields, sums);
  const cancelled = state === 'paid' ? cancelledOf(fields, sums) : 0;
  const cancellations = cancellationsOf(fields, state);
  const channel = asObject(fields.channel);
  const real = environmentOf(channel) ?? (state === 'ready' || state === 'failed' ? environment : undefined);
  if (!record || !orderId || !currency || amount === undefined || !state || cancelled === undefined || !cancellations)
    return undefined;
  if (!real || cancelled > amount) return undefined;
  return {
    record,
    orderId,
    state,
    amount,
    currency,
    cancelled,
    cancellations,
    environment: real,
    ...present({
      store: asText(fields.storeId),
      channel: asText(channel?.key),
      method: methodOf(fields),
      card: cardOf(fields),
      account: accountOf(fields),
      failure: state === 'failed' ? failureOf(fields) : undefined,
      receiptUrl: asWebUrl(fields.receiptUrl),
      paidAt: state === 'paid' ? instantOf(fields.paidAt) : undefined,
    }),
  };
}

const states: Readonly<Record<string, RecordState>> = {
  // Also what a shopper has agreed to on a channel with manual approval: nothing shows it before our confirm.
  READY: 'ready',
  PAY_PENDING: 'approving',
  VIRTUAL_ACCOUNT_ISSUED: 'awaiting_deposit',
  PAID: 'paid',
  PARTIAL_CANCELLED: 'paid',
  FAILED: 'failed',
};

function stateOf(fields: Fields, sums: Fields | undefined): RecordState | undefined {
  const status = asText(fields.status);
  if (status === 'CANCELLED') return wasPaid(fields, sums) ? 'paid' : 'canceled';
  return status !== undefined && Object.hasOwn(states, status) ? states[status] : undefined;
}

/** `CANCELLED` is also the status of an account that was closed before anyone paid into it: there only `paidAt` shows money. */
const wasPaid = (fields: Fields, sums: Fields | undefined): boolean =>
  asText(fields.paidAt) !== undefined ||
  (asText(asObject(fields.method)?.type) !== 'PaymentMethodVirtualAccount' && (asCount(sums?.cancelled) ?? 0) > 0);

/** Where everything went back, so did what a discount had covered: it may not be in the cancelled sum. */
function cancelledOf(fields: Fields, sums: Fields | undefined): number | undefined {
  const [total, discount, cancelled] = [asCount(sums?.total), asCount(sums?.discount), asCount(sums?.cancelled)];
  if (total === undefined || cancelled === undefined) return undefined;
  return fields.status === 'CANCELLED' && cancelled >= total - (discount ?? 0) ? total : cancelled;
}

const environmentOf = (channel: Fields | undefined): 'test' | 'live' | undefined =>
  channel?.type === 'LIVE' ? 'live' : channel?.type === 'TEST' ? 'test' : undefined;

/** `undefined` if an entry has no readable amount. */
function cancellationsOf(fields: Fields, state: RecordState | undefined): readonly Cancellation[] | undefined {
  const bankPart = state === 'paid' ? bankPartOf(fields) : 'done';
  const result: Cancellation[] = [];
  for (const [index, entry] of asList(fields.cancellations).entries()) {
    const one = asObject(entry);
    const amount = asCount(one?.totalAmount);
    if (!one || amount === undefined) return undefined;
    const own = cancelState(one.status);
    result.push({
      // The list only grows, so that a place in it is as good as the id where none is given.
      id: asText(one.id) ?? `#${index + 1}`,
      amount,
      state: own === 'done' ? bankPart : own,
      reason: asText(one.reason) ?? '',
      ...present({ at: instantOf(one.cancelledAt) ?? instantOf(one.requestedAt) }),
    });
  }
  return result;
}

export function cancelState(status: unknown): Cancellation['state'] {
  if (status === 'SUCCEEDED') return 'done';
  return status === 'FAILED' ? 'failed' : 'pending';
}

/** How far the transfer back to the payer of a virtual account is: told once for the payment. Everything short of the end is pending. */
function bankPartOf(fields: Fields): Cancellation['state'] {
  const status = asText(asObject(fields.method)?.refundStatus);
  if (status === undefined || status === 'COMPLETED') return 'done';
  return status === 'FAILED' ? 'failed' : 'pending';
}

const methods: Readonly<Record<string, Method>> = {
  PaymentMethodCard: 'card',
  PaymentMethodTransfer: 'transfer',
  PaymentMethodVirtualAccount: 'virtual_account',
  PaymentMethodMobile: 'phone',
};
const easyPays: Readonly<Record<string, Method>> = {
  KAKAOPAY: 'kakaopay',
  NAVERPAY: 'naverpay',
  TOSSPAY: 'tosspay',
  PAYPAL: 'paypal',
};
/** Contracts directly with an easy pay, whose records may leave it unnamed. */
const easyPayContracts: Readonly<Record<string, Method>> = {
  KAKAOPAY: 'kakaopay',
  NAVERPAY: 'naverpay',
  TOSSPAY: 'tosspay',
  TOSSPAY_V2: 'tosspay',
  PAYPAL: 'paypal',
  PAYPAL_V2: 'paypal',
};

const wordOf = (words: Readonly<Record<string, Method>>, text: unknown): Method | undefined =>
  typeof text === 'string' && Object.hasOwn(words, text) ? words[text] : undefined;

/** An easy pay that we have no word for has no method here. */
function methodOf(fields: Fields): Method | undefined {
  const method = asObject(fields.method);
  const contract = wordOf(easyPayContracts, asObject(fields.channel)?.pgProvider);
  if (method?.type !== 'PaymentMethodEasyPay') return wordOf(methods, method?.type);
  return asText(method.provider) === undefined ? contract : wordOf(easyPays, method.provider);
}

/** An easy pay may have been paid by a card: that one is told. */
function cardOf(fields: Fields): ProviderRecord['card'] {
  const method = asObject(fields.method);
  const paidWith = method?.type === 'PaymentMethodEasyPay' ? asObject(method.easyPayMethod) : method;
  const card = asObject(paidWith?.card);
  if (!card) return undefined;
  return present({
    issuer: issuerOf(asText(card.issuer) ?? asText(card.publisher)) ?? asText(card.name),
    // Often masked to the end: then there are no last four digits to show.
    last4: /(\d{4})$/.exec(asText(card.number) ?? '')?.[1],
    installmentMonths: asCount(asObject(paidWith?.installment)?.month),
  });
}

/** PortOne's `SHINHAN_CARD` is `SHINHAN` at the others: one word for one issuer, whoever settles the payment. */
const issuerOf = (code: string | undefined): string | undefined => code?.replace(/(?<=.)_CARD$/, '');

function accountOf(fields: Fields): RecordAccount | undefined {
  const method = asObject(fields.method);
  const number = asText(method?.accountNumber);
  if (method?.type !== 'PaymentMethodVirtualAccount' || !number) return undefined;
  return {
    // Our words for banks are PortOne's.
    bank: asText(method.bank) ?? '',
    number,
    ...present({ holder: asText(method.remitteeName), dueAt: instantOf(method.expiredAt) }),
  };
}

function failureOf(fields: Fields): RecordFailure {
  const failure = asObject(fields.failure);
  const message = (asText(failure?.pgMessage) ?? asText(failure?.reason))?.slice(0, 500);
  return { code: asText(failure?.pgCode)?.slice(0, 80) ?? 'FAILED', ...present({ message }) };
}

/** RFC 3339, always with a zone. */
export function instantOf(value: unknown): Instant | undefined {
  const text = asText(value);
  const instant =
    text && /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d.*(Z|z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
