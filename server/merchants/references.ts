import { z } from 'zod';
import type { Source } from '../environment/source.js';
import { fileText, secretVariable } from '../environment/source.js';

/** A secret is never written into the file: the file says where it is. */
export const reference = z.union(
  [z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'expected {"env": "NAME"} or {"file": "path"}; secrets are not written into this file' },
);
export type Reference = z.output<typeof reference>;

export const publicText = z.union([z.string().trim().min(1), reference], {
  error: 'expected a text, {"env": "NAME"} or {"file": "path"}',
});

/** Says a place in the merchants document as the person who configures knows it: a path in the file, or a variable's name. */
export type Naming = (path: readonly PropertyKey[]) => string;

/** One entry being read: reports each mistake under its own place. */
export interface Reading {
  readonly source: Source;
  at(...path: readonly PropertyKey[]): string;
  wrong(path: readonly PropertyKey[], expected: string): undefined;
}

export function resolveReference(reading: Reading, path: readonly PropertyKey[], where: Reference): string | undefined {
  if ('file' in where) return fileText(reading.source, reading.at(...path), where.file);
  const found = secretVariable(reading.source, where.env);
  return found ?? reading.wrong(path, `the variable ${where.env} is not set`);
}

export const resolveText = (
  reading: Reading,
  path: readonly PropertyKey[],
  value: string | Reference,
): string | undefined => (typeof value === 'string' ? value : resolveReference(reading, path, value));
