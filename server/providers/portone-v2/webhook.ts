import { verify, WebhookVerificationError } from '@portone/server-sdk/webhook';
import type { PortOneV2Channel } from '../provider.js';
import { asObject, asText, type Fields, present } from '../reading.js';
import type { ProviderWebhook, WebhookContent, WebhookHeaders, WebhookRefusal } from '../webhook.js';
import { asEvent, asId, isTooLarge, parseFields, single } from '../webhook.js';

/**
 * Standard Webhooks: signed over the raw body with a secret of the store, at most five minutes ago. All stores of one merchant share a URL,
 * and a store has two secrets while they are rotated: one that fits is enough. An event that names a store whose secret it was not signed
 * with is about nothing of ours.
 */
export async function readPortOneV2Webhook(
  channels: readonly PortOneV2Channel[],
  raw: string,
  headers: WebhookHeaders,
): Promise<ProviderWebhook> {
  if (isTooLarge(raw)) return { authentic: false, why: 'too_large' };
  let why: WebhookRefusal = 'signature';
  for (const secret of new Set(channels.flatMap(({ webhookSecrets }) => webhookSecrets))) {
    const checked = await check(secret, raw, headers);
    if (checked === 'authentic') {
      const stores = channels.filter(({ webhookSecrets }) => webhookSecrets.includes(secret));
      const id = asId(single(headers, 'webhook-id'));
      return { authentic: true, ...present({ id }), ...whatOf(raw, new Set(stores.map(({ storeId }) => storeId))) };
    }
    why = checked;
  }
  return { authentic: false, why };
}

async function check(secret: string, raw: string, headers: WebhookHeaders): Promise<'authentic' | WebhookRefusal> {
  try {
    await verify(secret, raw, headers);
    return 'authentic';
  } catch (error) {
    // It parses the body last, only once a signature has matched: the older body may be a form.
    if (error instanceof SyntaxError) return 'authentic';
    const reason = error instanceof WebhookVerificationError ? error.reason : undefined;
    if (reason === 'MISSING_REQUIRED_HEADERS') return 'unsigned';
    return reason === 'TIMESTAMP_TOO_OLD' || reason === 'TIMESTAMP_TOO_NEW' ? 'expired' : 'signature';
  }
}

const unrecognized: WebhookContent = { kind: 'other', event: 'unrecognized' };

function whatOf(raw: string, stores: ReadonlySet<string>): WebhookContent {
  const body = parseFields(raw);
  if (!body) return oldBody(Object.fromEntries(new URLSearchParams(raw)));
  return asText(body.type) === undefined ? oldBody(body) : newBody(body, stores);
}

/** `2024-04-25`: `{type, timestamp, data}`. */
function newBody({ type, data }: Fields, stores: ReadonlySet<string>): WebhookContent {
  const event = asEvent(type);
  const kind = kindOf(event);
  const fields = asObject(data);
  if (kind === 'other' || !stores.has(asText(fields?.storeId) ?? '')) return { kind, event };
  return kind === 'payment'
    ? { kind, event, ...about(idsOf(fields)), ...present({ says: claims.get(event) }) }
    : { kind, event, ...about({ billingKey: asId(fields?.billingKey) }) };
}

const idsOf = (fields: Fields | undefined) => ({
  orderId: asId(fields?.paymentId),
  record: asId(fields?.transactionId),
});

const claims: ReadonlyMap<string, NonNullable<WebhookContent['says']>> = new Map([
  ['Transaction.Ready', 'opened'],
  ['Transaction.Paid', 'paid'],
]);

function kindOf(event: string): WebhookContent['kind'] {
  // Asks before an approval, where that was agreed with PortOne; it tells of nothing that has happened.
  if (event === 'Transaction.Confirm') return 'other';
  if (event.startsWith('Transaction.')) return 'payment';
  return event.startsWith('BillingKey.') ? 'billing_key' : 'other';
}

/** `2024-01-01`: `{payment_id, tx_id, status}`, JSON or a form; it names no store. */
function oldBody({ payment_id, tx_id, status }: Fields): WebhookContent {
  const orderId = asId(payment_id);
  if (orderId === undefined) return unrecognized;
  return { kind: 'payment', event: asEvent(status), ...about({ orderId, record: asId(tx_id) }) };
}

function about(ids: Record<'orderId' | 'record', string | undefined> | { billingKey: string | undefined }) {
  const found = present(ids);
  return Object.keys(found).length > 0 ? { about: found } : {};
}
