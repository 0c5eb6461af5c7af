import { readFileSync } from 'node:fs';
import type { RequestHandler } from 'express';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Serves text that any page may load, from any origin. */
const serve =
  (type: 'css' | 'js', text: string): RequestHandler =>
  (_req, res) => {
    res.set({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-cache',
    });
    res.type(type).send(text);
  };

/** A file beside this one. */
export const asset = (path: string): RequestHandler => serve(path.endsWith('.css') ? 'css' : 'js', read(path));

/**
 * Several small modules as one classic script, as the providers' scripts are. Each file is a module for editor and linter; in
 * the script they share one function scope, in the order given, so their top-level names must differ and imports be by name.
 */
export function classicScript(paths: readonly string[]): RequestHandler {
  const parts = paths.map((path) =>
    read(path)
      .replace(/^import [^;]*;\n/gm, '')
      .replace(/^export /gm, ''),
  );
  return serve('js', `(() => {\n'use strict';\n${parts.join('\n')}\n})();\n`);
}
