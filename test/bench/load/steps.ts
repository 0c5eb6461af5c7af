import { preparedBody, sessionBody, shop } from '../settings.js';
import type { Http } from './http.js';

/** A shopper with a prepared session, who agreed in the provider's window. */
export interface Agreed {
  readonly orderId: string;
  readonly token: string;
  readonly verifyBody: string;
}

interface Opened {
  readonly id: string;
  readonly amount: number;
  readonly clientSecret: string;
  readonly launch: { readonly request: { readonly orderId: string } };
}

export const pageHeaders = { authorization: `Bearer ${shop.publishableKey}`, origin: shop.origin };
export const sessions = '/api/v1/payments/sessions';
const session = JSON.stringify(sessionBody);
const prepared = JSON.stringify(preparedBody);

export const createSession = (http: Http, url: string): Promise<string> =>
  http.post(url, sessions, pageHeaders, session);

export async function openAndAgree(http: Http, url: string, sandboxUrl: string): Promise<Agreed> {
  const opened = JSON.parse(await http.post(url, sessions, pageHeaders, prepared)) as Opened;
  const { orderId } = opened.launch.request;
  const window = { clientKey: shop.tossClientKey, orderId, amount: opened.amount, method: 'card' };
  const agreed = JSON.parse(await http.post(sandboxUrl, '/control/toss/pay', {}, JSON.stringify(window)));
  const verifyBody = { session: opened.id, orderId, paymentKey: agreed.paymentKey, amount: opened.amount };
  return { orderId, token: opened.clientSecret, verifyBody: JSON.stringify(verifyBody) };
}

/** Rejects when it was not paid. */
export async function verify(http: Http, url: string, { token, verifyBody, orderId }: Agreed): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, origin: shop.origin };
  const answer = JSON.parse(await http.post(url, '/api/v1/payments/verify', headers, verifyBody));
  if (answer.status !== 'paid') throw new Error(`${orderId}: ${answer.status}`);
}

export const payWhole = async (http: Http, url: string, sandboxUrl: string): Promise<void> =>
  verify(http, url, await openAndAgree(http, url, sandboxUrl));
