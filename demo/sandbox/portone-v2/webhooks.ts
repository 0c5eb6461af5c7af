import { minute, second } from '../../../server/ops/clock.js';
import type { WebhookFault } from '../faults.js';
import type { BankRecord, Change } from '../record.js';
import type { Composed } from '../webhooks/delivery.js';
import { sign } from '../webhooks/signing.js';
import type { PortOneV2 } from './portone-v2.js';
import { newId, provider } from './portone-v2.js';
import type { V2Store } from './stores.js';

const retries = [1, 4, 16, 64, 256].map((minutes) => minutes * minute);

/** Both versions' words for a change; money that was cancelled in part has its own. */
const events: Partial<Record<Change['kind'], string>> = {
  opened: 'Ready',
  pending: 'PayPending',
  failed: 'Failed',
  issued: 'VirtualAccountIssued',
  paid: 'Paid',
  deposited: 'Paid',
  closed: 'Cancelled',
  cancel_requested: 'CancelPending',
};

const wordOf = ({ kind, record }: Change): string | undefined => {
  if (kind === 'cancelled') return record.cancelled < record.amount ? 'PartialCancelled' : 'Cancelled';
  return events[kind];
};

/** Sends what PortOne tells a store: to the payment's own addresses if it named some, else to the store's. */
export function portOneV2Webhooks(v2: PortOneV2): void {
  v2.bank.watch((change) => {
    const { record } = change;
    const store = record.provider === provider ? v2.stores.get(record.merchant) : undefined;
    const word = wordOf(change);
    const extras = v2.extras.get(record.id);
    if (!store || word === undefined || extras?.quiet) return;
    const urls = extras?.noticeUrls ?? (store.webhookUrl === undefined ? [] : [store.webhookUrl]);
    const body = bodyOf(v2, store, change, word);
    for (const url of urls) sendSigned(v2, store, { event: `Transaction.${word}`, record, url, body });
  });
}

function bodyOf(v2: PortOneV2, store: V2Store, { record, cancellation }: Change, word: string): Body {
  if (store.webhookVersion === '2024-01-01') return { payment_id: record.orderId, tx_id: record.id, status: word };
  return {
    type: `Transaction.${word}`,
    timestamp: new Date(v2.clock.now()).toISOString(),
    data: {
      storeId: store.storeId,
      paymentId: record.orderId,
      transactionId: record.id,
      ...(cancellation && { cancellationId: cancellation.key }),
    },
  };
}

type Body = Readonly<Record<string, unknown>>;

interface Signed {
  readonly event: string;
  readonly record: BankRecord;
  readonly url: string;
  readonly body: Body;
}

function sendSigned(v2: PortOneV2, store: V2Store, { event, record, url, body }: Signed): void {
  const id = newId('wh-');
  v2.webhooks.send({
    ...{ provider, event, orderId: record.orderId, record: record.id, url, retries },
    timeoutMs: 30 * second,
    accepts: (status) => status >= 200 && status < 300,
    compose: ({ spoil }) => compose(store, id, written(store, body, spoil), spoil),
  });
}

/** Signed anew for every attempt, with the wall's time: receivers compare it with theirs. The id stays. */
function compose(store: V2Store, id: string, body: string, spoil: WebhookFault | undefined): Composed {
  const now = Date.now() - (spoil === 'old' ? 10 * minute : 0);
  const timestamp = Math.floor(now / second);
  const secret = spoil === 'forged' ? Buffer.from('the secret of nobody').toString('base64') : store.webhookSecret;
  const form = store.webhookForm && store.webhookVersion === '2024-01-01';
  return {
    headers: {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(spoil !== 'unsigned' && {
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': sign(secret, id, timestamp, body),
      }),
    },
    body,
  };
}

function written(store: V2Store, body: Body, spoil: WebhookFault | undefined): string {
  switch (spoil) {
    case 'giant':
      return JSON.stringify({ ...body, padding: 'x'.repeat(5_000_000) });
    case 'not_json':
      return '{"type": "Transaction.Paid", "data": <';
    case 'other_version':
      return JSON.stringify({ imp_uid: 'imp_000000000000', merchant_uid: 'order-of-v1', status: 'paid' });
    case 'unknown_type':
      return JSON.stringify({ ...body, type: 'Transaction.BrandNew', status: 'BrandNew' });
    default:
      if (store.webhookForm && store.webhookVersion === '2024-01-01')
        return new URLSearchParams(body as Record<string, string>).toString();
      return JSON.stringify(body);
  }
}
