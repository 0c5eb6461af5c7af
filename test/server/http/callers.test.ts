import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minute } from '../../../server/ops/clock.js';
import { createTokens } from '../../../server/secrets/tokens.js';
import type { Running } from './fixture.js';
import {
  cronSecret,
  json,
  operatorSecret,
  origin,
  otherPublishableKey,
  problemIn,
  publishableKey,
  secretKey,
  session,
  shopperSecret,
  start,
  tokens,
} from './fixture.js';

let app: Running;
beforeAll(async () => {
  app = await start();
});
afterAll(() => app.stop());

const create = (bearer: string | undefined, headers: Record<string, string> = {}, body: unknown = undefined) =>
  app.call('/api/v1/sessions', {
    ...json(body ?? { items: [{ item: 'latte' }] }, headers),
    ...(bearer === undefined ? {} : { bearer }),
  });
const read = (bearer: string) => app.call(`/api/v1/sessions/${session}`, { bearer });
const jwt = (seconds = 600) => {
  const now = app.clock.now() / 1_000;
  return new SignJWT({ sub: 'user-1', iss: publishableKey, aud: 'pay-checkout', iat: now, exp: now + seconds })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(shopperSecret);
};

describe('the bearer decides who is calling', () => {
  test('a publishable key and a secret key share a path, each with its own body', async () => {
    expect(await (await create(publishableKey, { origin })).json()).toMatchObject({ by: 'publishable' });
    expect(await (await create(secretKey, {}, { amount: 5 })).json()).toEqual({ by: 'secret', amount: 5 });
    expect(await problemIn(await create(publishableKey, { origin }, { amount: 5 }))).toMatchObject({
      code: 'invalid_request',
    });
  });
  test("a session's client secret and its return token open that session", async () => {
    expect(await (await read(tokens.clientSecret(session))).json()).toEqual({ by: 'session', session });
    const until = app.clock.now() + minute;
    expect(await (await read(tokens.returnToken(session, until))).json()).toEqual({ by: 'return', session });
  });
  test('a shopper is known by merchant and customer', async () => {
    const reply = await app.call('/api/v1/me/things', { bearer: await jwt() });
    expect(await reply.json()).toEqual({ merchant: 'coffee', customer: 'user-1' });
  });
  test('cron and operator have secrets of their own', async () => {
    for (const bearer of [cronSecret, operatorSecret]) {
      expect((await app.call('/api/v1/jobs/due', { method: 'POST', bearer })).status).toBe(204);
    }
  });
  test('a route for anyone reads no token', async () => {
    const reply = await app.call('/api/v1/things/pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA', { bearer: 'nonsense' });
    expect(await reply.json()).toMatchObject({ caller: 'anyone' });
    expect(reply.headers.get('cache-control')).toBe('public, max-age=60');
  });
});

describe('refused with 401', () => {
  test.each([
    ['no Authorization', undefined],
    ['another scheme', 'Basic c2s6'],
    ['an empty token', 'Bearer '],
    ['two tokens', 'Bearer a b'],
  ])('%s', async (_what, authorization) => {
    const reply = await app.call('/api/v1/sessions', json({}, authorization === undefined ? {} : { authorization }));
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemIn(reply)).toMatchObject({ status: 401, code: 'unauthorized' });
  });
  test.each([
    ['an unknown publishable key', 'pk_nobody_0123456789'],
    ['an unknown secret key', `${secretKey}x`],
    ['a secret key with its publishable name', secretKey.replace('sk_', 'pk_')],
    ['a token of no kind', 'hello'],
    ['an over-long token', 'x'.repeat(5_000)],
  ])('%s', async (_what, bearer) => {
    const problem = await problemIn(await create(bearer, { origin }));
    expect(problem).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(JSON.stringify(problem)).not.toContain(bearer);
  });
  test('a client secret with one letter changed, or made under another secret', async () => {
    const good = tokens.clientSecret(session);
    const changed = good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A');
    const foreign = createTokens({ appSecrets: ['another-app-secret-of-32-bytes-000002'] }).clientSecret(session);
    for (const bearer of [changed, foreign]) {
      expect(await problemIn(await read(bearer))).toMatchObject({ status: 401, code: 'unauthorized' });
    }
  });
  test('a return token at the moment it expires', async () => {
    const until = app.clock.now() + minute;
    const token = tokens.returnToken(session, until);
    expect((await read(token)).status).toBe(200);
    app.clock.move(minute);
    expect(await problemIn(await read(token))).toMatchObject({
      code: 'unauthorized',
      detail: expect.stringContaining('expired'),
    });
  });
  test("a shopper's expired token says so", async () => {
    const bearer = await jwt(-60);
    const problem = await problemIn(await app.call('/api/v1/me/things', { bearer }));
    expect(problem).toMatchObject({ status: 401, code: 'customer_token_expired', detail: 'The token has expired.' });
  });
});

describe('refused with 403', () => {
  test('a publishable key on a secret route, even from an allowed page', async () => {
    const init = { method: 'POST', bearer: publishableKey, headers: { origin } };
    const problem = await problemIn(await app.call('/api/v1/refunds', init));
    expect(problem).toMatchObject({ status: 403, code: 'forbidden' });
    expect(problem.detail).toContain('it takes a secret key (sk_…)');
  });
  test('every kind of caller on a route of others', async () => {
    const wrong = [
      ['/api/v1/me/things', 'GET', secretKey],
      ['/api/v1/me/things', 'GET', tokens.clientSecret(session)],
      [`/api/v1/sessions/${session}`, 'GET', await jwt()],
      ['/api/v1/jobs/due', 'POST', secretKey],
      ['/api/v1/refunds', 'POST', cronSecret],
      ['/api/v1/sessions', 'POST', tokens.returnToken(session, app.clock.now() + minute)],
    ] as const;
    for (const [path, method, bearer] of wrong) {
      expect(await problemIn(await app.call(path, { method, bearer }))).toMatchObject({ code: 'forbidden' });
    }
  });
  test('a foreign origin is named, with the setting', async () => {
    const problem = await problemIn(await create(publishableKey, { origin: 'https://evil.example' }));
    expect(problem).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    expect(problem.detail).toContain('https://evil.example');
    expect(problem.detail).toContain('ORIGINS');
  });
  test.each(['https://coffee.example.evil.example', 'http://coffee.example', 'https://coffee.example:8443'])(
    'an origin that only looks like ours is foreign: %s',
    async (foreign) => {
      expect(await problemIn(await create(publishableKey, { origin: foreign }))).toMatchObject({
        code: 'origin_not_allowed',
      });
    },
  );
  test("another merchant's key on our page", async () => {
    expect(await problemIn(await create(otherPublishableKey, { origin }))).toMatchObject({
      code: 'origin_not_allowed',
    });
  });
  test('Origin: null, with the reason', async () => {
    const problem = await problemIn(await create(publishableKey, { origin: 'null' }));
    expect(problem).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    expect(problem.detail).toContain('sandboxed frame');
  });
  test('no Origin, but for a same-origin request of a browser', async () => {
    expect(await problemIn(await create(publishableKey))).toMatchObject({ code: 'origin_not_allowed' });
    expect(await problemIn(await create(publishableKey, { 'sec-fetch-site': 'cross-site' }))).toMatchObject({
      code: 'origin_not_allowed',
    });
    expect((await create(publishableKey, { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });
});
