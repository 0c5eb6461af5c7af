import { describe, expect, it } from 'vitest';
import { minutes } from './harness.js';
import { account, channel, outcome, useV1 } from './v1-harness.js';

const all = useV1();
const { time, url, control, v1, rest, unauthorized, getToken, keys, paid, look, prepare, newOrder } = all;
const charges = async () => (await control('books')).body.charges.length;
const inSandbox = '?include_sandbox=true';

describe('the access token', () => {
  it('lives for half an hour, and asking again gives the same one', async () => {
    const first = (await getToken()).body.response;
    expect(first.expired_at - first.now).toBe(1800);
    time.now += minutes(28);
    expect((await getToken()).body.response).toMatchObject({
      access_token: first.access_token,
      expired_at: first.expired_at,
    });
  });

  it('gets five minutes more if less than one is left, and another follows when it is over', async () => {
    const first = (await getToken()).body.response;
    time.now += minutes(29.5);
    const longer = (await getToken()).body.response;
    expect(longer).toMatchObject({ access_token: first.access_token, expired_at: first.expired_at + 300 });
    time.now += minutes(6);
    const headers = { authorization: `Bearer ${first.access_token}` };
    expect(outcome(await unauthorized('GET', '/banks', undefined, headers))).toBe('401 -1');
    expect((await getToken()).body.response.access_token).not.toBe(first.access_token);
  });

  it.each([
    [{ imp_key: account.apiKey, imp_secret: 'wrong' }],
    [{ imp_key: 'nobody', imp_secret: account.apiSecret }],
    [{ imp_key: ['a'], imp_secret: { b: 1 } }],
    [{}],
  ])('is not given for %j', async (given) => {
    expect(outcome(await getToken(given))).toBe('401 -1');
  });

  it('is taken with and without "Bearer", and nothing goes without it', async () => {
    const { access_token } = (await getToken()).body.response;
    const ask = async (headers: Record<string, string>) =>
      outcome(await unauthorized('GET', '/banks', undefined, headers));
    expect(await ask({ authorization: `Bearer ${access_token}` })).toBe('200 0');
    expect(await ask({ authorization: access_token })).toBe('200 0');
    expect(await ask({ authorization: 'Bearer of-nobody' })).toBe('401 -1');
    expect(await ask({})).toBe('401 -1');
  });

  it('and everything else may be asked for by a form', async () => {
    const response = await fetch(`${url()}/portone-v1/users/getToken`, {
      method: 'POST',
      body: new URLSearchParams(keys),
    });
    expect((await response.json()).response.access_token).toMatch(/^\w{40}$/);
  });
});

