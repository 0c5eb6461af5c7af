import { tossBankCode } from '../banks.js';
import { defaultTimeouts, describeReply, type HttpOptions, listReplyBytes, type ProviderReply, send } from '../http.js';
import { toMajor } from '../money.js';
import type {
  CancelIntent,
  CancelOutcome,
  CloseOutcome,
  ConfirmIntent,
  ConfirmOutcome,
  Declined,
  ListOutcome,
  LookupOutcome,
  Provider,
  ProviderRecord,
  Refused,
  TossChannel,
  Unknown,
} from '../provider.js';
import { cut, shorten } from '../text.js';
import { outcomeOf, readError, type TossCall } from './codes.js';
import { launchOf, methodsOf } from './launch.js';
import { listPath, readList } from './list.js';
import { environmentOf, readPayment } from './record.js';
import { readTossWebhook } from './webhook.js';

/**
 * Toss Payments, core API 2022-11-16. The browser step only authenticates; money moves at `confirm`, within ten minutes of it.
 *
 * Toss keeps the reply to an idempotency key for 15 days, errors too, and doesn't compare bodies: one key per intent and try.
 */
export function createToss(options: HttpOptions = {}): Provider<TossChannel> {
  const fetch = options.fetch ?? globalThis.fetch;
  const timeouts = options.timeouts ?? defaultTimeouts;

  const get = async (channel: TossChannel, path: string) =>
    read(
      'query',
      channel,
      await send(fetch, {
        method: 'GET',
        url: urlOf(channel, path),
        headers: authorization(channel),
        timeout: timeouts.lookup,
      }),
    );

  const post = async <C extends TossCall>(call: C, channel: TossChannel, path: string, body: object, key: string) =>
    read(
      call,
      channel,
      await send(fetch, {
        method: 'POST',
        url: urlOf(channel, path),
        headers: authorization(channel),
        body,
        idempotency: { key },
        timeout: timeouts.money,
      }),
    );

  return {
    name: 'toss',
    methods: methodsOf,
    needsConfirm: () => true,
    confirmsBy: 'record',
    choosesInside: (channel) => channel.product === 'widget',
    // Toss names a merchant id that its keys don't tell.
    hidesCancellations: () => false,
    identity: () => ({}),
    account: ({ clientKey }) => clientKey,

    async launch(channel, order) {
      const launch = launchOf(channel, order);
      return 'outcome' in launch ? launch : { outcome: 'done', launch };
    },

    async lookup(channel, { orderId, record: hint }): Promise<LookupOutcome> {
      if (hint !== undefined && !isPaymentKey(hint)) return unknownRecord('not a payment key');
      const ours = await get(channel, `payments/orders/${encodeURIComponent(orderId)}`);
      if (ours.outcome === 'done' && ours.record.orderId !== orderId) return unknown('reply about another order');
      if (ours.outcome !== 'done' && ours.outcome !== 'not_found') return ours;
      const records = ours.outcome === 'done' ? [ours.record] : [];
      if (hint !== undefined && hint !== records[0]?.record) {
        // An order can have several records (a window opened twice); Toss tells one of them by order id.
        const hinted = await get(channel, `payments/${encodeURIComponent(hint)}`);
        if (hinted.outcome === 'not_found') return unknownRecord('no such payment key');
        if (hinted.outcome !== 'done') return hinted;
        if (hinted.record.record !== hint) return unknown('reply about another payment key');
        if (hinted.record.orderId !== orderId) return otherOrder;
        records.push(hinted.record);
      }
      const [first, ...rest] = records;
      return first ? { outcome: 'done', records: [first, ...rest] } : { outcome: 'not_found' };
    },

    async confirm(channel, intent): Promise<ConfirmOutcome> {
      if (!isPaymentKey(intent.record)) return unknownRecord('not a payment key');
      const body = {
        paymentKey: intent.record,
        orderId: intent.orderId,
        amount: toMajor(intent.amount, intent.currency),
      };
      const reply = await post('confirm', channel, 'payments/confirm', body, intent.idempotencyKey);
      return reply.outcome === 'done' ? confirmed(reply.record, intent) : reply;
    },

    async cancel(channel, refund): Promise<CancelOutcome> {
      if (!isPaymentKey(refund.record)) return { outcome: 'not_found' };
      if (refund.account && !tossBankCode(refund.account.bank)) return invalidBank;
      const reason = shorten(refund.reason, 200);
      const path = `payments/${encodeURIComponent(refund.record)}/cancel`;
      const reply = await post('cancel', channel, path, cancelBody(refund, reason), refund.idempotencyKey);
      return reply.outcome === 'done' ? cancelledWith(reply.record, refund, reason) : reply;
    },

    async close(channel, { orderId, record, idempotencyKey }): Promise<CloseOutcome> {
      if (!isPaymentKey(record)) return { outcome: 'not_found' };
      const path = `payments/${encodeURIComponent(record)}`;
      // It is the cancel call without an account, which would give money back that came by any other method: look first.
      const found = await get(channel, path);
      if (found.outcome !== 'done') return found;
      if (found.record.orderId !== orderId || found.record.state !== 'awaiting_deposit')
        return declined(found.record.state);
      const reply = await post('cancel', channel, `${path}/cancel`, { cancelReason: closeReason }, idempotencyKey);
      if (reply.outcome !== 'done') return reply;
      return reply.record.state === 'canceled' ? { outcome: 'done' } : unknown(`closed, yet ${reply.record.state}`);
    },

    async listPayments(channel, query): Promise<ListOutcome> {
      const reply = await send(fetch, {
        method: 'GET',
        url: urlOf(channel, listPath(query)),
        headers: authorization(channel),
        timeout: timeouts.money,
        maxReplyBytes: listReplyBytes,
      });
      if (reply.kind === 'no_reply') return noReply(reply.why);
      if (reply.status >= 200 && reply.status < 300) {
        const page = readList(reply.json, environmentOf(channel.secretKey), query);
        return page ?? unknown('not a list of transactions');
      }
      const error = readError(reply.json);
      return error ? outcomeOf('list', error) : unknown(describeReply(reply));
    },

    readWebhook: async (_channels, raw, headers) => readTossWebhook(raw, headers),
  };
}

