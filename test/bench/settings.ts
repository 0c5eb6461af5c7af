/** The merchant that everything under test serves, and what its shoppers send. */
export const shop = {
  id: 'blog',
  publishableKey: 'pk_test_blog_0123456789',
  secretKey: 'sk_test_blog_0123456789abcdefghijklmnop',
  origin: 'https://blog.example',
  page: 'https://blog.example/posts/7',
  tossClientKey: 'test_ck_blog',
  tossSecretKey: 'test_sk_blog',
  shopperSecret: 'a-shopper-token-secret-of-32-bytes-or-more',
} as const;

export const item = { id: 'coffee', name: { ko: '드립백 커피', en: 'Coffee' }, price: 4_500, currency: 'KRW' } as const;

export const sessionBody = { items: [{ item: item.id, quantity: 2 }], returnUrls: { page: shop.page } };
export const preparedBody = { ...sessionBody, prepare: { method: 'card' } };

/** The shop's store at PortOne, which charges by itself once a shopper has agreed. */
export const store = {
  storeId: 'store-bench',
  apiSecret: 'an-api-secret-of-the-bench-0123456789',
  webhookSecret: `whsec_${Buffer.from('a-webhook-secret-of-the-bench-01').toString('base64')}`,
  channelKey: 'channel-key-bench',
} as const;

/** The shop's account at PortOne V1. */
export const account = {
  userCode: 'imp00000555',
  apiKey: 'an-api-key-of-the-bench',
  apiSecret: 'an-imp-secret-of-the-bench-0123456789',
  channelKey: 'channel-key-bench',
} as const;

/** Connections that are busy at any moment, as shoppers at once. */
export const callers = 32;
export const cores = 2;

export interface ServerPlace {
  readonly sandboxUrl: string;
  readonly catalogue: string;
}

export type PortOne = 'portone-v2' | 'portone-v1';
export type Through = 'toss' | PortOne;

/** A server as in production, but for the limits on what one address may ask. */
export const serverEnv = (place: ServerPlace): Record<string, string> => ({
  NODE_ENV: 'production',
  PUBLIC_URL: 'http://127.0.0.1:4001',
  APP_SECRET: 'an-app-secret-of-at-least-32-bytes-0001',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  MERCHANT_ID: shop.id,
  MERCHANT_NAME: '브런치 블로그',
  PUBLISHABLE_KEY: shop.publishableKey,
  SECRET_KEY: shop.secretKey,
  ORIGINS: shop.origin,
  SHOPPER_TOKEN_SECRET: shop.shopperSecret,
  CATALOGUE_FILE: place.catalogue,
  RATE_LIMIT_PER_ADDRESS: '0',
  RATE_LIMIT_PER_KEY: '0',
  RATE_LIMIT_PER_SESSION: '0',
});

/** The one provider that payments go through. */
export const providerEnv = (through: Through, { sandboxUrl }: ServerPlace): Record<string, string> => {
  switch (through) {
    case 'toss':
      return {
        TOSS_CLIENT_KEY: shop.tossClientKey,
        TOSS_SECRET_KEY: shop.tossSecretKey,
        TOSS_API_BASE: `${sandboxUrl}/toss`,
      };
    case 'portone-v2':
      return {
        PORTONE_STORE_ID: store.storeId,
        PORTONE_API_SECRET: store.apiSecret,
        PORTONE_WEBHOOK_SECRET: store.webhookSecret,
        PORTONE_CHANNEL_KEY: store.channelKey,
        PORTONE_TEST: 'true',
        PORTONE_API_BASE: `${sandboxUrl}/portone-v2`,
      };
    case 'portone-v1':
      return {
        PORTONE_USER_CODE: account.userCode,
        PORTONE_API_KEY: account.apiKey,
        PORTONE_API_SECRET: account.apiSecret,
        PORTONE_CHANNEL_KEY: account.channelKey,
        PORTONE_TEST: 'true',
        PORTONE_V1_API_BASE: `${sandboxUrl}/portone-v1`,
      };
  }
};

/** The merchant's backend hears of every event. */
export const backendEnv = (url: string): Record<string, string> => ({
  EVENT_WEBHOOK_URL: url,
  EVENT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
  EVENT_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1',
});
