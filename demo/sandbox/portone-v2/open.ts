import { minute } from '../../../server/ops/clock.js';
import type { Instrument } from '../instruments.js';
import type { BankRecord } from '../record.js';
import type { WindowResult } from '../window/windows.js';
import { approve, taken, userCancel } from './approve.js';
import type { PgFailure } from './errors.js';
import type { PortOneV2 } from './portone-v2.js';
import { isApproved, newId, note, paymentKey, provider, transactionsOf } from './portone-v2.js';
import type { V2Request, WindowKind } from './request.js';
import { customerOf, methodsOf, readCurrency, validHours, windowKind } from './request.js';
import type { V2Channel } from './stores.js';
import { pgs } from './stores.js';

/** Why no window opens: what `requestPayment` rejects with. */
export interface EarlyError {
  readonly code: string;
  readonly message: string;
}

export interface Opened {
  readonly record: BankRecord;
  readonly kind: WindowKind;
}

const refuse = (code: string, message: string): EarlyError => ({ code, message });
const maxAttempts = 100;

/** Opens a payment window: a new transaction under the `paymentId`, and the page for it. `dry` only says whether it could. */
export function openWindow(v2: PortOneV2, request: V2Request, openerOrigin: string): Opened | EarlyError;
export function openWindow(v2: PortOneV2, request: V2Request, openerOrigin: string, dry: true): EarlyError | undefined;
export function openWindow(v2: PortOneV2, request: V2Request, openerOrigin: string, dry = false) {
  const { storeId, paymentId, totalAmount } = request;
  const store = v2.stores.get(String(storeId));
  if (!store) return refuse('StoreNotFound', '존재하지 않는 상점입니다.');
  const channel = store.channels.find((each) => each.key === request.channelKey);
  if (!channel) return refuse('ChannelNotFound', '존재하지 않는 채널입니다.');
  const currency = readCurrency(request.currency);
  const wrong = currency ? mistakeIn(request, channel) : 'currency';
  const hours = validHours(request, v2.clock.now());
  const kind = windowKind(request, channel);
  if (wrong || !currency || hours === undefined || !kind)
    return refuse('RequestParseFailed', `${wrong ?? (kind ? 'accountExpiry' : 'windowType')} 값이 올바르지 않습니다.`);
  const methods = methodsOf(request, channel);
  if (methods.length === 0) return refuse('PGProviderError', '이 채널에서 지원하지 않는 결제수단입니다.');

  const registered = v2.preRegistered.get(paymentKey(store.storeId, paymentId));
  if ((registered?.totalAmount ?? totalAmount) !== totalAmount || (registered?.currency ?? currency) !== currency)
    return refuse('AmountNotEqualToPredefined', '사전 등록된 금액과 다릅니다.');
  const earlier = transactionsOf(v2, store.storeId, paymentId);
  const duplicate = v2.faults.armed().some((fault) => fault.kind === 'duplicate_order');
  if (earlier.some(isApproved) && !duplicate) return refuse('PaymentAlreadyPaid', '이미 결제가 완료된 건입니다.');
  if (earlier.length >= maxAttempts) return refuse('InvalidEntityState', '결제 시도 횟수를 초과했습니다.');
  if (dry) return undefined;

  const customer = customerOf(request);
  const id = newId('tx-');
  v2.extras.set(id, {
    ...{ channel, customer, pgTxId: newId('pg-'), paymentToken: newId('ptk-') },
    ...(request.customData !== undefined && { customData: JSON.stringify(request.customData) }),
    ...(request.products && { products: request.products }),
    ...(Array.isArray(request.noticeUrls) && { noticeUrls: request.noticeUrls }),
  });
  const record = v2.bank.open({
    ...{ id, provider, merchant: store.storeId, orderId: paymentId, orderName: request.orderName },
    ...(customer.name && { customerName: customer.name }),
    ...{ amount: totalAmount, currency, accountValidHours: hours },
    ...{ authenticateWithinMs: 30 * minute, chargeWithinMs: 10 * minute },
  });
  const attempt = { record, channel, redirectUrl: request.redirectUrl };
  v2.windows.open({
    ...{ record: id, brand: `PortOne · ${pgs[channel.pg]}`, methods, openerOrigin, accountValidHours: hours },
    popup: kind === 'POPUP' || kind === 'UI',
    pay: (instrument) => pay(v2, attempt, instrument),
    canceled: () => leave(v2, attempt),
  });
  return { record, kind };
}

