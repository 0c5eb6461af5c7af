import express, { type Request, Router } from 'express';

/** What a stand-in of a browser script calls: from whatever page it is on, with JSON. */
export function sdkCalls(): Router {
  const calls = Router();
  calls.use((req, res, next) => {
    res.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' });
    if (req.method === 'OPTIONS') res.status(204).end();
    else next();
  });
  calls.use(express.json());
  return calls;
}

/** Whom a window's result is for. A page without an origin (a file, a sandboxed frame) can't be named; the result holds no secret. */
export function openerOf(req: Request): string {
  const origin = req.get('origin');
  return origin === undefined || origin === 'null' ? '*' : origin;
}
