/** A Toss merchant: one pair of keys. */
export interface TossMerchant {
  readonly clientKey: string;
  readonly mId: string;
  readonly environment: 'test' | 'live';
  readonly product: 'widget' | 'window';
}

/** The public test pairs of Toss's documentation, whose two halves don't look alike. */
const docsPairs: readonly (readonly [client: string, secret: string])[] = [
  ['test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm', 'test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6'],
  ['test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq', 'test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R'],
];

export const docsClientKeys = docsPairs.map(([client]) => client);

const pattern = /^(test|live)_(g?)(ck|sk)_([A-Za-z0-9_]{1,100})$/;

/**
 * Which keys are taken: registered pairs, and any other pair whose halves are the same after `ck_` and `sk_`
 * (`test_gck_demo1` with `test_gsk_demo1`). Registering a client key makes its registered secret the only one.
 */
export interface TossMerchants {
  /** `false` when the two are no pair: other environment, other product, not keys at all. */
  register(clientKey: string, secretKey: string): boolean;
  byClient(clientKey: string): TossMerchant | undefined;
  bySecret(secretKey: string): TossMerchant | undefined;
}

export function createMerchants(): TossMerchants {
  const secrets = new Map<string, string>(docsPairs);
  const clients = new Map<string, string>(docsPairs.map(([client, secret]) => [secret, client]));

  function byClient(clientKey: string): TossMerchant | undefined {
    const parts = pattern.exec(clientKey);
    if (parts?.[3] !== 'ck') return undefined;
    const mId = `sb${(parts[4] as string).replace(/[^A-Za-z0-9]/g, '').slice(-10)}`.toLowerCase();
    return {
      clientKey,
      mId,
      environment: parts[1] as 'test' | 'live',
      product: parts[2] === 'g' ? 'widget' : 'window',
    };
  }

  return {
    register(clientKey, secretKey) {
      const client = pattern.exec(clientKey);
      const secret = pattern.exec(secretKey);
      if (client?.[3] !== 'ck' || secret?.[3] !== 'sk') return false;
      if (client[1] !== secret[1] || client[2] !== secret[2]) return false;
      clients.delete(secrets.get(clientKey) ?? '');
      secrets.set(clientKey, secretKey);
      clients.set(secretKey, clientKey);
      return true;
    },
    byClient,
    bySecret(secretKey) {
      const registered = clients.get(secretKey);
      if (registered) return byClient(registered);
      const parts = pattern.exec(secretKey);
      if (parts?.[3] !== 'sk') return undefined;
      const twin = `${parts[1]}_${parts[2]}ck_${parts[4]}`;
      return secrets.has(twin) ? undefined : byClient(twin);
    },
  };
}
