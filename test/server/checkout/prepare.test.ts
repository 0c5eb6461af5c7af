import { describe, expect, test } from 'vitest';
import { minute } from '../../../server/ops/clock.js';
import type { Shopper } from '../../support/shopper.js';
import { blog } from '../../support/world.js';
import { coffee, refused, useWorld } from './harness.js';

const here = useWorld();
const launched = (shopper: Shopper, attempt: number) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt });

describe('a prepare', () => {
  test('hands out what opens the provider’s window: our order id, our amount, public keys only', async () => {
    const shopper = await here.open({ prepare: undefined });
    const { status, body } = await shopper.prepare();
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('clientSecret');
    expect(body.launch).toEqual({
      provider: 'toss',
      kind: 'window',
      script: `${here.world.sandboxUrl}/toss/v2/standard`,
      clientKey: 'test_ck_blog',
      customerKey: '@@ANONYMOUS',
      amount: { currency: 'KRW', value: 9_000 },
      request: {
        method: 'CARD',
        card: { flowMode: 'DEFAULT' },
        amount: { currency: 'KRW', value: 9_000 },
        orderId: `${shopper.id}_1`,
        orderName: '드립백 커피',
        successUrl: expect.any(String),
        failUrl: expect.any(String),
      },
    });
  });

  test('brings the shopper back to the page with the session and a token of it', async () => {
    const { session } = await here.open({ returnUrls: { page: `${blog.origin}/posts/7?tab=buy#form` } });
    const url = new URL(session.launch?.request.successUrl as string);
    expect(url.origin + url.pathname).toBe(`${blog.origin}/posts/7`);
    expect([url.searchParams.get('tab'), url.hash]).toEqual(['buy', '#form']);
    expect(url.searchParams.get('pc_session')).toBe(session.id);
    expect(url.searchParams.get('pc_return')).toMatch(/^rt_/);
    expect(session.launch?.request.failUrl).toBe(url.href);
  });

  test('may name the page to come back to', async () => {
    const shopper = await here.open({ returnUrls: {} });
    expect(shopper.session.launch?.request).not.toHaveProperty('successUrl');
    const { body } = await shopper.prepare({ method: 'card', returnUrl: `${blog.origin}/other` });
    expect(body.launch?.request.successUrl).toContain(`${blog.origin}/other?pc_session=`);
    expect(body.launch?.request.orderId).toBe(`${shopper.id}_1`);
  });

  test('before the launch uses the same attempt, whatever the method', async () => {
    const shopper = await here.open();
    const same = await here.unchanged(shopper, () => shopper.prepare());
    expect(same.body.launch?.request).toEqual(shopper.session.launch?.request);
    const changed = await shopper.prepare({ method: 'transfer' });
    expect(changed.body).toMatchObject({ attempt: { no: 1, method: 'transfer', state: 'prepared' } });
    expect(changed.body.launch?.request).toMatchObject({ method: 'TRANSFER', orderId: `${shopper.id}_1` });
    expect((await here.payment(shopper.id)).attempts).toHaveLength(1);
  });

  test('after the launch makes a new attempt, and the old one is never charged', async () => {
    const shopper = await here.open();
    expect((await launched(shopper, 1)).status).toBe(204);
    const old = await shopper.agree();
    const next = await shopper.prepare();
    expect(next.body).toMatchObject({ attempt: { no: 2 } });
    const { attempts } = await here.payment(shopper.id);
    expect(attempts.map(({ state, superseded }) => [state, superseded])).toEqual([
      ['launched', true],
      ['prepared', undefined],
    ]);
    const verified = await shopper.verify({ orderId: old.orderId, paymentKey: old.paymentKey });
    expect(verified).toMatchObject({ status: 200, body: { status: 'open' } });
    expect(here.charges(shopper)).toBe(0);
  });

  test('is refused for a method that is not offered, which says what is', async () => {
    const shopper = await here.open();
    for (const method of ['paypal', undefined]) {
      const answer = await here.unchanged(shopper, () => shopper.prepare({ ...(method && { method }) }));
      expect(answer).toMatchObject(refused(422, 'method_not_available'));
      expect(answer.body.detail).toContain('kakaopay');
    }
    const usd = await here.page({ items: [{ item: 'map' }], prepare: { method: 'card' } });
    expect(usd).toMatchObject(refused(422, 'method_not_available'));
  });

  test('is refused while the provider’s answer about money is not known', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree();
    await here.arm({ on: 'confirm', kind: 'error_500_without_charge' });
    expect((await shopper.verify({ paymentKey })).status).toBe(202);
    const answer = await here.unchanged(shopper, () => shopper.prepare());
    expect(answer).toMatchObject(refused(409, 'payment_in_progress'));
    await here.later(31_000);
    expect(await shopper.read()).toMatchObject({ status: 'paid', processing: false });
    expect(here.charges(shopper)).toBe(1);
  });

  test('is refused at the 21st attempt', async () => {
    const shopper = await here.open();
    for (let no = 1; no < 20; no++) {
      await launched(shopper, no);
      expect((await shopper.prepare()).body.attempt?.no).toBe(no + 1);
    }
    await launched(shopper, 20);
    const answer = await here.unchanged(shopper, () => shopper.prepare());
    expect(answer).toMatchObject(refused(409, 'too_many_attempts'));
    // The 20th can still be paid.
    const { paymentKey } = await shopper.agree();
    expect((await shopper.verify({ paymentKey })).body.status).toBe('paid');
  });

  test('says why it is too late', async () => {
    const [paid, canceled, expired] = [await here.open(), await here.open(), await here.open()];
    const { paymentKey } = await paid.agree();
    await paid.verify({ paymentKey });
    await canceled.call('POST', `/payments/sessions/${canceled.session.id}/cancel`);
    expect(await here.unchanged(paid, () => paid.prepare())).toMatchObject(refused(409, 'payment_already_paid'));
    expect(await here.unchanged(canceled, () => canceled.prepare())).toMatchObject(refused(409, 'session_canceled'));
    here.world.clock.advance(31 * minute);
    expect(await expired.prepare()).toMatchObject(refused(409, 'session_expired'));
    expect((await expired.read()).status).toBe('expired');
  });

  test('by 20 at once makes one attempt', async () => {
    const shopper = await here.open();
    await launched(shopper, 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => shopper.prepare()));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.launch?.request.orderId}`))).toEqual(
      new Set([`200 ${shopper.id}_2`]),
    );
  });

  test('may be asked for by the backend', async () => {
    const shopper = await here.open();
    const path = `/payments/sessions/${shopper.session.id}/prepare`;
    const { status, body } = await here.backend('POST', path, { method: 'phone' });
    expect([status, body.launch?.request.method]).toEqual([200, 'MOBILE_PHONE']);
  });
});

describe('a launch', () => {
  test('is noted once, and starts the attempt’s own deadline', async () => {
    const shopper = await here.open();
    await launched(shopper, 1);
    const at = here.world.clock.now();
    here.world.clock.advance(5_000);
    await here.unchanged(shopper, () => launched(shopper, 1));
    const { attempts, timeline } = await here.payment(shopper.id);
    expect(attempts[0]).toMatchObject({ state: 'launched', launchedAt: new Date(at).toISOString() });
    expect(Date.parse(attempts[0]?.deadline as string)).toBe(at + 40 * minute);
    expect(timeline.filter(({ trigger }) => trigger === 'launched')).toHaveLength(1);
  });

  test.each([2, 99])('of an attempt %d that is not there is refused', async (no) => {
    const shopper = await here.open();
    const answer = await here.unchanged(shopper, () => launched(shopper, no));
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
  });

  test.each([0, 100, -1, 1.5, '1', null, [1]])('of an attempt %j is refused', async (no) => {
    const shopper = await here.open();
    const path = `/payments/sessions/${shopper.session.id}/launched`;
    const answer = await here.unchanged(shopper, () => shopper.call('POST', path, { attempt: no }));
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
  });
});

describe('a channel of the payment widget', () => {
  const widget = useWorld({
    channel: { product: 'widget', clientKey: 'test_gck_blog', secretKey: 'test_gsk_blog' },
  });

  test('lets the shopper choose the method there, and is paid like any other', async () => {
    const shopper = await widget.open({ prepare: {} });
    expect(shopper.session.launch).toMatchObject({
      kind: 'widget',
      clientKey: 'test_gck_blog',
      amount: { value: 9_000 },
    });
    expect(shopper.session.launch?.request).not.toHaveProperty('method');
    expect(shopper.session.launch?.request).not.toHaveProperty('amount');
    const { paymentKey } = await shopper.agree({ clientKey: 'test_gck_blog', method: 'kakaopay' });
    const paid = await shopper.verify({ paymentKey, orderId: shopper.orderId, amount: 9_000, paymentType: 'NORMAL' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid', receipt: { method: 'kakaopay' } } });
    expect(widget.charges(shopper)).toBe(1);
  });

  test('takes a named method as a wish, not as a fixed one', async () => {
    const { body } = await widget.page({ ...coffee, prepare: { method: 'card' } });
    expect(body.launch).toMatchObject({ kind: 'widget' });
    expect(body.attempt).not.toHaveProperty('method');
  });
});
