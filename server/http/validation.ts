import { z } from 'zod';
import { placeOf } from '../environment/mistakes.js';
import type { FieldError } from './problem.js';
import { ApiError } from './problem.js';

const maxErrors = 20;
const maxDepth = 16;

/** Control characters but tab and line ends, and halves of surrogate pairs: no name or address has them, and stores choke on them. */
const unusable = /[^\P{Cc}\t\n\r]|\p{Cs}/u;
const dangerousKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Keys are the caller's and may be long: a mistake is not to be answered with more than was sent. */
const shownPlace = (path: readonly PropertyKey[]) => placeOf(path).slice(0, 200);

/** Mistakes that no schema should have to think of: unusable characters, keys that name the prototype, absurd depth. */
function inspect(value: unknown, path: readonly PropertyKey[], found: FieldError[]): void {
  if (found.length >= maxErrors) return;
  const wrong = (message: string) => found.push({ path: shownPlace(path), message });
  if (typeof value === 'string') {
    if (unusable.test(value)) wrong('has control characters or broken Unicode');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= maxDepth) {
    wrong('is nested too deep');
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    if (typeof step === 'string' && (dangerousKeys.has(step) || unusable.test(step))) {
      wrong('has a key that is not taken anywhere');
    } else {
      inspect(inner, [...path, step], found);
    }
  }
}

/** Zod's issues as field errors; of a union, the alternative that came nearest. */
function fieldErrors(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: shownPlace([...path, key]), message: 'is not taken here' }));
    }
    const [first, ...others] = issue.code === 'invalid_union' ? issue.errors : [];
    if (first) {
      const nearest = others.reduce((best, other) => (other.length < best.length ? other : best), first);
      return fieldErrors(nearest, path);
    }
    return [{ path: shownPlace(path), message: issue.message.replace(/^Invalid input: /, '') }];
  });
}

function refuse(what: string, errors: readonly FieldError[]): never {
  const shown = errors.slice(0, maxErrors);
  const lines = shown.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = errors.length > 3 ? ` (and ${errors.length - 3} more)` : '';
  throw new ApiError('invalid_request', `The ${what} is not as expected: ${lines.join('; ')}${more}`, {
    errors: shown,
  });
}

const nothing = z.strictObject({});

/** `value` as the schema wants it; without a schema, nothing may be in it. Throws `ApiError invalid_request` naming each mistake; unknown fields are mistakes too. */
export function validated(schema: z.ZodType | undefined, value: unknown, what: 'body' | 'query' | 'path'): unknown {
  const found: FieldError[] = [];
  inspect(value, [], found);
  if (found.length > 0) refuse(what, found);
  const parsed = (schema ?? nothing).safeParse(value);
  if (!parsed.success) refuse(what, fieldErrors(parsed.error.issues));
  return schema ? parsed.data : undefined;
}
