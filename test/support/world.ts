import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedSession, Problem, TossLaunch } from '../../contract/index.js';
import { createSandbox, type Sandbox } from '../../demo/sandbox/sandbox.js';
import { type App, type AppDeps, createApp, definitions } from '../../server/app.js';
import { defaultPassingOver } from '../../server/checkout/passing-over.js';
import type { Config } from '../../server/config.js';
import { listen } from '../../server/http/server.js';
import { stopServer } from '../../server/http/shutdown.js';
import type { CatalogueItem, Merchant } from '../../server/merchants/merchant.js';
import { createMerchants, hashSecretKey } from '../../server/merchants/registry.js';
import type { Clock, Instant } from '../../server/ops/clock.js';
import { systemIds } from '../../server/ops/ids.js';
import { type Logger, silentLogger } from '../../server/ops/logging.js';
import type { Payment } from '../../server/payments/payment.js';
import { payments } from '../../server/payments/payment.js';
import { defaultSchedule } from '../../server/payments/schedule.js';
import type { TossChannel } from '../../server/providers/provider.js';
import { createProviders } from '../../server/providers/registry.js';
import { openStore } from '../../server/store/open.js';
import type { Store } from '../../server/store/store.js';

/** Time that moves only when it is told to. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start: Instant = Date.UTC(2026, 2, 2, 3, 0, 0)): TestClock {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

export const blog = {
  publishableKey: 'pk_test_blog_0123456789',
  secretKey: 'sk_test_blog_0123456789abcdefghijklmnop',
  origin: 'https://blog.example',
  page: 'https://blog.example/posts/7',
  shopperSecret: 'a-shopper-token-secret-of-32-bytes-or-more',
} as const;

export const other = {
  publishableKey: 'pk_test_other_0123456789',
  secretKey: 'sk_test_other_0123456789abcdefghijklmnop',
  origin: 'https://other.example',
} as const;

export const operatorSecret = 'an-operator-secret-of-at-least-32-characters';
export const cronSecret = 'a-cron-secret-of-at-least-32-characters';

const item = (id: string, ko: string, price: number, more: Partial<CatalogueItem> = {}): [string, CatalogueItem] => [
  id,
  { id, kind: 'product', name: { ko, en: id }, price, currency: 'KRW', minQuantity: 1, maxQuantity: 10, ...more },
];

export const channel = (apiBase: string, more: Partial<TossChannel> = {}): TossChannel => ({
  id: 'toss',
  provider: 'toss',
  environment: 'test',
  approval: 'manual',
  currencies: ['KRW'],
  apiBase,
  script: `${apiBase}/v2/standard`,
  clientKey: 'test_ck_blog',
  secretKey: 'test_sk_blog',
  product: 'window',
  ...more,
});

const merchant = (id: string, keys: typeof blog | typeof other, more: Partial<Merchant>): Merchant => ({
  id,
  name: { ko: '브런치 블로그', en: 'Brunch blog' },
  publishableKey: keys.publishableKey,
  secretKeyHash: hashSecretKey(keys.secretKey),
  origins: [keys.origin],
  locale: 'ko',
  timeZone: 'Asia/Seoul',
  lateMoney: 'refund',
  channels: [],
  catalogue: new Map([
    item('coffee', '드립백 커피', 4_500),
    item('mug', '머그잔', 12_000, { maxQuantity: 3 }),
    item('map', '지도', 1_420, { currency: 'USD' }),
  ]),
  ...more,
});

export interface WorldOptions {
  /** Default: embedded, in memory. */
  readonly mongodbUri?: string;
  readonly file?: string;
  readonly clock?: TestClock;
  readonly sandbox?: Sandbox;
  readonly sandboxUrl?: string;
  readonly blog?: Partial<Merchant>;
  readonly other?: Partial<Merchant>;
  readonly defaultMerchant?: string;
  readonly channel?: Partial<TossChannel>;
  readonly log?: Logger;
  readonly answerWithinMs?: number;
  /** Where providers reach this server; default: where it listens. */
  readonly publicUrl?: string;
  /** False: no comparison with the provider and no check of the books by itself. */
  readonly oversight?: boolean;
  /** A store that another world left: it is used and not closed. */
  readonly store?: Store;
  /** Stands between the app and its store: to stop it at a write. */
  readonly wrapStore?: (store: Store) => Store;
  readonly wrapProviders?: (providers: NonNullable<AppDeps['providers']>) => NonNullable<AppDeps['providers']>;
}

