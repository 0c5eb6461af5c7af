import type { Method } from '../../../contract/index.js';
import type { Instant } from '../../ops/clock.js';
import { bankOfToss } from '../banks.js';
import { toMinor } from '../money.js';
import type { Cancellation, ProviderRecord, RecordAccount, RecordFailure, RecordState } from '../provider.js';
import { asCount, asList, asObject, asText, asWebUrl, type Fields, present } from '../reading.js';
import { issuerName } from './issuers.js';

/**
 * Toss's Payment object (core API 2022-11-16), normalised. `undefined` where something that decides about money can't be read for certain:
 * ids, status, currency, the amounts. Everything else is left out when it is missing or odd.
 */
export function readPayment(json: unknown, environment: 'test' | 'live'): ProviderRecord | undefined {
  const payment = asObject(json);
  if (!payment) return undefined;
  const record = asText(payment.paymentKey);
  const orderId = asText(payment.orderId);
  const currency = asText(payment.currency);
  const state = stateOf(payment);
  if (!record || !orderId || !currency || !state) return undefined;
  const amount = toMinor(payment.totalAmount, currency);
  const cancelled = amount === undefined ? undefined : cancelledOf(payment, state, amount, currency);
  const cancellations = cancellationsOf(payment, state, currency);
  if (amount === undefined || cancelled === undefined || !cancellations) return undefined;
  return {
    record,
    orderId,
    state,
    amount,
    currency,
    cancelled,
    cancellations,
    environment,
    ...present({
      store: asText(payment.mId),
      method: methodOf(payment),
      card: cardOf(payment),
      account: accountOf(payment),
      failure: failureOf(payment),
      receiptUrl: asWebUrl(asObject(payment.receipt)?.url),
      paidAt: state === 'paid' ? instantOf(payment.approvedAt) : undefined,
      webhookSecret: asText(payment.secret),
    }),
  };
}

/** Which environment a key belongs to. One that is not plainly live is taken for test, so that it can't pass for real money. */
export const environmentOf = (secretKey: string): 'test' | 'live' => (secretKey.startsWith('live_') ? 'live' : 'test');

const states: Readonly<Record<string, RecordState>> = {
  READY: 'ready',
  IN_PROGRESS: 'authenticated',
  WAITING_FOR_DEPOSIT: 'awaiting_deposit',
  DONE: 'paid',
  PARTIAL_CANCELED: 'paid',
  ABORTED: 'failed',
  EXPIRED: 'expired',
};

function stateOf(payment: Fields): RecordState | undefined {
  const status = asText(payment.status);
  // Also the status of an account that was closed before anyone paid into it: only an approval means that money had moved.
  if (status === 'CANCELED') return asText(payment.approvedAt) ? 'paid' : 'canceled';
  return status !== undefined && Object.hasOwn(states, status) ? states[status] : undefined;
}

/** `balanceAmount` is what can still be given back. Before money moved it says nothing of the kind. */
function cancelledOf(payment: Fields, state: RecordState, amount: number, currency: string): number | undefined {
  if (state !== 'paid') return 0;
  const balance = toMinor(payment.balanceAmount, currency);
  return balance !== undefined && balance <= amount ? amount - balance : undefined;
}

/** `undefined` if an entry has no readable amount. */
function cancellationsOf(payment: Fields, state: RecordState, currency: string): readonly Cancellation[] | undefined {
  const bankPart = state === 'paid' ? bankPartOf(payment) : 'done';
  const result: Cancellation[] = [];
  for (const [index, entry] of asList(payment.cancels).entries()) {
    const fields = asObject(entry);
    const amount = toMinor(fields?.cancelAmount, currency);
    if (!fields || amount === undefined) return undefined;
    const own = cancelState(fields.cancelStatus);
    result.push({
      // The list only grows, so that a place in it is as good as the id where none is given.
      id: asText(fields.transactionKey) ?? `#${index + 1}`,
      amount,
      state: own === 'done' ? bankPart : own,
      reason: asText(fields.cancelReason) ?? '',
      ...present({ at: instantOf(fields.canceledAt) }),
    });
  }
  return result;
}

