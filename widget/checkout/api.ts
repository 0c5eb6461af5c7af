import type { CatalogueView, ErrorCode, Problem, SessionView } from '../../contract/index.js';
import type { Environment } from './environment.js';

/** `unreachable`: no answer, or one that is not our server's (a proxy's HTML page). */
export type FailureCode = ErrorCode | 'unreachable';

/** A request that did not give what was asked for. */
export class ApiFailure extends Error {
  override name = 'ApiFailure';
  readonly code: FailureCode;
  readonly status: number;
  /** Seconds, where the server said when to come again. */
  readonly retryAfter: number | undefined;

  constructor(code: FailureCode, status = 0, detail = '', retryAfter?: number) {
    super(detail || code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The same request may well succeed in a moment. */
  get isPassing(): boolean {
    return this.code === 'unreachable' || this.code === 'internal' || this.status === 429 || this.status === 503;
  }

  /** The server said in so many words that it did nothing, and when to come again. */
  get isRefusal(): boolean {
    return this.status === 429 || (this.status === 503 && this.code !== 'unreachable');
  }
}

export interface Call {
  method?: 'POST' | 'PATCH';
  path: string;
  token?: string;
  body?: object;
  key?: string;
  /** The page may leave while it is on its way. */
  keepalive?: boolean;
  timeout?: number;
  signal?: AbortSignal;
  /** How often it may be sent again when the answer is lost. A refusal that names a time is always worth one more try. */
  repeats?: number;
}

export interface Answer<T> {
  status: number;
  body: T;
  retryAfter: number | undefined;
}

const second = 1_000;
/** Waits between repeats grow from here; what the server asks for is kept, as long as a person would wait. */
const firstPause = 400;
const longestPause = 20 * second;

const seconds = (header: string | null): number | undefined => {
  const value = Number(header);
  return header !== null && value >= 0 ? value : undefined;
};

/**
 * The server's API as the shopper's page uses it. Each call gives its answer or throws `ApiFailure`. A lost answer is asked for
 * again only where the caller says that it does no harm.
 */
export function createApi(env: Environment, server: string) {
  const root = `${server.replace(/\/+$/, '')}/api/v1`;

  async function once<T>({ method, path, token, body, key, keepalive, timeout = 15 * second, signal }: Call) {
    const stop = new AbortController();
    const cancel = env.after(timeout, () => stop.abort());
    const onAbort = () => stop.abort();
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) stop.abort();
    try {
      const response = await env.fetch(root + path, {
        ...(method && { method }),
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
          ...(key && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
        ...(keepalive && { keepalive }),
        credentials: 'omit',
        signal: stop.signal,
      });
      const { status } = response;
      const retryAfter = seconds(response.headers.get('retry-after'));
      const answer: Partial<Problem> & { id?: string; data?: unknown } =
        status === 204 ? { id: 'none' } : await response.json();
      // What has neither an id nor a list nor a code is not our server's, whatever its status says.
      if (response.ok && (answer.id || answer.data))
        return { status, body: answer as T, retryAfter } satisfies Answer<T>;
      const { code, detail }: Partial<Problem> = response.ok ? {} : answer;
      throw code ? new ApiFailure(code, status, detail, retryAfter) : new ApiFailure('unreachable', 0, '', retryAfter);
    } catch (error) {
      throw error instanceof ApiFailure ? error : new ApiFailure('unreachable');
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async function call<T>(request: Call): Promise<Answer<T>> {
    for (let sent = 1; ; sent += 1) {
      try {
        return await once<T>(request);
      } catch (error) {
        const failure = error as ApiFailure;
        const repeats = request.repeats ?? (failure.isRefusal ? 1 : 0);
        if (!failure.isPassing || sent > repeats || request.signal?.aborted || !env.isOnline()) throw failure;
        const pause = failure.retryAfter === undefined ? firstPause * 2 ** (sent - 1) : failure.retryAfter * second;
        if (pause > longestPause) throw failure;
        await new Promise<void>((go) => env.after(pause, go));
      }
    }
  }

  return {
    call,

    /** No header of ours, so that the browser asks no permission first. */
    async catalogue(merchant: string, item: string): Promise<CatalogueView> {
      const path = `/catalog/${encodeURIComponent(item)}?merchant=${encodeURIComponent(merchant)}`;
      return (await call<CatalogueView>({ path, repeats: 2 })).body;
    },

    async read(session: string, token: string): Promise<SessionView> {
      return (await call<SessionView>({ path: pathOf(session), token, repeats: 2 })).body;
    },
  };
}

export const pathOf = (session: string) => `/payments/sessions/${encodeURIComponent(session)}`;

export type Api = ReturnType<typeof createApi>;
