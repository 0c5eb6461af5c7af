import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import { StoreUnavailable } from '../../../server/store/store.js';
import { openSession, type Shopper } from '../../support/shopper.js';
import { depositBody, type Place, payV2, place, post, signed, storeOf, tossBody, v2Body } from './place.js';

/** What may come to a URL that everybody can send to. */

const minutes = (count: number) => count * 60 * second;

/** Nothing was kept, asked or changed. */
async function untouched(here: Place, shopper: Shopper, rev: number) {
  await here.world.runDry();
  expect(await here.stored()).toEqual([]);
  expect(here.spy.of('lookup')).toEqual([]);
  expect((await here.world.payment(shopper.id)).rev).toBe(rev);
}

describe('a URL that is none', () => {
  test.each([
    ['toss', 'nobody'],
    ['portone-v1', 'blog'],
    ['portone-v2', 'blog'],
    ['stripe', 'blog'],
    ['__proto__', 'blog'],
    ['toss', 'constructor'],
  ])('%s/%s: 404', async (provider, merchant) => {
    const here = await place();
    const raw = v2Body('x');
    expect(await post(here.url(provider, merchant), raw, signed(raw))).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(await here.stored()).toEqual([]);
  });

  test('takes POST only, and nothing compressed', async () => {
    const here = await place();
    expect((await fetch(here.url('toss'))).status).toBe(405);
    const zipped = await fetch(here.url('toss'), {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(tossBody('x')),
    });
    expect(zipped.status).toBe(415);
  });
});

describe('a webhook of PortOne V2 that is not genuine', () => {
  const raw = (shopper: Shopper) => v2Body(shopper.orderId);
  const v1 = JSON.stringify({ imp_uid: 'imp_1', merchant_uid: 'order-1', status: 'paid' });

  test.each<[string, (shopper: Shopper) => [string, Record<string, string>], number, string]>([
    ['forged', (s) => [raw(s), signed(raw(s), { name: 'forger' })], 401, 'webhook_not_authentic'],
    ['unsigned', (s) => [raw(s), {}], 401, 'webhook_not_authentic'],
    ['six minutes old', (s) => [raw(s), signed(raw(s), { at: Date.now() - minutes(6) })], 401, 'webhook_not_authentic'],
    [
      'six minutes ahead',
      (s) => [raw(s), signed(raw(s), { at: Date.now() + minutes(6) })],
      401,
      'webhook_not_authentic',
    ],
    ['signed for another body', (s) => [raw(s), signed(`${raw(s)} `)], 401, 'webhook_not_authentic'],
    ['written again on its way', (s) => [raw(s).replaceAll(':', ': '), signed(raw(s))], 401, 'webhook_not_authentic'],
    ['shaped as V1’s, unsigned', () => [v1, {}], 401, 'webhook_not_authentic'],
    ['not JSON, unsigned', () => ['<html>', {}], 401, 'webhook_not_authentic'],
    ['empty', () => ['', {}], 401, 'webhook_not_authentic'],
    ['of 300 KB', (s) => [raw(s).padEnd(300_000), signed(raw(s).padEnd(300_000))], 413, 'body_too_large'],
  ])('%s: refused, and nothing is kept', async (_what, make, status, code) => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    const { rev } = await here.world.payment(shopper.id);
    const [body, headers] = make(shopper);
    expect(await post(here.url('portone-v2'), body, headers)).toMatchObject({ status, body: { code } });
    await untouched(here, shopper, rev);
  });

  test.each([
    ['shaped as V1’s', v1],
    ['not JSON', '{"type": <'],
    ['about a billing key', v2Body('x', { type: 'BillingKey.Issued' })],
    ['of no type that we know', v2Body('x', { type: 'Something.New' })],
    ['asking before an approval', v2Body('x', { type: 'Transaction.Confirm' })],
  ])('genuine, but %s: answered, and nothing is kept', async (_what, body) => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    const { rev } = await here.world.payment(shopper.id);
    expect(await post(here.url('portone-v2'), body, signed(body))).toEqual({ status: 200, body: { received: true } });
    await untouched(here, shopper, rev);
  });

  test('the very bytes are what is signed, and a query in the URL does no harm', async () => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    const body = v2Body(shopper.orderId, { note: '  드립백 커피 \u0000 \\u2028 ' } as object);
    expect((await post(`${here.url('portone-v2')}?from=portone`, body, signed(body))).status).toBe(200);
    expect(await here.stored()).toHaveLength(1);
  });
});

