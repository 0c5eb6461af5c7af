import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const preload = new URL('./inside/preload.mjs', import.meta.url).href;
const patienceMs = 20_000;

/** The server as it is deployed: built, in a process of its own, its log written away. */
export interface BuiltServer {
  readonly url: string;
  readonly pid: number;
  /** From the process's start to its first 200. */
  readonly startMs: number;
  /** How long it was at each verify since the last question, by order id. */
  requestTimes(): Promise<[orderId: string, ms: number][]>;
  stop(): Promise<void>;
  /** SIGKILL, whatever it is doing. */
  kill(): Promise<void>;
}

export interface BuiltServerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs: no `.env` of the developer's is read. */
  readonly folder: string;
  /** Measured from inside; not where its start or its memory is measured. */
  readonly timed?: boolean;
}

export async function startBuilt({ env, folder, timed = false }: BuiltServerOptions): Promise<BuiltServer> {
  const port = await freePort();
  const start = performance.now();
  const profile = process.env.BENCH_PROFILE;
  const args = [
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ...(timed ? ['--import', preload] : []),
    main,
  ];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: timed ? ['ignore', 'ignore', 'inherit', 'ipc'] : ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  const until = start + patienceMs;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error('The server ended before it was ready');
    if (performance.now() > until) throw new Error('The server is not ready');
    await sleep(2);
  }
  return {
    url,
    pid: child.pid ?? 0,
    startMs: performance.now() - start,
    async requestTimes() {
      const answered = once(child, 'message');
      child.send('times');
      const [times] = await answered;
      return times;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** `/readyz` answers 200 when the store does. */
function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = get(`${url}/readyz`, { agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    asking.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
