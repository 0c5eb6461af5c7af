import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = (request: Seen, response: ServerResponse) => void;

export interface StubServer {
  url: string;
  /** Every request so far. */
  seen: Seen[];
  /** What it answers from now on. */
  answer(with_: Answer): void;
  close(): Promise<void>;
}

/** A provider that answers whatever a test wants, on a free port of the loopback. */
export async function startStub(): Promise<StubServer> {
  let current: Answer = (_request, response) => json(500, {})(_request, response);
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const entry: Seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(entry);
    current(entry, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (with_) => {
      current = with_;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (status: number, body: unknown): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

export const text =
  (status: number, body: string | Buffer, type = 'text/html'): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

/** Takes the request and never answers. */
export const silence: Answer = () => {};

/** Takes the request and drops the connection. */
export const hangUp: Answer = (_request, response) => {
  response.destroy();
};
