import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { readWidget, type WidgetFiles } from '../../server/http/widget-files.js';
import { DemoError } from './settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The widget as it stands in the sources: needs no build step before, can't be out of date, and leaves `dist` alone. A build takes a
 * second, so what it made is kept under the hash of the sources. Throws `DemoError` where they do not build.
 */
export async function buildWidget(): Promise<WidgetFiles> {
  const folder = join(root, 'node_modules/.cache/widget', hashOfSources());
  const kept = readWidget(folder);
  if (kept.size > 0) return kept;
  const files = await build();
  keep(files, folder);
  return files;
}

/** What the build reads: the widget, the contract, how it is built, and by which versions. */
function hashOfSources(): string {
  const hash = createHash('sha256');
  const sources = ['widget', 'contract'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const settings = ['vite.config.ts', 'tsconfig.base.json', 'package-lock.json'].map((file) => join(root, file));
  for (const file of [...sources.sort(), ...settings]) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

async function build(): Promise<WidgetFiles> {
  // Not at the top: most starts do without.
  const vite = await import('vite');
  try {
    const built = await vite.build({ root, logLevel: 'silent', build: { write: false } });
    const outputs = Array.isArray(built) ? built : [built];
    const files = outputs.flatMap((each) => ('output' in each ? each.output : []));
    return new Map(files.map((file) => [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)]));
  } catch (error) {
    throw new DemoError(`The widget does not build.\n${error instanceof Error ? error.message : String(error)}`);
  }
}

/** All of it or nothing: another demo may look at the same moment. Where nothing can be kept, the next start builds again. */
function keep(files: WidgetFiles, folder: string): void {
  const part = `${folder}.${process.pid}`;
  try {
    mkdirSync(part, { recursive: true });
    for (const [name, content] of files) writeFileSync(join(part, name), content);
    renameSync(part, folder);
  } catch {
    rmSync(part, { recursive: true, force: true });
  }
}
