import type { Launch, Locale } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import { othersToken, verifyShopperToken } from '../merchants/shopper-tokens.js';
import type { Instant } from '../ops/clock.js';
import { fingerprintOf } from '../ops/fingerprint.js';
import { derivedId } from '../ops/ids.js';
import { notPayable, prepareAttempt } from '../payments/attempts.js';
import { change } from '../payments/change.js';
import { concludeNew, statusOf } from '../payments/conclude.js';
import { referenceId } from '../payments/history.js';
import { type Attempt, isBusy, type Payment } from '../payments/payment.js';
import { mergedBuyer } from './buyer.js';
import { customerKeyOf } from './customers.js';
import type { CheckoutDeps } from './deps.js';
import type { Offer } from './offers.js';
import { launchOf, offersFor, preparation, prepareSession, withPage } from './prepare.js';
import { type Priced, priceOf } from './price.js';
import { checkReturnUrl, checkReturnUrls } from './return-urls.js';
import type { CreateInput, CreateMerchantInput } from './schema.js';

/** What a caller asked for, checked and priced. */
interface Order extends Priced {
  readonly madeBy: Payment['madeBy'];
  readonly locale: Locale;
  readonly customer?: string;
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly input: CreateInput | CreateMerchantInput;
  /** What a repeat must ask for again, to the letter. Only where there can be one. */
  readonly fingerprint?: string;
}

export interface Opened {
  readonly payment: Payment;
  readonly launch?: Launch;
  /** False: a repeat, read back. */
  readonly made: boolean;
}

/** A session made by a page: the catalogue decides the price, a verified token decides who the shopper is. */
export async function createForPage(
  deps: CheckoutDeps,
  merchant: Merchant,
  input: CreateInput,
  idempotencyKey: string | undefined,
): Promise<Opened> {
  const customer = await customerOf(deps, merchant, input.customerToken);
  const locale = input.locale ?? merchant.locale;
  const { customerToken: _token, prepare: _prepare, ...asked } = input;
  const order: Order = {
    ...priceOf(merchant, input.items, locale),
    madeBy: 'publishable',
    locale,
    input,
    ...(customer !== undefined && { customer }),
    ...(idempotencyKey !== undefined && { fingerprint: fingerprintOf({ ...asked, customer }) }),
  };
  const id = idempotencyKey && `pay_${derivedId('session', 'publishable', merchant.id, idempotencyKey)}`;
  return open(deps, merchant, order, id ?? `pay_${deps.ids.ulid()}`, 'idempotency_key_reused');
}

/** A session made by the merchant's backend: from the catalogue, or any amount. */
export async function createForMerchant(
  deps: CheckoutDeps,
  merchant: Merchant,
  input: CreateMerchantInput,
  idempotencyKey: string | undefined,
): Promise<Opened> {
  const { reference, customer, metadata } = input;
  if (reference !== undefined && idempotencyKey !== undefined) {
    const detail = '`reference` makes the call repeatable by itself: send one of `reference` and Idempotency-Key.';
    throw new ApiError('idempotency_key_invalid', detail);
  }
  const locale = input.locale ?? merchant.locale;
  const { prepare: _prepare, ...asked } = input;
  const order: Order = {
    ...(input.items ? priceOf(merchant, input.items, locale) : ownPrice(input)),
    madeBy: 'secret',
    locale,
    input,
    ...(customer !== undefined && { customer }),
    ...(reference !== undefined && { reference }),
    ...(metadata && { metadata }),
    ...((reference ?? idempotencyKey) !== undefined && { fingerprint: fingerprintOf(asked) }),
  };
  if (reference !== undefined) {
    const opened = await open(deps, merchant, order, referenceId(merchant.id, reference), 'reference_reused');
    return opened.made ? opened : reopen(deps, merchant, order, opened);
  }
  const id = idempotencyKey && `pay_${derivedId('session', 'secret', merchant.id, idempotencyKey)}`;
  return open(deps, merchant, order, id ?? `pay_${deps.ids.ulid()}`, 'idempotency_key_reused');
}

function ownPrice({ amount, currency, orderName }: CreateMerchantInput): Priced {
  if (amount === undefined || currency === undefined || orderName === undefined) {
    throw new ApiError('invalid_request', 'Send `items`, or `amount`, `currency` and `orderName` together.');
  }
  return { amount, currency, orderName, lines: [{ name: { ko: orderName }, quantity: 1, price: amount }] };
}

async function customerOf(
  deps: CheckoutDeps,
  merchant: Merchant,
  token: string | undefined,
): Promise<string | undefined> {
  if (token === undefined) return undefined;
  const shopper = await verifyShopperToken(token, deps.merchants, deps.clock);
  if (shopper.merchant.id === merchant.id) return shopper.customer;
  throw new ApiError('customer_token_invalid', othersToken);
}

