/** Which payment company stands behind a channel: what it can open, and in what kind of window by default. */
export const pgs = {
  TOSSPAYMENTS: '토스페이먼츠',
  INICIS_V2: 'KG이니시스',
  NICE_V2: '나이스페이먼츠',
  KCP_V2: 'NHN KCP',
  KAKAOPAY: '카카오페이',
  NAVERPAY: '네이버페이',
  TOSSPAY_V2: '토스페이',
  PAYPAL_V2: 'PayPal',
} as const;
export type Pg = keyof typeof pgs;

export interface V2Channel {
  readonly key: string;
  readonly pg: Pg;
  readonly type: 'TEST' | 'LIVE';
  readonly approval: 'automatic' | 'manual';
}

export const webhookVersions = ['2024-04-25', '2024-01-01'] as const;

export interface V2Hook {
  readonly url: string;
  readonly secret: string;
  readonly version: (typeof webhookVersions)[number];
  /** The old version's choice. */
  readonly form: boolean;
}

export interface V2Store {
  readonly storeId: string;
  readonly apiSecret: string;
  readonly webhookSecret: string;
  /** Where its webhooks go, unless a payment names its own addresses. */
  readonly webhookUrl?: string | undefined;
  readonly webhookVersion: V2Hook['version'];
  readonly webhookForm: boolean;
  readonly channels: readonly V2Channel[];
}

const channel = (name: string, pg: Pg, approval: V2Channel['approval'] = 'automatic'): V2Channel => ({
  key: `channel-key-demo-${name}`,
  pg,
  type: 'TEST',
  approval,
});

/** There from the start. Its "secrets" are public: they open nothing but this pretended provider. */
export const demoStore: V2Store = {
  storeId: 'store-demo',
  apiSecret: 'sandbox-demo-portone-v2-api-secret',
  webhookSecret: `whsec_${Buffer.from('sandbox-demo-webhook-secret').toString('base64')}`,
  webhookVersion: '2024-04-25',
  webhookForm: false,
  channels: [
    channel('card', 'TOSSPAYMENTS'),
    channel('manual', 'TOSSPAYMENTS', 'manual'),
    channel('kakaopay', 'KAKAOPAY'),
    channel('naverpay', 'NAVERPAY'),
    channel('tosspay', 'TOSSPAY_V2'),
    channel('paypal', 'PAYPAL_V2'),
  ],
};

/** Registered stores. One secret may open several stores of a merchant. */
export interface V2Stores {
  register(store: V2Store): void;
  get(storeId: string): V2Store | undefined;
  /** The stores a secret opens, first registered first. */
  bySecret(apiSecret: string): readonly V2Store[];
}

export function createStores(): V2Stores {
  const stores = new Map<string, V2Store>([[demoStore.storeId, demoStore]]);
  return {
    register: (store) => void stores.set(store.storeId, store),
    get: (storeId) => stores.get(storeId),
    bySecret: (apiSecret) => [...stores.values()].filter((store) => store.apiSecret === apiSecret),
  };
}
