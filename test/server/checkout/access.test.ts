import { describe, expect, test } from 'vitest';
import { day, minute } from '../../../server/ops/clock.js';
import type { Shopper } from '../../support/shopper.js';
import { api, blog, cronSecret, other } from '../../support/world.js';
import { coffee, refused, shopperToken, useWorld } from './harness.js';

const here = useWorld();
const returnTokenOf = ({ session }: Shopper): string =>
  new URL(session.launch?.request.successUrl as string).searchParams.get('pc_return') as string;
const sessionPath = ({ session }: Shopper) => `/payments/sessions/${session.id}`;
const call = (method: string, path: string, token: string | undefined, body?: unknown) =>
  api(here.world.url, method, path, {
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
    origin: blog.origin,
  });

describe('a client secret', () => {
  test('opens its own session and no other', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const tries: [string, string, unknown?][] = [
      ['GET', sessionPath(theirs)],
      ['PATCH', sessionPath(theirs), { buyer: { name: 'Eve' } }],
      ['POST', `${sessionPath(theirs)}/prepare`, { method: 'card' }],
      ['POST', `${sessionPath(theirs)}/launched`, { attempt: 1 }],
      ['POST', `${sessionPath(theirs)}/cancel`],
      ['POST', '/payments/verify', { session: theirs.session.id }],
    ];
    for (const [method, path, body] of tries) {
      const answer = await here.unchanged(theirs, () => mine.call(method, path, body));
      expect(answer, path).toMatchObject(refused(404, 'session_not_found'));
    }
  });

  test('hears of a session that is not there what it hears of another’s', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const missing = await mine.call('GET', '/payments/sessions/cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA');
    const foreign = await mine.call('GET', sessionPath(theirs));
    const said = ({ status, body }: typeof missing) => ({ status, code: body.code, detail: body.detail });
    expect(said(missing)).toEqual(said(foreign));
  });

  test('is of no use when a letter of it was changed', async () => {
    const { secret, session } = await here.open();
    const last = secret.endsWith('A') ? 'B' : 'A';
    const forged = [
      secret.slice(0, -1) + last,
      `${secret}A`,
      secret.replace('_secret_', '_SECRET_'),
      session.id,
      secret.replace(/cs_.{26}/, 'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA'),
    ];
    for (const token of forged) {
      expect(await call('GET', `/payments/sessions/${session.id}`, token)).toMatchObject(refused(401, 'unauthorized'));
    }
  });

  test('reads and verifies until 7 days after the session’s end', async () => {
    const shopper = await here.open();
    here.world.clock.advance(30 * minute + 7 * day - 1);
    expect((await shopper.read()).status).toBe('expired');
    expect((await shopper.verify()).status).toBe(200);
    here.world.clock.advance(1);
    for (const answer of [await shopper.call('GET', sessionPath(shopper)), await shopper.verify()]) {
      expect(answer).toMatchObject(refused(401, 'unauthorized'));
      expect(answer.body.detail).toContain('expired');
    }
    expect((await here.backend('GET', sessionPath(shopper))).status).toBe(200);
  });

  test('lives 7 days from the last attempt’s deadline, if that is later', async () => {
    const shopper = await here.open();
    here.world.clock.advance(20 * minute);
    await shopper.call('POST', `${sessionPath(shopper)}/launched`, { attempt: 1 });
    here.world.clock.advance(40 * minute + 7 * day - 1);
    expect((await shopper.call('GET', sessionPath(shopper))).status).toBe(200);
    here.world.clock.advance(1);
    expect(await shopper.call('GET', sessionPath(shopper))).toMatchObject(refused(401, 'unauthorized'));
  });

  test('can not list, and is not taken where a key belongs', async () => {
    const { secret, id } = await here.open();
    for (const path of ['/payments', `/payments/${id}`, '/me/payments']) {
      expect(await call('GET', path, secret)).toMatchObject(refused(403, 'forbidden'));
    }
    expect(await call('POST', '/payments/sessions', secret, coffee)).toMatchObject(refused(403, 'forbidden'));
  });
});

