import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definitions } from '../../../server/app.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { openStore } from '../../../server/store/open.js';
import type { Store } from '../../../server/store/store.js';
import { disagreements, mistold } from '../../support/books.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import type { Shopper } from '../../support/shopper.js';
import { type Counter, type Stop, stopAt } from '../../support/stops.js';
import { api, blog, testClock } from '../../support/world.js';
import { createShop, newKey, type Shop, type ShopName } from './shop.js';

/**
 * A stop at every numbered write and call of a refund and of a closing: before it, and after it with nobody hearing the answer. Then a
 * second server takes over, with the caller repeating the request or never seen again. The books must agree, and money goes back once.
 *
 * Each stop in all four ways on the embedded engine. On MongoDB, where a run takes several times as long, each stop in one of them, taking
 * turns: what differs there is the store, which has a conformance suite of its own.
 */

interface Play {
  readonly shop: Shop;
  readonly shopper: Shopper;
  /** Repeats a request against whichever server is alive until it is answered. */
  call(path: string, body: object, how: { token: string; key?: string }): Promise<void>;
  later(ms: number): Promise<void>;
}

interface Scenario {
  readonly shop: ShopName;
  /** What is there before the server that will stop. */
  readonly before: (shop: Shop) => Promise<Shopper>;
  readonly play: (play: Play) => Promise<void>;
  /** What has gone back when the caller repeats until it is answered; without, also less. */
  readonly back: readonly number[];
  /** Where nobody may know how many repeats the provider saw: the state that the account ends in. */
  readonly closed?: true;
}

const account = { bank: 'KAKAO', number: '3333011234567', holder: '김하나' };

const refund = async ({ shopper, call }: Play, body: object = {}) =>
  call(`/payments/${shopper.id}/cancel`, body, { token: blog.secretKey, key: newKey() });

const give = async ({ shop, shopper, call }: Play, given = account) => {
  const waiting = (await shop.world.payment(shopper.id)).refunds.find((one) => one.state === 'needs_account');
  if (!waiting) return;
  const path = `/payments/sessions/${shopper.session.id}/refunds/${waiting.id}/account`;
  await call(path, given, { token: shopper.secret });
};

const scenarios: Record<string, Scenario> = {
  'all of it': { shop: 'toss', before: (shop) => shop.paid(), play: (play) => refund(play), back: [9_000] },
  'a part, then the rest': {
    shop: 'portone-v2',
    before: (shop) => shop.paid(),
    async play(play) {
      await refund(play, { amount: 4_000 });
      await play.later(2 * second);
      await refund(play, { amount: 5_000 });
    },
    back: [4_000, 5_000],
  },
  'a refund whose answer is lost': {
    shop: 'toss',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'cancel_then_drop' });
      return shop.paid();
    },
    play: (play) => refund(play, { amount: 4_000 }),
    back: [4_000],
  },
  'a refund that fails at first': {
    shop: 'portone-v2',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'cancel_500' });
      return shop.paid();
    },
    play: (play) => refund(play, { amount: 4_000 }),
    back: [4_000],
  },
  'a deposit, whose account the shopper names': {
    shop: 'toss',
    before: (shop) => shop.deposited(),
    async play(play) {
      await refund(play);
      await give(play);
    },
    back: [9_000],
  },
  'a deposit, whose first account is refused': {
    shop: 'portone-v2',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'error', code: 'PG_PROVIDER', status: 502 });
      shop.spy.change.cancel = async (_intent, real) => {
        const outcome = await real();
        // The sandbox's payment company names no code for a fault.
        return outcome.outcome === 'declined' ? { ...outcome, accountRefused: true } : outcome;
      };
      return shop.deposited();
    },
    async play(play) {
      await refund(play);
      await give(play, { ...account, number: '110123456789' });
      await play.later(2 * second);
      await give(play);
    },
    back: [9_000],
  },
  'a part, then the rest, at PortOne V1, the first answer lost': {
    shop: 'portone-v1',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'cancel_then_drop' });
      return shop.paid();
    },
    async play(play) {
      await refund(play, { amount: 4_000 });
      await play.later(2 * second);
      await refund(play, { amount: 5_000 });
    },
    back: [4_000, 5_000],
  },
  'a deposit at PortOne V1, whose first account is refused': {
    shop: 'portone-v1',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'error', code: '1' });
      return shop.deposited();
    },
    async play(play) {
      await refund(play);
      await give(play, { ...account, number: '110123456789' });
      await play.later(2 * second);
      await give(play);
    },
    back: [9_000],
  },
  'an account of PortOne V1 that is replaced, and whose closing is not answered': {
    shop: 'portone-v1',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'cancel_then_drop' });
      return shop.issued();
    },
    async play({ shopper, call, later }) {
      const path = `/payments/sessions/${shopper.session.id}/prepare`;
      await call(path, { method: 'card' }, { token: shopper.secret });
      await later(minute);
    },
    back: [],
    closed: true,
  },
  'an account that is replaced': {
    shop: 'toss',
    before: (shop) => shop.issued(),
    async play({ shopper, call, later }) {
      const path = `/payments/sessions/${shopper.session.id}/prepare`;
      await call(path, { method: 'card' }, { token: shopper.secret });
      await later(minute);
    },
    back: [],
    closed: true,
  },
  'an account that is replaced, and whose closing is not answered': {
    shop: 'portone-v2',
    async before(shop) {
      await shop.arm({ on: 'cancel', kind: 'cancel_then_drop' });
      return shop.issued();
    },
    async play({ shopper, call, later }) {
      await call(`/payments/sessions/${shopper.session.id}/cancel`, {}, { token: shopper.secret });
      await later(minute);
    },
    back: [],
    closed: true,
  },
  'an account that is paid while it is closed': {
    shop: 'toss',
    async before(shop) {
      const shopper = await shop.issued();
      shop.spy.change.close = async (_intent, real) => {
        const [one] = shop.world.sandbox.bank.books(`${shopper.id}_1`).records;
        if (one?.state === 'awaiting_deposit') await shop.deposit(`${shopper.id}_1`);
        return real();
      };
      return shopper;
    },
    async play(play) {
      const { shopper, call, later } = play;
      await call(`/payments/sessions/${shopper.session.id}/cancel`, {}, { token: shopper.secret });
      for (const ms of [minute, 2 * minute, hour]) await later(ms);
      await give(play);
    },
    back: [9_000],
  },
};

