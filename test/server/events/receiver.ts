import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { EventView } from '../../../contract/index.js';

export interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** A merchant's backend: checks what it is sent as the Standard Webhooks' own library does, and counts by key. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Answers everything from now on. */
  answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
  /** How often each event was told: those that were answered with 2xx. */
  readonly counted: ReadonlyMap<string, number>;
  /** Resolves when so many requests have come in. */
  arrived(count: number): Promise<void>;
  /** Throws if the request at `index` is not signed with that secret. */
  verified(index: number, secret: string): EventView;
  close(): Promise<void>;
}

export const secretOf = (key: Uint8Array): string => `whsec_${Buffer.from(key).toString('base64')}`;

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const counted = new Map<string, number>();
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body, path: request.url ?? '' });
    response.once('finish', () => {
      if (response.statusCode >= 300 || body === '') return;
      const { key } = JSON.parse(body) as EventView;
      counted.set(key, (counted.get(key) ?? 0) + 1);
    });
    receiver.answer(request, response);
    server.emit('arrived');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/events`,
    port,
    received,
    counted,
    answer: (_request, response) => response.writeHead(204).end(),
    async arrived(count) {
      while (received.length < count) await once(server, 'arrived');
    },
    verified(index, secret) {
      const { headers, body } = received[index] as Received;
      return new Webhook(secret).verify(body, headers as Record<string, string>) as EventView;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
