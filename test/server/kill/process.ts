import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** A program in a process of its own, which a test can kill as a machine would. */
export interface Started {
  readonly pid: number;
  /** Resolves with its URL once it listens; rejects with what it said if it ended before. */
  readonly ready: Promise<string>;
  readonly exited: Promise<void>;
  /** Stops it at once, whatever it is doing: SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to finish what is in flight and end: SIGTERM. */
  stop(): Promise<void>;
}

/** `env`: all that it gets beside PATH. `listensAt`: the URL, out of the line of its output that says it. */
export function startProcess(
  script: string,
  env: Readonly<Record<string, string>>,
  listensAt: (line: string) => string | undefined,
): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = child.exitCode === null ? once(child, 'exit').then(() => undefined) : Promise.resolve();
  const ready = listening(child, listensAt);
  // Whoever killed it while it was starting does not ask for this.
  ready.catch(() => undefined);
  const signal = (name: NodeJS.Signals) => () => {
    child.kill(name);
    return exited;
  };
  return { pid: child.pid ?? 0, ready, exited, kill: signal('SIGKILL'), stop: signal('SIGTERM') };
}

function listening(child: ChildProcess, listensAt: (line: string) => string | undefined): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('The process has no output to read');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => said.push(line));
  const lines = createInterface(child.stdout);
  return new Promise((resolve, reject) => {
    lines.on('line', (text) => {
      const url = listensAt(text);
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The process ended (${code ?? signal}) before it listened.\n${said.join('\n')}`)),
    );
  });
}
