import { isIP } from 'node:net';
import { z } from 'zod';
import { webUrl } from './catalogue.js';
import type { WebhookEndpoint } from './merchant.js';

/** One address, or a range of them: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected up to 32 lower-case letters, digits or -');

/** A merchant's endpoints as they are written; `secret` is whatever stands for a secret in that document. */
export const webhooksSchema = <S extends z.ZodType>(secret: S) =>
  z
    .array(
      z.strictObject({
        id,
        url: webUrl,
        secret,
        allowPrivate: z
          .array(z.string().refine(isAddressRange, { error: 'expected an address or a range such as 10.0.0.0/8' }))
          .max(20)
          .default([]),
      }),
    )
    .max(5, 'expected at most 5 endpoints')
    .refine((list) => new Set(list.map((endpoint) => endpoint.id)).size === list.length, {
      error: 'each endpoint needs an id of its own',
    });

/** The keys in a text of one or two `whsec_…`, separated by a comma; undefined if it is anything else. */
function readSecrets(text: string): Uint8Array[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const keys = parts.map((part) => {
    const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(part) ?? [];
    return base64 === undefined ? new Uint8Array() : Buffer.from(base64, 'base64');
  });
  const usable = keys.length <= 2 && keys.every((key) => key.length >= 24 && key.length <= 64);
  return usable ? keys : undefined;
}

export type WebhookRead =
  | { readonly ok: true; readonly endpoint: WebhookEndpoint }
  | { readonly ok: false; readonly where: 'url' | 'secret'; readonly expected: string };

/** One endpoint, its secret resolved. */
export function readWebhook(
  entry: { readonly id: string; readonly url: string; readonly allowPrivate: readonly string[] },
  secret: string,
): WebhookRead {
  if (entry.url.startsWith('http:') && entry.allowPrivate.length === 0) {
    const expected = 'expected an https URL; http is for addresses named in allowPrivate';
    return { ok: false, where: 'url', expected };
  }
  const secrets = readSecrets(secret);
  if (!secrets) {
    const expected =
      'expected whsec_ and 24 to 64 random bytes in base64 (`echo whsec_$(openssl rand -base64 32)`); two, separated by a comma, while you rotate';
    return { ok: false, where: 'secret', expected };
  }
  return { ok: true, endpoint: { id: entry.id, url: entry.url, secrets, allowPrivate: entry.allowPrivate } };
}
