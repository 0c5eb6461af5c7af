import { describe, expect, it } from 'vitest';
import { basic, json, minutes, secretKey, useSandbox } from './harness.js';

const { time, url, call, toss, control, agreed, confirm, cancel, look } = useSandbox();
const refusal = ({ status, body }: { status: number; body: { code?: string } }) => `${status} ${body.code}`;
const key = (value: string) => ({ 'idempotency-key': value });
const charges = async () => (await control('books')).body.charges.length;

/** Gives up once the sandbox's books show what the caller waits for, so that no test depends on how fast the box is. */
async function abandoned(
  path: string,
  body: object,
  headers: Record<string, string>,
  happened: () => Promise<boolean>,
) {
  const giveUp = new AbortController();
  let answered = false;
  const request = fetch(`${url()}/toss${path}`, {
    method: 'POST',
    headers: { ...json, authorization: basic(secretKey), ...headers },
    body: JSON.stringify(body),
    signal: giveUp.signal,
  }).then(
    () => {
      answered = true;
    },
    () => undefined,
  );
  while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 5));
  giveUp.abort();
  await request;
  expect(answered).toBe(false);
}

describe('an idempotency key', () => {
  it('replays the first answer, whatever the body says', async () => {
    const payment = await agreed();
    const first = await confirm(payment, key('a'));
    expect(await confirm({ ...payment, amount: 1 }, key('a'))).toEqual(first);
    expect(await charges()).toBe(1);
    expect(refusal(await confirm(payment, key('b')))).toBe('400 ALREADY_PROCESSED_PAYMENT');
  });

  it('replays errors too', async () => {
    const payment = await agreed();
    expect(refusal(await confirm({ ...payment, amount: 1 }, key('a')))).toBe('400 INVALID_REQUEST');
    expect(refusal(await confirm(payment, key('a')))).toBe('400 INVALID_REQUEST');
    expect(await charges()).toBe(0);
  });

  it('belongs to one URL and one secret', async () => {
    const payment = await agreed();
    const other = await agreed({ clientKey: 'test_ck_other' });
    await confirm(payment, key('a'));
    expect((await cancel(payment.paymentKey, {}, key('a'))).body.status).toBe('CANCELED');
    expect((await confirm(other, { ...key('a'), authorization: basic('test_sk_other') })).status).toBe(200);
  });

  it('is remembered for 15 days', async () => {
    const payment = await agreed();
    await confirm(payment, key('a'));
    time.now += minutes(15 * 24 * 60);
    expect((await confirm(payment, key('a'))).status).toBe(200);
    time.now += 1;
    expect(refusal(await confirm(payment, key('a')))).toBe('400 ALREADY_PROCESSED_PAYMENT');
  });

  it('of more than 300 characters is refused, and means nothing on a GET', async () => {
    const payment = await agreed();
    expect(refusal(await confirm(payment, key('x'.repeat(301))))).toBe('400 INVALID_IDEMPOTENCY_KEY');
    expect((await confirm(payment, key('x'.repeat(300)))).status).toBe(200);
    expect((await look(payment.paymentKey, key('g'))).body.status).toBe('DONE');
    await cancel(payment.paymentKey, {});
    expect((await look(payment.paymentKey, key('g'))).body.status).toBe('CANCELED');
  });

  it('says that the first request is still running, and then replays what it came to', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind: 'slow', ms: 1500 });
    const slow = confirm(payment, key('a'));
    while ((await control('faults')).body.armed.length > 0);
    expect(refusal(await confirm(payment, key('a')))).toBe('409 IDEMPOTENT_REQUEST_PROCESSING');
    expect((await look(payment.paymentKey)).body.status).toBe('IN_PROGRESS');
    const first = await slow;
    expect(first.body.status).toBe('DONE');
    expect(await confirm(payment, key('a'))).toEqual(first);
    expect(await charges()).toBe(1);
  });
});

