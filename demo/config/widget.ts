import { fileURLToPath } from 'node:url';
import type { WidgetFiles } from '../../server/http/widget-files.js';
import { DemoError } from './settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The widget as it stands in the sources, built in memory: takes half a second, needs no build step before, can't be out of date, and
 * leaves `dist` alone. Throws `DemoError` where the sources do not build.
 */
export async function buildWidget(): Promise<WidgetFiles> {
  // Not at the top: what is loaded for it takes as long as the build, and goes on while the servers start.
  const { build } = await import('vite');
  try {
    const built = await build({ root, logLevel: 'silent', build: { write: false } });
    const outputs = Array.isArray(built) ? built : [built];
    const files = outputs.flatMap((each) => ('output' in each ? each.output : []));
    return new Map(files.map((file) => [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)]));
  } catch (error) {
    throw new DemoError(`The widget does not build.\n${error instanceof Error ? error.message : String(error)}`);
  }
}
