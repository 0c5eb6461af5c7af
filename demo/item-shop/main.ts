import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { openDatabase } from './database.js';
import { createItemShop } from './item-shop.js';
import { readItemShopSettings, SettingsError } from './settings.js';

/**
 * The item shop as a process of its own: `PAY_SERVER` (where the pay-checkout server is) and `DATA_FILE` must be given, the rest has the
 * demo's values; `settings.ts` has the list. Prints `ready: URL` once it listens. SIGTERM and SIGINT end it; kill -9 harms nothing.
 */
async function main(): Promise<void> {
  const settings = readItemShopSettings(process.env);
  const database = openDatabase(settings.file);
  const shop = createItemShop({
    ...settings,
    places: { server: settings.publicServer, sandbox: settings.provider },
    database,
    now: () => Date.now() + settings.clockOffsetMs,
    report: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const server = createServer(shop.app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  shop.follow();
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await shop.stop();
    database.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  process.stdout.write(`ready: http://${settings.host}:${(server.address() as AddressInfo).port}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof SettingsError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`The item shop can not start.\n${message}\n`);
  process.exit(1);
});
