import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Sandbox } from '../../demo/sandbox/sandbox.js';
import { createSandbox } from '../../demo/sandbox/sandbox.js';

export const json = { 'content-type': 'application/json' };
export const basic = (secretKey: string): string => `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`;

export const clientKey = 'test_ck_demo1';
export const secretKey = 'test_sk_demo1';

export interface Answer {
  status: number;
  body: any;
}

/** A sandbox on a port of its own whose clock stands still until it is moved, and calls to it over real HTTP. */
export function useSandbox() {
  const time = { now: Date.UTC(2026, 10, 21, 3, 0, 0) };
  const start = time.now;
  const sandbox: Sandbox = createSandbox({ clock: { now: () => time.now } });
  let at: { url: string; close(): Promise<void> };
  let orders = 0;

  beforeAll(async () => {
    at = await sandbox.listen(0);
  });
  afterAll(() => at.close());
  beforeEach(() => {
    time.now = start;
    sandbox.reset();
  });

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${at.url}${path}`, {
      method,
      headers: { ...json, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() } as Answer;
  }

  const toss = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(method, `/toss${path}`, body, { authorization: basic(secretKey), ...headers });

  return {
    time,
    sandbox,
    url: () => at.url,
    call,
    toss,
    control: (path: string, body?: unknown) => call(body === undefined ? 'GET' : 'POST', `/control/${path}`, body),
    newOrder: () => `order-${++orders}-abc`,
    /** A shopper who agreed: authenticated, not charged. */
    async agreed(more: Record<string, unknown> = {}) {
      const request = { clientKey, orderId: `order-${++orders}-abc`, amount: 15000, ...more };
      const { body } = await call('POST', '/control/toss/pay', request);
      return { paymentKey: body.paymentKey as string, orderId: request.orderId, amount: request.amount };
    },
    confirm: (payment: object, headers: Record<string, string> = {}) =>
      toss('POST', '/v1/payments/confirm', payment, headers),
    cancel: (paymentKey: string, body: object, headers: Record<string, string> = {}) =>
      toss('POST', `/v1/payments/${paymentKey}/cancel`, { cancelReason: '고객 변심', ...body }, headers),
    look: (paymentKey: string, headers: Record<string, string> = {}) =>
      toss('GET', `/v1/payments/${paymentKey}`, undefined, headers),
  };
}

export const minutes = (count: number): number => count * 60_000;
