/** Payment companies as V1's old `pg` spells them: what stands behind a channel. */
export const pgs = {
  tosspayments: '토스페이먼츠',
  html5_inicis: 'KG이니시스',
  nice_v2: '나이스페이먼츠',
  danal: '다날',
  kakaopay: '카카오페이',
  naverpay: '네이버페이',
  tosspay_v2: '토스페이',
  paypal_v2: 'PayPal',
} as const;
export type Pg = keyof typeof pgs;

export interface V1Channel {
  readonly key: string;
  readonly pg: Pg;
  /** The second half of the old `pg: "<pg>.<MID>"`. */
  readonly mid: string;
  /** Its records are `sandbox: true`. */
  readonly test: boolean;
}

/**
 * What the page gets at the end. `new`: `imp_uid, merchant_uid, error_code, error_msg`; `legacy`: `success`, `status`… (`imp_success`)
 * as well; `legacy_wrong`: the same, saying "no success" of what was paid; `no_imp_uid`: the new one without the `imp_uid`.
 */
export const resultShapes = ['new', 'legacy', 'legacy_wrong', 'no_imp_uid'] as const;
export type ResultShape = (typeof resultShapes)[number];

export interface V1Account {
  readonly userCode: string;
  /** `imp_key` and `imp_secret`. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where its webhooks go, unless a payment names its own `notice_url`. */
  readonly webhookUrl?: string | undefined;
  readonly webhookForm: boolean;
  /** Up to five more at one minute each; by default a webhook is sent once. */
  readonly webhookRetries: boolean;
  readonly results: ResultShape;
  readonly channels: readonly V1Channel[];
}

const channel = (name: string, pg: Pg): V1Channel => ({
  ...{ key: `channel-key-v1-demo-${name}`, pg, mid: `sandbox_${name}`, test: true },
});

/** There from the start. Its "secrets" are public: they open nothing but this pretended provider. */
export const demoAccount: V1Account = {
  userCode: 'imp00000001',
  apiKey: '0000000000000001',
  apiSecret: 'sandbox-demo-portone-v1-api-secret',
  webhookForm: false,
  webhookRetries: false,
  results: 'new',
  channels: [
    channel('card', 'tosspayments'),
    channel('transfer', 'html5_inicis'),
    channel('virtual_account', 'html5_inicis'),
    channel('phone', 'danal'),
    channel('kakaopay', 'kakaopay'),
    channel('naverpay', 'naverpay'),
    channel('tosspay', 'tosspay_v2'),
    channel('paypal', 'paypal_v2'),
  ],
};

/** Registered accounts. */
export interface V1Accounts {
  register(account: V1Account): void;
  get(userCode: string): V1Account | undefined;
  byKey(apiKey: string): V1Account | undefined;
}

export function createAccounts(): V1Accounts {
  const accounts = new Map<string, V1Account>([[demoAccount.userCode, demoAccount]]);
  return {
    register: (account) => void accounts.set(account.userCode, account),
    get: (userCode) => accounts.get(userCode),
    byKey: (apiKey) => [...accounts.values()].find((account) => account.apiKey === apiKey),
  };
}

/** By key, or by the old `pg`: `<pg>.<MID>`, or the first channel of a `<pg>`. */
export function channelOf(account: V1Account, channelKey: unknown, pg: unknown): V1Channel | undefined {
  if (channelKey !== undefined) return account.channels.find((each) => each.key === channelKey);
  return account.channels.find((each) => pg === each.pg || pg === `${each.pg}.${each.mid}`);
}

/** A sub-merchant (`Tier`) has books of its own under the account. */
export const merchantOf = (userCode: string, tierCode: string | undefined): string =>
  tierCode === undefined ? userCode : `${userCode}/${tierCode}`;

export const isTierCode = (value: unknown): value is string => typeof value === 'string' && /^[A-Z0-9]{3}$/.test(value);

/** The account that the bank's name for a merchant belongs to. */
export const accountOf = (accounts: V1Accounts, merchant: string): V1Account | undefined =>
  accounts.get(merchant.replace(/\/.*$/, ''));
