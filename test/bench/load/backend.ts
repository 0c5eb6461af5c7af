import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventView } from '../../../contract/index.js';

/** A merchant's backend that takes webhooks, and waits for what it is told. */
export interface Backend {
  readonly url: string;
  /** Resolves when the payment is told as paid. Ask before that can be. */
  told(payment: string): Promise<void>;
  close(): void;
}

export async function openBackend(): Promise<Backend> {
  const waiting = new Map<string, () => void>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(204).end();
      const { type, about } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as EventView;
      if (type !== 'payment.paid' || about.payment === undefined) return;
      waiting.get(about.payment)?.();
      waiting.delete(about.payment);
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    told: (payment) => new Promise((resolve) => waiting.set(payment, resolve)),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
