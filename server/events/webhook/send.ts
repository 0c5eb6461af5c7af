import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { second } from '../../ops/clock.js';
import { type Address, type Resolve, resolveTarget, systemResolve } from './targets.js';

export type SendError =
  | 'target_refused'
  | 'dns_failed'
  | 'connection_failed'
  | 'tls_failed'
  | 'timed_out'
  | 'redirect_not_followed'
  | 'status'
  | 'stopped';

/** What came back. `error` is there unless the status was 2xx. */
export interface Sent {
  readonly status?: number;
  readonly error?: SendError;
}

export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivate: readonly string[];
  readonly signal: AbortSignal;
}

/** POSTs to targets that merchants name: only to addresses that may be called, without following redirects, and never for long. */
export interface Sender {
  /** Never throws. A 2xx means that the target has it; anything else, that it may have it. */
  send(sending: Sending): Promise<Sent>;
  close(): void;
}

export interface SenderOptions {
  /** From the lookup of the name to the status line. */
  readonly timeoutMs?: number;
  /** For the rest of the reply. Default: two seconds. */
  readonly replyMs?: number;
  readonly resolve?: Resolve;
  /** For a receiver with a certificate of its own. */
  readonly ca?: string;
}

/** Of a reply only the status counts. What follows is read so that the connection can be used again, but not for ever. */
const maxReply = 16 * 1024;

export function createSender(options: SenderOptions = {}): Sender {
  const { timeoutMs = 10 * second, replyMs = 2 * second, resolve = systemResolve, ca } = options;
  const agents = new Map<string, http.Agent>();
  // One for each URL and permission: a kept connection is never used by whoever may not have opened it.
  const agentOf = ({ protocol, href }: URL, allowPrivate: readonly string[]): http.Agent => {
    const name = JSON.stringify([href, allowPrivate]);
    let agent = agents.get(name);
    if (!agent) {
      const options = { keepAlive: true, maxFreeSockets: 4, timeout: 30 * second };
      agent = protocol === 'https:' ? new https.Agent({ ...options, ...(ca && { ca }) }) : new http.Agent(options);
      agents.set(name, agent);
    }
    return agent;
  };

  return {
    async send(sending) {
      const url = new URL(sending.url);
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([timeout, sending.signal]);
      const target = await orAborted(resolveTarget(url, sending.allowPrivate, resolve), signal);
      if (!target) return { error: timeout.aborted ? 'timed_out' : 'stopped' };
      if (!target.ok) return { error: target.why };
      const agent = agentOf(url, sending.allowPrivate);
      for (;;) {
        const posted = await post(url, sending, { addresses: target.addresses, agent, signal, replyMs });
        // The other side had just closed a kept connection, most likely without having seen this request.
        if (posted === 'stale' && !signal.aborted) continue;
        if (posted !== 'stale' && posted !== 'aborted') return posted;
        return { error: timeout.aborted ? 'timed_out' : 'stopped' };
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const end = () => resolve(undefined);
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });

interface Way {
  readonly addresses: readonly Address[];
  readonly agent: http.Agent;
  readonly signal: AbortSignal;
  readonly replyMs: number;
}

function post(
  url: URL,
  { headers, body }: Sending,
  { addresses, agent, signal, replyMs }: Way,
): Promise<Sent | 'stale' | 'aborted'> {
  return new Promise((resolve) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent,
      signal,
      lookup: pinnedTo(addresses),
    });
    sent.once('response', (reply) => {
      drain(reply, replyMs);
      resolve(outcomeOf(reply.statusCode ?? 0));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) resolve('aborted');
      else if (sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) resolve('stale');
      else resolve({ error: isTls(error.code ?? '') ? 'tls_failed' : 'connection_failed' });
    });
    sent.end(body);
  });
}

function outcomeOf(status: number): Sent {
  if (status >= 200 && status < 300) return { status };
  return { status, error: status >= 300 && status < 400 ? 'redirect_not_followed' : 'status' };
}

const isTls = (code: string) =>
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/.test(code);

function drain(reply: http.IncomingMessage, ms: number): void {
  let length = 0;
  const timer = setTimeout(() => reply.destroy(), ms);
  reply.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxReply) reply.destroy();
  });
  reply.on('error', () => undefined);
  reply.once('close', () => clearTimeout(timer));
}

/** A lookup that knows only the addresses that were checked. */
function pinnedTo(addresses: readonly Address[]): LookupFunction {
  const [first] = addresses;
  return (_host, options, answer) => {
    if (options.all) answer(null, [...addresses]);
    else answer(null, first?.address ?? '', first?.family);
  };
}
