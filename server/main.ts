import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createApp, definitions } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { listen } from './http/server.js';
import { stopServer } from './http/shutdown.js';
import { readWidget, serveWidget } from './http/widget-files.js';
import { offsetClock, systemClock } from './ops/clock.js';
import { systemIds } from './ops/ids.js';
import { createLogger } from './ops/logging.js';
import { openStore } from './store/open.js';
import { StoreOpenError } from './store/store.js';

/** Reads the configuration, opens the store, listens, works; on SIGTERM or SIGINT finishes what is in flight. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  for (const reason of config.notices) log.warn('configuration_notice', { reason });
  const clock = config.clockOffsetMs === 0 ? systemClock : offsetClock(config.clockOffsetMs);
  if (config.store.engine === 'embedded') makeFolder(config.store.file);
  const store = await openStore({
    ...(config.store.engine === 'mongo' ? { mongodbUri: config.store.uri, file: '' } : { file: config.store.file }),
    definitions,
    logger: log,
  });
  const widget = readWidget(fileURLToPath(new URL('../script', import.meta.url)));
  if (widget.size === 0) log.warn('widget_not_built');
  const outside = [serveWidget(widget)];
  const app = createApp({ config, store, clock, ids: systemIds(clock), log, outside });
  const { server, port } = await listen(app.http, { host: config.host, port: config.port });
  app.worker.start();
  log.info('listening', { port, url: config.publicUrl, engine: store.engine });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    const finished = await stopServer(server, app.shutdown, config.shutdownMs);
    await app.stop();
    await store.close();
    log.info('stopped', { outcome: finished ? 'clean' : 'cut' });
  };
  const fail = (error: unknown) => {
    log.fatal('stop_failed', { error });
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal).catch(fail));
}

/** The store's own error says more, if this is not to be had. */
function makeFolder(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch {}
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || error instanceof StoreOpenError;
  const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`pay-checkout can not start.\n${message}\n`);
  process.exit(1);
});
