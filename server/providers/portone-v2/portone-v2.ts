import { isBank } from '../banks.js';
import { defaultTimeouts, describeReply, type HttpOptions, listReplyBytes, type ProviderReply, send } from '../http.js';
import type {
  CancelIntent,
  CancelOutcome,
  CloseOutcome,
  ConfirmIntent,
  ConfirmOutcome,
  Declined,
  LaunchOutcome,
  ListOutcome,
  LookupOutcome,
  PortOneV2Channel,
  Provider,
  ProviderRecord,
  Refused,
  Unknown,
} from '../provider.js';
import { asList, asObject, asText, type Fields } from '../reading.js';
import { outcomeOf, type PortOneV2Call, readError } from './codes.js';
import { launchOf, methodsOf } from './launch.js';
import { listPath, placeOf, readList } from './list.js';
import { cancelState, instantOf, readPayment, readTransaction } from './record.js';
import { readPortOneV2Webhook } from './webhook.js';

/**
 * PortOne V2. With automatic approval the provider charges once the shopper has agreed, with manual approval money moves at `confirm`.
 *
 * PortOne keeps the reply to an idempotency key for three hours only. After that a charge is still made at most once, since one payment id is
 * paid at most once, and so is a refund, since it names the balance that it was decided on.
 */
export function createPortOneV2(options: HttpOptions = {}): Provider<PortOneV2Channel> {
  const fetch = options.fetch ?? globalThis.fetch;
  const timeouts = options.timeouts ?? defaultTimeouts;

  const get = async (channel: PortOneV2Channel, path: string) =>
    read(
      'query',
      await send(fetch, {
        method: 'GET',
        url: `${urlOf(channel, path)}?storeId=${encodeURIComponent(channel.storeId)}`,
        headers: authorization(channel),
        timeout: timeouts.lookup,
      }),
    );

  const post = async <C extends PortOneV2Call>(
    call: C,
    channel: PortOneV2Channel,
    path: string,
    { body, key, timeout }: { body?: object; key?: string; timeout: number },
  ) =>
    read(
      call,
      await send(fetch, {
        method: 'POST',
        url: urlOf(channel, path),
        headers: authorization(channel),
        ...(body && { body }),
        ...(key !== undefined && { idempotency: { key, quoted: true } }),
        timeout,
      }),
    );

  /** The tries under an order id; `undefined` if that can't be told now. The operation is outside PortOne's promise to stay as it is. */
  async function transactionsOf(channel: PortOneV2Channel, orderId: string): Promise<Transactions | undefined> {
    const reply = await get(channel, `${pathOf(orderId)}/transactions`);
    if (reply.outcome !== 'done' || !Array.isArray(reply.body.items)) return undefined;
    const ids = new Set(asList(reply.body.items).map((item) => asText(asObject(item)?.id)));
    const records = asList(reply.body.items)
      .map((item) => readTransaction(item, channel.environment))
      .filter((record): record is ProviderRecord => record?.orderId === orderId);
    return { ids, records };
  }

  return {
    name: 'portone-v2',
    methods: methodsOf,
    needsConfirm: (channel) => channel.approval === 'manual',
    confirmsBy: 'token',
    choosesInside: () => false,
    hidesCancellations: () => false,
    identity: ({ storeId, channelKey }) => ({ store: storeId, channel: channelKey }),
    // Test and live payments of a store are listed apart.
    account: ({ storeId, environment }) => `${storeId} ${environment}`,

    async launch(channel, order): Promise<LaunchOutcome> {
      const launch = launchOf(channel, order);
      if ('outcome' in launch) return launch;
      // From here on a window with another amount fails by itself, whatever a page makes of the parameters.
      const reply = await post('preRegister', channel, `${pathOf(order.orderId)}/pre-register`, {
        body: { storeId: channel.storeId, totalAmount: order.amount, currency: order.currency },
        timeout: timeouts.lookup,
      });
      return reply.outcome === 'done' ? { outcome: 'done', launch } : reply;
    },

    async lookup(channel, { orderId, record: hint }): Promise<LookupOutcome> {
      if (hint !== undefined && !isTxId(hint)) return unknownRecord('not a transaction id');
      const reply = await get(channel, pathOf(orderId));
      if (reply.outcome === 'not_found' && hint !== undefined) return unknownRecord('no such transaction here');
      if (reply.outcome !== 'done') return reply;
      const payment = readPayment(reply.body, channel.environment);
      if (!payment) return unknown('not a payment');
      if (payment.orderId !== orderId) return unknown('reply about another order');
      if (hint === undefined || hint === payment.record) return { outcome: 'done', records: [payment] };
      // Every try under our order id is ours. Can't they be listed, then the payment itself tells of money, and the hint of nothing.
      const all = await transactionsOf(channel, orderId);
      if (all && !all.ids.has(hint)) return unknownRecord('no such transaction under this payment');
      const others = all?.records.filter(({ record }) => record !== payment.record) ?? [];
      return { outcome: 'done', records: [payment, ...others] };
    },

    async confirm(channel, intent): Promise<ConfirmOutcome> {
      if (!isTxId(intent.record)) return unknownRecord('not a transaction id');
      if (intent.token === undefined || !isToken(intent.token)) return unknownRecord('not a payment token');
      const reply = await post('confirm', channel, `${pathOf(intent.orderId)}/confirm`, {
        body: confirmBody(channel, intent, intent.token),
        key: intent.idempotencyKey,
        timeout: timeouts.money,
      });
      if (reply.outcome !== 'done') return reply;
      // The reply carries no amount, so that it must be looked up in any case.
      const approved = asText(reply.body.pgTxId) !== undefined && instantOf(reply.body.paidAt) !== undefined;
      return approved ? { outcome: 'done' } : unknown('not an approval');
    },

    async cancel(channel, refund): Promise<CancelOutcome> {
      if (refund.account && !isBank(refund.account.bank)) return invalidBank;
      const reply = await post('cancel', channel, `${pathOf(refund.orderId)}/cancel`, {
        body: cancelBody(channel, refund),
        key: refund.idempotencyKey,
        timeout: timeouts.money,
      });
      return reply.outcome === 'done' ? cancelledWith(reply.body, refund) : reply;
    },

    async close(channel, { orderId, idempotencyKey }): Promise<CloseOutcome> {
      const path = `${pathOf(orderId)}/virtual-account/close?storeId=${encodeURIComponent(channel.storeId)}`;
      const reply = await post('close', channel, path, { key: idempotencyKey, timeout: timeouts.money });
      if (reply.outcome !== 'done') return reply;
      return instantOf(reply.body.closedAt) === undefined ? unknown('not a closing') : { outcome: 'done' };
    },

    async listPayments(channel, query): Promise<ListOutcome> {
      const place = placeOf(query);
      if (!place) return unknown('not a place in the list');
      const reply = read(
        'list',
        await send(fetch, {
          method: 'GET',
          url: urlOf(channel, listPath(channel, query, place)),
          headers: authorization(channel),
          timeout: timeouts.money,
          maxReplyBytes: listReplyBytes,
        }),
      );
      if (reply.outcome !== 'done') return reply;
      return readList(reply.body, channel, query, place) ?? unknown('not a list of payments');
    },

    readWebhook: readPortOneV2Webhook,
  };
}

