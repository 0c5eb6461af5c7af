import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Running } from './fixture.js';
import { json, origin, problemIn, publishableKey, secretKey, start } from './fixture.js';

let app: Running;
beforeAll(async () => {
  app = await start();
});
afterAll(() => app.stop());

const page = { bearer: publishableKey };
const post = (body: unknown, headers: Record<string, string> = {}) =>
  app.call('/api/v1/sessions', { ...json(body, { origin, ...headers }), ...page });
const good = { items: [{ item: 'latte', quantity: 2 }] };

test('a good request reaches the route, parsed', async () => {
  const reply = await post(good);
  expect(reply.status).toBe(201);
  expect(await reply.json()).toEqual({ by: 'publishable', merchant: 'coffee', items: good.items });
});

describe('body', () => {
  test('wrong types are named with their place', async () => {
    const problem = await problemIn(await post({ items: [{ item: 'latte', quantity: 'two' }] }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', type: '/docs#invalid_request' });
    expect(problem.errors).toEqual([{ path: 'items[0].quantity', message: 'expected number, received string' }]);
    expect(problem.detail).toContain('items[0].quantity: expected number');
  });
  test('every mistake is named at once', async () => {
    const problem = await problemIn(await post({ items: [{ item: '', quantity: 0 }], name: 5 }));
    expect(problem.errors?.map(({ path }) => path)).toEqual(['items[0].item', 'items[0].quantity', 'name']);
  });
  test('missing fields are named', async () => {
    const problem = await problemIn(await post({}));
    expect(problem.errors).toEqual([{ path: 'items', message: 'expected array, received undefined' }]);
  });
  test.each(['amount', 'price', 'currency', 'metadata', 'reference'])('a page can not say %s', async (field) => {
    const problem = await problemIn(await post({ ...good, [field]: 1 }));
    expect(problem).toMatchObject({ code: 'invalid_request', errors: [{ path: field, message: 'is not taken here' }] });
  });
  test('an extra field deep inside is refused', async () => {
    const problem = await problemIn(await post({ items: [{ item: 'latte', price: 1 }] }));
    expect(problem.errors).toEqual([{ path: 'items[0].price', message: 'is not taken here' }]);
  });
  test.each([
    ['an operator object', '{"items":[{"item":{"$ne":null}}]}', 'items[0].item'],
    ['NUL', '{"items":[{"item":"la\\u0000tte"}]}', 'items[0].item'],
    ['an escape character', '{"items":[{"item":"la\\u001btte"}]}', 'items[0].item'],
    ['half a surrogate pair', '{"items":[{"item":"la\\ud800tte"}]}', 'items[0].item'],
    ['a line end where one line belongs', '{"items":[{"item":"la\\ntte"}]}', 'items[0].item'],
    ['__proto__', '{"items":[{"item":"latte"}],"__proto__":{"admin":true}}', ''],
    ['constructor', '{"items":[{"item":"latte","constructor":{"prototype":{}}}]}', 'items[0]'],
  ])('%s is refused', async (_what, body, path) => {
    const problem = await problemIn(await post(body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.[0]?.path).toBe(path);
  });
  test('long keys are not sent back whole', async () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}${'x'.repeat(1_500)}`, '\u0000']));
    const reply = await post({ ...good, ...wide });
    const problem = await problemIn(reply);
    expect(problem.errors).toHaveLength(20);
    expect(JSON.stringify(problem).length).toBeLessThan(10_000);
  });
  test('absurd depth is refused', async () => {
    const deep = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
    const problem = await problemIn(await post(deep));
    expect(problem.errors?.[0]?.message).toBe('is nested too deep');
  });
  test.each(['{"items":', 'items=latte', '"text"', '12'])('%s is not a JSON object', async (body) => {
    expect(await problemIn(await post(body))).toMatchObject({ status: 400, code: 'invalid_json' });
  });
  test('a list where an object belongs is refused', async () => {
    expect(await problemIn(await post([good]))).toMatchObject({ status: 400, code: 'invalid_request' });
  });
  test('more than 64 KB is refused', async () => {
    const problem = await problemIn(await post({ items: [{ item: 'x'.repeat(70_000) }] }));
    expect(problem).toMatchObject({ status: 413, code: 'body_too_large' });
  });
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    '%s is refused',
    async (type) => {
      const problem = await problemIn(await post(good, { 'content-type': type }));
      expect(problem).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );
  test('a compressed body is refused', async () => {
    const problem = await problemIn(await post(good, { 'content-encoding': 'gzip' }));
    expect(problem).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
  test('a route that takes no body refuses one', async () => {
    const init = { bearer: secretKey };
    const headers = { 'idempotency-key': 'refund-0123456789' };
    const problem = await problemIn(await app.call('/api/v1/refunds', { ...json({ amount: 5 }, headers), ...init }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ path: 'amount' }] });
    expect((await app.call('/api/v1/refunds', { ...json({}, headers), ...init })).status).toBe(202);
    expect((await app.call('/api/v1/refunds', { method: 'POST', headers, ...init })).status).toBe(202);
  });
});

describe('path and query', () => {
  const id = 'pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA';
  test('a good id is taken', async () => {
    expect((await app.call(`/api/v1/things/${id}`)).status).toBe(200);
  });
  test.each([
    ['lower case', id.toLowerCase()],
    ['another kind', id.replace('pay', 'cs')],
    ['odd characters', 'pay_%27%20OR%201=1'],
    ['NUL', `${id}%00`],
    ['a line end', `${id}%0A`],
    ['a dollar', '$where'],
  ])('an id with %s is refused', async (_what, path) => {
    const problem = await problemIn(await app.call(`/api/v1/things/${path}`));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.[0]?.path).toBe('id');
  });
  test('a path that can not be decoded is refused', async () => {
    expect(await problemIn(await app.call('/api/v1/things/%ff'))).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });
  test.each(['nope=1', 'after=1&after=2', 'after[$ne]=1'])('the query ?%s is refused', async (query) => {
    const problem = await problemIn(await app.call(`/api/v1/things/${id}?${query}`));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
  });
  test('a route that takes no query refuses one', async () => {
    const reply = await app.call('/api/v1/sessions?amount=1', { ...json(good, { origin }), ...page });
    expect(await problemIn(reply)).toMatchObject({ code: 'invalid_request', errors: [{ path: 'amount' }] });
  });
  test('an unknown path is 404, below the API and beside it', async () => {
    for (const path of ['/api/v1/nope', '/nope', '/']) {
      expect(await problemIn(await app.call(path))).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
  test('a wrong verb is 405 and says which are right', async () => {
    const reply = await app.call('/api/v1/sessions', { method: 'DELETE', ...page });
    expect(reply.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await problemIn(reply)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    const post = await app.call(`/api/v1/things/${id}`, { method: 'POST' });
    expect(post.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
  test('HEAD is answered as GET without a body', async () => {
    const reply = await app.call(`/api/v1/things/${id}`, { method: 'HEAD' });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
  });
});

describe('Idempotency-Key', () => {
  const withKey = (key: string) => post(good, { 'idempotency-key': key });
  test('it reaches the route', async () => {
    const key = 'A1b2C3d4E5f6G7h8I9j0K-';
    expect(await (await withKey(key)).json()).toMatchObject({ idempotencyKey: key });
  });
  test.each(['order-1', 'A1b2C3d4E5f6G7h8I9j0K', 'A1b2C3d4E5f6G7h8I9j0K.', 'x'.repeat(256)])(
    'with a publishable key %s is refused: it is not 128 random bits',
    async (key) => {
      expect(await problemIn(await withKey(key))).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
    },
  );
  test.each(['fifteen-visible', 'has a space in the middle', 'x'.repeat(256)])(
    'with a secret key %s is refused',
    async (key) => {
      const init = { ...json({}, { 'idempotency-key': key }), bearer: secretKey };
      const problem = await problemIn(await app.call('/api/v1/refunds', init));
      expect(problem).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
    },
  );
  test('where it is required, a request without it is refused', async () => {
    const problem = await problemIn(await app.call('/api/v1/refunds', { method: 'POST', bearer: secretKey }));
    expect(problem).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
  });
});
