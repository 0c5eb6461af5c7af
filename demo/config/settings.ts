import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The servers of the demo, with the variable that moves each to another port. */
export const ports = {
  shop: { variable: 'SHOP_PORT', fallback: 4000 },
  server: { variable: 'SERVER_PORT', fallback: 4001 },
  sandbox: { variable: 'SANDBOX_PORT', fallback: 4002 },
  items: { variable: 'ITEMS_PORT', fallback: 4003 },
} as const;

export type Part = keyof typeof ports;
export const parts = Object.keys(ports) as Part[];

export interface Settings {
  /** 0: any free one. */
  readonly ports: Readonly<Record<Part, number>>;
  /** Where the demo keeps its data and its generated secrets. */
  readonly directory: string;
  /** Forget what earlier runs left. */
  readonly fresh: boolean;
  /** Listen on all interfaces, and use this machine's LAN address in URLs. */
  readonly lan: boolean;
}

/** What the person who started the demo got wrong, in words for them. */
export class DemoError extends Error {
  override name = 'DemoError';
}

const usage = 'Usage: npm run demo [-- --fresh] [-- --host]';

/** Reads the command line and the environment. Throws `DemoError`. */
export function readSettings(args: readonly string[], env: Env): Settings {
  const unknown = args.find((arg) => arg !== '--fresh' && arg !== '--host');
  if (unknown !== undefined) throw new DemoError(`"${unknown}" is no option of the demo.\n${usage}`);
  if (env.NODE_ENV === 'production') {
    throw new DemoError('The demo takes no real payments and does not run with NODE_ENV=production.');
  }
  const chosen = Object.fromEntries(parts.map((part) => [part, portOf(part, env)])) as Record<Part, number>;
  for (const part of parts) {
    const twin = parts.find((other) => other !== part && chosen[other] !== 0 && chosen[other] === chosen[part]);
    if (twin) throw new DemoError(`${ports[part].variable} and ${ports[twin].variable} are both ${chosen[part]}.`);
  }
  return {
    ports: chosen,
    directory: resolve(env.DEMO_DIR ?? '.demo'),
    fresh: args.includes('--fresh'),
    lan: args.includes('--host'),
  };
}

function portOf(part: Part, env: Env): number {
  const { variable, fallback } = ports[part];
  const text = env[variable]?.trim();
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new DemoError(`${variable} is "${text}"; expected a port, 0 to 65535.`);
}

/** This machine's first IPv4 address that other machines can reach. */
export function lanAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'));
  if (!found) throw new DemoError('--host: this machine has no address in a network.');
  return found.address;
}
