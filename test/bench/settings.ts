/** The merchant that everything under test serves, and what its shoppers send. */
export const shop = {
  id: 'blog',
  publishableKey: 'pk_test_blog_0123456789',
  secretKey: 'sk_test_blog_0123456789abcdefghijklmnop',
  origin: 'https://blog.example',
  page: 'https://blog.example/posts/7',
  tossClientKey: 'test_ck_blog',
  tossSecretKey: 'test_sk_blog',
} as const;

export const item = { id: 'coffee', name: { ko: '드립백 커피', en: 'Coffee' }, price: 4_500, currency: 'KRW' } as const;

export const sessionBody = { items: [{ item: item.id, quantity: 2 }], returnUrls: { page: shop.page } };
export const preparedBody = { ...sessionBody, prepare: { method: 'card' } };

/** Connections that are busy at any moment, as shoppers at once. */
export const callers = 32;
export const cores = 2;

export interface ServerPlace {
  readonly sandboxUrl: string;
  readonly catalogue: string;
}

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
  TOSS_CLIENT_KEY: shop.tossClientKey,
  TOSS_SECRET_KEY: shop.tossSecretKey,
  TOSS_API_BASE: `${place.sandboxUrl}/toss`,
  CATALOGUE_FILE: place.catalogue,
  RATE_LIMIT_PER_ADDRESS: '0',
  RATE_LIMIT_PER_KEY: '0',
  RATE_LIMIT_PER_SESSION: '0',
});
