import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where configuration is read from, with the mistakes found on the way. */
export interface Source {
  readonly env: Env;
  /** Relative paths start here. */
  readonly directory: string;
  readonly mistakes: string[];
  /** What the one who configures should know, and nobody need change at once. Holds no secret. */
  readonly notices: string[];
}

export const sourceOf = (env: Env, directory = process.cwd()): Source => ({
  env,
  directory,
  mistakes: [],
  notices: [],
});

/** The variable's text without spaces around it; empty counts as not set. */
export function variable(source: Source, name: string): string | undefined {
  const text = source.env[name]?.trim();
  return text === '' ? undefined : text;
}

/** A file's text, without the BOM and the newline that editors add. A file that can't be read is a mistake of `name`. */
export function fileText(source: Source, name: string, path: string): string | undefined {
  try {
    return readFileSync(resolve(source.directory, path), 'utf8')
      .replace(/^\uFEFF/, '')
      .trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    source.mistakes.push(`${name}: the file ${path} can not be read (${reason})`);
    return undefined;
  }
}

/** A secret: from `NAME`, or from the file that `NAME_FILE` names (as container platforms mount them). */
export function secretVariable(source: Source, name: string): string | undefined {
  const inline = variable(source, name);
  const path = variable(source, `${name}_FILE`);
  if (inline !== undefined && path !== undefined) {
    source.mistakes.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    return undefined;
  }
  if (path === undefined) return inline;
  const text = fileText(source, `${name}_FILE`, path);
  if (text === '') source.mistakes.push(`${name}_FILE: the file ${path} is empty`);
  return text === '' ? undefined : text;
}

/** The JSON in a file, or `undefined` with a mistake noted. */
export function fileJson(source: Source, name: string, path: string): unknown {
  const text = fileText(source, name, path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // Only the place: the message quotes the text, and people do put secrets where they don't belong.
    const place = /position \d+( \(line \d+ column \d+\))?/.exec((error as Error).message)?.[0] ?? 'its end';
    source.mistakes.push(`${name}: ${path} is not JSON (wrong at ${place})`);
    return undefined;
  }
}
