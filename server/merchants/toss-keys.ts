/** What a pair of Toss keys is good for. Its prefixes say it: `test_gck_…`/`live_gck_…` for the payment widget, `…_ck_…` for the payment window. */
export type TossKeys =
  | { readonly ok: true; readonly environment: 'test' | 'live'; readonly product: 'widget' | 'window' }
  | { readonly ok: false; readonly expected: string };

const clientKey = /^(test|live)_(gck|ck)_[A-Za-z0-9_]+$/;
const secretKey = /^(test|live)_(gsk|sk)_[A-Za-z0-9_]+$/;

/** Reads a pair. Pairs that Toss would refuse at the first payment are refused here, before there is one. */
export function readTossKeys(client: string, secret: string): TossKeys {
  const [, environment, kind] = clientKey.exec(client) ?? [];
  const [, secretEnvironment, secretKind] = secretKey.exec(secret) ?? [];
  if (!environment) {
    return { ok: false, expected: 'the client key must begin with test_gck_, live_gck_, test_ck_ or live_ck_' };
  }
  if (!secretEnvironment) {
    return { ok: false, expected: 'the secret key must begin with test_gsk_, live_gsk_, test_sk_ or live_sk_' };
  }
  if (environment !== secretEnvironment) {
    return {
      ok: false,
      expected: `the client key is a ${environment} key and the secret key a ${secretEnvironment} key: take both from the same pair`,
    };
  }
  const widget = kind === 'gck';
  if (widget !== (secretKind === 'gsk')) {
    return {
      ok: false,
      expected: `the client key is for the payment ${widget ? 'widget (gck)' : 'window (ck)'} and the secret key is not: it must begin with ${environment}_${widget ? 'gsk' : 'sk'}_`,
    };
  }
  return { ok: true, environment: environment === 'live' ? 'live' : 'test', product: widget ? 'widget' : 'window' };
}
