import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from '../ops/logging.js';

const saneRequestId = /^[A-Za-z0-9._-]{8,64}$/;

/** `X-Request-Id` of the proxy before us if it is a sane one, else a new one; on the reply, in every problem and log line. */
export const requestIds: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  const id = given !== undefined && saneRequestId.test(given) ? given : randomUUID();
  res.locals.requestId = id;
  res.setHeader('X-Request-Id', id);
  next();
};

/**
 * No cookies and no ambient authority, so any page may call; which pages *may* is an authorisation check with a readable answer, and an
 * error without these headers would read as "Failed to fetch". A preflight carries no token and is answered for any path.
 */
export const crossOrigin: RequestHandler = (req, res, next) => {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id');
  if (req.method !== 'OPTIONS') {
    next();
    return;
  }
  res.set({
    'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key',
    'Access-Control-Max-Age': '86400',
  });
  res.status(204).end();
};

/**
 * helmet with three changes: everything here is meant for pages of other origins (CORP); no COOP, which would cut a payment window from
 * its opener; and a CSP for replies that are data. HSTS only where there is TLS to insist on.
 */
export function securityHeaders(publicUrl: string): RequestHandler {
  const headers = headersOf(
    helmet({
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      crossOriginOpenerPolicy: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
      },
      strictTransportSecurity: publicUrl.startsWith('https:')
        ? { maxAge: 31_536_000, includeSubDomains: false }
        : false,
    }),
  );
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

/** helmet's headers are the same for every reply, and its dozen handlers take as long as an insert: it is asked once. */
function headersOf(handler: RequestHandler): readonly (readonly [string, string])[] {
  const headers = new Map<string, string>();
  const recorder: Pick<Response, 'setHeader' | 'removeHeader'> = {
    setHeader(name, value) {
      headers.set(name, String(value));
      return this as Response;
    },
    removeHeader: (name) => void headers.delete(name),
  };
  void handler({} as Request, recorder as Response, (error?: unknown) => {
    if (error) throw error;
  });
  return [...headers];
}

/** One line per request: the route's pattern, never the URL, which can hold tokens. 499: the client went away before the answer. */
export const requestLog =
  (log: Logger): RequestHandler =>
  (req, res, next) => {
    const start = performance.now();
    res.once('close', () => {
      const { requestId, route, caller, merchant, code } = res.locals as Record<string, string | undefined>;
      const status = res.writableFinished ? res.statusCode : 499;
      // Turned away on the way out, as it should be: nothing is wrong.
      const isFault = status >= 500 && code !== 'shutting_down';
      log[isFault ? 'warn' : 'info']('request', {
        method: req.method,
        route: route ?? '-',
        status,
        ms: Math.round(performance.now() - start),
        ...(requestId === undefined ? {} : { requestId }),
        ...(caller === undefined ? {} : { caller }),
        ...(merchant === undefined ? {} : { merchant }),
        ...(code === undefined ? {} : { code }),
      });
    });
    next();
  };
