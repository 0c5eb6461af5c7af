import { asText, type Fields, present } from '../reading.js';
import type { ProviderWebhook } from '../webhook.js';
import { asEvent, asId, isTooLarge, parseFields } from '../webhook.js';

/**
 * V1 signs nothing and gives its messages no id: `{imp_uid, merchant_uid, status, cancellation_id?}`, as JSON or as a form, as the console
 * is set. All that is taken from it is which order to ask about; anybody may have written it.
 */
export function readPortOneV1Webhook(raw: string): ProviderWebhook {
  if (isTooLarge(raw)) return { authentic: false, why: 'too_large' };
  const body = parseFields(raw) ?? form(raw);
  if (!body) return { authentic: false, why: 'unreadable' };
  const orderId = asId(body.merchant_uid);
  const event = asEvent(body.status);
  // Billing keys and identity checks name no order.
  if (orderId === undefined) return { authentic: 'unsigned', kind: 'other', event };
  return {
    authentic: 'unsigned',
    kind: 'payment',
    event,
    about: { orderId, ...present({ record: asId(body.imp_uid) }) },
  };
}

/** Any text can be taken for a form: one of V1's names a record or an order. */
function form(raw: string): Fields | undefined {
  const fields: Fields = Object.fromEntries(new URLSearchParams(raw));
  return asText(fields.imp_uid) === undefined && asText(fields.merchant_uid) === undefined ? undefined : fields;
}