/** Older API versions have no `cancelStatus`: there a cancellation in the list is done. */
function cancelState(status: unknown): Cancellation['state'] {
  if (status === undefined || status === null || status === 'DONE') return 'done';
  return status === 'ABORTED' ? 'failed' : 'pending';
}

/**
 * How far the transfer back to the payer of a virtual account is: Toss tells it once for the payment, so it holds for all its
 * cancellations. Everything short of the end is pending.
 */
function bankPartOf(payment: Fields): Cancellation['state'] {
  const status = asText(asObject(payment.virtualAccount)?.refundStatus);
  if (status === undefined || status === 'COMPLETED') return 'done';
  return status === 'FAILED' ? 'failed' : 'pending';
}

/** Toss writes these in Korean, or in English when asked to; compared without spaces, in lower case. */
const methodTexts: Readonly<Record<string, Method>> = {
  카드: 'card',
  card: 'card',
  가상계좌: 'virtual_account',
  virtualaccount: 'virtual_account',
  계좌이체: 'transfer',
  transfer: 'transfer',
  휴대폰: 'phone',
  mobilephone: 'phone',
};
const easyPayTexts: Readonly<Record<string, Method>> = {
  카카오페이: 'kakaopay',
  kakaopay: 'kakaopay',
  네이버페이: 'naverpay',
  naverpay: 'naverpay',
  토스페이: 'tosspay',
  tosspay: 'tosspay',
  페이팔: 'paypal',
  paypal: 'paypal',
};

/**
 * The easy-pay provider first (its payments carry a `card` too), then whichever part is filled in, the text last. An easy pay that we
 * have no word for has no method here.
 */
function methodOf(payment: Fields): Method | undefined {
  const easyPay = providerText(payment.easyPay) ?? providerText(payment.foreignEasyPay);
  if (easyPay !== undefined) return lookUpText(easyPayTexts, easyPay);
  if (asObject(payment.virtualAccount)) return 'virtual_account';
  if (asObject(payment.transfer)) return 'transfer';
  if (asObject(payment.mobilePhone)) return 'phone';
  if (asObject(payment.card)) return 'card';
  const text = asText(payment.method);
  return text === undefined ? undefined : (lookUpText(methodTexts, text) ?? lookUpText(easyPayTexts, text));
}

/** `{provider}`, or the plain name, as was seen with PayPal. */
const providerText = (value: unknown): string | undefined => asText(value) ?? asText(asObject(value)?.provider);

function lookUpText(texts: Readonly<Record<string, Method>>, text: string): Method | undefined {
  const key = text.replace(/[\s_-]/g, '').toLowerCase();
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

function cardOf(payment: Fields): ProviderRecord['card'] {
  const card = asObject(payment.card);
  if (!card) return undefined;
  const issuer = asText(card.issuerCode);
  return present({
    issuer: issuer && issuerName(issuer),
    // Toss often masks the end as well (`…123*`): then there are no last four digits to show.
    last4: /(\d{4})$/.exec(asText(card.number) ?? '')?.[1],
    installmentMonths: asCount(card.installmentPlanMonths),
  });
}

function accountOf(payment: Fields): RecordAccount | undefined {
  const account = asObject(payment.virtualAccount);
  const bank = asText(account?.bankCode);
  const number = asText(account?.accountNumber);
  if (!account || !bank || !number) return undefined;
  return {
    bank: bankOfToss(bank),
    number,
    ...present({
      holder: asText(account.customerName),
      dueAt: instantOf(account.dueDate),
      expired: typeof account.expired === 'boolean' ? account.expired : undefined,
    }),
  };
}

function failureOf(payment: Fields): RecordFailure | undefined {
  const failure = asObject(payment.failure);
  const code = asText(failure?.code);
  return code ? { code, ...present({ message: asText(failure?.message) }) } : undefined;
}

/** ISO 8601; without a zone it is Korean time. */
export function instantOf(value: unknown): Instant | undefined {
  const text = asText(value);
  if (!text) return undefined;
  const instant = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}+09:00`);
  return Number.isNaN(instant) ? undefined : instant;
}
