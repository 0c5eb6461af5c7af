import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPortOneV1 } from '../../../server/providers/portone-v1/portone-v1.js';
import type { CancelIntent, CloseIntent, PortOneV1Channel } from '../../../server/providers/provider.js';
import { testClock } from '../../support/world.js';
import { done, no, v1Account, v1Cancellation, v1Payment } from './portone-v1-payments.js';
import { hangUp, json, type Seen, type StubServer, silence, startStub, text } from './stub-server.js';

const [apiKey, apiSecret] = ['an-api-key-of-the-shop', 'an-api-secret-of-the-shop'];
const clock = testClock();
let stub: StubServer;
let channel: PortOneV1Channel;
type Answer = Parameters<StubServer['answer']>[0];

/** Tokens are numbered as V1 gives them out; they last as long as is said here. */
let tokens = 0;
let lasts = 1_800;
const isToken = ({ path }: Seen) => path.endsWith('/users/getToken');
const give: Answer = (request, response) => {
  const now = Math.floor(clock.now() / 1_000);
  json(200, done({ access_token: `token-${++tokens}`, now, expired_at: now + lasts }))(request, response);
};
/** Whatever is asked beside a token. */
const answer = (with_: Answer) =>
  stub.answer((request, response) => (isToken(request) ? give : with_)(request, response));

beforeAll(async () => {
  stub = await startStub();
  channel = {
    id: 'main',
    provider: 'portone-v1',
    environment: 'test',
    approval: 'automatic',
    currencies: ['KRW'],
    apiBase: `${stub.url}/v1/`,
    script: 'https://cdn.iamport.kr/v1/iamport.js',
    userCode: 'imp12345678',
    channelKey: 'channel-key-1',
    apiKey,
    apiSecret,
  };
});
afterAll(() => stub.close());

let v1 = createPortOneV1({ clock });
let impatient = v1;
beforeEach(() => {
  v1 = createPortOneV1({ clock });
  impatient = createPortOneV1({ clock, timeouts: { money: 300, lookup: 300 } });
  tokens = 0;
  lasts = 1_800;
  stub.seen.length = 0;
});

const orderId = 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1';
const record = 'imp_100000000001';
const refund = (changes: Partial<CancelIntent> = {}): CancelIntent => ({
  orderId,
  record,
  amount: 5_000,
  currency: 'KRW',
  full: false,
  expectedBalance: 12_000,
  reason: 'rf_1 customer asked',
  idempotencyKey: 'cancel-key-of-16-characters',
  ...changes,
});
const closing: CloseIntent = { orderId, record, idempotencyKey: 'close-key-of-16-characters' };
const order = {
  orderId,
  orderName: '커피',
  amount: 12_000,
  currency: 'KRW',
  customerKey: 'c_1',
  locale: 'ko',
} as const;

const asked = () => stub.seen.filter((one) => !isToken(one)).map(({ method, path }) => `${method} ${path}`);
const tokenCalls = () => stub.seen.filter(isToken).length;
const last = () => stub.seen.at(-1)!;
const page = (list: unknown[], next: unknown = 0) => done({ total: list.length, previous: 0, next, list });
const listOf = (...list: unknown[]) => json(200, page(list));
const ours = v1Cancellation();
const given = v1Payment({ cancel_amount: 5_000, cancel_history: [ours] });

