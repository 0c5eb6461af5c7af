import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { disableAfterMs } from '../../../server/events/webhook/endpoints.js';
import { webhookRetryAfterMs } from '../../../server/events/webhook/webhook.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { merchantOf } from '../http/fixture.js';
import { openReceiver, type Receiver, secretOf } from './receiver.js';
import { endpointAt, keyOne, keyTwo, openRoom, type Room, type RoomOptions } from './room.js';
import { happened } from './support.js';

let shop: Receiver;
let room: Room;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  shop = await openReceiver();
  closing.push(() => shop.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const open = async (options: RoomOptions = {}): Promise<Room> => {
  const opened = await openRoom({ webhooks: [endpointAt(shop.url)], ...options });
  closing.push(() => opened.close());
  return opened;
};
const webhookOf = async (key: string, name = 'webhook:main') =>
  (await room.event(key)).reactions.find((one) => one.name === name);
const status = (code: number, headers: Record<string, string> = {}) => {
  shop.answer = (_request, response) => response.writeHead(code, headers).end();
};
/** The endpoint as the API shows it. */
const view = async () => {
  const route = room.routes.find(({ path }) => path === '/webhook-endpoints');
  const merchant = merchantOf('blog', { webhooks: [endpointAt(shop.url)] });
  const reply = await route!.run({ caller: { kind: 'secret', merchant } } as never);
  return (reply.body as { data: unknown[] }).data[0];
};

describe('the merchant’s webhook', () => {
  test('is the API’s view of the event, signed as Standard Webhooks; 2xx is the end of it', async () => {
    room = await open();
    await room.feed.publish(happened('p:1', { about: { payment: 'p', reference: 'order-7' } }));
    await room.runDry();
    const event = shop.verified(0, secretOf(keyOne));
    expect(event).toEqual({
      id: 'evt_blog_000000000001',
      key: 'p:1',
      type: 'payment.paid',
      createdAt: '2026-03-02T03:00:00.000Z',
      about: { payment: 'p', reference: 'order-7' },
      data: { amount: 4_500 },
    });
    expect(shop.received[0]?.headers['webhook-id']).toBe(event.id);
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', tries: 1, attempts: [{ status: 204 }] });
    room.clock.advance(2 * day);
    await room.runDry();
    expect(shop.received).toHaveLength(1);
  });

  test('is not accepted with another secret, or another body', async () => {
    room = await open();
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(() => shop.verified(0, secretOf(keyTwo))).toThrow();
    const [first] = shop.received;
    shop.received[0] = { ...first!, body: first!.body.replace('4500', '4501') };
    expect(() => shop.verified(0, secretOf(keyOne))).toThrow();
  });

  test('is signed with both secrets while the merchant rotates', async () => {
    room = await open({ webhooks: [endpointAt(shop.url, { secrets: [keyTwo, keyOne] })] });
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(shop.verified(0, secretOf(keyOne)).key).toBe('p:1');
    expect(shop.verified(0, secretOf(keyTwo)).key).toBe('p:1');
  });

  test('is tried ten times within a day while it is answered with 500, each try recorded, then given up', async () => {
    room = await open();
    status(500);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    for (const [index, wait] of webhookRetryAfterMs.entries()) {
      room.clock.advance(wait - 1);
      await room.runDry();
      expect(shop.received).toHaveLength(index + 1);
      room.clock.advance(1);
      await room.runDry();
      expect(shop.received).toHaveLength(index + 2);
    }
    const tried = await webhookOf('p:1');
    expect(tried).toMatchObject({ state: 'given_up', tries: 10 });
    expect(tried?.attempts).toHaveLength(10);
    expect(tried?.attempts.every((one) => one.status === 500 && one.error === 'status')).toBe(true);
    const whole = tried!.attempts.at(-1)!.at - tried!.attempts[0]!.at;
    expect(whole).toBeGreaterThan(20 * hour);
    expect(whole).toBeLessThanOrEqual(day);
    expect(new Set(shop.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    room.clock.advance(30 * day);
    await room.runDry();
    expect(shop.received).toHaveLength(10);
  });

  test('arrives once the endpoint is well again', async () => {
    room = await open();
    status(503);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    status(200);
    room.clock.advance(5 * second);
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', tries: 2 });
    expect([...shop.counted]).toEqual([['p:1', 1]]);
  });

  test('is given up on for now when the endpoint hangs, and nobody else waits for it', async () => {
    const quick = await openReceiver();
    closing.push(() => quick.close());
    const other = merchantOf('other', { webhooks: [endpointAt(quick.url)] });
    room = await open({ others: [other], sender: { timeoutMs: 60_000 } });
    shop.answer = () => undefined;
    for (let n = 0; n < 150; n++) await room.feed.publish(happened(`p:${n}`));
    await room.feed.publish(happened('q:1', { merchant: 'other' }));
    const [reactions] = room.sources;
    // Some rounds of work, none of which waits for what is under way.
    for (let round = 0; quick.received.length === 0; round++) {
      expect(round).toBeLessThan(200);
      for (const id of await reactions!.find(100)) await reactions!.work(id);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(quick.counted.size).toBe(1);
    expect(shop.received.length).toBeLessThanOrEqual(32);
  });

  test('is recorded as timed out when no answer comes', async () => {
    room = await open({ sender: { timeoutMs: 100 } });
    shop.answer = () => undefined;
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'waiting', attempts: [{ error: 'timed_out' }] });
  });

  test('a refused connection is recorded', async () => {
    room = await open();
    await shop.close();
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'waiting', attempts: [{ error: 'connection_failed' }] });
  });

  test('does not follow a redirect, to a metadata address or anywhere', async () => {
    room = await open();
    for (const location of ['http://169.254.169.254/latest/meta-data/', '/elsewhere']) {
      status(307, { location });
      await room.feed.publish(happened(`p:${location}`));
      await room.runDry();
      expect(await webhookOf(`p:${location}`)).toMatchObject({
        state: 'waiting',
        attempts: [{ status: 307, error: 'redirect_not_followed' }],
      });
    }
    expect(shop.received.map(({ path }) => path)).toEqual(['/events', '/events']);
  });

  test('is not sent where its name leads to a metadata address, which is recorded; and is once that is mended', async () => {
    let leadsTo = '169.254.169.254';
    room = await open({
      webhooks: [endpointAt(`http://shop.example:${shop.port}/events`)],
      sender: { timeoutMs: 300, resolve: async () => [{ address: leadsTo, family: 4 }] },
    });
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'waiting', attempts: [{ error: 'target_refused' }] });
    leadsTo = '127.0.0.1';
    room.clock.advance(5 * second);
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', attempts: [{}, { status: 204 }] });
    expect([...shop.counted]).toEqual([['p:1', 1]]);
  });

  test('goes to each of several endpoints on its own schedule', async () => {
    const second_ = await openReceiver();
    closing.push(() => second_.close());
    room = await open({
      webhooks: [endpointAt(shop.url), endpointAt(second_.url, { id: 'books', secrets: [keyTwo] })],
    });
    status(500);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'waiting', tries: 1 });
    expect(await webhookOf('p:1', 'webhook:books')).toMatchObject({ state: 'done', tries: 1 });
    room.clock.advance(5 * second);
    await room.runDry();
    expect(second_.received).toHaveLength(1);
    expect(second_.verified(0, secretOf(keyTwo)).key).toBe('p:1');
  });

  test('an endpoint that was taken out of the configuration is no longer called', async () => {
    room = await open();
    status(500);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    const { store, clock } = room;
    const later = await openRoom({ store, clock });
    clock.advance(minute);
    await later.runDry();
    expect(await webhookOf('p:1')).toMatchObject({
      state: 'given_up',
      attempts: [{ status: 500 }, { error: 'endpoint_not_configured' }],
    });
    await later.stop();
  });

  test('a server that dies in the middle leaves the delivery to another, and the backend counts by key', async () => {
    room = await open({ sender: { timeoutMs: 60_000 } });
    shop.answer = () => undefined;
    await room.feed.publish(happened('p:1'));
    const [reactions] = room.sources;
    for (const id of await reactions!.find(100)) await reactions!.work(id);
    await shop.arrived(1);
    const { store, clock } = room;
    const next = await openRoom({ store, clock, webhooks: [endpointAt(shop.url)] });
    shop.answer = (_request, response) => response.writeHead(200).end();
    await next.runDry();
    expect(shop.counted.size).toBe(0);
    clock.advance(2 * minute);
    await next.runDry();
    expect([...shop.counted]).toEqual([['p:1', 1]]);
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', tries: 1 });
    await next.stop();
    // Whoever was thought dead and comes back writes nothing any more.
    await room.stop();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', tries: 1 });
  });

  test('what is under way at a shutdown counts as not tried, and is done at once by whoever comes next', async () => {
    room = await open({ sender: { timeoutMs: 60_000 } });
    shop.answer = () => undefined;
    await room.feed.publish(happened('p:1'));
    const [reactions] = room.sources;
    for (const id of await reactions!.find(100)) await reactions!.work(id);
    await shop.arrived(1);
    await room.stop();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'waiting', tries: 0, attempts: [] });
    expect(await view()).toMatchObject({ state: 'active' });
    status(200);
    const { store, clock } = room;
    const next = await openRoom({ store, clock, webhooks: [endpointAt(shop.url)] });
    await next.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'done', tries: 1 });
    await next.stop();
  });

  test('two servers at work deliver each event once', async () => {
    // A slow machine must not look like an endpoint that does not answer.
    const sender = { timeoutMs: 60_000 };
    room = await open({ sender });
    const { store, clock } = room;
    const second_ = await openRoom({ store, clock, sender, webhooks: [endpointAt(shop.url)] });
    const keys = Array.from({ length: 60 }, (_, n) => `p:${n}`);
    await Promise.all(keys.map((key, n) => (n % 2 === 0 ? room : second_).feed.publish(happened(key))));
    for (let round = 0; shop.counted.size < keys.length; round++) {
      expect(round).toBeLessThan(20);
      await Promise.all([room.runDry(), second_.runDry()]);
      clock.advance(5 * second);
    }
    await room.runDry();
    expect(shop.received).toHaveLength(keys.length);
    expect([...shop.counted.values()].every((times) => times === 1)).toBe(true);
    await second_.stop();
  });
});

