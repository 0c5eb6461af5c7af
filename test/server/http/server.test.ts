import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../../../server/http/problem.js';
import type { Reply } from '../../../server/http/route.js';
import { route } from '../../../server/http/route.js';
import { createHttpApp, listen } from '../../../server/http/server.js';
import { createShutdown } from '../../../server/http/shutdown.js';
import { createLogger, silentLogger } from '../../../server/ops/logging.js';
import { BadCursor, StoreUnavailable } from '../../../server/store/store.js';
import type { Options, Running } from './fixture.js';
import {
  json,
  merchants,
  movableClock,
  origin,
  problemIn,
  publishableKey,
  sampleRoutes,
  secretKey,
  session,
  start,
  tokens,
} from './fixture.js';

const running: Running[] = [];
async function run(options?: Options): Promise<Running> {
  const app = await start(options);
  running.push(app);
  return app;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop(0)));
});

const answering = (path: string, handle: (signal: AbortSignal) => Promise<Reply>) =>
  route({
    method: 'get',
    path,
    summary: 'For a test',
    callers: 'anyone',
    responses: { 200: { description: 'ok' } },
    handle: ({ signal }) => handle(signal),
  });
const throwing = (path: string, error: unknown) =>
  answering(path, async () => {
    throw error;
  });

/** A log that is kept. */
function kept() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: createLogger({ level: 'info', destination }) };
}

describe('errors', () => {
  test('a bug is 500 and says nothing of itself, but to the log', async () => {
    const { lines, log } = kept();
    const app = await run({ log, routes: [throwing('/bug', new Error('the password is hunter2'))] });
    const reply = await app.call('/api/v1/bug');
    const problem = await problemIn(reply);
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|\.ts|Error/);
    const logged = lines.find(({ event }) => event === 'request_failed');
    expect(logged).toMatchObject({ requestId: problem.requestId, error: { message: 'the password is hunter2' } });
  });
  test('a lost store is 503 with Retry-After', async () => {
    const app = await run({ routes: [throwing('/lost', new StoreUnavailable('mongodb://root:pw@db'))] });
    const reply = await app.call('/api/v1/lost');
    expect(reply.headers.get('retry-after')).toBe('2');
    const problem = await problemIn(reply);
    expect(problem).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(JSON.stringify(problem)).not.toContain('mongodb');
  });
  test("a cursor that is not the list's is 400", async () => {
    const app = await run({ routes: [throwing('/cursor', new BadCursor('x'))] });
    expect(await problemIn(await app.call('/api/v1/cursor'))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path: 'after' }],
    });
  });
  test('an ApiError keeps its detail, fields and headers', async () => {
    const error = new ApiError('provider_unavailable', 'Ask again.', { headers: { 'Retry-After': '7' } });
    const app = await run({ routes: [throwing('/provider', error)] });
    const reply = await app.call('/api/v1/provider');
    expect(reply.headers.get('retry-after')).toBe('7');
    expect(await problemIn(reply)).toMatchObject({
      type: '/docs#provider_unavailable',
      status: 503,
      title: 'The payment provider can not be reached',
      detail: 'Ask again.',
    });
  });
});