describe('PortOne V1: the token', () => {
  test('is asked for once, for all who wait for it, and kept', async () => {
    answer(listOf(v1Payment()));
    await Promise.all(Array.from({ length: 5 }, () => v1.lookup(channel, { orderId })));
    await v1.lookup(channel, { orderId });
    expect(tokenCalls()).toBe(1);
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toEqual({ imp_key: apiKey, imp_secret: apiSecret });
    expect(stub.seen[0]?.path).toBe('/v1/users/getToken');
    expect(stub.seen[0]?.headers.authorization).toBeUndefined();
    expect(last().headers.authorization).toBe('Bearer token-1');
    expect(last().headers.tier).toBeUndefined();
  });

  test('is renewed half a minute before its end', async () => {
    answer(listOf(v1Payment()));
    await v1.lookup(channel, { orderId });
    clock.advance(1_769_000);
    await v1.lookup(channel, { orderId });
    expect(last().headers.authorization).toBe('Bearer token-1');
    clock.advance(1_000);
    await v1.lookup(channel, { orderId });
    expect(last().headers.authorization).toBe('Bearer token-2');
    expect(tokenCalls()).toBe(2);
  });

  test('that can not be renewed is used to its end, and not beyond', async () => {
    answer(listOf(v1Payment()));
    await v1.lookup(channel, { orderId });
    clock.advance(1_780_000);
    const renew = (with_: Answer) =>
      stub.answer((request, response) => (isToken(request) ? with_ : listOf(v1Payment()))(request, response));
    renew(text(502, '<html>'));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'done' });
    clock.advance(21_000);
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    renew(give);
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'done' });
  });

  test('that V1 does not take any more is changed, and the call made again, once', async () => {
    const old = (request: Seen) => request.headers.authorization === 'Bearer token-1';
    answer((request, response) =>
      old(request)
        ? json(401, no(-1, 'Unauthorized'))(request, response)
        : json(200, request.method === 'POST' ? done(given) : page([v1Payment()]))(request, response),
    );
    expect(await v1.cancel(channel, refund())).toMatchObject({ outcome: 'done' });
    expect(asked()).toEqual(['POST /v1/payments/cancel', 'POST /v1/payments/cancel']);
    expect(tokenCalls()).toBe(2);
    await v1.lookup(channel, { orderId });
    expect(tokenCalls()).toBe(2);
  });

  test('that is never taken is our misconfiguration, after one more try', async () => {
    answer(json(401, no(-1, 'Unauthorized')));
    expect(await v1.cancel(channel, refund())).toEqual({ outcome: 'misconfigured', code: 'UNAUTHORIZED' });
    expect(asked()).toHaveLength(2);
  });

  test('a 401 that is not V1’s own makes no call again: whoever sent it may have passed the first on', async () => {
    answer(text(401, '<html>'));
    expect(await v1.cancel(channel, refund())).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    expect(asked()).toHaveLength(1);
  });

  test('is kept for each key: another shop has its own; a sub-merchant has its account’s', async () => {
    answer(listOf(v1Payment()));
    await v1.lookup(channel, { orderId });
    await v1.lookup({ ...channel, apiKey: 'another' }, { orderId });
    expect(last().headers.authorization).toBe('Bearer token-2');
    await v1.lookup({ ...channel, tierCode: 'A1B' }, { orderId });
    expect(last().headers).toMatchObject({ authorization: 'Bearer token-1', tier: 'A1B' });
  });

  test('given without times, or with little left, is used and not asked for with every call', async () => {
    lasts = 20;
    answer(listOf(v1Payment()));
    for (let n = 0; n < 3; n++) await v1.lookup(channel, { orderId });
    expect(tokenCalls()).toBe(1);
    clock.advance(10_000);
    await v1.lookup(channel, { orderId });
    expect(tokenCalls()).toBe(2);
  });

  test.each([
    ['a wrong key', json(401, no(-1)), 'misconfigured'],
    ['a page', text(200, '<html>'), 'unknown'],
    ['no token', json(200, done({})), 'unknown'],
    ['a token that would break a header', json(200, done({ access_token: 'a\nb' })), 'unknown'],
    ['code -1', json(200, no(-1)), 'unknown'],
    ['a no', json(200, no(1)), 'unknown'],
  ])('asked for and answered with %s, nothing else is asked', async (_what, with_, outcome) => {
    stub.answer(with_);
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome });
    expect(await v1.cancel(channel, refund())).toMatchObject({ outcome });
    expect(await v1.launch(channel, order)).toMatchObject({ outcome });
    expect(asked()).toEqual([]);
  });
});

