import { createHmac } from 'node:crypto';

/** The key inside `whsec_…`; a secret without the prefix is base64 as it is. */
const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** Standard Webhooks: HMAC-SHA256 over id, time in unix seconds and body. */
export function sign(secret: string, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
