import type {
  CatalogueView,
  CreateSession,
  ErrorCode,
  OpenedSession,
  PatchSession,
  PrepareSession,
  Problem,
  SessionView,
  VerifySession,
} from '../../contract/index.js';
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

interface Call {
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

interface Answer<T> {
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
 * The server's API as the shopper's page uses it. Each call gives its body or throws `ApiFailure`. Only what does no harm twice is sent
 * twice: reads, verify, and a create with its key.
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
      const answer = status === 204 ? undefined : ((await response.json()) as T & Partial<Problem>);
      if (response.ok) return { status, body: answer as T, retryAfter } satisfies Answer<T>;
      throw new ApiFailure(answer?.code ?? 'unreachable', status, answer?.detail, retryAfter);
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

  const of = (session: string) => `/payments/sessions/${encodeURIComponent(session)}`;

  return {
    /** No header of ours, so that the browser asks no permission first. */
    async catalogue(merchant: string, item: string): Promise<CatalogueView> {
      const path = `/catalog/${encodeURIComponent(item)}?merchant=${encodeURIComponent(merchant)}`;
      return (await call<CatalogueView>({ path, repeats: 2 })).body;
    },

    /** `key`: of at least 128 random bits; the same again for the same order, so that a lost answer makes no second session. */
    async create(merchant: string, body: CreateSession, key: string): Promise<OpenedSession> {
      const request = { method: 'POST', path: '/payments/sessions', token: merchant, body, key, repeats: 2 } as const;
      return (await call<OpenedSession>(request)).body;
    },

    async read(session: string, token: string): Promise<SessionView> {
      return (await call<SessionView>({ path: of(session), token, repeats: 2 })).body;
    },

    async patch(session: string, token: string, body: PatchSession): Promise<SessionView> {
      return (await call<SessionView>({ method: 'PATCH', path: of(session), token, body })).body;
    },

    async prepare(session: string, token: string, body: PrepareSession): Promise<OpenedSession> {
      return (await call<OpenedSession>({ method: 'POST', path: `${of(session)}/prepare`, token, body })).body;
    },

    /** Told in the click and not waited for. The server finds out without it too, only later. */
    launched(session: string, token: string, attempt: number): void {
      const request = { method: 'POST', path: `${of(session)}/launched`, token, body: { attempt } } as const;
      call({ ...request, keepalive: true, repeats: 1 }).catch(() => undefined);
    },

    /** How it stands, looked up now; with `retryAfter` (seconds) where that is not known yet. */
    async verify(token: string, body: VerifySession): Promise<{ session: SessionView; retryAfter?: number }> {
      const request = { method: 'POST', path: '/payments/verify', token, body, timeout: 40 * second } as const;
      const answer = await call<SessionView>({ ...request, repeats: 0 });
      return { session: answer.body, ...(answer.status === 202 && { retryAfter: answer.retryAfter ?? 2 }) };
    },

    /** Waits up to 25 s for a revision after `rev`; without news the session as it is. */
    async news(session: string, token: string, rev: number, signal: AbortSignal): Promise<SessionView> {
      const path = `${of(session)}?after=${rev}&wait=25`;
      return (await call<SessionView>({ path, token, signal, timeout: 40 * second, repeats: 0 })).body;
    },
  };
}

export type Api = ReturnType<typeof createApi>;
