/**
 * How adapters talk to a provider: one request, one JSON reply, never an exception.
 *
 * `no_reply` means that nothing is known, even where the connection was refused: between us and the provider stand proxies that may
 * have passed the request on, and a guess is worth less than a lookup. Nothing in a result repeats what was sent (URL, header, body).
 */
export interface ProviderRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** `Authorization` and whatever else the provider asks for. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotency?: IdempotencyKey;
  /** Milliseconds for the whole exchange, the reply's body included. */
  readonly timeout: number;
  /** A longer reply is not read. Default: 1 MiB, which no single payment comes near. */
  readonly maxReplyBytes?: number;
}

export interface IdempotencyKey {
  readonly key: string;
  /** Some providers take the header as a structured string: `"key"`, with the quotes. */
  readonly quoted?: boolean;
}

export type ProviderReply =
  /** `json` is absent where the body is empty, too large or not JSON (a proxy's HTML page). */
  | { readonly kind: 'reply'; readonly status: number; readonly json?: unknown }
  /** `why`: `timeout`, or the system's error code. */
  | { readonly kind: 'no_reply'; readonly why: string };

/** Milliseconds to wait for a reply: money calls need as long as the provider may take, lookups can be asked again. */
export interface Timeouts {
  readonly money: number;
  readonly lookup: number;
}

/** 60 s is what Toss names as the least for a money call. */
export const defaultTimeouts: Timeouts = { money: 60_000, lookup: 10_000 };

export type Fetch = typeof globalThis.fetch;

export interface HttpOptions {
  readonly fetch?: Fetch;
  readonly timeouts?: Timeouts;
}

/** Without a limit a broken peer could fill the memory. */
const defaultMaxReplyBytes = 1_048_576;

/** For a page of a list. */
export const listReplyBytes = 32 * 1_048_576;

/** Sends one request. Never throws; makes no second try of its own. */
export async function send(fetch: Fetch, request: ProviderRequest): Promise<ProviderReply> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Answers by itself: an abort that the HTTP client overlooks must not keep the caller waiting.
  const late = new Promise<ProviderReply>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'no_reply', why: 'timeout' });
      abort.abort();
    }, request.timeout);
  });
  try {
    return await Promise.race([exchange(fetch, request, abort.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(fetch: Fetch, request: ProviderRequest, signal: AbortSignal): Promise<ProviderReply> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: headersOf(request),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      // A redirect would carry the credentials and a money call to wherever it points.
      redirect: 'manual',
      signal,
    });
    const json = parse(await readText(response, request.maxReplyBytes ?? defaultMaxReplyBytes));
    return { kind: 'reply', status: response.status, ...(json === undefined ? {} : { json }) };
  } catch (error) {
    return { kind: 'no_reply', why: codeOf(error) };
  }
}

/** What to write into the log about a reply that could not be understood. */
export const describeReply = (reply: ProviderReply): string =>
  reply.kind === 'no_reply' ? reply.why : `HTTP ${reply.status}, ${reply.json === undefined ? 'not JSON' : 'no code'}`;

function headersOf({ headers, body, idempotency }: ProviderRequest): Record<string, string> {
  return {
    Accept: 'application/json',
    ...headers,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(idempotency ? { 'Idempotency-Key': idempotency.quoted ? `"${idempotency.key}"` : idempotency.key } : {}),
  };
}

/** The body as text; `undefined` if it is larger than any honest reply. */
async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parse(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only codes and class names: messages of the HTTP client quote headers and URLs. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return cause instanceof Error ? cause.name : 'unknown error';
}
