import { describe, expect, test } from 'vitest';
import type { MyPaymentRow, Page, PaymentRow } from '../../../contract/index.js';
import { minute, second } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import { findPayments } from '../../../server/payments/history.js';
import { type Payment, payments } from '../../../server/payments/payment.js';
import { control } from '../../support/shopper.js';
import { type Answer, api, other, type Said } from '../../support/world.js';
import { coffee, refused, shopperToken, useWorld } from '../checkout/harness.js';

const here = useWorld();
const collection = () => here.world.store.collection(payments);

const list = (query = '', token?: string): Promise<Answer<Said<Page<PaymentRow>>>> =>
  here.backend('GET', `/payments${query}`, undefined, token === undefined ? {} : { token });

/** All pages of a list, and how many there were. */
async function walk(query: string, between: () => Promise<unknown> = async () => {}): Promise<PaymentRow[][]> {
  const pages: PaymentRow[][] = [];
  for (let after: string | undefined; ; ) {
    const { status, body } = await list(`?${query}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`);
    expect(status).toBe(200);
    pages.push([...body.data]);
    after = body.next;
    if (after === undefined) return pages;
    await between();
  }
}

/** Copies of a real document, a second apart, the newest last. */
async function fill(like: Payment, count: number, change: (n: number) => Partial<Payment>): Promise<string[]> {
  const ids = Array.from({ length: count }, () => `pay_${systemIds(here.world.clock).ulid()}`);
  const made = ids.map((id, n) => ({ ...like, id, createdAt: like.createdAt + (n + 1) * second, ...change(n) }));
  for (const one of await Promise.all(made.map((doc) => collection().insert(doc)))) expect(one.ok).toBe(true);
  return ids;
}

const paid = async (body: object, agree: Record<string, unknown> = {}) => {
  const shopper = await here.open(body);
  const { paymentKey } = await shopper.agree(agree);
  expect((await shopper.verify({ paymentKey })).body.status).toBe('paid');
  return shopper;
};

