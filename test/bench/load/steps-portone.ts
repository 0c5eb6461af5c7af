import { account, type PortOne, preparedBody, store } from '../settings.js';
import type { Backend } from './backend.js';
import type { Http } from './http.js';
import { pageHeaders, sessions, verify } from './steps.js';

interface Opened {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  readonly clientSecret: string;
  readonly launch: { readonly request: { readonly paymentId?: string; readonly merchant_uid?: string } };
}

export interface Charged {
  readonly payment: string;
  readonly orderId: string;
  /** The provider's own name of the record. */
  readonly record: string;
  readonly token: string;
  readonly verifyBody: string;
}

const prepared = JSON.stringify(preparedBody);
const currency = 'KRW';

/** What the page would open, as the sandbox's control takes it; in won, minor and major units are the same. */
const windowOf = (through: PortOne, orderId: string, amount: number): object =>
  through === 'portone-v1'
    ? { userCode: account.userCode, channelKey: account.channelKey, merchant_uid: orderId, amount, currency }
    : { storeId: store.storeId, channelKey: store.channelKey, paymentId: orderId, amount, currency };

/** A shopper whom the provider has charged in its window; nobody has told the server yet, unless the provider did. */
export async function payInWindow(http: Http, sandboxUrl: string, through: PortOne, opened: Opened): Promise<Charged> {
  const { paymentId, merchant_uid: merchantUid } = opened.launch.request;
  const orderId = paymentId ?? merchantUid ?? '';
  const window = { ...windowOf(through, orderId, opened.amount), method: 'card' };
  const paid = JSON.parse(await http.post(sandboxUrl, `/control/${through}/pay`, {}, JSON.stringify(window)));
  const { txId, imp_uid: impUid } = paid as { txId?: string; imp_uid?: string };
  const verifyBody = JSON.stringify({ session: opened.id, orderId, txId, impUid });
  return { payment: opened.payment, orderId, record: txId ?? impUid ?? '', token: opened.clientSecret, verifyBody };
}

export const openPrepared = async (http: Http, url: string): Promise<Opened> =>
  JSON.parse(await http.post(url, sessions, pageHeaders, prepared)) as Opened;

/** From the page to the merchant's backend: done when the shopper has the receipt and the backend was told. */
export async function payThroughPortOne(
  http: Http,
  url: string,
  sandboxUrl: string,
  backend: Backend,
  through: PortOne,
): Promise<void> {
  const opened = await openPrepared(http, url);
  const told = backend.told(opened.payment);
  await verify(http, url, await payInWindow(http, sandboxUrl, through, opened));
  await told;
}
