import { describe, expect, test } from 'vitest';
import { api, blog, other } from '../../support/world.js';
import { coffee, refused, shopperToken, useWorld } from './harness.js';

const here = useWorld();
const count = async () => (await here.backend<{ data: unknown[] }>('GET', '/payments?limit=100')).body.data.length;

describe('a session opened by a page', () => {
  test('costs what the catalogue says, times the quantity', async () => {
    const { status, body } = await here.page({ items: [{ item: 'coffee', quantity: 3 }, { item: 'mug' }] });
    expect(status).toBe(201);
    expect(body).toMatchObject({ amount: 3 * 4_500 + 12_000, currency: 'KRW', status: 'open', rev: 1 });
    expect(body.orderName).toBe('드립백 커피 외 1건');
    expect(body.clientSecret).toMatch(/^cs_[0-9A-Z]{26}_secret_/);
    expect(body).not.toHaveProperty('launch');
  });

  test('speaks the language that was asked for', async () => {
    const { body } = await here.page({ items: [{ item: 'coffee' }, { item: 'mug' }], locale: 'en' });
    expect(body).toMatchObject({ locale: 'en', orderName: 'coffee and 1 more' });
  });

  test.each([
    ['amount', 1],
    ['price', 1],
    ['currency', 'KRW'],
    ['metadata', { a: 'b' }],
    ['reference', 'order-1'],
    ['customer', 'ada'],
    ['orderName', 'cheap'],
    ['lines', []],
    ['status', 'paid'],
  ])('takes no %s from a browser, and nothing is made', async (field, value) => {
    const before = await count();
    const answer = await here.page({ ...coffee, [field]: value });
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
    expect(answer.body.errors).toContainEqual({ path: field, message: 'is not taken here' });
    expect(await count()).toBe(before);
  });

  test.each([
    ['a price', { price: 1 }],
    ['an amount', { amount: 1 }],
    ['a name', { name: 'x' }],
  ])('takes no %s inside an item either', async (_what, more) => {
    const answer = await here.page({ items: [{ item: 'coffee', ...more }] });
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
  });

  test('of a product that the catalogue does not have is refused by name of the place', async () => {
    const answer = await here.page({ items: [{ item: 'coffee' }, { item: 'yacht' }] });
    expect(answer).toMatchObject(refused(404, 'item_not_found'));
    expect(answer.body.detail).toContain('items[1].item');
  });

  test.each(['toString', 'constructor', 'hasOwnProperty'])('knows no product called %s', async (item) => {
    expect(await here.page({ items: [{ item }] })).toMatchObject(refused(404, 'item_not_found'));
  });

  test.each([
    ['coffee', 11, '1 to 10'],
    ['mug', 4, '1 to 3'],
  ])('of %s takes at most the item’s own quantity', async (item, quantity, range) => {
    const answer = await here.page({ items: [{ item, quantity }] });
    expect(answer).toMatchObject(refused(422, 'quantity_out_of_range'));
    expect(answer.body.errors).toEqual([{ path: 'items[0].quantity', message: `must be ${range}` }]);
  });

  test.each([0, -1, 1.5, '2', null, 1e9, [2], { $gt: 0 }])('takes no quantity of %j', async (quantity) => {
    const answer = await here.page({ items: [{ item: 'coffee', quantity }] });
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
    expect(answer.body.errors?.[0]?.path).toBe('items[0].quantity');
  });

  test.each([
    ['no items', []],
    ['an item twice', [{ item: 'coffee' }, { item: 'coffee' }]],
    ['21 items', Array.from({ length: 21 }, (_, n) => ({ item: `i${n}` }))],
    ['an object for items', { item: 'coffee' }],
  ])('takes not %s', async (_what, items) => {
    expect(await here.page({ items })).toMatchObject(refused(400, 'invalid_request'));
  });

  test('is in one currency', async () => {
    const answer = await here.page({ items: [{ item: 'coffee' }, { item: 'map' }] });
    expect(answer).toMatchObject(refused(400, 'currency_mixed'));
    expect(answer.body.detail).toContain('KRW, USD');
  });

  test('offers only methods that its currency can be paid with', async () => {
    // The channel takes KRW only: a session in USD can be made, and not be paid here.
    const { body } = await here.page({ items: [{ item: 'map' }] });
    expect(body).toMatchObject({ amount: 1_420, currency: 'USD', methods: [] });
  });
});

describe('a minimum quantity', () => {
  const item = { id: 'tea', kind: 'product', name: { ko: '차' }, price: 700, currency: 'KRW' } as const;
  const bulk = useWorld({ blog: { catalogue: new Map([['tea', { ...item, minQuantity: 5, maxQuantity: 50 }]]) } });

  test('is what a page gets that names none, and the least that is sold', async () => {
    expect((await bulk.page({ items: [{ item: 'tea' }] })).body).toMatchObject({ amount: 3_500 });
    const few = await bulk.page({ items: [{ item: 'tea', quantity: 4 }] });
    expect(few).toMatchObject(refused(422, 'quantity_out_of_range'));
  });
});

