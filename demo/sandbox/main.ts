import process from 'node:process';
import { offsetClock, second } from '../../server/ops/clock.js';
import { createSandbox } from './sandbox.js';

/** A whole number from the environment; stops the process with a reason otherwise. */
function whole(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} must be a whole number`);
  return value;
}

const offset = whole('CLOCK_OFFSET_MS', 0);
if (process.env.NODE_ENV === 'production') throw new Error('The sandbox takes no real payments: not in production');

const sandbox = createSandbox({
  clock: offsetClock(offset),
  latencyMs: whole('LATENCY_MS', 0),
  webhookTimerMs: second,
  ...(process.env.PUBLIC_URL && { publicUrl: process.env.PUBLIC_URL }),
});
const port = whole('PORT', 4002);
const { url, close } = await sandbox.listen(port, process.env.HOST ?? '127.0.0.1').catch((error) => {
  throw error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken: set PORT to another one`) : error;
});
process.stdout.write(`sandbox ready at ${url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
