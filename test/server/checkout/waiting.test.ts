import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../../server/store/store.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { openSession, type Shopper, shopperOf } from '../../support/shopper.js';
import { createWorld, type World, type WorldOptions } from '../../support/world.js';
import { refused, useWorld } from './harness.js';

/** Tells when a server reads a payment: a request that waits has begun by then. */
let onRead = () => {};
const wrapStore = (store: Store): Store => ({
  ...store,
  engine: store.engine,
  ping: () => store.ping(),
  close: () => store.close(),
  collection: (definition) => {
    const real = store.collection(definition);
    return {
      ...real,
      get: async (id) => {
        const doc = await real.get(id);
        if (definition.name === 'payments') onRead();
        return doc;
      },
    };
  },
});

const wait = (shopper: Shopper, after: number, seconds = 15) =>
  shopper.call('GET', `/payments/sessions/${shopper.session.id}?after=${after}&wait=${seconds}`);

/** A request that waits, once it is known to have been heard. */
async function waiting(shopper: Shopper, after: number) {
  const heard = new Promise<void>((resolve) => {
    onRead = resolve;
  });
  const answer = wait(shopper, after);
  await heard;
  return { answer };
}

const here = useWorld({ wrapStore });

describe('waiting for news of a session', () => {
  test('ends at once where there is news already', async () => {
    const shopper = await here.open();
    const { status, body } = await wait(shopper, shopper.session.rev - 1);
    expect([status, body.rev]).toEqual([200, shopper.session.rev]);
  });

  test('ends with the next write, and shows it', async () => {
    const shopper = await here.open();
    const { answer } = await waiting(shopper, shopper.session.rev);
    const { paymentKey } = await shopper.agree();
    await shopper.call('PATCH', `/payments/sessions/${shopper.session.id}`, { buyer: { name: '김하나' } });
    const { status, body } = await answer;
    expect([status, body.buyer]).toEqual([200, { name: '김하나' }]);
    expect(body.rev).toBeGreaterThan(shopper.session.rev);
    const next = await waiting(shopper, body.rev);
    await shopper.verify({ paymentKey });
    expect((await next.answer).body.rev).toBeGreaterThan(body.rev);
  });

  test('is shared by many', async () => {
    const shopper = await here.open();
    const all = Promise.all(Array.from({ length: 50 }, () => wait(shopper, shopper.session.rev)));
    const { answer } = await waiting(shopper, shopper.session.rev);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
    await answer;
    for (const { body } of await all) expect(body.status).toBe('canceled');
  });

  test('ends without news when its time is up', async () => {
    const shopper = await here.open();
    const answer = await here.unchanged(shopper, () => wait(shopper, shopper.session.rev, 1));
    expect(answer).toMatchObject({ status: 200, body: { rev: shopper.session.rev } });
    // A revision that is not there yet is waited for in the same way.
    expect((await wait(shopper, shopper.session.rev + 100, 0)).body.rev).toBe(shopper.session.rev);
  });

  test('is for whoever may read the session, and shows each what they may see', async () => {
    const shopper = await here.open({ buyer: { name: '김하나' } });
    const path = `/payments/sessions/${shopper.session.id}?after=0&wait=1`;
    expect((await here.backend('GET', path)).body.buyer).toEqual({ name: '김하나' });
    const other = await here.open();
    expect(await other.call('GET', path)).toMatchObject(refused(404, 'session_not_found'));
  });

  test.each(['after=-1', 'after=x', 'after=', 'after=1.5', 'wait=26', 'wait=-1', 'wait=1e1', 'after=1&after=2', 'x=1'])(
    'is not understood as %s',
    async (query) => {
      const shopper = await here.open();
      const answer = await shopper.call('GET', `/payments/sessions/${shopper.session.id}?${query}`);
      expect(answer).toMatchObject(refused(400, 'invalid_request'));
    },
  );
});

describe('a server that stops', () => {
  test('answers whoever waits, and takes nothing new', async () => {
    const world = await createWorld({ wrapStore });
    const shopper = await openSession(world);
    const { answer } = await waiting(shopper, shopper.session.rev);
    world.app.shutdown.begin();
    expect(await answer).toMatchObject({ status: 200, body: { rev: shopper.session.rev } });
    const late = await wait(shopper, shopper.session.rev);
    expect(late).toMatchObject(refused(503, 'shutting_down'));
    expect(late.headers.get('retry-after')).toBe('2');
    await world.close();
  });
});

const uri = await mongoUri();
function twoServers(name: string, options: () => Promise<WorldOptions>, shared: (first: World) => WorldOptions) {
  describe(`two servers on ${name}`, () => {
    let first: World;
    let second: World;
    beforeAll(async () => {
      const own = await options();
      first = await createWorld({ ...own, wrapStore });
      const { clock, sandbox, sandboxUrl } = first;
      second = await createWorld({ ...own, ...shared(first), clock, sandbox, sandboxUrl });
    });
    afterAll(async () => {
      await second.close();
      await first.close();
    });

    test('hear of each other’s writes while they wait', async () => {
      const shopper = await openSession(first);
      const there = shopperOf(second, shopper.session);
      const { answer } = await waiting(shopper, shopper.session.rev);
      await there.call('POST', `/payments/sessions/${shopper.session.id}/cancel`);
      expect((await answer).body.status).toBe('canceled');
    });

    test('charge once when both are asked to verify, and both say so', async () => {
      for (let n = 0; n < 5; n++) {
        const shopper = await openSession(first);
        const there = shopperOf(second, shopper.session);
        const { paymentKey } = await shopper.agree();
        const answers = await Promise.all([shopper, there, shopper, there].map((one) => one.verify({ paymentKey })));
        for (const { status } of answers) expect([200, 202]).toContain(status);
        first.clock.advance(6_000);
        await first.runDry();
        expect((await there.read()).status).toBe('paid');
        expect(first.sandbox.bank.books(shopper.orderId).charges).toHaveLength(1);
      }
    });

    test('keep due work from being done twice', async () => {
      const shopper = await openSession(first);
      first.clock.advance(31 * 60_000);
      await Promise.all([first.runDry(), second.runDry(), first.runDry(), second.runDry()]);
      const { transitions, status } = await second.payment(shopper.id);
      expect(status).toBe('expired');
      expect(transitions.filter(({ what, to }) => what === 'payment' && to === 'expired')).toHaveLength(1);
    });
  });
}

twoServers(
  'one embedded store',
  async () => ({}),
  (first) => ({ store: first.store }),
);
describe.skipIf(uri === undefined)('with mongod', () => {
  let mongodbUri = '';
  twoServers(
    'one replica set',
    async () => {
      mongodbUri ||= await freshDatabase('waiting');
      return { mongodbUri };
    },
    () => ({}),
  );
});
