import { z } from 'zod';
import { currencies, methods } from '../../contract/index.js';
import { banks } from '../providers/banks.js';
import type { Channel, PortOneV1Channel, PortOneV2Channel, TossChannel } from '../providers/provider.js';
import { webUrl } from './catalogue.js';
import { publicText, type Reading, reference, resolveReference, resolveText } from './references.js';
import { readTossKeys } from './toss-keys.js';

/** Where the providers are, unless the configuration says otherwise. */
export const tossDefaults = {
  apiBase: 'https://api.tosspayments.com',
  script: 'https://js.tosspayments.com/v2/standard',
};
export const portOneV2Defaults = {
  apiBase: 'https://api.portone.io',
  script: 'https://cdn.portone.io/v2/browser-sdk.js',
};
export const portOneV1Defaults = {
  apiBase: 'https://api.iamport.kr',
  script: 'https://cdn.iamport.kr/v1/iamport.js',
};

/** What the rest of the configuration decides for every channel. */
export interface ChannelSettings {
  readonly toss?: Places;
  readonly portOneV2?: Places;
  readonly portOneV1?: Places;
  /** `PUBLIC_URL`: live channels are refused on one without TLS. */
  readonly publicUrl?: string | undefined;
}
interface Places {
  readonly apiBase?: string | undefined;
  readonly script?: string | undefined;
}

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'expected up to 32 lower-case letters, digits, - or _'),
  methods: z.array(z.enum(methods)).min(1, 'expected at least one method').exactOptional(),
  currencies: z.array(z.enum(currencies)).min(1, 'expected at least one currency').default(['KRW']),
  apiBase: webUrl.exactOptional(),
  script: webUrl.exactOptional(),
};
const toss = z.strictObject({
  ...common,
  provider: z.literal('toss'),
  clientKey: publicText,
  secretKey: reference,
});
const portOneV2 = z.strictObject({
  ...common,
  provider: z.literal('portone-v2'),
  environment: z.enum(['test', 'live']),
  // As the channel is set in the console: it decides who charges.
  approval: z.enum(['automatic', 'manual'], { error: 'expected automatic or manual' }).default('automatic'),
  storeId: publicText,
  channelKey: publicText,
  apiSecret: reference,
  webhookSecrets: z.array(reference).min(1, 'expected at least one secret'),
});
const portOneV1 = z.strictObject({
  ...common,
  provider: z.literal('portone-v1'),
  environment: z.enum(['test', 'live']),
  userCode: publicText,
  tierCode: publicText.exactOptional(),
  channelKey: publicText.exactOptional(),
  pg: publicText.exactOptional(),
  digital: z.boolean().exactOptional(),
  bankCodes: z
    .partialRecord(
      z.enum(banks, `expected our words for banks: ${banks.join(', ')}`),
      z.string().regex(/^[A-Za-z0-9]{1,10}$/, "expected the payment company's code"),
    )
    .exactOptional(),
  apiKey: reference,
  apiSecret: reference,
});
export const channelSchema = z.discriminatedUnion('provider', [toss, portOneV2, portOneV1], {
  error: 'expected a channel of the provider "toss", "portone-v2" or "portone-v1"',
});
export type ChannelEntry = z.output<typeof channelSchema>;

/** The channel, or `undefined` with its mistakes reported under `path`. */
export function readChannel(
  reading: Reading,
  settings: ChannelSettings,
  path: readonly PropertyKey[],
  entry: ChannelEntry,
): Channel | undefined {
  switch (entry.provider) {
    case 'toss':
      return readToss(reading, settings, path, entry);
    case 'portone-v2':
      return readPortOneV2(reading, settings, path, entry);
    case 'portone-v1':
      return readPortOneV1(reading, settings, path, entry);
  }
}

function base(entry: ChannelEntry, defaults: typeof tossDefaults, places: Places | undefined) {
  return {
    id: entry.id,
    ...(entry.methods ? { methods: entry.methods } : {}),
    currencies: entry.currencies,
    apiBase: (entry.apiBase ?? places?.apiBase ?? defaults.apiBase).replace(/\/+$/, ''),
    script: entry.script ?? places?.script ?? defaults.script,
  };
}

const needsTls = (environment: 'test' | 'live', { publicUrl }: ChannelSettings): boolean =>
  environment === 'live' && publicUrl?.startsWith('http:') === true;

function readToss(
  reading: Reading,
  settings: ChannelSettings,
  path: readonly PropertyKey[],
  entry: z.output<typeof toss>,
): TossChannel | undefined {
  const clientKey = resolveText(reading, [...path, 'clientKey'], entry.clientKey);
  const secretKey = resolveReference(reading, [...path, 'secretKey'], entry.secretKey);
  if (clientKey === undefined || secretKey === undefined) return undefined;
  const keys = readTossKeys(clientKey, secretKey);
  if (!keys.ok) return reading.wrong([...path, 'secretKey'], keys.expected);
  if (needsTls(keys.environment, settings)) {
    return reading.wrong([...path, 'clientKey'], 'live keys need a PUBLIC_URL that begins with https://');
  }
  return {
    ...base(entry, tossDefaults, settings.toss),
    provider: 'toss',
    environment: keys.environment,
    approval: 'manual',
    clientKey,
    secretKey,
    product: keys.product,
  };
}

const paysPayPalInWon = ({ methods, currencies }: ChannelEntry): boolean =>
  methods?.includes('paypal') === true && currencies.every((currency) => currency === 'KRW');
const noWonForPayPal = 'PayPal takes no KRW: give it a channel of its own, with the currencies of its contract';

