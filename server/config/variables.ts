import { z } from 'zod';
import { day } from '../ops/clock.js';
import { logLevels } from '../ops/logging.js';
import type { EncryptionKey } from '../secrets/vault.js';
import { passOverVariable } from './pass-over.js';
import { scheduleVariable } from './schedule.js';

const whole = (expected: string, min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,16}$/, `expected ${expected}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `expected ${expected}` });

const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !web || url.search !== '' || url.hash !== '' || url.username !== '') {
    context.addIssue({
      code: 'custom',
      message: 'expected the URL this server is reached at, such as https://pay.example',
    });
    return z.NEVER;
  }
  return url.href.replace(/\/+$/, '');
});

const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const appSecrets = z
  .string()
  .transform(listOf)
  .refine((secrets) => secrets.length > 0 && secrets.every((secret) => Buffer.byteLength(secret) >= 32), {
    error:
      'expected at least 32 random bytes (`openssl rand -base64 32`); several, separated by commas, while you rotate',
  })
  .refine((secrets) => new Set(secrets).size === secrets.length, { error: 'has one secret twice' });

const encryptionKeys = z.string().transform((text, context): EncryptionKey[] => {
  const wrong = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const keys: EncryptionKey[] = [];
  for (const part of listOf(text)) {
    const [, id, base64] = /^([A-Za-z0-9-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(part) ?? [];
    if (!id || !base64) {
      return wrong(
        'expected <id>:<32 bytes in base64>, such as k1:$(openssl rand -base64 32); several, separated by commas, while you rotate',
      );
    }
    if (keys.some((key) => key.id === id)) return wrong(`has the key id "${id}" twice`);
    keys.push({ id, key: Buffer.from(base64, 'base64') });
  }
  return keys.length > 0 ? keys : wrong('expected at least one key');
});

/** Express's `trust proxy`: how many proxies stand in front, or which addresses they have. */
const trustProxy = z.string().transform((text, context): false | number | string[] => {
  if (text === 'false') return false;
  if (/^\d{1,2}$/.test(text)) return Number(text) === 0 ? false : Number(text);
  const parts = listOf(text);
  const address = /^(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(\/\d{1,3})?)$/;
  if (parts.length > 0 && parts.every((part) => address.test(part) && /[.:]|^[lu]/.test(part))) return parts;
  context.addIssue({
    code: 'custom',
    message:
      'expected how many proxies stand before this server (1), or their addresses (loopback, 10.0.0.0/8); trusting everyone would let anyone forge an address',
  });
  return z.NEVER;
});

const bearerSecret = z
  .string()
  .regex(/^[\x21-\x7e]{32,512}$/, 'expected 32 to 512 visible ASCII characters (`openssl rand -hex 32`)');

const perWindow = whole('requests per minute; 0: no limit', 0, 10_000_000);

const webAddress = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' }).optional();

/** Every variable of the server itself, as text in, typed out. The merchant's own variables are read in `merchants/`. */
export const variablesSchema = z.object({
  NODE_ENV: z.string().default('development'),
  PUBLIC_URL: publicUrl,
  HOST: z.string().min(1).default('0.0.0.0'),
  PORT: whole('a port, 0 to 65535', 0, 65_535).default(4001),
  TRUST_PROXY: trustProxy.default(false),
  APP_SECRET: appSecrets,
  ENCRYPTION_KEYS: encryptionKeys,
  CRON_SECRET: bearerSecret.optional(),
  OPERATOR_SECRET: bearerSecret.optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'expected mongodb://… or mongodb+srv://…')
    .optional(),
  STORE_FILE: z.string().min(1).optional(),
  DEFAULT_MERCHANT: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  CLOCK_OFFSET_MS: whole('whole milliseconds within ten years', -3_650 * day, 3_650 * day).default(0),
  SHUTDOWN_MS: whole('whole milliseconds, 0 to 600000', 0, 600_000).default(15_000),
  RATE_LIMIT_PER_ADDRESS: perWindow.default(600),
  RATE_LIMIT_PER_KEY: perWindow.default(6_000),
  RATE_LIMIT_PER_SESSION: perWindow.default(120),
  SCHEDULE: scheduleVariable.optional(),
  PASS_OVER: passOverVariable.optional(),
  TOSS_API_BASE: webAddress,
  TOSS_SCRIPT: webAddress,
  PORTONE_API_BASE: webAddress,
  PORTONE_SCRIPT: webAddress,
  PORTONE_V1_API_BASE: webAddress,
  PORTONE_V1_SCRIPT: webAddress,
  PORTONE_V2_API_BASE: webAddress,
  PORTONE_V2_SCRIPT: webAddress,
});

export type Variables = z.output<typeof variablesSchema>;
export type VariableName = keyof Variables;

/** Those that may also come from the file that `<NAME>_FILE` names. */
export const secretVariables = [
  'APP_SECRET',
  'ENCRYPTION_KEYS',
  'CRON_SECRET',
  'OPERATOR_SECRET',
  'MONGODB_URI',
] as const satisfies readonly VariableName[];
