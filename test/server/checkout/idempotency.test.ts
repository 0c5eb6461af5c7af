import { describe, expect, test } from 'vitest';
import { shopperOf } from '../../support/shopper.js';
import { blog, other } from '../../support/world.js';
import { coffee, newKey, refused, shopperToken, useWorld } from './harness.js';

const here = useWorld();
const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const prepared = { ...coffee, prepare: { method: 'card' } };

describe('an Idempotency-Key', () => {
  test('makes creating repeatable: the same session and the same client secret', async () => {
    const key = newKey();
    const first = await here.page(coffee, withKey(key));
    const second = await here.page(coffee, withKey(key));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
  });

  test('stands for one body, however it is written', async () => {
    const key = newKey();
    const first = await here.page({ items: [{ item: 'coffee', quantity: 2 }], locale: 'ko' }, withKey(key));
    const reordered = await here.page('{"locale":"ko","items":[{"quantity":2,"item":"coffee"}]}', withKey(key));
    expect(reordered.body.id).toBe(first.body.id);
    for (const body of [{ items: [{ item: 'coffee', quantity: 3 }] }, { items: [{ item: 'coffee', quantity: 2 }] }]) {
      const answer = await here.unchanged({ id: first.body.payment }, () => here.page(body, withKey(key)));
      expect(answer).toMatchObject(refused(409, 'idempotency_key_reused'));
    }
  });

  test('does not let one customer read another’s session', async () => {
    const key = newKey();
    const as = async (sub: string) =>
      here.page({ ...coffee, customerToken: await shopperToken(here.world, { sub }) }, withKey(key));
    const first = await as('ada');
    here.world.clock.advance(5_000);
    const fresh = await as('ada');
    expect([fresh.status, fresh.body.id]).toEqual([200, first.body.id]);
    expect(await as('eve')).toMatchObject(refused(409, 'idempotency_key_reused'));
    expect(await here.page(coffee, withKey(key))).toMatchObject(refused(409, 'idempotency_key_reused'));
  });

  test('belongs to one merchant and one kind of caller', async () => {
    const key = newKey();
    const order = { items: coffee.items };
    const ids = [
      await here.page(order, withKey(key)),
      await here.page(order, { ...withKey(key), token: other.publishableKey, origin: other.origin }),
      await here.backend('POST', '/payments/sessions', order, withKey(key)),
      await here.backend('POST', '/payments/sessions', order, { ...withKey(key), token: other.secretKey }),
    ].map(({ status, body }) => [status, body.id]);
    expect(ids.map(([status]) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(ids.map(([, id]) => id)).size).toBe(4);
  });

  test('makes one payment of two calls at once', async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => here.page(prepared, withKey(key))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.launch?.request.orderId)).size).toBe(1);
    const { attempts } = await here.world.payment(answers[0]?.body.payment as string);
    expect(attempts).toHaveLength(1);
  });

  test('may ask to prepare what was created without it, and again', async () => {
    const key = newKey();
    const made = await here.page(coffee, withKey(key));
    expect(made.body).not.toHaveProperty('launch');
    const again = await here.page(prepared, withKey(key));
    const thrice = await here.page({ ...coffee, prepare: { method: 'kakaopay' } }, withKey(key));
    expect([again.status, thrice.status]).toEqual([200, 200]);
    expect(again.body.launch?.request.orderId).toBe(`${made.body.payment}_1`);
    expect(thrice.body.launch?.request).toMatchObject({
      orderId: `${made.body.payment}_1`,
      card: { easyPay: 'KAKAOPAY' },
    });
  });

  test('reads back what was paid or canceled meanwhile, and prepares nothing', async () => {
    const key = newKey();
    const made = await here.page(prepared, withKey(key));
    const path = `/payments/sessions/${made.body.id}`;
    await here.backend('POST', `${path}/cancel`);
    const again = await here.page(prepared, withKey(key));
    expect(again).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(again.body).not.toHaveProperty('launch');
  });

  test('reads back what is under way or over, and prepares nothing', async () => {
    const key = newKey();
    const made = await here.page(prepared, withKey(key));
    await here.arm({ on: 'confirm', kind: 'error_500_without_charge' });
    const { paymentKey } = await shopperOf(here.world, made.body).agree();
    await here.backend('POST', '/payments/verify', { session: made.body.id, paymentKey });
    const busy = await here.page(prepared, withKey(key));
    expect(busy).toMatchObject({ status: 200, body: { processing: true, clientSecret: made.body.clientSecret } });

    const second = newKey();
    await here.page(prepared, withKey(second));
    here.world.clock.advance(31 * 60_000);
    const expired = await here.page(prepared, withKey(second));
    expect(expired).toMatchObject({ status: 200, body: { status: 'expired' } });
    for (const { body } of [busy, expired]) expect(body).not.toHaveProperty('launch');
  });

  test('of a page must be 128 random bits; everyone’s must be usable', async () => {
    for (const key of ['short', 'a'.repeat(21), 'with space '.repeat(3), 'x'.repeat(256)]) {
      expect(await here.page(coffee, withKey(key))).toMatchObject(refused(400, 'idempotency_key_invalid'));
    }
    for (const key of ['short', 'with space here ok', 'x'.repeat(256)]) {
      const answer = await here.backend('POST', '/payments/sessions', coffee, withKey(key));
      expect(answer).toMatchObject(refused(400, 'idempotency_key_invalid'));
    }
  });
});

