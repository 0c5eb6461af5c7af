import type { Method } from '../../contract/index.js';
import type { Source } from '../environment/source.js';
import { variable } from '../environment/source.js';
import { isSet, nameOf, type PortOneVersion, type SharedName, versionsOf } from './portone-versions.js';

/** One channel entry of the merchants document, and which variable stands for which of its fields. */
export interface NamedChannel {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly names: Readonly<Record<string, string>>;
}

/** Comma-separated. */
export const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const given = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
const listed = (source: Source, name: string) => {
  const value = variable(source, name);
  return value === undefined ? undefined : list(value);
};

/** The method that each variable's channel is for. */
const ownChannels: readonly (readonly [name: SharedName, method: Method])[] = [
  ['CHANNEL_KEY_KAKAOPAY', 'kakaopay'],
  ['CHANNEL_KEY_NAVERPAY', 'naverpay'],
  ['CHANNEL_KEY_TOSSPAY', 'tosspay'],
  ['CHANNEL_KEY_TRANSFER', 'transfer'],
  ['CHANNEL_KEY_VIRTUAL_ACCOUNT', 'virtual_account'],
  ['CHANNEL_KEY_PHONE', 'phone'],
  ['CHANNEL_KEY_PAYPAL', 'paypal'],
];
const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];

export const tossVariables = ['TOSS_CLIENT_KEY', 'TOSS_SECRET_KEY', 'TOSS_METHODS', 'TOSS_CURRENCIES'] as const;

/** PortOne's channels, V2's before V1's, then Toss's. Without any variable of any: Toss's, so that what is missing is named. */
export function environmentChannels(source: Source): readonly NamedChannel[] {
  const portOne = versionsOf(source).flatMap((version) => portOneChannels(source, version));
  const toss = tossVariables.some((name) => isSet(source, name));
  return toss || portOne.length === 0 ? [...portOne, tossChannel(source)] : portOne;
}

const tossChannel = (source: Source): NamedChannel => ({
  entry: {
    id: 'toss',
    provider: 'toss',
    clientKey: { env: 'TOSS_CLIENT_KEY' },
    secretKey: { env: 'TOSS_SECRET_KEY' },
    ...given('methods', listed(source, 'TOSS_METHODS')),
    ...given('currencies', listed(source, 'TOSS_CURRENCIES')),
  },
  names: {
    clientKey: 'TOSS_CLIENT_KEY',
    secretKey: 'TOSS_SECRET_KEY',
    methods: 'TOSS_METHODS',
    currencies: 'TOSS_CURRENCIES',
  },
});

/** The main channel for whatever has none of its own, and one for each method that has. They share the contract and its secrets. */
function portOneChannels(source: Source, version: PortOneVersion): readonly NamedChannel[] {
  const name = (shared: SharedName) => nameOf(source, version, shared);
  const own = ownChannels.filter(([shared]) => isSet(source, name(shared)));
  const taken = new Set<string>(own.map(([, method]) => method));
  const contract = version === 'V1' ? contractOfV1(source) : contractOfV2(source);
  const methods = name('METHODS');
  const id = version === 'V1' ? 'portone-v1' : 'portone';
  const main = mainChannel(source, version);
  const channels = [
    {
      entry: {
        ...{ ...contract.entry, ...main.entry, id },
        methods: (listed(source, methods) ?? domestic).filter((method) => !taken.has(method)),
      },
      names: { ...contract.names, ...main.names, methods, currencies: methods },
    },
    ...own.map(
      ([shared, method]): NamedChannel => ({
        entry: {
          ...{ ...contract.entry, id: `${id}-${method}`, channelKey: { env: name(shared) }, methods: [method] },
          ...(method === 'paypal' && { currencies: ['USD'] }),
        },
        names: { ...contract.names, channelKey: name(shared), methods, currencies: methods },
      }),
    ),
  ];
  return isSet(source, name('CHANNEL_KEY')) || main.isSet || own.length === 0 ? channels : channels.slice(1);
}

/** By its channel key, or in V1 by what older contracts are named by. */
function mainChannel(source: Source, version: PortOneVersion): NamedChannel & { readonly isSet: boolean } {
  const key = nameOf(source, version, 'CHANNEL_KEY');
  const pg = version === 'V1' && isSet(source, 'PORTONE_PG');
  return {
    isSet: pg,
    entry: {
      ...(isSet(source, key) || version === 'V2' ? { channelKey: { env: key } } : {}),
      ...(pg && { pg: { env: 'PORTONE_PG' } }),
    },
    names: { channelKey: key, pg: 'PORTONE_PG' },
  };
}

function contractOfV2(source: Source): NamedChannel {
  const secret = nameOf(source, 'V2', 'API_SECRET');
  return {
    entry: {
      provider: 'portone-v2',
      environment: environment(source, 'V2'),
      ...given('approval', variable(source, 'PORTONE_APPROVAL')),
      storeId: { env: 'PORTONE_STORE_ID' },
      apiSecret: { env: secret },
      webhookSecrets: [{ env: 'PORTONE_WEBHOOK_SECRET' }],
    },
    names: {
      environment: nameOf(source, 'V2', 'TEST'),
      approval: 'PORTONE_APPROVAL',
      storeId: 'PORTONE_STORE_ID',
      apiSecret: secret,
      'webhookSecrets[0]': 'PORTONE_WEBHOOK_SECRET',
    },
  };
}

function contractOfV1(source: Source): NamedChannel {
  const secret = nameOf(source, 'V1', 'API_SECRET');
  return {
    entry: {
      provider: 'portone-v1',
      environment: environment(source, 'V1'),
      userCode: { env: 'PORTONE_USER_CODE' },
      ...(isSet(source, 'PORTONE_TIER_CODE') && { tierCode: { env: 'PORTONE_TIER_CODE' } }),
      ...given('digital', digital(source)),
      apiKey: { env: 'PORTONE_API_KEY' },
      apiSecret: { env: secret },
    },
    names: {
      environment: nameOf(source, 'V1', 'TEST'),
      userCode: 'PORTONE_USER_CODE',
      tierCode: 'PORTONE_TIER_CODE',
      digital: 'PORTONE_DIGITAL',
      apiKey: 'PORTONE_API_KEY',
      apiSecret: secret,
    },
  };
}

function digital(source: Source): boolean | undefined {
  const text = variable(source, 'PORTONE_DIGITAL');
  if (text === undefined || text === 'true' || text === 'false')
    return text === undefined ? undefined : text === 'true';
  source.mistakes.push('PORTONE_DIGITAL: expected true where what is sold is delivered over the network, else false');
  return undefined;
}

function environment(source: Source, version: PortOneVersion): 'test' | 'live' {
  const name = nameOf(source, version, 'TEST');
  const text = variable(source, name);
  if (text !== 'true' && text !== 'false') {
    const is = text === undefined ? 'is not set; ' : '';
    source.mistakes.push(`${name}: ${is}expected true for test channels, false for live ones`);
  }
  return text === 'false' ? 'live' : 'test';
}
