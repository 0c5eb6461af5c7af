import { SignJWT } from 'jose';
import type { EventPage, OpenedSession, PaymentView, Problem } from '../../contract/index.js';
import { demoKeys, type MerchantId, shopperTokenSecret } from '../config/keys.js';

/** An answer of the server that is not what was asked for. `status` 0: no answer. */
export class BackendError extends Error {
  override name = 'BackendError';
  readonly status: number;

  constructor(status: number, code: string) {
    super(`the pay-checkout server: ${status} ${code}`);
    this.status = status;
  }
}

/** What the shop's backend asks the pay-checkout server, each site with its own secret key. */
export interface Backend {
  /** `undefined`: there is no such payment of this merchant's. */
  payment(site: MerchantId, id: string): Promise<PaymentView | undefined>;
  /** With a `reference`, the same call again gives the same session. */
  createSession(site: MerchantId, body: Readonly<Record<string, unknown>>): Promise<OpenedSession>;
  /** Waits up to 25 seconds for news. */
  events(site: MerchantId, after: string | undefined, signal: AbortSignal): Promise<EventPage>;
  /** A token that says who is signed in, good for an hour. */
  shopperToken(site: MerchantId, shopper: string): Promise<string>;
}

/** `server`: its address on this machine. */
export function createBackend(server: string): Backend {
  async function ask<T>(site: MerchantId, path: string, init: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${demoKeys[site].secret}`, 'content-type': 'application/json' };
    const response = await fetch(`${server}/api/v1${path}`, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new BackendError(0, 'unreachable');
    });
    const body = (await response.json().catch(() => ({}))) as T & Problem;
    if (!response.ok) throw new BackendError(response.status, body.code ?? 'unknown');
    return body;
  }
  return {
    async payment(site, id) {
      return ask<PaymentView>(site, `/payments/${encodeURIComponent(id)}`).catch((error: unknown) => {
        if (error instanceof BackendError && error.status === 404) return undefined;
        throw error;
      });
    },
    createSession: (site, body) =>
      ask<OpenedSession>(site, '/payments/sessions', { method: 'POST', body: JSON.stringify(body) }),
    events(site, after, signal) {
      const query = new URLSearchParams({ wait: '25', limit: '100', ...(after !== undefined && { after }) });
      return ask<EventPage>(site, `/events?${query}`, { signal });
    },
    shopperToken: (site, shopper) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(demoKeys[site].publishable)
        .setAudience('pay-checkout')
        .setSubject(shopper)
        .setIssuedAt()
        .setExpirationTime('50 min')
        .sign(new TextEncoder().encode(shopperTokenSecret)),
  };
}