/** The id is made before the write, so that a repeat, or a try whose answer was lost, reads back what was written and goes on from there. */
async function open(
  deps: CheckoutDeps,
  merchant: Merchant,
  order: Order,
  id: string,
  reused: 'idempotency_key_reused' | 'reference_reused',
): Promise<Opened> {
  const { prepare } = order.input;
  if (prepare?.returnUrl !== undefined) checkReturnUrl(merchant, prepare.returnUrl, 'prepare.returnUrl');
  const unmade = { currency: order.currency, attempts: [], observations: [] };
  const offer = prepare && offersFor(deps, merchant, unmade, prepare.method)[0];
  const draft = await draftOf(deps, merchant, order, id, offer);
  const inserted = await deps.payments.insert(draft);
  if (inserted.ok) {
    const payment = inserted.doc;
    const attempt = payment.attempts.at(-1);
    if (!offer || !attempt) return { payment, made: true };
    const opened = await launchOf(deps, offer, payment, attempt);
    if ('launch' in opened) return { payment, launch: opened.launch, made: true };
    return { ...(await prepareSession(deps, merchant, payment, prepare, [opened])), made: true };
  }
  const known = await deps.payments.get(id);
  if (!known) throw new Error('A payment that exists can not be read');
  if (known.fingerprint !== order.fingerprint) {
    throw new ApiError(reused, 'A repeat must send the same body as the first call; use a new one for a new order.');
  }
  if (!prepare || order.reference !== undefined || !mayLaunch(known, deps.clock.now())) {
    return { payment: known, made: false };
  }
  return { ...(await prepareSession(deps, merchant, known, prepare)), made: false };
}

async function draftOf(
  deps: CheckoutDeps,
  merchant: Merchant,
  order: Order,
  id: string,
  offer: Offer | undefined,
): Promise<Payment> {
  const now = deps.clock.now();
  const { input, fingerprint, lines, amount, currency, orderName, madeBy, locale, customer, reference, metadata } =
    order;
  const returnUrls = checkReturnUrls(merchant, input.returnUrls);
  const blank: Payment = {
    id,
    // The store's own: an insert sets both.
    rev: 1,
    v: 1,
    merchant: merchant.id,
    origin: 'checkout',
    madeBy,
    ...(fingerprint !== undefined && { fingerprint }),
    ...(reference !== undefined && { reference }),
    lines,
    amount,
    currency,
    orderName,
    ...(customer !== undefined && { customer }),
    customerKey: await customerKeyOf(deps.customers, merchant.id, customer),
    ...(input.buyer && { buyer: mergedBuyer(undefined, input.buyer) }),
    ...(metadata && { metadata }),
    ...(returnUrls && { returnUrls }),
    locale,
    openUntil: now + deps.schedule.openForMs,
    attempts: [],
    refunds: [],
    transitions: [],
    observations: [],
    outbox: [],
    status: 'open',
    refundedAmount: 0,
    createdAt: now,
  };
  const paged = withPage(blank, input.prepare?.returnUrl);
  const prepared = offer ? prepareAttempt(paged, preparation(offer), now) : undefined;
  const draft = prepared?.ok ? prepared.payment : paged;
  return concludeNew(draft, { now, trigger: 'create', schedule: deps.schedule });
}

/**
 * The merchant asks again for an order that expired unpaid: it is payable once more, at today's catalogue price. Not where the bank took a
 * deposit back: should it come again, it pays the price that it was for.
 */
async function reopen(deps: CheckoutDeps, merchant: Merchant, order: Order, opened: Opened): Promise<Opened> {
  const now = deps.clock.now();
  const { lines, amount, currency, orderName, input } = order;
  const reopened = await change<never>(deps, opened.payment.id, 'create', (payment) =>
    statusOf(payment, now) !== 'expired' || payment.attempts.some(isBusy) || payment.paidBy
      ? { ok: true, payment }
      : {
          ok: true,
          payment: {
            ...payment,
            lines,
            amount,
            currency,
            orderName,
            openUntil: now + deps.schedule.openForMs,
            attempts: payment.attempts.map(retired),
          },
        },
  );
  const payment = reopened?.ok ? reopened.payment : opened.payment;
  if (!input.prepare || !mayLaunch(payment, now)) return { payment, made: false };
  return { ...(await prepareSession(deps, merchant, payment, input.prepare)), made: false };
}

/**
 * A repeat of a create is read back without a launch where nothing can be started, or where a window is open already: a late copy of the
 * first request must not take the place of the window that the shopper is paying in.
 */
function mayLaunch(payment: Payment, now: Instant): boolean {
  const last = payment.attempts.at(-1);
  const isOpen = last !== undefined && !last.superseded && (last.state === 'launched' || last.state === 'pending');
  return !isOpen && notPayable(payment, now) === undefined;
}

const retired = (attempt: Attempt): Attempt => ({ ...attempt, superseded: true });
