import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, Request } from 'express';
import express from 'express';
import type { Clock } from '../../server/ops/clock.js';
import { systemClock } from '../../server/ops/clock.js';
import { asset } from './assets.js';
import type { Bank } from './bank.js';
import { createBank } from './bank.js';
import { controlPage } from './control/page.js';
import { controlRoutes } from './control/routes.js';
import type { Faults } from './faults.js';
import { createFaults } from './faults.js';
import { languageOf } from './html.js';
import type { MovingClock } from './moving-clock.js';
import { movingClock } from './moving-clock.js';
import { tossControl } from './toss/control.js';
import { createIdempotencyKeys } from './toss/idempotency.js';
import { createMerchants } from './toss/merchants.js';
import { tossRest } from './toss/rest.js';
import { tossScript } from './toss/script.js';
import type { Toss } from './toss/toss.js';
import { windowRoutes } from './window/routes.js';
import { createWindows } from './window/windows.js';

export interface SandboxOptions {
  /** Where its time comes from; `POST /control/clock` moves it on from there. */
  readonly clock?: Clock;
  /** How browsers reach it, in receipt and checkout links; default: as the caller did. */
  readonly publicUrl?: string;
  /** How long every REST answer takes at least. */
  readonly latencyMs?: number;
}

/** The providers, offline: REST APIs, browser scripts, a payment window, and a control API to make them misbehave. No real money. */
export interface Sandbox {
  readonly app: Express;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly clock: MovingClock;
  /** Port 0 takes any free one. `close` also ends calls that a fault left unanswered. */
  listen(port: number, host?: string): Promise<{ url: string; close(): Promise<void> }>;
  /** Back to the start: no payments, windows, faults or remembered answers; time and latency as given. Registered keys stay. */
  reset(): void;
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = movingClock(options.clock ?? systemClock);
  const bank = createBank(clock);
  const faults = createFaults();
  const windows = createWindows();
  const settings = { latencyMs: options.latencyMs ?? 0 };
  const toss: Toss = {
    clock,
    bank,
    faults,
    windows,
    merchants: createMerchants(),
    keys: createIdempotencyKeys(clock),
    extras: new Map(),
  };

  function reset(): void {
    bank.reset();
    faults.clear();
    windows.reset();
    clock.reset();
    toss.keys.reset();
    toss.extras.clear();
    settings.latencyMs = options.latencyMs ?? 0;
  }

  const baseUrl = (req: Request): string => options.publicUrl ?? `${req.protocol}://${req.get('host')}`;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/', (req, res) => void res.send(controlPage(languageOf(req))));
  app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/assets/window.css', asset('./window/window.css'));
  app.get('/assets/window.js', asset('./window/window.client.js'));
  app.get('/assets/control.css', asset('./control/control.css'));
  app.get('/assets/control.js', asset('./control/control.client.js'));
  app.use('/window', windowRoutes(bank, windows, clock));
  app.use('/control', controlRoutes({ bank, faults, clock, settings, reset }, { toss: tossControl(toss) }));
  app.use('/toss', tossRest(toss, settings, baseUrl), tossScript(toss));

  return { app, bank, faults, clock, listen: (port, host) => listen(app, port, host), reset };
}

async function listen(app: Express, port: number, host = '127.0.0.1') {
  const server = await new Promise<Server>((resolve, reject) => {
    const starting: Server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(starting)));
  });
  const { port: taken } = server.address() as AddressInfo;
  // An address to listen on everywhere is none to call.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${taken}`,
    async close() {
      const closed = new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
      server.closeAllConnections();
      await closed;
    },
  };
}