type Read<C extends TossCall> =
  | { readonly outcome: 'done'; readonly record: ProviderRecord }
  | ReturnType<typeof outcomeOf<C>>;

/** A 2xx with a readable payment is believed; whatever is neither that nor a known error is unknown. */
function read<C extends TossCall>(call: C, channel: TossChannel, reply: ProviderReply): Read<C> | Unknown {
  if (reply.kind === 'no_reply') return noReply(reply.why);
  if (reply.status >= 200 && reply.status < 300) {
    const record = readPayment(reply.json, environmentOf(channel.secretKey));
    return record ? { outcome: 'done', record } : unknown(`HTTP ${reply.status}, not a payment`);
  }
  const error = readError(reply.json);
  return error ? outcomeOf(call, error) : unknown(describeReply(reply));
}

/** Only money that moved, or an account issued for it, is a confirm that went through. */
function confirmed(record: ProviderRecord, intent: ConfirmIntent): ConfirmOutcome {
  if (record.orderId !== intent.orderId || record.record !== intent.record)
    return unknown('reply about another payment');
  if (record.state === 'paid' || record.state === 'awaiting_deposit') return { outcome: 'done', record };
  return unknown(`confirmed, yet ${record.state}`);
}

/** Of two cancels within a second Toss carries out one: only the entry with our reason shows that it was this one. */
function cancelledWith(record: ProviderRecord, refund: CancelIntent, reason: string): CancelOutcome {
  if (record.record !== refund.record) return unknown('reply about another payment');
  const ours = record.cancellations.some((entry) => entry.reason === reason);
  return ours ? { outcome: 'done', record } : unknown('reply without our cancellation');
}

/** A full refund names no amount: what takes no partial refund (escrow, cash cards) would refuse one. */
const cancelBody = ({ full, amount, currency, account }: CancelIntent, cancelReason: string) => ({
  cancelReason,
  ...(account && {
    refundReceiveAccount: {
      bank: tossBankCode(account.bank),
      accountNumber: account.number,
      holderName: cut(account.holder, 60),
    },
  }),
  ...(full ? {} : { cancelAmount: toMajor(amount, currency) }),
  // Partial refunds through PayPal ask for it; KRW is what Toss assumes.
  ...(full || currency === 'KRW' ? {} : { currency }),
});

const urlOf = (channel: TossChannel, path: string) => `${channel.apiBase.replace(/\/+$/, '')}/v1/${path}`;

/** The colon belongs to it: without one Toss answers 403. */
const authorization = (channel: TossChannel) => ({
  Authorization: `Basic ${Buffer.from(`${channel.secretKey}:`).toString('base64')}`,
});

/** Hints come from browsers: one that could be a path (`..`) or can't be written in a URL is no key of Toss's. */
const isPaymentKey = (text: string): boolean => /^[A-Za-z0-9][\x21-\x7e]{0,199}$/.test(text);

const closeReason = 'replaced by another payment';

const invalidBank: Declined = { outcome: 'declined', code: 'INVALID_BANK', retryable: false, accountRefused: true };
const declined = (code: string): Declined => ({ outcome: 'declined', code, retryable: false });
const noReply = (detail: string): Unknown => ({ outcome: 'unknown', why: 'no_reply', detail });
const unknown = (detail: string): Unknown => ({ outcome: 'unknown', why: 'temporary', detail });
const unknownRecord = (detail: string): Refused => ({ outcome: 'refused', hint: 'unknown_record', detail });
const otherOrder: Refused = { outcome: 'refused', hint: 'other_order', detail: "the payment key is another order's" };
