import type { Caller } from './caller.js';
import { ApiError } from './problem.js';

const fromPage = /^[A-Za-z0-9_-]{22,255}$/;
const fromOthers = /^[\x21-\x7e]{16,255}$/;

/**
 * The `Idempotency-Key` of a request. Everyone on a page shares one publishable key, so a page's idempotency keys must be unguessable:
 * 22 characters of `A-Za-z0-9_-` are what 128 random bits take.
 */
export function idempotencyKey(
  header: string | undefined,
  caller: Caller | undefined,
  need: 'optional' | 'required' | 'none',
): string | undefined {
  if (need === 'none') return undefined;
  if (header === undefined) {
    if (need === 'optional') return undefined;
    throw new ApiError(
      'idempotency_key_invalid',
      'This request needs an Idempotency-Key header: 16 to 255 visible ASCII characters.',
    );
  }
  if (caller?.kind === 'publishable' && !fromPage.test(header)) {
    throw new ApiError(
      'idempotency_key_invalid',
      'With a publishable key it must be at least 128 random bits: 22 to 255 letters, digits, - or _.',
    );
  }
  if (!fromOthers.test(header)) {
    throw new ApiError('idempotency_key_invalid', 'It must be 16 to 255 visible ASCII characters, without spaces.');
  }
  return header;
}
