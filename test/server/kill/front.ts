import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from './random.js';
import type { Seat } from './seat.js';

/** The one address that providers know: passes each request on to a server that happens to live. */
export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** Of the headers of a webhook, those that mean anything to its receiver. */
const passedOn = /^(content-type|webhook-.*|tosspayments-.*)$/;

export async function openFront(behind: readonly Pick<Seat, 'url'>[], random: Random): Promise<Front> {
  const server = createServer(async (request, response) => {
    try {
      const living = behind.map(({ url }) => url).filter((url) => url !== undefined);
      const body = await bodyOf(request);
      const headers = Object.entries(request.headers).filter(([name]) => passedOn.test(name)) as [string, string][];
      // Nobody there, or gone in the middle of it: both are a gateway's answer.
      const answer = await fetch(`${random.pick(living)}${request.url}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      response.writeHead(answer.status).end(await answer.text());
    } catch {
      response.writeHead(502).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