function readPortOneV2(
  reading: Reading,
  settings: ChannelSettings,
  path: readonly PropertyKey[],
  entry: z.output<typeof portOneV2>,
): PortOneV2Channel | undefined {
  const storeId = resolveText(reading, [...path, 'storeId'], entry.storeId);
  const channelKey = resolveText(reading, [...path, 'channelKey'], entry.channelKey);
  const apiSecret = resolveReference(reading, [...path, 'apiSecret'], entry.apiSecret);
  const webhookSecrets = entry.webhookSecrets.map((where, index) =>
    readWebhookSecrets(reading, [...path, 'webhookSecrets', index], where),
  );
  if (needsTls(entry.environment, settings)) {
    return reading.wrong([...path, 'environment'], 'live channels need a PUBLIC_URL that begins with https://');
  }
  if (paysPayPalInWon(entry)) return reading.wrong([...path, 'currencies'], noWonForPayPal);
  if (storeId === undefined || channelKey === undefined || apiSecret === undefined) return undefined;
  if (!/^store-[\x21-\x7e]+$/.test(storeId)) return reading.wrong([...path, 'storeId'], 'expected store-…');
  if (!/^channel-key-[\x21-\x7e]+$/.test(channelKey)) {
    return reading.wrong([...path, 'channelKey'], 'expected channel-key-…');
  }
  // It goes into a header as it is.
  if (!/^[\x21-\x7e]+$/.test(apiSecret) || apiSecret.startsWith('whsec_')) {
    return reading.wrong([...path, 'apiSecret'], 'expected the V2 API secret, without spaces');
  }
  return webhookSecrets.includes(undefined)
    ? undefined
    : {
        ...base(entry, portOneV2Defaults, settings.portOneV2),
        provider: 'portone-v2',
        environment: entry.environment,
        approval: entry.approval,
        storeId,
        channelKey,
        apiSecret,
        webhookSecrets: webhookSecrets.flatMap((secrets) => secrets ?? []),
      };
}

function readPortOneV1(
  reading: Reading,
  settings: ChannelSettings,
  path: readonly PropertyKey[],
  entry: z.output<typeof portOneV1>,
): PortOneV1Channel | undefined {
  const text = (field: 'userCode' | 'tierCode' | 'channelKey' | 'pg') =>
    entry[field] === undefined ? undefined : resolveText(reading, [...path, field], entry[field]);
  const [userCode, tierCode, channelKey, pg] = [text('userCode'), text('tierCode'), text('channelKey'), text('pg')];
  const apiKey = resolveReference(reading, [...path, 'apiKey'], entry.apiKey);
  const apiSecret = resolveReference(reading, [...path, 'apiSecret'], entry.apiSecret);
  const wrong = (field: string, expected: string) => reading.wrong([...path, field], expected);
  if ((entry.channelKey === undefined) === (entry.pg === undefined)) {
    const both = entry.pg !== undefined;
    return wrong(
      both ? 'pg' : 'channelKey',
      both
        ? 'set either channelKey or pg, not both: they name the same thing, and channelKey is the newer way'
        : 'is not set; expected channel-key-…, or `pg` with the older name of the contract (html5_inicis.INIpayTest)',
    );
  }
  if (needsTls(entry.environment, settings)) {
    return wrong('environment', 'live channels need a PUBLIC_URL that begins with https://');
  }
  if (paysPayPalInWon(entry)) return wrong('currencies', noWonForPayPal);
  if (userCode === undefined || apiKey === undefined || apiSecret === undefined) return undefined;
  if (entry.tierCode !== undefined && tierCode === undefined) return undefined;
  if (channelKey === undefined && pg === undefined) return undefined;
  if (!/^imp\d+$/.test(userCode)) return wrong('userCode', 'expected imp and digits, such as imp12345678');
  if (tierCode !== undefined && !/^[A-Z0-9]{3}$/.test(tierCode)) {
    return wrong('tierCode', 'expected 3 capital letters or digits');
  }
  if (channelKey !== undefined && !/^channel-key-[\x21-\x7e]+$/.test(channelKey)) {
    return wrong('channelKey', 'expected channel-key-…');
  }
  if (pg !== undefined && !/^[A-Za-z0-9_]+(\.[\x21-\x7e]+)?$/.test(pg)) {
    return wrong('pg', 'expected a payment company and its merchant id, such as html5_inicis.INIpayTest');
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) return wrong('apiKey', 'expected the REST API key (imp_key), without spaces');
  if (!/^[\x21-\x7e]+$/.test(apiSecret)) {
    return wrong('apiSecret', 'expected the REST API secret (imp_secret), without spaces');
  }
  return {
    ...base(entry, portOneV1Defaults, settings.portOneV1),
    provider: 'portone-v1',
    environment: entry.environment,
    approval: 'automatic',
    userCode,
    ...(tierCode !== undefined && { tierCode }),
    ...(channelKey !== undefined && { channelKey }),
    ...(pg !== undefined && { pg }),
    ...(entry.digital !== undefined && { digital: entry.digital }),
    ...(entry.bankCodes && { bankCodes: entry.bankCodes }),
    apiKey,
    apiSecret,
  };
}

/** One, or several separated by commas: a store has two while they are rotated. */
function readWebhookSecrets(reading: Reading, path: readonly PropertyKey[], where: z.output<typeof reference>) {
  const secrets = resolveReference(reading, path, where)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (!secrets) return undefined;
  const good = secrets.every((secret) =>
    /^(whsec_)?([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret),
  );
  return good && secrets.length > 0
    ? secrets
    : reading.wrong(path, 'expected whsec_ and base64, as the console shows it');
}
