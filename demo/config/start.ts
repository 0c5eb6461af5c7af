import { createApp, definitions } from '../../server/app.js';
import { readConfig } from '../../server/config.js';
import { listen } from '../../server/http/server.js';
import { stopServer } from '../../server/http/shutdown.js';
import { serveWidget } from '../../server/http/widget-files.js';
import { systemIds } from '../../server/ops/ids.js';
import { createLogger } from '../../server/ops/logging.js';
import { createProviders } from '../../server/providers/registry.js';
import { openStore } from '../../server/store/open.js';
import { openDatabase } from '../item-shop/database.js';
import { createItemShop } from '../item-shop/item-shop.js';
import { createSandbox } from '../sandbox/sandbox.js';
import { openOrders } from '../shop/orders/orders.js';
import { createShop } from '../shop/shop.js';
import { serverEnvironment } from './environment.js';
import { openFolder, writeOwn } from './folder.js';
import { greeting } from './greeting.js';
import { demoKeys, shopperTokenSecret } from './keys.js';
import { merchantsFile } from './merchants.js';
import { claimPort, healthy, serve } from './network.js';
import { lanAddress, type Part, parts, type Settings } from './settings.js';
import { registerWebhooks } from './webhooks.js';
import { buildWidget } from './widget.js';

export interface Demo {
  readonly urls: Readonly<Record<Part, string>>;
  /** What to print: where everything is, and a line that begins with `ready`. */
  readonly greeting: string;
  stop(): Promise<void>;
}

/** The sandbox answers at once or not at all, so its lost answers need not be waited for as long as a bank's. */
const timeouts = { money: 5_000, lookup: 3_000 };
const { items } = demoKeys;
/** How long a stop waits for requests in flight. */
const graceMs = 1_500;

/**
 * The shops, server and sandbox in this process, each on its own port, server and sandbox on one movable clock. Resolves when all
 * answer; throws `DemoError`, `ConfigError` or `StoreOpenError` with what to do.
 */
export async function startDemo(settings: Settings): Promise<Demo> {
  const host = settings.lan ? '0.0.0.0' : '127.0.0.1';
  const name = settings.lan ? lanAddress() : 'localhost';
  const claimed = { ...settings.ports };
  for (const part of parts) claimed[part] = await claimPort(part, settings.ports[part], host);
  const urlOf = (part: Part, at = name) => `http://${at}:${claimed[part]}`;
  const urls = { shop: urlOf('shop'), server: urlOf('server'), sandbox: urlOf('sandbox'), items: urlOf('items') };

  const folder = await openFolder(settings.directory, settings);
  const originsOf = (part: Part) => [...new Set([urls[part], urlOf(part, 'localhost'), urlOf(part, '127.0.0.1')])];
  await writeOwn(folder.merchantsFile, merchantsFile({ shop: originsOf('shop'), items: originsOf('items') }));
  const config = readConfig(serverEnvironment({ folder, urls, host, port: claimed.server }));

  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const widget = buildWidget();
    // It is waited for below; a start that fails before that is the one to tell.
    widget.catch(() => undefined);
    const log = createLogger({ level: config.logLevel });
    const sandbox = createSandbox({ publicUrl: urls.sandbox, alsoCalled: urls.server });
    const store = await openStore({ file: folder.storeFile, definitions, logger: log });
    stops.push(() => store.close());
    const { clock } = sandbox;
    const providers = createProviders({ timeouts });
    const outside = [serveWidget(await widget)];
    const app = createApp({ config, store, clock, ids: systemIds(clock), log, providers, outside });
    stops.push(() => app.stop());
    // After the server and before the due work: a call that a fault left unanswered ends here.
    const bank = await sandbox.listen(claimed.sandbox, host);
    stops.push(() => bank.close());
    const { server } = await listen(app.http, { host, port: claimed.server });
    stops.push(() => stopServer(server, app.shutdown, graceMs));
    const local = { server: urlOf('server', '127.0.0.1'), sandbox: urlOf('sandbox', '127.0.0.1') };
    const shop = createShop({ places: urls, local, orders: openOrders(folder.ordersFile) });
    stops.push(await serve(shop.app, claimed.shop, host));
    stops.push(() => shop.stop());
    const database = openDatabase(folder.itemsFile);
    stops.push(async () => database.close());
    const itemShop = createItemShop({
      ...{ places: urls, server: local.server, database, now: () => clock.now() },
      ...{ secretKey: items.secret, publishableKey: items.publishable, tokenSecret: shopperTokenSecret },
    });
    stops.push(await serve(itemShop.app, claimed.items, host));
    stops.push(() => itemShop.stop());
    app.worker.start();
    await Promise.all([
      healthy('shop', `${urls.shop}/healthz`),
      healthy('server', `${urls.server}/readyz`),
      healthy('sandbox', `${urls.sandbox}/healthz`),
      healthy('items', `${urls.items}/healthz`),
    ]);
    // At the consoles, only loopback is taken, whatever name others reach us by.
    await registerWebhooks(local);
    shop.follow();
    itemShop.follow();
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, greeting: greeting(urls, settings), stop };
}