describe('a webhook of Toss that can’t be read', () => {
  test.each([
    ['not JSON', '{"eventType": <', 400, 'invalid_json'],
    ['empty', '', 400, 'invalid_json'],
    ['a list', '[]', 400, 'invalid_json'],
    ['of 300 KB', tossBody('x').padEnd(300_000), 413, 'body_too_large'],
  ])('%s: refused', async (_what, body, status, code) => {
    const here = await place();
    expect(await post(here.url('toss'), body)).toMatchObject({ status, body: { code } });
    expect(await here.stored()).toEqual([]);
  });

  test.each([
    ['of an unknown type', { eventType: 'BRAND_NEW', data: {} }],
    ['of a newer version', { version: '2024-06-01', eventId: 'e', entityType: 'payment', entityBody: {} }],
    ['about a billing key', { eventType: 'BILLING_DELETED', data: { billingKey: 'b' } }],
    ['about nothing', {}],
  ])('%s: answered, and nothing is kept', async (_what, body) => {
    const here = await place();
    expect((await post(here.url('toss'), JSON.stringify(body))).status).toBe(200);
    expect(await here.stored()).toEqual([]);
  });
});

describe('spoiled on its way, it is sent again whole, and the payment is right in the end', () => {
  test.each([
    ['forged', '401 200'],
    ['unsigned', '401 200'],
    ['old', '401 200'],
    ['giant', '413 200'],
    ['not_json', '200'],
    ['other_version', '200'],
    ['unknown_type', '200'],
  ])('PortOne V2, %s: %s', async (kind, statuses) => {
    const here = await place({ stores: ['blog'] });
    const shopper = await openSession(here.world);
    await here.control('faults', { on: 'webhook', kind, event: 'Transaction.Paid' });
    await payV2(here, shopper);
    await here.told();
    here.world.clock.advance(minutes(1));
    await here.told();
    expect((await here.log()).at(-1)).toBe(`Transaction.Paid ${statuses}`);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
    here.world.clock.advance(minutes(60));
    await here.told();
    await here.agree();
  });

  test.each([
    ['forged', '200'],
    ['unsigned', '200'],
    ['old', '200'],
    ['giant', '413 200'],
    ['not_json', '400 200'],
    ['other_version', '200'],
    ['unknown_type', '200'],
  ])('Toss, %s: %s', async (kind, statuses) => {
    const here = await place();
    const shopper = await openSession(here.world, { prepare: { method: 'virtual_account' } });
    const { paymentKey, orderId } = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify({ paymentKey, orderId });
    await here.told();
    here.world.clock.advance(minutes(10));
    await here.told();
    await here.control('faults', { on: 'webhook', kind, times: 2 });
    await here.control('toss/deposit', { orderId, clientKey: 'test_ck_blog' });
    await here.told();
    here.world.clock.advance(minutes(1));
    await here.told();
    expect((await here.log()).slice(-2)).toEqual([
      `PAYMENT_STATUS_CHANGED ${statuses}`,
      `DEPOSIT_CALLBACK ${statuses}`,
    ]);
    here.world.clock.advance(minutes(60));
    await here.told();
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
    await here.agree();
  });
});

