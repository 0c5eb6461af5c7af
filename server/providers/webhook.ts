import type { Fields } from './reading.js';
import { asObject } from './reading.js';

/** As Node's HTTP server gives them: names in lower case. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * What a webhook says of itself. Never evidence of money: it tells which payment or billing key to ask about, no more.
 *
 * `false`: it did not come from the provider, or can't be read: refuse it. `unsigned`: this provider signs nothing, so anybody may have sent it.
 */
export type ProviderWebhook =
  | { readonly authentic: false; readonly why: WebhookRefusal }
  | (WebhookContent & {
      readonly authentic: true | 'unsigned';
      /** The message's own id, the same on each delivery of it. */
      readonly id?: string;
    });

export interface WebhookContent {
  /** `other`: events that we don't follow. Answer them like any other. */
  readonly kind: 'payment' | 'billing_key' | 'other';
  /** The provider's name of the event, for the log. */
  readonly event: string;
  /** Absent: nothing of ours. What is in here was written by whoever sent it. */
  readonly about?: WebhookAbout;
  /** What it claims, where that can be compared with what is known: the window was opened, or `about.record` was paid. */
  readonly says?: 'opened' | 'paid';
  /** Toss's deposit secret, to be compared with the one that came with the record. Never log it. */
  readonly secret?: string;
  /** This kind of event always carries that secret: one without it is doubtful. */
  readonly needsSecret?: true;
}

export interface WebhookAbout {
  readonly orderId?: string;
  readonly record?: string;
  readonly billingKey?: string;
}

/** `unsigned`: without the headers that a signature needs. `expired`: signed longer ago, or further ahead, than is allowed. */
export type WebhookRefusal = 'unsigned' | 'signature' | 'expired' | 'unreadable' | 'too_large';

/** Real ones have a few kilobytes. */
export const maxWebhookLength = 262_144;

export const isTooLarge = (raw: string): boolean => raw.length > maxWebhookLength;

/** The body as a JSON object, else `undefined`. */
export function parseFields(raw: string): Fields | undefined {
  try {
    return asObject(JSON.parse(raw));
  } catch {
    return undefined;
  }
}

/** An id that may be looked for: short, without blanks or control characters. */
export const asId = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;

/** An event's name as it may stand in a log. */
export const asEvent = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,79}$/.test(value) ? value : 'unrecognized';

/** A header that is there exactly once. */
export function single(headers: WebhookHeaders, name: string): string | undefined {
  const value = headers[name];
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === 'string' ? one : undefined;
}