describe('the merchant’s payments', () => {
  test('come newest first, with what a list needs', async () => {
    const first = await here.open();
    here.world.clock.advance(second);
    const second_ = await paid({ buyer: { name: '김하나' } });
    const { body } = await list();
    expect(body.data.map(({ id }) => id)).toEqual([second_.id, first.id]);
    expect(body).not.toHaveProperty('next');
    expect(body.data[0]).toMatchObject({
      session: second_.session.id,
      status: 'paid',
      method: 'card',
      provider: 'toss',
    });
    expect(JSON.stringify(body)).not.toContain('김하나');
  });

  test('are one merchant’s own', async () => {
    const mine = await here.open();
    expect((await list('', other.secretKey)).body.data).toEqual([]);
    const foreign = await here.backend('GET', `/payments/${mine.id}`, undefined, { token: other.secretKey });
    expect(foreign).toMatchObject(refused(404, 'payment_not_found'));
    // Not even through a reference or a cursor of ours.
    const order = { amount: 100, currency: 'KRW', orderName: 'x', reference: 'own-1' };
    await here.backend('POST', '/payments/sessions', order);
    expect((await list('?reference=own-1')).body.data).toHaveLength(1);
    expect((await list('?reference=own-1', other.secretKey)).body.data).toEqual([]);
    const { next } = (await list('?limit=1')).body;
    const cursor = `?limit=1&after=${encodeURIComponent(next as string)}`;
    expect(await list(cursor, other.secretKey)).toMatchObject(refused(400, 'invalid_request'));
  });

  test('are found by each filter, and by several together', async () => {
    const customer = 'filters';
    const token = await shopperToken(here.world, { sub: customer });
    here.world.clock.advance(minute);
    const from = here.world.clock.now();
    const card = await paid({ customerToken: token });
    here.world.clock.advance(minute);
    const token2 = await shopperToken(here.world, { sub: customer });
    const kakao = await paid({ customerToken: token2, prepare: { method: 'kakaopay' } }, { method: 'kakaopay' });
    here.world.clock.advance(minute);
    const token3 = await shopperToken(here.world, { sub: customer });
    const open = await here.open({ customerToken: token3 });
    const ids = async (query: string) => (await list(`?${query}`)).body.data.map(({ id }) => id);
    const at = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
    const mine = `customer=${customer}`;

    expect(await ids(mine)).toEqual([open.id, kakao.id, card.id]);
    expect(await ids(`${mine}&status=paid`)).toEqual([kakao.id, card.id]);
    expect(await ids(`${mine}&status=open`)).toEqual([open.id]);
    expect(await ids(`${mine}&status=paid&method=card`)).toEqual([card.id]);
    expect(await ids(`${mine}&method=kakaopay&provider=toss`)).toEqual([kakao.id]);
    expect(await ids(`${mine}&provider=portone-v2`)).toEqual([]);
    expect(await ids(`${mine}&attention=true`)).toEqual([]);
    expect(await ids(`${mine}&attention=false`)).toHaveLength(3);
    expect(await ids(`${mine}&from=${at(from + minute)}`)).toEqual([open.id, kakao.id]);
    expect(await ids(`${mine}&from=${at(from + minute)}&to=${at(from + minute)}`)).toEqual([kakao.id]);
    expect(await ids(`${mine}&to=${at(from - 1)}`)).toEqual([]);
    expect(await ids(`status=paid&from=${at(from)}`)).toEqual([kakao.id, card.id]);
    const seoul = new Date(from + minute + 9 * 60 * minute).toISOString().replace('Z', '+09:00');
    expect(await ids(`${mine}&to=${encodeURIComponent(seoul)}`)).toEqual([kakao.id, card.id]);
  });

  test('are not found under a status that they do not show', async () => {
    const { id } = await here.open();
    here.world.clock.advance(31 * minute);
    const rows = async (status: string) => (await list(`?status=${status}&limit=100`)).body.data;
    expect((await rows('open')).filter(({ status }) => status !== 'open')).toEqual([]);
    expect((await rows('open')).map((row) => row.id)).not.toContain(id);
    await here.world.runDry();
    expect((await rows('expired')).map((row) => row.id)).toContain(id);
  });

  test('are listed under attention when a person must look', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree();
    here.world.sandbox.faults.arm({ on: 'confirm', kind: 'error', code: 'UNAUTHORIZED_KEY', status: 401 });
    const answer = await shopper.verify({ paymentKey });
    expect(answer).toMatchObject(refused(502, 'provider_misconfigured'));
    const { body } = await list('?attention=true');
    expect(body.data).toMatchObject([{ id: shopper.id, attention: 'misconfigured' }]);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=abc',
    'status=PAID',
    'status[$ne]=paid',
    'status=paid&status=open',
    'customer=',
    'customer[$ne]=x',
    'method=cash',
    'provider=stripe',
    'attention=yes',
    'from=yesterday',
    'from=2026-01-01',
    'from=1767225600000',
    'unknown=1',
    '__proto__=1',
    'customer=%00',
    'after=x',
    'after=',
    'after=%00',
    `after=${'A'.repeat(501)}`,
    'after[]=a',
  ])('are not listed for %s', async (query) => {
    expect(await list(`?${query}`)).toMatchObject(refused(400, 'invalid_request'));
  });

  test('are not listed with a cursor of another list', async () => {
    const customer = 'cursors';
    for (let n = 0; n < 3; n++) await here.backend('POST', '/payments/sessions', { items: coffee.items, customer });
    const { next } = (await list(`?customer=${customer}&limit=1`)).body;
    const after = `after=${encodeURIComponent(next as string)}`;
    expect((await list(`?customer=${customer}&limit=1&${after}`)).status).toBe(200);
    for (const query of ['limit=1', 'customer=another&limit=1', `status=open&limit=1`]) {
      expect(await list(`?${query}&${after}`)).toMatchObject(refused(400, 'invalid_request'));
    }
  });
});

