import type { Request, Response } from 'express';
import express from 'express';
import type { AuthenticateDeps } from './authenticate.js';
import { authenticate, checkOrigin, wrongKind } from './authenticate.js';
import type { Caller } from './caller.js';
import { idempotencyKey } from './idempotency-key.js';
import { ApiError } from './problem.js';
import type { CountRequest } from './rate-limit.js';
import { readRaw } from './raw-body.js';
import { kindsOf, type Method, type RawBody, type Reply, type Route } from './route.js';
import type { Shutdown } from './shutdown.js';
import { validated } from './validation.js';

export interface MountDeps extends AuthenticateDeps {
  readonly countRequest: CountRequest;
  readonly shutdown: Shutdown;
}

export const bodyLimit = 64 * 1024;

const parseJson = express.json({ limit: bodyLimit, type: 'application/json', inflate: false });
const bodyMethods: ReadonlySet<Method> = new Set(['post', 'patch', 'put']);

/** All routes of one path, by method. */
type Endpoint = ReadonlyMap<Method, readonly Route[]>;

/** The body as parsed JSON; none at all counts as `{}`, so that the schema says what is missing. */
async function readBody(req: Request, res: Response): Promise<unknown> {
  const empty = req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0;
  if (empty) return {};
  if (!req.is('application/json')) {
    throw new ApiError('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  return req.body ?? {};
}

const bodyFor = async (target: Route, req: Request, res: Response): Promise<unknown> => {
  if (target.raw) return { raw: await readRaw(req, res, target.raw.maxBytes), headers: req.headers } satisfies RawBody;
  return bodyMethods.has(target.method) ? validated(target.body, await readBody(req, res), 'body') : undefined;
};

/** Aborts when the connection is lost before the answer, or when the server shuts down. */
function signalOf(res: Response, shutdown: Shutdown): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (res.closed || shutdown.signal.aborted) {
    abort();
    return controller.signal;
  }
  shutdown.signal.addEventListener('abort', abort, { once: true });
  res.once('close', () => {
    shutdown.signal.removeEventListener('abort', abort);
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}

const takesNoToken = ({ callers }: Route) => callers === 'anyone' || callers === 'provider';
const isOpen = ([first]: readonly Route[]) => first !== undefined && takesNoToken(first);

async function callerFor(
  routes: readonly Route[],
  req: Request,
  res: Response,
  deps: MountDeps,
): Promise<Caller | undefined> {
  if (isOpen(routes)) {
    // Providers send from a few addresses, and most when there is most to hear.
    if (routes[0]?.callers !== 'provider') await deps.countRequest(req, res, undefined);
    return undefined;
  }
  let caller: Caller;
  try {
    caller = await authenticate(req.headers, deps);
  } catch (error) {
    // Guessing tokens is counted too.
    await deps.countRequest(req, res, undefined);
    throw error;
  }
  res.locals.caller = caller.kind;
  if ('merchant' in caller) res.locals.merchant = caller.merchant.id;
  await deps.countRequest(req, res, caller);
  return caller;
}

function chosen(routes: readonly Route[], caller: Caller | undefined): Route {
  const found = routes.find((each) => takesNoToken(each) || (caller && kindsOf(each).includes(caller.kind)));
  if (found) return found;
  throw wrongKind(caller?.kind ?? 'publishable', routes.flatMap(kindsOf));
}

function send(res: Response, reply: Reply): void {
  // What is behind a token is nobody else's to keep; a public reply says so itself.
  res
    .status(reply.status)
    .set('Cache-Control', 'no-store')
    .set(reply.headers ?? {});
  if (reply.body === undefined) res.end();
  else res.json(reply.body);
}

function routesFor(endpoint: Endpoint, method: string): readonly Route[] {
  const routes = endpoint.get((method === 'HEAD' ? 'get' : method.toLowerCase()) as Method);
  if (routes) return routes;
  const allow = [...endpoint.keys()].flatMap((each) => (each === 'get' ? ['GET', 'HEAD'] : [each.toUpperCase()]));
  throw new ApiError('method_not_allowed', `This path takes ${allow.join(', ')}.`, {
    headers: { Allow: [...allow, 'OPTIONS'].join(', ') },
  });
}

async function serve(endpoint: Endpoint, req: Request, res: Response, deps: MountDeps): Promise<void> {
  if (deps.shutdown.signal.aborted) {
    throw new ApiError('shutting_down', 'Send the same request again.', {
      headers: { 'Retry-After': '2', Connection: 'close' },
    });
  }
  const routes = routesFor(endpoint, req.method);
  const caller = await callerFor(routes, req, res, deps);
  const target = chosen(routes, caller);
  if (caller?.kind === 'publishable') checkOrigin(caller.merchant, req.headers);

  const key = idempotencyKey(req.get('idempotency-key'), caller, target.idempotencyKey);
  const params = validated(target.params, req.params, 'path');
  const query = target.raw ? undefined : validated(target.query, req.query, 'query');

  send(
    res,
    await target.run({
      caller,
      params,
      query,
      body: await bodyFor(target, req, res),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      // Made when it is asked for: few handlers wait for anything.
      get signal() {
        return signalOf(res, deps.shutdown);
      },
      requestId: String(res.locals.requestId),
    }),
  );
}

/** Fixed segments before parameters, so that `/payments/sessions` is never read as `/payments/:id`. */
const specificity = (path: string) =>
  path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '1' : '0'))
    .join('');

/** Routes by path and method. Throws where two would answer the same request, or where a path has parameters nobody checks. */
function endpointsOf(routes: readonly Route[]): [path: string, endpoint: Endpoint][] {
  const endpoints = new Map<string, Map<Method, Route[]>>();
  for (const each of routes) {
    if (each.path.includes(':') && !each.params) throw new Error(`${each.path} has parameters but no schema for them`);
    const endpoint = endpoints.get(each.path) ?? new Map<Method, Route[]>();
    const beside = endpoint.get(each.method) ?? [];
    const kinds = beside.flatMap(kindsOf);
    const clash =
      beside.length > 0 && (takesNoToken(each) || isOpen(beside) || kindsOf(each).some((kind) => kinds.includes(kind)));
    if (clash) throw new Error(`${each.method} ${each.path} is there twice for one kind of caller`);
    endpoints.set(each.path, endpoint.set(each.method, [...beside, each]));
  }
  return [...endpoints].sort(([a], [b]) => specificity(a).localeCompare(specificity(b)));
}

/** The routes as one Express router: dispatch by path, method and caller; authentication, limits, validation and reply are the same for all. */
export function mountRoutes(routes: readonly Route[], deps: MountDeps): express.Router {
  const router = express.Router({ caseSensitive: true });
  for (const [path, endpoint] of endpointsOf(routes)) {
    router.all(path, (req, res) => {
      res.locals.route = path;
      return serve(endpoint, req, res, deps);
    });
  }
  return router;
}
