import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { DemoError, type Part, ports } from './settings.js';

/** The port that `part` will listen on: the wanted one if nobody has it, a free one for 0. Throws `DemoError` where it can't be had. */
export async function claimPort(part: Part, wanted: number, host: string): Promise<number> {
  const probe = createServer();
  try {
    await listening(probe, wanted, host);
  } catch (error) {
    throw portError(part, wanted, error);
  }
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((closed) => probe.close(() => closed()));
  return port;
}

function portError(part: Part, port: number, error: unknown): Error {
  const { variable } = ports[part];
  const { code } = error as NodeJS.ErrnoException;
  const another = `${variable}=${port + 10} npm run demo`;
  if (code === 'EADDRINUSE') {
    return new DemoError(
      `Port ${port}, for the ${part}, is taken by another process.\nStop that one, or choose another port: ${another}`,
    );
  }
  if (code === 'EACCES') {
    return new DemoError(`Port ${port}, for the ${part}, may not be used by this user; set ${variable}.`);
  }
  return error as Error;
}

const listening = (server: Server, port: number, host: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

/** Serves an app; `close` ends its connections too. */
export async function serve(app: Express, port: number, host: string): Promise<() => Promise<void>> {
  const server = createServer(app);
  await listening(server, port, host);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
}

/** Resolves when the address answers 200, and rejects after ten seconds without. */
export async function healthy(part: Part, url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((wait) => setTimeout(wait, 100));
  }
  throw new DemoError(`The ${part} does not answer at ${url}.`);
}