describe('PortOne V1: what goes over the wire', () => {
  test('the amount is registered before anything is handed out', async () => {
    answer(json(200, done({ merchant_uid: orderId, amount: 12_000 })));
    expect(await v1.launch(channel, order)).toMatchObject({ outcome: 'done', launch: { provider: 'portone-v1' } });
    expect(asked()).toEqual(['POST /v1/payments/prepare']);
    expect(JSON.parse(last().body)).toEqual({ merchant_uid: orderId, amount: 12_000, currency: 'KRW' });
  });

  test.each([1, -1, 3])('registered already (code %s), it is read and compared', async (code) => {
    answer((request, response) =>
      json(200, request.method === 'GET' ? done({ merchant_uid: orderId, amount: 12_000 }) : no(code))(
        request,
        response,
      ),
    );
    expect(await v1.launch(channel, order)).toMatchObject({ outcome: 'done' });
    expect(asked()).toEqual(['POST /v1/payments/prepare', `GET /v1/payments/prepare/${orderId}`]);
  });

  test('registered with another amount, it is set right, and only then handed out', async () => {
    let amount = 100;
    const put =
      (works: boolean): Answer =>
      (request, response) => {
        if (request.method === 'PUT' && works) amount = 12_000;
        json(200, request.method === 'POST' ? no() : done({ merchant_uid: orderId, amount }))(request, response);
      };
    answer(put(false));
    expect(await v1.launch(channel, order)).toMatchObject({ outcome: 'unknown' });
    answer(put(true));
    expect(await v1.launch(channel, order)).toMatchObject({ outcome: 'done' });
    expect(JSON.parse(last().body)).toEqual({ merchant_uid: orderId, amount: 12_000, currency: 'KRW' });
  });

  test.each([
    ['not there', json(404, no(-1))],
    ['a page', text(200, '<html>')],
    ['another amount than was sent', json(200, done({ merchant_uid: orderId, amount: 1 }))],
  ])('answered with %s, nothing is handed out', async (_what, with_) => {
    answer(with_);
    expect(await v1.launch(channel, order)).toMatchObject({ outcome: 'unknown' });
  });

  test('a lookup asks for every record, test ones too, page by page', async () => {
    const second = v1Payment({ imp_uid: 'imp_2', paid_at: 1_767_236_400 });
    answer((request, response) =>
      json(200, request.path.includes('page=1') ? page([v1Payment()], 2) : page([second], false))(request, response),
    );
    expect(await v1.lookup(channel, { orderId })).toMatchObject({
      outcome: 'done',
      records: [{ record: 'imp_2' }, { record }],
    });
    const path = `GET /v1/payments/findAll/${orderId}?page=`;
    const rest = '&sorting=started&include_sandbox=true';
    expect(asked()).toEqual([`${path}1${rest}`, `${path}2${rest}`]);
  });

  test('what holds money still is the payment before what went back whole, whichever was first', async () => {
    const undone = { status: 'cancelled', cancel_amount: 12_000, cancel_history: [v1Cancellation({ amount: 12_000 })] };
    answer(listOf(v1Payment(undone), v1Payment({ imp_uid: 'imp_2', paid_at: 1_767_237_000 })));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({
      ...{ outcome: 'done', records: [{ record: 'imp_2' }, { record, cancelled: 12_000 }] },
    });
  });

  test('a no to a later page is not the end of the list: money may stand behind it', async () => {
    const laterPages = (with_: Answer) =>
      answer((request, response) =>
        (request.path.includes('page=1') ? json(200, page([v1Payment()], 2)) : with_)(request, response),
      );
    laterPages(json(200, no()));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown' });
    laterPages(json(404, no(-1)));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'done', records: [{ record }] });
  });

  test('a record that the list does not have is asked for by itself, and must be ours', async () => {
    const answerWith = (found: object) =>
      answer((request, response) =>
        json(200, request.path.includes('findAll') ? page([v1Payment()]) : done(found))(request, response),
      );
    answerWith(v1Payment({ imp_uid: 'imp_2', paid_at: 1_900_000_000 }));
    expect(await v1.lookup(channel, { orderId, record: 'imp_2' })).toMatchObject({
      ...{ outcome: 'done', records: [{ record }, { record: 'imp_2' }] },
    });
    expect(asked().at(-1)).toBe('GET /v1/payments/imp_2?include_sandbox=true');
    answerWith(v1Payment({ imp_uid: 'imp_3', merchant_uid: 'cheap_order' }));
    expect(await v1.lookup(channel, { orderId, record: 'imp_3' })).toMatchObject({
      ...{ outcome: 'refused', hint: 'other_order' },
    });
  });

  test('a refund names the record, its amount, and the balance that it was decided on', async () => {
    answer(json(200, done(given)));
    expect(await v1.cancel(channel, refund())).toMatchObject({ outcome: 'done', record: { cancelled: 5_000 } });
    expect(asked()).toEqual(['POST /v1/payments/cancel']);
    expect(JSON.parse(last().body)).toEqual({
      imp_uid: record,
      amount: 5_000,
      checksum: 12_000,
      reason: 'rf_1 customer asked',
    });
  });

  test('a full refund names its amount too; a deposit goes to the account that the buyer named', async () => {
    answer(json(200, done(given)));
    const account = { bank: 'KOOKMIN', number: '110123456789', holder: '박포원' };
    await v1.cancel(channel, refund({ full: true, amount: 12_000, account }));
    expect(JSON.parse(last().body)).toEqual({
      imp_uid: record,
      amount: 12_000,
      checksum: 12_000,
      reason: 'rf_1 customer asked',
      refund_holder: '박포원',
      refund_bank: '004',
      refund_account: '110123456789',
    });
    await v1.cancel({ ...channel, bankCodes: { KOOKMIN: 'BK04' } }, refund({ account }));
    expect(JSON.parse(last().body)).toMatchObject({ refund_bank: 'BK04' });
  });

  test('closing', async () => {
    answer((request, response) =>
      json(
        200,
        done(request.method === 'DELETE' ? null : v1Payment({ status: 'cancelled', paid_at: 0, ...v1Account() })),
      )(...([request, response] as const)),
    );
    expect(await v1.close(channel, closing)).toEqual({ outcome: 'done' });
    expect(asked()[0]).toBe(`DELETE /v1/vbanks/${record}`);
  });
});