describe('the page’s origin', () => {
  test('must be on the merchant’s list: the answer names the origin and the setting', async () => {
    const answer = await here.page(coffee, { origin: 'https://evil.example' });
    expect(answer).toMatchObject(refused(403, 'origin_not_allowed'));
    expect(answer.body.detail).toContain('https://evil.example');
    expect(answer.body.detail).toContain('origins');
  });

  test.each([other.origin, `${blog.origin}.evil.example`, 'http://blog.example', `${blog.origin}:8443`])(
    'is refused as %s',
    async (origin) => {
      expect(await here.page(coffee, { origin })).toMatchObject(refused(403, 'origin_not_allowed'));
    },
  );

  test('"null" is refused with the reason', async () => {
    const answer = await here.page(coffee, { origin: 'null' });
    expect(answer).toMatchObject(refused(403, 'origin_not_allowed'));
    expect(answer.body.detail).toContain('sandboxed frame');
  });

  test('may be missing only where the browser says that it is the same', async () => {
    expect(await here.page(coffee, { origin: undefined })).toMatchObject(refused(403, 'origin_not_allowed'));
    const call = { token: blog.publishableKey, body: coffee };
    const sent = (site: string) =>
      api(here.world.url, 'POST', '/payments/sessions', { ...call, headers: { 'sec-fetch-site': site } });
    expect(await sent('cross-site')).toMatchObject(refused(403, 'origin_not_allowed'));
    expect((await sent('same-origin')).status).toBe(201);
  });
});

describe('return URLs', () => {
  test.each([
    'https://evil.example/done',
    'https://blog.example.evil.example/',
    'http://blog.example/posts/7',
    'https://blog.example:8443/',
    'https://blog.example@evil.example/',
  ])('on a foreign origin are refused: %s', async (url) => {
    for (const name of ['page', 'success', 'fail', 'cancel']) {
      const answer = await here.page({ ...coffee, returnUrls: { [name]: url } });
      expect(answer.status).toBe(400);
      expect(['return_url_not_allowed', 'invalid_request']).toContain(answer.body.code);
      expect(answer.body.errors?.[0]?.path).toBe(`returnUrls.${name}`);
    }
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '/posts/7', '//blog.example/', 'blog.example', '', 7, null])(
    'must be absolute http(s) URLs: %j is none',
    async (page) => {
      const answer = await here.page({ ...coffee, returnUrls: { page } });
      expect(answer).toMatchObject(refused(400, 'invalid_request'));
      expect(answer.body.errors?.[0]?.path).toBe('returnUrls.page');
    },
  );

  test('are checked in a prepare too', async () => {
    const returnUrl = 'https://evil.example/done';
    const made = await here.page({ ...coffee, prepare: { method: 'card', returnUrl } });
    expect(made).toMatchObject(refused(400, 'return_url_not_allowed'));
    const shopper = await here.open();
    const prepared = await here.unchanged(shopper, () => shopper.prepare({ method: 'card', returnUrl }));
    expect(prepared).toMatchObject(refused(400, 'return_url_not_allowed'));
  });

  test('come back to the page, but for the provider’s own', async () => {
    const success = `${blog.origin}/thanks`;
    const { body } = await here.page({ ...coffee, returnUrls: { page: blog.page, success } });
    expect(body.returnUrls).toEqual({ success });
  });
});

describe('the buyer', () => {
  test.each([
    ['010-1234-5678', '01012345678'],
    ['+82 (0)10 1234 5678', '+8201012345678'],
    ['02.345.6789', '023456789'],
    ['  010 1234 5678 ', '01012345678'],
  ])('may type a phone number as %s', async (phone, kept) => {
    const { status, body } = await here.page({ ...coffee, buyer: { phone } });
    expect(status).toBe(201);
    expect(body.buyer).toEqual({ phone: kept });
  });

  test.each(['12', '+', 'call me', '010-1234-5678 ext. 9', `0${'1'.repeat(30)}`, 1012345678])(
    'is asked again for the phone number %s',
    async (phone) => {
      const answer = await here.page({ ...coffee, buyer: { phone } });
      expect(answer).toMatchObject(refused(400, 'invalid_request'));
      expect(answer.body.errors?.[0]?.path).toBe('buyer.phone');
    },
  );

  test('is name, e-mail, phone, address and postcode, trimmed, and nothing else', async () => {
    const buyer = { name: ' 김하나 ', email: 'hana@blog.example', address: '테헤란로 1', postcode: '06236' };
    const { body } = await here.page({ ...coffee, buyer });
    expect(body.buyer).toEqual({ ...buyer, name: '김하나' });
    const more = await here.page({ ...coffee, buyer: { ...buyer, birthday: '2000-01-01' } });
    expect(more).toMatchObject(refused(400, 'invalid_request'));
    const odd = await here.page({ ...coffee, buyer: { email: 'hana', postcode: '!', name: 'two\nlines' } });
    expect(odd.body.errors?.map(({ path }) => path).sort()).toEqual(['buyer.email', 'buyer.name', 'buyer.postcode']);
  });

  test('is told to the provider with the launch', async () => {
    const buyer = { name: '김하나', email: 'hana@blog.example', phone: '+82 10-1234-5678' };
    const { body } = await here.page({ ...coffee, buyer, prepare: { method: 'card' } });
    expect(body.launch?.request).toMatchObject({
      customerName: '김하나',
      customerEmail: 'hana@blog.example',
      customerMobilePhone: '01012345678',
    });
  });
});

