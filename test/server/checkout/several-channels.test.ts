import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenedSession, PaymentView } from '../../../contract/index.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { minute, second } from '../../../server/ops/clock.js';
import type { Logger } from '../../../server/ops/logging.js';
import type { Channel, LaunchOutcome, Provider } from '../../../server/providers/provider.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { control, createCall } from '../../support/shopper.js';
import { stopAt } from '../../support/stops.js';
import { api, blog, channel, createWorld, testClock, type World, type WorldOptions } from '../../support/world.js';
import { storeOf, v2Channel } from '../webhooks/place.js';
import { checkAnswers } from './answers.js';

/** A merchant with PortOne first and Toss second: both have cards, one alone has KakaoPay. */

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

const noReply: LaunchOutcome = { outcome: 'unknown', why: 'no_reply', detail: 'timeout' };
const wrongKey: LaunchOutcome = { outcome: 'misconfigured', code: 'UNAUTHORIZED' };

interface Shop {
  readonly world: World;
  /** What a channel answers to a launch instead of the provider, by its id. */
  readonly broken: Map<string, LaunchOutcome>;
  /** What happens while a launch is on its way. */
  during?: () => Promise<unknown>;
  /** Ids of the channels that launches were asked of, in order. */
  readonly asked: string[];
  readonly log: { level: string; event: string; channel?: string; url?: string }[];
  /** Whether PortOne's script is served. */
  script: { url: string; status: number; asked: number };
  open(method?: string, world?: World): Promise<Opened>;
  prepare(session: OpenedSession, body?: object, world?: World): Promise<Opened>;
  anotherServer(options?: WorldOptions): Promise<World>;
  /** The shopper pays in the window that was handed out last. */
  pay(session: OpenedSession): Promise<void>;
  view(session: OpenedSession): Promise<PaymentView>;
  agree(): Promise<void>;
}
type Opened = { status: number; body: OpenedSession & { code?: string; detail?: string } };

