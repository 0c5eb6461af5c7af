import type { ErrorRequestHandler, Router as ExpressRouter } from 'express';
import express, { Router } from 'express';
import type { Bank } from '../bank.js';
import type { FaultOrder, Faults } from '../faults.js';
import { faultKinds } from '../faults.js';
import type { MovingClock } from '../moving-clock.js';

export interface Controlled {
  readonly bank: Bank;
  readonly faults: Faults;
  readonly clock: MovingClock;
  readonly settings: { latencyMs: number };
  reset(): void;
}

const optional = (value: unknown, valid: (value: never) => boolean): boolean =>
  value === undefined || valid(value as never);
const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const text = (value: unknown): value is string => typeof value === 'string';

const isFaultOrder = (body: Record<string, unknown>): boolean =>
  text(body.on) &&
  text(body.kind) &&
  [body.ms, body.status, body.amount].every((value) => optional(value, whole)) &&
  optional(body.times, (times) => whole(times) && times > 0) &&
  [body.code, body.orderId, body.provider, body.event].every((value) => optional(value, text));

/** `/control`: everything a test or the control page can see and do. No authentication: a sandbox has nothing to protect. */
export function controlRoutes(sandbox: Controlled, providers: Readonly<Record<string, ExpressRouter>>): ExpressRouter {
  const { bank, faults, clock, settings } = sandbox;
  const router = Router();
  router.use(express.json());

  router.get('/books', (req, res) => {
    res.json(bank.books(text(req.query.orderId) ? req.query.orderId : undefined));
  });

  const faultView = () => ({ armed: faults.armed().map(({ behaviour: _behaviour, ...fault }) => fault) });
  router.get('/faults', (_req, res) => {
    const kinds = Object.fromEntries(Object.entries(faultKinds).map(([on, known]) => [on, Object.keys(known)]));
    res.json({ ...faultView(), kinds });
  });
  router.post('/faults', (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const asked = { ...body, kind: body.kind ?? (body.code === undefined ? undefined : 'error') };
    if (!isFaultOrder(asked)) return void res.status(400).json({ code: 'invalid', message: 'not a fault' });
    try {
      const { behaviour: _behaviour, ...fault } = faults.arm(asked as unknown as FaultOrder);
      res.json(fault);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      res.status(400).json({ code: 'invalid', message: error.message });
    }
  });
  router.delete('/faults', (_req, res) => {
    faults.clear();
    res.json(faultView());
  });

  const clockView = () => ({ now: new Date(clock.now()).toISOString(), movedMs: clock.movedMs });
  router.get('/clock', (_req, res) => void res.json(clockView()));
  router.post('/clock', (req, res) => {
    const ms: unknown = req.body?.advanceMs;
    if (!whole(ms)) return void res.status(400).json({ code: 'invalid', message: 'advanceMs: whole, not negative' });
    clock.advance(ms);
    res.json(clockView());
  });

  router.get('/latency', (_req, res) => void res.json({ ms: settings.latencyMs }));
  router.post('/latency', (req, res) => {
    const ms: unknown = req.body?.ms;
    if (!whole(ms)) return void res.status(400).json({ code: 'invalid', message: 'ms: whole, not negative' });
    settings.latencyMs = ms;
    res.json({ ms });
  });

  router.post('/reset', (_req, res) => {
    sandbox.reset();
    res.json({ reset: true });
  });

  for (const [name, routes] of Object.entries(providers)) router.use(`/${name}`, routes);
  router.use((_req, res) => void res.status(404).json({ code: 'not_found', message: 'no such control' }));
  router.use(badBody);
  return router;
}

const badBody: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status === undefined || error.status >= 500) next(error);
  else res.status(error.status).json({ code: 'invalid', message: 'the body is not JSON' });
};
