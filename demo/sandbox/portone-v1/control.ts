import type { RequestHandler } from 'express';
import { Router } from 'express';
import { toMinor } from '../amount.js';
import type { Outcome } from '../bank.js';
import { readInstrument } from '../instruments.js';
import type { Reply } from '../network.js';
import type { BankRecord } from '../record.js';
import { balanceOf } from '../record.js';
import { demoAccount } from './accounts.js';
import { openWindow } from './open.js';
import { statusOf } from './payment.js';
import type { PortOneV1 } from './portone-v1.js';
import { provider, recordOf } from './portone-v1.js';
import { readAccount } from './register.js';
import type { V1Request } from './request.js';
import { resultOf } from './results.js';

type Body = Record<string, unknown>;

const ok = (body: unknown): Reply => ({ status: 200, body });
const no = (status: number, code: string, message = code.replaceAll('_', ' ')): Reply => ({
  status,
  body: { code, message },
});

/** Our word for a method, as `request_pay` says it. */
const asked: Readonly<Record<string, object>> = {
  card: { pay_method: 'card' },
  transfer: { pay_method: 'trans' },
  virtual_account: { pay_method: 'vbank' },
  phone: { pay_method: 'phone', digital: true },
  kakaopay: { pay_method: 'kakaopay' },
  naverpay: { pay_method: 'naverpay' },
  tosspay: { pay_method: 'tosspay' },
  paypal: { pay_method: 'paypal' },
};

/** What a shopper, a bank or somebody at the console would do, for tests and the control page. Amounts in major units, as V1's. */
export function portOneV1Control(v1: PortOneV1): Router {
  /** By `imp_uid`, or the order's record; of `userCode` if two accounts used one `merchant_uid`. */
  function find({ imp_uid, merchant_uid, userCode }: Body): BankRecord | undefined {
    if (typeof imp_uid === 'string') return v1.bank.get(imp_uid);
    const newest = v1.bank.byOrderId(String(merchant_uid)).findLast((record) => record.provider === provider);
    const merchant = typeof userCode === 'string' ? userCode : newest?.merchant;
    return merchant === undefined ? undefined : recordOf(v1, merchant, String(merchant_uid));
  }

  const withRecord =
    (act: (record: BankRecord, body: Body) => Reply) =>
    (body: Body): Reply => {
      const record = find(body);
      return record?.provider === provider ? act(record, body) : no(404, 'not_found', 'no such payment');
    };

  const view = (record: BankRecord): Reply =>
    ok({ imp_uid: record.id, merchant_uid: record.orderId, status: statusOf(record, v1.extras.get(record.id)) });
  const told = (outcome: Outcome): Reply => (outcome.ok ? view(outcome.record) : no(409, outcome.why));

  function accounts(body: Body): Reply {
    const account = readAccount(body, v1.accounts.get(String(body.userCode)));
    if (typeof account === 'string') return no(400, 'invalid', account);
    v1.accounts.register(account);
    const { apiSecret: _apiSecret, ...shown } = account;
    return ok(shown);
  }

  /** As the script would: `method` in our words, or `pay_method` and the other parameters as they are. */
  function open({ method, ...body }: Body): BankRecord | Reply {
    const userCode = body.userCode ?? demoAccount.userCode;
    const first = v1.accounts.get(String(userCode))?.channels[0]?.key;
    const request = {
      ...{ userCode, name: '테스트 주문', ...(body.pg === undefined && { channelKey: first }) },
      ...asked[String(method ?? (body.pay_method === undefined ? 'card' : ''))],
      ...body,
    };
    const opened = openWindow(v1, request as unknown as V1Request, '*');
    return 'error_code' in opened ? { status: 400, body: opened } : opened.record;
  }

  function authenticate(record: BankRecord, body: Body): Reply {
    const instrument = readInstrument({ ...body, method: body.method ?? v1.windows.get(record.id)?.methods[0] });
    if ('refused' in instrument) return no(400, `unknown_${instrument.refused}`);
    const result = v1.windows.get(record.id)?.pay(instrument);
    if (result === undefined || typeof result === 'string') return no(409, result ?? 'not_found');
    return ok(result.detail);
  }

  /** `stays`: the record is left `ready`, as some companies leave it. */
  const leave = (record: BankRecord, { stays }: Body): Reply =>
    ok(stays === true ? resultOf(v1, record, undefined).detail : v1.windows.get(record.id)?.canceled().detail);

  function cancelAtConsole(record: BankRecord, { amount, reason }: Body): Reply {
    const minor = amount === undefined ? balanceOf(record) : toMinor(amount, record.currency);
    if (minor === undefined) return no(400, 'invalid', 'amount: major units');
    const why = typeof reason === 'string' ? reason : 'cancelled at the console';
    return told(v1.bank.cancel(record.id, { amount: minor, reason: why, by: 'console' }));
  }

  const actions: Readonly<Record<string, (body: Body) => Reply>> = {
    accounts,
    open(body) {
      const record = open(body);
      return 'status' in record
        ? record
        : ok({ imp_uid: record.id, merchant_uid: record.orderId, path: `/window/${record.id}` });
    },
    pay(body) {
      const record = open(body);
      return 'status' in record ? record : authenticate(record, body);
    },
    authenticate: withRecord(authenticate),
    leave: withRecord(leave),
    settle: withRecord((record, { to }) => told(v1.bank.settle(record.id, to === 'failed' ? 'failed' : 'paid'))),
    deposit: withRecord((record) => told(v1.bank.deposit(record.id))),
    cancel: withRecord(cancelAtConsole),
    'cancel/settle': withRecord((record, { to }) => {
      const requested = record.cancellations.findLast((each) => each.state === 'requested');
      return told(v1.bank.settleCancel(record.id, String(requested?.key), to === 'failed' ? 'failed' : 'done'));
    }),
  };

  const router = Router();
  for (const [path, act] of Object.entries(actions)) {
    const handler: RequestHandler = async (req, res) => {
      const { status, body } = act((req.body ?? {}) as Body);
      await v1.webhooks.early();
      res.status(status).json(body);
    };
    router.post(`/${path}`, handler);
  }
  return router;
}