describe('a customer', () => {
  const opened = async (token: string) => here.page({ ...coffee, customerToken: token, prepare: { method: 'card' } });

  test('comes from a token that the merchant signed', async () => {
    const { status, body } = await opened(await shopperToken(here.world, { sub: 'ada' }));
    expect(status).toBe(201);
    expect(await here.payment(body.payment)).toMatchObject({ customer: 'ada' });
  });

  test('is known to the provider by a random key: always the same, never the id, of one merchant only', async () => {
    const tokens = await Promise.all(['bob', 'bob', 'bo'].map((sub) => shopperToken(here.world, { sub })));
    const answers = await Promise.all(tokens.map(opened));
    const [first, second, another] = answers.map(({ body }) => body.launch?.customerKey);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(another).not.toBe(first);
    const guest = await here.page({ ...coffee, prepare: { method: 'card' } });
    expect(guest.body.launch?.customerKey).toBe('@@ANONYMOUS');
    const backend = await here.backend('POST', '/payments/sessions', {
      ...coffee,
      customer: 'bob',
      prepare: { method: 'card' },
    });
    expect(backend.body.launch?.customerKey).toBe(first);
    const elsewhere = await here.backend(
      'POST',
      '/payments/sessions',
      { items: coffee.items, customer: 'bob', prepare: { method: 'card' } },
      { token: other.secretKey },
    );
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body.launch?.customerKey).not.toBe(first);
  });

  test.each([
    ['expired', { expiresInS: -60 }, 'customer_token_expired'],
    ['too long-lived', { expiresInS: 2 * 3_600 }],
    ['signed with another key', { secret: 'another-secret-of-at-least-32-bytes-long' }],
    ['signed with the secret key', { secret: blog.secretKey }],
    ['for another service', { aud: 'newsletter' }],
    ['of a merchant that is not there', { iss: 'pk_test_nobody_0123456789' }],
    ['of a merchant without shopper tokens', { iss: other.publishableKey }],
  ])('is not believed when the token is %s', async (_what, claims, code = 'customer_token_invalid') => {
    const before = await count();
    expect(await opened(await shopperToken(here.world, claims))).toMatchObject(refused(401, code));
    expect(await count()).toBe(before);
  });

  test('is not believed without a signature', async () => {
    const [, payload] = (await shopperToken(here.world)).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [`${header}.${payload}.`, `${header}.${payload}.AA`, 'no-jwt', '..']) {
      expect(await opened(token)).toMatchObject(refused(401, 'customer_token_invalid'));
    }
  });
});

describe('a customer of two merchants', () => {
  const shopperSecret = 'the-other-merchants-own-secret-of-32-bytes';
  const two = useWorld();

  test('is not taken over: a token of one merchant opens nothing at another', async () => {
    // The token is good where it comes from, and the page is the other merchant's.
    const token = await shopperToken(two.world);
    const answer = await two.page(
      { items: coffee.items, customerToken: token },
      { token: other.publishableKey, origin: other.origin },
    );
    expect(answer).toMatchObject(refused(401, 'customer_token_invalid'));
    const forged = await shopperToken(two.world, { secret: shopperSecret });
    expect(await two.page({ ...coffee, customerToken: forged })).toMatchObject(refused(401, 'customer_token_invalid'));
  });
});

describe('the catalogue', () => {
  const read = (path: string) => api<Record<string, unknown>>(here.world.url, 'GET', path);

  test('shows anyone what a page may show of an item, for a minute, and writes nothing', async () => {
    const before = await count();
    const { status, body, headers } = await read(`/catalog/coffee?merchant=${blog.publishableKey}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    expect(body).toMatchObject({ id: 'coffee', price: 4_500, currency: 'KRW', locales: ['ko', 'en'] });
    expect(body.methods).toContain('kakaopay');
    expect(await count()).toBe(before);
  });

  test('says what is missing', async () => {
    expect(await read('/catalog/yacht?merchant=pk_test_blog_0123456789')).toMatchObject(refused(404, 'item_not_found'));
    expect(await read('/catalog/coffee?merchant=pk_test_nobody_000000')).toMatchObject(refused(404, 'not_found'));
    expect(await read('/catalog/coffee')).toMatchObject(refused(400, 'invalid_request'));
    expect(await read('/catalog/coffee?merchant=a&merchant=b')).toMatchObject(refused(400, 'invalid_request'));
    expect(await read(`/catalog/${encodeURIComponent('../x')}?merchant=a`)).toMatchObject(
      refused(400, 'invalid_request'),
    );
  });
});