describe('orders of somebody else', () => {
  test('another merchant’s order id changes nothing, and is listed as unknown to the merchant of the URL', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    const { rev } = await here.world.payment(shopper.id);
    expect((await post(here.url('toss', 'other'), tossBody(shopper.orderId))).status).toBe(200);
    await here.world.runDry();
    expect(await here.listed()).toEqual([]);
    expect(await here.stored()).toMatchObject([
      { merchant: 'other', state: 'unknown_order', orderId: shopper.orderId },
    ]);
    expect(here.spy.of('lookup')).toEqual([]);
    expect((await here.world.payment(shopper.id)).rev).toBe(rev);
  });

  test('a genuine webhook of another provider’s contract does not touch it either', async () => {
    const here = await place();
    const shopper = await openSession(here.world);
    const raw = v2Body(shopper.orderId);
    expect((await post(here.url('portone-v2'), raw, signed(raw))).status).toBe(404);
    expect(await here.stored()).toEqual([]);
  });

  test('what anybody may send to the one provider’s URL asks nothing of the other', async () => {
    const here = await place({ stores: ['blog'], toss: true });
    const shopper = await openSession(here.world);
    expect((await post(here.url('toss'), tossBody(shopper.orderId))).status).toBe(200);
    await here.world.runDry();
    expect(here.spy.of('lookup')).toEqual([]);
    expect(await here.listed()).toMatchObject([{ state: 'unknown_order', provider: 'toss' }]);
  });

  test('a store can speak for its own payments only', async () => {
    const here = await place({ stores: ['blog', 'second'] });
    const shopper = await openSession(here.world);
    const { rev } = await here.world.payment(shopper.id);
    const raw = v2Body(shopper.orderId, { storeId: 'store-blog' });
    expect((await post(here.url('portone-v2'), raw, signed(raw, { name: 'second' }))).status).toBe(200);
    await untouched(here, shopper, rev);
  });
});

describe('several secrets behind one URL', () => {
  test('two stores, each with its own: the payment is settled through its own channel', async () => {
    const here = await place({
      stores: ['blog', 'second'],
      v2: (name) => ({ methods: name === 'blog' ? ['card'] : ['transfer'] }),
    });
    const one = await openSession(here.world);
    const two = await openSession(here.world, { prepare: { method: 'transfer' } });
    await payV2(here, one);
    await payV2(here, two, { method: 'transfer' }, 'second');
    await here.told();
    for (const [shopper, channel] of [
      [one, 'portone-blog'],
      [two, 'portone-second'],
    ] as const) {
      const payment = await here.world.payment(shopper.id);
      expect([payment.status, payment.attempts[0]?.channel]).toEqual(['paid', channel]);
    }
    expect((await here.log()).every((line) => line.endsWith(' 200'))).toBe(true);
  });

  test('while a secret is rotated both are taken', async () => {
    const next = storeOf('next').webhookSecret;
    const here = await place({ stores: ['blog'], v2: { webhookSecrets: [storeOf('blog').webhookSecret, next] } });
    for (const webhookSecret of [storeOf('blog').webhookSecret, next, storeOf('forger').webhookSecret]) {
      await here.control('portone-v2/stores', { storeId: 'store-blog', webhookSecret });
      await payV2(here, await openSession(here.world));
    }
    await here.delivered();
    expect((await here.log()).map((line) => line.split(' ')[1])).toEqual(['200', '200', '200', '200', '401', '401']);
  });
});

describe('the database out of reach', () => {
  test('the provider hears 503, sends it again, and it is taken', async () => {
    let out = false;
    const here = await place({
      stores: ['blog'],
      wrapStore: (store) => ({
        ...store,
        collection(definition) {
          const real = store.collection(definition);
          if (definition.name !== 'provider_webhooks') return real;
          return {
            ...real,
            async insert(doc) {
              if (out) throw new StoreUnavailable('out');
              return real.insert(doc);
            },
          };
        },
      }),
    });
    const shopper = await openSession(here.world);
    out = true;
    await payV2(here, shopper);
    await here.told();
    out = false;
    expect(await here.log()).toEqual(['Transaction.Ready 503', 'Transaction.Paid 503']);
    here.world.clock.advance(minutes(1));
    await here.told();
    expect(await here.log()).toEqual(['Transaction.Ready 503 200', 'Transaction.Paid 503 200']);
    expect((await here.world.payment(shopper.id)).status).toBe('paid');
  });
});

test('no secret and nothing of the buyer is kept of a webhook', async () => {
  const here = await place();
  const shopper = await openSession(here.world);
  await post(here.url('toss'), depositBody(shopper.orderId, { customerName: '김토스', secret: 'ps_very_secret' }));
  const kept = JSON.stringify(await here.stored());
  expect(kept).toContain(shopper.orderId);
  expect(kept).not.toMatch(/김토스|ps_very_secret/);
});