describe('an endpoint', () => {
  const types = async () => (await room.feed.read({ merchant: 'blog', limit: 900 })).events.map(({ type }) => type);

  test('that answers 410 is disabled at once, and the feed says so', async () => {
    room = await open();
    status(410);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect(await webhookOf('p:1')).toMatchObject({ state: 'failed', attempts: [{ status: 410 }] });
    expect(await types()).toEqual(['payment.paid', 'webhook.disabled']);
    expect(await view()).toMatchObject({ state: 'disabled', reason: 'gone' });
    // Nobody tells an endpoint that it is not called.
    const { events } = await room.feed.read({ merchant: 'blog', limit: 10 });
    expect(events[1]).toMatchObject({ reactions: [], data: { endpoint: 'main', url: shop.url, reason: 'gone' } });
    await room.feed.publish(happened('p:2'));
    await room.runDry();
    expect(await webhookOf('p:2')).toMatchObject({ state: 'given_up', attempts: [{ error: 'endpoint_disabled' }] });
    expect(shop.received).toHaveLength(1);
  });

  test('that answers 410 to two deliveries under way, one after the other, is told of once', async () => {
    room = await open({ sender: { timeoutMs: 60_000 } });
    const answers: (() => void)[] = [];
    shop.answer = (_request, response) => void answers.push(() => response.writeHead(410).end());
    await room.feed.publish(happened('p:1'));
    await room.feed.publish(happened('p:2'));
    const [reactions] = room.sources;
    for (const id of await reactions!.find(100)) await reactions!.work(id);
    await shop.arrived(2);
    answers[0]?.();
    await vi.waitFor(async () => expect(await types()).toContain('webhook.disabled'));
    const disabled = await view();
    room.clock.advance(second);
    answers[1]?.();
    await room.idle();
    expect(await types()).toEqual(['payment.paid', 'payment.paid', 'webhook.disabled']);
    expect(await view()).toEqual(disabled);
  });

  /** An event a day, as long as `days`. */
  const fail = async (days: number) => {
    for (let n = 0; n < days; n++) {
      await room.feed.publish(happened(`d:${n}`));
      for (let hours = 0; hours < 24; hours++) {
        await room.runDry();
        room.clock.advance(hour);
      }
    }
  };

  test('that has done nothing but fail for days is disabled once, told once', async () => {
    room = await open();
    status(500);
    await fail(2);
    expect(await view()).toMatchObject({ state: 'failing', failingSince: '2026-03-02T03:00:00.000Z' });
    expect(await types()).not.toContain('webhook.disabled');
    await fail(4);
    expect(await view()).toMatchObject({ state: 'disabled', reason: 'failing' });
    const told = (await types()).filter((type) => type === 'webhook.disabled');
    expect(told).toHaveLength(1);
    const calls = shop.received.length;
    await room.feed.publish(happened('p:late'));
    await room.runDry();
    expect(shop.received).toHaveLength(calls);
  });

  test('that succeeds in between is not disabled', async () => {
    room = await open();
    status(500);
    await fail(2);
    status(200);
    await room.feed.publish(happened('p:well'));
    await room.runDry();
    expect(await view()).toMatchObject({ state: 'active' });
    status(500);
    await fail(2);
    expect(await view()).toMatchObject({ state: 'failing' });
    expect(disableAfterMs).toBeGreaterThan(2 * day);
    expect(await types()).not.toContain('webhook.disabled');
  });

  /** A server disables the endpoint, and dies before it can tell. */
  const disableAndDie = async () => {
    status(410);
    const { store, clock } = room;
    const dying = await openRoom({
      store: {
        ...store,
        collection: (definition) => {
          const real = store.collection(definition);
          if (definition.name !== 'event_claims') return real;
          const insert: typeof real.insert = async (doc) => {
            if (String(doc.id).includes('webhook')) throw new Error('died');
            return real.insert(doc);
          };
          return { ...real, insert };
        },
      },
      clock,
      webhooks: [endpointAt(shop.url)],
    });
    await dying.feed.publish(happened('p:1'));
    await dying.runDry();
    expect(await types()).toEqual(['payment.paid']);
    expect(await view()).toMatchObject({ state: 'disabled' });
    await dying.stop();
  };
  const enable = async () => {
    const route = room.routes.find(({ path }) => path === '/webhook-endpoints/:id/enable');
    const merchant = merchantOf('blog', { webhooks: [endpointAt(shop.url)] });
    await route!.run({ caller: { kind: 'secret', merchant }, params: { id: 'main' } } as never);
    expect(await view()).toMatchObject({ state: 'active' });
  };

  test('that was disabled is told of even if the server died in between', async () => {
    room = await open();
    await disableAndDie();
    await room.runDry();
    expect(await types()).toEqual(['payment.paid', 'webhook.disabled']);
  });

  test('that is enabled again before that was told is told of first', async () => {
    room = await open();
    await disableAndDie();
    await enable();
    await room.runDry();
    expect(await types()).toEqual(['payment.paid', 'webhook.disabled']);
  });

  test('with another URL is another endpoint: what was said of the old one does not count', async () => {
    room = await open();
    status(410);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    status(200);
    const { store, clock } = room;
    const moved = await openRoom({ store, clock, webhooks: [endpointAt(`${shop.url}/new`)] });
    await moved.feed.publish(happened('p:2'));
    await moved.runDry();
    expect([...shop.counted.keys()]).toEqual(['p:2']);
    await moved.stop();
  });

  test('that was enabled again is called from the next event on', async () => {
    room = await open();
    status(410);
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    status(200);
    await enable();
    await room.feed.publish(happened('p:2'));
    await room.runDry();
    expect([...shop.counted.keys()]).toEqual(['p:2']);
  });
});
