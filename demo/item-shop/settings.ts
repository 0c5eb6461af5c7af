import { demoKeys, shopperTokenSecret } from '../config/keys.js';

export interface ItemShopSettings {
  readonly host: string;
  readonly port: number;
  readonly file: string;
  /** The pay-checkout server, as this process reaches it, and as browsers do. */
  readonly server: string;
  readonly publicServer: string;
  /** Where the payment companies' scripts and windows come from. */
  readonly provider: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly tokenSecret: string;
  /** How far the server's clock is ahead of this machine's. */
  readonly clockOffsetMs: number;
}

export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** Reads the environment. Throws `SettingsError` naming every mistake. Keys that are not given are the demo's public ones. */
export function readItemShopSettings(env: Readonly<Record<string, string | undefined>>): ItemShopSettings {
  const mistakes: string[] = [];
  const text = (name: string, fallback?: string): string => {
    const value = env[name]?.trim() || fallback;
    if (value === undefined) mistakes.push(`${name} is missing`);
    return value ?? '';
  };
  const url = (name: string, fallback?: string): string => {
    const value = text(name, fallback);
    if (value !== '' && !/^https?:\/\//.test(value))
      mistakes.push(`${name} is "${value}"; expected an http or https URL`);
    return value.replace(/\/+$/, '');
  };
  const whole = (name: string, fallback: string, most: number): number => {
    const value = Number(text(name, fallback));
    if (!Number.isSafeInteger(value) || Math.abs(value) > most) mistakes.push(`${name}: expected a whole number`);
    return value;
  };
  const { publishable, secret } = demoKeys.items;
  const server = url('PAY_SERVER');
  const settings: ItemShopSettings = {
    server,
    publicServer: url('PAY_SERVER_PUBLIC', server || undefined),
    provider: url('PAY_PROVIDER', server || undefined),
    secretKey: text('PAY_SECRET_KEY', secret),
    publishableKey: text('PAY_PUBLISHABLE_KEY', publishable),
    tokenSecret: text('CUSTOMER_TOKEN_SECRET', shopperTokenSecret),
    file: text('DATA_FILE'),
    host: text('HOST', '127.0.0.1'),
    port: whole('PORT', '4003', 65_535),
    clockOffsetMs: whole('CLOCK_OFFSET_MS', '0', Number.MAX_SAFE_INTEGER),
  };
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
  return settings;
}
