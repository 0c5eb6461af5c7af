import type { Hints } from './launcher.js';

/** The fields of a response, and of an error, that say how it went. All of them come from outside. */
export interface Said {
  code?: unknown;
  message?: unknown;
  pgCode?: unknown;
  pgMessage?: unknown;
  txId?: unknown;
  paymentToken?: unknown;
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Optional properties may not be `undefined`. */
export function hintsOf(said: Said, orderId: string): Hints {
  const { txId, paymentToken, code, message } = said;
  const hints: Hints = { orderId };
  const named = { txId, paymentToken, code, message: said.pgMessage || message };
  for (const [name, value] of Object.entries(named)) {
    const known = text(value);
    if (known) hints[name as 'code'] = known;
  }
  return hints;
}
