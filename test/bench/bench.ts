import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltServer, startBuilt } from './built-server.js';
import { type Child, startChild } from './child.js';
import { type Samples, takeSamples } from './documents.js';
import type { FloorOptions } from './floor/floor-process.js';
import { type Mongo, startMongo } from './mongo.js';
import { backendEnv, item, providerEnv, serverEnv, type Through } from './settings.js';

export type Engine = 'embedded' | 'Mongo';

/** Something that takes sessions and verifies: the server, or the floor. */
export interface Contender {
  readonly url: string;
  readonly pid: number;
  requestTimes(): Promise<[orderId: string, ms: number][]>;
  stop(): Promise<void>;
}

export interface Floor extends Contender {
  /** Resolves when it has nothing left to do. */
  idle(): Promise<void>;
}

/** A store, as the server's environment names it. */
export type StorePlace = Readonly<Partial<Record<'STORE_FILE' | 'MONGODB_URI', string>>>;

export interface ServerOptions {
  readonly store?: StorePlace;
  readonly timed?: boolean;
  /** Default: Toss. */
  readonly through?: Through;
  /** The URL of the merchant's backend; none: it hears nothing. */
  readonly backend?: string;
}

/** All that a figure needs. Every part runs in a process of its own; they share the machine. */
export interface Bench {
  readonly load: Child;
  readonly sandbox: Child;
  readonly sandboxUrl: string;
  readonly samples: Samples;
  readonly mongo: Mongo | { readonly missing: string };
  /** The built server, on a fresh, empty store if none is named. */
  server(engine: Engine, options?: ServerOptions): Promise<BuiltServer>;
  floor(engine: Engine, portone?: FloorOptions['portone']): Promise<Floor>;
  /** Of a store that does not exist yet. */
  place(engine: Engine): StorePlace;
  /** A name in the bench's own folder, which is removed at the end. */
  file(name: string): string;
  progress(text: string): void;
  close(): Promise<void>;
}

export async function openBench(progress: (text: string) => void): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-checkout-bench-'));
  await mkdir(join(folder, 'run'));
  const file = (name: string) => join(folder, name);
  const catalogue = file('catalogue.json');
  await writeFile(catalogue, JSON.stringify([item]));
  progress('starting the sandbox, the load generator and MongoDB');
  const samples = await takeSamples();
  const sandbox = await startChild(new URL('./sandbox-process.ts', import.meta.url));
  const load = await startChild(new URL('./load/load-process.ts', import.meta.url));
  const mongo = await startMongo();
  const sandboxUrl = await sandbox.ask<string>('url');
  const parts = { sandboxUrl, catalogue };
  const env = serverEnv(parts);
  let made = 0;

  const place = (engine: Engine): StorePlace => {
    const name = `store_${++made}`;
    if (engine === 'embedded') return { STORE_FILE: file(`${name}.db`) };
    if ('missing' in mongo) throw new Error(mongo.missing);
    return { MONGODB_URI: mongo.database(name) };
  };

  return {
    load,
    sandbox,
    sandboxUrl,
    samples,
    mongo,
    place,
    file,
    progress,
    server: (engine, { store = place(engine), timed = false, through = 'toss', backend } = {}) =>
      startBuilt({
        env: { ...env, ...providerEnv(through, parts), ...(backend && backendEnv(backend)), ...store },
        folder: file('run'),
        timed,
      }),
    async floor(engine, portone) {
      const { STORE_FILE, MONGODB_URI } = place(engine);
      const floor = await startChild(new URL('./floor/floor-process.ts', import.meta.url), { NODE_ENV: 'production' });
      const options: FloorOptions = {
        samples,
        sandboxUrl,
        ...(portone && { portone }),
        ...(STORE_FILE !== undefined && { file: STORE_FILE }),
        ...(MONGODB_URI !== undefined && { mongodbUri: MONGODB_URI }),
      };
      return {
        url: await floor.ask<string>('start', options),
        pid: floor.pid,
        requestTimes: () => floor.ask('requestTimes'),
        idle: () => floor.ask('idle'),
        stop: () => floor.stop(),
      };
    },
    async close() {
      await Promise.all([load.stop(), sandbox.stop()]);
      if ('stop' in mongo) await mongo.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
