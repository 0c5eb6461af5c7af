import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { answerParent } from './child.js';

const sandbox = createSandbox();
/** How long the provider had calls about an order: from a request's arrival to the last byte of its reply. */
const held = new Map<string, number>();

const server = createServer((req, res) => {
  const start = performance.now();
  const path = req.url ?? '';
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

answerParent({
  url: () => url,
  /** What was held since the last question, by order id. */
  held: () => {
    const all = [...held];
    held.clear();
    return all;
  },
  reset: () => sandbox.reset(),
});
