import type { PortOneV1Channel } from '../../server/providers/provider.js';
import { control, type Shopper } from './shopper.js';

/** The blog's own account at PortOne V1. */
export const v1Account = {
  userCode: 'imp00000777',
  apiKey: 'an-api-key-of-the-blog',
  apiSecret: 'an-imp-secret-of-the-blog-0123456789',
  channels: [
    { key: 'channel-key-blog', pg: 'html5_inicis' },
    { key: 'channel-key-blog-paypal', pg: 'paypal_v2' },
  ],
} as const;

/** Opens the account at the sandbox, and gives our side of its channel. */
export async function v1Channel(
  sandboxUrl: string,
  more: Partial<PortOneV1Channel> = {},
  account: object = {},
): Promise<PortOneV1Channel> {
  await control({ sandboxUrl }, 'portone-v1/accounts', { ...v1Account, ...account });
  return {
    id: 'portone-v1',
    provider: 'portone-v1',
    environment: 'test',
    approval: 'automatic',
    currencies: ['KRW'],
    apiBase: `${sandboxUrl}/portone-v1`,
    script: `${sandboxUrl}/portone-v1/v1/iamport.js`,
    userCode: v1Account.userCode,
    channelKey: v1Account.channels[0].key,
    apiKey: v1Account.apiKey,
    apiSecret: v1Account.apiSecret,
    ...more,
  };
}

/** What the script's callback gets. */
export interface V1Result {
  readonly imp_uid: string;
  readonly merchant_uid: string;
  readonly error_code?: string;
}

const payMethods: Readonly<Record<string, string>> = { transfer: 'trans', virtual_account: 'vbank' };

interface Changes {
  readonly method?: string;
  readonly [parameter: string]: unknown;
}

/** The launch as the page would open it: what the server handed out, and nothing else. By another method: what is common to all of them. */
export function requestOf({ session }: Pick<Shopper, 'session'>, { method, ...changes }: Changes = {}): object {
  const launch = session.launch as unknown as { userCode: string; request: Record<string, unknown> } | undefined;
  const { pay_method, vbank_due, digital, ...common } = launch?.request ?? {};
  const same = method === undefined || (payMethods[method] ?? method) === pay_method;
  const own = Object.fromEntries(
    Object.entries({ pay_method, vbank_due, digital }).filter(([, value]) => value !== undefined),
  );
  return { userCode: launch?.userCode ?? v1Account.userCode, ...common, ...(same ? own : { method }), ...changes };
}

/** What the shopper does in the window that the launch opens; the provider charges at once. `card`, `bank`: what with. */
export const payInV1 = (
  places: { sandboxUrl: string },
  shopper: Pick<Shopper, 'session' | 'orderId'>,
  how: Changes = {},
): Promise<V1Result> =>
  control(places, 'portone-v1/pay', requestOf(shopper, { merchant_uid: shopper.orderId, ...how }));

/** A second approval of an order that is paid: what V1 can't promise not to happen. */
export async function payTwiceInV1(
  places: { sandboxUrl: string },
  shopper: Pick<Shopper, 'session' | 'orderId'>,
  how: Changes = {},
): Promise<V1Result> {
  // One for the window, which is only looked at, and one for the approval.
  await control(places, 'faults', { on: 'approve', kind: 'duplicate_order', orderId: shopper.orderId });
  return payInV1(places, shopper, how);
}

/** What a page sends on from the callback. */
export const calledBack = ({ imp_uid, merchant_uid }: V1Result) => ({ impUid: imp_uid, orderId: merchant_uid });
