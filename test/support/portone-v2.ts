import type { PortOneV2Channel } from '../../server/providers/provider.js';
import { control, type Shopper } from './shopper.js';

/** The blog's own store at PortOne: an automatic and a manual channel. */
export const v2Store = {
  storeId: 'store-blog',
  apiSecret: 'an-api-secret-of-the-blog-0123456789',
  channels: [
    { key: 'channel-key-blog', type: 'TEST', approval: 'automatic' },
    { key: 'channel-key-blog-manual', type: 'TEST', approval: 'manual' },
  ],
} as const;

/** Opens the store at the sandbox, and gives our side of one of its channels. */
export async function v2Channel(
  sandboxUrl: string,
  approval: PortOneV2Channel['approval'],
  more: Partial<PortOneV2Channel> = {},
): Promise<PortOneV2Channel> {
  await control({ sandboxUrl }, 'portone-v2/stores', v2Store);
  const { storeId, apiSecret, channels } = v2Store;
  return {
    id: 'portone',
    provider: 'portone-v2',
    environment: 'test',
    approval,
    currencies: ['KRW'],
    apiBase: `${sandboxUrl}/portone-v2`,
    script: `${sandboxUrl}/portone-v2/v2/browser-sdk.js`,
    storeId,
    apiSecret,
    channelKey: (approval === 'manual' ? channels[1] : channels[0]).key,
    webhookSecrets: [],
    ...more,
  };
}

/** What the SDK's promise resolves with. */
export interface V2Result {
  readonly txId: string;
  readonly paymentId: string;
  /** Manual approval, and the shopper agreed. */
  readonly paymentToken?: string;
  readonly code?: string;
}

/** What the shopper does in the window of an attempt; on an automatic channel the provider charges at once. */
export const payInV2 = (
  places: { sandboxUrl: string },
  shopper: Pick<Shopper, 'session' | 'id'>,
  approval: PortOneV2Channel['approval'],
  how: object = {},
): Promise<V2Result> =>
  control(places, 'portone-v2/pay', {
    storeId: v2Store.storeId,
    channelKey: v2Store.channels[approval === 'manual' ? 1 : 0].key,
    paymentId: shopper.session.attempt?.orderId ?? `${shopper.id}_1`,
    amount: shopper.session.amount,
    currency: 'KRW',
    method: 'card',
    ...how,
  });

/** What a page sends on from the promise. */
export const promised = ({ txId, paymentId, paymentToken }: V2Result) => ({
  txId,
  orderId: paymentId,
  ...(paymentToken !== undefined && { paymentToken }),
});

/** What a page sends on after a redirect, which need not name the transaction. */
export const redirected = ({ paymentId, paymentToken }: V2Result) => ({
  orderId: paymentId,
  ...(paymentToken !== undefined && { paymentToken }),
});
