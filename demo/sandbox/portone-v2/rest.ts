import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import express, { Router } from 'express';
import type { Currency } from '../../../contract/index.js';
import { currencies } from '../../../contract/index.js';
import type { Fault, FaultPoint } from '../faults.js';
import type { Reply } from '../network.js';
import { deliver } from '../network.js';
import { cancel, closeAccount } from './cancel.js';
import { confirm } from './confirm.js';
import { errorReply, faultReply } from './errors.js';
import { listPayments } from './list.js';
import { paymentObject, transactionObject } from './payment.js';
import type { PortOneV2 } from './portone-v2.js';
import { isApproved, paymentKey, provider, transactionOf, transactionsOf } from './portone-v2.js';

interface Call {
  readonly storeId: string;
  readonly paymentId: string;
  readonly body: Record<string, unknown>;
  readonly base: string;
  readonly fault: Fault | undefined;
  readonly req: Request;
}

interface Endpoint {
  readonly on?: FaultPoint;
  handle(call: Call): Reply;
}

/** What the header says under its quotes: an RFC 8941 string of 16 to 256 characters. */
const quotedKey = /^"([\x21\x23-\x5b\x5d-\x7e]{16,256})"$/;

/** The REST API V2, as far as payments go. `settings.latencyMs` delays every answer, as a real network does. */
export function portOneV2Rest(
  v2: PortOneV2,
  settings: { latencyMs: number },
  baseUrl: (req: Request) => string,
): Router {
  const endpoint =
    ({ on, handle }: Endpoint): RequestHandler =>
    async (req, res) => {
      const key = req.method === 'GET' ? undefined : req.get('idempotency-key');
      const scope = key && JSON.stringify([key, req.get('authorization'), req.originalUrl, req.method]);
      const target = { provider, orderId: paymentIdOf(req), replay: scope !== undefined && v2.keys.holds(scope) };
      const fault = on && v2.faults.take(on, target);
      const network = { fault, latencyMs: settings.latencyMs, early: v2.webhooks.early };
      await deliver(res, network, () => answer(handle, req, { key, scope, fault }));
    };

  async function answer(
    handle: Endpoint['handle'],
    req: Request,
    { key, scope, fault }: { key: string | undefined; scope: string | undefined; fault: Fault | undefined },
  ): Promise<Reply> {
    const storeId = storeOf(v2, req);
    if (typeof storeId !== 'string') return storeId;
    if (key !== undefined && !quotedKey.test(key))
      return errorReply('INVALID_REQUEST', 'Idempotency-Key: a quoted string of 16 to 256 characters');
    if (howOf(fault) === 'in_progress') return errorReply('IDEMPOTENCY_OUTSTANDING_REQUEST');
    const work = () =>
      perform(handle, { storeId, paymentId: paymentIdOf(req), body: req.body ?? {}, req, fault, base: baseUrl(req) });
    if (scope === undefined) return work();
    const reply = await v2.keys.run(scope, work);
    return reply === 'busy' ? errorReply('IDEMPOTENCY_OUTSTANDING_REQUEST') : reply;
  }

  async function perform(handle: Endpoint['handle'], call: Call): Promise<Reply> {
    const { fault } = call;
    const how = howOf(fault);
    if (how === 'slow') await sleep(fault?.ms ?? 3000);
    if (how === 'not_found') return errorReply('PAYMENT_NOT_FOUND');
    const refused = faultReply(fault?.code ?? 'INTERNAL_SERVER_ERROR', fault?.status);
    if (how === 'refuse') return refused;
    const reply = handle(call);
    return how === 'fail_after' && reply.status === 200 ? refused : reply;
  }

  const lookup: Endpoint = {
    on: 'lookup',
    handle({ storeId, paymentId, base }) {
      const record = transactionOf(v2, storeId, paymentId);
      return record ? { status: 200, body: paymentObject(v2, record, base) } : errorReply('PAYMENT_NOT_FOUND');
    },
  };
  const attempts: Endpoint = {
    on: 'lookup',
    handle({ storeId, paymentId, base }) {
      const all = transactionsOf(v2, storeId, paymentId);
      if (all.length === 0) return errorReply('PAYMENT_NOT_FOUND');
      return { status: 200, body: { items: all.map((record) => transactionObject(v2, record, base)) } };
    },
  };

  const router = Router();
  router.use('/payments', express.json({ limit: '1mb' }));
  router.get(
    '/payments',
    endpoint({ on: 'list', handle: ({ storeId, req, base }) => listPayments(v2, storeId, askedList(req), base) }),
  );
  router.get('/payments/:paymentId', endpoint(lookup));
  router.get('/payments/:paymentId/transactions', endpoint(attempts));
  router.post(
    '/payments/:paymentId/pre-register',
    endpoint({
      on: 'pre_register',
      handle: ({ storeId, paymentId, body }) => preRegister(v2, storeId, paymentId, body),
    }),
  );
  router.post(
    '/payments/:paymentId/confirm',
    endpoint({
      on: 'confirm',
      handle: ({ storeId, paymentId, body, fault }) => confirm(v2, storeId, paymentId, body, fault),
    }),
  );
  router.post(
    '/payments/:paymentId/cancel',
    endpoint({
      on: 'cancel',
      handle: ({ storeId, paymentId, body, fault }) => cancel(v2, storeId, paymentId, body, fault),
    }),
  );
  router.post(
    '/payments/:paymentId/virtual-account/close',
    endpoint({ on: 'cancel', handle: ({ storeId, paymentId }) => closeAccount(v2, storeId, paymentId) }),
  );
  router.use('/payments', (_req, res) =>
    send(res, { status: 404, body: { type: 'NOT_FOUND', message: 'no such path' } }),
  );
  router.use('/payments', badBody);
  return router;
}

