import { stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenedSession, Page, PaymentRow } from '../../contract/index.js';
import { demoKeys } from '../../demo/config/keys.js';
import { demoStore } from '../../demo/sandbox/portone-v2/stores.js';
import { control } from '../support/shopper.js';
import { api, type TossSession } from '../support/world.js';
import { demoFolder, removeFolder, type Started, spawnDemo, startDemo } from './demo-process.js';

let directory: string;
let running: Started[] = [];

beforeEach(async () => {
  directory = await demoFolder();
});
afterEach(async () => {
  await Promise.all(running.map((demo) => demo.stop()));
  running = [];
  await removeFolder(directory);
});

const start = async (run: Parameters<typeof startDemo>[1] = {}) => {
  const demo = await startDemo(directory, run);
  running.push(demo);
  return demo;
};

const blog = { token: demoKeys.blog.secret };
const openSession = (demo: Started) =>
  api<TossSession>(demo.server, 'POST', '/payments/sessions', {
    ...blog,
    body: { items: [{ item: 'coffee' }], prepare: { method: 'card' } },
  });
const listed = async (demo: Started) => (await api<Page<PaymentRow>>(demo.server, 'GET', '/payments', blog)).body.data;

describe('npm run demo', () => {
  test('says where everything is, with the keys, once all answer', async () => {
    const demo = await start();
    const answers = await Promise.all(
      [`${demo.shop}/healthz`, `${demo.server}/readyz`, `${demo.sandbox}/healthz`, `${demo.items}/healthz`].map((url) =>
        fetch(url),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { publishable, secret } of Object.values(demoKeys)) {
      expect(demo.output()).toContain(publishable);
      expect(demo.output()).toContain(secret);
    }
  });

  test.each([
    ['PortOne', 'theatre', 'seat', 'portone-v2', 'card'],
    ['Toss', 'blog', 'coffee', 'toss', 'virtual_account'],
  ] as const)('%s tells the server of money that nobody came back from', async (_name, who, item, provider, method) => {
    const demo = await start();
    const { secret: token } = demoKeys[who];
    const { body } = await api<OpenedSession>(demo.server, 'POST', '/payments/sessions', {
      token,
      body: { items: [{ item }], prepare: { method } },
    });
    const orderId = `${body.payment}_1`;
    const sandbox = { sandboxUrl: demo.sandbox };
    if (provider === 'toss') {
      const order = { clientKey: demoKeys.blog.tossClient, orderId, amount: body.amount, method };
      const { paymentKey } = await control(sandbox, 'toss/pay', order);
      await api(demo.server, 'POST', '/payments/verify', { token, body: { session: body.id, paymentKey, orderId } });
      await control(sandbox, 'toss/deposit', { clientKey: demoKeys.blog.tossClient, orderId });
    } else {
      const store = { storeId: demoStore.storeId, channelKey: 'channel-key-demo-card' };
      await control(sandbox, 'portone-v2/pay', {
        ...store,
        paymentId: orderId,
        amount: body.amount,
        currency: 'KRW',
        method,
      });
    }
    const status = async () =>
      (await api<PaymentRow>(demo.server, 'GET', `/payments/${body.payment}`, { token })).body.status;
    await expect.poll(status, { timeout: 15_000 }).toBe('paid');
    const undelivered = async () => {
      const { deliveries } = await (await fetch(`${demo.sandbox}/control/webhooks?orderId=${orderId}`)).json();
      expect(deliveries.length).toBeGreaterThan(1);
      return deliveries.filter(({ state }: { state: string }) => state !== 'delivered');
    };
    await expect.poll(undelivered, { timeout: 15_000 }).toEqual([]);
  });

  test('keeps its secrets to this user', async () => {
    await start();
    const modes = await Promise.all(
      ['secrets.json', 'merchants.json', 'pay-checkout.db', 'item-shop.db'].map(
        async (name) => (await stat(join(directory, name))).mode & 0o077,
      ),
    );
    expect(modes).toEqual([0, 0, 0, 0]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0', async (signal) => {
    const demo = await start();
    expect(await demo.stop(signal)).toBe(0);
    expect(demo.output()).toMatch(/stopped\n$/);
  });

  test('Ctrl-C, twice as npm passes it on, ends it with a waiter and an unanswered charge open', async () => {
    const demo = await start();
    const { body } = await openSession(demo);
    const orderId = body.launch?.request.orderId;
    await control({ sandboxUrl: demo.sandbox }, 'faults', { on: 'confirm', kind: 'charge_then_timeout' });
    const { paymentKey } = await control({ sandboxUrl: demo.sandbox }, 'toss/pay', {
      clientKey: demoKeys.blog.tossClient,
      orderId,
      amount: body.amount,
      method: 'card',
    });
    const token = body.clientSecret as string;
    const waiting = [
      api(demo.server, 'GET', `/payments/sessions/${body.id}?after=99&wait=25`, { token }),
      api(demo.server, 'POST', '/payments/verify', { token, body: { session: body.id, paymentKey } }),
    ];
    const over = Promise.allSettled(waiting);
    await sleep(300);
    demo.child.kill('SIGINT');
    expect(await demo.stop('SIGINT')).toBe(0);
    await over;
  });

  test('finds its payments again after a restart, and forgets them with --fresh', async () => {
    const first = await start();
    const { body } = await openSession(first);
    await first.stop();
    const second = await start();
    expect((await listed(second)).map(({ id }) => id)).toEqual([body.payment]);
    const read = await api(second.server, 'GET', `/payments/sessions/${body.id}`, {
      token: body.clientSecret as string,
    });
    expect(read.status).toBe(200);
    await second.stop();
    const third = await start({ args: ['--fresh'] });
    expect(await listed(third)).toEqual([]);
  });

  test('a taken port is named, with the variable that chooses another', async () => {
    const demo = await start();
    const { port } = new URL(demo.server);
    const second = spawnDemo(directory, { env: { SERVER_PORT: port } });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Port ${port}, for the server, is taken`);
    expect(second.output()).toContain('SERVER_PORT=');
  });

  test('a second demo on the same data says what holds it', async () => {
    await start();
    const second = spawnDemo(directory);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('pay-checkout.db');
    expect(second.output()).not.toContain('    at ');
  });

  test.each([
    [{ args: ['--frsh'] }, '"--frsh" is no option'],
    [{ env: { SHOP_PORT: 'http' } }, 'SHOP_PORT is "http"'],
    [{ env: { NODE_ENV: 'production' } }, 'NODE_ENV=production'],
  ])('%j is refused with its reason', async (run, reason) => {
    const demo = spawnDemo(directory, run);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain(reason);
  });

  const inNetwork = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.')),
  );
  test.skipIf(!inNetwork)('--host uses an address that phones can reach, in every URL (needs a network)', async () => {
    const demo = await start({ args: ['--host'] });
    for (const url of [demo.shop, demo.server, demo.sandbox, demo.items])
      expect(url).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:\d+$/);
    const { status, body } = await api<TossSession>(demo.server, 'POST', '/payments/sessions', {
      token: demoKeys.souvenirs.publishable,
      origin: demo.shop,
      body: {
        items: [{ item: 'magnet' }],
        returnUrls: { page: `${demo.shop}/souvenirs` },
        prepare: { method: 'card' },
      },
    });
    expect(status).toBe(201);
    expect(body.launch?.script).toBe(`${demo.sandbox}/toss/v2/standard`);
    // V1's payments name the server as phones reach it; the sandbox calls it all the same.
    const { body: v1 } = await api<OpenedSession>(demo.server, 'POST', '/payments/sessions', {
      token: demoKeys.items.secret,
      body: { items: [{ item: 'potion' }], prepare: { method: 'card' } },
    });
    const { notice_url } = (v1.launch as { request: { notice_url: string } }).request;
    expect(new URL(notice_url).origin).toBe(demo.server);
    const sandbox = { sandboxUrl: demo.sandbox };
    const order = { merchant_uid: `${v1.payment}_1`, amount: v1.amount, method: 'card', notice_url };
    await control(sandbox, 'portone-v1/pay', order);
    const told = async () => {
      const { deliveries } = await (await fetch(`${demo.sandbox}/control/webhooks?orderId=${v1.payment}_1`)).json();
      return deliveries.map(({ state }: { state: string }) => state);
    };
    await expect.poll(told, { timeout: 15_000 }).toEqual(['delivered']);
  });
});