describe('headers', () => {
  test('a preflight is answered for any path, without a token', async () => {
    const app = await run();
    for (const path of ['/api/v1/sessions', '/nope']) {
      const reply = await app.call(path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
      expect(reply.status).toBe(204);
      expect(reply.headers.get('access-control-allow-origin')).toBe('*');
      expect(reply.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, Idempotency-Key');
      expect(reply.headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(reply.headers.get('access-control-max-age')).toBe('86400');
    }
  });
  test('every reply may be read by any page, and lets nothing be framed or sniffed', async () => {
    const app = await run();
    for (const path of ['/healthz', '/docs', '/openapi.json', '/api/v1/nope']) {
      const { headers } = await app.call(path);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toBe('Retry-After, X-Request-Id');
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(headers.get('cross-origin-opener-policy')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
  test('what is behind a token is not kept by caches', async () => {
    const app = await run();
    const reply = await app.call(`/api/v1/sessions/${session}`, { bearer: tokens.clientSecret(session) });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });
  test('a sane request id is kept, any other replaced', async () => {
    const app = await run();
    const idFor = async (id: string) =>
      (await app.call('/healthz', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await idFor('req-0123456789')).toBe('req-0123456789');
    for (const bad of ['short', 'has spaces in it', '<script>alert(1)</script>', 'x'.repeat(65)]) {
      expect(await idFor(bad)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('rate limits', () => {
  const unlimited = { perAddress: 0, perKey: 0, perSession: 0 };
  const statuses = async (times: number, call: () => Promise<Response>) => {
    const found: number[] = [];
    for (let i = 0; i < times; i++) found.push((await call()).status);
    return found;
  };
  test('an address is limited, also while it guesses tokens, with a problem and Retry-After', async () => {
    const app = await run({ rateLimits: { ...unlimited, perAddress: 2 } });
    const guess = () => app.call('/api/v1/refunds', { method: 'POST', bearer: 'sk_guess' });
    expect(await statuses(2, guess)).toEqual([401, 401]);
    const reply = await guess();
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemIn(reply)).toMatchObject({ status: 429, code: 'rate_limited' });
  });
  test("a merchant's backend is limited by its key, not by its address", async () => {
    const app = await run({ rateLimits: { ...unlimited, perAddress: 1, perKey: 3 } });
    const create = () => app.call('/api/v1/sessions', { ...json({ amount: 1 }), bearer: secretKey });
    expect(await statuses(4, create)).toEqual([201, 201, 201, 429]);
  });
  test('one session at its limit leaves others alone', async () => {
    const app = await run({ rateLimits: { ...unlimited, perSession: 1 } });
    const other = session.replace('A', 'B');
    const readOf = (id: string) => () => app.call(`/api/v1/sessions/${id}`, { bearer: tokens.clientSecret(id) });
    expect(await statuses(2, readOf(session))).toEqual([200, 429]);
    expect(await statuses(1, readOf(other))).toEqual([200]);
  });
  test('an address is what the trusted proxy says, and a forged header changes nothing', async () => {
    const get = (app: Running, address: string) => () =>
      app.call('/api/v1/things/pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA', { headers: { 'x-forwarded-for': address } });
    const behind = await run({ rateLimits: { ...unlimited, perAddress: 1 }, trustProxy: 1 });
    expect(await statuses(1, get(behind, '203.0.113.1'))).toEqual([200]);
    expect(await statuses(1, get(behind, '203.0.113.2'))).toEqual([200]);
    expect(await statuses(1, get(behind, '198.51.100.9, 203.0.113.1'))).toEqual([429]);
    const direct = await run({ rateLimits: { ...unlimited, perAddress: 1 } });
    expect(await statuses(1, get(direct, '203.0.113.1'))).toEqual([200]);
    expect(await statuses(1, get(direct, '203.0.113.2'))).toEqual([429]);
  });
});

describe('health', () => {
  test('alive and ready', async () => {
    const app = await run();
    expect(await (await app.call('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await app.call('/readyz')).json()).toEqual({ status: 'ready' });
  });
  test('alive but not ready without its store', async () => {
    const app = await run({ ping: () => Promise.reject(new StoreUnavailable('gone')) });
    expect((await app.call('/healthz')).status).toBe(200);
    expect(await problemIn(await app.call('/readyz'))).toMatchObject({ status: 503, code: 'store_unavailable' });
  });
  test('a request that is turned away on the way out is no fault in the log', async () => {
    const { lines, log } = kept();
    const app = await run({ log });
    app.shutdown.begin();
    await app.call('/api/v1/things/pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA');
    await expect.poll(() => lines.filter(({ event }) => event === 'request')).toHaveLength(1);
    expect(lines).toMatchObject([{ event: 'request', level: 30, status: 503, code: 'shutting_down' }]);
  });
  test('not ready once a shutdown has begun, and no new work is taken', async () => {
    const app = await run();
    app.shutdown.begin();
    expect(await problemIn(await app.call('/readyz'))).toMatchObject({ status: 503, code: 'shutting_down' });
    const reply = await app.call('/api/v1/things/pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA');
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(await problemIn(reply)).toMatchObject({ status: 503, code: 'shutting_down' });
    expect((await app.call('/healthz')).status).toBe(200);
  });
});

describe('shutdown', () => {
  /** A promise and what settles it. */
  function gate() {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { open, opened };
  }
  test('waiters are answered at once, and what is in flight is finished', async () => {
    const waiting = gate();
    const working = gate();
    const release = gate();
    const app = await run({
      routes: [
        answering('/wait', async (signal) => {
          waiting.open();
          await once(signal, 'abort');
          return { status: 200, body: 'as it is' };
        }),
        answering('/work', async () => {
          working.open();
          await release.opened;
          return { status: 200, body: 'finished' };
        }),
      ],
    });
    const waiter = app.call('/api/v1/wait');
    const worker = app.call('/api/v1/work');
    await Promise.all([waiting.opened, working.opened]);
    const stopped = app.stop(10_000);
    expect(await (await waiter).json()).toBe('as it is');
    release.open();
    expect(await (await worker).json()).toBe('finished');
    expect(await stopped).toBe(true);
    await expect(app.call('/healthz')).rejects.toThrow();
  });
  test('an idle keep-alive connection does not hold it up', async () => {
    const app = await run();
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    expect(await app.stop(10_000)).toBe(true);
    await closed;
  });
  test('what does not end in time is cut', async () => {
    const started = gate();
    const app = await run({
      routes: [
        answering('/stuck', async () => {
          started.open();
          return new Promise<Reply>(() => {});
        }),
      ],
    });
    const stuck = expect(app.call('/api/v1/stuck')).rejects.toThrow();
    await started.opened;
    expect(await app.stop(30)).toBe(false);
    await stuck;
  });
  test('a client that goes away ends its own wait', async () => {
    const waiting = gate();
    const ended = gate();
    const app = await run({
      routes: [
        answering('/wait', async (signal) => {
          waiting.open();
          await once(signal, 'abort');
          ended.open();
          return { status: 200 };
        }),
      ],
    });
    const client = new AbortController();
    const gone = expect(app.call('/api/v1/wait', { signal: client.signal })).rejects.toThrow();
    await waiting.opened;
    client.abort();
    await ended.opened;
    await gone;
    expect(app.shutdown.signal.aborted).toBe(false);
  });
});

describe('log', () => {
  test('one line per request, with the pattern of the route and never the URL or a token', async () => {
    const { lines, log } = kept();
    const app = await run({ log });
    await app.call(`/api/v1/sessions/${session}?token=abc`, { bearer: tokens.clientSecret(session) });
    await app.call('/api/v1/sessions', { ...json({ items: [] }, { origin }), bearer: publishableKey });
    await app.stop();
    const requests = lines.filter(({ event }) => event === 'request');
    expect(requests).toMatchObject([
      { method: 'GET', route: '/sessions/:id', status: 400, caller: 'session', code: 'invalid_request' },
      { method: 'POST', route: '/sessions', status: 400, caller: 'publishable', merchant: 'coffee' },
    ]);
    expect(requests[0]?.requestId).toBeTypeOf('string');
    expect(requests[0]?.ms).toBeTypeOf('number');
    expect(JSON.stringify(lines)).not.toMatch(/cs_|token|pk_|secret_/);
  });
});

describe('description', () => {
  interface Operation {
    security: Record<string, unknown>[];
    requestBody?: { content: Record<string, { schema: { anyOf?: unknown[] } }> };
    parameters?: { name: string; in: string; required?: boolean }[];
    responses: Record<string, { content?: Record<string, unknown> }>;
  }
  interface Description {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: object; schemas: Record<string, unknown> };
  }
  test('OpenAPI covers every route, its callers, bodies, keys and problems', async () => {
    const app = await run();
    const document = (await (await app.call('/openapi.json')).json()) as Description;
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/api/v1/things/{id}',
      '/api/v1/sessions',
      '/api/v1/sessions/{id}',
      '/api/v1/me/things',
      '/api/v1/refunds',
      '/api/v1/jobs/{name}',
    ]);
    const create = document.paths['/api/v1/sessions']?.post;
    expect(create?.security).toEqual([{ publishable: [] }, { secret: [] }]);
    expect(create?.requestBody?.content['application/json']?.schema.anyOf).toHaveLength(2);
    expect(create?.responses.default?.content).toHaveProperty(['application/problem+json']);
    const refund = document.paths['/api/v1/refunds']?.post;
    expect(refund?.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header', required: true }]);
    expect(document.paths['/api/v1/things/{id}']?.get?.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true },
      { name: 'after', in: 'query' },
    ]);
    expect(document.components.schemas).toHaveProperty('Problem');
    expect(Object.keys(document.components.securitySchemes)).toContain('shopper');
  });
  test('/docs lists operations and errors by itself, loading nothing', async () => {
    const app = await run();
    const reply = await app.call('/docs');
    const html = await reply.text();
    expect(html).toContain('/api/v1/sessions/:id');
    expect(html).toContain('id="origin_not_allowed"');
    expect(html).not.toMatch(/<script|<link|src=|https?:/);
    expect(reply.headers.get('content-security-policy')).toMatch(/style-src 'sha256-/);
  });
});

describe('mistakes in routes are found at start', () => {
  const deps = {
    config: {
      publicUrl: 'http://x',
      trustProxy: false as const,
      rateLimits: { perAddress: 0, perKey: 0, perSession: 0 },
    },
    store: { ping: async () => undefined },
    log: silentLogger,
    shutdown: createShutdown(),
    merchants,
    tokens,
    clock: movableClock(),
  };
  test('two routes for one kind of caller', () => {
    expect(() => createHttpApp([...sampleRoutes(), ...sampleRoutes()], deps)).toThrow(/there twice/);
  });
  test('parameters that nobody checks', () => {
    expect(() => createHttpApp([answering('/x/:id', async () => ({ status: 200 }))], deps)).toThrow(/no schema/);
  });
  test('a fixed path wins over a parameter, whatever the order', async () => {
    const late = answering('/things/list', async () => ({ status: 200, body: 'list' }));
    const app = await run({ routes: [late] });
    expect(await (await app.call('/api/v1/things/list')).json()).toBe('list');
  });
  test('a taken port is told in words', async () => {
    const app = await run();
    const port = Number(new URL(app.url).port);
    const second = listen(createHttpApp([], deps), { host: '127.0.0.1', port });
    await expect(second).rejects.toThrow(`127.0.0.1:${port} is taken by another process; stop it, or set PORT`);
  });
});

test('a schema is what a handler sees: defaults and transforms are applied', async () => {
  const app = await run({
    routes: [
      route({
        method: 'get',
        path: '/page',
        summary: 'A page',
        callers: 'anyone',
        query: z.strictObject({ limit: z.string().transform(Number).default(20) }),
        responses: { 200: { description: 'ok' } },
        handle: async ({ query }) => ({ status: 200, body: query }),
      }),
    ],
  });
  expect(await (await app.call('/api/v1/page?limit=5')).json()).toEqual({ limit: 5 });
  expect(await (await app.call('/api/v1/page')).json()).toEqual({ limit: 20 });
});
