import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Currency, Method } from '../../../contract/index.js';
import { minute, second } from '../../../server/ops/clock.js';
import type { Channel, ConfirmOutcome } from '../../../server/providers/provider.js';
import { listConformance } from './conformance-list.js';
import { cards, lacks, play, type Ways, type World } from './conformance-world.js';
import { fuzzProvider } from './fuzz.js';

/**
 * What every adapter promises (see the port), proven against the sandbox over HTTP. `ways` names what a provider truly lacks: there are no
 * cases about that, and the run says so. Each case makes its own order, so that none depends on another.
 */
export function providerConformance(name: string, ways: Ways, start: () => Promise<World>): void {
  const { needsConfirm } = ways;
  let world: World;
  let at: ReturnType<typeof play>;
  beforeAll(async () => {
    for (const what of lacks(ways)) process.stdout.write(`${name} has ${what}\n`);
    world = await start();
    at = play(world);
  });
  afterAll(() => world.close());

  const lookup = (orderId: string, record?: string) =>
    world.provider.lookup(world.channel, { orderId, ...(record !== undefined && { record }) });
  const confirm: World['provider']['confirm'] = (channel, intent) => world.provider.confirm(channel, intent);
  const cancel: World['provider']['cancel'] = (channel, refund) => world.provider.cancel(channel, refund);
  const offered = (channel: Channel): [Method, Currency][] =>
    channel.currencies.flatMap((currency) =>
      world.provider.methods(channel, currency).map((method): [Method, Currency] => [method, currency]),
    );
  const inDollars = () => play({ ...world, channel: world.dollars });
  /** Where the reply carries no record, the lookup has it. */
  const recordOf = async (outcome: ConfirmOutcome, of: { orderId: string }) => {
    expect(outcome.outcome).toBe('done');
    return ('record' in outcome && outcome.record) || at.look(of);
  };
  const refusal = () => (ways.tellsOtherOrders ? 'other_order' : 'unknown_record');
  /** Providers carry out one cancel of a payment per second. */
  const aSecondLater = () => world.driver.advance(1.5 * second);
  const nobody = { charged: 0, cancelled: 0 };
  const once = { charged: 12_000, cancelled: 0 };

  test(`${name} is what it says it is`, () => {
    expect(world.provider.name).toBe(world.channel.provider);
    expect(world.provider.needsConfirm(world.channel)).toBe(needsConfirm);
  });

  describe(`${name}: launch`, () => {
    test('launch – opens a window for every method that is offered', async () => {
      for (const channel of new Set([world.channel, world.dollars])) {
        const there = play({ ...world, channel });
        for (const [method, currency] of offered(channel)) {
          expect(await there.open(there.order({ method, currency })), method).toEqual(expect.any(String));
        }
      }
    });

    test('launch – moves no money and carries no secret', async () => {
      const order = at.order();
      const outcome = await world.provider.launch(world.channel, order);
      expect(outcome.outcome).toBe('done');
      for (const secret of world.secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
      expect(await world.driver.books(order.orderId)).toEqual(nobody);
      expect(await lookup(order.orderId)).toEqual({ outcome: 'not_found' });
    });
  });

  describe(`${name}: lookup`, () => {
    test('lookup – an order that nobody opened is not found', async () => {
      expect(await lookup(at.order().orderId)).toEqual({ outcome: 'not_found' });
    });

    test('lookup – an opened window is ready, and takes nothing', async () => {
      const order = at.order();
      const record = await at.open(order);
      expect(await lookup(order.orderId)).toMatchObject({
        outcome: 'done',
        records: [{ record, orderId: order.orderId, state: 'ready', amount: 12_000, currency: 'KRW', cancelled: 0 }],
      });
    });

    if (needsConfirm)
      test('lookup – an agreed payment is not paid', async () => {
        const of = await at.agreed();
        const state = ways.showsConsent ? 'authenticated' : 'ready';
        expect(await at.look(of)).toMatchObject({ record: of.record, state, cancelled: 0 });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
      });

    test('lookup – a paid payment has its facts, and where it was paid', async () => {
      const of = await at.paid();
      expect(await at.look(of)).toMatchObject({
        record: of.record,
        orderId: of.orderId,
        state: 'paid',
        amount: 12_000,
        currency: 'KRW',
        cancelled: 0,
        cancellations: [],
        environment: 'test',
        method: 'card',
        paidAt: expect.any(Number),
        receiptUrl: expect.stringMatching(/^https?:/),
      });
    });

    test('lookup – every method comes back under our word for it', async () => {
      const instant = offered(world.channel).filter(([method]) => method !== 'virtual_account');
      const seen: [Method | undefined, string][] = [];
      for (const [method, currency] of instant) {
        const record = await at.look(await at.paid({ method, currency }));
        seen.push([record.method, record.currency]);
      }
      expect(instant.length).toBeGreaterThan(0);
      expect(seen).toEqual(instant);
    });

    test('lookup – dollars are cents on our side', async () => {
      const of = await inDollars().paid({ method: 'paypal', currency: 'USD', amount: 66_498 });
      expect(await inDollars().look(of)).toMatchObject({
        state: 'paid',
        amount: 66_498,
        currency: 'USD',
        method: 'paypal',
      });
    });

    test('lookup – the record that we know of changes nothing', async () => {
      const of = await at.paid();
      expect(await lookup(of.orderId, of.record)).toEqual(await lookup(of.orderId));
    });

    test('lookup – finds every record of an order whose window was opened twice', async () => {
      const order = at.order();
      const first = await at.open(order);
      const second = await at.open(order);
      for (const hint of [first, second]) {
        const outcome = await lookup(order.orderId, hint);
        const records = outcome.outcome === 'done' ? outcome.records.map(({ record }) => record) : [];
        expect(records).toContain(hint);
        expect(new Set(records).size).toBe(records.length);
      }
    });

    test("lookup – another order's record is refused", async () => {
      const [mine, other] = [await at.agreed(), await at.paid()];
      const refused = { outcome: 'refused', hint: refusal() };
      expect(await lookup(mine.orderId, other.record)).toMatchObject(refused);
      expect(await lookup(at.order().orderId, other.record)).toMatchObject(refused);
      expect(await world.driver.books(other.orderId)).toEqual(once);
    });

    test.each(['no_such_record', '..', 'a/b', '%00', '키', '\ud800', ''])(
      'lookup – the record %j, which does not exist, is refused',
      async (hint) => {
        const of = await at.agreed();
        const refused = { outcome: 'refused', hint: 'unknown_record' };
        expect(await lookup(of.orderId, hint)).toMatchObject(refused);
        expect(await lookup(at.order().orderId, hint)).toMatchObject(refused);
      },
    );

    test('lookup – money that was given back in the console is told', async () => {
      const of = await at.paid();
      await world.driver.cancelInConsole(of.record, 5_000);
      expect(await at.look(of)).toMatchObject({
        state: 'paid',
        cancelled: 5_000,
        cancellations: [{ id: expect.any(String), amount: 5_000, state: 'done', at: expect.any(Number) }],
      });
    });

    test('lookup – a window that nobody used in time takes nothing, and is expired where that is told', async () => {
      const order = at.order();
      await at.open(order);
      await world.driver.advance(31 * minute);
      expect(await at.look(order)).toMatchObject({ state: ways.showsExpiry ? 'expired' : 'ready' });
      expect(await world.driver.books(order.orderId)).toEqual(nobody);
    });

    test('lookup – a wrong secret is our misconfiguration', async () => {
      const of = await at.paid();
      expect(await world.provider.lookup(world.wrongSecret, of)).toMatchObject({ outcome: 'misconfigured' });
    });

    test.each([
      ['500', 'temporary'],
      ['html', 'temporary'],
      ['drop', 'no_reply'],
      ['timeout', 'no_reply'],
    ])('lookup – answered with %s it is unknown, never "not found"', async (kind, why) => {
      const of = await at.paid();
      await world.driver.arm({ on: 'lookup', kind, orderId: of.orderId });
      const asked = kind === 'timeout' ? world.impatient : world.provider;
      expect(await asked.lookup(world.channel, { orderId: of.orderId })).toMatchObject({ outcome: 'unknown', why });
      expect(await at.look(of)).toMatchObject({ state: 'paid' });
    });

    test('lookup – a provider that can not be reached is unknown', async () => {
      const nowhere = { ...world.channel, apiBase: 'http://127.0.0.1:1' };
      const outcome = await world.provider.lookup(nowhere, { orderId: at.order().orderId });
      expect(outcome).toMatchObject({ outcome: 'unknown', why: 'no_reply' });
    });
  });

  if (needsConfirm)
    describe(`${name}: confirm`, () => {
      test('confirm – takes the agreed amount, once', async () => {
        const of = await at.agreed();
        expect(await recordOf(await confirm(world.channel, at.intent(of)), of)).toMatchObject({
          ...{ record: of.record, orderId: of.orderId, state: 'paid', amount: 12_000, currency: 'KRW' },
        });
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test.each([
        ['more', { amount: 12_001 }],
        ['less', { amount: 1_000 }],
      ])('confirm – %s than was agreed is refused, and nothing is taken', async (_what, changes) => {
        const of = await at.agreed();
        expect(await confirm(world.channel, at.intent(of, changes))).toMatchObject({ outcome: 'refused' });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
        expect(await confirm(world.channel, at.intent(of, { idempotencyKey: `${of.orderId}-again` }))).toMatchObject({
          outcome: 'done',
        });
      });

      test("confirm – another order's record is refused, and nothing is taken from either", async () => {
        const [mine, other] = [await at.agreed(), await at.agreed()];
        const { record, token } = other;
        const outcome = await confirm(
          world.channel,
          at.intent(mine, { record, ...(token !== undefined && { token }) }),
        );
        expect(outcome).toMatchObject({ outcome: 'refused', hint: refusal() });
        expect(await world.driver.books(mine.orderId)).toEqual(nobody);
        expect(await world.driver.books(other.orderId)).toEqual(nobody);
      });

      test.each(['no_such_record', '..', '\ud800', ''])('confirm – the record %j is refused', async (record) => {
        const of = await at.agreed();
        const outcome = await confirm(world.channel, at.intent(of, { record }));
        expect(outcome).toMatchObject({ outcome: 'refused' });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
      });

      test.each([
        [cards.insufficientFunds, true],
        [cards.overLimit, true],
        [cards.stopped, false],
      ])('confirm – the card %s is declined, retryable: %s', async (card, retryable) => {
        const of = await at.agreed({ card });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject(
          ways.tellsDeclines
            ? { outcome: 'declined', code: expect.stringMatching(/./), retryable }
            : { outcome: 'unknown', why: 'temporary' },
        );
        expect(await at.look(of)).toMatchObject({ state: 'failed', failure: { code: expect.stringMatching(/./) } });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
      });

      test('confirm – repeated under its key it gives the same answer and takes nothing more', async () => {
        const of = await at.agreed();
        const first = await confirm(world.channel, at.intent(of));
        expect(await confirm(world.channel, at.intent(of))).toEqual(first);
        const both = [confirm(world.channel, at.intent(of)), confirm(world.channel, at.intent(of))];
        for (const outcome of await Promise.all(both)) expect(outcome).toEqual(first);
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test('confirm – under another key a paid payment is to be looked up, and takes nothing more', async () => {
        const of = await at.paid();
        const outcome = await confirm(world.channel, at.intent(of, { idempotencyKey: `${of.orderId}-another` }));
        expect(outcome).toMatchObject({ outcome: 'unknown', why: 'temporary' });
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test("confirm – a key that was used for another order never passes for this one's charge", async () => {
        const [first, mine] = [await at.agreed(), await at.agreed()];
        const idempotencyKey = `${first.orderId}-reused`;
        await confirm(world.channel, at.intent(first, { idempotencyKey }));
        const { outcome } = await confirm(world.channel, at.intent(mine, { idempotencyKey }));
        expect(await world.driver.books(mine.orderId)).toEqual(outcome === 'done' ? once : nobody);
      });

      test('confirm – two under two keys at once take the money once', async () => {
        const of = await at.agreed();
        const keys = ['key-a', 'key-b', 'key-c'];
        const outcomes = await Promise.all(
          keys.map((key) => confirm(world.channel, at.intent(of, { idempotencyKey: `${of.orderId}-${key}` }))),
        );
        expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
        expect(outcomes.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(2);
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test.each(['charge_then_timeout', 'charge_then_drop'])(
        'confirm – after %s it is unknown; the lookup and the same key tell the truth',
        async (kind) => {
          const of = await at.agreed();
          await world.driver.arm({ on: 'confirm', kind, orderId: of.orderId });
          expect(await world.impatient.confirm(world.channel, at.intent(of))).toMatchObject({
            outcome: 'unknown',
            why: 'no_reply',
          });
          expect(await at.look(of)).toMatchObject({ state: 'paid' });
          expect(await recordOf(await confirm(world.channel, at.intent(of)), of)).toMatchObject({ state: 'paid' });
          expect(await world.driver.books(of.orderId)).toEqual(once);
        },
      );

      test.each([
        ['charge_then_html', 'a gateway page'],
        ['charge_then_500', 'an error'],
      ])('confirm – %s: %s after the charge is unknown, and nothing more is taken', async (kind) => {
        const of = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind, orderId: of.orderId });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'unknown', why: 'temporary' });
        expect(await at.look(of)).toMatchObject({ state: 'paid' });
        expect(['done', 'unknown']).toContain((await confirm(world.channel, at.intent(of))).outcome);
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test('confirm – lost on the way there, the same key charges once', async () => {
        const of = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind: 'drop', orderId: of.orderId });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'unknown', why: 'no_reply' });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'done' });
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test('confirm – a temporary error without a charge leaves it as it was; a new key may try again', async () => {
        const of = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind: 'error_500_without_charge', orderId: of.orderId });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'unknown', why: 'temporary' });
        expect(await at.look(of)).toMatchObject({ state: ways.showsConsent ? 'authenticated' : 'ready' });
        const next = at.intent(of, { idempotencyKey: `${of.orderId}-try-2` });
        expect(await confirm(world.channel, next)).toMatchObject({ outcome: 'done' });
        expect(await world.driver.books(of.orderId)).toEqual(once);
      });

      test('confirm – the same call still running is in progress', async () => {
        const of = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind: 'in_progress', orderId: of.orderId });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'unknown', why: 'in_progress' });
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'done' });
      });

      test('confirm – another amount or currency charged is told as it is', async () => {
        const more = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind: 'wrong_amount', orderId: more.orderId, amount: 15_000 });
        expect(await recordOf(await confirm(world.channel, at.intent(more)), more)).toMatchObject({ amount: 15_000 });
        expect(await at.look(more)).toMatchObject({ state: 'paid', amount: 15_000 });
        const dollars = await at.agreed();
        await world.driver.arm({ on: 'confirm', kind: 'wrong_currency', orderId: dollars.orderId });
        expect(await recordOf(await confirm(world.channel, at.intent(dollars)), dollars)).toMatchObject({
          currency: 'USD',
        });
      });

      test('confirm – before the shopper agreed it takes nothing', async () => {
        const order = at.order();
        const record = await at.open(order);
        const outcome = await confirm(world.channel, at.intent({ ...order, record }));
        expect(outcome.outcome).not.toBe('done');
        expect(await world.driver.books(order.orderId)).toEqual(nobody);
      });

      test('confirm – too late it takes nothing, and a new payment may follow', async () => {
        const of = await at.agreed();
        await world.driver.advance(11 * minute);
        const { outcome } = await confirm(world.channel, at.intent(of));
        expect(outcome).toBe(ways.tellsDeclines ? 'declined' : 'unknown');
        expect(await at.look(of)).toMatchObject({ state: ways.showsExpiry ? 'expired' : 'failed' });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
      });

      test('confirm – a wrong secret is our misconfiguration, and nothing is taken', async () => {
        const of = await at.agreed();
        expect(await confirm(world.wrongSecret, at.intent(of))).toMatchObject({ outcome: 'misconfigured' });
        expect(await world.driver.books(of.orderId)).toEqual(nobody);
        expect(await confirm(world.channel, at.intent(of))).toMatchObject({ outcome: 'done' });
      });
    });

  describe(`${name}: cancel`, () => {
    test('cancel – gives all of it back, under our reason', async () => {
      const of = await at.paid();
      const refund = at.refund(of, 12_000);
      expect((await cancel(world.channel, refund)).outcome).toBe('done');
      expect(await at.look(of)).toMatchObject({
        state: 'paid',
        amount: 12_000,
        cancelled: 12_000,
        cancellations: [{ amount: 12_000, state: 'done', reason: refund.reason, at: expect.any(Number) }],
      });
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 12_000 });
    });

    test('cancel – gives part of it back, then the rest; each has its own id', async () => {
      const of = await at.paid();
      const refunds = [at.refund(of, 5_000), at.refund(of, 7_000, { expectedBalance: 7_000 })];
      for (const refund of refunds) {
        expect((await cancel(world.channel, refund)).outcome).toBe('done');
        await aSecondLater();
      }
      const record = await at.look(of);
      expect(record.cancelled).toBe(12_000);
      expect(record.cancellations.map(({ amount, reason }) => [amount, reason])).toEqual(
        refunds.map(({ amount, reason }) => [amount, reason]),
      );
      expect(new Set(record.cancellations.map(({ id }) => id)).size).toBe(2);
    });

    test('cancel – part of a payment in dollars is exact', async () => {
      const of = await inDollars().paid({ method: 'paypal', currency: 'USD', amount: 66_498 });
      expect((await cancel(world.dollars, at.refund(of, 1_420))).outcome).toBe('done');
      expect(await inDollars().look(of)).toMatchObject({ cancelled: 1_420, cancellations: [{ amount: 1_420 }] });
    });

    test('cancel – repeated under its key it gives the same answer and nothing more back', async () => {
      const of = await at.paid();
      const refund = at.refund(of, 5_000);
      const first = await cancel(world.channel, refund);
      await aSecondLater();
      expect(await cancel(world.channel, refund)).toEqual(first);
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 5_000 });
    });

    test('cancel – more than is left is declined, and nothing is given back', async () => {
      const of = await at.paid();
      await cancel(world.channel, at.refund(of, 7_000));
      await aSecondLater();
      const outcome = await cancel(world.channel, at.refund(of, 6_000, { expectedBalance: 5_000 }));
      expect(outcome).toMatchObject({ outcome: 'declined', retryable: false });
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 7_000 });
    });

    test('cancel – of what was given back already is never done, and gives nothing more', async () => {
      const of = await at.paid();
      await world.driver.cancelInConsole(of.record);
      await aSecondLater();
      const outcome = await cancel(world.channel, at.refund(of, 12_000));
      expect(['unknown', 'declined']).toContain(outcome.outcome);
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 12_000 });
    });

    test('cancel – two at the same moment never give back more than was decided', async () => {
      const of = await at.paid();
      const outcomes = await Promise.all([
        cancel(world.channel, at.refund(of, 8_000)),
        cancel(world.channel, at.refund(of, 8_000)),
      ]);
      expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 8_000 });
    });

    test.each(['cancel_then_timeout', 'cancel_then_drop'])(
      'cancel – after %s it is unknown; the lookup and the same key tell the truth',
      async (kind) => {
        const of = await at.paid();
        const refund = at.refund(of, 5_000);
        await world.driver.arm({ on: 'cancel', kind, orderId: of.orderId });
        expect(await world.impatient.cancel(world.channel, refund)).toMatchObject({
          outcome: 'unknown',
          why: 'no_reply',
        });
        expect((await at.look(of)).cancellations.map(({ reason }) => reason)).toEqual([refund.reason]);
        await aSecondLater();
        expect((await cancel(world.channel, refund)).outcome).toBe('done');
        expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 5_000 });
      },
    );

    test.each([
      ['cancel_then_html', 5_000],
      ['cancel_then_500', 5_000],
      ['cancel_500', 0],
      ['html', 0],
    ])('cancel – %s is unknown; the list of cancellations tells', async (kind, given) => {
      const of = await at.paid();
      const refund = at.refund(of, 5_000);
      await world.driver.arm({ on: 'cancel', kind, orderId: of.orderId });
      expect(await cancel(world.channel, refund)).toMatchObject({ outcome: 'unknown', why: 'temporary' });
      const record = await at.look(of);
      expect(record.cancelled).toBe(given);
      expect(record.cancellations.map(({ reason }) => reason)).toEqual(given ? [refund.reason] : []);
    });

    test('cancel – the same call still running is in progress', async () => {
      const of = await at.paid();
      await world.driver.arm({ on: 'cancel', kind: 'in_progress', orderId: of.orderId });
      expect(await cancel(world.channel, at.refund(of, 5_000))).toMatchObject({
        outcome: 'unknown',
        why: ways.tellsRunning ? 'in_progress' : 'temporary',
      });
    });

    test('cancel – a payment that does not exist is not found', async () => {
      const of = await at.paid();
      const refund = at.refund(of, 5_000, { orderId: at.order().orderId, record: 'no_such_record' });
      expect(await cancel(world.channel, refund)).toEqual({ outcome: 'not_found' });
    });

    test('cancel – a wrong secret is our misconfiguration, and nothing is given back', async () => {
      const of = await at.paid();
      expect(await cancel(world.wrongSecret, at.refund(of, 5_000))).toMatchObject({ outcome: 'misconfigured' });
      expect(await world.driver.books(of.orderId)).toEqual(once);
    });
  });

  describe(`${name}: account`, () => {
    const account = { method: 'virtual_account' } as const;

    test('account – issued is not paid', async () => {
      const of = await at.paid(account);
      const record = await at.look(of);
      expect(record).toMatchObject({
        state: 'awaiting_deposit',
        method: 'virtual_account',
        cancelled: 0,
        account: { bank: expect.any(String), number: expect.stringMatching(/\d/), dueAt: expect.any(Number) },
      });
      expect(record.paidAt).toBeUndefined();
      expect(await world.driver.books(of.orderId)).toEqual(nobody);
    });

    test('account – is paid by its deposit', async () => {
      const of = await at.paid(account);
      await world.driver.deposit(of.record);
      expect(await at.look(of)).toMatchObject({
        ...{ state: 'paid', method: 'virtual_account', amount: 12_000, paidAt: expect.any(Number) },
      });
    });

    if (ways.reversesDeposits)
      test('account – waits again when its deposit is reversed', async () => {
        const of = await at.paid(account);
        await world.driver.deposit(of.record);
        await world.driver.reverseDeposit(of.record);
        expect(await at.look(of)).toMatchObject({ state: 'awaiting_deposit', cancelled: 0 });
      });

    test('account – past its due date it still waits, and says so where that is told', async () => {
      const of = await at.paid(account);
      const due = (await at.look(of)).account?.dueAt;
      expect(due).toEqual(expect.any(Number));
      await world.driver.advance(31 * 24 * 60 * minute);
      const { state, account: issued } = await at.look(of);
      expect(state).toBe('awaiting_deposit');
      expect(issued?.expired).toBe(ways.showsExpiry ? true : undefined);
    });

    const closing = ({ orderId, record }: { orderId: string; record: string }) =>
      ({ orderId, record, idempotencyKey: `close-of-${orderId}` }) as const;

    test('account – closed before anyone paid, it is canceled and nothing was given back', async () => {
      const of = await at.paid(account);
      expect(await world.provider.close(world.channel, closing(of))).toEqual({ outcome: 'done' });
      expect(await at.look(of)).toMatchObject({ state: 'canceled', cancelled: 0 });
      expect(await world.driver.books(of.orderId)).toEqual(nobody);
    });

    test('account – one that was paid is not closed, and a card is never given back by closing', async () => {
      const deposited = await at.paid(account);
      await world.driver.deposit(deposited.record);
      for (const of of [deposited, await at.paid()]) {
        expect(await world.provider.close(world.channel, closing(of))).toMatchObject({ outcome: 'declined' });
        expect(await world.driver.books(of.orderId)).toEqual(once);
      }
    });

    test('account – a closing without an answer is unknown; the lookup tells', async () => {
      const of = await at.paid(account);
      await world.driver.arm({ on: 'cancel', kind: 'cancel_then_drop', orderId: of.orderId });
      expect(await world.provider.close(world.channel, closing(of))).toMatchObject({
        ...{ outcome: 'unknown', why: 'no_reply' },
      });
      expect(await at.look(of)).toMatchObject({ state: 'canceled', cancelled: 0 });
      // Where the same key is not asked about first, it replays its answer.
      expect(['done', 'declined']).toContain((await world.provider.close(world.channel, closing(of))).outcome);
      expect(await world.driver.books(of.orderId)).toEqual(nobody);
    });

    test('account – closing one that does not exist, or with a wrong secret, does nothing', async () => {
      const of = await at.paid(account);
      const nowhere = closing({ orderId: at.order().orderId, record: 'no_such_record' });
      expect(await world.provider.close(world.channel, nowhere)).toEqual({ outcome: 'not_found' });
      expect(await world.provider.close(world.wrongSecret, closing(of))).toMatchObject({ outcome: 'misconfigured' });
      expect(await at.look(of)).toMatchObject({ state: 'awaiting_deposit' });
    });

    test('account – a deposit goes back to the account that the buyer names', async () => {
      const of = await at.paid(account);
      await world.driver.deposit(of.record);
      const refund = at.refund(of, 12_000, { account: { bank: 'SHINHAN', number: '110123456789', holder: '박포원' } });
      expect((await cancel(world.channel, refund)).outcome).toBe('done');
      expect(await at.look(of)).toMatchObject({ state: 'paid', cancelled: 12_000 });
      expect(await world.driver.books(of.orderId)).toEqual({ charged: 12_000, cancelled: 12_000 });
    });

    test('account – a bank that there is not is declined', async () => {
      const of = await at.paid(account);
      await world.driver.deposit(of.record);
      const refund = at.refund(of, 12_000, { account: { bank: 'NO_BANK', number: '110123456789', holder: '박포원' } });
      expect(await cancel(world.channel, refund)).toMatchObject({ outcome: 'declined', retryable: false });
      expect(await world.driver.books(of.orderId)).toEqual(once);
    });

    test('account – a deposit is not given back without an account to give it to', async () => {
      const of = await at.paid(account);
      await world.driver.deposit(of.record);
      expect((await cancel(world.channel, at.refund(of, 12_000))).outcome).toBe('declined');
      expect(await world.driver.books(of.orderId)).toEqual(once);
    });
  });

  listConformance(
    name,
    () => world,
    () => at,
  );
  fuzzProvider(name, () => world);
}
