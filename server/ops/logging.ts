import type { DestinationStream } from 'pino';
import { pino } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * All that a log line may carry. What is not listed here is dropped, by the compiler and again at run time: buyer data, account numbers
 * and tokens have no field to go into. To log something new, add it here and think about what it may hold.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly method?: string;
  /** The route's pattern (`/payments/:id`), never the URL that was asked for. */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly caller?: string;
  /** An error code of the API. */
  readonly code?: string;
  readonly merchant?: string;
  readonly payment?: string;
  readonly attempt?: number;
  readonly refund?: string;
  readonly channel?: string;
  readonly provider?: string;
  /** The provider's id of a payment of its own. */
  readonly record?: string;
  /** Minor units. */
  readonly amount?: number;
  readonly currency?: string;
  /** The rule of `server/invariants` that was found broken. */
  readonly invariant?: string;
  readonly operation?: string;
  readonly outcome?: string;
  /** A provider's error code, or what went wrong on the wire. */
  readonly reason?: string;
  readonly attention?: string;
  readonly from?: string;
  readonly to?: string;
  readonly trigger?: string;
  readonly job?: string;
  readonly count?: number;
  readonly engine?: string;
  readonly url?: string;
  readonly port?: number;
  readonly signal?: string;
  readonly version?: string;
  /** Anything thrown: its name, message and stack are logged, masked. */
  readonly error?: unknown;
}

/** `event` is a constant word (`payment_settled`), so that lines can be counted. */
type Log = (event: string, fields?: LogFields) => void;

export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
  readonly fatal: Log;
}

const allowed: Readonly<Record<Exclude<keyof LogFields, 'error'>, true>> = {
  requestId: true,
  method: true,
  route: true,
  status: true,
  ms: true,
  caller: true,
  code: true,
  merchant: true,
  payment: true,
  attempt: true,
  refund: true,
  channel: true,
  provider: true,
  record: true,
  amount: true,
  currency: true,
  invariant: true,
  operation: true,
  outcome: true,
  reason: true,
  attention: true,
  from: true,
  to: true,
  trigger: true,
  job: true,
  count: true,
  engine: true,
  url: true,
  port: true,
  signal: true,
  version: true,
};

const masks: readonly (readonly [RegExp, string])[] = [
  // Keys of ours and of the providers, client secrets, return tokens.
  [/\b((?:test_|live_)?g?sk_)[\w-]+/g, '$1***'],
  [/(_secret_)[\w-]+/g, '$1***'],
  [/\b(rt_)[\w.-]+/g, '$1***'],
  // Tokens in three parts, and whatever follows an authorization scheme.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, 'jwt***'],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]+/gi, '$1 ***'],
  // Credentials in a connection string.
  [/(\w+:\/\/)[^/\s@]+@/g, '$1***@'],
];

/** Whatever a mask could find has one of these in it; nearly every text has none. */
const suspicious = /sk_|_secret_|rt_|eyJ|bearer|basic|@/i;

/** Text that may be logged: known shapes of secrets masked, and no longer than `max` characters. */
export function masked(text: string, max = 500): string {
  let result = text;
  if (suspicious.test(text)) for (const [pattern, instead] of masks) result = result.replace(pattern, instead);
  return result.length > max ? `${result.slice(0, max)}…` : result;
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error, message: masked(String(error)) };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: masked(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: masked(error.stack, 4_000) }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** The fields of `entry` that may be logged, as plain values. */
export function loggable(entry: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entry)) {
    if (!Object.hasOwn(allowed, name)) continue;
    if (typeof value === 'string') line[name] = masked(value);
    else if (typeof value === 'number' || typeof value === 'boolean') line[name] = value;
  }
  if (entry.error !== undefined) line.error = describeError(entry.error);
  return line;
}

/** One JSON line per call on standard output, or on `destination`. Lines carry the system's time, whatever the injected clock says. */
export function createLogger(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Logger {
  const base = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' };
  const out = options.destination ? pino(base, options.destination) : pino(base);
  const at =
    (level: Exclude<LogLevel, 'silent'>): Log =>
    (event, fields = {}) => {
      if (out.isLevelEnabled(level)) out[level](loggable(fields), event);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), fatal: at('fatal') };
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = createLogger({ level: 'silent' });
