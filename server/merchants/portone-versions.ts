import type { Source } from '../environment/source.js';
import { secretVariable, variable } from '../environment/source.js';

export type PortOneVersion = 'V1' | 'V2';

/** What both versions have: told apart by the version in the name where a shop uses both. */
export const sharedNames = [
  'API_SECRET',
  'TEST',
  'METHODS',
  'CHANNEL_KEY',
  'CHANNEL_KEY_KAKAOPAY',
  'CHANNEL_KEY_NAVERPAY',
  'CHANNEL_KEY_TOSSPAY',
  'CHANNEL_KEY_TRANSFER',
  'CHANNEL_KEY_VIRTUAL_ACCOUNT',
  'CHANNEL_KEY_PHONE',
  'CHANNEL_KEY_PAYPAL',
] as const;
export type SharedName = (typeof sharedNames)[number];

/** What one of them alone has. Two of V1's and one of V2's are in every set-up: they say which version is meant. */
export const v1Names = [
  'PORTONE_API_KEY',
  'PORTONE_USER_CODE',
  'PORTONE_TIER_CODE',
  'PORTONE_PG',
  'PORTONE_DIGITAL',
] as const;
export const v2Names = ['PORTONE_STORE_ID', 'PORTONE_WEBHOOK_SECRET', 'PORTONE_APPROVAL'] as const;

/** Where PortOne is can be said to a server with a merchants file as well. */
const placeNames = ['API_BASE', 'SCRIPT'] as const;
type PlaceName = (typeof placeNames)[number];

/** Without those that have the version in their name. */
export const portOneVariables: readonly string[] = [
  ...v1Names,
  ...v2Names,
  ...sharedNames.map((name) => `PORTONE_${name}`),
];

export const isSet = (source: Source, name: string): boolean =>
  variable(source, name) !== undefined || variable(source, `${name}_FILE`) !== undefined;

/** The versions that a single merchant's variables speak of. What could be either's is V2's. */
export function versionsOf(source: Source): readonly PortOneVersion[] {
  const anyOf = (names: readonly string[]) => names.some((name) => isSet(source, name));
  const own = (version: PortOneVersion) => sharedNames.map((name) => `PORTONE_${version}_${name}`);
  const v1 = anyOf(v1Names) || anyOf(own('V1'));
  const v2 = anyOf(v2Names) || anyOf(own('V2')) || (!v1 && anyOf(sharedNames.map((name) => `PORTONE_${name}`)));
  return [...(v2 ? (['V2'] as const) : []), ...(v1 ? (['V1'] as const) : [])];
}

/**
 * The variable that a shared thing of a version is read from. With both versions a name without one could mean either: that is a mistake,
 * but for `PORTONE_TEST`, which may be said of both at once.
 */
export function nameOf(source: Source, version: PortOneVersion, name: SharedName): string {
  const [plain, own] = [`PORTONE_${name}`, `PORTONE_${version}_${name}`];
  if (!isSet(source, plain)) return isBoth(source) || isSet(source, own) ? own : plain;
  if (isBoth(source) && name !== 'TEST') {
    source.mistakes.push(ambiguous(plain, name));
    return plain;
  }
  if (!isSet(source, own)) return plain;
  if (textOf(source, own) !== textOf(source, plain)) {
    source.mistakes.push(`${plain}, ${own}: are two names of one thing, and disagree: keep ${own}`);
  }
  return own;
}

/** A secret may be in a file. What is wrong with that is told by whoever reads it for good. */
const textOf = (source: Source, name: string): string | undefined => secretVariable({ ...source, mistakes: [] }, name);

const isBoth = (source: Source): boolean => versionsOf(source).length === 2;

const ambiguous = (plain: string, name: string): string =>
  `${plain}: could be PortOne V1's or V2's, and both are set up: set PORTONE_V1_${name} and PORTONE_V2_${name} in its place`;

/**
 * Where a version's API and script are, if that is said. `PORTONE_API_BASE` and `PORTONE_SCRIPT` are V1's where variables set up V1 alone,
 * else V2's.
 */
export function placesOf(
  source: Source,
  version: PortOneVersion,
  values: Readonly<
    Partial<Record<`PORTONE_${PlaceName}` | `PORTONE_${PortOneVersion}_${PlaceName}`, string | undefined>>
  >,
): { apiBase: string | undefined; script: string | undefined } {
  const single = variable(source, 'MERCHANTS_FILE') === undefined;
  const versions = single ? versionsOf(source) : [];
  const owner: PortOneVersion = versions.length === 1 && versions[0] === 'V1' ? 'V1' : 'V2';
  const place = (name: PlaceName) => {
    const plain = values[`PORTONE_${name}`];
    if (plain !== undefined && versions.length === 2) source.mistakes.push(ambiguous(`PORTONE_${name}`, name));
    return values[`PORTONE_${version}_${name}`] ?? (owner === version ? plain : undefined);
  };
  return { apiBase: place('API_BASE'), script: place('SCRIPT') };
}
