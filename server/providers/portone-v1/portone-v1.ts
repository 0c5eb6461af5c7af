import { type Clock, systemClock } from '../../ops/clock.js';
import { interbankCode, isBank } from '../banks.js';
import { defaultTimeouts, type HttpOptions, listReplyBytes } from '../http.js';
import { toMajor } from '../money.js';
import type {
  CancelIntent,
  CancelOutcome,
  CloseOutcome,
  ConfirmOutcome,
  Declined,
  LaunchOutcome,
  ListOutcome,
  LookupOutcome,
  Misconfigured,
  PortOneV1Channel,
  Provider,
  ProviderRecord,
  Refused,
  Unknown,
} from '../provider.js';
import { asList, asObject, present } from '../reading.js';
import { shorten } from '../text.js';
import { launchOf, methodsOf } from './launch.js';
import { hasNext, listPath, placeOf, readList } from './list.js';
import { prepare } from './prepare.js';
import { mayHoldMoney, readPayment } from './record.js';
import { createRest, unknown } from './rest.js';
import { readPortOneV1Webhook } from './webhook.js';

export interface PortOneV1Options extends HttpOptions {
  /** When an account is due, and how long a token lasts. */
  readonly clock?: Clock;
}

/**
 * PortOne V1 (iamport): the provider charges once the shopper has agreed, and there is nothing to confirm.
 *
 * V1 has no idempotency keys, and the port's are not sent. What keeps money from moving twice: a window opens for the registered amount
 * alone (`prepare`); a cancellation names the record and the balance that it was decided on (`checksum`), so that of two that were decided
 * on the same balance one is refused. Not guaranteed: that an order id is paid once, so that `lookup` gives every record; and where a payment
 * company takes its time (PayPal), that a cancellation whose reply was lost is seen (`hidesCancellations`): asked for again it is taken on
 * again, up to the balance.
 */