describe('a payment', () => {
  it('is charged as soon as the shopper agreed, and is shown in major units, unix seconds and zeros', async () => {
    const { merchant_uid, imp_uid, said } = await paid({ custom_data: { mine: 1 }, buyer_name: '박포원' });
    expect(said).toEqual({ imp_uid: expect.stringMatching(/^imp_\d{12}$/), merchant_uid });
    expect(await look(imp_uid)).toMatchObject({
      ...{ imp_uid, merchant_uid, status: 'paid', amount: 15000, cancel_amount: 0, currency: 'KRW', sandbox: true },
      ...{ pay_method: 'card', pg_provider: 'tosspayments', buyer_name: '박포원', custom_data: '{"mine":1}' },
      ...{ paid_at: time.now / 1000, failed_at: 0, cancelled_at: 0, cancel_history: [], vbank_date: 0 },
    });
    expect(await charges()).toBe(1);
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['kakaopay', { method: 'kakaopay', channelKey: channel('kakaopay') }, { pg_provider: 'kakaopay' }],
    ['naverpay', { method: 'naverpay', channelKey: channel('naverpay') }, { pg_provider: 'naverpay' }],
    ['tosspay', { method: 'tosspay', channelKey: channel('tosspay') }, { pg_provider: 'tosspay_v2' }],
    ['kakaopay inside a company that has everything', { method: 'kakaopay' }, { emb_pg_provider: 'kakaopay' }],
    ['transfer', { method: 'transfer', bank: 'KOOKMIN' }, { pay_method: 'trans', bank_code: '004' }],
    ['phone', { method: 'phone', channelKey: channel('phone') }, { pay_method: 'phone' }],
    ['paypal', { method: 'paypal', channelKey: channel('paypal'), currency: 'USD', amount: 14.2 }, { amount: 14.2 }],
    ['the old pg with its MID', { pg: 'tosspayments.sandbox_card' }, { pg_id: 'sandbox_card' }],
    ['the old pg alone', { pg: 'html5_inicis' }, { pg_provider: 'html5_inicis' }],
  ])('takes %s', async (_what, more, shown) => {
    expect(await look((await paid(more)).imp_uid)).toMatchObject({ status: 'paid', ...shown });
  });

  it('that a card declines is failed, with the company’s words', async () => {
    const { imp_uid, said } = await paid({ card: '4300000000000002' });
    expect(said).toMatchObject({ error_code: 'REJECT_CARD_PAYMENT', error_msg: expect.stringContaining('잔액부족') });
    expect(await look(imp_uid)).toMatchObject({
      ...{ status: 'failed', paid_at: 0, failed_at: time.now / 1000 },
      fail_reason: expect.stringContaining('잔액부족'),
    });
    expect(await charges()).toBe(0);
  });

  it('that the shopper left is failed, or ready where the company leaves it so', async () => {
    const open = async (merchant_uid: string) => (await v1('open', { merchant_uid, amount: 15000 })).body.imp_uid;
    const [left, stays] = [await open(newOrder()), await open(newOrder())];
    expect((await v1('leave', { imp_uid: left })).body).toMatchObject({ error_code: 'PAY_PROCESS_CANCELED' });
    expect((await v1('leave', { imp_uid: stays, stays: true })).body).toMatchObject({ error_code: expect.any(String) });
    expect([(await look(left)).status, (await look(stays)).status]).toEqual(['failed', 'ready']);
  });

  it('of two windows of one merchant_uid charges once', async () => {
    const merchant_uid = newOrder();
    const open = { merchant_uid, amount: 15000 };
    const [first, second] = [await v1('open', open), await v1('open', open)];
    await v1('authenticate', { imp_uid: first.body.imp_uid });
    expect((await v1('authenticate', { imp_uid: second.body.imp_uid })).body).toMatchObject({
      error_code: 'ALREADY_PAID',
    });
    expect((await v1('open', open)).body).toMatchObject({ imp_uid: null, error_code: 'ALREADY_PAID' });
    expect(await charges()).toBe(1);
  });

  it.each([
    ['paid', 'paid', 1],
    ['failed', 'failed', 0],
  ])('may stay ready until the company has decided, and is then %s', async (to, status, moved) => {
    await control('faults', { on: 'approve', kind: 'pending', provider: 'portone-v1' });
    const { imp_uid, said } = await paid();
    expect(said.error_code).toBeUndefined();
    expect((await look(imp_uid)).status).toBe('ready');
    await v1('settle', { imp_uid, to });
    expect((await look(imp_uid)).status).toBe(status);
    expect(await charges()).toBe(moved);
  });

  it('by virtual account is ready with an account, and paid by its deposit', async () => {
    const { imp_uid } = await paid({ method: 'virtual_account', vbank_due: '2026-11-23 18:00:00' });
    expect(await look(imp_uid)).toMatchObject({
      ...{ status: 'ready', pay_method: 'vbank', paid_at: 0, vbank_code: '004', vbank_name: 'KB국민은행' },
      ...{ vbank_num: expect.stringMatching(/\d/), vbank_issued_at: time.now / 1000 },
      vbank_date: Date.UTC(2026, 10, 23, 9) / 1000,
    });
    time.now += minutes(60);
    await v1('deposit', { imp_uid });
    expect(await look(imp_uid)).toMatchObject({ status: 'paid', paid_at: time.now / 1000 });
  });
});

