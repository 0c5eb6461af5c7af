import type { AddressInfo } from 'node:net';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Problem } from '../../../contract/index.js';
import { idField, lineField } from '../../../server/http/fields.js';
import type { Route } from '../../../server/http/route.js';
import { route } from '../../../server/http/route.js';
import type { HttpAppDeps } from '../../../server/http/server.js';
import { createHttpApp, listen } from '../../../server/http/server.js';
import type { Shutdown } from '../../../server/http/shutdown.js';
import { createShutdown, stopServer } from '../../../server/http/shutdown.js';
import type { Merchant } from '../../../server/merchants/merchant.js';
import { createMerchants, hashSecretKey } from '../../../server/merchants/registry.js';
import type { Clock, Instant } from '../../../server/ops/clock.js';
import type { Logger } from '../../../server/ops/logging.js';
import { silentLogger } from '../../../server/ops/logging.js';
import { createTokens } from '../../../server/secrets/tokens.js';

export const publishableKey = 'pk_coffee_0123456789';
export const secretKey = 'sk_coffee_0123456789abcdefghijklmnop';
export const otherPublishableKey = 'pk_books_0123456789';
export const origin = 'https://coffee.example';
export const session = 'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA';
export const shopperSecret = new TextEncoder().encode('the-shopper-secret-of-the-coffee-shop-0123');
export const cronSecret = 'cron-secret-0123456789-0123456789-xyz';
export const operatorSecret = 'operator-secret-0123456789-0123456789';
export const tokens = createTokens({ appSecrets: ['an-app-secret-of-at-least-32-bytes-0001'] });

export const merchantOf = (id: string, more: Partial<Merchant> = {}): Merchant => ({
  id,
  name: { ko: id },
  publishableKey: `pk_${id}_0123456789`,
  secretKeyHash: hashSecretKey(`sk_${id}_0123456789abcdefghijklmnop`),
  origins: [`https://${id}.example`],
  locale: 'ko',
  timeZone: 'Asia/Seoul',
  lateMoney: 'refund',
  channels: [],
  catalogue: new Map(),
  ...more,
});

export const merchants = createMerchants([
  merchantOf('coffee', { shopperTokens: { algorithm: 'HS256', secret: shopperSecret } }),
  merchantOf('books'),
]);

/** A clock that stands still until it is moved. */
export function movableClock(start: Instant = Date.UTC(2026, 0, 1)): Clock & { move(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    move: (ms) => {
      now += ms;
    },
  };
}

const sessionBody = z.strictObject({
  items: z.array(z.strictObject({ item: lineField(64), quantity: z.int().min(1).exactOptional() })).min(1),
  name: lineField(100).exactOptional(),
});

/** One of each kind of endpoint; they answer with what they were given. */
export const sampleRoutes = (more: readonly Route[] = []): Route[] => [
  route({
    method: 'get',
    path: '/things/:id',
    summary: 'Read a thing',
    callers: 'anyone',
    params: z.strictObject({ id: idField('pay') }),
    query: z.strictObject({ after: z.string().exactOptional() }),
    responses: { 200: { description: 'The thing', schema: z.strictObject({ id: z.string() }) } },
    handle: async ({ params, caller }) => ({
      status: 200,
      body: { id: params.id, caller: caller ?? 'anyone' },
      headers: { 'Cache-Control': 'public, max-age=60' },
    }),
  }),
  route({
    method: 'post',
    path: '/sessions',
    summary: 'Create from the catalogue',
    callers: ['publishable'],
    body: sessionBody,
    responses: { 201: { description: 'Created' } },
    handle: async ({ caller, body, idempotencyKey }) => ({
      status: 201,
      body: { by: caller.kind, merchant: caller.merchant.id, items: body.items, idempotencyKey },
    }),
  }),
  route({
    method: 'post',
    path: '/sessions',
    summary: 'Create any amount',
    callers: ['secret'],
    body: z.strictObject({ amount: z.int() }),
    responses: { 201: { description: 'Created' } },
    handle: async ({ caller, body }) => ({ status: 201, body: { by: caller.kind, amount: body.amount } }),
  }),
  route({
    method: 'get',
    path: '/sessions/:id',
    summary: 'Read a session',
    callers: ['session', 'return'],
    params: z.strictObject({ id: idField('cs') }),
    responses: { 200: { description: 'The session' } },
    handle: async ({ caller }) => ({ status: 200, body: { by: caller.kind, session: caller.session } }),
  }),
  route({
    method: 'get',
    path: '/me/things',
    summary: "A shopper's things",
    callers: ['shopper'],
    responses: { 200: { description: 'Things' } },
    handle: async ({ caller }) => ({ status: 200, body: { merchant: caller.merchant.id, customer: caller.customer } }),
  }),
  route({
    method: 'post',
    path: '/refunds',
    summary: 'Give money back',
    callers: ['secret'],
    idempotencyKey: 'required',
    responses: { 202: { description: 'Under way' } },
    handle: async ({ idempotencyKey }) => ({ status: 202, body: { idempotencyKey } }),
  }),
  route({
    method: 'post',
    path: '/jobs/:name',
    summary: 'Run a job',
    callers: ['cron', 'operator'],
    params: z.strictObject({ name: z.enum(['due']) }),
    responses: { 204: { description: 'Done' } },
    handle: async () => ({ status: 204 }),
  }),
  ...more,
];

export interface Running {
  readonly url: string;
  readonly clock: ReturnType<typeof movableClock>;
  readonly shutdown: Shutdown;
  call(path: string, init?: RequestInit & { bearer?: string }): Promise<Response>;
  stop(graceMs?: number): Promise<boolean>;
}

export interface Options {
  readonly routes?: readonly Route[];
  readonly rateLimits?: { perAddress: number; perKey: number; perSession: number };
  readonly log?: Logger;
  readonly ping?: () => Promise<void>;
  readonly trustProxy?: false | number | readonly string[];
  readonly outside?: readonly RequestHandler[];
}

/** A real server on a free port with the sample routes below `/api/v1`. */
export async function start(options: Options = {}): Promise<Running> {
  const clock = movableClock();
  const shutdown = createShutdown();
  const deps: HttpAppDeps = {
    config: {
      publicUrl: 'http://localhost:4001',
      trustProxy: options.trustProxy ?? false,
      rateLimits: options.rateLimits ?? { perAddress: 0, perKey: 0, perSession: 0 },
    },
    store: { ping: options.ping ?? (async () => undefined) },
    log: options.log ?? silentLogger,
    shutdown,
    merchants,
    tokens,
    clock,
    cronSecret,
    operatorSecret,
  };
  const app = createHttpApp(sampleRoutes(options.routes), deps, options.outside);
  const { server } = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    clock,
    shutdown,
    call(path, { bearer, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
      return fetch(url + path, { ...init, headers });
    },
    stop: (graceMs = 2_000) => stopServer(server, shutdown, graceMs),
  };
}

export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** The problem in a reply, after checking that it is one, consistent, and readable by any page. */
export async function problemIn(reply: Response): Promise<Problem> {
  const text = await reply.text();
  if (!reply.headers.get('content-type')?.startsWith('application/problem+json')) {
    throw new Error(`not a problem: ${reply.status} ${text}`);
  }
  const problem = JSON.parse(text) as Problem;
  if (problem.status !== reply.status) throw new Error('the status in the problem is another than of the reply');
  if (reply.headers.get('access-control-allow-origin') !== '*') throw new Error('a page could not read this error');
  if (problem.requestId !== reply.headers.get('x-request-id')) throw new Error('the request id is not in the problem');
  return problem;
}
