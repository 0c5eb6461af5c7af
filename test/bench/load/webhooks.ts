import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { shop, store } from '../settings.js';
import type { Http } from './http.js';
import type { Charged } from './steps-portone.js';

/** A webhook of PortOne's as it goes over the wire. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** That the order was paid, signed now: it is accepted for five minutes. */
export function paidWebhook({ orderId, record }: Charged): SignedWebhook {
  const now = new Date();
  const data = { storeId: store.storeId, paymentId: orderId, transactionId: record };
  const body = JSON.stringify({ type: 'Transaction.Paid', timestamp: now.toISOString(), data });
  const id = `wh-${randomUUID()}`;
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(store.webhookSecret).sign(id, now, body),
  };
  return { headers, body };
}

/** Rejects when it was not taken. */
export const sendWebhook = (http: Http, url: string, { headers, body }: SignedWebhook): Promise<string> =>
  http.post(url, `/api/v1/webhooks/portone-v2/${shop.id}`, headers, body);
