import { expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import { openSession } from '../../support/shopper.js';
import { depositBody, type Place, place, post, signed, tossBody, v2Body } from './place.js';

/** Ten thousand of them on one payment, over HTTP. */
const many = 10_000;
const atOnce = 50;

async function flood(
  here: Place,
  send: (n: number) => Promise<{ status: number }>,
  count = many,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let n = 0; n < count; n += atOnce) {
    const answers = await Promise.all(Array.from({ length: atOnce }, (_, k) => send(n + k)));
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    if (n % 1_000 === 0) await here.world.runDry();
  }
  await here.world.runDry();
  here.world.clock.advance(2 * second);
  await here.world.runDry();
  return statuses;
}

test('unsigned, with the order id of a real payment: a handful of lookups, and it does not grow', {
  timeout: 120_000,
}, async () => {
  const here = await place();
  const shopper = await openSession(here.world);
  await shopper.agree();
  const bodies = [tossBody, depositBody];
  const answers = await flood(here, (n) =>
    post(
      here.url('toss'),
      (bodies[n % 2] as typeof tossBody)(shopper.orderId, { status: `S${n}`, paymentKey: `key-${n}` }),
    ),
  );
  expect(answers).toEqual({ 200: many });
  expect(here.spy.of('lookup').length).toBeLessThanOrEqual(3);
  expect(here.spy.of('confirm')).toEqual([]);
  const payment = await here.world.payment(shopper.id);
  expect(payment.rev).toBeLessThanOrEqual(4);
  expect(JSON.stringify(payment).length).toBeLessThan(8_000);
  expect(await here.stored()).toHaveLength(1);
});

test('of PortOne V1, JSON and forms, with other people’s imp_uids: the same', { timeout: 120_000 }, async () => {
  const here = await place({ v1: true });
  const shopper = await openSession(here.world);
  const answers = await flood(
    here,
    (n) => {
      const said = { imp_uid: `imp_${n}`, merchant_uid: shopper.orderId, status: n % 3 === 0 ? 'paid' : `s${n}` };
      return post(here.url('portone-v1'), n % 2 ? JSON.stringify(said) : new URLSearchParams(said).toString());
    },
    2_000,
  );
  expect(answers).toEqual({ 200: 2_000 });
  expect(here.spy.of('lookup').length).toBeLessThanOrEqual(3);
  const payment = await here.world.payment(shopper.id);
  expect([payment.status, payment.attempts[0]?.state]).toEqual(['open', 'prepared']);
  expect(payment.rev).toBeLessThanOrEqual(4);
  expect(JSON.stringify(payment).length).toBeLessThan(8_000);
  expect(await here.stored()).toHaveLength(1);
});

test('signed and repeated, or forged: one entry, one lookup', { timeout: 120_000 }, async () => {
  const here = await place({ stores: ['blog'] });
  const shopper = await openSession(here.world);
  const raw = v2Body(shopper.orderId);
  const [genuine, forged] = [signed(raw), signed(raw, { name: 'forger' })];
  const answers = await flood(here, (n) => post(here.url('portone-v2'), raw, n % 2 === 0 ? genuine : forged));
  expect(answers).toEqual({ 200: many / 2, 401: many / 2 });
  expect(here.spy.of('lookup')).toHaveLength(1);
  expect((await here.world.payment(shopper.id)).rev).toBeLessThanOrEqual(4);
  expect(await here.stored()).toHaveLength(1);
});
