import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Caller, CallerKind } from './caller.js';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** What a route answers. `body` is sent as JSON; none: an empty reply. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ResponseDoc {
  readonly description: string;
  readonly schema?: z.ZodType;
}

/**
 * Who may call: these kinds of token, or anyone (no token is read). `provider`: no token, no limit by address either; the handler finds out
 * whether it is genuine.
 */
export type Callers = readonly CallerKind[] | 'anyone' | 'provider';
type CallerOf<A extends Callers> = A extends readonly (infer K extends CallerKind)[]
  ? Extract<Caller, { kind: K }>
  : undefined;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a route's `handle` gets: checked and typed. */
export interface Input<A extends Callers, P, Q, B> {
  readonly caller: CallerOf<A>;
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly idempotencyKey?: string;
  /** Aborted when the client is gone or the server shuts down: end waiting, answer with what there is. Never a reason to drop a money call. */
  readonly signal: AbortSignal;
  readonly requestId: string;
}

export interface RouteSpec<A extends Callers, P, Q, B> {
  readonly method: Method;
  /** As Express writes it, below the mount point: `/payments/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly callers: A;
  /** Strict zod objects; query and path values arrive as strings. A route without `body` takes none, or `{}`. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** POST: `optional` unless said otherwise. Other methods: `none`. */
  readonly idempotencyKey?: 'optional' | 'required' | 'none';
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  handle(input: Input<A, P, Q, B>): Promise<Reply>;
}

/** The kinds of token that a route takes; none if it reads no token. */
export const kindsOf = ({ callers }: Pick<Route, 'callers'>): readonly CallerKind[] =>
  typeof callers === 'string' ? [] : callers;

/** A request after authentication and validation, before its types are known. */
export interface RawInput {
  readonly caller: Caller | undefined;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotencyKey?: string;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/** A route as the router and the API description see it. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly callers: Callers;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body is handed on as it came, as text, up to so many bytes; whatever stands in the query is passed over. */
  readonly raw?: { readonly maxBytes: number };
  readonly idempotencyKey: 'optional' | 'required' | 'none';
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  /** `input` has passed this route's own schemas and its caller check; `mountRoutes` sees to that. */
  run(input: RawInput): Promise<Reply>;
}

/**
 * One endpoint: who may call it, what it takes and answers, and what it does. Two routes may share method and path if no kind of
 * caller is in both; the caller then decides which one runs.
 */
export function route<
  const A extends Callers,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<A, P, Q, B>): Route {
  const { handle, params, query, body, ...rest } = spec;
  return {
    ...rest,
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
    idempotencyKey: spec.idempotencyKey ?? (spec.method === 'post' ? 'optional' : 'none'),
    run: (input) => handle(input as Input<A, P, Q, B>),
  };
}

/** A request as it came. */
export interface RawBody {
  /** Every byte of the body, read as UTF-8: what a signature was made over. */
  readonly raw: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a raw route's `handle` gets. */
export interface RawRequest<P> extends RawBody {
  readonly params: Parsed<P>;
  readonly requestId: string;
}

export interface RawRouteSpec<P> {
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly params: P;
  readonly maxBytes: number;
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  handle(request: RawRequest<P>): Promise<Reply>;
}

/** A `POST` that a provider sends, in a form and with a proof of its own: only its path is checked here, and the size of its body. */
export function rawRoute<P extends z.ZodType>({ handle, maxBytes, ...spec }: RawRouteSpec<P>): Route {
  return {
    ...spec,
    method: 'post',
    callers: 'provider',
    raw: { maxBytes },
    idempotencyKey: 'none',
    run: ({ params, body, requestId }) => handle({ ...(body as RawBody), params: params as Parsed<P>, requestId }),
  };
}
