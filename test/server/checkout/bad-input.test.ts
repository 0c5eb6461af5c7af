import { describe, expect, test } from 'vitest';
import { api, blog, cronSecret } from '../../support/world.js';
import { coffee, refused, useWorld } from './harness.js';

const here = useWorld();
const send = (method: string, path: string, token: string, body?: unknown, headers?: Record<string, string>) =>
  api(here.world.url, method, path, {
    token,
    origin: blog.origin,
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  });
const everything = async () => JSON.stringify((await here.backend('GET', '/payments?limit=100')).body);

/** Each is told, never a 500 (the harness sees to that), and nothing is made. */
async function nothingMade<T>(act: () => Promise<T>): Promise<T> {
  const before = await everything();
  const result = await act();
  expect(await everything()).toBe(before);
  return result;
}

const oddIds = [
  '%00',
  'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA%00',
  'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0Z',
  'cs_01j9z3c5m8q2r4t6v7w8x9y0za',
  'pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA_1',
  'x'.repeat(4_000),
  '%EC%A3%BC%EB%AC%B8',
  '%F0%9F%92%A9',
  '%7B%22%24ne%22%3Anull%7D',
  '..%2f..%2fetc%2fpasswd',
  '__proto__',
  'constructor',
  '%E2%80%AE',
  "'%20OR%201=1--",
];

describe('an odd id in a path', () => {
  test.each(oddIds)('%s is refused in plain words', async (id) => {
    const tries: [string, string, string, unknown?][] = [
      ['GET', `/payments/${id}`, blog.secretKey],
      ['GET', `/payments/sessions/${id}`, blog.secretKey],
      ['POST', `/payments/sessions/${id}/prepare`, blog.secretKey, { method: 'card' }],
      ['POST', `/payments/sessions/${id}/cancel`, blog.secretKey],
      ['GET', `/catalog/${id}?merchant=${blog.publishableKey}`, blog.publishableKey],
      ['POST', `/jobs/${id}`, cronSecret],
    ];
    for (const [method, path, token, body] of tries) {
      const { status, body: said } = await nothingMade(() => send(method, path, token, body));
      expect([400, 404, 414, 431], `${method} ${path.slice(0, 60)}`).toContain(status);
      expect(said.code, path.slice(0, 60)).toMatch(/^(invalid_request|not_found|item_not_found)$/);
    }
  });

  test('that can not be decoded is refused in plain words', async () => {
    for (const id of ['%', '%zz', '%C3%28', '%ff']) {
      expect(await send('GET', `/payments/${id}`, blog.secretKey)).toMatchObject(refused(400, 'invalid_request'));
    }
  });
});

describe('an odd id in a body', () => {
  const values: [string, unknown][] = [
    ['an operator', { $ne: null }],
    ['a list', ['cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA']],
    ['a number', 1],
    ['nothing', null],
    ['NUL', 'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0Z\u0000'],
    ['a lone surrogate', 'cs_\ud800'],
    ['a very long one', 'x'.repeat(10_000)],
    ['an emoji', '💩'],
  ];
  test.each(values)('(%s) names no session', async (_what, value) => {
    const shopper = await here.open();
    const verify = await here.unchanged(shopper, () => shopper.call('POST', '/payments/verify', { session: value }));
    expect(verify).toMatchObject(refused(400, 'invalid_request'));
  });

  test.each(values)('(%s) names no item, locale, method, customer or buyer', async (_what, value) => {
    for (const body of [
      { items: [{ item: value }] },
      { ...coffee, locale: value },
      { ...coffee, prepare: { method: value } },
      { ...coffee, prepare: value },
      { ...coffee, returnUrls: { page: value } },
      { ...coffee, buyer: { email: value } },
      { ...coffee, buyer: { postcode: value } },
    ]) {
      const { status, body: said } = await nothingMade(() => here.page(body));
      expect([status, said.code]).toEqual([400, 'invalid_request']);
    }
  });
});

