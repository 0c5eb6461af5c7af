import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { docsPage } from '../../../server/http/docs-page.js';
import { openapi } from '../../../server/http/openapi.js';
import { rawRoute } from '../../../server/http/route.js';
import { type Options, problemIn, type Running, start } from './fixture.js';

/** A route whose caller proves itself in a way of its own: the body is passed on as it came. */

const hook = rawRoute({
  path: '/hooks/:from',
  summary: 'What a provider sends',
  params: z.strictObject({ from: z.string().max(10) }),
  maxBytes: 1_024,
  responses: { 200: { description: 'Taken' } },
  handle: async ({ params, raw, headers }) => ({
    status: 200,
    body: { from: params.from, hash: createHash('sha256').update(raw).digest('hex'), proof: headers['x-proof'] },
  }),
});

let app: Running | undefined;
afterEach(() => app?.stop());
async function run(options: Options = {}): Promise<Running> {
  app = await start({ ...options, routes: [hook] });
  return app;
}

const send = (to: Running, body: string, headers: Record<string, string> = {}, path = '/api/v1/hooks/toss') =>
  to.call(path, { method: 'POST', body, headers });

describe('a raw route', () => {
  test.each([
    ['JSON with odd blanks', '{ "a" :\t1 }\r\n', 'application/json'],
    ['a form', 'payment_id=1&status=Paid', 'application/x-www-form-urlencoded'],
    ['broken JSON', '{"a": <', 'application/json'],
    ['control characters and every plane', '\u0000\u0001 커피 😀 \u2028', 'text/plain'],
    ['nothing', '', 'application/json'],
  ])('gets %s byte by byte, and the headers', async (_what, body, type) => {
    const answer = await send(await run(), body, { 'content-type': type, 'x-proof': 'p' });
    const hash = createHash('sha256').update(body).digest('hex');
    expect(await answer.json()).toEqual({ from: 'toss', hash, proof: 'p' });
  });

  test('checks its path, and passes over the query', async () => {
    const server = await run();
    expect((await send(server, 'x', {}, '/api/v1/hooks/toss?a=1&a=2')).status).toBe(200);
    const refused = await send(server, 'x', {}, '/api/v1/hooks/too-long-a-name');
    expect(await problemIn(refused)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('takes up to its own size, and a problem says which', async () => {
    const server = await run();
    expect((await send(server, 'x'.repeat(1_024))).status).toBe(200);
    const refused = await send(server, 'x'.repeat(1_025));
    expect(await problemIn(refused)).toMatchObject({ code: 'body_too_large', detail: expect.stringContaining('1 KB') });
  });

  test('reads no token, and is not counted by address', async () => {
    const server = await run({ rateLimits: { perAddress: 1, perKey: 1, perSession: 1 } });
    for (let n = 0; n < 5; n++)
      expect((await send(server, 'x', { authorization: 'Bearer sk_of_nobody' })).status).toBe(200);
  });

  test('sends the provider away while the server shuts down', async () => {
    const server = await run();
    server.shutdown.begin();
    expect(await problemIn(await send(server, 'x'))).toMatchObject({ status: 503, code: 'shutting_down' });
  });

  test('is described: who calls, without a token, with any body', () => {
    const operation = openapi([hook], { publicUrl: 'http://x' }).paths?.['/api/v1/hooks/{from}']?.post;
    expect(operation).toMatchObject({ security: [], requestBody: { required: true } });
    expect(JSON.stringify(operation)).not.toContain('Idempotency-Key');
    expect(docsPage([hook])).toContain('the payment provider');
  });
});