describe('PortOne V1: a refund that was refused', () => {
  /** `code ≠ 0`, and then what the record says. */
  const refusedThen = (found: Answer) =>
    answer((request, response) => (request.method === 'POST' ? json(200, no()) : found)(request, response));

  test.each([
    ['our cancellation is there: an earlier call of ours did it', json(200, done(given)), { outcome: 'done' }],
    ['nothing was given back', json(200, done(v1Payment())), { outcome: 'declined', code: '1', retryable: false }],
    [
      'the balance is another',
      json(200, done(v1Payment({ cancel_amount: 2_000, cancel_history: [v1Cancellation({ reason: 'console' })] }))),
      { outcome: 'unknown', why: 'temporary' },
    ],
    ['there is no such payment', json(404, no(-1)), { outcome: 'not_found' }],
    ['it can not be read', text(502, '<html>'), { outcome: 'unknown' }],
    ['it is about another', json(200, done(v1Payment({ imp_uid: 'imp_2' }))), { outcome: 'unknown' }],
  ])('%s', async (_what, found, outcome) => {
    refusedThen(found);
    expect(await v1.cancel(channel, refund())).toMatchObject(outcome);
    expect(asked()).toEqual(['POST /v1/payments/cancel', `GET /v1/payments/${record}?include_sandbox=true`]);
  });

  test('to an account that was named may be refused for the account: another one may be named', async () => {
    refusedThen(json(200, done(v1Payment(v1Account()))));
    const account = { bank: 'SHINHAN', number: '110123456789', holder: '박포원' };
    expect(await v1.cancel(channel, refund({ account }))).toMatchObject({ outcome: 'declined', accountRefused: true });
    expect(await v1.cancel(channel, refund())).not.toHaveProperty('accountRefused');
  });
});