describe('a reference', () => {
  const order = (reference: string, more: object = {}) => ({
    amount: 12_300,
    currency: 'KRW',
    orderName: '주문 7',
    reference,
    returnUrls: { page: blog.page },
    ...more,
  });
  const create = (body: object, more: object = {}) => here.backend('POST', '/payments/sessions', body, more);

  test('names one session: the same body reads it back, another is refused', async () => {
    const first = await create(order('order-1'));
    const second = await create(order('order-1'));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const answer = await here.unchanged({ id: first.body.payment }, () => create(order('order-1', { amount: 12_301 })));
    expect(answer).toMatchObject(refused(409, 'reference_reused'));
  });

  test('excludes an Idempotency-Key', async () => {
    const answer = await create(order('order-2'), withKey(newKey()));
    expect(answer).toMatchObject(refused(400, 'idempotency_key_invalid'));
    expect((await create(order('order-2'))).status).toBe(201);
  });

  test('of two merchants are two', async () => {
    const body = { amount: 100, currency: 'KRW', orderName: 'x', reference: 'order-3' };
    const mine = await create(body);
    const theirs = await create(body, { token: other.secretKey });
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  test('makes one payment of eight calls at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => create(order('order-4', { prepare: { method: 'card' } }))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect((await here.world.payment(answers[0]?.body.payment as string)).attempts).toHaveLength(1);
  });

  test('that expired unpaid is opened again, with a new end, and can be paid', async () => {
    const body = order('order-5', { prepare: { method: 'card' } });
    const first = await create(body);
    await here.later(31 * 60_000);
    expect((await here.backend('GET', `/payments/sessions/${first.body.id}`)).body.status).toBe('expired');
    const again = await create(body);
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, status: 'open' } });
    expect(Date.parse(again.body.openUntil as string)).toBe(here.world.clock.now() + 30 * 60_000);
    expect(again.body.launch?.request.orderId).toBe(`${first.body.payment}_2`);

    const hint = await shopperPays(again.body.launch?.request.orderId as string, 12_300);
    const paid = await here.backend('POST', '/payments/verify', {
      session: first.body.id,
      paymentKey: hint.paymentKey,
    });
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges({ id: first.body.payment })).toBe(1);
    // And paid it stays, whoever asks again.
    await here.later(60 * 60_000);
    const after = await here.unchanged({ id: first.body.payment }, () => create(body));
    expect(after).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(after.body).not.toHaveProperty('launch');
  });

  test('whose end passed a moment ago is opened again before any due work saw it', async () => {
    const body = order('order-6');
    const first = await create(body);
    here.world.clock.advance(31 * 60_000);
    const again = await create({ ...body, prepare: { method: 'card' } });
    expect(again).toMatchObject({ status: 200, body: { status: 'open', id: first.body.id } });
    expect(again.body.launch).toBeDefined();
  });

  test('stays canceled', async () => {
    const body = order('order-7');
    const first = await create(body);
    await here.backend('POST', `/payments/sessions/${first.body.id}/cancel`);
    await here.later(31 * 60_000);
    const again = await here.unchanged({ id: first.body.payment }, () =>
      create({ ...body, prepare: { method: 'card' } }),
    );
    expect(again).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(again.body).not.toHaveProperty('launch');
  });

  test('with a payment under way is not opened again', async () => {
    const body = order('order-8', { prepare: { method: 'card' } });
    const first = await create(body);
    const hint = await shopperPays(`${first.body.payment}_1`, 12_300);
    await here.arm({ on: 'confirm', kind: 'error_500_without_charge' });
    const verify = { session: first.body.id, paymentKey: hint.paymentKey };
    expect((await here.backend('POST', '/payments/verify', verify)).status).toBe(202);
    here.world.clock.advance(31 * 60_000);
    for (const repeat of [body, { ...body, prepare: undefined }]) {
      const again = await here.unchanged({ id: first.body.payment }, () => create(repeat));
      expect(again).toMatchObject({ status: 200, body: { processing: true, openUntil: first.body.openUntil } });
      expect(again.body).not.toHaveProperty('launch');
    }
  });

  const shopperPays = async (orderId: string, amount: number) => {
    const response = await fetch(`${here.world.sandboxUrl}/control/toss/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientKey: 'test_ck_blog', orderId, amount, method: 'card' }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as { paymentKey: string };
  };
});

describe('a session of the backend', () => {
  const order = { amount: 100, currency: 'KRW', orderName: 'x' };
  const create = (body: object) => here.backend('POST', '/payments/sessions', body);

  test('has any amount, a customer and metadata', async () => {
    const metadata = { cart: '77', 'note.ko': '빨리' };
    const { status, body } = await create({ ...order, amount: 1, customer: 'ada', metadata, reference: 'r-1' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ amount: 1, lines: [{ name: { ko: 'x' }, quantity: 1, price: 1 }] });
    expect(body).not.toHaveProperty('metadata');
    expect(await here.payment(body.payment)).toMatchObject({ customer: 'ada', metadata, reference: 'r-1' });
  });

  test('may come from the catalogue too, with no amount beside it', async () => {
    expect((await create({ items: coffee.items })).body).toMatchObject({ amount: 9_000 });
    expect(await create({ items: coffee.items, amount: 5 })).toMatchObject(refused(400, 'invalid_request'));
    expect(await create({ amount: 5, currency: 'KRW' })).toMatchObject(refused(400, 'invalid_request'));
    expect(await create({})).toMatchObject(refused(400, 'invalid_request'));
  });

  test.each([0, -1, 1.5, 1e11 + 1, 1e300, '100', null, true, [100], { $ne: null }])(
    'takes no amount of %j',
    async (amount) => {
      const answer = await create({ ...order, amount });
      expect(answer).toMatchObject(refused(400, 'invalid_request'));
      expect(answer.body.errors?.[0]?.path).toBe('amount');
    },
  );

  test.each([
    ['21 entries', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, 'v']))],
    ['a value of 501 characters', { k: 'v'.repeat(501) }],
    ['a name of 41 characters', { ['k'.repeat(41)]: 'v' }],
    ['an odd name', { 'a b': 'v' }],
    ['a number', { k: 1 }],
    ['a nested object', { k: { $ne: null } }],
    ['a list', ['v']],
    ['text', 'v'],
  ])('takes no metadata with %s', async (_what, metadata) => {
    expect(await create({ ...order, metadata })).toMatchObject(refused(400, 'invalid_request'));
  });

  test('takes metadata up to its limits', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`k${n}`.padEnd(40, 'x'), 'v'.repeat(500)]),
    );
    expect((await create({ ...order, metadata })).status).toBe(201);
  });

  test.each(['', ' ', 'a b', '-a', 'a'.repeat(101), 'a\u0000', '주문', 7, null, ['a'], { $ne: null }])(
    'takes no reference %j',
    async (reference) => {
      expect(await create({ ...order, reference })).toMatchObject(refused(400, 'invalid_request'));
    },
  );

  test.each([
    ['currency', 'krw'],
    ['currency', 'EUR'],
    ['orderName', ''],
    ['orderName', 'x'.repeat(101)],
    ['orderName', 'two\nlines'],
    ['customer', ''],
    ['customer', 'a b'],
    ['customer', 'x'.repeat(201)],
    ['customerToken', 'a.b.c'],
    ['price', 1],
    ['locale', 'de'],
    ['buyer', 'Ada'],
    ['prepare', { method: 'cash' }],
    ['prepare', { method: ['card'] }],
  ])('takes no %s of %j', async (field, value) => {
    expect(await create({ ...order, [field]: value })).toMatchObject(refused(400, 'invalid_request'));
  });
});