describe('a return token', () => {
  test('reads and verifies its session in another browser, without a word about the buyer', async () => {
    const buyer = { name: '김하나', email: 'hana@blog.example', phone: '01012345678', address: '테헤란로 1' };
    const shopper = await here.open({ buyer });
    const token = returnTokenOf(shopper);
    const { paymentKey, orderId } = await shopper.agree();
    const verified = await call('POST', '/payments/verify', token, {
      session: shopper.session.id,
      paymentKey,
      orderId,
      amount: '9000',
    });
    expect(verified).toMatchObject({ status: 200, body: { status: 'paid' } });
    const read = await call('GET', sessionPath(shopper), token);
    expect(read).toMatchObject({ status: 200, body: { status: 'paid', receipt: { method: 'card' } } });
    for (const { body } of [verified, read]) {
      expect(body).not.toHaveProperty('clientSecret');
      for (const detail of Object.values(buyer)) expect(JSON.stringify(body)).not.toContain(detail);
    }
  });

  test('says nothing of the buyer beside an issued account either', async () => {
    const buyer = { name: '김하나' };
    const shopper = await here.open({ buyer, prepare: { method: 'virtual_account' } });
    const { paymentKey } = await shopper.agree({ method: 'virtual_account', customerName: '김하나' });
    const body = { session: shopper.session.id, paymentKey };
    const verified = await call('POST', '/payments/verify', returnTokenOf(shopper), body);
    expect(verified.body).toMatchObject({ status: 'pending', account: { number: expect.any(String) } });
    expect(JSON.stringify(verified.body)).not.toContain('김하나');
    const read = await call('GET', sessionPath(shopper), returnTokenOf(shopper));
    expect(JSON.stringify(read.body)).not.toContain('김하나');
    expect((await shopper.read()).account?.holder).toBe('김하나');
  });

  test('can do nothing else', async () => {
    const shopper = await here.open();
    const token = returnTokenOf(shopper);
    const path = sessionPath(shopper);
    const tries: [string, string, unknown?][] = [
      ['PATCH', path, { buyer: { name: 'Eve' } }],
      ['POST', `${path}/prepare`, { method: 'card' }],
      ['POST', `${path}/launched`, { attempt: 1 }],
      ['POST', `${path}/cancel`],
      ['GET', '/payments'],
      ['GET', `/payments/${shopper.id}`],
      ['GET', '/me/payments'],
      ['POST', '/payments/sessions', coffee],
      ['POST', '/jobs/due'],
    ];
    for (const [method, to, body] of tries) {
      const answer = await here.unchanged(shopper, () => call(method, to, token, body));
      expect(answer, to).toMatchObject(refused(403, 'forbidden'));
    }
    const another = await here.open();
    expect(await call('GET', sessionPath(another), token)).toMatchObject(refused(404, 'session_not_found'));
    const verify = await call('POST', '/payments/verify', token, { session: another.session.id });
    expect(verify).toMatchObject(refused(404, 'session_not_found'));
  });

  test('ends a day and 40 minutes after the session’s end', async () => {
    const shopper = await here.open();
    const token = returnTokenOf(shopper);
    here.world.clock.advance(30 * minute + 40 * minute + day - 1);
    expect((await call('GET', sessionPath(shopper), token)).status).toBe(200);
    here.world.clock.advance(1);
    expect(await call('GET', sessionPath(shopper), token)).toMatchObject(refused(401, 'unauthorized'));
  });

  test('can not be given a longer life', async () => {
    const shopper = await here.open();
    const [prefix, id, until, mac] = returnTokenOf(shopper).split(/_/, 4);
    const later = (Number.parseInt(until as string, 36) + day).toString(36);
    const forged = await call('GET', sessionPath(shopper), [prefix, id, later, mac].join('_'));
    expect(forged).toMatchObject(refused(401, 'unauthorized'));
  });
});

describe('keys', () => {
  test('are not taken in each other’s place', async () => {
    const shopper = await here.open();
    const token = await shopperToken(here.world);
    const tries: [string, string, string, unknown?][] = [
      [blog.publishableKey, 'GET', '/payments'],
      [blog.publishableKey, 'GET', `/payments/${shopper.id}`],
      [blog.publishableKey, 'GET', sessionPath(shopper)],
      [blog.publishableKey, 'POST', `${sessionPath(shopper)}/cancel`],
      [blog.publishableKey, 'POST', '/payments/verify', { session: shopper.session.id }],
      [blog.publishableKey, 'GET', '/me/payments'],
      [blog.secretKey, 'GET', '/me/payments'],
      [blog.secretKey, 'POST', '/jobs/due'],
      [blog.secretKey, 'POST', `${sessionPath(shopper)}/launched`, { attempt: 1 }],
      [cronSecret, 'GET', '/payments'],
      [cronSecret, 'GET', sessionPath(shopper)],
      [token, 'GET', '/payments'],
      [token, 'GET', sessionPath(shopper)],
      [token, 'POST', '/payments/sessions', coffee],
    ];
    for (const [key, method, path, body] of tries) {
      const answer = await here.unchanged(shopper, () => call(method, path, key, body));
      expect(answer, `${method} ${path}`).toMatchObject(refused(403, 'forbidden'));
    }
  });

  test('that are missing or wrong are told so, and nothing more', async () => {
    const shopper = await here.open();
    for (const key of [undefined, 'pk_test_nobody_0123456789', 'sk_test_blog_wrong', 'rt_x', 'cs_x', 'nonsense']) {
      for (const [method, path] of [
        ['GET', '/payments'],
        ['GET', sessionPath(shopper)],
        ['POST', '/payments/sessions'],
      ] as const) {
        expect(await call(method, path, key)).toMatchObject(refused(401, 'unauthorized'));
      }
    }
  });

  test('of another merchant open nothing of ours', async () => {
    const shopper = await here.open();
    const path = sessionPath(shopper);
    const tries: [string, string, unknown?][] = [
      ['GET', path],
      ['POST', `${path}/prepare`, { method: 'card' }],
      ['POST', `${path}/cancel`],
      ['POST', '/payments/verify', { session: shopper.session.id }],
    ];
    for (const [method, to, body] of tries) {
      const answer = await here.unchanged(shopper, () => call(method, to, other.secretKey, body));
      expect(answer, to).toMatchObject(refused(404, 'session_not_found'));
    }
    const payment = await call('GET', `/payments/${shopper.id}`, other.secretKey);
    expect(payment).toMatchObject(refused(404, 'payment_not_found'));
  });
});
