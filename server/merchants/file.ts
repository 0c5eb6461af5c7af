import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { locales } from '../../contract/index.js';
import { ConfigError, placeOf } from '../environment/mistakes.js';
import type { Env, Source } from '../environment/source.js';
import { fileJson, sourceOf } from '../environment/source.js';
import { catalogueSchema, localText, webUrl } from './catalogue.js';
import { type ChannelSettings, channelSchema, readChannel } from './channels.js';
import type { Merchant, Merchants, ShopperTokens, WebhookEndpoint } from './merchant.js';
import { type Naming, publicText, type Reading, reference, resolveReference, resolveText } from './references.js';
import { createMerchants, hashSecretKey, sharedBetween } from './registry.js';
import { readShopperCancels, shopperCancelsSchema } from './shopper-cancels.js';
import { readWebhook, webhooksSchema } from './webhooks.js';

const origin = z.string().superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    context.addIssue({
      code: 'custom',
      message: 'expected an origin such as https://shop.example or http://localhost:4000',
    });
  } else if (url.origin !== text) {
    context.addIssue({ code: 'custom', message: `expected the origin alone, as browsers send it: ${url.origin}` });
  }
});

const asymmetric = z.enum(['RS256', 'ES256', 'EdDSA']);
/** Keys fetched without TLS could be anyone's. */
const jwksUrl = webUrl.refine(
  (url) => url.startsWith('https:') || ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname),
  { error: 'expected an https URL' },
);
const shopperTokens = z.union(
  [
    z.strictObject({ algorithm: z.literal('HS256'), secret: reference }),
    z.strictObject({ algorithm: asymmetric, publicKey: publicText }),
    z.strictObject({ algorithm: asymmetric, jwksUrl }),
  ],
  {
    error:
      'expected {"algorithm": "HS256", "secret": {"env": "NAME"}}, or RS256, ES256 or EdDSA with "publicKey" (PEM) or "jwksUrl"',
  },
);

const timeZone = z.string().refine(
  (zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
    } catch {
      return false;
    }
  },
  { error: 'expected an IANA time zone such as Asia/Seoul' },
);

const merchantSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'expected up to 32 lower-case letters, digits, - or _'),
  name: localText(100),
  publishableKey: z.string().regex(/^pk_[A-Za-z0-9_-]{8,64}$/, 'expected pk_ and 8 to 64 letters, digits, - or _'),
  secretKey: reference,
  origins: z.array(origin).min(1, 'expected at least one origin'),
  locale: z.enum(locales).default('ko'),
  timeZone: timeZone.default('Asia/Seoul'),
  lateMoney: z.enum(['refund', 'accept']).default('refund'),
  channels: z.array(channelSchema).min(1, 'expected at least one channel'),
  catalogue: z
    .union([z.array(z.unknown()), z.strictObject({ file: z.string().min(1) })], {
      error: 'expected a list of items, or {"file": "catalogue.json"}',
    })
    .default([]),
  shopperTokens: shopperTokens.exactOptional(),
  shopperCancels: shopperCancelsSchema.exactOptional(),
  webhooks: webhooksSchema(reference).default([]),
});
type MerchantEntry = z.output<typeof merchantSchema>;

const fileSchema = z.strictObject({ merchants: z.array(merchantSchema).min(1, 'expected at least one merchant') });

const keyTypes = { RS256: ['rsa'], ES256: ['ec'], EdDSA: ['ed25519', 'ed448'] };

function isPublicKey(pem: string, algorithm: keyof typeof keyTypes): boolean {
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return false;
  try {
    return keyTypes[algorithm].includes(createPublicKey(pem).asymmetricKeyType ?? '');
  } catch {
    return false;
  }
}

function readShopperTokens(reading: Reading, entry: MerchantEntry['shopperTokens']): ShopperTokens | undefined {
  if (!entry) return undefined;
  if ('jwksUrl' in entry) return entry;
  if ('publicKey' in entry) {
    const publicKey = resolveText(reading, ['shopperTokens', 'publicKey'], entry.publicKey);
    if (publicKey === undefined) return undefined;
    if (!isPublicKey(publicKey, entry.algorithm)) {
      return reading.wrong(
        ['shopperTokens', 'publicKey'],
        `expected a PEM that begins with -----BEGIN PUBLIC KEY----- and is for ${entry.algorithm}`,
      );
    }
    return { algorithm: entry.algorithm, publicKey };
  }
  const secret = resolveReference(reading, ['shopperTokens', 'secret'], entry.secret);
  if (secret === undefined) return undefined;
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length < 32) return reading.wrong(['shopperTokens', 'secret'], 'expected at least 32 bytes');
  if (secret.startsWith('sk_')) {
    return reading.wrong(['shopperTokens', 'secret'], "expected a secret of its own, not the merchant's secret key");
  }
  return { algorithm: 'HS256', secret: bytes };
}