const text = (value: unknown, max: number): boolean => typeof value === 'string' && value !== '' && value.length <= max;

/** The first thing that PortOne or the company behind the channel would not take. */
function mistakeIn(request: V2Request, { pg }: V2Channel): string | undefined {
  const { paymentId, orderName, totalAmount, redirectUrl, products, customer } = request;
  if (typeof paymentId !== 'string' || !/^[\w=-]{6,64}$/.test(paymentId)) return 'paymentId';
  if (!text(orderName, 100)) return 'orderName';
  if (!Number.isSafeInteger(totalAmount) || totalAmount <= 0) return 'totalAmount';
  if (redirectUrl !== undefined && !/^https?:\/\//.test(String(redirectUrl))) return 'redirectUrl';
  if (customer !== undefined && (typeof customer !== 'object' || customer === null)) return 'customer';
  if (pg === 'PAYPAL_V2' && products) {
    const sum = products.reduce((total, { amount = 0, quantity = 1 }) => total + amount * quantity, 0);
    if (sum !== totalAmount) return 'products';
  }
  return undefined;
}

interface AttemptOf {
  readonly record: BankRecord;
  readonly channel: V2Channel;
  readonly redirectUrl: string | undefined;
}

/** The shopper agreed: on automatic channels that charges. */
export function pay(v2: PortOneV2, attempt: AttemptOf, instrument: Instrument): WindowResult | 'expired' | 'processed' {
  const { record, channel } = attempt;
  if (record.state !== 'opened' && v2.bank.get(record.id)?.state !== 'opened')
    return record.state === 'expired' ? 'expired' : 'processed';
  const agreed = v2.bank.authenticate(record.id, instrument);
  if (!agreed.ok) return agreed.why === 'expired' ? 'expired' : 'processed';
  if (channel.approval === 'manual') return resultOf(v2, attempt);
  const fault = v2.faults.take('approve', { provider, orderId: record.orderId });
  if (taken(v2, record, fault)) {
    note(v2, record, { failure: { pgCode: 'ALREADY_PAID', pgMessage: '이미 결제가 완료된 건입니다.' } });
    v2.bank.fail(record.id);
  } else approve(v2, record, fault);
  const lost = fault?.behaviour.layer === 'network';
  return { ...resultOf(v2, attempt), ...(lost && { lost }) };
}

/** The shopper closed the window: at PortOne a failure. One that had ended already ends as it did. */
export function leave(v2: PortOneV2, attempt: AttemptOf): WindowResult {
  const { record } = attempt;
  if (v2.bank.get(record.id)?.state === 'opened') {
    note(v2, record, { failure: userCancel });
    v2.bank.fail(record.id);
  }
  return resultOf(v2, attempt);
}

/** What the promise resolves with, and where redirect mode goes. Of a redirect's values only these can be relied upon. */
export function resultOf(v2: PortOneV2, { record, channel, redirectUrl }: AttemptOf): WindowResult {
  const extras = v2.extras.get(record.id);
  const paymentId = record.orderId;
  const said: Record<string, string> =
    record.state === 'failed' || record.state === 'expired' || record.state === 'opened'
      ? failed(extras?.failure ?? userCancel)
      : channel.approval === 'manual' && extras
        ? { paymentToken: extras.paymentToken }
        : {};
  const detail = { transactionType: 'PAYMENT', txId: record.id, paymentId, ...said };
  if (redirectUrl === undefined) return { detail };
  const target = new URL(redirectUrl);
  for (const [name, value] of Object.entries({ paymentId, ...said })) target.searchParams.set(name, value);
  return { detail, redirect: target.href };
}

const failed = ({ pgCode, pgMessage }: PgFailure) => ({
  code: 'FAILURE_TYPE_PG',
  message: pgMessage,
  pgCode,
  pgMessage,
});
