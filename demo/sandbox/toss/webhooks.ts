import { randomUUID } from 'node:crypto';
import type { Instant } from '../../../server/ops/clock.js';
import { minute, second } from '../../../server/ops/clock.js';
import type { WebhookFault } from '../faults.js';
import type { BankRecord, Change } from '../record.js';
import type { Composed } from '../webhooks/delivery.js';
import { cancelObject, paymentObject, statusOf } from './payment.js';
import type { Toss, TossEvent, TossHook } from './toss.js';

const retries = [1, 4, 16, 64, 256, 1024, 4096].map((minutes) => minutes * minute);

/** After which changes the payment event goes out. Not for a window that opened or closed. */
const paymentChanges: readonly Change['kind'][] = ['paid', 'deposited', 'failed', 'expired', 'closed', 'cancelled'];
/** An account event goes out when it is issued, paid into, given up, refunded, and when a deposit was an error. */
const accountChanges: readonly Change['kind'][] = ['issued', 'deposited', 'reversed', 'closed', 'cancelled'];

/** In Seoul, with microseconds and without a zone, as Toss writes it. */
const createdAt = (at: Instant): string => new Date(at + 540 * minute).toISOString().replace('Z', '000');

/** Sends what Toss tells a merchant who registered an address. With both events, a virtual account's change is told twice. */
export function tossWebhooks(toss: Toss, publicUrl: () => string): void {
  toss.bank.watch((change) => {
    const { kind, record } = change;
    const hook = record.provider === 'toss' ? toss.hooks.get(record.merchant) : undefined;
    if (!hook) return;
    if (paymentChanges.includes(kind)) send(toss, hook, record, 'PAYMENT_STATUS_CHANGED', paymentBody(record));
    if (record.account && accountChanges.includes(kind))
      send(toss, hook, record, 'DEPOSIT_CALLBACK', depositBody(record));
    if (change.cancellation && change.settled) {
      const data = cancelObject(record, change.cancellation);
      send(toss, hook, record, 'CANCEL_STATUS_CHANGED', { ...event('CANCEL_STATUS_CHANGED'), data });
    }
  });

  const event = (eventType: TossEvent) => ({ eventType, createdAt: createdAt(toss.clock.now()) });

  function paymentBody(record: BankRecord): object {
    const mId = toss.merchants.byClient(record.merchant)?.mId ?? '';
    return { ...event('PAYMENT_STATUS_CHANGED'), data: paymentObject(toss, record, mId, false, publicUrl()) };
  }

  /** Flat, without a type: its secret is all that speaks for it. */
  function depositBody(record: BankRecord): object {
    return {
      createdAt: createdAt(toss.clock.now()),
      secret: toss.extras.get(record.id)?.secret,
      status: statusOf(record),
      transactionKey: record.lastEntry ?? record.id,
      orderId: record.orderId,
    };
  }
}

function send(toss: Toss, { url, events }: TossHook, record: BankRecord, event: TossEvent, body: object): void {
  if (!events.includes(event)) return;
  const id = randomUUID();
  toss.webhooks.send({
    provider: 'toss',
    event,
    orderId: record.orderId,
    record: record.id,
    url,
    retries,
    timeoutMs: 10 * second,
    accepts: (status) => status === 200,
    compose: ({ retried, spoil }) => composed(id, retried, spoiledBody(body, spoil), spoil),
  });
}

const composed = (id: string, retried: number, body: string, spoil: WebhookFault | undefined): Composed => ({
  headers: {
    'content-type': 'application/json',
    'tosspayments-webhook-transmission-id': id,
    'tosspayments-webhook-transmission-time': new Date(Date.now() - (spoil === 'old' ? 10 * minute : 0)).toISOString(),
    'tosspayments-webhook-transmission-retried-count': String(retried),
  },
  body,
});

/** Nothing here is signed: a forgery says that all is paid, and knows no secret. */
function spoiledBody(body: object, spoil: WebhookFault | undefined): string {
  const { data, ...flat } = body as { data?: object };
  switch (spoil) {
    case 'forged':
      return JSON.stringify(
        data ? { ...flat, data: { ...data, status: 'DONE' } } : { ...flat, secret: 'ps_forged', status: 'DONE' },
      );
    case 'unsigned': {
      const { secret: _secret, ...rest } = body as { secret?: string };
      return JSON.stringify(rest);
    }
    case 'giant':
      return JSON.stringify({ ...body, padding: 'x'.repeat(5_000_000) });
    case 'not_json':
      return '{"eventType": "PAYMENT_STATUS_CHANGED", "data": <';
    case 'other_version':
      return JSON.stringify({
        ...flat,
        version: '2024-06-01',
        eventId: 'evt_1',
        entityType: 'payment',
        entityBody: data,
      });
    case 'unknown_type':
      return JSON.stringify({ eventType: 'BRAND_NEW', createdAt: createdAt(0), data: {} });
    default:
      return JSON.stringify(body);
  }
}
