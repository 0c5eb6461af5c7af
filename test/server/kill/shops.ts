import type { Method } from '../../../contract/index.js';
import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import { control } from '../../support/shopper.js';

/** A merchant of the drill, and how money gets to it. */
export interface Shop {
  readonly id: string;
  readonly provider: 'toss' | 'portone-v2';
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly origin: string;
  /** Its webhook endpoint's. */
  readonly webhookSecret: string;
  /** The commoner the more often a method stands here. */
  readonly methods: readonly Method[];
}

const shopOf = (id: string, provider: Shop['provider'], methods: readonly Method[]): Shop => ({
  ...{ id, provider, methods },
  publishableKey: `pk_test_${id}_0123456789`,
  secretKey: `sk_test_${id}_0123456789abcdefghijklmnop`,
  origin: `https://${id}.example`,
  webhookSecret: `whsec_${Buffer.from(`the-secret-of-the-backend-of-${id}`).toString('base64')}`,
});

/** Toss charges at our call. The theatre's cards are charged by PortOne itself, its transfers at our call. */
export const shops: readonly Shop[] = [
  shopOf('blog', 'toss', ['card', 'card', 'card', 'virtual_account']),
  shopOf('theatre', 'portone-v2', ['card', 'card', 'transfer', 'transfer', 'virtual_account']),
];

const store = {
  storeId: 'store-theatre',
  apiSecret: 'an-api-secret-of-the-theatre-0123456789',
  webhookSecret: `whsec_${Buffer.from('the-webhook-secret-of-the-theatre').toString('base64')}`,
};
const channels = [
  { key: 'channel-key-card', approval: 'automatic', methods: ['card', 'virtual_account'] },
  { key: 'channel-key-transfer', approval: 'manual', methods: ['transfer'] },
] as const;

/** The merchants file, and the variables it refers to. `backend`: where the merchants' own servers are. */
export function merchantsOf(backend: string): { file: object; variables: Record<string, string> } {
  const entry = ({ id, provider, publishableKey, origin }: Shop) => ({
    ...{ id, publishableKey, origins: [origin], name: { ko: id, en: id } },
    secretKey: { env: `${id.toUpperCase()}_SECRET_KEY` },
    channels: provider === 'toss' ? [tossChannel] : channels.map(v2Channel),
    catalogue: [
      { id: 'coffee', name: { ko: '드립백 커피', en: 'Coffee' }, price: 4_500, currency: 'KRW', maxQuantity: 10 },
    ],
    webhooks: [
      {
        id: 'main',
        url: `${backend}/events/${id}`,
        secret: { env: `${id.toUpperCase()}_EVENT_SECRET` },
        allowPrivate: ['127.0.0.1'],
      },
    ],
  });
  const keys = shops.flatMap(({ id, secretKey, webhookSecret }) => [
    [`${id.toUpperCase()}_SECRET_KEY`, secretKey],
    [`${id.toUpperCase()}_EVENT_SECRET`, webhookSecret],
  ]);
  return {
    file: { merchants: shops.map(entry) },
    variables: {
      ...Object.fromEntries(keys),
      TOSS_SECRET_KEY: 'test_sk_blog',
      PORTONE_API_SECRET: store.apiSecret,
      PORTONE_WEBHOOK_SECRET: store.webhookSecret,
    },
  };
}

const tossChannel = {
  id: 'toss',
  provider: 'toss',
  clientKey: 'test_ck_blog',
  secretKey: { env: 'TOSS_SECRET_KEY' },
};

const v2Channel = ({ key, approval, methods }: (typeof channels)[number]) => ({
  ...{ id: `portone-${approval}`, provider: 'portone-v2', environment: 'test' },
  ...{ approval, methods, storeId: store.storeId, channelKey: key },
  apiSecret: { env: 'PORTONE_API_SECRET' },
  webhookSecrets: [{ env: 'PORTONE_WEBHOOK_SECRET' }],
});

/** What the merchants registered at their providers: that webhooks go to `front`. */
export async function registerWebhooks(sandboxUrl: string, front: string): Promise<void> {
  const urlOf = (shop: Shop) => `${front}/api/v1/webhooks/${shop.provider}/${shop.id}`;
  for (const shop of shops) {
    if (shop.provider === 'toss') {
      await control({ sandboxUrl }, 'toss/webhook', { clientKey: 'test_ck_blog', url: urlOf(shop) });
    } else {
      const opened = channels.map(({ key, approval }) => ({ key, approval, type: 'TEST' }));
      await control({ sandboxUrl }, 'portone-v2/stores', { ...store, channels: opened, webhookUrl: urlOf(shop) });
    }
  }
}

export interface Asked {
  readonly orderId: string;
  readonly amount: number;
  readonly method: Method;
}

/** The shopper agrees in the provider's window. What a page then says of it in a verify. */
export async function agree(sandboxUrl: string, { provider }: Shop, asked: Asked): Promise<Record<string, unknown>> {
  const { orderId, amount, method } = asked;
  if (provider === 'toss') {
    const body = { clientKey: 'test_ck_blog', orderId, amount, method };
    const { paymentKey } = await control({ sandboxUrl }, 'toss/pay', body);
    return { orderId, paymentKey, amount };
  }
  const channelKey = channels.find(({ methods }) => (methods as readonly Method[]).includes(method))?.key;
  const body = { storeId: store.storeId, channelKey, paymentId: orderId, amount, currency: 'KRW', method };
  const { txId, paymentToken } = await control({ sandboxUrl }, 'portone-v2/pay', body);
  return { orderId, txId, ...(paymentToken !== undefined && { paymentToken }) };
}

/** The shopper's bank transfers into the account, if one was issued. */
export function deposit(sandbox: Sandbox, orderId: string): void {
  const record = sandbox.bank.byOrderId(orderId).find(({ state }) => state === 'awaiting_deposit');
  if (record) sandbox.bank.deposit(record.id);
}