async function shopOf(options: { v2?: Partial<Channel>; tossFirst?: boolean } = {}): Promise<Shop> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  toClose.push(close);
  const script = { url: '', status: 200, asked: 0 };
  const scripts = createServer((_req, res) => {
    script.asked += 1;
    res.writeHead(script.status, { 'content-type': 'text/javascript' }).end();
  });
  await new Promise<void>((ready) => scripts.listen(0, '127.0.0.1', ready));
  toClose.push(() => scripts.close());
  script.url = `http://127.0.0.1:${(scripts.address() as AddressInfo).port}/sdk.js`;
  await control({ sandboxUrl }, 'portone-v2/stores', {
    ...storeOf('blog'),
    channels: [{ key: 'channel-key-blog', type: 'TEST', approval: 'automatic' }],
  });
  const broken: Shop['broken'] = new Map();
  const asked: string[] = [];
  const log: Shop['log'] = [];
  const hear =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void log.push({ level, event, ...fields });
  const logger = Object.fromEntries(['debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, hear(level)]));
  const first = { methods: ['card', 'kakaopay'], script: script.url, ...options.v2 } as object;
  const channels = [
    v2Channel(sandboxUrl, 'blog', first),
    channel(`${sandboxUrl}/toss`, { methods: ['card', 'transfer'] }),
  ];
  const base: WorldOptions = {
    clock,
    sandbox,
    sandboxUrl,
    log: logger as unknown as Logger,
    oversight: false,
    blog: { channels: options.tossFirst ? channels.reverse() : channels },
    wrapProviders: (all) =>
      new Map([...all].map(([name, real]) => [name, { ...real, launch: launching(real) } as Provider])),
  };
  const launching =
    (real: Provider): Provider['launch'] =>
    async (at, order) => {
      asked.push(at.id);
      await shop.during?.();
      return broken.get(at.id) ?? real.launch(at, order);
    };
  const world = await createWorld(base);
  toClose.push(() => world.close());
  toClose.push(await checkAnswers(world));
  const shop: Shop = {
    world,
    broken,
    asked,
    log,
    script,
    open: (method = 'card', at = world) =>
      api<OpenedSession>(at.url, 'POST', '/payments/sessions', {
        ...createCall,
        body: { ...(createCall.body as object), prepare: { method } },
      }) as Promise<Opened>,
    prepare: (session, body = {}, at = world) =>
      api<OpenedSession>(at.url, 'POST', `/payments/sessions/${session.id}/prepare`, {
        token: blog.secretKey,
        body: { method: 'card', ...body },
      }) as Promise<Opened>,
    async anotherServer(more = {}) {
      const other = await createWorld({ ...base, store: world.store, ...more });
      toClose.push(() => other.close());
      return other;
    },
    async pay({ id, launch, attempt, amount }) {
      if (launch?.provider === 'portone-v2') await control(world, 'portone-v2/pay', launch.request as object);
      const orderId = attempt?.orderId as string;
      const agreed =
        launch?.provider === 'toss' &&
        (await control(world, 'toss/pay', { clientKey: 'test_ck_blog', orderId, amount, method: 'card' }));
      const hint = agreed ? { orderId, paymentKey: agreed.paymentKey } : {};
      const verified = await api<OpenedSession>(world.url, 'POST', '/payments/verify', {
        token: blog.secretKey,
        body: { session: id, ...hint },
      });
      expect(verified.body.status).toBe('paid');
    },
    view: async ({ payment }) =>
      (await api<PaymentView>(world.url, 'GET', `/payments/${payment}`, { token: blog.secretKey })).body,
    async agree() {
      for (const ms of [0, 2 * second, 71 * minute, 25 * 60 * minute]) {
        clock.advance(ms);
        await world.runDry();
      }
      const all = await allPayments(world);
      expect([...disagreements(all, sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
    },
  };
  return shop;
}

const providerOf = ({ body }: Opened) => body.launch?.provider;
const attemptsOf = async (shop: Shop, session: OpenedSession) =>
  (await shop.view(session)).attempts.map(({ provider, state, superseded }) => [provider, state, superseded ?? false]);
const launchedAt = (shop: Shop, { id, clientSecret, attempt }: OpenedSession) =>
  api(shop.world.url, 'POST', `/payments/sessions/${id}/launched`, {
    token: clientSecret as string,
    body: { attempt: attempt?.no },
  });
/** Enough failures for the channel to be passed over. */
async function breakDown(shop: Shop, id = 'portone-blog', how = noReply) {
  shop.broken.set(id, how);
  for (let n = 0; n < 3; n += 1) await shop.open();
}

describe('a merchant with several channels', () => {
  test('offers their methods together, and the first that has a method opens', async () => {
    const shop = await shopOf();
    const card = await shop.open('card');
    expect(card.body.methods).toEqual(['card', 'kakaopay', 'transfer']);
    expect(providerOf(card)).toBe('portone-v2');
    expect(providerOf(await shop.open('kakaopay'))).toBe('portone-v2');
    expect(providerOf(await shop.open('transfer'))).toBe('toss');
    const path = `/catalog/coffee?merchant=${blog.publishableKey}`;
    const { body } = await api<{ methods: string[]; choosesInside?: true }>(shop.world.url, 'GET', path);
    expect(body.methods).toEqual(['card', 'kakaopay', 'transfer']);
    expect(body).not.toHaveProperty('choosesInside');
  });

  test('says in the catalogue when the shopper chooses in the provider’s own widget', async () => {
    const world = await createWorld({ channel: { product: 'widget', clientKey: 'test_gck_blog' } });
    toClose.push(() => world.close());
    const { body } = await api(world.url, 'GET', `/catalog/coffee?merchant=${blog.publishableKey}`);
    expect(body).toMatchObject({ choosesInside: true });
  });
});

describe('a channel that gives nothing to open', () => {
  test.each([
    ['no answer', noReply, 'no_reply'],
    ['our keys refused', wrongKey, 'UNAUTHORIZED'],
  ])('%s: the next one is tried in the same request, and paid', async (_what, how, note) => {
    const shop = await shopOf();
    shop.broken.set('portone-blog', how);
    const opened = await shop.open();
    expect([opened.status, providerOf(opened)]).toEqual([201, 'toss']);
    expect(await attemptsOf(shop, opened.body)).toEqual([
      ['portone-v2', 'prepared', true],
      ['toss', 'prepared', false],
    ]);
    expect((await shop.view(opened.body)).timeline).toContainEqual(
      expect.objectContaining({ what: 'attempt 1', to: 'nothing to open', note }),
    );
    await shop.pay(opened.body);
    expect(await shop.view(opened.body)).toMatchObject({ status: 'paid', provider: 'toss' });
    await shop.agree();
  });

  test('of this payment is tried last from then on: attempts are not used up', async () => {
    const shop = await shopOf();
    shop.broken.set('portone-blog', noReply);
    const { body } = await shop.open();
    for (let n = 0; n < 5; n += 1) expect(providerOf(await shop.prepare(body))).toBe('toss');
    expect(await attemptsOf(shop, body)).toHaveLength(2);
    expect(shop.asked.filter((id) => id === 'portone-blog')).toHaveLength(1);
  });

  test('is an error where no other has the method, and where no other works either', async () => {
    const shop = await shopOf();
    shop.broken.set('portone-blog', noReply);
    expect(await shop.open('kakaopay')).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    shop.broken.set('toss', wrongKey);
    // What may pass by itself is said first: the page asks again.
    expect(await shop.open('card')).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    shop.broken.set('portone-blog', wrongKey);
    expect(await shop.open('card')).toMatchObject({ status: 502, body: { code: 'provider_misconfigured' } });
  });

  test('three times in a row: others pass it over without asking it, with one alarm', async () => {
    const shop = await shopOf();
    await breakDown(shop);
    expect(shop.asked.filter((id) => id === 'portone-blog')).toHaveLength(3);
    const opened = await shop.open();
    expect(providerOf(opened)).toBe('toss');
    expect(await attemptsOf(shop, opened.body)).toEqual([['toss', 'prepared', false]]);
    expect(shop.asked.filter((id) => id === 'portone-blog')).toHaveLength(3);
    expect(shop.log.filter(({ event }) => event === 'channel_passed_over')).toEqual([
      expect.objectContaining({ level: 'error', merchant: 'blog', channel: 'portone-blog', count: 3 }),
    ]);
    await shop.agree();
  });

  test('a success in between, or ten minutes: the row begins anew', async () => {
    const shop = await shopOf();
    const fail = async (times: number) => {
      shop.broken.set('portone-blog', noReply);
      for (let n = 0; n < times; n += 1) await shop.open();
      shop.broken.delete('portone-blog');
    };
    await fail(2);
    expect(providerOf(await shop.open())).toBe('portone-v2');
    await fail(2);
    expect(providerOf(await shop.open())).toBe('portone-v2');
    await fail(2);
    shop.world.clock.advance(10 * minute);
    await fail(1);
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect(shop.log.filter(({ event }) => event === 'channel_passed_over')).toEqual([]);
  });

  test('after a minute one attempt finds out, and the others wait for what it found', async () => {
    const shop = await shopOf();
    await breakDown(shop);
    const times = () => shop.asked.filter((id) => id === 'portone-blog').length;
    shop.world.clock.advance(minute - 1);
    await shop.open();
    expect(times()).toBe(3);
    shop.world.clock.advance(1);
    await Promise.all(
      [shop.open(), shop.open(), shop.open()].map(async (one) => expect(providerOf(await one)).toBe('toss')),
    );
    expect(times()).toBeGreaterThanOrEqual(4);
    const found = times();
    await shop.open();
    expect(times()).toBe(found);
    shop.world.clock.advance(minute);
    shop.broken.clear();
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect(shop.log.filter(({ event }) => event.startsWith('channel_')).map(({ event }) => event)).toEqual([
      'channel_passed_over',
      'channel_back',
    ]);
  });

  test('is used after all where no other has the method', async () => {
    const shop = await shopOf();
    await breakDown(shop);
    shop.broken.clear();
    expect(providerOf(await shop.open('kakaopay'))).toBe('portone-v2');
    // It was asked, and it worked.
    expect(providerOf(await shop.open('card'))).toBe('portone-v2');
  });

  test('a provider that declines an order answered: nothing is tried elsewhere, nothing counted', async () => {
    const shop = await shopOf();
    shop.broken.set('portone-blog', { outcome: 'declined', code: 'AMOUNT', retryable: false });
    for (let n = 0; n < 4; n += 1) expect(await shop.open()).toMatchObject({ body: { code: 'method_not_available' } });
    expect(shop.asked).not.toContain('toss');
  });

  test('another server finds out by itself', async () => {
    const shop = await shopOf();
    const other = await shop.anotherServer();
    await breakDown(shop);
    shop.broken.clear();
    expect(providerOf(await shop.open('card', other))).toBe('portone-v2');
    expect(providerOf(await shop.open('card'))).toBe('toss');
  });
});

describe('while an attempt is unresolved', () => {
  test('a window that was paid in, and nobody said that it was opened, is found before another is handed out', async () => {
    const shop = await shopOf();
    const { body } = await shop.open();
    await control(shop.world, 'portone-v2/pay', body.launch?.request as object);
    shop.broken.set('portone-blog', noReply);
    expect(await shop.prepare(body)).toMatchObject({ status: 409, body: { code: 'payment_already_paid' } });
    expect((await attemptsOf(shop, body)).map(([provider, state]) => [provider, state])).toEqual([
      ['portone-v2', 'paid'],
    ]);
    await shop.agree();
  });

  test('a window that was only handed out is no reason to wait for its provider', async () => {
    const shop = await shopOf();
    const { body } = await shop.open();
    shop.broken.set('portone-blog', noReply);
    await control(shop.world, 'faults', { on: 'lookup', kind: 'drop', times: 100, provider: 'portone-v2' });
    const again = await shop.prepare(body);
    expect([again.status, providerOf(again)]).toEqual([200, 'toss']);
    shop.world.sandbox.faults.clear();
    await shop.pay(again.body);
    await shop.agree();
  });

  test('its channel is kept, whatever fails: no second provider’s window', async () => {
    const shop = await shopOf();
    const { body } = await shop.open();
    await launchedAt(shop, body);
    await breakDown(shop);
    // Others go elsewhere; this one is told to wait.
    expect(providerOf(await shop.open())).toBe('toss');
    expect(await shop.prepare(body)).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect((await attemptsOf(shop, body)).map(([provider]) => provider)).toEqual(['portone-v2', 'portone-v2']);
    shop.broken.clear();
    const again = await shop.prepare(body);
    expect([again.status, providerOf(again)]).toEqual([200, 'portone-v2']);
    await shop.pay(again.body);
    await shop.agree();
  });

  test('a channel that is well again does not take over from the one that has it', async () => {
    const shop = await shopOf();
    shop.broken.set('portone-blog', noReply);
    const { body } = await shop.open();
    expect(body.launch?.provider).toBe('toss');
    await launchedAt(shop, body);
    shop.broken.clear();
    const again = await shop.prepare(body);
    expect([providerOf(again), again.body.attempt?.no]).toEqual(['toss', 3]);
    await shop.pay(again.body);
    await shop.agree();
  });

  test('another method goes to the first channel that has it, failing or not', async () => {
    const shop = await shopOf();
    const { body } = await shop.open('transfer');
    await launchedAt(shop, body);
    await breakDown(shop);
    expect(await shop.prepare(body, { method: 'card' })).toMatchObject({ status: 503 });
    expect((await attemptsOf(shop, body)).map(([provider]) => provider)).toEqual(['toss', 'portone-v2']);
  });

  test('confirms that go wrong count for nothing', async () => {
    const shop = await shopOf({ tossFirst: true });
    for (let n = 0; n < 4; n += 1) {
      const { body } = await shop.open();
      expect(body.launch?.provider).toBe('toss');
      const orderId = body.attempt?.orderId as string;
      const agreed = { clientKey: 'test_ck_blog', orderId, amount: body.amount, method: 'card' };
      const { paymentKey } = await control(shop.world, 'toss/pay', agreed);
      await control(shop.world, 'faults', { on: 'confirm', kind: 'error_500_without_charge' });
      const verified = await api(shop.world.url, 'POST', '/payments/verify', {
        token: blog.secretKey,
        body: { session: body.id, orderId, paymentKey },
      });
      expect(verified.status).toBe(202);
    }
    expect(providerOf(await shop.open())).toBe('toss');
    expect(shop.log.filter(({ event }) => event === 'channel_passed_over')).toEqual([]);
    await shop.agree();
  });
});

describe('a script that a page can’t load', () => {
  const unavailable = { unavailable: { attempt: 1, code: 'script_blocked' } };

  test('is replaced for this session, on every server, and seen in the timeline', async () => {
    const shop = await shopOf();
    const other = await shop.anotherServer();
    const { body } = await shop.open();
    const moved = await shop.prepare(body, unavailable);
    expect([moved.status, providerOf(moved), moved.body.attempt?.no]).toEqual([200, 'toss', 2]);
    expect(providerOf(await shop.prepare(body))).toBe('toss');
    expect(providerOf(await shop.prepare(body, {}, other))).toBe('toss');
    // Where only that channel has the method, it is used after all.
    expect(providerOf(await shop.prepare(body, { method: 'kakaopay' }))).toBe('portone-v2');
    expect((await shop.view(body)).timeline).toContainEqual(
      expect.objectContaining({ what: 'attempt 1', to: 'script not loaded', note: 'script_blocked' }),
    );
    await shop.pay((await shop.prepare(body)).body);
    await shop.agree();
  });

  test('is nobody else’s business while we can load it: many who lie switch nothing off', async () => {
    const shop = await shopOf();
    for (let n = 0; n < 20; n += 1) {
      const { body } = await shop.open();
      expect(providerOf(await shop.prepare(body, unavailable))).toBe('toss');
      expect(providerOf(await shop.prepare(body, { unavailable: { attempt: 1, code: 'script_timeout' } }))).toBe(
        'toss',
      );
    }
    await shop.world.app.idle();
    expect(shop.script.asked).toBe(1);
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect(shop.log.filter(({ event }) => event === 'script_passed_over')).toEqual([]);
    expect((await shop.world.payment((await shop.open()).body.payment)).observations).toEqual([]);
  });

  test('and we can’t either: after three sessions all pass it over, with one alarm, until it is served again', async () => {
    const shop = await shopOf();
    shop.script.status = 503;
    const report = async () => {
      await shop.prepare((await shop.open()).body, unavailable);
      await shop.world.app.idle();
    };
    await report();
    await report();
    expect(providerOf(await shop.open())).toBe('portone-v2');
    await report();
    expect(providerOf(await shop.open())).toBe('toss');
    expect(shop.log.filter(({ event }) => event === 'script_passed_over')).toMatchObject([
      { level: 'error', url: shop.script.url, count: 3 },
    ]);
    // Looked at again after the pause, by whoever comes then.
    shop.world.clock.advance(minute);
    expect(providerOf(await shop.open())).toBe('toss');
    await shop.world.app.idle();
    shop.world.clock.advance(minute);
    shop.script.status = 200;
    expect(providerOf(await shop.open())).toBe('toss');
    await shop.world.app.idle();
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect(shop.log.filter(({ event }) => event === 'script_back')).toHaveLength(1);
  });

  test('of one session again and again is one report', async () => {
    const shop = await shopOf();
    shop.script.status = 404;
    const { body } = await shop.open();
    for (let n = 0; n < 5; n += 1) await shop.prepare(body, unavailable);
    await shop.world.app.idle();
    expect(providerOf(await shop.open())).toBe('portone-v2');
    expect((await shop.world.payment(body.payment)).observations).toHaveLength(1);
  });

  test('a server that never got an answer from there believes nobody; one that did believes what it sees', async () => {
    const shop = await shopOf({ v2: { script: 'http://127.0.0.1:9/sdk.js' } });
    for (let n = 0; n < 4; n += 1) await shop.prepare((await shop.open()).body, unavailable);
    await shop.world.app.idle();
    expect(providerOf(await shop.open())).toBe('portone-v2');
  });

  test('of a window that was opened is no news: its attempt is unresolved', async () => {
    const shop = await shopOf();
    const { body } = await shop.open();
    await launchedAt(shop, body);
    expect(providerOf(await shop.prepare(body, unavailable))).toBe('portone-v2');
    expect((await shop.world.payment(body.payment)).observations).toEqual([]);
    expect(shop.script.asked).toBe(0);
  });

  test.each([
    [{ attempt: 9, code: 'script_blocked' }, 400],
    [{ attempt: 0, code: 'script_blocked' }, 400],
    [{ attempt: 1, code: 'CARD_DECLINED' }, 400],
    [{ attempt: 1, code: 'script_blocked', channel: 'toss' }, 400],
    [{ attempt: '1', code: 'script_blocked' }, 400],
    ['portone', 400],
  ])('said as %j is refused', async (wrong, status) => {
    const shop = await shopOf();
    const { body } = await shop.open();
    expect(await shop.prepare(body, { unavailable: wrong })).toMatchObject({
      status,
      body: { code: 'invalid_request' },
    });
    expect(await attemptsOf(shop, body)).toHaveLength(1);
  });
});

describe('at the same time, and after a crash', () => {
  test.each(['one server', 'two servers'])('prepares at once on %s end with one attempt to pay', async (servers) => {
    const shop = await shopOf();
    const other = servers === 'two servers' ? await shop.anotherServer() : shop.world;
    const { body } = await shop.open('kakaopay');
    shop.broken.set('portone-blog', noReply);
    const answers = await Promise.all(
      [shop.world, other, shop.world, other].map((world) => shop.prepare(body, {}, world)),
    );
    expect(answers.map(providerOf)).toEqual(['toss', 'toss', 'toss', 'toss']);
    const last = (await shop.view(body)).attempts.at(-1);
    expect(last?.superseded).toBeUndefined();
    const current = await shop.prepare(body);
    expect(current.body.attempt?.no).toBe(last?.no);
    await shop.pay(current.body);
    await shop.agree();
  });

  test('opened elsewhere while the first channel is being asked: it stays at its channel', async () => {
    const shop = await shopOf();
    const { body } = await shop.open();
    shop.broken.set('portone-blog', noReply);
    // Another tab opens the window that it was given.
    shop.during = async () => {
      delete shop.during;
      await launchedAt(shop, body);
    };
    expect(await shop.prepare(body)).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
    expect(await attemptsOf(shop, body)).toEqual([['portone-v2', 'launched', false]]);
    shop.broken.clear();
    await shop.pay((await shop.prepare(body)).body);
    await shop.agree();
  });

  test('stopped at any write: the repeat opens, and the books agree', { timeout: 120_000 }, async () => {
    let stops = 0;
    for (let at = 1; at <= 4; at += 1) {
      for (const side of ['before', 'after'] as const) {
        const shop = await shopOf();
        const stop = stopAt({ at, side });
        shop.broken.set('portone-blog', noReply);
        const dying = await shop.anotherServer({ wrapStore: stop.wrapStore });
        await shop.open('card', dying);
        const key = { 'idempotency-key': `a-key-of-a-page-0123456789-${at}` };
        const create = (url: string) =>
          api<OpenedSession>(url, 'POST', '/payments/sessions', { ...createCall, headers: key });
        await create(dying.url);
        stops += Number(stop.stopped);
        const { body } = await create(shop.world.url);
        const opened = body.launch ? { body } : await shop.prepare(body);
        expect(opened.body.launch?.provider).toBe('toss');
        await shop.pay(opened.body);
        await shop.agree();
      }
    }
    expect(stops).toBeGreaterThanOrEqual(6);
  });
});
