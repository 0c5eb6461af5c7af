import { SignJWT } from 'jose';
import type { Method } from '../../../contract/index.js';
import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import { control } from '../../support/shopper.js';

/** A merchant of the drill, and how money gets to it. */
export interface Shop {
  readonly id: string;
  readonly provider: 'toss' | 'portone-v2' | 'portone-v1';
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly origin: string;
  /** Its webhook endpoint's. */
  readonly webhookSecret: string;
  /** The commoner the more often a method stands here. */
  readonly methods: readonly Method[];
  /** Who is signed in there: what is bought is theirs. */
  readonly people?: readonly string[];
}

const shopOf = (id: string, provider: Shop['provider'], methods: readonly Method[]): Shop => ({
  ...{ id, provider, methods },
  publishableKey: `pk_test_${id}_0123456789`,
  secretKey: `sk_test_${id}_0123456789abcdefghijklmnop`,
  origin: `https://${id}.example`,
  webhookSecret: `whsec_${Buffer.from(`the-secret-of-the-backend-of-${id}`).toString('base64')}`,
});

/** Sells items to who is signed in, on PortOne V1; a backend of its own gives them. */
export const itemShop: Shop = {
  ...shopOf('items', 'portone-v1', ['card', 'card', 'card', 'transfer', 'virtual_account']),
  people: ['sora', 'haneul', 'minjun'],
};

/** Toss charges at our call. The theatre's cards are charged by PortOne itself, its transfers at our call. V1 charges by itself. */
export const shops: readonly Shop[] = [
  itemShop,
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

const account = {
  userCode: 'imp20000001',
  apiKey: 'an-imp-key-of-the-items',
  apiSecret: 'an-imp-secret-of-the-items-0123456789abcdef',
};
/** One by its key, one by the older name of its contract. */
const v1Channels = [
  { id: 'cards', methods: ['card', 'virtual_account'], by: { channelKey: 'channel-key-items' } },
  { id: 'transfers', methods: ['transfer'], by: { pg: 'html5_inicis.items_transfer' } },
] as const;
const registered = [
  { key: 'channel-key-items', pg: 'tosspayments', mid: 'items' },
  { key: 'channel-key-of-the-older-one', pg: 'html5_inicis', mid: 'items_transfer' },
];

const tokenSecret = 'the-secret-that-the-tokens-of-shoppers-are-signed-with';

/** What tells the server who is signed in; nothing where nobody can be. */
export async function customerToken({ publishableKey }: Shop, person: string): Promise<string> {
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setIssuer(publishableKey).setSubject(person);
  const timed = token.setAudience('pay-checkout').setIssuedAt().setExpirationTime('50 min');
  return timed.sign(new TextEncoder().encode(tokenSecret));
}

/** The merchants file, and the variables it refers to. `backend`: where the merchants' own servers are. */
export function merchantsOf(backend: string): { file: object; variables: Record<string, string> } {
  const entry = ({ id, provider, publishableKey, origin, people }: Shop) => ({
    ...{ id, publishableKey, origins: [origin], name: { ko: id, en: id } },
    secretKey: { env: `${id.toUpperCase()}_SECRET_KEY` },
    channels: channelsOf(provider),
    ...(people && { shopperTokens: { algorithm: 'HS256', secret: { env: 'SHOPPERS' } } }),
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
      IMP_KEY: account.apiKey,
      IMP_SECRET: account.apiSecret,
      SHOPPERS: tokenSecret,
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

const v1Channel = ({ id, methods, by }: (typeof v1Channels)[number]) => ({
  ...{ id, provider: 'portone-v1', environment: 'test', methods, userCode: account.userCode, ...by },
  apiKey: { env: 'IMP_KEY' },
  apiSecret: { env: 'IMP_SECRET' },
});

function channelsOf(provider: Shop['provider']): object[] {
  if (provider === 'toss') return [tossChannel];
  return provider === 'portone-v2' ? channels.map(v2Channel) : v1Channels.map(v1Channel);
}

/** What the merchants registered at their providers: that webhooks go to `front`. */
export async function registerWebhooks(sandboxUrl: string, front: string): Promise<void> {
  const urlOf = (shop: Shop) => `${front}/api/v1/webhooks/${shop.provider}/${shop.id}`;
  for (const shop of shops) {
    const { provider } = shop;
    if (provider === 'toss') {
      await control({ sandboxUrl }, 'toss/webhook', { clientKey: 'test_ck_blog', url: urlOf(shop) });
    } else if (provider === 'portone-v1') {
      await control({ sandboxUrl }, 'portone-v1/accounts', {
        ...account,
        channels: registered,
        webhookUrl: urlOf(shop),
      });
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
  if (provider === 'portone-v1') {
    const by = v1Channels.find(({ methods }) => (methods as readonly Method[]).includes(method))?.by;
    const body = { ...by, userCode: account.userCode, merchant_uid: orderId, amount, method };
    const { imp_uid } = await control({ sandboxUrl }, 'portone-v1/pay', body);
    return { orderId, impUid: imp_uid };
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
