import type { RequestHandler } from 'express';
import { Router } from 'express';
import { toMinor } from '../amount.js';
import type { Outcome } from '../bank.js';
import { readInstrument } from '../instruments.js';
import type { BankRecord } from '../record.js';
import { balanceOf } from '../record.js';
import { isLoopback } from '../webhooks/targets.js';
import { errorReply, isTossCode } from './errors.js';
import { docsClientKeys } from './merchants.js';
import type { OpenRequest } from './open.js';
import { openWindow, promised } from './open.js';
import { statusOf } from './payment.js';
import type { Toss } from './toss.js';
import { paymentOfOrder, tossEvents } from './toss.js';

type Body = Record<string, unknown>;
type Answer = { status: number; body: unknown };

const ok = (body: unknown): Answer => ({ status: 200, body });
const no = (status: number, code: string): Answer =>
  isTossCode(code) ? { ...errorReply(code, true) } : { status, body: { code, message: code.replaceAll('_', ' ') } };

const view = (record: BankRecord): Answer =>
  ok({ paymentKey: record.id, orderId: record.orderId, status: statusOf(record) });
const told = (outcome: Outcome): Answer => (outcome.ok ? view(outcome.record) : no(409, outcome.why));

/** What a shopper, a bank or somebody at the console would do, for tests and the control page. Amounts in major units, as Toss's. */
export function tossControl(toss: Toss): Router {
  /** By `paymentKey`, or the order's payment; of `clientKey` if two merchants used one order id. */
  function find(body: Body): BankRecord | undefined {
    if (typeof body.paymentKey === 'string') return toss.bank.get(body.paymentKey);
    const orderId = String(body.orderId);
    const newest = toss.bank.byOrderId(orderId).findLast((record) => record.provider === 'toss');
    const clientKey = typeof body.clientKey === 'string' ? body.clientKey : newest?.merchant;
    return clientKey === undefined ? undefined : paymentOfOrder(toss, clientKey, orderId);
  }

  const withPayment =
    (act: (record: BankRecord, body: Body) => Answer) =>
    (body: Body): Answer => {
      const record = find(body);
      return record ? act(record, body) : no(404, 'NOT_FOUND_PAYMENT');
    };

  function open(body: Body): BankRecord | Answer {
    const amount =
      typeof body.amount === 'number' ? { value: body.amount, currency: String(body.currency ?? 'KRW') } : body.amount;
    const request = { clientKey: docsClientKeys[1], orderName: '테스트 주문', ...body, amount } as OpenRequest;
    const opened = openWindow(toss, request, '*');
    return typeof opened === 'string' ? errorReply(opened, true) : opened;
  }

  function authenticate(record: BankRecord, body: Body): Answer {
    const instrument = readInstrument(body);
    if ('refused' in instrument) return no(400, `unknown_${instrument.refused}`);
    return told(toss.bank.authenticate(record.id, instrument));
  }

  function pay(body: Body): Answer {
    const record = open(body);
    if ('status' in record) return record;
    const answer = authenticate(record, body);
    const merchant = toss.merchants.byClient(record.merchant);
    return answer.status === 200 && merchant ? ok(promised(record, merchant)) : answer;
  }

  function cancelAtConsole(record: BankRecord, body: Body): Answer {
    const left = balanceOf(record);
    const amount = body.amount === undefined ? left : toMinor(body.amount, record.currency);
    if (amount === undefined) return no(400, 'INVALID_REQUEST');
    const reason = typeof body.reason === 'string' ? body.reason : 'canceled at the console';
    return told(toss.bank.cancel(record.id, { amount, reason, by: 'console' }));
  }

  /** `url` null: no more of them. */
  function registerHook({ clientKey, url, events = ['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK'] }: Body): Answer {
    const wanted = Array.isArray(events) && tossEvents.filter((each) => events.includes(each));
    if (typeof clientKey !== 'string' || !wanted || wanted.length !== (events as unknown[]).length)
      return no(400, 'INVALID_REQUEST');
    if (url === null) toss.hooks.delete(clientKey);
    else if (isLoopback(url)) toss.hooks.set(clientKey, { url, events: wanted });
    else return no(400, 'url_not_on_this_machine');
    return ok({ clientKey, url, events: wanted });
  }

  const actions: Readonly<Record<string, (body: Body) => Answer>> = {
    keys: ({ clientKey, secretKey }) =>
      toss.merchants.register(String(clientKey), String(secretKey)) ? ok({ clientKey }) : no(400, 'INVALID_API_KEY'),
    webhook: registerHook,
    open: (body) => {
      const record = open(body);
      return 'status' in record ? record : ok({ paymentKey: record.id, path: `/window/${record.id}` });
    },
    authenticate: withPayment(authenticate),
    pay,
    deposit: withPayment((record) => told(toss.bank.deposit(record.id))),
    'deposit/reverse': withPayment((record) => told(toss.bank.reverseDeposit(record.id))),
    cancel: withPayment(cancelAtConsole),
    'cancel/settle': withPayment((record, body) => {
      const asked = record.cancellations.findLast((each) => each.state === 'requested');
      return told(toss.bank.settleCancel(record.id, String(asked?.key), body.to === 'failed' ? 'failed' : 'done'));
    }),
  };

  const router = Router();
  for (const [path, act] of Object.entries(actions)) {
    const handler: RequestHandler = async (req, res) => {
      const { status, body } = act((req.body ?? {}) as Body);
      await toss.webhooks.early();
      res.status(status).json(body);
    };
    router.post(`/${path}`, handler);
  }
  return router;
}
