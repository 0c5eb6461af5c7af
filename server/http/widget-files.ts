import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { ApiError } from './problem.js';

/** The built widget: file name → content. Empty: it was not built. */
export type WidgetFiles = ReadonlyMap<string, Buffer>;

type Encoding = 'br' | 'gzip' | 'identity';

/** Scripts whose names stay the same: asked for again soon, so that a new version is seen. */
const entries: ReadonlySet<string> = new Set([
  'pay-checkout.js',
  'pay-history.js',
  'pay-checkout.single.js',
  'pay-checkout.single.js.map',
]);
const shortly = 'public, max-age=300';
const forever = 'public, max-age=31536000, immutable';

/** `core-1a2B3c_d.js`, `core-1a2B3c_d.js.map`: a name, the hash of the content, an ending. */
const hashed = /^([a-z][a-z0-9-]*)-[\w-]{8}(\.js(?:\.map)?)$/;
const withoutHash = (name: string) => (entries.has(name) ? name : name.replace(hashed, '$1$2'));

/** Below this a compressed reply is no smaller. */
const worthwhile = 512;

const compressors: Readonly<Record<Exclude<Encoding, 'identity'>, (content: Buffer) => Promise<Buffer>>> = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: (content) => promisify<Buffer, object, Buffer>(gzip)(content, { level: 9 }),
};

/** The files of a build folder; none where there is no such folder. */
export function readWidget(directory: string): WidgetFiles {
  const names = readable(directory).filter((name) => entries.has(name) || hashed.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
}

function readable(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * `GET /pay-checkout.js` and the files that it loads, for pages of any origin. Each is compressed once, when it is first asked for.
 *
 * A page that was loaded before an update, or through another server of the same fleet, asks for hashes that are not there: it gets this
 * version's file of the same name, uncached, rather than a checkout that does not open.
 */
export function serveWidget(files: WidgetFiles): RequestHandler {
  const current = new Map([...files.keys()].map((name) => [withoutHash(name), name]));
  const packed = new Map<string, Promise<Buffer>>();
  const tags = new Map([...files].map(([name, content]) => [name, tagOf(content)]));

  function pack(name: string, content: Buffer, encoding: Encoding): Promise<Buffer> | Buffer {
    if (encoding === 'identity') return content;
    const key = `${name} ${encoding}`;
    const known = packed.get(key) ?? compressors[encoding](content);
    packed.set(key, known);
    return known;
  }

  async function send(res: Response, name: string, content: Buffer, cache: string): Promise<void> {
    const encoding = content.length < worthwhile ? 'identity' : encodingFor(res.req);
    res.set({
      'Cache-Control': cache,
      'Timing-Allow-Origin': '*',
      Vary: 'Accept-Encoding',
      ETag: `"${tags.get(name)}-${encoding}"`,
    });
    if (encoding !== 'identity') res.set('Content-Encoding', encoding);
    if (files.has(`${name}.map`)) res.set('SourceMap', `${name}.map`);
    res.type(name.endsWith('.map') ? 'json' : 'js').send(await pack(name, content, encoding));
  }

  return async (req, res, next) => {
    const asked = req.path.slice(1);
    const known = entries.has(asked) || hashed.test(asked);
    if (!known || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    res.locals.route = `/${withoutHash(asked)}`;
    const name = files.has(asked) ? asked : current.get(withoutHash(asked));
    const content = name === undefined ? undefined : files.get(name);
    if (name === undefined || content === undefined) throw new ApiError('not_found', missing(files));
    const cache = entries.has(name) ? shortly : name === asked ? forever : 'no-cache';
    await send(res, name, content, cache);
  };
}

/** The smallest that is taken; asked one by one, because of several the browser's order would decide. */
const encodingFor = (req: Request): Encoding =>
  (['br', 'gzip'] as const).find((encoding) => req.acceptsEncodings(encoding)) ?? 'identity';

const missing = (files: WidgetFiles): string =>
  files.size === 0
    ? 'The widget was not built: run "npm run build" on this server, and start it again.'
    : 'This version of the widget has no such file; pages load it by /pay-checkout.js.';

const tagOf = (content: Buffer): string => createHash('sha256').update(content).digest('base64url').slice(0, 22);
