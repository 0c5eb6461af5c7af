import type { Clock } from '../../ops/clock.js';
import type { Fetch, ProviderReply, ProviderRequest, Timeouts } from '../http.js';
import { describeReply, send } from '../http.js';
import type { Misconfigured, PortOneV1Channel, Unknown } from '../provider.js';
import { type Envelope, type PortOneV1Call, readEnvelope, verdict } from './codes.js';
import { createTokens, readToken } from './token.js';

/** What a call came to. `no` and its message: see `codes.ts`. */
export type Reply =
  | { readonly outcome: 'done'; readonly response: unknown }
  | { readonly outcome: 'no'; readonly code: string; readonly message?: string }
  | { readonly outcome: 'not_found' }
  | Misconfigured
  | Unknown;

export interface Request {
  readonly method: ProviderRequest['method'];
  /** Without the leading slash. */
  readonly path: string;
  readonly body?: object;
  /** Default: a lookup's. */
  readonly timeout?: number;
  readonly maxReplyBytes?: number;
}

export type Rest = (call: PortOneV1Call, channel: PortOneV1Channel, request: Request) => Promise<Reply>;

/**
 * V1's REST calls, each with a token. One whose token V1 does not take is made once more with a new one, a money call too: it was turned
 * away unread. Nothing else is ever made twice here.
 */
export function createRest({ fetch, timeouts, clock }: { fetch: Fetch; timeouts: Timeouts; clock: Clock }): Rest {
  const exchange = (
    channel: PortOneV1Channel,
    { method, path, body, timeout, maxReplyBytes }: Request,
    headers: Readonly<Record<string, string>>,
  ): Promise<ProviderReply> =>
    send(fetch, {
      method,
      url: `${channel.apiBase.replace(/\/+$/, '')}/${path}`,
      headers,
      ...(body && { body }),
      timeout: timeout ?? timeouts.lookup,
      ...(maxReplyBytes !== undefined && { maxReplyBytes }),
    });

  const tokens = createTokens(async (channel) => {
    const body = { imp_key: channel.apiKey, imp_secret: channel.apiSecret };
    const reply = read('token', await exchange(channel, { method: 'POST', path: 'users/getToken', body }, {}));
    if (reply.outcome === 'misconfigured' || reply.outcome === 'unknown') return reply;
    const given = reply.outcome === 'done' ? readToken(reply.response) : undefined;
    return given ? { outcome: 'done', given } : unknown('not a token');
  }, clock);

  return async (call, channel, request) => {
    const tier = channel.tierCode === undefined ? {} : { Tier: channel.tierCode };
    for (let again = false; ; again = true) {
      const held = await tokens.of(channel);
      if (held.outcome !== 'done') return held;
      const reply = await exchange(channel, request, { Authorization: `Bearer ${held.token}`, ...tier });
      if (!isUnauthorized(reply)) return read(call, reply);
      tokens.refused(channel, held.token);
      if (again) return read(call, reply);
    }
  };
}

/** V1's own word for it: a 401 of anything in between says nothing of what V1 did. */
const isUnauthorized = (reply: ProviderReply): boolean =>
  reply.kind === 'reply' && reply.status === 401 && readEnvelope(reply.json) !== undefined;

/** Whatever has not V1's form (HTML, nothing at all) is unknown. */
export function read(call: PortOneV1Call, reply: ProviderReply): Reply {
  if (reply.kind === 'no_reply') return { outcome: 'unknown', why: 'no_reply', detail: reply.why };
  const envelope = readEnvelope(reply.json);
  if (!envelope) return unknown(describeReply(reply));
  switch (verdict(call, reply.status, envelope)) {
    case 'done':
      return { outcome: 'done', response: envelope.response };
    case 'no':
      return no(envelope);
    case 'not_found':
      return { outcome: 'not_found' };
    case 'unauthorized':
      return { outcome: 'misconfigured', code: 'UNAUTHORIZED' };
    case 'unknown':
      return unknown(`HTTP ${reply.status}, code ${envelope.code}`);
  }
}

const no = ({ code, message }: Envelope): Reply => ({
  outcome: 'no',
  code: String(code),
  ...(message !== undefined && { message }),
});

export const unknown = (detail: string): Unknown => ({ outcome: 'unknown', why: 'temporary', detail });