describe('a fault', () => {
  it.each(['charge_then_drop', 'charge_then_html'])(
    '%s loses the answer; the same key brings the success',
    async (kind) => {
      const payment = await agreed();
      await control('faults', { on: 'confirm', kind });
      await expect(confirm(payment, key('a'))).rejects.toThrow();
      expect(await charges()).toBe(1);
      expect((await confirm(payment, key('a'))).body.status).toBe('DONE');
      expect(await charges()).toBe(1);
    },
  );

  it('charge_then_timeout never answers; a lookup and the same key both know of the charge', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind: 'charge_then_timeout' });
    await abandoned('/v1/payments/confirm', payment, key('a'), async () => (await charges()) === 1);
    expect((await look(payment.paymentKey)).body.status).toBe('DONE');
    expect((await confirm(payment, key('a'))).body.status).toBe('DONE');
    expect(await charges()).toBe(1);
  });

  it('charge_then_500 is the answer that the key remembers, and the money has moved', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind: 'charge_then_500' });
    const expected = '500 FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING';
    expect(refusal(await confirm(payment, key('a')))).toBe(expected);
    expect(refusal(await confirm(payment, key('a')))).toBe(expected);
    expect((await look(payment.paymentKey)).body.status).toBe('DONE');
  });

  it('error_500_without_charge moves nothing, and a fresh key succeeds', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind: 'error_500_without_charge' });
    expect((await confirm(payment, key('a'))).status).toBe(500);
    expect((await look(payment.paymentKey)).body.status).toBe('IN_PROGRESS');
    expect((await confirm(payment, key('a'))).status).toBe(500);
    expect((await confirm(payment, key('b'))).status).toBe(200);
  });

  it.each(['drop', 'html'])('%s never reaches the provider, which remembers nothing', async (kind) => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind });
    await expect(confirm(payment, key('a'))).rejects.toThrow();
    expect((await look(payment.paymentKey)).body.status).toBe('IN_PROGRESS');
    expect((await confirm(payment, key('a'))).status).toBe(200);
  });

  it('in_progress is a 409 that is not remembered', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', kind: 'in_progress' });
    expect(refusal(await confirm(payment, key('a')))).toBe('409 IDEMPOTENT_REQUEST_PROCESSING');
    expect((await confirm(payment, key('a'))).status).toBe(200);
  });

  it('wrong_amount really charges another total, wrong_currency another currency', async () => {
    const [more, given, dollars] = [await agreed(), await agreed(), await agreed()];
    await control('faults', { on: 'confirm', kind: 'wrong_amount', orderId: more.orderId });
    await control('faults', { on: 'confirm', kind: 'wrong_amount', amount: 1, orderId: given.orderId });
    await control('faults', { on: 'confirm', kind: 'wrong_currency', orderId: dollars.orderId });
    expect((await confirm(more)).body.totalAmount).toBe(16000);
    expect((await confirm(given)).body.totalAmount).toBe(1);
    expect((await confirm(dollars)).body).toMatchObject({ totalAmount: 150, currency: 'USD' });
    const { charges: entries } = (await control('books')).body;
    expect(entries.map((entry: any) => [entry.amount, entry.currency])).toEqual([
      [16000, 'KRW'],
      [1, 'KRW'],
      [15000, 'USD'],
    ]);
  });

  it('of any code answers with it, with its usual status or another', async () => {
    const payment = await agreed();
    await control('faults', { on: 'confirm', code: 'FDS_ERROR' });
    await control('faults', { on: 'confirm', kind: 'error', code: 'BRAND_NEW', status: 418 });
    expect(refusal(await confirm(payment))).toBe('403 FDS_ERROR');
    expect(refusal(await confirm(payment))).toBe('418 BRAND_NEW');
    expect((await confirm(payment)).status).toBe(200);
  });

  it('on a lookup: 500, not found once, HTML, a lost connection', async () => {
    const { paymentKey, orderId } = await agreed();
    await control('faults', { on: 'lookup', kind: '500' });
    expect((await look(paymentKey)).status).toBe(500);
    await control('faults', { on: 'lookup', kind: 'not_found_once' });
    expect(refusal(await toss('GET', `/v1/payments/orders/${orderId}`))).toBe('404 NOT_FOUND_PAYMENT');
    for (const kind of ['html', 'drop']) {
      await control('faults', { on: 'lookup', kind });
      await expect(look(paymentKey)).rejects.toThrow();
    }
    await control('faults', { on: 'lookup', code: 'FORBIDDEN_CONSECUTIVE_REQUEST' });
    expect(refusal(await look(paymentKey))).toBe('403 FORBIDDEN_CONSECUTIVE_REQUEST');
    expect((await look(paymentKey)).status).toBe(200);
  });

  it('on a cancel: the money went back although no answer came; the same key brings it', async () => {
    const payment = await agreed();
    await confirm(payment);
    const canceled = async () => (await control('books')).body.cancellations.length === 1;
    await control('faults', { on: 'cancel', kind: 'cancel_then_timeout' });
    const path = `/v1/payments/${payment.paymentKey}/cancel`;
    await abandoned(path, { cancelReason: 'x' }, key('r1'), canceled);
    expect((await cancel(payment.paymentKey, {}, key('r1'))).body.status).toBe('CANCELED');
    expect(await canceled()).toBe(true);
  });

  it('on a cancel: a 500 with and without the refund', async () => {
    const payment = await agreed();
    await confirm(payment);
    await control('faults', { on: 'cancel', kind: 'cancel_500' });
    expect((await cancel(payment.paymentKey, {}, key('r1'))).status).toBe(500);
    expect((await look(payment.paymentKey)).body.status).toBe('DONE');
    await control('faults', { on: 'cancel', kind: 'cancel_then_500' });
    expect((await cancel(payment.paymentKey, {}, key('r2'))).status).toBe(500);
    expect((await look(payment.paymentKey)).body.status).toBe('CANCELED');
  });

  it('meets as many calls as it was armed for, of its own order, in the order of arming', async () => {
    const [mine, other] = [await agreed(), await agreed()];
    await control('faults', { on: 'lookup', kind: '500', times: 2, orderId: mine.orderId });
    expect((await look(other.paymentKey)).status).toBe(200);
    expect((await look(mine.paymentKey)).status).toBe(500);
    expect((await control('faults')).body.armed).toMatchObject([{ on: 'lookup', kind: '500', left: 1 }]);
    expect((await look(mine.paymentKey)).status).toBe(500);
    expect((await look(mine.paymentKey)).status).toBe(200);
    await control('faults', { on: 'lookup', kind: '500' });
    expect((await call('DELETE', '/control/faults')).body.armed).toEqual([]);
    expect((await look(mine.paymentKey)).status).toBe(200);
  });

  it.each<[object, RegExp]>([
    [{ on: 'breakfast', kind: 'drop' }, /confirm, lookup, list, cancel/],
    [{ on: 'confirm', kind: 'constructor' }, /charge_then_timeout/],
    [{ on: 'confirm', kind: 'error' }, /code/],
    [{ on: 'confirm', kind: 'slow', ms: -1 }, /fault/],
  ])('that does not exist is refused: %j', async (order, message) => {
    const { status, body } = await control('faults', order);
    expect(status).toBe(400);
    expect(body.message).toMatch(message);
  });
});

describe('latency', () => {
  it('delays every REST answer, and ends with a reset', async () => {
    const { paymentKey } = await agreed();
    await control('latency', { ms: 1000 });
    let answered = false;
    const looking = look(paymentKey).then(() => {
      answered = true;
    });
    await control('clock');
    expect(answered).toBe(false);
    await looking;
    await control('reset', {});
    expect((await control('latency')).body).toEqual({ ms: 0 });
    expect((await control('books')).body.records).toEqual([]);
  });
});
