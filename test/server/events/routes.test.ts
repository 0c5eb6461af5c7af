import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventDetail, EventPage } from '../../../contract/index.js';
import { keepEventsMs } from '../../../server/events/feed.js';
import { openapi } from '../../../server/http/openapi.js';
import { problemIn, publishableKey, type Running, secretKey, start } from '../http/fixture.js';
import { openRoom, type Room } from './room.js';
import { happened } from './support.js';

let room: Room;
let server: Running;
beforeEach(async () => {
  room = await openRoom();
  server = await start({ routes: room.routes });
});
afterEach(async () => {
  await server.stop();
  await room.close();
});

const publish = (key: string, merchant = 'coffee') => room.feed.publish(happened(key, { merchant }));
const get = (path: string, bearer = secretKey) => server.call(`/api/v1${path}`, { bearer });
const page = async (query = ''): Promise<EventPage> => {
  const reply = await get(`/events${query}`);
  expect(reply.status).toBe(200);
  return (await reply.json()) as EventPage;
};
const problem = async (path: string, bearer?: string) => (await problemIn(await get(path, bearer))).code;

describe('GET /events', () => {
  test('gives the merchant’s own events, oldest first, page by page, and a cursor even at the end', async () => {
    for (let n = 1; n <= 5; n++) await publish(`p:${n}`);
    await publish('q:1', 'books');
    const keys: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 4; pages++) {
      const { data, next } = await page(`?limit=2${cursor}`);
      keys.push(...data.map(({ key }) => key));
      cursor = `&after=${next}`;
    }
    expect(keys).toEqual(['p:1', 'p:2', 'p:3', 'p:4', 'p:5']);
    await publish('p:6');
    expect((await page(`?limit=2${cursor}`)).data.map(({ key }) => key)).toEqual(['p:6']);
  });

  test('shows no reactions and nothing of the store', async () => {
    await publish('p:1');
    expect((await page()).data).toEqual([
      {
        id: 'evt_coffee_000000000001',
        key: 'p:1',
        type: 'payment.paid',
        createdAt: '2026-03-02T03:00:00.000Z',
        about: { payment: 'p' },
        data: { amount: 4_500 },
      },
    ]);
  });

  test('waits for the next event if it is asked to', async () => {
    const { next } = await page();
    const waiting = page(`?after=${next}&wait=20`);
    // The request has to be there first; if it is not, it finds the event at once, which is as right.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await publish('p:1');
    expect((await waiting).data.map(({ key }) => key)).toEqual(['p:1']);
  });

  test('hears of what another server publishes', async () => {
    const { next } = await page();
    const elsewhere = await openRoom({ store: room.store, clock: room.clock });
    const waiting = page(`?after=${next}&wait=20`);
    await elsewhere.feed.publish(happened('p:1', { merchant: 'coffee' }));
    expect((await waiting).data.map(({ key }) => key)).toEqual(['p:1']);
    await elsewhere.stop();
  });

  test('answers with an empty page when the wait is over, or the server shuts down', async () => {
    const { next } = await page();
    expect(await page(`?after=${next}&wait=1`)).toEqual({ data: [], next });
    const waiting = page(`?after=${next}&wait=25`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.stop();
    expect(await waiting).toEqual({ data: [], next });
  });

  test('refuses a bad cursor and another merchant’s with 400, and says what to do with one that is too old', async () => {
    await publish('p:1');
    const { next } = await page('?limit=1');
    expect(await problem('/events?after=nonsense')).toBe('invalid_request');
    expect(await problem('/events?after=')).toBe('invalid_request');
    expect(await problem(`/events?after=${'x'.repeat(501)}`)).toBe('invalid_request');
    expect(await problem(`/events?after=${next}`, 'sk_books_0123456789abcdefghijklmnop')).toBe('invalid_request');
    for (let n = 2; n <= 4; n++) await publish(`p:${n}`);
    room.clock.advance(keepEventsMs);
    await room.runDry();
    const expired = await get(`/events?after=${next}`);
    expect(expired.status).toBe(410);
    expect((await problemIn(expired)).code).toBe('cursor_expired');
    expect((await page()).data.map(({ key }) => key)).toEqual(['p:4']);
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'wait=26', 'wait=-1', 'color=red'])('refuses %s', async (query) => {
    expect(await problem(`/events?${query}`)).toBe('invalid_request');
  });

  test('is for the merchant’s backend only', async () => {
    const reply = await server.call('/api/v1/events', {
      bearer: publishableKey,
      headers: { origin: 'https://coffee.example' },
    });
    expect(reply.status).toBe(403);
    expect((await server.call('/api/v1/events')).status).toBe(401);
  });
});

describe('GET /events/{id}', () => {
  test('has what followed from the event', async () => {
    const mailing = await openRoom({
      store: room.store,
      clock: room.clock,
      reactions: new Map([
        ['mail', { plan: () => ['mail'], react: async () => ({ state: 'failed', attempt: { error: 'no_address' } }) }],
      ]),
    });
    await mailing.feed.publish(happened('p:1', { merchant: 'coffee' }));
    await mailing.runDry();
    const detail = (await (await get('/events/evt_coffee_000000000001')).json()) as EventDetail;
    expect(detail).toMatchObject({
      key: 'p:1',
      reactions: [
        {
          name: 'mail',
          state: 'failed',
          tries: 1,
          attempts: [{ at: '2026-03-02T03:00:00.000Z', error: 'no_address' }],
        },
      ],
    });
    expect(JSON.stringify(detail)).not.toMatch(/lease|rev|owner/);
    await mailing.stop();
  });

  test('knows no other merchant’s event', async () => {
    await publish('q:1', 'books');
    expect(await problem('/events/evt_books_000000000001')).toBe('event_not_found');
    expect(await problem('/events/evt_coffee_000000000009')).toBe('event_not_found');
    expect(await problem('/events/..%2fpayments')).toBe('invalid_request');
  });
});

test('an endpoint that is not configured can not be enabled', async () => {
  const reply = await server.call('/api/v1/webhook-endpoints/main/enable', { method: 'POST', bearer: secretKey });
  expect((await problemIn(reply)).code).toBe('endpoint_not_found');
  expect(await (await get('/webhook-endpoints')).json()).toEqual({ data: [] });
});

test('the API description has the routes', () => {
  const { paths } = openapi(room.routes, { publicUrl: 'https://pay.example' });
  expect(Object.keys(paths ?? {})).toEqual([
    '/api/v1/events',
    '/api/v1/events/{id}',
    '/api/v1/webhook-endpoints',
    '/api/v1/webhook-endpoints/{id}/enable',
  ]);
});