/** Ways to stop: before or after the step, with the caller repeating or gone. */
const ways = (['before', 'after'] as const).flatMap((side) =>
  [true, false].map((callerReturns) => ({ side, callerReturns })),
);

/** Long enough for every schedule to end. */
const rest = [2 * minute, hour, 25 * hour, 10 * day];

let runs = 0;

async function run(store: Store, scenario: Scenario, stop: Stop | undefined, callerReturns: boolean) {
  const clock = testClock(Date.UTC(2026, 0, 1) + ++runs * 60 * day);
  // What looks over all payments would meet those of the runs before.
  const shop = await createShop(scenario.shop, { store, clock, oversight: false, answerWithinMs: 20 });
  try {
    const shopper = await scenario.before(shop);
    await shop.world.runDry();
    const counter: Counter = stopAt(stop);
    const { wrapStore } = counter;
    // The spy's changes are the provider's: they belong below the stop.
    const wrapProviders: Counter['wrapProviders'] = (real) => counter.wrapProviders(shop.spy.wrapProviders(real));
    const stopping = await shop.otherServer({ wrapStore, wrapProviders });
    const alive = () => (counter.stopped ? shop.world : stopping);
    await scenario.play({
      shop,
      shopper,
      async call(path, body, { token, key }) {
        for (let n = 0; n < 20; n++) {
          const headers = key === undefined ? {} : { 'idempotency-key': key };
          const { status, body: said } = await api<{ needsAccount?: boolean }>(alive().url, 'POST', path, {
            token,
            body,
            headers,
          });
          if (status < 500 && (status !== 202 || said.needsAccount)) return;
          if (!callerReturns) return;
          // A few of these, and the lease of the one that stopped is over.
          clock.advance(40 * second);
        }
        throw new Error(`${path} is never answered`);
      },
      async later(ms) {
        clock.advance(ms);
        await alive().runDry();
        if (counter.stopped) await shop.world.runDry();
      },
    });
    for (const ms of rest) {
      clock.advance(ms);
      await shop.world.runDry();
    }
    const all = [await shop.world.payment(shopper.id)];
    const books = shop.world.sandbox.bank.books();
    const wrong = [...disagreements(all, books), ...(await mistold(shop.world, all))];
    if (wrong.length > 0) wrong.push(JSON.stringify(all[0]?.transitions.map((t) => `${t.what} ${t.from}→${t.to}`)));
    const [first] = books.records.filter((one) => one.orderId === `${shopper.id}_1`);
    return { counter, wrong, back: shop.back(shopper), state: first?.state };
  } finally {
    await shop.close();
  }
}

const engines: Record<string, () => Promise<Store>> = {
  embedded: () => openStore({ file: ':memory:', definitions }),
};
if ((await mongoUri()) !== undefined) {
  engines.mongo = async () => openStore({ mongodbUri: await freshDatabase('refund-stops'), file: '', definitions });
}

describe.each(Object.entries(engines))('a stop at every write and call – %s', (engine, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  test.each(Object.entries(scenarios))('%s: the books agree', { timeout: 300_000 }, async (_name, scenario) => {
    const whole = await run(store, scenario, undefined, true);
    expect([whole.wrong, whole.back]).toEqual([[], scenario.back]);
    const { steps } = whole.counter;
    expect(steps.length).toBeGreaterThan(3);
    for (let at = 1; at <= steps.length; at++) {
      for (const [n, { side, callerReturns }] of ways.entries()) {
        if (engine === 'mongo' && n !== at % ways.length) continue;
        const { wrong, back, state } = await run(store, scenario, { at, side }, callerReturns);
        const where = `${side} step ${at} (${steps[at - 1]}), caller ${callerReturns ? 'returns' : 'gone'}`;
        expect(wrong, where).toEqual([]);
        if (callerReturns) expect(back, where).toEqual(scenario.back);
        else expect(scenario.back, where).toEqual(expect.arrayContaining(back));
        if (scenario.closed && callerReturns) expect(state, where).toBe('closed');
      }
    }
  });
});
