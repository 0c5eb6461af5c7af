import { asObject, asText, type Fields, present } from '../reading.js';
import type { ProviderWebhook, WebhookContent, WebhookHeaders } from '../webhook.js';
import { asEvent, asId, isTooLarge, parseFields, single } from '../webhook.js';

/**
 * Toss signs no payment event: whatever is in one is a hint. The deposit callback has a flat body of its own with the payment's `secret`.
 * Signed events (payouts, sellers) are not ours and pass as `other`.
 */
export function readTossWebhook(raw: string, headers: WebhookHeaders): ProviderWebhook {
  if (isTooLarge(raw)) return { authentic: false, why: 'too_large' };
  const body = parseFields(raw);
  if (!body) return { authentic: false, why: 'unreadable' };
  const id = asId(single(headers, 'tosspayments-webhook-transmission-id'));
  return { authentic: 'unsigned', ...present({ id }), ...whatOf(body) };
}

function whatOf(body: Fields): WebhookContent {
  if (body.eventType === undefined) return depositCallback(body);
  const event = asEvent(body.eventType);
  const data = asObject(body.data);
  const billingKey = asId(data?.billingKey);
  if (event === 'PAYMENT_STATUS_CHANGED') return { kind: 'payment', event, ...about(data?.orderId, data?.paymentKey) };
  if (event === 'BILLING_DELETED') return { kind: 'billing_key', event, ...(billingKey && { about: { billingKey } }) };
  // A cancellation's own event names no order.
  return { kind: 'other', event };
}

function depositCallback({ orderId, status, secret }: Fields): WebhookContent {
  if (asText(orderId) === undefined || asText(status) === undefined) {
    return { kind: 'other', event: 'unrecognized' };
  }
  return {
    kind: 'payment',
    event: 'DEPOSIT_CALLBACK',
    needsSecret: true,
    ...about(orderId, undefined),
    ...present({ secret: asText(secret)?.slice(0, 200) }),
  };
}

function about(orderId: unknown, paymentKey: unknown) {
  const found = present({ orderId: asId(orderId), record: asId(paymentKey) });
  return Object.keys(found).length > 0 ? { about: found } : {};
}
