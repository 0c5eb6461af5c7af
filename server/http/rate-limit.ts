import type { Request, Response } from 'express';
import type { RateLimitRequestHandler } from 'express-rate-limit';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Caller } from './caller.js';
import { ApiError } from './problem.js';

/** Requests a minute; 0: no limit. */
export interface RateLimits {
  /** Of one address: shoppers, pages, and whatever fails to authenticate. */
  readonly perAddress: number;
  /** Of one merchant key. */
  readonly perKey: number;
  /** Of one session, or of one signed-in shopper. */
  readonly perSession: number;
}

const windowMs = 60_000;

/** Counts a request of `caller` (none: not authenticated, or a route for anyone). Throws `ApiError rate_limited`. */
export type CountRequest = (req: Request, res: Response, caller: Caller | undefined) => Promise<void>;

/** Whom a caller's requests are counted for, beside the address. `undefined`: our own cron and operator are not counted. */
function subjectOf(caller: Caller): { readonly per: 'key' | 'session'; readonly key: string } | undefined {
  switch (caller.kind) {
    case 'publishable':
    case 'secret':
      return { per: 'key', key: `${caller.kind}:${caller.merchant.id}` };
    case 'session':
    case 'return':
      return { per: 'session', key: caller.session };
    case 'shopper':
      return { per: 'session', key: `${caller.merchant.id}:${caller.customer}` };
    case 'cron':
    case 'operator':
      return undefined;
  }
}

/** A merchant's backend sends from one address for all of its shoppers: its key alone is counted. */
const countsByAddress = (caller: Caller | undefined) =>
  caller?.kind !== 'secret' && caller?.kind !== 'cron' && caller?.kind !== 'operator';

/** Limits of this process, by the system's time. Several servers each have their own. */
export function createRateLimit(limits: RateLimits): CountRequest {
  const limiter = (limit: number, what: string, key: (req: Request, res: Response) => string) =>
    rateLimit({
      windowMs,
      limit,
      keyGenerator: key,
      standardHeaders: false,
      legacyHeaders: false,
      handler: (req, _res, next) => {
        const reset = (req as Request & { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime;
        const wait = reset ? Math.max(1, Math.ceil((reset.getTime() - Date.now()) / 1_000)) : windowMs / 1_000;
        next(
          new ApiError('rate_limited', `More than ${limit} requests a minute ${what}. Ask again in ${wait} s.`, {
            headers: { 'Retry-After': String(wait) },
          }),
        );
      },
    });
  const subjectKey = (_req: Request, res: Response) => String(res.locals.rateLimitKey);
  const byAddress = limiter(limits.perAddress, 'from this address', (req) => ipKeyGenerator(req.ip ?? '', 56));
  const byKey = limiter(limits.perKey, 'with this key', subjectKey);
  const bySession = limiter(limits.perSession, 'for this session or shopper', subjectKey);

  const pass = (handler: RateLimitRequestHandler, req: Request, res: Response) =>
    new Promise<void>((resolve, reject) => {
      // The library's own failure reaches `next` as well; it answers nothing by itself.
      void handler(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });

  return async (req, res, caller) => {
    if (limits.perAddress > 0 && countsByAddress(caller)) await pass(byAddress, req, res);
    const subject = caller && subjectOf(caller);
    if (!subject) return;
    res.locals.rateLimitKey = subject.key;
    if (subject.per === 'key' && limits.perKey > 0) await pass(byKey, req, res);
    if (subject.per === 'session' && limits.perSession > 0) await pass(bySession, req, res);
  };
}
