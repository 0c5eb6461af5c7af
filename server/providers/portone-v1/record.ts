import type { Method } from '../../../contract/index.js';
import type { Instant } from '../../ops/clock.js';
import { second } from '../../ops/clock.js';
import { bankOfName } from '../banks.js';
import { toMinor } from '../money.js';
import type { Cancellation, ProviderRecord, RecordAccount, RecordFailure, RecordState } from '../provider.js';
import { asCount, asList, asObject, asText, asWebUrl, type Fields, present } from '../reading.js';

/**
 * V1's Payment, normalised. `undefined` where something that decides about money can't be read for certain: ids, status, amounts, currency,
 * and for money whether it is real. Everything else is left out when it is missing or odd. `environment`: the channel's, for records of
 * windows that were left, which may not say it.
 */
export function readPayment(json: unknown, environment: 'test' | 'live'): ProviderRecord | undefined {
  const payment = asObject(json);
  const record = asText(payment?.imp_uid);
  const orderId = asText(payment?.merchant_uid);
  const currency = asText(payment?.currency);
  if (!payment || !record || !orderId || !currency) return undefined;
  const amount = toMinor(payment.amount, currency);
  const state = stateOf(payment);
  if (amount === undefined || !state) return undefined;
  const cancelled = state === 'paid' ? cancelledOf(payment, currency) : 0;
  const cancellations = cancellationsOf(payment, currency);
  const real = environmentOf(payment) ?? (state === 'ready' || state === 'failed' ? environment : undefined);
  if (cancelled === undefined || cancelled > amount || !cancellations || !real) return undefined;
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
      method: methodOf(payment),
      card: cardOf(payment),
      account: accountOf(payment),
      failure: state === 'failed' ? failureOf(payment) : undefined,
      receiptUrl: asWebUrl(payment.receipt_url),
      paidAt: state === 'paid' ? instantOf(payment.paid_at) : undefined,
    }),
  };
}

/** Not even a window that was left, as far as can be read: there may be money behind it. */
export const mayHoldMoney = (json: unknown): boolean => {
  const status = asObject(json)?.status;
  return status !== 'ready' && status !== 'failed';
};

function stateOf(payment: Fields): RecordState | undefined {
  switch (payment.status) {
    case 'ready':
      // Also what a window that was left stays at: an account that was issued has a number.
      return asText(payment.vbank_num) === undefined ? 'ready' : 'awaiting_deposit';
    case 'paid':
      return 'paid';
    case 'cancelled':
      return wasPaid(payment) ? 'paid' : 'canceled';
    case 'failed':
      return 'failed';
    default:
      return undefined;
  }
}

/** Also what an account may come to that was closed before anyone paid into it: there only `paid_at` shows money. */
const wasPaid = (payment: Fields): boolean =>
  instantOf(payment.paid_at) !== undefined ||
  (asText(payment.vbank_num) === undefined && typeof payment.cancel_amount === 'number' && payment.cancel_amount > 0);

/** A record that says it was given back, and of how much nothing, contradicts itself. */
function cancelledOf(payment: Fields, currency: string): number | undefined {
  const told = payment.cancel_amount;
  const cancelled = told === null || told === undefined ? 0 : toMinor(told, currency);
  return payment.status === 'cancelled' && cancelled === 0 ? undefined : cancelled;
}

/** `sandbox`: made on a test channel. */
const environmentOf = ({ sandbox }: Fields): 'test' | 'live' | undefined =>
  typeof sandbox === 'boolean' ? (sandbox ? 'test' : 'live') : undefined;

/** `undefined` if an entry has no readable amount. What is in the list was carried out: V1 tells of nothing that is under way. */
function cancellationsOf(payment: Fields, currency: string): readonly Cancellation[] | undefined {
  const result: Cancellation[] = [];
  for (const [index, entry] of asList(payment.cancel_history).entries()) {
    const one = asObject(entry);
    const amount = toMinor(one?.amount, currency);
    if (!one || amount === undefined) return undefined;
    result.push({
      // The list only grows, so that a place in it is as good as the id where none is given.
      id: asText(one.cancellation_id) ?? `#${index + 1}`,
      amount,
      state: 'done',
      reason: asText(one.reason) ?? '',
      ...present({ at: instantOf(one.cancelled_at) }),
    });
  }
  return result;
}

const methods: Readonly<Record<string, Method>> = {
  card: 'card',
  trans: 'transfer',
  vbank: 'virtual_account',
  phone: 'phone',
  paypal: 'paypal',
};
/** Easy pays, as the payment method, the payment company, or what a payment company's window was left through. */
const easyPays: readonly (readonly [start: string, method: Method])[] = [
  ['kakaopay', 'kakaopay'],
  ['naverpay', 'naverpay'],
  ['naverco', 'naverpay'],
  ['tosspay', 'tosspay'],
  ['paypal', 'paypal'],
];

/** Toss Payments, the payment company, is no easy pay. */
const easyPayOf = (text: unknown): Method | undefined =>
  typeof text === 'string' && !text.startsWith('tosspayments')
    ? easyPays.find(([start]) => text.startsWith(start))?.[1]
    : undefined;

/** KakaoPay calls its payments by card `card`: the company behind it tells more. An easy pay that we have no word for has no method here. */
function methodOf(payment: Fields): Method | undefined {
  const told = asText(payment.pay_method);
  if (told === 'vbank') return 'virtual_account';
  const easy = easyPayOf(told) ?? easyPayOf(payment.emb_pg_provider) ?? easyPayOf(payment.pg_provider);
  if (easy) return easy;
  if (asText(payment.emb_pg_provider) !== undefined) return undefined;
  return told !== undefined && Object.hasOwn(methods, told) ? methods[told] : undefined;
}

function cardOf(payment: Fields): ProviderRecord['card'] {
  const issuer = asText(payment.card_issuer_name) ?? asText(payment.card_name);
  const number = asText(payment.card_number);
  if (issuer === undefined && number === undefined) return undefined;
  return present({
    issuer,
    // Often masked to the end: then there are no last four digits to show.
    last4: /(\d{4})$/.exec(number ?? '')?.[1],
    installmentMonths: asCount(payment.card_quota),
  });
}

/** The codes are the payment company's own; the names are the banks'. */
function accountOf(payment: Fields): RecordAccount | undefined {
  const number = asText(payment.vbank_num);
  if (!number) return undefined;
  const name = asText(payment.vbank_name);
  return {
    bank: (name === undefined ? asText(payment.vbank_code) : bankOfName(name)) ?? '',
    number,
    ...present({ holder: asText(payment.vbank_holder), dueAt: instantOf(payment.vbank_date) }),
  };
}

/** V1 has no code for it: the text is the payment company's. */
function failureOf(payment: Fields): RecordFailure {
  return { code: 'failed', ...present({ message: asText(payment.fail_reason)?.slice(0, 500) }) };
}

/** Unix seconds; 0 is none. */
export function instantOf(value: unknown): Instant | undefined {
  const seconds = asCount(value);
  return seconds === undefined || seconds === 0 ? undefined : seconds * second;
}
