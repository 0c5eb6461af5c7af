import process from 'node:process';
import { ConfigError } from '../../server/config.js';
import { StoreOpenError } from '../../server/store/store.js';
import { DemoError, readSettings } from './settings.js';
import { type Demo, startDemo } from './start.js';

/** A stop that takes longer than this is cut: nothing in a demo is worth a terminal that hangs. */
const patienceMs = 8_000;

/** Starts all servers, says where they are, and stops them on Ctrl-C, also in the middle of starting. */
export async function runDemo(): Promise<void> {
  // What is written belongs to this user alone, the database too.
  process.umask(0o077);
  const starting = start();
  stopOnSignals(starting);
  try {
    const demo = await starting;
    process.stdout.write(`${demo.greeting}\n`);
  } catch (error) {
    const known = [DemoError, ConfigError, StoreOpenError].some((kind) => error instanceof kind);
    const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`The demo can not start.\n${message}\n`);
    process.exit(1);
  }
}

const start = async (): Promise<Demo> => startDemo(readSettings(process.argv.slice(2), process.env));

function stopOnSignals(starting: Promise<Demo>): void {
  let stopping = false;
  const stop = async () => {
    // npm passes Ctrl-C on, so one press arrives twice.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    await (await starting).stop();
    process.stdout.write('stopped\n');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        process.stderr.write(`The demo did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      });
    });
  }
}
