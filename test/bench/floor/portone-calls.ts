import { z } from 'zod';
import { account, type PortOne, store } from '../settings.js';

/** What the floor says to PortOne, and hears of it. */
export interface PortOneCalls {
  preRegister(orderId: string): Promise<unknown>;
  lookUp(orderId: string): Promise<unknown>;
  /** Which order a webhook is about. */
  orderOf(webhook: unknown): string;
  /** What the page has to say besides, in its verify. */
  readonly verified: z.ZodObject;
  /** The order id's name in a launch. */
  readonly orderField: string;
}

const amount = 9_000;
const currency = 'KRW';

async function call(url: string, authorization: string, body?: object): Promise<unknown> {
  const headers = { authorization, 'content-type': 'application/json' };
  const reply = await fetch(url, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
  return reply.json();
}

function callsOfV2(sandboxUrl: string): PortOneCalls {
  const v2 = (path: string, body?: object) =>
    call(`${sandboxUrl}/portone-v2/payments/${path}`, `PortOne ${store.apiSecret}`, body);
  const webhook = z.object({ type: z.string(), data: z.object({ paymentId: z.string() }) });
  const { storeId } = store;
  return {
    preRegister: (orderId) => v2(`${orderId}/pre-register`, { storeId, totalAmount: amount, currency }),
    lookUp: (orderId) => v2(`${orderId}?storeId=${storeId}`),
    orderOf: (body) => webhook.parse(body).data.paymentId,
    verified: z.strictObject({ session: z.string(), orderId: z.string(), txId: z.string() }),
    orderField: 'paymentId',
  };
}

/** With one token, which outlives a bench. */
function callsOfV1(sandboxUrl: string): PortOneCalls {
  const url = `${sandboxUrl}/portone-v1`;
  let asked: Promise<string> | undefined;
  const token = async () => {
    const keys = { imp_key: account.apiKey, imp_secret: account.apiSecret };
    const given = (await call(`${url}/users/getToken`, '', keys)) as { response: { access_token: string } };
    return given.response.access_token;
  };
  const v1 = async (path: string, body?: object) => {
    asked ??= token();
    return call(`${url}/payments/${path}`, await asked, body);
  };
  const webhook = z.object({ merchant_uid: z.string(), imp_uid: z.string(), status: z.string() });
  return {
    preRegister: (orderId) => v1('prepare', { merchant_uid: orderId, amount, currency }),
    lookUp: (orderId) => v1(`findAll/${orderId}?page=1&sorting=started&include_sandbox=true`),
    orderOf: (body) => webhook.parse(body).merchant_uid,
    verified: z.strictObject({ session: z.string(), orderId: z.string(), impUid: z.string() }),
    orderField: 'merchant_uid',
  };
}

export const callsOf = (through: PortOne, sandboxUrl: string): PortOneCalls =>
  through === 'portone-v1' ? callsOfV1(sandboxUrl) : callsOfV2(sandboxUrl);
