import { placeOf } from '../environment/mistakes.js';
import type { Source } from '../environment/source.js';
import { variable } from '../environment/source.js';
import { environmentChannels, list } from './environment-channels.js';
import type { Naming } from './references.js';

/** Which variable stands for which place of the merchants document. */
const variables: readonly (readonly [path: string, name: string])[] = [
  ['merchants[0].id', 'MERCHANT_ID'],
  ['merchants[0].name', 'MERCHANT_NAME'],
  ['merchants[0].publishableKey', 'PUBLISHABLE_KEY'],
  ['merchants[0].secretKey', 'SECRET_KEY'],
  ['merchants[0].origins', 'ORIGINS'],
  ['merchants[0].locale', 'LOCALE'],
  ['merchants[0].timeZone', 'TIME_ZONE'],
  ['merchants[0].lateMoney', 'LATE_MONEY'],
  ['merchants[0].catalogue', 'CATALOGUE_FILE'],
  ['merchants[0].shopperTokens.secret', 'SHOPPER_TOKEN_SECRET'],
  ['merchants[0].shopperTokens.publicKey', 'SHOPPER_TOKEN_PUBLIC_KEY'],
  ['merchants[0].shopperTokens.jwksUrl', 'SHOPPER_TOKEN_JWKS_URL'],
  ['merchants[0].shopperTokens', 'SHOPPER_TOKEN_ALGORITHM'],
  ['merchants[0].shopperCancels.withinMinutes', 'SHOPPER_CANCEL_MINUTES'],
  ['merchants[0].shopperCancels.partial', 'SHOPPER_CANCEL_PARTIAL'],
  ['merchants[0].shopperCancels.methods', 'SHOPPER_CANCEL_METHODS'],
  ['merchants[0].shopperCancels.items', 'SHOPPER_CANCEL_ITEMS'],
  ['merchants[0].shopperCancels', 'SHOPPER_CANCEL_MINUTES'],
  ['merchants[0].webhooks[0].url', 'EVENT_WEBHOOK_URL'],
  ['merchants[0].webhooks[0].secret', 'EVENT_WEBHOOK_SECRET'],
  ['merchants[0].webhooks[0].allowPrivate', 'EVENT_WEBHOOK_ALLOW_PRIVATE'],
];

/** Names a mistake by the variable it came from, and the place inside it where there is one. */
function nameBy(variables: readonly (readonly [path: string, name: string])[]): Naming {
  return (path) => {
    const place = placeOf(path);
    for (const [prefix, name] of variables) {
      if (place === prefix) return name;
      if (place.startsWith(prefix) && /^[.[]/.test(place.slice(prefix.length)))
        return `${name} ${place.slice(prefix.length)}`;
    }
    return place;
  };
}

function shopperTokens(source: Source): object | undefined {
  const algorithm = variable(source, 'SHOPPER_TOKEN_ALGORITHM');
  const publicKey = variable(source, 'SHOPPER_TOKEN_PUBLIC_KEY') ?? variable(source, 'SHOPPER_TOKEN_PUBLIC_KEY_FILE');
  const jwksUrl = variable(source, 'SHOPPER_TOKEN_JWKS_URL');
  const secret = variable(source, 'SHOPPER_TOKEN_SECRET') ?? variable(source, 'SHOPPER_TOKEN_SECRET_FILE');
  const given = [publicKey, jwksUrl, secret].filter((text) => text !== undefined);
  if (given.length > 1) {
    source.mistakes.push(
      'SHOPPER_TOKEN_SECRET, SHOPPER_TOKEN_PUBLIC_KEY, SHOPPER_TOKEN_JWKS_URL: set only the one that your tokens are checked with',
    );
    return undefined;
  }
  if (publicKey) return { algorithm: algorithm ?? 'RS256', publicKey: { env: 'SHOPPER_TOKEN_PUBLIC_KEY' } };
  if (jwksUrl) return { algorithm: algorithm ?? 'RS256', jwksUrl };
  if (secret) return { algorithm: algorithm ?? 'HS256', secret: { env: 'SHOPPER_TOKEN_SECRET' } };
  if (algorithm) source.mistakes.push('SHOPPER_TOKEN_ALGORITHM: set the secret, public key or JWKS URL as well');
  return undefined;
}

function shopperCancels(source: Source): object | undefined {
  const minutes = variable(source, 'SHOPPER_CANCEL_MINUTES');
  const partial = variable(source, 'SHOPPER_CANCEL_PARTIAL');
  const methods = variable(source, 'SHOPPER_CANCEL_METHODS');
  const items = variable(source, 'SHOPPER_CANCEL_ITEMS');
  if (minutes === undefined) {
    if (partial ?? methods ?? items) {
      source.mistakes.push('SHOPPER_CANCEL_MINUTES: is not set; without it shoppers can cancel nothing');
    }
    return undefined;
  }
  return {
    withinMinutes: /^\d{1,9}$/.test(minutes) ? Number(minutes) : minutes,
    ...(partial !== undefined && { partial: partial === 'true' ? true : partial === 'false' ? false : partial }),
    ...(methods !== undefined && { methods: list(methods) }),
    ...(items !== undefined && { items: list(items) }),
  };
}

function webhooks(source: Source): object[] | undefined {
  const url = variable(source, 'EVENT_WEBHOOK_URL');
  const allowed = variable(source, 'EVENT_WEBHOOK_ALLOW_PRIVATE');
  if (url === undefined) {
    if (variable(source, 'EVENT_WEBHOOK_SECRET') ?? variable(source, 'EVENT_WEBHOOK_SECRET_FILE')) {
      source.mistakes.push('EVENT_WEBHOOK_URL: is not set, but EVENT_WEBHOOK_SECRET is: set both or none');
    }
    return undefined;
  }
  const allowPrivate = allowed === undefined ? {} : { allowPrivate: list(allowed) };
  return [{ id: 'main', url, secret: { env: 'EVENT_WEBHOOK_SECRET' }, ...allowPrivate }];
}

/** The single merchant that variables alone describe, as a merchants document, and how its places are called. */
export function environmentMerchant(source: Source): { document: unknown; naming: Naming } {
  const channels = environmentChannels(source);
  const names = channels.flatMap(({ names }, index) =>
    Object.entries(names).map(([field, name]) => [`merchants[0].channels[${index}].${field}`, name] as const),
  );
  return {
    document: merchantDocument(
      source,
      channels.map(({ entry }) => entry),
    ),
    naming: nameBy([...variables, ...names]),
  };
}

function merchantDocument(source: Source, channels: readonly object[]): unknown {
  const text = (name: string) => variable(source, name);
  const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
  const listed = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : list(value);
  };
  const catalogue = text('CATALOGUE_FILE');
  const nameEn = text('MERCHANT_NAME_EN');
  return {
    merchants: [
      {
        id: text('MERCHANT_ID') ?? 'main',
        name: nameEn === undefined ? text('MERCHANT_NAME') : { ko: text('MERCHANT_NAME'), en: nameEn },
        publishableKey: text('PUBLISHABLE_KEY') ?? '',
        secretKey: { env: 'SECRET_KEY' },
        origins: listed('ORIGINS') ?? [],
        ...given('locale', text('LOCALE')),
        ...given('timeZone', text('TIME_ZONE')),
        ...given('lateMoney', text('LATE_MONEY')),
        channels,
        ...given('catalogue', catalogue === undefined ? undefined : { file: catalogue }),
        ...given('shopperTokens', shopperTokens(source)),
        ...given('shopperCancels', shopperCancels(source)),
        ...given('webhooks', webhooks(source)),
      },
    ],
  };
}
