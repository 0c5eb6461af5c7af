import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import express, { Router } from 'express';
import { banks } from '../banks.js';
import type { Fault, FaultPoint } from '../faults.js';
import type { Reply } from '../network.js';
import { deliver } from '../network.js';
import { isTierCode, merchantOf } from './accounts.js';
import { cancel, closeAccount } from './cancel.js';
import { done, failed, faultReply, notFound, unauthorized } from './errors.js';
import { findAllByOrder, findByOrder, findByStatus, findMany, findOne } from './find.js';
import { seconds } from './payment.js';
import type { PortOneV1 } from './portone-v1.js';
import { provider } from './portone-v1.js';
import { prepare, preparedOf } from './prepare.js';

interface Call {
  readonly merchant: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly base: string;
  readonly fault: Fault | undefined;
  param(name: string): string;
}

interface Endpoint {
  readonly on?: FaultPoint;
  /** Needs no token. */
  readonly open?: true;
  handle(call: Call): Reply;
}

const roots = ['/users', '/payments', '/vbanks', '/banks'];

/** The REST API V1, as far as payments go. `settings.latencyMs` delays every answer, as a real network does. */
export function portOneV1Rest(
  v1: PortOneV1,
  settings: { latencyMs: number },
  baseUrl: (req: Request) => string,
): Router {
  const endpoint =
    ({ on, open, handle }: Endpoint): RequestHandler =>
    async (req, res) => {
      const fault = on && v1.faults.take(on, { provider, orderId: orderOf(v1, req) });
      const network = { fault, latencyMs: settings.latencyMs, early: v1.webhooks.early };
      await deliver(res, network, () => {
        const merchant = open ? '' : merchantOfCall(v1, req);
        return typeof merchant === 'string' ? perform(handle, callOf(req, merchant, fault)) : merchant;
      });
    };

  const callOf = (req: Request, merchant: string, fault: Fault | undefined): Call => ({
    ...{ merchant, fault, body: req.body ?? {}, query: req.query, base: baseUrl(req) },
    param: (name) => String(req.params[name] ?? ''),
  });

  const status = ({ param }: Call): string | undefined => param('status') || undefined;
  const router = Router();
  router.use(roots, express.json({ limit: '1mb' }), express.urlencoded({ extended: false, limit: '1mb' }));
  router.post('/users/getToken', endpoint({ on: 'token', open: true, handle: ({ body }) => getToken(v1, body) }));
  router.get(
    '/banks',
    endpoint({ handle: () => done(banks.map(({ interbank, ko }) => ({ code: interbank, name: ko }))) }),
  );

  router.post(
    '/payments/prepare',
    endpoint({ on: 'pre_register', handle: ({ merchant, body }) => prepare(v1, merchant, body, false) }),
  );
  router.put(
    '/payments/prepare',
    endpoint({ on: 'pre_register', handle: ({ merchant, body }) => prepare(v1, merchant, body, true) }),
  );
  router.get(
    '/payments/prepare/:merchant_uid',
    endpoint({ on: 'pre_register', handle: ({ merchant, param }) => preparedOf(v1, merchant, param('merchant_uid')) }),
  );
  router.post(
    '/payments/cancel',
    endpoint({ on: 'cancel', handle: (call) => cancel(v1, call, call.body, call.fault) }),
  );
  router.delete(
    '/vbanks/:imp_uid',
    endpoint({ on: 'cancel', handle: (call) => closeAccount(v1, call, call.param('imp_uid')) }),
  );
  router.get('/payments', endpoint({ on: 'lookup', handle: (call) => findMany(v1, call) }));
  router.get(
    '/payments/find/:merchant_uid{/:status}',
    endpoint({ on: 'lookup', handle: (call) => findByOrder(v1, call, call.param('merchant_uid'), status(call)) }),
  );
  router.get(
    '/payments/findAll/:merchant_uid{/:status}',
    endpoint({ on: 'lookup', handle: (call) => findAllByOrder(v1, call, call.param('merchant_uid'), status(call)) }),
  );
  router.get(
    '/payments/status/:status',
    endpoint({ on: 'list', handle: (call) => findByStatus(v1, call, call.param('status')) }),
  );
  router.get(
    '/payments/:imp_uid',
    endpoint({ on: 'lookup', handle: (call) => findOne(v1, call, call.param('imp_uid')) }),
  );
  router.use(roots, (_req, res) => {
    const { status: code, body } = failed(404, 'no such path');
    res.status(code).json(body);
  });
  router.use(roots, badBody);
  return router;
}

async function perform(handle: Endpoint['handle'], call: Call): Promise<Reply> {
  const { fault } = call;
  const how = fault?.behaviour.layer === 'provider' ? fault.behaviour.how : undefined;
  if (how === 'slow') await sleep(fault?.ms ?? 3000);
  if (how === 'in_progress') return failed(409, '동일한 요청이 처리 중입니다.');
  if (how === 'not_found') return notFound();
  const refusal = faultReply(fault?.code, fault?.status);
  if (how === 'refuse') return refusal;
  const reply = handle(call);
  return how === 'fail_after' && reply.status === 200 ? refusal : reply;
}

/** Which order a call is about, for the faults that wait for one. */
function orderOf(v1: PortOneV1, req: Request): string | undefined {
  const { merchant_uid, imp_uid } = { ...req.query, ...(req.body as object | undefined), ...req.params } as Record<
    string,
    unknown
  >;
  if (typeof imp_uid === 'string' && imp_uid !== '') return v1.bank.get(imp_uid)?.orderId;
  return typeof merchant_uid === 'string' ? merchant_uid : undefined;
}

function getToken(v1: PortOneV1, { imp_key, imp_secret }: Call['body']): Reply {
  const account = typeof imp_key === 'string' ? v1.accounts.byKey(imp_key) : undefined;
  if (!account || account.apiSecret !== imp_secret)
    return failed(401, '인증에 실패하였습니다. API키와 secret을 확인하세요.');
  const { token, expiresAt } = v1.tokens.issue(account.apiKey);
  return done({ access_token: token, now: seconds(v1.clock.now()), expired_at: seconds(expiresAt) });
}

/** The token's account, or the sub-merchant of it that the `Tier` header names. Older samples send the bare token. */
function merchantOfCall(v1: PortOneV1, req: Request): string | Reply {
  const token = (req.get('authorization') ?? '').replace(/^Bearer /, '');
  const account = v1.accounts.byKey(v1.tokens.keyOf(token) ?? '');
  if (!account) return unauthorized();
  const tier = req.get('tier');
  if (tier !== undefined && !isTierCode(tier)) return failed(400, 'Tier: 영문 대문자와 숫자 3자리');
  return merchantOf(account.userCode, tier);
}

const badBody: express.ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status === undefined || error.status >= 500) return next(error);
  const { status, body } = failed(400, '요청을 읽을 수 없습니다.');
  res.status(status).json(body);
};