describe('a body that is none', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    nothingMade(() => send('POST', '/payments/sessions', blog.publishableKey, body, headers));

  test.each(['{', 'coffee', '{"items":}', "{'items':[]}", '\u0000', '{"a":1}{"b":2}'])(
    '(%j) is not JSON',
    async (text) => {
      const answer = await post(text);
      expect(answer).toMatchObject(refused(400, 'invalid_json'));
    },
  );

  test.each(['[]', '[{"items":[]}]', '{}'])('(%s) is not what is expected', async (text) => {
    expect(await post(text)).toMatchObject(refused(400, 'invalid_request'));
  });

  test('is too large from 64 KB on', async () => {
    const answer = await post(JSON.stringify({ ...coffee, locale: 'x'.repeat(70_000) }));
    expect(answer).toMatchObject(refused(413, 'body_too_large'));
  });

  test('is not read as a form', async () => {
    const answer = await post('items=coffee', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer).toMatchObject(refused(415, 'unsupported_media_type'));
  });

  test.each([
    '{"__proto__":{"amount":1},"items":[{"item":"coffee"}]}',
    '{"items":[{"item":"coffee","__proto__":{"price":1}}]}',
    '{"items":[{"item":"coffee"}],"constructor":{"prototype":{"admin":true}}}',
    '{"items":[{"item":"coffee"}],"buyer":{"__proto__":{"name":"x"}}}',
  ])('reaches no prototype: %s', async (text) => {
    expect(await post(text)).toMatchObject(refused(400, 'invalid_request'));
    expect(({} as Record<string, unknown>).amount).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('is refused at any depth without a crash', async () => {
    const deep = `{"items":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    expect(await post(deep)).toMatchObject(refused(400, 'invalid_request'));
  });

  test('with a thousand mistakes is answered shortly', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, n]));
    const { status, body } = await post(JSON.stringify({ ...coffee, ...many }));
    expect(status).toBe(400);
    expect(body.errors?.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(body).length).toBeLessThan(4_000);
  });
});

describe('jobs', () => {
  const run = (name: string, token?: string) =>
    api<{ job: string; worked: number }>(here.world.url, 'POST', `/jobs/${name}`, token === undefined ? {} : { token });

  test('run for whoever has the CRON_SECRET, and say how much was done', async () => {
    const shopper = await here.open();
    here.world.clock.advance(31 * 60_000);
    const first = await run('due', cronSecret);
    expect(first).toMatchObject({ status: 200, body: { job: 'due' } });
    expect(first.body.worked).toBeGreaterThan(0);
    expect((await here.world.payment(shopper.id)).status).toBe('expired');
    await here.world.runDry();
    expect((await run('due', cronSecret)).body).toEqual({ job: 'due', worked: 0 });
  });

  test('run for nobody else, and do nothing then', async () => {
    const shopper = await here.open();
    here.world.clock.advance(31 * 60_000);
    for (const token of [undefined, `${cronSecret}x`, cronSecret.slice(0, -1), 'x']) {
      expect(await run('due', token)).toMatchObject(refused(401, 'unauthorized'));
    }
    for (const token of [blog.secretKey, blog.publishableKey, shopper.secret]) {
      expect(await run('due', token)).toMatchObject(refused(403, 'forbidden'));
    }
    expect((await here.world.payment(shopper.id)).status).toBe('open');
  });

  test.each(['everything', 'toString', '__proto__', 'constructor', 'DUE'])('there is none called %s', async (name) => {
    const { status, body } = await run(name, cronSecret);
    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});

describe('a path or method that is not there', () => {
  test('says so', async () => {
    expect(await send('GET', '/payment', blog.secretKey)).toMatchObject(refused(404, 'not_found'));
    expect(await send('DELETE', '/payments', blog.secretKey)).toMatchObject(refused(405, 'method_not_allowed'));
    expect(await send('PUT', '/payments/verify', blog.secretKey, {})).toMatchObject(refused(405, 'method_not_allowed'));
  });
});
