import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Provider } from '../../../server/providers/provider.js';
import type { Shopper } from '../../support/shopper.js';
import { refused, useWorld } from './harness.js';

/** What the tests hold up between server and provider. */
let whenConfirmed: () => void = () => {};
let confirmTakesMs = 0;

const here = useWorld({
  wrapProviders: (providers) =>
    new Map(
      [...providers].map(([name, real]) => {
        const confirm: Provider['confirm'] = async (...args) => {
          if (confirmTakesMs > 0) await sleep(confirmTakesMs);
          const outcome = await real.confirm(...args);
          whenConfirmed();
          return outcome;
        };
        return [name, { ...real, confirm }];
      }),
    ),
});

afterEach(() => {
  whenConfirmed = () => {};
  confirmTakesMs = 0;
});

const deaf = () => here.world.sandbox.faults.arm({ on: 'lookup', kind: 'drop', times: 1_000 });
const clear = () => here.world.sandbox.faults.clear();

async function agreed(): Promise<{ shopper: Shopper; paymentKey: string }> {
  const shopper = await here.open();
  return { shopper, paymentKey: (await shopper.agree()).paymentKey };
}

async function nothingElseStarts(shopper: Shopper): Promise<void> {
  const path = `/payments/sessions/${shopper.session.id}`;
  expect(await shopper.prepare()).toMatchObject(refused(409, 'payment_in_progress'));
  expect(await shopper.call('PATCH', path, { quantity: 3 })).toMatchObject(refused(409, 'payment_in_progress'));
  expect(await shopper.call('POST', `${path}/cancel`)).toMatchObject(refused(409, 'payment_in_progress'));
}

describe('a provider that can not be reached', () => {
  test.each(['drop', 'timeout', 'html', '500'])('(%s) changes nothing: ask again', async (kind) => {
    const { shopper, paymentKey } = await agreed();
    here.world.sandbox.faults.arm({ on: 'lookup', kind, times: 1_000 });
    const answer = await here.unchanged(shopper, () => shopper.verify({ paymentKey }));
    expect(answer).toMatchObject({ status: 202, body: { status: 'open', processing: false } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    clear();
    here.world.clock.advance(3_000);
    expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges(shopper)).toBe(1);
  });

  test('does not stop a session from being read, prepared or canceled', async () => {
    const { shopper } = await agreed();
    deaf();
    expect((await shopper.read()).status).toBe('open');
    expect((await shopper.prepare()).status).toBe(200);
    const canceled = await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    expect(canceled.body.status).toBe('canceled');
  });
});

describe('a charge whose answer is lost', () => {
  test.each(['charge_then_timeout', 'charge_then_drop', 'charge_then_html', 'charge_then_500'])(
    '(%s) is found by looking, and not asked for twice',
    async (kind) => {
      const { shopper, paymentKey } = await agreed();
      await here.arm({ on: 'confirm', kind });
      const first = await shopper.verify({ paymentKey });
      expect([200, 202]).toContain(first.status);
      here.world.clock.advance(6_000);
      expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
      await here.later(60_000);
      expect(here.charges(shopper)).toBe(1);
      expect(await shopper.read()).toMatchObject({ status: 'paid', refundedAmount: 0 });
    },
  );

  test.each(['charge_then_timeout', 'charge_then_500', 'charge_then_html'])(
    '(%s) is unknown while the provider is silent: 202, nothing new may start, then paid with one charge',
    async (kind) => {
      const { shopper, paymentKey } = await agreed();
      await here.arm({ on: 'confirm', kind });
      whenConfirmed = deaf;
      const first = await shopper.verify({ paymentKey });
      expect(first).toMatchObject({ status: 202, body: { status: 'open', processing: true } });
      expect(first.headers.get('retry-after')).toMatch(/^[1-9]/);
      expect(await shopper.read()).toMatchObject({ processing: true, attempt: { state: 'unknown' } });
      await nothingElseStarts(shopper);
      clear();
      await here.later(31_000);
      expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
      expect(here.charges(shopper)).toBe(1);
    },
  );

  test('is found without the shopper', async () => {
    const { shopper, paymentKey } = await agreed();
    await here.arm({ on: 'confirm', kind: 'charge_then_timeout' });
    whenConfirmed = deaf;
    expect((await shopper.verify({ paymentKey })).status).toBe(202);
    clear();
    await here.later(60_000);
    expect((await here.payment(shopper.id)).status).toBe('paid');
    expect(here.charges(shopper)).toBe(1);
  });
});

describe('a confirm that did not get through', () => {
  test.each(['error_500_without_charge', 'in_progress', 'drop', 'timeout', 'html'])(
    '(%s) is asked again later, and charged once',
    async (kind) => {
      const { shopper, paymentKey } = await agreed();
      await here.arm({ on: 'confirm', kind });
      const first = await shopper.verify({ paymentKey });
      if (first.status === 202) await nothingElseStarts(shopper);
      for (let n = 0; n < 10; n++) await here.later(6_000);
      expect(await shopper.read()).toMatchObject({ status: 'paid', processing: false });
      expect(here.charges(shopper)).toBe(1);
    },
  );

  test('for another amount than ours gives the money back and stays open', async () => {
    const { shopper, paymentKey } = await agreed();
    await here.arm({ on: 'confirm', kind: 'wrong_amount' });
    const answer = await shopper.verify({ paymentKey });
    expect(answer.body.status).toBe('open');
    await here.later(5_000);
    const { refunds, status } = await here.payment(shopper.id);
    expect([status, refunds]).toMatchObject(['open', [{ cause: 'mismatch', state: 'done', amount: 10_000 }]]);
    const { totals } = here.world.sandbox.bank.books(shopper.orderId);
    expect(totals).toMatchObject([{ net: 0 }]);
    await shopper.prepare();
    const again = await shopper.agree();
    expect((await shopper.verify({ paymentKey: again.paymentKey })).body.status).toBe('paid');
  });
});

describe('a confirm that takes long', () => {
  test('is answered within ten seconds, goes on, and ends as one charge', { timeout: 30_000 }, async () => {
    const { shopper, paymentKey } = await agreed();
    confirmTakesMs = 10_800;
    let done = () => {};
    const confirmed = new Promise<void>((resolve) => {
      done = resolve;
    });
    whenConfirmed = () => done();
    const first = await shopper.verify({ paymentKey });
    expect(first).toMatchObject({ status: 202, body: { processing: true } });
    expect(here.charges(shopper)).toBe(0);
    await nothingElseStarts(shopper);
    expect(here.charges(shopper)).toBe(0);
    await confirmed;
    expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges(shopper)).toBe(1);
  });
});