describe('pages', () => {
  test('together hold every payment once, while new ones arrive', async () => {
    const like = await here.world.payment((await here.open()).id);
    const ids = await fill(like, 57, () => ({ customer: 'pages' }));
    here.world.clock.advance(minute);
    const pages = await walk('customer=pages&limit=10', () =>
      here.backend('POST', '/payments/sessions', { items: coffee.items, customer: 'pages' }),
    );
    expect(pages.flat().map(({ id }) => id)).toEqual(ids.reverse());
    expect(pages.slice(0, -1).every((page) => page.length === 10)).toBe(true);
  });

  test('hold every payment once where many were made in the same millisecond', async () => {
    const like = await here.world.payment((await here.open()).id);
    const ids = await fill(like, 45, () => ({ customer: 'instant', createdAt: like.createdAt }));
    for (const limit of [1, 7, 44, 45, 46]) {
      const found = (await walk(`customer=instant&limit=${limit}`)).flat().map(({ id }) => id);
      expect(found).toEqual([...ids].sort().reverse());
    }
  });

  test('of a sparse filter look at 1,000 payments at most, and go on from there', async () => {
    const like = await here.world.payment((await here.open()).id);
    const rare = new Set([3, 400, 1_100, 2_222]);
    const ids = await fill(like, 2_300, (n) => ({ customer: 'sparse', method: rare.has(n) ? 'phone' : 'card' }));
    for (const limit of [1, 3, 20]) {
      const pages = await walk(`customer=sparse&method=phone&limit=${limit}`);
      expect(pages.flat().map(({ id }) => id)).toEqual([2_222, 1_100, 400, 3].map((n) => ids[n]));
      expect(pages.length).toBeGreaterThanOrEqual(3);
    }
    const none = await walk('customer=sparse&method=transfer&limit=20');
    expect(none.map((page) => page.length)).toEqual([0, 0, 0]);
  });

  test('of a sparse filter cost few reads, whatever their length', async () => {
    const now = here.world.clock.now();
    const from = collection();
    for (const limit of [1, 20, 100]) {
      let reads = 0;
      let docs = 0;
      const counted: typeof from = {
        ...from,
        find: async (query) => {
          const page = await from.find(query);
          reads++;
          docs += page.docs.length;
          return page;
        },
      };
      const query = { merchant: 'blog', customer: 'sparse', method: 'transfer', limit } as const;
      expect((await findPayments(counted, query, now)).data).toEqual([]);
      expect(docs).toBe(1_000);
      expect(reads).toBeLessThanOrEqual(15);
    }
  });

  test('of a filter that is sometimes dense are as long as asked for, without a gap', async () => {
    const like = await here.world.payment((await here.open()).id);
    const isPhone = (n: number) => n % 97 < 9;
    const ids = await fill(like, 900, (n) => ({ customer: 'dense', method: isPhone(n) ? 'phone' : 'card' }));
    const expected = ids.filter((_id, n) => isPhone(n)).reverse();
    for (const limit of [1, 4, 10, 33]) {
      const pages = await walk(`customer=dense&method=phone&limit=${limit}`);
      expect(pages.flat().map(({ id }) => id)).toEqual(expected);
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }
  });
});

