import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import express, { Router } from 'express';
import type { Fault, FaultPoint } from '../faults.js';
import type { Reply } from '../network.js';
import { deliver } from '../network.js';
import type { BankRecord } from '../record.js';
import { cancel } from './cancel.js';
import { confirm } from './confirm.js';
import type { TossCode } from './errors.js';
import { errorReply } from './errors.js';
import type { TossMerchant } from './merchants.js';
import { paymentObject } from './payment.js';
import type { Toss } from './toss.js';
import { paymentOfOrder } from './toss.js';
import { transactions } from './transactions.js';

interface Call {
  readonly merchant: TossMerchant;
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly english: boolean;
  readonly fault: Fault | undefined;
}

interface Endpoint {
  readonly on?: FaultPoint;
  /** Which order the call is about, for faults that wait for one. */
  orderOf?(req: Request): string | undefined;
  /** A payment, a list, or an error code. */
  handle(call: Call): BankRecord | unknown[] | TossCode;
}

/** The core API under `/v1`. `settings.latencyMs` delays every answer, as a real network does. */
export function tossRest(toss: Toss, settings: { latencyMs: number }, baseUrl: (req: Request) => string): Router {
  const keyOrder = (req: Request) => toss.bank.get(String(req.params.paymentKey))?.orderId;

  /** A payment of this merchant; another's does not exist for it. */
  const own = (call: Call): BankRecord | 'NOT_FOUND_PAYMENT' => {
    const record = toss.bank.get(call.params.paymentKey ?? '');
    const mine = record?.provider === 'toss' && record.merchant === call.merchant.clientKey;
    return mine ? record : 'NOT_FOUND_PAYMENT';
  };

  const endpoint =
    (definition: Endpoint): RequestHandler =>
    async (req, res) => {
      const scope = idempotencyScope(req);
      const replay = scope !== undefined && toss.keys.holds(scope);
      const fault =
        definition.on &&
        toss.faults.take(definition.on, { provider: 'toss', orderId: definition.orderOf?.(req), replay });
      const network = { fault, latencyMs: settings.latencyMs, early: toss.webhooks.early };
      await deliver(res, network, () => answer(definition, req, scope, fault));
    };

  async function answer(definition: Endpoint, req: Request, scope: string | undefined, fault: Fault | undefined) {
    const english = /^\s*en\b/i.test(req.get('accept-language') ?? '');
    const merchant = authenticate(toss, req.get('authorization'));
    if (typeof merchant === 'string') return errorReply(merchant, english);
    if ((req.get('idempotency-key')?.length ?? 0) > 300 && req.method === 'POST')
      return errorReply('INVALID_IDEMPOTENCY_KEY', english);
    if (fault?.behaviour.layer === 'provider' && fault.behaviour.how === 'in_progress')
      return errorReply('IDEMPOTENT_REQUEST_PROCESSING', english);

    const work = () => perform(definition, req, merchant, english, fault);
    if (scope === undefined) return work();
    const reply = await toss.keys.run(scope, work);
    return reply === 'busy' ? errorReply('IDEMPOTENT_REQUEST_PROCESSING', english) : reply;
  }

  async function perform(
    definition: Endpoint,
    req: Request,
    merchant: TossMerchant,
    english: boolean,
    fault: Fault | undefined,
  ): Promise<Reply> {
    const testCode = merchant.environment === 'test' ? req.get('tosspayments-test-code') : undefined;
    if (testCode) return errorReply(testCode, english);
    const how = fault?.behaviour.layer === 'provider' ? fault.behaviour.how : undefined;
    if (how === 'slow') await sleep(fault?.ms ?? 3000);
    if (how === 'not_found') return errorReply('NOT_FOUND_PAYMENT', english);
    if (how === 'refuse') return errorReply(fault?.code ?? internalError, english, fault?.status);
    const result = definition.handle({
      merchant,
      params: req.params as Record<string, string>,
      query: req.query,
      body: (req.body ?? {}) as Record<string, unknown>,
      english,
      fault,
    });
    if (typeof result === 'string') return errorReply(result, english);
    if (how === 'fail_after') return errorReply(fault?.code ?? internalError, english, fault?.status);
    const body = Array.isArray(result)
      ? result
      : paymentObject(toss, result as BankRecord, merchant.mId, english, baseUrl(req));
    return { status: 200, body };
  }

  const router = Router();
  router.use(express.json({ limit: '1mb' }));
  router.post(
    '/v1/payments/confirm',
    endpoint({
      on: 'confirm',
      orderOf: (req) => (typeof req.body?.orderId === 'string' ? req.body.orderId : undefined),
      handle: (call) => confirm(toss, call.merchant, call.body, call.fault),
    }),
  );
  router.get(
    '/v1/payments/orders/:orderId',
    endpoint({
      on: 'lookup',
      orderOf: (req) => String(req.params.orderId),
      handle: (call) => paymentOfOrder(toss, call.merchant.clientKey, call.params.orderId ?? '') ?? 'NOT_FOUND_PAYMENT',
    }),
  );
  router.get('/v1/payments/:paymentKey', endpoint({ on: 'lookup', orderOf: keyOrder, handle: own }));
  router.post(
    '/v1/payments/:paymentKey/cancel',
    endpoint({
      on: 'cancel',
      orderOf: keyOrder,
      handle: (call) => {
        const record = own(call);
        return typeof record === 'string' ? record : cancel(toss, record, call.body, call.fault);
      },
    }),
  );
  router.get(
    '/v1/transactions',
    endpoint({ on: 'list', handle: (call) => transactions(toss, call.merchant, call.query, call.english) }),
  );
  router.use('/v1', (_req, res) => send(res, errorReply('NOT_FOUND_HTTP_METHOD', false)));
  router.use('/v1', badBody);
  return router;
}

const internalError = 'FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING';

const send = (res: Response, reply: Reply) => res.status(reply.status).json(reply.body);

const badBody: express.ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status === undefined || error.status >= 500) next(error);
  else send(res, errorReply('INVALID_REQUEST', false));
};

/** `Basic base64(secretKey + ":")`; the colon is what people forget. */
function authenticate(toss: Toss, header: string | undefined): TossMerchant | TossCode {
  if (!header) return 'UNAUTHORIZED_KEY';
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  const decoded = encoded && Buffer.from(encoded, 'base64').toString('utf8');
  if (!decoded?.includes(':')) return 'INCORRECT_BASIC_AUTH_FORMAT';
  return toss.merchants.bySecret(decoded.slice(0, decoded.indexOf(':'))) ?? 'UNAUTHORIZED_KEY';
}

/** What a first answer is remembered under: key + API key + URL + method; POST only. */
function idempotencyScope(req: Request): string | undefined {
  const key = req.get('idempotency-key');
  if (!key || key.length > 300 || req.method !== 'POST') return undefined;
  return JSON.stringify([key, req.get('authorization'), req.originalUrl, req.method]);
}
