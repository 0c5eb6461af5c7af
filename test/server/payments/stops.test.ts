import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { definitions } from '../../../server/app.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import type { PortOneV2Channel } from '../../../server/providers/provider.js';
import { openStore } from '../../../server/store/open.js';
import type { Store } from '../../../server/store/store.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { calledBack, payInV1, payTwiceInV1, v1Channel } from '../../support/portone-v1.js';
import { payInV2, promised, redirected, v2Channel, v2Store } from '../../support/portone-v2.js';
import { control, createCall, type Shopper, shopperOf } from '../../support/shopper.js';
import { type Counter, type Stop, stopAt } from '../../support/stops.js';
import { api, createWorld, testClock, type World } from '../../support/world.js';

/**
 * A stop at every numbered write and call: before it, and after it with nobody hearing the answer. Then a second server takes over, with
 * the shopper coming back or never seen again, and lets the due work run dry. The books must agree, whatever happened.
 */

const settings = { clientKey: 'test_ck_blog' };
const secret = `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`;

/** What the provider does when somebody else (a lost server, a bug) asks for the money of a record. */
async function chargeElsewhere(
  world: World,
  record: { paymentKey: string; orderId: string; amount: { value: number } },
) {
  const response = await fetch(`${world.sandboxUrl}/toss/v1/payments/confirm`, {
    method: 'POST',
    headers: { authorization: secret, 'content-type': 'application/json' },
    body: JSON.stringify({ ...record, amount: record.amount.value }),
  });
  expect(response.status).toBe(200);
}

interface Play {
  world: World;
  shopper: Shopper;
  /** Repeats a request against whichever server is alive until it is answered. */
  asked(request: () => Promise<{ status: number }>): Promise<void>;
  /** Moves time on and does what is due. */
  later(ms: number): Promise<void>;
}

type Scenario = (play: Play) => Promise<void>;

const pay: Scenario = async ({ shopper, asked }) => {
  const hint = await shopper.agree();
  await asked(() => shopper.verify({ paymentKey: hint.paymentKey, orderId: hint.orderId }));
};

/** By a redirect that names no transaction: what is asked with stands in the stored intent alone. */
const payByToken: Scenario = async ({ world, shopper, asked }) => {
  const agreed = await payInV2(world, shopper, 'manual');
  await asked(() => shopper.verify(redirected(agreed)));
};

const scenarios: Record<
  string,
  { arm?: object[]; approval?: PortOneV2Channel['approval']; v1?: true; play: Scenario; ends: string[] }
