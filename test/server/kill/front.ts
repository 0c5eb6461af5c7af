import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderName } from '../../../contract/index.js';
import type { Random } from './random.js';
import type { Seat } from './seat.js';

/** The one address that providers and the shop's backend know: passes each request on to a server that happens to live. */
export interface Front {
  readonly url: string;
  /** What servers have answered with 200: it is theirs from then on. */
  readonly taken: readonly Taken[];
  close(): Promise<void>;
}

/** A provider's webhook about a payment. */
export interface Taken {
  readonly merchant: string;
  readonly provider: ProviderName;
  /** The message's id, where the provider signs it. */
  readonly id?: string;
  readonly orderId: string;
}

/** Of the headers of a request, those that mean anything to its receiver. */
const passedOn = /^(authorization|content-type|webhook-.*|tosspayments-.*)$/;

export async function openFront(behind: readonly Pick<Seat, 'url'>[], random: Random): Promise<Front> {
  const taken: Taken[] = [];
  const server = createServer(async (request, response) => {
    // Who asked may be gone too: then nobody waits for the answer.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const living = behind.map(({ url }) => url).filter((url) => url !== undefined);
      const body = await bodyOf(request);
      const headers = Object.entries(request.headers).filter(([name]) => passedOn.test(name)) as [string, string][];
      const { method = 'GET' } = request;
      // Nobody there, or gone in the middle of it: both are a gateway's answer.
      const answer = await fetch(`${random.pick(living)}${request.url}`, {
        ...{ method, headers, signal: gone.signal },
        ...(method === 'POST' && { body: new Uint8Array(body) }),
      });
      const told = answer.status === 200 && aboutPayment(request, body.toString('utf8'));
      if (told) taken.push(told);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    } catch {
      response.writeHead(502).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    taken,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Undefined: it is about no payment, or in no words of the provider's. */
function aboutPayment({ url = '', headers }: IncomingMessage, raw: string): Taken | undefined {
  const [, provider, merchant] = (/\/webhooks\/([\w-]+)\/([\w-]+)$/.exec(url) ?? []) as [
    string?,
    ProviderName?,
    string?,
  ];
  if (!provider || !merchant) return undefined;
  const id = headers['webhook-id'];
  try {
    const orderId = orderIn(provider, JSON.parse(raw));
    if (typeof orderId !== 'string') return undefined;
    return { merchant, provider, orderId, ...(typeof id === 'string' && { id }) };
  } catch {
    return undefined;
  }
}

function orderIn(provider: ProviderName, { data, eventType, type, ...flat }: Record<string, any>): unknown {
  if (provider === 'toss') return eventType === 'BRAND_NEW' ? undefined : (data?.orderId ?? flat.orderId);
  if (provider === 'portone-v2') return String(type).startsWith('Transaction.') ? data?.paymentId : undefined;
  return flat.merchant_uid;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
