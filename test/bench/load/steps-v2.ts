import { preparedBody, store } from '../settings.js';
import type { Backend } from './backend.js';
import type { Http } from './http.js';
import { pageHeaders, sessions, verify } from './steps.js';

interface Opened {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  readonly clientSecret: string;
  readonly launch: { readonly request: { readonly paymentId: string } };
}

export interface AgreedV2 {
  readonly payment: string;
  readonly orderId: string;
  readonly txId: string;
  readonly token: string;
  readonly verifyBody: string;
}

const prepared = JSON.stringify(preparedBody);

/** A shopper whom the provider has charged in its window; nobody has told the server yet, unless the provider did. */
export async function payInWindow(http: Http, sandboxUrl: string, opened: Opened): Promise<AgreedV2> {
  const { paymentId: orderId } = opened.launch.request;
  const { storeId, channelKey } = store;
  const window = { storeId, channelKey, paymentId: orderId, amount: opened.amount, currency: 'KRW', method: 'card' };
  const { txId } = JSON.parse(await http.post(sandboxUrl, '/control/portone-v2/pay', {}, JSON.stringify(window)));
  const verifyBody = JSON.stringify({ session: opened.id, orderId, txId });
  return { payment: opened.payment, orderId, txId, token: opened.clientSecret, verifyBody };
}

export const openV2 = async (http: Http, url: string): Promise<Opened> =>
  JSON.parse(await http.post(url, sessions, pageHeaders, prepared)) as Opened;

/** From the page to the merchant's backend: done when the shopper has the receipt and the backend was told. */
export async function payThroughV2(http: Http, url: string, sandboxUrl: string, backend: Backend): Promise<void> {
  const opened = await openV2(http, url);
  const told = backend.told(opened.payment);
  await verify(http, url, await payInWindow(http, sandboxUrl, opened));
  await told;
}
