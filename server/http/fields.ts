import { z } from 'zod';
import { idPattern } from '../ops/ids.js';

/** An id of ours: `pay_` and 26 characters. */
export const idField = (prefix: 'pay' | 'cs' | 'rf' | 'cmp') =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${idPattern}$`), `expected an id such as ${prefix}_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA`);

/** One line of text, trimmed, of 1 to `max` characters. */
export const lineField = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\r\n\t]*$/, 'expected one line');

/** An absolute http(s) URL without credentials. */
export const urlField = z
  .string()
  .max(2_000)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const url = new URL(text);
      return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
    },
    { error: 'expected an absolute http(s) URL' },
  );

/** `wait` of a long poll, as it stands in a query: seconds. */
export const waitField = z
  .string()
  .regex(/^\d{1,2}$/, 'expected 0 to 25 seconds')
  .transform(Number)
  .refine((seconds) => seconds <= 25, { error: 'expected 0 to 25 seconds' });

/** `limit` of a list, as it stands in a query. */
export const limitField = (max: number, normal: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `expected a number from 1 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, { error: `expected a number from 1 to ${max}` })
    .default(normal);
