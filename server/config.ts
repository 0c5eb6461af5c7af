import { dirname, resolve } from 'node:path';
import { defaultPassingOver, type PassingOver } from './checkout/passing-over.js';
import type { Variables } from './config/variables.js';
import { secretVariables, variablesSchema } from './config/variables.js';
import { ConfigError, placeOf } from './environment/mistakes.js';
import type { Env, Source } from './environment/source.js';
import { fileJson, secretVariable, sourceOf, variable } from './environment/source.js';
import type { RateLimits } from './http/rate-limit.js';
import type { ChannelSettings } from './merchants/channels.js';
import { environmentMerchant } from './merchants/environment.js';
import { tossVariables } from './merchants/environment-channels.js';
import { readMerchants } from './merchants/file.js';
import type { Merchant, Merchants } from './merchants/merchant.js';
import { withOldNames } from './merchants/old-names.js';
import { placesOf, versionsOf } from './merchants/portone-versions.js';
import { createMerchants } from './merchants/registry.js';
import type { LogLevel } from './ops/logging.js';
import type { Schedule } from './payments/schedule.js';
import { defaultSchedule } from './payments/schedule.js';
import type { EncryptionKey } from './secrets/vault.js';

export { ConfigError } from './environment/mistakes.js';

export interface Config {
  readonly production: boolean;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  /** For Express's `trust proxy`. */
  readonly trustProxy: false | number | readonly string[];
  /** The first signs, all verify. */
  readonly appSecrets: readonly string[];
  /** The first encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly cronSecret?: string;
  readonly operatorSecret?: string;
  readonly store:
    | { readonly engine: 'mongo'; readonly uri: string }
    | { readonly engine: 'embedded'; readonly file: string };
  readonly logLevel: LogLevel;
  /** Added to the system's time; 0 in production. */
  readonly clockOffsetMs: number;
  /** How long a shutdown waits for what is in flight. */
  readonly shutdownMs: number;
  readonly rateLimits: RateLimits;
  readonly schedule: Schedule;
  /** When a channel that fails is passed over. */
  readonly passingOver: PassingOver;
  readonly merchants: Merchants;
  /** What whoever configures should know, to be told at the start; no secrets. */
  readonly notices: readonly string[];
  /** The id of the merchant whose webhook address names nobody. */
  readonly defaultMerchant?: string;
}

function readVariables(source: Source): Variables | undefined {
  const secret = new Set<string>(secretVariables);
  const texts: Record<string, string | undefined> = {};
  for (const name of Object.keys(variablesSchema.shape)) {
    const text = secret.has(name) ? secretVariable(source, name) : variable(source, name);
    if (text !== undefined) texts[name] = text;
  }
  const parsed = variablesSchema.safeParse(texts);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const [name, ...rest] = path;
    const place = [String(name), placeOf(rest)].filter((part) => part !== '').join(' ');
    const missing = texts[String(name)] === undefined;
    // A secret whose file can't be read is named already.
    if (missing && source.mistakes.some((line) => line.startsWith(String(name)))) continue;
    source.mistakes.push(`${place}: ${missing ? 'is not set' : message}${missing ? hint(String(name)) : ''}`);
  }
  return undefined;
}

/** What a variable that has to be there is for. */
const hints: Readonly<Record<string, string>> = {
  PUBLIC_URL: '; expected the URL this server is reached at, such as https://pay.example',
  APP_SECRET: '; expected at least 32 random bytes (`openssl rand -base64 32`)',
  ENCRYPTION_KEYS: '; expected <id>:<32 bytes in base64>, such as k1:$(openssl rand -base64 32)',
};
const hint = (name: string) => hints[name] ?? '';

/** Rules between variables. */
function checkTogether(source: Source, values: Variables): void {
  const wrong = (line: string) => source.mistakes.push(line);
  if (values.MONGODB_URI && values.STORE_FILE) {
    wrong('MONGODB_URI, STORE_FILE: set one of them: a MongoDB, or the file of the embedded store');
  }
  if (values.NODE_ENV === 'production' && values.CLOCK_OFFSET_MS !== 0) {
    wrong('CLOCK_OFFSET_MS: expected 0 when NODE_ENV is production');
  }
  if (values.CRON_SECRET && values.CRON_SECRET === values.OPERATOR_SECRET) {
    wrong('CRON_SECRET, OPERATOR_SECRET: expected two different secrets');
  }
}

