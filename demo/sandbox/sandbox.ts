import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, Request } from 'express';
import express from 'express';
import type { Clock } from '../../server/ops/clock.js';
import { day, hour, second, systemClock } from '../../server/ops/clock.js';
import { asset } from './assets.js';
import type { Bank } from './bank.js';
import { createBank } from './bank.js';
import { controlPage } from './control/page.js';
import { controlRoutes } from './control/routes.js';
import type { Faults } from './faults.js';
import { createFaults } from './faults.js';
import { languageOf } from './html.js';
import { createIdempotencyKeys } from './idempotency.js';
import type { MovingClock } from './moving-clock.js';
import { movingClock } from './moving-clock.js';
import { createAccounts } from './portone-v1/accounts.js';
import { portOneV1Control } from './portone-v1/control.js';
import type { PortOneV1 } from './portone-v1/portone-v1.js';
import { portOneV1Rest } from './portone-v1/rest.js';
import { portOneV1Script } from './portone-v1/script.js';
import { createTokens } from './portone-v1/tokens.js';
import { portOneV1Webhooks } from './portone-v1/webhooks.js';
import { portOneV2Control } from './portone-v2/control.js';
import type { PortOneV2 } from './portone-v2/portone-v2.js';
import { portOneV2Rest } from './portone-v2/rest.js';
import { portOneV2Script } from './portone-v2/script.js';
import { createStores } from './portone-v2/stores.js';
import { portOneV2Webhooks } from './portone-v2/webhooks.js';
import { tossControl } from './toss/control.js';
import { createMerchants } from './toss/merchants.js';
import { tossRest } from './toss/rest.js';
import { tossScript } from './toss/script.js';
import type { Toss } from './toss/toss.js';
import { tossWebhooks } from './toss/webhooks.js';
import { webhookRoutes } from './webhooks/routes.js';
import type { Webhooks } from './webhooks/webhooks.js';
import { createWebhooks } from './webhooks/webhooks.js';
import { windowRoutes } from './window/routes.js';
import { createWindows } from './window/windows.js';

export interface SandboxOptions {
  /** Where its time comes from; `POST /control/clock` moves it on from there. */
  readonly clock?: Clock;
  /** How browsers reach it, in receipt and checkout links; default: as the caller did. */
  readonly publicUrl?: string;
  /** How long every REST answer takes at least. */
  readonly latencyMs?: number;
  /** How often webhooks that became due are sent, in real time; default: every second on the system's clock, never on another one. */
  readonly webhookTimerMs?: number;
  /** Instead of the time-outs that the providers give a webhook. */
  readonly webhookTimeoutMs?: number;
  /** The origin of a server on this machine that payments name as others reach it; webhooks go to loopback otherwise. */
  readonly alsoCalled?: string;
}

/** The providers, offline: REST APIs, browser scripts, a payment window, and a control API to make them misbehave. No real money. */
export interface Sandbox {
  readonly app: Express;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly clock: MovingClock;
  readonly webhooks: Webhooks;
  /** Port 0 takes any free one. `close` also ends calls that a fault left unanswered. */
  listen(port: number, host?: string): Promise<{ url: string; close(): Promise<void> }>;
  /** Back to the start: no payments, windows, faults, webhooks or remembered answers; time and latency as given. What was registered stays. */
  reset(): void;
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = movingClock(options.clock ?? systemClock);
  const bank = createBank(clock);
  const faults = createFaults();
  const windows = createWindows();
  const settings = { latencyMs: options.latencyMs ?? 0 };
  const webhooks = createWebhooks({
    ...{ clock, faults, latencyMs: () => settings.latencyMs },
    timeoutMs: options.webhookTimeoutMs,
    alsoCalled: options.alsoCalled,
  });
  const shared = { clock, bank, faults, windows, webhooks };
  const toss: Toss = {
    ...shared,
    merchants: createMerchants(),
    keys: createIdempotencyKeys(clock, 15 * day),
    hooks: new Map(),
    extras: new Map(),
  };
  const v2: PortOneV2 = {
    ...shared,
    stores: createStores(),
    keys: createIdempotencyKeys(clock, 3 * hour),
    extras: new Map(),
    preRegistered: new Map(),
  };
  const v1: PortOneV1 = {
    ...shared,
    accounts: createAccounts(),
    tokens: createTokens(clock),
    extras: new Map(),
    prepared: new Map(),
  };
  let url = '';
  tossWebhooks(toss, () => options.publicUrl ?? url);
  portOneV2Webhooks(v2);
  portOneV1Webhooks(v1);

  function reset(): void {
    bank.reset();
    faults.clear();
    windows.reset();
    clock.reset();
    toss.keys.reset();
    toss.extras.clear();
    v2.keys.reset();
    v2.extras.clear();
    v2.preRegistered.clear();
    v1.tokens.reset();
    v1.extras.clear();
    v1.prepared.clear();
    webhooks.reset();
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
  app.use('/window', windowRoutes(bank, windows, clock, webhooks.early));
  app.use(
    '/control',
    controlRoutes(
      { bank, faults, clock, settings, reset },
      {
        toss: tossControl(toss),
        'portone-v2': portOneV2Control(v2),
        'portone-v1': portOneV1Control(v1),
        webhooks: webhookRoutes(webhooks, bank),
      },
    ),
  );
  app.use('/toss', tossRest(toss, settings, baseUrl), tossScript(toss));
  app.use('/portone-v2', portOneV2Rest(v2, settings, baseUrl), portOneV2Script(v2));
  app.use('/portone-v1', portOneV1Rest(v1, settings, baseUrl), portOneV1Script(v1));

  const timerMs = options.webhookTimerMs ?? (options.clock ? 0 : second);
  return {
    ...{ app, bank, faults, clock, webhooks, reset },
    async listen(port, host) {
      const listening = await listen(app, port, host);
      url = listening.url;
      const timer = timerMs > 0 ? setInterval(lookForDue, timerMs).unref() : undefined;
      return {
        url,
        async close() {
          clearInterval(timer);
          webhooks.reset();
          await listening.close();
        },
      };
    },
  };

  function lookForDue(): void {
    bank.sweep();
    webhooks.kick();
  }
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
