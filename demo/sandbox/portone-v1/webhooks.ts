import { minute, second } from '../../../server/ops/clock.js';
import type { WebhookFault } from '../faults.js';
import type { Change } from '../record.js';
import type { Composed } from '../webhooks/delivery.js';
import type { V1Account } from './accounts.js';
import { accountOf } from './accounts.js';
import type { V1Status } from './payment.js';
import type { PortOneV1, V1Extras } from './portone-v1.js';
import { provider } from './portone-v1.js';

type Body = Readonly<Record<string, string>>;

/** What V1 tells of. Failures are never told, and a cancel by the API only where the call asked for it. */
function wordOf({ kind, cancellation }: Change, extras: V1Extras | undefined): V1Status | undefined {
  switch (kind) {
    case 'issued':
      return 'ready';
    case 'paid':
    case 'deposited':
      return 'paid';
    case 'cancelled':
    case 'closed': {
      const asked = extras?.tellsCancel === true || extras?.toldCancels?.includes(cancellation?.key ?? '');
      return cancellation?.by === 'console' || asked ? 'cancelled' : undefined;
    }
    default:
      return undefined;
  }
}

/** Sends what V1 tells a merchant, unsigned: to the payment's own addresses if it named some, else to the account's. */
export function portOneV1Webhooks(v1: PortOneV1): void {
  v1.bank.watch((change) => {
    const { record, cancellation } = change;
    const account = record.provider === provider ? accountOf(v1.accounts, record.merchant) : undefined;
    const extras = v1.extras.get(record.id);
    const status = wordOf(change, extras);
    if (!account || !status) return;
    const urls = extras?.noticeUrls ?? (account.webhookUrl === undefined ? [] : [account.webhookUrl]);
    const body: Body = {
      ...{ imp_uid: record.id, merchant_uid: record.orderId, status },
      ...(cancellation && status === 'cancelled' && { cancellation_id: cancellation.key }),
    };
    for (const url of urls)
      v1.webhooks.send({
        ...{ provider, event: status, orderId: record.orderId, record: record.id, url, timeoutMs: 30 * second },
        retries: account.webhookRetries ? [1, 1, 1, 1, 1].map((count) => count * minute) : [],
        accepts: (code) => code === 200,
        // Repeats are for networks and servers that failed, not for a receiver that says no.
        repeats: (code) => code === undefined || code >= 500,
        compose: ({ spoil }) => compose(account, body, spoil),
      });
  });
}

function compose({ webhookForm }: V1Account, body: Body, spoil: WebhookFault | undefined): Composed {
  const form = webhookForm && (spoil === undefined || !odd.includes(spoil));
  return {
    headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: form ? new URLSearchParams(body).toString() : written(body, spoil),
  };
}

const odd: readonly WebhookFault[] = ['giant', 'not_json', 'other_version', 'unknown_type', 'forged'];

/** Nothing here is signed or dated: a forgery says that somebody's record of nobody's is paid. */
function written(body: Body, spoil: WebhookFault | undefined): string {
  switch (spoil) {
    case 'forged':
      return JSON.stringify({ ...body, imp_uid: 'imp_000000000000', status: 'paid' });
    case 'giant':
      return JSON.stringify({ ...body, padding: 'x'.repeat(5_000_000) });
    case 'not_json':
      return '{"imp_uid": "imp_0", "status": <';
    case 'other_version':
      return JSON.stringify({ type: 'Transaction.Paid', data: { paymentId: body.merchant_uid } });
    case 'unknown_type':
      return JSON.stringify({ ...body, status: 'brand_new' });
    default:
      return JSON.stringify(body);
  }
}