export function createPortOneV1(options: PortOneV1Options = {}): Provider<PortOneV1Channel> {
  const { fetch = globalThis.fetch, timeouts = defaultTimeouts, clock = systemClock } = options;
  const rest = createRest({ fetch, timeouts, clock });

  async function recordOf(channel: PortOneV1Channel, impUid: string): Promise<RecordOutcome> {
    const path = `payments/${encodeURIComponent(impUid)}?include_sandbox=true`;
    const reply = await rest('query', channel, { method: 'GET', path });
    if (reply.outcome === 'no') return unknown(`code ${reply.code}`);
    if (reply.outcome !== 'done') return reply;
    const record = readPayment(reply.response, channel.environment);
    if (!record) return unknown('not a payment');
    return record.record === impUid ? { outcome: 'done', record } : unknown('reply about another payment');
  }

  /** Every record under an order id, read to the last page: any of them may hold money. */
  async function recordsOf(channel: PortOneV1Channel, orderId: string): Promise<RecordsOutcome> {
    const found = new Map<string, ProviderRecord>();
    let unread = 0;
    for (let page = 1; page <= maxPages; page++) {
      const path = `payments/findAll/${encodeURIComponent(orderId)}?page=${page}&sorting=started&include_sandbox=true`;
      // A page beyond the last is not there either; any other no to a later page says nothing of what is on it.
      const reply = await rest(page === 1 ? 'query' : 'list', channel, { method: 'GET', path });
      if (reply.outcome === 'not_found' && page > 1) return { outcome: 'done', records: [...found.values()], unread };
      if (reply.outcome === 'no') return unknown(`code ${reply.code}`);
      if (reply.outcome !== 'done') return reply;
      const body = asObject(reply.response);
      if (!body || !Array.isArray(body.list)) return unknown('not a list of payments');
      for (const line of asList(body.list)) {
        const record = readPayment(line, channel.environment);
        if (!record && mayHoldMoney(line)) return unknown('a payment that can not be read');
        if (record && record.orderId !== orderId) return unknown('reply about another order');
        if (record) found.set(record.record, record);
        else unread++;
      }
      if (!hasNext(body, page)) return { outcome: 'done', records: [...found.values()], unread };
    }
    return unknown('too many payments');
  }

  return {
    name: 'portone-v1',
    methods: methodsOf,
    needsConfirm: () => false,
    confirmsBy: 'record',
    choosesInside: () => false,
    hidesCancellations: ({ method }) => method === 'paypal',
    // Its records name neither the account nor the channel: a key asks for its own account's alone.
    identity: ({ userCode, tierCode }) => ({ store: tierCode === undefined ? userCode : `${userCode} ${tierCode}` }),
    account: ({ userCode, tierCode, environment }) => [userCode, tierCode ?? '-', environment].join(' '),

    async launch(channel, order): Promise<LaunchOutcome> {
      const launch = launchOf(channel, order, clock.now());
      if ('outcome' in launch) return launch;
      return (await prepare(rest, channel, order)) ?? { outcome: 'done', launch };
    },

    async lookup(channel, { orderId, record: hint }): Promise<LookupOutcome> {
      if (hint !== undefined && !isImpUid(hint)) return unknownRecord('not an imp_uid');
      const ours = await recordsOf(channel, orderId);
      if (ours.outcome !== 'done' && ours.outcome !== 'not_found') return ours;
      const records = ours.outcome === 'done' ? [...ours.records] : [];
      if (hint !== undefined && !records.some(({ record }) => record === hint)) {
        const hinted = await recordOf(channel, hint);
        if (hinted.outcome === 'not_found') return unknownRecord('no such imp_uid here');
        if (hinted.outcome !== 'done') return hinted;
        if (hinted.record.orderId !== orderId) return otherOrder;
        records.push(hinted.record);
      }
      const [first, ...others] = records.sort(byPayment);
      if (first) return { outcome: 'done', records: [first, ...others] };
      // Windows that were left, and nothing that can be told of them.
      if (ours.outcome === 'done' && ours.unread > 0) return unknown('payments that can not be read');
      return { outcome: 'not_found' };
    },

    async confirm(): Promise<ConfirmOutcome> {
      return unknownRecord('V1 charges by itself');
    },

    async cancel(channel, refund): Promise<CancelOutcome> {
      if (!isImpUid(refund.record)) return { outcome: 'not_found' };
      // To V1 no amount, and 0, is all of it.
      if (!(refund.amount > 0)) return declined('amount_not_positive');
      const bank = refund.account && bankCode(channel, refund.account.bank);
      if (refund.account && bank === undefined) return invalidBank;
      const reason = shorten(refund.reason, maxReason);
      const reply = await rest('cancel', channel, {
        method: 'POST',
        path: 'payments/cancel',
        body: cancelBody(refund, reason, bank),
        timeout: timeouts.money,
      });
      if (reply.outcome === 'done') {
        const record = readPayment(reply.response, channel.environment);
        return record ? cancelledWith(record, refund, reason) : unknown('reply without a payment');
      }
      if (reply.outcome !== 'no') return reply;
      return refusedCancel(await recordOf(channel, refund.record), refund, reason, reply);
    },

    async close(channel, { orderId, record }): Promise<CloseOutcome> {
      if (!isImpUid(record)) return { outcome: 'not_found' };
      const path = `vbanks/${encodeURIComponent(record)}`;
      const reply = await rest('close', channel, { method: 'DELETE', path, timeout: timeouts.money });
      if (reply.outcome !== 'done' && reply.outcome !== 'no') return reply;
      // Neither a yes nor a no is taken for more than what the record shows.
      const now = await recordOf(channel, record);
      if (now.outcome !== 'done') return now;
      if (now.record.orderId !== orderId) return declined('other_order');
      if (now.record.state === 'canceled') return { outcome: 'done' };
      if (now.record.state !== 'awaiting_deposit') return declined(now.record.state);
      // Some payment companies close none: it then ends at its date.
      return reply.outcome === 'no' ? declined(reply.code) : { outcome: 'done' };
    },

    async listPayments(channel, query): Promise<ListOutcome> {
      const place = placeOf(query);
      if (!place) return unknown('not a place in the list');
      const now = clock.now();
      const reply = await rest('list', channel, {
        method: 'GET',
        path: listPath(query, place, now),
        timeout: timeouts.money,
        maxReplyBytes: listReplyBytes,
      });
      if (reply.outcome === 'no') return unknown(`code ${reply.code}`);
      if (reply.outcome !== 'done' && reply.outcome !== 'not_found') return reply;
      const response = reply.outcome === 'done' ? reply.response : undefined;
      if (reply.outcome === 'done' && response === undefined) return unknown('not a list of payments');
      return readList(response, channel, query, place, now) ?? unknown('not a list of payments');
    },

    readWebhook: async (_channels, raw) => readPortOneV1Webhook(raw),
  };
}

