import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { answerParent } from './child.js';
import { account, store } from './settings.js';

const sandbox = createSandbox();
/** How long the provider had calls about an order: from a request's arrival to the last byte of its reply. */
const held = new Map<string, number>();

/** Calls of the REST APIs since the last question, and whether anybody answers them. */
let calls = 0;
let down = false;

const server = createServer((req, res) => {
  const start = performance.now();
  const path = req.url ?? '';
  if (/^\/(toss\/v1|portone-v[12])\/payments/.test(path)) {
    calls++;
    if (down) return void req.socket.destroy();
  }
  res.once('finish', () => {
    const orderId = orderOf(path, req);
    if (orderId !== undefined) held.set(orderId, (held.get(orderId) ?? 0) + performance.now() - start);
  });
  sandbox.app(req, res);
});
server.keepAliveTimeout = 65_000;
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function orderOf(path: string, req: IncomingMessage & { body?: { orderId?: unknown } }): string | undefined {
  const [, order, key] = /^\/toss\/v1\/payments\/(?:orders\/([^/?]+)|([^/?]+)$)/.exec(path) ?? [];
  if (order !== undefined) return decodeURIComponent(order);
  if (key === 'confirm') return typeof req.body?.orderId === 'string' ? req.body.orderId : undefined;
  return key === undefined ? undefined : sandbox.bank.get(decodeURIComponent(key))?.orderId;
}

async function control(path: string, body: object): Promise<void> {
  const response = await fetch(`${url}/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

answerParent({
  url: () => url,
  /** What was held since the last question, by order id. */
  held: () => {
    const all = [...held];
    held.clear();
    return all;
  },
  calls: () => {
    const count = calls;
    calls = 0;
    return count;
  },
  /** From now on every connection is cut off, or none any more. */
  setDown(is: boolean) {
    down = is;
  },
  /** The store, which sends its webhooks to `url`; null: to nobody. */
  async openStore(webhookUrl: string | null) {
    const { channelKey, ...keys } = store;
    const channels = [{ key: channelKey, type: 'TEST', approval: 'automatic' }];
    await control('portone-v2/stores', { ...keys, webhookUrl, channels });
  },
  /** The same of the account at V1, whose payments name no address of their own here. */
  openAccount: async (webhookUrl: string) => {
    const { channelKey, ...keys } = account;
    await control('portone-v1/accounts', { ...keys, webhookUrl, channels: [{ key: channelKey, pg: 'html5_inicis' }] });
  },
  reset: () => sandbox.reset(),
});