function readWebhooks(reading: Reading, entry: MerchantEntry): WebhookEndpoint[] {
  return entry.webhooks.flatMap((webhook, index) => {
    const path = ['webhooks', index];
    const secret = resolveReference(reading, [...path, 'secret'], webhook.secret);
    if (secret === undefined) return [];
    const read = readWebhook(webhook, secret);
    if (read.ok) return [read.endpoint];
    reading.wrong([...path, read.where], read.expected);
    return [];
  });
}

function readCatalogue(reading: Reading, entry: MerchantEntry): Merchant['catalogue'] {
  const where = entry.catalogue;
  const listed = Array.isArray(where) ? where : fileJson(reading.source, reading.at('catalogue'), where.file);
  const parsed = catalogueSchema.safeParse(listed ?? []);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reading.wrong(['catalogue', ...issue.path], issue.message);
    return new Map();
  }
  const taken = new Set(entry.channels.flatMap((channel) => channel.currencies));
  parsed.data.forEach((item, index) => {
    if (!taken.has(item.currency)) {
      reading.wrong(['catalogue', index, 'currency'], `no channel of this merchant takes ${item.currency}`);
    }
  });
  return new Map(parsed.data.map((item) => [item.id, item]));
}

function readMerchant(reading: Reading, settings: ChannelSettings, entry: MerchantEntry): Merchant | undefined {
  const secretKey = resolveReference(reading, ['secretKey'], entry.secretKey);
  if (secretKey !== undefined && !/^sk_[A-Za-z0-9_-]{24,128}$/.test(secretKey)) {
    reading.wrong(['secretKey'], 'expected sk_ and 24 to 128 random letters, digits, - or _');
  }
  const channels = entry.channels.map((channel, index) => readChannel(reading, settings, ['channels', index], channel));
  const ids = new Set(entry.channels.map((channel) => channel.id));
  if (ids.size < entry.channels.length) reading.wrong(['channels'], 'each channel needs an id of its own');
  const tokens = readShopperTokens(reading, entry.shopperTokens);
  const catalogue = readCatalogue(reading, entry);
  const webhooks = readWebhooks(reading, entry);
  const cancels = entry.shopperCancels && readShopperCancels(reading, entry.shopperCancels, catalogue);
  if (cancels && !entry.shopperTokens) {
    reading.wrong(['shopperCancels'], 'needs "shopperTokens": only signed-in shoppers can cancel');
  }
  if (secretKey === undefined || channels.includes(undefined)) return undefined;
  return {
    id: entry.id,
    name: entry.name,
    publishableKey: entry.publishableKey,
    secretKeyHash: hashSecretKey(secretKey),
    origins: entry.origins,
    locale: entry.locale,
    timeZone: entry.timeZone,
    lateMoney: entry.lateMoney,
    channels: channels.filter((channel) => channel !== undefined),
    catalogue,
    ...(tokens ? { shopperTokens: tokens } : {}),
    ...(cancels ? { shopperCancels: cancels } : {}),
    ...(webhooks.length > 0 ? { webhooks } : {}),
  };
}

/** References to what is not there, in a document that is not whole: so that they are named together with its other mistakes. */
function checkReferences(value: unknown, path: readonly PropertyKey[], source: Source, naming: Naming): void {
  if (typeof value !== 'object' || value === null) return;
  const found = reference.safeParse(value);
  if (found.success) {
    const wrong = (_path: readonly PropertyKey[], expected: string) => {
      source.mistakes.push(`${naming(path)}: ${expected}`);
      return undefined;
    };
    resolveReference({ source, at: () => naming(path), wrong }, path, found.data);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    checkReferences(inner, [...path, Array.isArray(value) ? Number(key) : key], source, naming);
  }
}

/** Reads a merchants document. Mistakes go to `source.mistakes`; what is returned is whole only if there are none. */
export function readMerchants(
  json: unknown,
  source: Source,
  settings: ChannelSettings = {},
  naming: Naming = placeOf,
): Merchant[] {
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      source.mistakes.push(`${naming(issue.path) || 'merchants'}: ${issue.message}`);
    checkReferences(json, [], source, naming);
    return [];
  }
  const found = parsed.data.merchants.map((entry, index) => {
    const at = (...path: readonly PropertyKey[]) => naming(['merchants', index, ...path]);
    const reading: Reading = {
      source,
      at,
      wrong(path, expected) {
        source.mistakes.push(`${at(...path)}: ${expected}`);
        return undefined;
      },
    };
    return readMerchant(reading, settings, entry);
  });
  const merchants = found.filter((merchant) => merchant !== undefined);
  source.mistakes.push(...sharedBetween(merchants));
  return merchants;
}

/** The merchants of a parsed merchants file. Throws `ConfigError` with every mistake. Relative paths start at `directory`. */
export function parseMerchants(
  json: unknown,
  env: Env,
  settings: ChannelSettings & { readonly directory?: string } = {},
): Merchants {
  const source = sourceOf(env, settings.directory);
  const merchants = readMerchants(json, source, settings);
  if (source.mistakes.length > 0) throw new ConfigError(source.mistakes);
  return createMerchants(merchants);
}