describe('PortOne V1: replies that are not what they should be', () => {
  test.each([
    ['about another order', v1Payment({ merchant_uid: 'pay_of_someone_else_1' })],
    ['of an unknown status', v1Payment({ status: 'brand_new' })],
    ['paid, of a broken amount', v1Payment({ amount: '12000' })],
    ['that is nothing', null],
  ])('a list with a payment %s is unknown, whatever else is on it', async (_what, line) => {
    answer(listOf(v1Payment(), line));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test('windows that were left and can not be read hide no money, and are not "nothing there"', async () => {
    const left = v1Payment({ imp_uid: 'imp_2', status: 'ready', amount: null });
    answer(listOf(left, v1Payment()));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'done', records: [{ record }] });
    answer(listOf(left));
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown' });
    answer(listOf());
    expect(await v1.lookup(channel, { orderId })).toEqual({ outcome: 'not_found' });
  });

  test('pages without an end are given up on', async () => {
    answer((request, response) => {
      const number = Number(/page=(\d+)/.exec(request.path)?.[1]);
      json(200, page([v1Payment({ imp_uid: `imp_${number}` })], number + 1))(request, response);
    });
    expect(await v1.lookup(channel, { orderId })).toMatchObject({ outcome: 'unknown' });
    expect(asked()).toHaveLength(50);
  });

  test('a refund that was taken on, without an entry yet, is pending and not asked for again', async () => {
    answer(json(200, done(v1Payment())));
    expect(await v1.cancel(channel, refund())).toMatchObject({
      outcome: 'done',
      record: { cancelled: 0, cancellations: [{ state: 'pending', amount: 5_000, reason: 'rf_1 customer asked' }] },
    });
  });

  test.each([
    ['nothing', null],
    ['another payment', v1Payment({ imp_uid: 'imp_2', cancel_history: [ours] })],
    ['what can not be read', v1Payment({ cancel_amount: 'some' })],
  ])('a refund answered with %s is unknown, not done', async (_what, response) => {
    answer(json(200, done(response)));
    expect(await v1.cancel(channel, refund())).toMatchObject({ outcome: 'unknown', why: 'temporary' });
  });

  test.each([
    ['a gateway page', text(502, '<html>Bad gateway</html>'), 'temporary'],
    ['a page in the place of an answer', text(200, '<html>Be right back</html>'), 'temporary'],
    ['an empty reply', text(200, ''), 'temporary'],
    ['code -1', json(200, no(-1)), 'temporary'],
    ['no code', json(200, { response: v1Payment() }), 'temporary'],
    ['a hang-up', hangUp, 'no_reply'],
    ['silence', silence, 'no_reply'],
  ])('%s is unknown on every call', async (_what, with_, why) => {
    answer(with_);
    const adapter = with_ === silence ? impatient : v1;
    const unknown = { outcome: 'unknown', why };
    expect(await adapter.launch(channel, order)).toMatchObject(unknown);
    expect(await adapter.lookup(channel, { orderId })).toMatchObject(unknown);
    expect(await adapter.lookup(channel, { orderId, record })).toMatchObject(unknown);
    expect(await adapter.cancel(channel, refund())).toMatchObject(unknown);
    expect(await adapter.close(channel, closing)).toMatchObject(unknown);
    expect(await adapter.listPayments(channel, { from: 0, until: 1, limit: 10 })).toMatchObject(unknown);
  });

  test('no outcome repeats a secret or a token', async () => {
    answer((request, response) => text(500, `${request.headers.authorization} ${request.body}`)(request, response));
    const outcomes = [await v1.launch(channel, order), await v1.cancel(channel, refund())];
    stub.answer((request, response) => text(500, request.body)(request, response));
    outcomes.push(await createPortOneV1().cancel(channel, refund()));
    expect(JSON.stringify(outcomes)).not.toMatch(/an-api-|token-/);
  });
});

