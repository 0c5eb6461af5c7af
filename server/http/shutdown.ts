import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';

/** Whether this process is on its way out. One per process, given to whatever waits. */
export interface Shutdown {
  /** Aborted when the shutdown begins: waiters answer at once with what there is. */
  readonly signal: AbortSignal;
  begin(): void;
}

export function createShutdown(): Shutdown {
  const controller = new AbortController();
  // Every waiting request listens.
  setMaxListeners(0, controller.signal);
  return { signal: controller.signal, begin: () => controller.abort() };
}

const look = 20;

/**
 * Stops a server: no new connections, waiters answered, requests in flight finished within `graceMs`, then every connection cut.
 * Resolves to whether all of them finished. Calls to providers that go on after a cut are the due work's to pick up.
 */
export function stopServer(server: Server, shutdown: Shutdown, graceMs: number): Promise<boolean> {
  shutdown.begin();
  return new Promise((resolve) => {
    let finished = true;
    // `close` lets go of the connections that are idle now; those that become idle later have to be looked for.
    const idle = setInterval(() => server.closeIdleConnections(), look);
    const cut = setTimeout(() => {
      finished = false;
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve(finished);
    });
  });
}
