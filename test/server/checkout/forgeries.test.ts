import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Shopper } from '../../support/shopper.js';
import { useWorld } from './harness.js';

/** Of one payment, over HTTP. Many run at once, as an attacker's would. */
const forgeries = 10_000;
const atOnce = 50;
/** Each is sent so often in its batch. */
const repeats = 5;
const largest = 64 * 1_024;

const here = useWorld();

const text = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/),
  fc.constantFrom('PAY_PROCESS_CANCELED', 'PAY_PROCESS_ABORTED', 'REJECT_CARD_COMPANY'),
);

/** Everything that a browser may send, and some that it may not; `real` are keys that exist. */
const hints = (shopper: Shopper, real: readonly string[]) =>
  fc.record(
    {
      paymentKey: fc.oneof(fc.stringMatching(/^[A-Za-z0-9_=.-]{1,60}$/), fc.constantFrom(...real), fc.string()),
      orderId: fc.oneof(
        fc.constantFrom(shopper.orderId, `${shopper.id}_2`, `${shopper.id}_20`, 'order-1'),
        fc.string({ maxLength: 80 }),
      ),
      amount: fc.oneof(fc.constantFrom(9_000, '9000', 1), fc.integer(), fc.string({ maxLength: 10 })),
      code: text,
      message: fc.string({ maxLength: 200 }),
    },
    { requiredKeys: [] },
  );

async function attack(shopper: Shopper, real: readonly string[], check: () => Promise<void>, count: number) {
  const different = atOnce / repeats;
  const batch = fc.array(hints(shopper, real), { minLength: different, maxLength: different });
  const property = fc.asyncProperty(batch, async (bodies) => {
    const sent = Array.from({ length: repeats }, () => bodies).flat();
    const answers = await Promise.all(sent.map((body) => shopper.verify(body)));
    for (const { status } of answers) expect([200, 202, 400, 409]).toContain(status);
    here.world.clock.advance(500);
    await check();
  });
  await fc.assert(property, { numRuns: count / atOnce, endOnFailure: true });
}

const sizeOf = async (shopper: Shopper) => JSON.stringify(await here.world.payment(shopper.id)).length;

describe('ten thousand forged and repeated verifies', () => {
  test('of a paid payment leave it paid by the same money, and its document small', { timeout: 180_000 }, async () => {
    const [theirs, shopper] = [await here.open(), await here.open()];
    const foreign = await theirs.agree();
    const { paymentKey } = await shopper.agree();
    const second = await shopper.agree();
    expect((await shopper.verify({ paymentKey })).body.status).toBe('paid');
    const before = await here.world.payment(shopper.id);
    const real = [paymentKey, second.paymentKey, foreign.paymentKey];
    await attack(
      shopper,
      real,
      async () => {
        const { paidBy, status, refunds, attempts } = await here.world.payment(shopper.id);
        expect([paidBy, status, refunds, attempts.length]).toEqual([before.paidBy, 'paid', [], 1]);
      },
      forgeries,
    );
    expect(here.charges(shopper)).toBe(1);
    expect(here.charges(theirs)).toBe(0);
    expect(here.world.sandbox.bank.books().cancellations).toEqual([]);
    expect(await sizeOf(shopper)).toBeLessThan(largest);
    const { body } = await theirs.verify({ paymentKey: foreign.paymentKey });
    expect(body.status).toBe('paid');
  });

  test('of an open one charge nothing, keep it small, and do not stand in an honest one’s way', {
    timeout: 60_000,
  }, async () => {
    const [theirs, shopper] = [await here.open(), await here.open()];
    const foreign = await theirs.agree();
    const wrong = await shopper.agree({ amount: 1 });
    await attack(
      shopper,
      [foreign.paymentKey, wrong.paymentKey],
      async () => {
        const { status, paidBy } = await here.world.payment(shopper.id);
        expect([status, paidBy]).toEqual(['open', undefined]);
      },
      1_000,
    );
    expect(here.charges(shopper)).toBe(0);
    expect(await sizeOf(shopper)).toBeLessThan(largest);
    const { paymentKey } = await shopper.agree();
    // Right after a forged key the next one waits its turn, as any repeat does.
    here.world.clock.advance(3_000);
    expect((await shopper.verify({ paymentKey })).body.status).toBe('paid');
    expect(here.charges(shopper)).toBe(1);
  });
});