describe('looking up', () => {
  it('finds nothing of a test channel unless it is asked for', async () => {
    const { imp_uid, merchant_uid } = await paid();
    const paths = [`/payments/${imp_uid}`, `/payments/find/${merchant_uid}`, `/payments/findAll/${merchant_uid}/paid`];
    for (const path of [...paths, `/payments?imp_uid[]=${imp_uid}`]) {
      expect(outcome(await rest('GET', path)), path).toBe('404 -1');
      const asked = `${path}${path.includes('?') ? '&' : '?'}include_sandbox=true`;
      expect(outcome(await rest('GET', asked)), path).toBe('200 0');
    }
    expect((await rest('GET', '/payments/status/paid')).body.response.total).toBe(0);
    expect((await rest('GET', `/payments/status/paid${inSandbox}`)).body.response.total).toBe(1);
  });

  it('shows live records always', async () => {
    const other = { userCode: 'imp00000002', apiKey: 'live-key', apiSecret: 'live-secret' };
    await v1('accounts', { ...other, channels: [{ key: 'live', test: false }] });
    const { imp_uid } = await paid({ userCode: other.userCode });
    const { body } = await getToken({ imp_key: other.apiKey, imp_secret: other.apiSecret });
    const headers = { authorization: body.response.access_token };
    const answer = await unauthorized('GET', `/payments/${imp_uid}`, undefined, headers);
    expect(answer.body.response).toMatchObject({ sandbox: false, status: 'paid' });
    expect(outcome(await rest('GET', `/payments/${imp_uid}${inSandbox}`))).toBe('404 -1');
  });

  it('of a sub-merchant needs its Tier', async () => {
    const { imp_uid } = await paid({ tierCode: 'SUB' });
    const ask = async (headers: Record<string, string>) =>
      outcome(await rest('GET', `/payments/${imp_uid}${inSandbox}`, undefined, headers));
    expect(await ask({ tier: 'SUB' })).toBe('200 0');
    expect(await ask({})).toBe('404 -1');
    expect(await ask({ tier: 'OTH' })).toBe('404 -1');
    expect(await ask({ tier: 'no tier' })).toBe('400 -1');
  });

  it('by merchant_uid gives the newest window, any that has a status, and all of them by pages', async () => {
    const { merchant_uid, imp_uid: failed } = await paid({ card: '4300000000000002' });
    time.now += 2000;
    const { imp_uid: success } = await paid({ merchant_uid });
    const find = async (path: string) => (await rest('GET', `/payments/${path}`)).body.response;
    expect((await find(`find/${merchant_uid}${inSandbox}`)).imp_uid).toBe(success);
    expect((await find(`find/${merchant_uid}${inSandbox}&sorting=started`)).imp_uid).toBe(failed);
    expect((await find(`find/${merchant_uid}/failed${inSandbox}`)).imp_uid).toBe(failed);
    expect(await find(`find/${merchant_uid}/cancelled${inSandbox}`)).toBeNull();
    const pages = [1, 2, 3].map((page) => find(`findAll/${merchant_uid}${inSandbox}&limit=1&page=${page}`));
    const shown = (await Promise.all(pages)).map(({ total, previous, next, list }) => [
      total,
      previous,
      next,
      list.length,
    ]);
    expect(shown).toEqual([
      [2, 0, 2, 1],
      [2, 1, 0, 1],
      [2, 2, 0, 0],
    ]);
  });

  it('many at once says when some are missing', async () => {
    const [one, two] = [await paid(), await paid()];
    const ask = (ids: string[]) =>
      rest('GET', `/payments?${ids.map((id) => `imp_uid[]=${id}&`).join('')}include_sandbox=true`);
    const both = await ask([two.imp_uid, one.imp_uid]);
    expect([both.status, both.body.response.map((each: any) => each.imp_uid)]).toEqual([
      200,
      [two.imp_uid, one.imp_uid],
    ]);
    expect((await ask([one.imp_uid, 'imp_nobody'])).status).toBe(207);
    const byOrder = await rest('GET', `/payments?merchant_uid[]=${one.merchant_uid}&include_sandbox=true`);
    expect(byOrder.body.response).toMatchObject([{ imp_uid: one.imp_uid }]);
    expect(outcome(await rest('GET', '/payments'))).toBe('400 -1');
    expect(outcome(await ask(Array.from({ length: 101 }, (_, n) => `imp_${n}`)))).toBe('400 -1');
  });

  it.each(['%00', 'a%2Fb', '%ED%82%A4', 'imp_000000000000', '%'])('refuses the imp_uid %s', async (impUid) => {
    expect((await rest('GET', `/payments/${impUid}${inSandbox}`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('the list by status', () => {
  const list = async (status: string, query = '') =>
    (await rest('GET', `/payments/status/${status}${inSandbox}${query}`)).body.response;
  const ids = async (status: string, query = '') => (await list(status, query)).list.map((each: any) => each.imp_uid);

  it('has each record under its status, newest first', async () => {
    const ready = (await v1('open', { merchant_uid: newOrder(), amount: 1000 })).body.imp_uid;
    time.now += 1000;
    const { imp_uid: failed } = await paid({ card: '4300000000000002' });
    time.now += 1000;
    const { imp_uid: kept } = await paid();
    const { imp_uid: given } = await paid();
    await v1('cancel', { imp_uid: given });
    expect(await ids('all')).toEqual([given, kept, failed, ready]);
    expect(await ids('all', '&sorting=started')).toEqual([ready, failed, kept, given]);
    for (const [status, imp_uid] of Object.entries({ ready, failed, paid: kept, cancelled: given }))
      expect(await ids(status), status).toEqual([imp_uid]);
  });

  it('holds the range’s two ends, by the moment that the status is about', async () => {
    const { imp_uid } = await paid({ method: 'virtual_account' });
    const issued = time.now / 1000;
    time.now += minutes(60);
    await v1('deposit', { imp_uid });
    const at = time.now / 1000;
    expect(await ids('paid', `&from=${at}&to=${at}`)).toEqual([imp_uid]);
    expect(await ids('paid', `&from=${issued}&to=${at - 1}`)).toEqual([]);
    expect(await ids('all', `&from=${issued}&to=${issued}`)).toEqual([imp_uid]);
  });

  it('has pages of at most 1000 and ranges of at most 90 days', async () => {
    for (let n = 0; n < 5; n++) await paid();
    const pages = await Promise.all([1, 2, 3].map((page) => ids('paid', `&limit=2&page=${page}`)));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat()).size).toBe(5);
    const now = time.now / 1000;
    const bad = ['&limit=1001', '&limit=0', '&page=0', '&sorting=amount', '&from=never', `&from=${now - 91 * 86_400}`];
    for (const query of bad)
      expect(outcome(await rest('GET', `/payments/status/all${inSandbox}${query}`)), query).toBe('400 -1');
    expect(outcome(await rest('GET', `/payments/status/lost${inSandbox}`))).toBe('400 -1');
  });
});

describe('prepare', () => {
  it('registers an amount once, tells it, and changes it when asked to', async () => {
    const merchant_uid = newOrder();
    expect(outcome(await prepare({ merchant_uid, amount: 9000 }, 'PUT'))).toBe('404 -1');
    expect((await prepare({ merchant_uid, amount: 9000 })).body.response).toEqual({ merchant_uid, amount: 9000 });
    expect(outcome(await prepare({ merchant_uid, amount: 100 }))).toBe('200 1');
    const told = async () => (await rest('GET', `/payments/prepare/${merchant_uid}`)).body.response?.amount;
    expect(await told()).toBe(9000);
    expect(outcome(await prepare({ merchant_uid, amount: 9500 }, 'PUT'))).toBe('200 0');
    expect(await told()).toBe(9500);
    expect(outcome(await rest('GET', '/payments/prepare/nobody'))).toBe('404 -1');
  });

  it('keeps a window of another amount or currency shut', async () => {
    const merchant_uid = newOrder();
    await prepare({ merchant_uid, amount: 14.2, currency: 'USD' });
    const open = async (more: object) =>
      (await v1('open', { merchant_uid, method: 'paypal', channelKey: channel('paypal'), ...more })).body;
    const refused = { imp_uid: null, merchant_uid, error_code: 'PREPARED_AMOUNT_MISMATCH' };
    expect(await open({ amount: 14.21 })).toMatchObject(refused);
    expect(await open({ amount: 14, currency: 'JPY' })).toMatchObject(refused);
    expect((await open({ amount: 14.2 })).imp_uid).toMatch(/^imp_/);
  });

  it('refuses what is paid already, and what is no amount', async () => {
    const { merchant_uid } = await paid();
    expect(outcome(await prepare({ merchant_uid, amount: 15000 }))).toBe('200 1');
    for (const body of [{ merchant_uid: newOrder() }, { merchant_uid: newOrder(), amount: -1 }, { amount: 1 }])
      expect(outcome(await prepare(body))).toBe('400 -1');
    expect(outcome(await prepare({ merchant_uid: 'x'.repeat(41), amount: 1 }))).toBe('400 -1');
    expect(outcome(await prepare({ merchant_uid: newOrder(), amount: 1, currency: 'EUR' }))).toBe('400 -1');
  });
});

describe('what is not asked well', () => {
  it('gets an envelope, not a page', async () => {
    const { access_token } = (await getToken()).body.response;
    const response = await fetch(`${url()}/portone-v1/payments/cancel`, {
      method: 'POST',
      headers: { authorization: access_token, 'content-type': 'application/json' },
      body: '{"imp_uid":',
    });
    expect([response.status, (await response.json()).code]).toEqual([400, -1]);
    expect(outcome(await rest('POST', '/payments/everything', {}))).toBe('404 -1');
  });
});
