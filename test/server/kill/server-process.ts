import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** One line of the server's log. */
export interface LogLine {
  readonly level: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A server in a process of its own, which a test can kill as a machine would. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with its URL once it listens; rejects with what it said if it ended before. */
  readonly ready: Promise<string>;
  readonly exited: Promise<void>;
  /** Stops it at once, whatever it is doing: SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to finish what is in flight and end: SIGTERM. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** All that it gets beside PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLog?: (line: LogLine) => void;
}

const fromSources = ['--import', 'tsx', 'server/main.ts'];

export function startServer({ env, onLog }: ServerProcessOptions): ServerProcess {
  const child = spawn(process.execPath, fromSources, {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = child.exitCode === null ? once(child, 'exit').then(() => undefined) : Promise.resolve();
  const ready = listening(child, onLog);
  // Whoever killed it while it was starting does not ask for this.
  ready.catch(() => undefined);
  const signal = (name: NodeJS.Signals) => () => {
    child.kill(name);
    return exited;
  };
  return { pid: child.pid ?? 0, ready, exited, kill: signal('SIGKILL'), stop: signal('SIGTERM') };
}

function listening(child: ChildProcess, onLog: ServerProcessOptions['onLog']): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('The server has no output to read');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => said.push(line));
  const lines = createInterface(child.stdout);
  return new Promise((resolve, reject) => {
    lines.on('line', (text) => {
      const line = JSON.parse(text) as LogLine;
      onLog?.(line);
      if (line.event === 'listening') resolve(`http://127.0.0.1:${line.port}`);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`The server ended (${code ?? signal}) before it listened.\n${said.join('\n')}`)),
    );
  });
}