describe('PortOne V1: the list', () => {
  const range = { from: Date.UTC(2026, 0, 1), until: Date.UTC(2026, 0, 8), limit: 5_000 };

  test('what is paid by its approval, then what is cancelled, to this day; test payments too', async () => {
    answer(listOf());
    const first = await v1.listPayments(channel, range);
    const next = first.outcome === 'done' ? first.next : undefined;
    await v1.listPayments(channel, { ...range, ...(next && { after: next }) });
    const rest = 'sorting=started&page=1&limit=1000&include_sandbox=true';
    const seconds = (at: number) => Math.floor(at / 1_000);
    expect(asked()).toEqual([
      `GET /v1/payments/status/paid?from=${seconds(range.from)}&to=${seconds(range.until)}&${rest}`,
      `GET /v1/payments/status/cancelled?from=${seconds(range.from)}&to=${seconds(clock.now())}&${rest}`,
    ]);
  });

  test('a range of a year is asked for in parts of less than 90 days', async () => {
    answer(listOf());
    const year = { ...range, from: range.until - 365 * 86_400_000 };
    for (let after: string | undefined, pages = 0; pages < 30; pages++) {
      const found = await v1.listPayments(channel, { ...year, ...(after && { after }) });
      after = found.outcome === 'done' ? found.next : undefined;
      if (after === undefined) break;
    }
    const spans = asked().map((path) => {
      const [, from, to] = /from=(\d+)&to=(\d+)/.exec(path) ?? [];
      return Number(to) - Number(from);
    });
    expect(spans.length).toBeGreaterThan(8);
    for (const span of spans) expect(span).toBeLessThanOrEqual(90 * 86_400);
  });

  test('once one has left the list, it is read again from its start', async () => {
    const lines = [v1Payment(), v1Payment({ imp_uid: 'imp_2' }), v1Payment({ imp_uid: 'imp_3' })];
    answer((request, response) => {
      const [size, number] = [1, Number(/page=(\d+)/.exec(request.path)?.[1])];
      const next = number * size < lines.length ? number + 1 : 0;
      const list = request.path.includes('/paid?') ? lines.slice((number - 1) * size, number * size) : [];
      json(200, done({ total: lines.length, previous: 0, next, list }))(request, response);
      // The first of them is given back, and the second takes its place.
      if (asked().length === 1) lines.shift();
    });
    const found = new Set<string>();
    for (let after: string | undefined, pages = 0; pages < 10; pages++) {
      const one = await v1.listPayments(channel, { ...range, limit: 1, ...(after && { after }) });
      if (one.outcome !== 'done') throw new Error(one.outcome);
      for (const line of one.payments) found.add(line.record);
      after = one.next;
      if (after === undefined) break;
    }
    expect(found).toEqual(new Set([record, 'imp_2', 'imp_3']));
  });

  test('lines of the other environment are another account’s, and ones that can not be read are counted', async () => {
    answer(listOf(v1Payment(), v1Payment({ imp_uid: 'imp_2', sandbox: false }), v1Payment({ status: 'brand_new' })));
    const found = await v1.listPayments(channel, range);
    expect(found).toMatchObject({ outcome: 'done', payments: [{ record, at: Date.UTC(2026, 0, 1, 3, 1) }], unread: 1 });
    expect(v1.account(channel)).not.toBe(v1.account({ ...channel, environment: 'live' }));
  });
});

test('nothing waits for a confirm, and one that is asked for moves nothing', async () => {
  expect(v1.needsConfirm(channel)).toBe(false);
  expect(v1.choosesInside(channel)).toBe(false);
  expect(v1.identity(channel)).toEqual({ store: 'imp12345678' });
  const intent = { orderId, record, amount: 12_000, currency: 'KRW', idempotencyKey: 'key' } as const;
  expect(await v1.confirm(channel, intent)).toMatchObject({ outcome: 'refused' });
  expect(stub.seen).toEqual([]);
});
