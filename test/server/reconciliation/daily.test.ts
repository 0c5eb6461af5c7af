import { afterEach, describe, expect, test } from 'vitest';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { v1Channel } from '../../support/portone-v1.js';
import { control, openSession } from '../../support/shopper.js';
import { stopAt } from '../../support/stops.js';
import { api, blog, other } from '../../support/world.js';
import {
  chargedUnheard,
  chargeInBank,
  createPlace,
  type Place,
  type PlaceOptions,
  paid,
  report,
  reports,
  runJob,
} from './harness.js';

const open: Place[] = [];
afterEach(async () => {
  for (const place of open.splice(0)) await place.close();
});

async function at(options: PlaceOptions = {}): Promise<Place> {
  const place = await createPlace(options);
  open.push(place);
  return place;
}

const nothing = { both: 0, differing: 0, onlyTheirs: 0, onlyOurs: 0, onTheirWay: 0, notOurs: 0, unread: 0 };
const strange = 'pay_01KJP7T0W01A6QB724ADZGKMWK_1';

async function agree({ world, sandbox }: Place) {
  await world.runDry();
  const all = await allPayments(world);
  expect([...disagreements(all, sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
}

test('what was sold under another account of the same channel is no sale without money here', async () => {
  const place = await at({ provider: 'portone-v1' });
  await paid(place, 'portone-v1');
  const another = { userCode: 'imp00000999', apiKey: 'a-key-of-another', apiSecret: 'a-secret-of-another' };
  const moved = await place.second({ blog: { channels: [await v1Channel(place.sandboxUrl, another, another)] } });
  place.clock.advance(2 * hour);
  await runJob(moved);
  expect(await report(moved)).toMatchObject({ state: 'done', counts: nothing });
  expect(place.logged.filter(({ event }) => event === 'sale_without_money')).toEqual([]);
});

describe.each(['toss', 'portone-v2', 'portone-v1'] as const)('the daily comparison with %s', (provider) => {
  test('finds a payment that was paid while nobody listened, and settles it', async () => {
    const place = await at({ provider });
    const shopper = await chargedUnheard(place, provider);
    place.clock.advance(2 * hour);
    expect(await runJob(place.world)).toBe(2);
    const { differing, ...row } = await report(place.world);
    expect(row).toMatchObject({ state: 'done', complete: true, counts: { ...nothing, differing: 1 } });
    expect(differing).toMatchObject([
      {
        orderId: shopper.orderId,
        payment: shopper.id,
        differs: ['record'],
        theirs: { state: 'paid', amount: 9_000, currency: 'KRW' },
        end: 'agrees',
      },
    ]);
    const payment = await place.world.payment(shopper.id);
    expect(payment.status).toBe('paid');
    expect(payment.transitions.at(-1)).toMatchObject({ what: 'payment', to: 'paid', trigger: 'comparison' });
    await agree(place);
  });

  test('finds a refund that was made in the console, and settles it', async () => {
    const place = await at({ provider });
    const shopper = await paid(place, provider);
    const record = (await place.world.payment(shopper.id)).paidBy?.record;
    await control(place, `${provider}/cancel`, { paymentKey: record, txId: record, imp_uid: record, amount: 3_000 });
    place.clock.advance(2 * hour);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({
      counts: { ...nothing, differing: 1 },
      differing: [{ payment: shopper.id, differs: ['cancelled'], end: 'agrees', ours: { cancelled: 0 } }],
    });
    expect(await place.world.payment(shopper.id)).toMatchObject({
      status: 'partially_refunded',
      refundedAmount: 3_000,
    });
    await agree(place);
  });

  test('has nothing to say of what both know, and writes none of it', async () => {
    const place = await at({ provider });
    const shopper = await paid(place, provider);
    await openSession(place.world);
    await place.world.runDry();
    place.clock.advance(2 * hour);
    const before = await place.world.payment(shopper.id);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({ counts: { ...nothing, both: 1 }, differing: [] });
    expect(await place.world.payment(shopper.id)).toEqual(before);
    expect(place.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('leaves alone what may still be heard of: it is looked at the day after', async () => {
    const place = await at({ provider });
    const shopper = await chargedUnheard(place, provider);
    place.clock.advance(5 * minute);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({ counts: { ...nothing, onTheirWay: 1 } });
    expect((await place.world.payment(shopper.id)).status).toBe('open');
    place.clock.advance(day);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({ counts: { ...nothing, differing: 1 } });
    await agree(place);
  });

  test('a sale that the provider knows nothing of is told, and changes nothing', async () => {
    const place = await at({ provider });
    const shopper = await paid(place, provider);
    await place.world.runDry();
    place.sandbox.bank.reset();
    place.clock.advance(2 * hour);
    const before = await place.world.payment(shopper.id);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({
      counts: { ...nothing, onlyOurs: 1 },
      onlyOurs: [{ payment: shopper.id, orderId: shopper.orderId, ours: { state: 'paid', amount: 9_000 } }],
    });
    expect(await place.world.payment(shopper.id)).toEqual(before);
    const alarms = place.logged.filter(({ event }) => event === 'sale_without_money');
    expect(alarms).toMatchObject([{ level: 'error', payment: shopper.id, amount: 9_000, currency: 'KRW', provider }]);
  });

  test('a provider that can not be reached is asked again later, and then all is found', async () => {
    const place = await at({ provider });
    await chargedUnheard(place, provider);
    place.clock.advance(2 * hour);
    // The other merchant is at Toss too.
    await control(place, 'faults', { on: 'list', kind: 'drop', times: provider === 'toss' ? 4 : 2, provider });
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({ state: 'waiting', problem: 'unreachable', differing: [] });
    // The payment's own schedule is not what finds it here.
    const source = async () => {
      await place.world.app.worker.runOnce();
      await place.world.app.idle();
    };
    const asked = place.asked.length;
    place.clock.advance(30 * second);
    await source();
    expect(place.asked.length).toBe(asked);
    place.clock.advance(31 * second);
    await source();
    expect(await report(place.world)).toMatchObject({ state: 'waiting', problem: 'unreachable' });
    place.clock.advance(5 * minute);
    await source();
    const done = await report(place.world);
    expect(done).toMatchObject({ state: 'done', complete: true });
    expect(done.problem).toBeUndefined();
    await agree(place);
  });

  test('a provider whose clock is not ours misses nothing and invents nothing', async () => {
    for (const skew of [-5 * minute, 5 * minute]) {
      const place = await at({ provider, theirClock: (ours) => ({ now: () => ours.now() + skew }) });
      await paid(place, provider);
      await place.world.runDry();
      for (const later of [0, 4 * minute, 56 * minute, 30 * minute]) {
        place.clock.advance(later);
        await runJob(place.world);
        const { counts } = await report(place.world);
        expect({ ...counts, both: 0 }).toEqual(nothing);
        expect(counts?.both).toBeLessThanOrEqual(1);
        place.clock.advance(day - later);
      }
      // At the far end of the week it leaves the list as quietly.
      for (const later of [2 * day, 4 * minute, 4 * minute, day]) {
        place.clock.advance(later);
        await runJob(place.world);
        expect({ ...(await report(place.world)).counts, both: 0 }).toEqual(nothing);
      }
    }
  });
});

describe('money that nobody sold anything for', () => {
  test('raises an alarm with what is needed to find it, and nothing of the buyer', async () => {
    const place = await at();
    const record = chargeInBank(place, strange);
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({
      counts: { ...nothing, onlyTheirs: 1 },
      onlyTheirs: [{ orderId: strange, record, theirs: { state: 'paid', amount: 5_000, currency: 'KRW' } }],
    });
    expect(place.logged.filter(({ level }) => level === 'error')).toEqual([
      {
        ...{ level: 'error', event: 'money_without_order', merchant: 'blog', provider: 'toss', channel: 'toss' },
        ...{ record, amount: 5_000, currency: 'KRW' },
      },
    ]);
  });

  test('is also money under an attempt that a payment never had', async () => {
    const place = await at();
    const shopper = await paid(place, 'toss');
    chargeInBank(place, `${shopper.id}_9`);
    await runJob(place.world);
    expect((await report(place.world)).counts).toMatchObject({ onlyTheirs: 1 });
  });

  test('of other systems on the same contract is counted apart, without an alarm', async () => {
    const place = await at();
    for (const id of ['shop-2026-0001', 'pay_short_1', `${strange.toLowerCase()}`, 'pay_01KJP7T0W01A6QB724ADZGKMWK']) {
      chargeInBank(place, id);
    }
    await runJob(place.world);
    expect(await report(place.world)).toMatchObject({ counts: { ...nothing, notOurs: 4 }, onlyTheirs: [] });
    expect(place.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a charge of another amount than was asked for is found, and goes back', async () => {
    const place = await at();
    await control(place, 'faults', { on: 'confirm', kind: 'wrong_amount', amount: 12_345 });
    const shopper = await chargedUnheard(place, 'toss');
    place.clock.advance(2 * hour);
    await runJob(place.world);
    expect((await report(place.world)).differing).toMatchObject([
      { differs: ['record', 'amount'], theirs: { amount: 12_345 }, ours: { amount: 9_000 }, end: 'agrees' },
    ]);
    await place.world.runDry();
    expect((await place.world.payment(shopper.id)).refunds).toMatchObject([{ cause: 'mismatch', state: 'done' }]);
    await agree(place);
  });
});

describe('the run', () => {
  test('goes through every page, and finds the one difference among them', async () => {
    const place = await at();
    for (let n = 0; n < 250; n++) chargeInBank(place, `other-${n}`);
    await chargedUnheard(place, 'toss');
    for (let n = 0; n < 250; n++) chargeInBank(place, `more-${n}`);
    place.clock.advance(2 * hour);
    await runJob(place.world);
    expect((await report(place.world)).counts).toEqual({ ...nothing, notOurs: 500, differing: 1 });
    expect(place.asked.filter(({ after }) => after !== undefined).length).toBe(2);
  });

  test('comes by itself at four in the morning of the merchant, and once', async () => {
    const place = await at();
    await place.world.runDry();
    // Noon in Seoul.
    place.clock.advance(16 * hour - 1);
    await place.world.runDry();
    expect(place.asked).toEqual([]);
    expect(await reports(place.world)).toMatchObject([{ day: '2026-03-03', state: 'waiting' }]);
    place.clock.advance(1);
    await place.world.runDry();
    await place.world.runDry();
    expect(place.asked.length).toBe(2);
    expect(await reports(place.world)).toMatchObject([
      { day: '2026-03-04', state: 'waiting' },
      { day: '2026-03-03', state: 'done', from: '2026-02-23T19:00:00.000Z', until: '2026-03-02T19:00:00.000Z' },
    ]);
    expect(await runJob(place.world)).toBe(0);
  });

  test('that no server was there for is made up for once, however many days it was', async () => {
    const place = await at();
    await place.world.runDry();
    place.clock.advance(4 * day);
    const later = await place.second();
    await later.runDry();
    const states = (await reports(later)).map(({ day: date, state }) => [date, state]);
    expect(states).toEqual([
      ['2026-03-07', 'waiting'],
      ['2026-03-03', 'done'],
    ]);
  });

  test('is one run, if two servers come to it at once', async () => {
    const place = await at();
    await chargedUnheard(place, 'toss');
    const other = await place.second();
    place.clock.advance(16 * hour);
    const both = [place.world, other];
    await Promise.all(both.map((world) => runJob(world)));
    await Promise.all(both.map((world) => world.runDry()));
    // Two merchants, one list each.
    expect(place.asked.length).toBe(2);
    expect((await reports(other)).filter(({ state }) => state === 'done').length).toBe(1);
    await agree(place);
  });

  test('that died in the middle is gone on with: nothing that was found is forgotten, nothing is done twice', async () => {
    // Counts the steps of a run that nothing stops.
    const whole = await dying();
    expect(whole.steps).toBeGreaterThan(6);
    for (let step = 1; step <= whole.steps; step++) {
      for (const side of ['before', 'after'] as const) {
        const { view, place } = await dying({ at: step, side });
        expect(view, `${side} ${step}`).toMatchObject({ state: 'done', counts: { onlyTheirs: 1 } });
        // Where it died between the settling and the writing down, the first server's work shows all the same.
        expect(view.counts, `${side} ${step}`).toMatchObject({ differing: 2 });
        expect(view.differing.map(({ end }) => end)).toEqual(['agrees', 'agrees']);
        await agreeBut(place, strange);
        await place.close();
      }
    }
  }, 120_000);

  /** A run by a server that stops at a step, then one that takes over when the lease is over. */
  async function dying(stop?: Parameters<typeof stopAt>[0]) {
    const place = await createPlace();
    await chargedUnheard(place, 'toss');
    await chargedUnheard(place, 'toss');
    chargeInBank(place, strange);
    place.clock.advance(2 * hour);
    const counter = stopAt(stop);
    const doomed = await place.second({ wrapStore: counter.wrapStore, wrapProviders: counter.wrapProviders });
    const answer = await runJob(doomed).catch(() => undefined);
    await doomed.app.idle();
    const steps = counter.steps.length;
    if (!stop) {
      expect(answer).toBe(2);
      await place.close();
      return { steps, view: undefined as never, place };
    }
    place.clock.advance(6 * minute);
    await runJob(place.world);
    return { steps, view: await report(place.world), place };
  }

  async function agreeBut(place: Place, orderId: string) {
    await place.world.runDry();
    const all = await allPayments(place.world);
    expect(disagreements(all, place.sandbox.bank.books())).toEqual([`${orderId}: money without a payment`]);
    expect(await mistold(place.world, all)).toEqual([]);
  }

  test('waits for no page of a slow provider: other due work goes on', async () => {
    const place = await at();
    await place.world.runDry();
    place.clock.advance(16 * hour);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = await place.second({
      wrapProviders: (all) =>
        new Map(
          [...all].map(([name, real]) => [
            name,
            { ...real, listPayments: (channel, query) => held.then(() => real.listPayments(channel, query)) },
          ]),
        ),
    });
    expect(await slow.app.worker.runOnce()).toBeGreaterThan(0);
    expect(await slow.app.worker.runOnce()).toBe(0);
    release();
    await slow.app.idle();
    expect((await report(slow)).state).toBe('done');
  });

  test('reports are kept 90 days, then removed', async () => {
    const place = await at();
    await runJob(place.world);
    const { id } = await report(place.world);
    place.clock.advance(90 * day + minute);
    await place.world.runDry();
    expect((await reports(place.world)).map((row) => row.id)).not.toContain(id);
  });
});

describe('the reports', () => {
  test('are the merchant’s own', async () => {
    const place = await at();
    await runJob(place.world);
    const { id } = await report(place.world);
    const read = (token: string, path: string) => api<any>(place.world.url, 'GET', path, { token });
    expect((await read(other.secretKey, '/comparisons')).body.data.map((row: { id: string }) => row.id)).not.toContain(
      id,
    );
    expect(await read(other.secretKey, `/comparisons/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'comparison_not_found' },
    });
    expect((await read(blog.publishableKey, '/comparisons')).status).toBe(403);
    expect((await read(blog.secretKey, '/comparisons/cmp_1')).body.errors).toMatchObject([{ path: 'id' }]);
    expect((await read(blog.secretKey, '/comparisons?limit=0')).status).toBe(400);
  });

  test('come by pages, the newest first', async () => {
    const place = await at();
    for (let n = 0; n < 3; n++) {
      await runJob(place.world);
      place.clock.advance(day);
    }
    const page = await api<any>(place.world.url, 'GET', '/comparisons?limit=2', { token: blog.secretKey });
    const next = await api<any>(place.world.url, 'GET', `/comparisons?limit=2&after=${page.body.next}`, {
      token: blog.secretKey,
    });
    const days = [...page.body.data, ...next.body.data].map((row: { day: string }) => row.day);
    expect(days).toEqual(['2026-03-04', '2026-03-03', '2026-03-02']);
    expect(next.body.next).toBeUndefined();
  });
});
