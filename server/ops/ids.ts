import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

/** Where ids come from: 26 characters of Crockford's base32. Injected, so that tests can foretell them. */
export interface Ids {
  /** A ULID: 48 bits of time, 80 random bits. Sortable by time, not guessable. */
  ulid(): string;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 128 bits as 26 characters; the first carries only the top 3 bits, as in a ULID. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  // Two zero bits in front: 26 characters hold 130.
  let bits = 2;
  for (const byte of bytes.subarray(0, 16)) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; ) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return text;
}

/** Asking the system for random bytes costs more than making an id: they are fetched in bulk, and each is used once. */
function randomSource(): (count: number) => Buffer {
  let pool = Buffer.alloc(0);
  return (count) => {
    if (pool.length < count) pool = randomBytes(4_096);
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  };
}

const random = randomSource();

export const systemIds = (clock: Clock): Ids => ({
  ulid() {
    const bytes = random(16);
    bytes.writeUIntBE(clock.now(), 0, 6);
    return base32(bytes);
  },
});

/**
 * The id's 26 characters for something made by a repeatable call: the first 128 bits of a SHA-256 over the parts, so that a repeat
 * derives the same id and reads back what the first call made. Parts are length-prefixed: ('ab','c') and ('a','bc') differ.
 */
export function derivedId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return base32(hash.digest());
}

/** What every id of ours ends in. */
export const idPattern = '[0-9A-HJKMNP-TV-Z]{26}';