const howOf = (fault: Fault | undefined) => (fault?.behaviour.layer === 'provider' ? fault.behaviour.how : undefined);

const paymentIdOf = (req: Request): string => String(req.params.paymentId ?? '');

/** A filter may come as a body, which few clients can send with GET, or in the query. */
function askedList(req: Request): unknown {
  if (typeof req.query.requestBody !== 'string') return req.body;
  try {
    return JSON.parse(req.query.requestBody);
  } catch {
    return { page: { size: 0 } };
  }
}

/** `PortOne {secret}`, and one of its stores: the one that is named, or its first. */
function storeOf(v2: PortOneV2, req: Request): string | Reply {
  const secret = /^PortOne (\S+)$/.exec(req.get('authorization') ?? '')?.[1];
  const stores = secret === undefined ? [] : v2.stores.bySecret(secret);
  const [first] = stores;
  if (!first) return errorReply('UNAUTHORIZED');
  const list = askedList(req) as { filter?: { storeId?: unknown } } | undefined;
  const named =
    req.query.storeId ?? req.body?.storeId ?? (req.params.paymentId === undefined ? list?.filter?.storeId : undefined);
  if (named === undefined) return first.storeId;
  return stores.find((store) => store.storeId === named)?.storeId ?? errorReply('FORBIDDEN');
}

/** Fixes amount and currency before the browser may open anything. */
function preRegister(v2: PortOneV2, storeId: string, paymentId: string, body: Record<string, unknown>): Reply {
  const { totalAmount } = body;
  const currency = currencies.find((each) => each === body.currency) as Currency | undefined;
  if (totalAmount !== undefined && !(Number.isSafeInteger(totalAmount) && (totalAmount as number) > 0))
    return errorReply('INVALID_REQUEST');
  if (body.currency !== undefined && !currency) return errorReply('INVALID_REQUEST');
  if (transactionsOf(v2, storeId, paymentId).some(isApproved)) return errorReply('ALREADY_PAID');
  v2.preRegistered.set(paymentKey(storeId, paymentId), {
    ...(totalAmount !== undefined && { totalAmount: totalAmount as number }),
    ...(currency && { currency }),
  });
  return { status: 200, body: {} };
}

const send = (res: Response, reply: Reply) => res.status(reply.status).json(reply.body);

const badBody: express.ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status === undefined || error.status >= 500) next(error);
  else send(res, errorReply('INVALID_REQUEST'));
};
