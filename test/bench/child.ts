import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** In a child process: answers what the bench asks, by name. The bench's end is this process's end. */
export function answerParent(handlers: Handlers): void {
  const reply = (message: Reply) => process.send?.(message);
  process.on('message', async ({ id, name, argument }: Question) => {
    try {
      const handler = handlers[name];
      if (!handler) throw new Error(`no handler ${name}`);
      reply({ id, value: await handler(argument as never) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  reply({ id: 0, value: 'ready' });
}

/** A part of the bench in a process of its own. */
export interface Child {
  readonly pid: number;
  ask<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a module that calls `answerParent`; resolves when it did. */
export async function startChild(module: URL, env: Readonly<Record<string, string>> = {}): Promise<Child> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(module)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  const answer = (id: number) => new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  child.on('message', (message: Reply) => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asked?.reject(new Error(message.error));
    else asked?.resolve(message.value);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module.pathname} ended (${code})`));
  });
  await answer(0);
  return {
    pid: child.pid ?? 0,
    ask(name, argument) {
      const id = ++last;
      const answered = answer(id);
      child.send({ id, name, argument });
      return answered as Promise<never>;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
