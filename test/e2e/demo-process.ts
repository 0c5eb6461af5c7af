import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Started {
  readonly shop: string;
  readonly server: string;
  readonly sandbox: string;
  readonly items: string;
  readonly directory: string;
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Sends the signal, and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Run {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const demoFolder = () => mkdtemp(join(tmpdir(), 'pay-checkout-demo-'));
export const removeFolder = (directory: string) => rm(directory, { recursive: true, force: true });

/** Runs `npm run demo`'s command on free ports, with its data in `directory`. */
export function spawnDemo(directory: string, { args = [], env = {} }: Run = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], {
    cwd: root,
    env: {
      ...process.env,
      DEMO_DIR: directory,
      SHOP_PORT: '0',
      SERVER_PORT: '0',
      SANDBOX_PORT: '0',
      ITEMS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const heard = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    text += chunk.toString();
    for (const listener of heard) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, ended, heard, output: () => text };
}

/** Resolves when the demo says that it is ready; throws with what it said instead. */
export async function startDemo(directory: string, run: Run = {}): Promise<Started> {
  const { child, ended, heard, output } = spawnDemo(directory, run);
  const line = /^ready: shop (\S+) · server (\S+) · sandbox (\S+) · items (\S+)$/m;
  const ready = new Promise<RegExpExecArray>((resolve) => {
    heard.add(() => {
      const match = line.exec(output());
      if (match) resolve(match);
    });
  });
  const failed = ended.then((code) => {
    throw new Error(`the demo ended with ${code}:\n${output()}`);
  });
  const [, shop = '', server = '', sandbox = '', items = ''] = await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return {
    shop,
    server,
    sandbox,
    items,
    directory,
    child,
    output,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}