export interface World {
  readonly url: string;
  readonly clock: TestClock;
  readonly sandbox: Sandbox;
  readonly sandboxUrl: string;
  readonly app: App;
  /** Unwrapped. */
  readonly store: Store;
  readonly config: Config;
  /** The document, as stored. */
  payment(id: string): Promise<Payment>;
  /** Runs all due work at the clock's time until nothing is due. */
  runDry(): Promise<void>;
  close(): Promise<void>;
}

/** Money calls that a fault leaves unanswered are given up on quickly. */
const timeouts = { money: 400, lookup: 400 };

/** The whole server, in this process, against a sandbox over real HTTP, on one movable clock. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? testClock();
  const sandbox = options.sandbox ?? createSandbox({ clock });
  const listening = options.sandboxUrl === undefined ? await sandbox.listen(0) : undefined;
  const sandboxUrl = options.sandboxUrl ?? (listening as { url: string }).url;
  const config = configOf(`${sandboxUrl}/toss`, options);
  const log = options.log ?? silentLogger;
  const { mongodbUri, file = ':memory:' } = options;
  const opened = options.store ?? (await openStore({ mongodbUri, file, definitions, logger: log }));
  const store = options.wrapStore?.(opened) ?? opened;
  const providers = createProviders({ timeouts, clock });
  const app = createApp({
    config,
    store,
    clock,
    ids: systemIds(clock),
    log,
    ...(options.answerWithinMs !== undefined && { answerWithinMs: options.answerWithinMs }),
    ...(options.oversight !== undefined && { oversight: options.oversight }),
    providers: options.wrapProviders?.(providers) ?? providers,
  });
  const { server, port } = await listen(app.http, { host: '127.0.0.1', port: 0 });
  // Known only now; nobody has asked for it before.
  Object.assign(config, { publicUrl: options.publicUrl ?? `http://127.0.0.1:${port}` });
  const collection = opened.collection(payments);
  return {
    url: `http://127.0.0.1:${port}`,
    clock,
    sandbox,
    sandboxUrl,
    app,
    store: opened,
    config,
    async payment(id) {
      const payment = await collection.get(id);
      if (!payment) throw new Error(`no payment ${id}`);
      return payment;
    },
    async runDry() {
      for (let round = 0; (await app.worker.runOnce()) > 0; round++) {
        await app.idle();
        if (round > 200) throw new Error('due work does not run dry');
      }
    },
    async close() {
      await stopServer(server, app.shutdown, 1_000);
      await app.stop();
      if (!options.store) await opened.close();
      await listening?.close();
    },
  };
}

function configOf(apiBase: string, options: WorldOptions): Config {
  const channels = [channel(apiBase, options.channel)];
  return {
    production: false,
    publicUrl: 'http://127.0.0.1',
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    appSecrets: ['an-app-secret-of-at-least-32-bytes-0001'],
    encryptionKeys: [{ id: 'k1', key: new Uint8Array(32).fill(7) }],
    cronSecret,
    operatorSecret,
    store: { engine: 'embedded', file: ':memory:' },
    logLevel: 'silent',
    clockOffsetMs: 0,
    shutdownMs: 1_000,
    rateLimits: { perAddress: 0, perKey: 0, perSession: 0 },
    schedule: defaultSchedule,
    notices: [],
    passingOver: defaultPassingOver,
    merchants: createMerchants([
      merchant('blog', blog, {
        channels,
        shopperTokens: { algorithm: 'HS256', secret: new TextEncoder().encode(blog.shopperSecret) },
        ...options.blog,
      }),
      merchant('other', other, {
        channels: [channel(apiBase, { clientKey: 'test_ck_other', secretKey: 'test_sk_other' })],
        ...options.other,
      }),
    ]),
    ...(options.defaultMerchant !== undefined && { defaultMerchant: options.defaultMerchant }),
  };
}

/** A body, or what a problem document says in its place. */
export type Said<T> = T & Partial<Pick<Problem, 'code' | 'detail' | 'errors' | 'refund' | 'title'>>;

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Call {
  readonly token?: string;
  readonly origin?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A session whose merchant has Toss channels alone. */
export type TossSession = OpenedSession & { launch?: TossLaunch };

/** One request to a server's API; the answer's body parsed. */
export async function api<T = TossSession>(
  url: string,
  method: string,
  path: string,
  { token, origin, body, headers }: Call = {},
): Promise<Answer<Said<T>>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(origin !== undefined && { origin }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Said<T>, headers: response.headers };
}

/** A file for one embedded store, and its removal. */
export function storeFile(name: string): { file: string; remove(): Promise<void> } {
  const file = join(tmpdir(), `pay-checkout-${name}-${process.pid}-${Math.random().toString(36).slice(2)}.db`);
  return {
    file,
    async remove() {
      for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
    },
  };
}