describe('one payment', () => {
  test('shows its whole timeline, in order, with every attempt', async () => {
    const shopper = await here.open({ buyer: { name: '김하나' } });
    const path = `/payments/sessions/${shopper.session.id}`;
    here.world.clock.advance(second);
    await shopper.call('POST', `${path}/launched`, { attempt: 1 });
    here.world.clock.advance(3 * second);
    await shopper.verify({ code: 'PAY_PROCESS_CANCELED' });
    here.world.clock.advance(second);
    await shopper.prepare();
    const bad = await shopper.agree({ card: '4300000000000003' });
    here.world.clock.advance(3 * second);
    await shopper.verify({ paymentKey: bad.paymentKey });
    await shopper.prepare({ method: 'transfer' });
    const good = await shopper.agree({ method: 'transfer' });
    here.world.clock.advance(3 * second);
    await shopper.verify({ paymentKey: good.paymentKey });

    const payment = await here.payment(shopper.id);
    expect(payment).toMatchObject({ status: 'paid', buyer: { name: '김하나' }, lines: [{ item: 'coffee' }] });
    expect(payment.attempts.map(({ no, state, superseded }) => [no, state, superseded])).toEqual([
      [1, 'launched', true],
      [2, 'failed', undefined],
      [3, 'paid', undefined],
    ]);
    expect(payment.attempts[1]).toMatchObject({ record: bad.paymentKey, failure: { code: expect.any(String) } });
    expect(payment.attempts[2]).toMatchObject({ record: good.paymentKey, method: 'transfer' });
    const told = payment.timeline.map(({ what, to, trigger }) => `${what} ${to} (${trigger})`);
    expect(told).toEqual([
      'payment open (create)',
      'attempt 1 prepared (create)',
      'attempt 1 launched (launched)',
      'attempt 1 window returned (verify)',
      'attempt 1 superseded (prepare)',
      'attempt 2 prepared (prepare)',
      'attempt 2 confirming (verify)',
      'attempt 2 failed (verify)',
      'attempt 3 prepared (prepare)',
      'attempt 3 confirming (verify)',
      'attempt 3 paid (verify)',
      'payment paid (verify)',
    ]);
    const times = payment.timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  test.each(['pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA'])('that is not there (%s) is not found', async (id) => {
    expect(await here.backend('GET', `/payments/${id}`)).toMatchObject(refused(404, 'payment_not_found'));
  });
});

describe('the shopper’s own payments', () => {
  const mine = async (sub: string, query = ''): Promise<Answer<Said<Page<MyPaymentRow>>>> =>
    api(here.world.url, 'GET', `/me/payments${query}`, { token: await shopperToken(here.world, { sub }) });

  test('are only theirs, with the receipt and nothing that is the merchant’s', async () => {
    const order = { amount: 700, currency: 'KRW', orderName: '책', metadata: { margin: '40%' } };
    const body = { ...order, customer: 'reader', reference: 'secret-ref' };
    const made = await here.backend('POST', '/payments/sessions', body);
    const token = await shopperToken(here.world, { sub: 'reader' });
    here.world.clock.advance(second);
    const bought = await paid({ customerToken: token, buyer: { name: '김하나' } });
    const { status, body: page } = await mine('reader');
    expect(status).toBe(200);
    expect(page.data.map(({ id }) => id)).toEqual([bought.id, made.body.payment]);
    expect(page.data[0]).toMatchObject({ status: 'paid', receipt: { method: 'card' } });
    for (const row of page.data) {
      for (const field of ['reference', 'customer', 'attention', 'metadata', 'timeline', 'buyer']) {
        expect(row).not.toHaveProperty(field);
      }
    }
    expect(JSON.stringify(page)).not.toMatch(/secret-ref|margin|40%/);
    expect((await mine('rea')).body.data).toEqual([]);
    expect((await mine('READER')).body.data).toEqual([]);
  });

  test('show the account while it waits for a deposit', async () => {
    const customerToken = await shopperToken(here.world, { sub: 'depositor' });
    const shopper = await here.open({ customerToken, prepare: { method: 'virtual_account' } });
    const { paymentKey } = await shopper.agree({ method: 'virtual_account' });
    await shopper.verify({ paymentKey });
    const account = { number: expect.any(String), bank: expect.any(String) };
    expect((await mine('depositor')).body.data).toMatchObject([{ status: 'pending', account }]);
    await control(here.world, 'toss/deposit', { orderId: shopper.orderId, clientKey: 'test_ck_blog' });
    await here.later(61 * minute);
    const [row] = (await mine('depositor')).body.data;
    expect(row).toMatchObject({ status: 'paid' });
    expect(row).not.toHaveProperty('account');
  });

  test('come in pages, and a cursor is one shopper’s', async () => {
    for (let n = 0; n < 5; n++) {
      await here.backend('POST', '/payments/sessions', { items: coffee.items, customer: 'pager' });
      await here.backend('POST', '/payments/sessions', { items: coffee.items, customer: 'pager2' });
    }
    const first = await mine('pager', '?limit=3');
    expect(first.body.data).toHaveLength(3);
    const after = `?limit=3&after=${encodeURIComponent(first.body.next as string)}`;
    const rest = await mine('pager', after);
    expect(rest.body.data).toHaveLength(2);
    expect(rest.body).not.toHaveProperty('next');
    expect(await mine('pager2', after)).toMatchObject(refused(400, 'invalid_request'));
  });

  test('take no filters that could widen them', async () => {
    for (const query of ['?customer=reader', '?merchant=other', '?status=paid', '?customer[$ne]=x']) {
      expect(await mine('pager', query)).toMatchObject(refused(400, 'invalid_request'));
    }
  });

  test('need a token that is good', async () => {
    const read = async (claims: object) =>
      api(here.world.url, 'GET', '/me/payments', { token: await shopperToken(here.world, claims) });
    expect(await read({ expiresInS: -60 })).toMatchObject(refused(401, 'customer_token_expired'));
    for (const claims of [
      { aud: 'x' },
      { iss: other.publishableKey },
      { iss: 'blog' },
      { secret: 'another-secret-of-at-least-32-bytes-long' },
      { sub: '' },
      { sub: 'a b' },
    ]) {
      expect(await read(claims)).toMatchObject(refused(401, 'customer_token_invalid'));
    }
  });
});
