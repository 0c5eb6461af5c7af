import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { Logger } from '../ops/logging.js';
import type { Store } from '../store/store.js';
import type { AuthenticateDeps } from './authenticate.js';
import { docsPage, docsPolicy } from './docs-page.js';
import { healthRoutes } from './health.js';
import { mountRoutes } from './mount.js';
import { openapi } from './openapi.js';
import { ApiError, problemHandler } from './problem.js';
import { createRateLimit, type RateLimits } from './rate-limit.js';
import type { Route } from './route.js';
import { crossOrigin, requestIds, requestLog, securityHeaders } from './security.js';
import type { Shutdown } from './shutdown.js';

export const apiPrefix = '/api/v1';

export interface HttpSettings {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** For Express's `trust proxy`. */
  readonly trustProxy: false | number | readonly string[];
  readonly rateLimits: RateLimits;
}

export interface HttpAppDeps extends AuthenticateDeps {
  readonly config: HttpSettings;
  readonly store: Pick<Store, 'ping'>;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

/** `GET` of something that never changes while the server runs. */
const fixed = (
  route: string,
  type: string,
  headers: Readonly<Record<string, string>>,
  make: () => string,
): RequestHandler => {
  let text: string | undefined;
  return (_req, res) => {
    res.locals.route = route;
    text ??= make();
    res.set(headers).set('Cache-Control', 'public, max-age=300').type(type).send(text);
  };
};

const nothingHere: RequestHandler = (_req, res) => {
  res.locals.route ??= '-';
  throw new ApiError('not_found', 'There is no such path; the API is below /api/v1, and described at /openapi.json.');
};

/**
 * The Express app around the routes: ids, headers, log, health, description, and one way for errors. Opens nothing.
 * `outside`: routers mounted at the root beside the API, without its authentication and rate limits.
 */
export function createHttpApp(
  routes: readonly Route[],
  deps: HttpAppDeps,
  outside: readonly RequestHandler[] = [],
): Express {
  const { config, log } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  app.use(requestIds, crossOrigin, securityHeaders(config.publicUrl), requestLog(log), healthRoutes(deps));
  const describe = () => JSON.stringify(openapi(routes, { publicUrl: config.publicUrl, prefix: apiPrefix }));
  app.get('/openapi.json', fixed('/openapi.json', 'application/json', {}, describe));
  const page = () => docsPage(routes, apiPrefix);
  app.get('/docs', fixed('/docs', 'text/html', { 'Content-Security-Policy': docsPolicy }, page));
  // The API first: it is asked most.
  app.use(apiPrefix, mountRoutes(routes, { ...deps, countRequest: createRateLimit(config.rateLimits) }));
  for (const handler of outside) app.use(handler);
  app.use(nothingHere);
  app.use(problemHandler(log));
  return app;
}

export interface Listening {
  readonly server: Server;
  /** The port that was given; another than asked for if that was 0. */
  readonly port: number;
}

/** Listens; rejects with a message that says what to do where the address can't be had. */
export function listen(app: Express, options: { readonly host: string; readonly port: number }): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = app.listen(options.port, options.host, (error?: Error) => {
      if (error) reject(listenError(error, options));
      else resolve({ server, port: (server.address() as AddressInfo).port });
    });
    // Longer than the idle time-out of common load balancers (60 s), so that they and not we close an idle connection.
    server.keepAliveTimeout = 65_000;
    server.headersTimeout = 66_000;
    server.requestTimeout = 60_000;
  });
}

function listenError(error: Error, { host, port }: { readonly host: string; readonly port: number }): Error {
  const { code } = error as NodeJS.ErrnoException;
  const at = `${host}:${port}`;
  if (code === 'EADDRINUSE')
    return new Error(`${at} is taken by another process; stop it, or set PORT`, { cause: error });
  if (code === 'EACCES')
    return new Error(`${at} may not be used by this user; set PORT to 1024 or above`, { cause: error });
  if (code === 'EADDRNOTAVAIL') return new Error(`${host} is no address of this machine; set HOST`, { cause: error });
  return error;
}