type RecordOutcome =
  | { readonly outcome: 'done'; readonly record: ProviderRecord }
  | { readonly outcome: 'not_found' }
  | Misconfigured
  | Unknown;
/** `unread`: windows that were left, of which something can't be read. */
type RecordsOutcome =
  | { readonly outcome: 'done'; readonly records: readonly ProviderRecord[]; readonly unread: number }
  | { readonly outcome: 'not_found' }
  | Misconfigured
  | Unknown;

/** 20 to a page, and a record for each window that was opened: nobody opens a thousand. */
const maxPages = 50;
/** Not documented; ours are far shorter. */
const maxReason = 200;

/**
 * What paid first comes first: of several records that are paid, it is the payment. Not where all of it has gone back already, as where a
 * payment company undoes an approval by itself and the shopper pays once more.
 */
const byPayment = (one: ProviderRecord, other: ProviderRecord): number =>
  Number(one.cancelled === one.amount) - Number(other.cancelled === other.amount) ||
  (one.paidAt ?? Number.MAX_SAFE_INTEGER) - (other.paidAt ?? Number.MAX_SAFE_INTEGER);

const cancelBody = (
  { record, amount, currency, expectedBalance, account }: CancelIntent,
  reason: string,
  bank: string | undefined,
) => ({
  imp_uid: record,
  amount: toMajor(amount, currency),
  checksum: toMajor(expectedBalance, currency),
  reason,
  ...(account && { refund_holder: account.holder, refund_bank: bank, refund_account: account.number }),
});

/** `undefined` for a word that is no bank's. */
const bankCode = ({ bankCodes = {} }: PortOneV1Channel, word: string): string | undefined =>
  isBank(word) && Object.hasOwn(bankCodes, word) ? bankCodes[word] : interbankCode(word);

const carries = ({ cancellations }: ProviderRecord, reason: string): boolean =>
  cancellations.some((entry) => entry.reason === reason);

/**
 * Taken on. Where the payment company takes its time (PayPal), the history does not have it yet: then it is pending, and not asked for
 * again.
 */
function cancelledWith(record: ProviderRecord, refund: CancelIntent, reason: string): CancelOutcome {
  if (record.record !== refund.record) return unknown('reply about another payment');
  if (carries(record, reason)) return { outcome: 'done', record };
  const id = `taken on ${refund.idempotencyKey.slice(0, 16)}`;
  const taken = { id, amount: refund.amount, state: 'pending', reason } as const;
  return { outcome: 'done', record: { ...record, cancellations: [...record.cancellations, taken] } };
}

/**
 * V1 said no, in words that are for people: over the balance, another balance than was expected, or cancelled already, perhaps by an
 * earlier call of ours. The record tells which.
 */
function refusedCancel(
  now: RecordOutcome,
  { expectedBalance, account }: CancelIntent,
  reason: string,
  { code, message }: { readonly code: string; readonly message?: string },
): CancelOutcome {
  if (now.outcome !== 'done') return now;
  const { record } = now;
  if (carries(record, reason)) return { outcome: 'done', record };
  if (record.amount - record.cancelled !== expectedBalance) return unknown(`another balance, code ${code}`);
  return {
    ...declined(code),
    ...present({ message }),
    // Nothing tells a wrong account from any other reason, and another account may be named.
    ...(account && { accountRefused: true as const }),
  };
}

/** Hints come from browsers: what could be a path, or has no place in a URL, is no id of V1's. */
const isImpUid = (text: string): boolean => /^[A-Za-z0-9][\w-]{0,99}$/.test(text);

const declined = (code: string): Declined => ({ outcome: 'declined', code, retryable: false });
const unknownRecord = (detail: string): Refused => ({ outcome: 'refused', hint: 'unknown_record', detail });
const otherOrder: Refused = { outcome: 'refused', hint: 'other_order', detail: "the imp_uid is another order's" };
const invalidBank: Declined = { outcome: 'declined', code: 'INVALID_BANK', retryable: false, accountRefused: true };
