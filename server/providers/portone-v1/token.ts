import { type Clock, type Instant, minute, second } from '../../ops/clock.js';
import type { Misconfigured, PortOneV1Channel, Unknown } from '../provider.js';
import { asCount, asObject, asText } from '../reading.js';

/** What calls are made with. V1 gives out one and the same to everybody with the key, until it ends. */
export type TokenOutcome = { readonly outcome: 'done'; readonly token: string } | Misconfigured | Unknown;

export interface Tokens {
  /** One that V1 takes, as far as is known. Asks for one if need be, once for all who wait for it. Never throws. */
  of(channel: PortOneV1Channel): Promise<TokenOutcome>;
  /** V1 did not take this one: it is not handed out again, unless V1 itself gives it out once more. */
  refused(channel: PortOneV1Channel, token: string): void;
}

/** How long a token that was given lasts, in milliseconds, by the clock of whoever gave it. */
export interface Given {
  readonly token: string;
  readonly lasts: number;
}

interface Kept {
  readonly token: string;
  readonly renewAt: Instant;
  readonly endsAt: Instant;
}

/** A token with less than a minute left is made to last five minutes longer when it is asked for again; before that nothing changes. */
const renewBeforeMs = 30 * second;
/** What a token is documented to live. */
const longestMs = 30 * minute;

/** Tokens by key, in memory: a restart asks again. */
export function createTokens(
  ask: (channel: PortOneV1Channel) => Promise<{ outcome: 'done'; given: Given } | Misconfigured | Unknown>,
  clock: Clock,
): Tokens {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<TokenOutcome>>();
  const keyOf = ({ apiBase, apiKey, apiSecret }: PortOneV1Channel) => `${apiBase} ${apiKey} ${apiSecret}`;

  async function renewed(channel: PortOneV1Channel, key: string): Promise<TokenOutcome> {
    const askedAt = clock.now();
    const answer = await ask(channel);
    if (answer.outcome === 'done') {
      const { token, lasts } = answer.given;
      // One that is given with little left is used while it lasts, not asked for with every call.
      kept.set(key, { token, endsAt: askedAt + lasts, renewAt: askedAt + Math.max(lasts - renewBeforeMs, lasts / 2) });
      return { outcome: 'done', token };
    }
    const old = kept.get(key);
    return answer.outcome === 'unknown' && old && clock.now() < old.endsAt
      ? { outcome: 'done', token: old.token }
      : answer;
  }

  return {
    async of(channel) {
      const key = keyOf(channel);
      const known = kept.get(key);
      if (known && clock.now() < known.renewAt) return { outcome: 'done', token: known.token };
      const under = asking.get(key);
      if (under) return under;
      const mine = renewed(channel, key).finally(() => asking.delete(key));
      asking.set(key, mine);
      return mine;
    },
    refused(channel, token) {
      const key = keyOf(channel);
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  };
}

/** `{access_token, expired_at, now}` in seconds; what is odd about the times makes it short-lived, not useless. */
export function readToken(response: unknown): Given | undefined {
  const fields = asObject(response);
  const token = asText(fields?.access_token);
  // It goes into a header as it is.
  if (!fields || !token || !/^[\x21-\x7e]{1,4096}$/.test(token)) return undefined;
  const [ends, now] = [asCount(fields.expired_at), asCount(fields.now)];
  const lasts = ends === undefined || now === undefined ? minute : (ends - now) * second;
  return { token, lasts: Math.min(Math.max(lasts, second), longestMs) };
}
