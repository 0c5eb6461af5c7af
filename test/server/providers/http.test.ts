import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProviderRequest, send } from '../../../server/providers/http.js';
import { hangUp, json, type StubServer, silence, startStub, text } from './stub-server.js';

let stub: StubServer;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(() => stub.close());

const request = (more: Partial<ProviderRequest> = {}): ProviderRequest => ({
  method: 'POST',
  url: `${stub.url}/money`,
  headers: { Authorization: 'Basic secret-of-the-merchant' },
  body: { amount: 1000 },
  timeout: 5_000,
  ...more,
});

describe('a call to a provider', () => {
  test('sends JSON and reads JSON, whatever the status', async () => {
    stub.answer(json(418, { code: 'TEAPOT' }));
    expect(await send(fetch, request())).toEqual({ kind: 'reply', status: 418, json: { code: 'TEAPOT' } });
    const seen = stub.seen.at(-1)!;
    expect(seen).toMatchObject({ method: 'POST', path: '/money', body: '{"amount":1000}' });
    expect(seen.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Basic secret-of-the-merchant',
    });
    expect(seen.headers['idempotency-key']).toBeUndefined();
  });

  test('carries the idempotency key, quoted where the provider wants that', async () => {
    stub.answer(json(200, {}));
    await send(fetch, request({ idempotency: { key: 'k-1' } }));
    expect(stub.seen.at(-1)!.headers['idempotency-key']).toBe('k-1');
    await send(fetch, request({ idempotency: { key: 'k-1', quoted: true } }));
    expect(stub.seen.at(-1)!.headers['idempotency-key']).toBe('"k-1"');
  });

  test.each([
    ['HTML', text(502, '<html>Bad gateway</html>'), 502],
    ['nothing', text(200, ''), 200],
    ['cut-off JSON', text(200, '{"status":"DO', 'application/json'), 200],
    ['more than a megabyte', text(200, `"${'x'.repeat(2_000_000)}"`, 'application/json'), 200],
  ])('a reply of %s is a reply without JSON', async (_what, answer, status) => {
    stub.answer(answer);
    expect(await send(fetch, request())).toEqual({ kind: 'reply', status });
  });

  test('JSON is read whatever its content type says', async () => {
    stub.answer(text(200, '{"a":1}', 'text/plain'));
    expect(await send(fetch, request())).toMatchObject({ json: { a: 1 } });
  });

  test('a redirect is not followed: the credentials go nowhere else', async () => {
    stub.answer((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await send(fetch, request())).toEqual({ kind: 'reply', status: 307 });
    expect(stub.seen.at(-1)!.path).toBe('/money');
  });

  test('silence is no reply after the time-out', async () => {
    stub.answer(silence);
    expect(await send(fetch, request({ timeout: 50 }))).toEqual({ kind: 'no_reply', why: 'timeout' });
  });

  test('a body that never ends is no reply after the time-out', async () => {
    stub.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":');
    });
    expect(await send(fetch, request({ timeout: 50 }))).toEqual({ kind: 'no_reply', why: 'timeout' });
  });

  test('a client that overlooks the time-out does not keep the caller waiting', async () => {
    const deaf: typeof fetch = () => new Promise(() => {});
    expect(await send(deaf, request({ timeout: 10 }))).toEqual({ kind: 'no_reply', why: 'timeout' });
  });

  test('a dropped connection is no reply', async () => {
    stub.answer(hangUp);
    expect(await send(fetch, request())).toMatchObject({ kind: 'no_reply' });
  });

  test('a refused connection is no reply too', async () => {
    const gone = await startStub();
    await gone.close();
    expect(await send(fetch, request({ url: gone.url }))).toEqual({ kind: 'no_reply', why: 'ECONNREFUSED' });
  });

  test.each([
    ['a URL that is none', { url: 'no url' }],
    ['a header that can not be sent', { headers: { Authorization: 'secret-of-the-merchant\n' } }],
    ['an idempotency key that can not be sent', { idempotency: { key: 'secret-of-the-merchant\u{1f511}' } }],
    ['a body that is no JSON', { body: { amount: 1n } }],
  ])('%s throws nothing and repeats no secret', async (_what, more) => {
    const reply = await send(fetch, request(more));
    expect(reply.kind).toBe('no_reply');
    expect(JSON.stringify(reply)).not.toContain('secret-of-the-merchant');
  });
});
