import type { Method } from '../../contract/index.js';
import type { Source } from '../environment/source.js';
import { variable } from '../environment/source.js';

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
const isSet = (source: Source, name: string): boolean =>
  variable(source, name) !== undefined || variable(source, `${name}_FILE`) !== undefined;

/** The method that each variable's channel is for. */
const ownChannels: readonly (readonly [name: string, method: Method])[] = [
  ['PORTONE_CHANNEL_KEY_KAKAOPAY', 'kakaopay'],
  ['PORTONE_CHANNEL_KEY_NAVERPAY', 'naverpay'],
  ['PORTONE_CHANNEL_KEY_TOSSPAY', 'tosspay'],
  ['PORTONE_CHANNEL_KEY_TRANSFER', 'transfer'],
  ['PORTONE_CHANNEL_KEY_VIRTUAL_ACCOUNT', 'virtual_account'],
  ['PORTONE_CHANNEL_KEY_PHONE', 'phone'],
  ['PORTONE_CHANNEL_KEY_PAYPAL', 'paypal'],
];
const domestic: readonly Method[] = ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'];

export const tossVariables = ['TOSS_CLIENT_KEY', 'TOSS_SECRET_KEY', 'TOSS_METHODS', 'TOSS_CURRENCIES'] as const;
export const portOneVariables = [
  'PORTONE_STORE_ID',
  'PORTONE_API_SECRET',
  'PORTONE_WEBHOOK_SECRET',
  'PORTONE_TEST',
  'PORTONE_APPROVAL',
  'PORTONE_METHODS',
  'PORTONE_CHANNEL_KEY',
  ...ownChannels.map(([name]) => name),
] as const;

/** PortOne's channels, then Toss's. Without any variable of either: Toss's, so that what is missing is named. */
export function environmentChannels(source: Source): readonly NamedChannel[] {
  const portOne = portOneVariables.some((name) => isSet(source, name)) ? portOneChannels(source) : [];
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

/** The main channel for whatever has none of its own, and one for each method that has. They share store and secrets. */
function portOneChannels(source: Source): readonly NamedChannel[] {
  const own = ownChannels.filter(([name]) => isSet(source, name));
  const taken = new Set<string>(own.map(([, method]) => method));
  const shared = {
    provider: 'portone-v2',
    environment: environment(source),
    ...given('approval', variable(source, 'PORTONE_APPROVAL')),
    storeId: { env: 'PORTONE_STORE_ID' },
    apiSecret: { env: 'PORTONE_API_SECRET' },
    webhookSecrets: [{ env: 'PORTONE_WEBHOOK_SECRET' }],
  };
  const names = {
    environment: 'PORTONE_TEST',
    approval: 'PORTONE_APPROVAL',
    storeId: 'PORTONE_STORE_ID',
    apiSecret: 'PORTONE_API_SECRET',
    'webhookSecrets[0]': 'PORTONE_WEBHOOK_SECRET',
    methods: 'PORTONE_METHODS',
    currencies: 'PORTONE_METHODS',
  };
  const main: NamedChannel = {
    entry: {
      ...{ ...shared, id: 'portone', channelKey: { env: 'PORTONE_CHANNEL_KEY' } },
      methods: (listed(source, 'PORTONE_METHODS') ?? domestic).filter((method) => !taken.has(method)),
    },
    names: { ...names, channelKey: 'PORTONE_CHANNEL_KEY' },
  };
  const others = own.map(
    ([name, method]): NamedChannel => ({
      entry: {
        ...{ ...shared, id: `portone-${method}`, channelKey: { env: name }, methods: [method] },
        ...(method === 'paypal' && { currencies: ['USD'] }),
      },
      names: { ...names, channelKey: name },
    }),
  );
  return isSet(source, 'PORTONE_CHANNEL_KEY') || others.length === 0 ? [main, ...others] : others;
}

function environment(source: Source): 'test' | 'live' {
  const text = variable(source, 'PORTONE_TEST');
  if (text !== 'true' && text !== 'false') {
    const is = text === undefined ? 'is not set; ' : '';
    source.mistakes.push(`PORTONE_TEST: ${is}expected true for test channels, false for live ones`);
  }
  return text === 'false' ? 'live' : 'test';
}