function checkDefaultMerchant(source: Source, id: string | undefined, merchants: readonly Merchant[]): void {
  if (id === undefined || merchants.length === 0) return;
  const having = merchants.filter(({ channels }) => channels.some(({ provider }) => provider === 'portone-v1'));
  if (having.some((merchant) => merchant.id === id)) return;
  const ids = having.map((merchant) => merchant.id).join(', ') || 'there is none';
  source.mistakes.push(`DEFAULT_MERCHANT: expected the id of a merchant with a channel of PortOne V1: ${ids}`);
}

/** Merchants from the file, or the one that variables describe. */
function readAllMerchants(source: Source, settings: ChannelSettings): readonly Merchant[] {
  const path = variable(source, 'MERCHANTS_FILE');
  const own = ['PUBLISHABLE_KEY', 'SECRET_KEY', 'SECRET_KEY_FILE', ...tossVariables];
  const isDescribed = own.some((name) => variable(source, name) !== undefined) || versionsOf(source).length > 0;
  if (path !== undefined) {
    if (variable(source, 'PUBLISHABLE_KEY') !== undefined) {
      source.mistakes.push(
        'MERCHANTS_FILE, PUBLISHABLE_KEY: set one of them: the file, or the variables of a single merchant',
      );
    }
    const before = source.mistakes.length;
    const json = fileJson(source, 'MERCHANTS_FILE', path);
    if (source.mistakes.length > before) return [];
    const file = resolve(source.directory, path);
    return readMerchants(
      json,
      { ...source, directory: dirname(file) },
      settings,
      (place) => `${path}: ${placeOf(place)}`,
    );
  }
  if (!isDescribed) {
    source.mistakes.push(
      'MERCHANTS_FILE: is not set; expected the path of the merchants file, or the variables of a single merchant (PUBLISHABLE_KEY, SECRET_KEY, MERCHANT_NAME, ORIGINS, and TOSS_CLIENT_KEY, TOSS_SECRET_KEY or those of PortOne)',
    );
    return [];
  }
  const { document, naming } = environmentMerchant(source);
  return readMerchants(document, source, settings, naming);
}

/**
 * Reads the whole configuration: variables, the files they name, and the merchants. Throws `ConfigError`, which names every mistake at
 * once with what was expected and repeats no secret. Relative paths start at `directory`.
 */
export function readConfig(env: Env, directory = process.cwd()): Config {
  const source = withOldNames(sourceOf(env, directory));
  const values = readVariables(source);
  if (values) checkTogether(source, values);
  const merchants = readAllMerchants(source, {
    toss: { apiBase: values?.TOSS_API_BASE, script: values?.TOSS_SCRIPT },
    portOneV2: placesOf(source, 'V2', values ?? {}),
    portOneV1: placesOf(source, 'V1', values ?? {}),
    publicUrl: values?.PUBLIC_URL ?? variable(source, 'PUBLIC_URL'),
  });
  if (values) checkDefaultMerchant(source, values.DEFAULT_MERCHANT, merchants);
  if (!values || source.mistakes.length > 0) throw new ConfigError(source.mistakes);
  return {
    production: values.NODE_ENV === 'production',
    publicUrl: values.PUBLIC_URL,
    host: values.HOST,
    port: values.PORT,
    trustProxy: values.TRUST_PROXY,
    appSecrets: values.APP_SECRET,
    encryptionKeys: values.ENCRYPTION_KEYS,
    ...(values.CRON_SECRET ? { cronSecret: values.CRON_SECRET } : {}),
    ...(values.OPERATOR_SECRET ? { operatorSecret: values.OPERATOR_SECRET } : {}),
    store: values.MONGODB_URI
      ? { engine: 'mongo', uri: values.MONGODB_URI }
      : { engine: 'embedded', file: resolve(directory, values.STORE_FILE ?? 'data/pay-checkout.db') },
    logLevel: values.LOG_LEVEL,
    clockOffsetMs: values.CLOCK_OFFSET_MS,
    shutdownMs: values.SHUTDOWN_MS,
    rateLimits: {
      perAddress: values.RATE_LIMIT_PER_ADDRESS,
      perKey: values.RATE_LIMIT_PER_KEY,
      perSession: values.RATE_LIMIT_PER_SESSION,
    },
    schedule: values.SCHEDULE ?? defaultSchedule,
    passingOver: values.PASS_OVER ?? defaultPassingOver,
    merchants: createMerchants(merchants),
    notices: source.notices,
    ...(values.DEFAULT_MERCHANT ? { defaultMerchant: values.DEFAULT_MERCHANT } : {}),
  };
}