interface Transactions {
  readonly ids: ReadonlySet<string | undefined>;
  readonly records: readonly ProviderRecord[];
}

type Read<C extends PortOneV2Call> =
  | { readonly outcome: 'done'; readonly body: Fields }
  | ReturnType<typeof outcomeOf<C>>
  | Unknown;

/** A 2xx with a JSON object goes on to its reader; whatever is neither that nor a known error is unknown. */
function read<C extends PortOneV2Call>(call: C, reply: ProviderReply): Read<C> {
  if (reply.kind === 'no_reply') return { outcome: 'unknown', why: 'no_reply', detail: reply.why };
  if (reply.status >= 200 && reply.status < 300) {
    const body = asObject(reply.json);
    return body ? { outcome: 'done', body } : unknown(`HTTP ${reply.status}, not an object`);
  }
  const error = readError(reply.json);
  return error ? outcomeOf(call, error) : unknown(describeReply(reply));
}

/** All but the token are checks on PortOne's side, before money moves. */
const confirmBody = ({ storeId, environment }: PortOneV2Channel, intent: ConfirmIntent, paymentToken: string) => ({
  storeId,
  paymentToken,
  txId: intent.record,
  totalAmount: intent.amount,
  currency: intent.currency,
  isTest: environment === 'test',
});

/** A full refund names no amount: what takes no partial refund would refuse one. The balance sees to it that it is the same sum. */
const cancelBody = (
  { storeId }: PortOneV2Channel,
  { full, amount, account, reason, expectedBalance }: CancelIntent,
) => ({
  storeId,
  reason,
  ...(full ? {} : { amount }),
  currentCancellableAmount: expectedBalance,
  ...(account && { refundAccount: { bank: account.bank, number: account.number, holderName: account.holder } }),
});

/** `done` says that it was taken on: whether money is back already stands in the record (`REQUESTED` is pending). */
function cancelledWith({ cancellation }: Fields, { reason }: CancelIntent): CancelOutcome {
  const entry = asObject(cancellation);
  if (!entry || asText(entry.id) === undefined || asText(entry.reason) !== reason) {
    return unknown('reply without our cancellation');
  }
  return cancelState(entry.status) === 'failed' ? unknown('cancellation failed') : { outcome: 'done' };
}

const urlOf = (channel: PortOneV2Channel, path: string) => `${channel.apiBase.replace(/\/+$/, '')}/${path}`;
const pathOf = (orderId: string) => `payments/${encodeURIComponent(orderId)}`;
const authorization = ({ apiSecret }: PortOneV2Channel) => ({ Authorization: `PortOne ${apiSecret}` });

/** Both come from browsers. */
const isTxId = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text);
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,4096}$/.test(text);

const unknown = (detail: string): Unknown => ({ outcome: 'unknown', why: 'temporary', detail });
const unknownRecord = (detail: string): Refused => ({ outcome: 'refused', hint: 'unknown_record', detail });
const invalidBank: Declined = { outcome: 'declined', code: 'INVALID_BANK', retryable: false, accountRefused: true };