> = {
  'a card payment': { play: pay, ends: ['paid', 'expired'] },
  'a charge whose answer is lost': {
    arm: [{ on: 'confirm', kind: 'charge_then_drop' }],
    play: pay,
    ends: ['paid', 'expired'],
  },
  'an error after the charge': {
    arm: [{ on: 'confirm', kind: 'charge_then_500' }],
    play: pay,
    ends: ['paid', 'expired'],
  },
  'an error before the charge': {
    arm: [{ on: 'confirm', kind: 'error_500_without_charge' }],
    play: pay,
    ends: ['paid', 'expired'],
  },
  'a declined card': {
    play: async ({ shopper, asked }) => {
      const { paymentKey, orderId } = await shopper.agree({ card: '4300-0000-0000-0002' });
      await asked(() => shopper.verify({ paymentKey, orderId }));
    },
    ends: ['expired'],
  },
  'a charge of another amount': {
    arm: [{ on: 'confirm', kind: 'wrong_amount' }],
    play: pay,
    ends: ['expired'],
  },
  'a second charge of one order, and a refund whose answer is lost': {
    arm: [{ on: 'cancel', kind: 'cancel_then_drop' }],
    play: async ({ world, shopper, asked, later }) => {
      const first = await shopper.agree();
      await asked(() => shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 }));
      await asked(() => shopper.prepare());
      if (shopper.orderId === first.orderId) return;
      const second = await shopper.agree();
      await asked(() => shopper.verify({ paymentKey: second.paymentKey, orderId: second.orderId }));
      await chargeElsewhere(world, first);
      await later(10 * minute);
    },
    ends: ['paid', 'expired'],
  },
  'money after the session was canceled, and a refund that fails at first': {
    arm: [{ on: 'cancel', kind: 'cancel_500' }],
    play: async ({ world, shopper, asked, later }) => {
      const hint = await shopper.agree();
      await asked(() => shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 }));
      await asked(() => shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`));
      // Where nobody ever heard of a launch, the daily comparison finds such money, not due work.
      const { attempts } = await world.payment(shopper.id);
      if (attempts[0]?.launchedAt === undefined) return;
      await chargeElsewhere(world, hint);
      await later(10 * minute);
    },
    ends: ['canceled', 'paid', 'expired'],
  },
  'a deposit into an issued account': {
    play: async ({ world, shopper, asked, later }) => {
      const { paymentKey, orderId } = await shopper.agree({ method: 'virtual_account' });
      await asked(() => shopper.verify({ paymentKey, orderId }));
      const books = world.sandbox.bank.books(orderId);
      if (books.records.at(-1)?.state !== 'awaiting_deposit') return;
      await control(world, 'toss/deposit', { orderId, ...settings });
      await later(61 * minute);
    },
    ends: ['paid', 'expired'],
  },
  'a card payment at PortOne V1': {
    v1: true,
    play: async ({ world, shopper, asked }) => {
      const result = await payInV1(world, shopper);
      await asked(() => shopper.verify(calledBack(result)));
    },
    ends: ['paid', 'expired'],
  },
  'two approvals of one order at PortOne V1, and a refund whose answer is lost': {
    v1: true,
    arm: [{ on: 'cancel', kind: 'cancel_then_drop' }],
    play: async ({ world, shopper, asked, later }) => {
      const first = await payInV1(world, shopper);
      await payTwiceInV1(world, shopper);
      await asked(() => shopper.verify(calledBack(first)));
      await later(10 * minute);
    },
    ends: ['paid', 'expired'],
  },
  'a deposit into an account of PortOne V1': {
    v1: true,
    play: async ({ world, shopper, asked, later }) => {
      const issued = await payInV1(world, shopper, { method: 'virtual_account' });
      await asked(() => shopper.verify(calledBack(issued)));
      await control(world, 'portone-v1/deposit', { imp_uid: issued.imp_uid });
      await later(61 * minute);
    },
    ends: ['paid', 'expired'],
  },
  'a card payment approved by us at PortOne': { approval: 'manual', play: payByToken, ends: ['paid', 'expired'] },
  'an approval by us whose answer is lost': {
    approval: 'manual',
    arm: [{ on: 'confirm', kind: 'charge_then_drop' }],
    play: payByToken,
    ends: ['paid', 'expired'],
  },
  'an approval by us that never arrives': {
    approval: 'manual',
    arm: [{ on: 'confirm', kind: 'drop' }],
    play: payByToken,
    ends: ['paid', 'expired'],
  },
  'an account issued at our word, and its deposit': {
    approval: 'manual',
    play: async ({ world, shopper, asked, later }) => {
      const agreed = await payInV2(world, shopper, 'manual', { method: 'virtual_account' });
      await asked(() => shopper.verify(promised(agreed)));
      const books = world.sandbox.bank.books(agreed.paymentId);
      if (books.records.at(-1)?.state !== 'awaiting_deposit') return;
      await control(world, 'portone-v2/deposit', { storeId: v2Store.storeId, paymentId: agreed.paymentId });
      await later(61 * minute);
    },
    ends: ['paid', 'expired'],
  },
};

/** Long enough for every schedule to end. */
const rest = [25 * second, 35 * second, 2 * minute, 8 * minute, 31 * minute, hour, 25 * hour, 8 * day, 2 * day];

let runs = 0;

async function run(
  store: Store,
  { arm = [], approval, v1, play }: (typeof scenarios)[string],
  stop: Stop | undefined,
  shopperReturns: boolean,
): Promise<{ counter: Counter; status: string; wrong: string[] }> {
  // Each run has a time of its own: the guard on mismatch refunds counts by channel and hour.
  const clock = testClock(Date.UTC(2026, 0, 1) + ++runs * 60 * day);
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const channels = [
    ...(approval ? [await v2Channel(sandboxUrl, approval)] : []),
    ...(v1 ? [await v1Channel(sandboxUrl)] : []),
  ];
  // The comparison with the provider would mend what this is about; its own stops have their own test.
  const base = {
    clock,
    sandbox,
    sandboxUrl,
    store,
    oversight: false,
    ...(channels.length > 0 && { blog: { channels } }),
  };
  const counter = stopAt(stop);
  const worlds = [await createWorld({ ...base, wrapStore: counter.wrapStore, wrapProviders: counter.wrapProviders })];
  const takeOver = async () => {
    if (counter.stopped && worlds.length === 1) worlds.push(await createWorld(base));
  };
  try {
    for (const fault of arm) await control({ sandboxUrl }, 'faults', fault);
    const idempotencyKey = `key-${stop?.at}-${stop?.side}-${shopperReturns}-${Math.random()}`.padEnd(40, '0');
    const call = { ...createCall, headers: { 'idempotency-key': idempotencyKey.replaceAll('.', '_') } };
    const places = {
      sandboxUrl,
      get url() {
        return (worlds.at(-1) as World).url;
      },
    };
    let made = await api(places.url, 'POST', '/payments/sessions', call);
    if (made.status >= 500) {
      await takeOver();
      made = await api(places.url, 'POST', '/payments/sessions', call);
    }
    expect([200, 201]).toContain(made.status);
    const shopper = shopperOf(places, made.body);
    const world = { ...(worlds[0] as World), sandboxUrl, sandbox };
    const later = async (ms: number) => {
      clock.advance(ms);
      await takeOver();
      await (worlds.at(-1) as World).runDry();
      await takeOver();
    };
    await play({
      world,
      shopper,
      later,
      async asked(request) {
        for (let n = 0; n < 12; n++) {
          const { status } = await request();
          if (status < 500 && status !== 202) return;
          await takeOver();
          if (status >= 500 && !shopperReturns) return;
          clock.advance(3 * second);
        }
      },
    });
    for (const ms of rest) await later(ms);
    const all = (await allPayments(worlds[0] as World)).filter((payment) => payment.id === shopper.id);
    const wrong = [...disagreements(all, sandbox.bank.books()), ...(await mistold(worlds[0] as World, all))];
    if (wrong.length > 0)
      wrong.push(
        JSON.stringify(all[0]?.transitions.map((t) => `${t.what} ${t.from}→${t.to} (${t.trigger} ${t.note ?? ''})`)),
      );
    return { counter, status: all[0]?.status ?? 'missing', wrong };
  } finally {
    for (const world of worlds) await world.close();
    await close();
  }
}

const engines: Record<string, () => Promise<Store>> = {
  embedded: () => openStore({ file: ':memory:', definitions }),
};
if ((await mongoUri()) !== undefined) {
  engines.mongo = async () => openStore({ mongodbUri: await freshDatabase('stops'), file: '', definitions });
}

describe.skipIf((await mongoUri()) === undefined)('mongo', () => {
  test('is among the engines', () => expect(Object.keys(engines)).toContain('mongo'));
});

describe.each(Object.entries(engines))('a stop at every write and call – %s', (_engine, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  test.each(Object.entries(scenarios))('%s: the books agree', { timeout: 180_000 }, async (_name, scenario) => {
    const whole = await run(store, scenario, undefined, true);
    expect(whole.wrong).toEqual([]);
    expect(whole.counter.steps.length).toBeGreaterThan(3);
    for (let at = 1; at <= whole.counter.steps.length; at++) {
      for (const side of ['before', 'after'] as const) {
        for (const shopperReturns of [true, false]) {
          const { wrong, status, counter } = await run(store, scenario, { at, side }, shopperReturns);
          const where = `${side} step ${at} (${counter.steps[at - 1]}), shopper ${shopperReturns ? 'returns' : 'gone'}`;
          expect(wrong, where).toEqual([]);
          // Whoever comes back gets what was promised; without them an order may also end unpaid.
          expect(shopperReturns ? scenario.ends.slice(0, 1) : scenario.ends, where).toContain(status);
        }
      }
    }
  });
});
