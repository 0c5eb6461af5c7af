import { type Started, startProcess } from './process.js';

/** One line of the server's log. */
export interface LogLine {
  readonly level: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface ServerProcessOptions {
  /** All that it gets beside PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLog?: (line: LogLine) => void;
}

export type ServerProcess = Started;

/** A server in a process of its own. */
export function startServer({ env, onLog }: ServerProcessOptions): ServerProcess {
  return startProcess('server/main.ts', env, (text) => {
    const line = JSON.parse(text) as LogLine;
    onLog?.(line);
    return line.event === 'listening' ? `http://127.0.0.1:${line.port}` : undefined;
  });
}
